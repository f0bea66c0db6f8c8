"""The least an acknowledged write can cost: one row through the raw driver, durable before the answer goes out.

SQLite: each thread keeps its own connection with the application's settings for safety (WAL, synchronous FULL). Writers
queue as the application's do, in front of the database: a lock between the threads of a process, a lock on a file
between processes. Without that queue SQLite's own busy handler sleeps and polls, which is slower and starves some
writers; the floor takes what is fastest. PostgreSQL: each thread keeps its own connection in autocommit, so that one
round trip both inserts and commits; the server itself joins the flushes of commits that come together.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable

from sqlalchemy import make_url

INSERT = "INSERT INTO bench_floor (body) VALUES ('yes')"
KEY = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "BIGSERIAL PRIMARY KEY"}
PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL")


def table_for(dialect: str) -> str:
    """The statement that makes the floor's table."""
    return f"CREATE TABLE IF NOT EXISTS bench_floor (id {KEY[dialect]}, body TEXT)"


def inserter(database_url: str) -> Callable[[], None]:
    """A function that stores one row durably; safe to call from many threads."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _into_sqlite(str(url.database))
    return _into_postgresql(database_url.replace("+psycopg", ""))


def _into_sqlite(path: str) -> Callable[[], None]:
    local = threading.local()
    between_threads = threading.Lock()
    between_processes = os.open(f"{path}.floorlock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def insert() -> None:
        connection = getattr(local, "connection", None)
        if connection is None:
            connection = local.connection = sqlite3.connect(path, isolation_level=None)
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        with between_threads:
            fcntl.flock(between_processes, fcntl.LOCK_EX)
            try:
                connection.execute(INSERT)
            finally:
                fcntl.flock(between_processes, fcntl.LOCK_UN)

    return insert


def _into_postgresql(url: str) -> Callable[[], None]:
    import psycopg  # noqa: PLC0415 - the floor must not make a server on SQLite larger

    local = threading.local()

    def insert() -> None:
        connection = getattr(local, "connection", None)
        if connection is None:
            connection = local.connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
        connection.execute(INSERT)

    return insert
