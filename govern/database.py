"""How the two engines are driven: transaction modes, SQLite's fair write queue, the types every table uses.

A request is either reading (the database itself refuses writes) or writing (one transaction that holds the write lock
from its first statement, so that what was read is still true when it is written).
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, event
from sqlalchemy.types import TypeDecorator

from govern.extensions import db

READ = "read"
WRITE = "write"
LOCK_WAIT_SECONDS = 30
_mode: ContextVar[str] = ContextVar("transaction_mode", default=WRITE)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; a naive one is refused (ValueError) because nobody could say which zone it meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC, without zone on SQLite (which has none)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Any:
        """SQLite: SQLAlchemy's own text for an instant, made several times faster."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def process(value: datetime | None) -> str | None:
            bare = self.process_bind_param(value, dialect)
            return None if bare is None else bare.isoformat(" ", "microseconds")

        return process

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """From the database: always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice_type(kind: type[StrEnum]) -> Enum:
    """Column type for a StrEnum: its values as text, unknown ones refused."""
    return Enum(kind, native_enum=False, length=32, values_callable=lambda k: [member.value for member in k])


def set_mode(mode: str) -> None:
    """READ or WRITE for the transactions this context begins from now on."""
    _mode.set(mode)


def is_reading() -> bool:
    """Whether the transactions this context begins now are read-only."""
    return _mode.get() == READ


@contextmanager
def _as(mode: str) -> Iterator[Connection]:
    token = _mode.set(mode)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        _mode.reset(token)


@contextmanager
def short_write() -> Iterator[Connection]:
    """A transaction of its own, committed at the end of the block whatever becomes of the request.

    For counters that must survive a refusal (failed sign-ins, rate limits, used one-time codes). Must run before the
    request's own writing transaction begins: RuntimeError otherwise, because the two would wait for each other.
    """
    with _as(WRITE) as connection:
        yield connection


@contextmanager
def short_read() -> Iterator[Connection]:
    """A read-only transaction of its own; holds no write lock while slow work (password hashing) follows."""
    with _as(READ) as connection:
        yield connection


def upsert_into(table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, of the engine in use; the other engine's dialect is several MB nobody needs."""
    if db.engine.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415

        return insert(table)
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # noqa: PLC0415

    return postgresql_insert(table)


def prepare(engine: Engine) -> None:
    """Install the listeners on ``engine``; called once when the application is made."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        event.listen(engine, "begin", _begin_postgres)


def _begin_postgres(connection: Connection) -> None:
    if _mode.get() == READ:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


class WriteQueue:
    """One writer at a time, first come first served: within this process (lock), between processes (flock).

    SQLite's own busy handler sleeps and polls, which starves writers; with a queue the worst wait fell tenfold.
    """

    def __init__(self, path: str) -> None:
        """``path``: the file whose lock stands between processes."""
        self.path = path
        self.lock = threading.Lock()
        self.holder: tuple[int, int] | None = None
        self.handle: tuple[int, int] | None = None

    def take(self, connection_key: int) -> None:
        """Wait for the turn; TimeoutError after LOCK_WAIT_SECONDS, RuntimeError where this thread already has it."""
        me = threading.get_ident()
        if self.holder is not None and self.holder[1] == me and self.lock.locked():
            raise RuntimeError("this thread already has a writing transaction open")
        if not self.lock.acquire(timeout=LOCK_WAIT_SECONDS):
            raise TimeoutError("the database was busy for 30 seconds")
        try:
            fcntl.flock(self._file(), fcntl.LOCK_EX)
        except BaseException:  # no file to lock, no descriptor left: the next writer must not wait for this one
            self.lock.release()
            raise
        self.holder = (connection_key, me)

    def drop(self, connection_key: int) -> None:
        """Let the next one in, if it was this connection's turn."""
        if self.holder is not None and self.holder[0] == connection_key:
            self.holder = None
            fcntl.flock(self._file(), fcntl.LOCK_UN)
            self.lock.release()

    def _file(self) -> int:
        pid = os.getpid()
        if self.handle is None or self.handle[0] != pid:  # a forked child must not share its parent's lock
            self.handle = (pid, os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return self.handle[1]


queues = WeakKeyDictionary[Engine, WriteQueue]()
"""The write queue of each SQLite engine."""

PRAGMAS = (
    "busy_timeout=30000",  # first: even the switch to WAL can meet a lock
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # otherwise INSERT OR REPLACE walks past DELETE triggers
    "trusted_schema=OFF",
)


def set_up_sqlite(dbapi: Any, _record: Any) -> None:
    """Settings of every connection to SQLite."""
    dbapi.isolation_level = None  # the driver never begins by itself; the begin listener does
    cursor = dbapi.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_sqlite(engine: Engine) -> None:
    queue = WriteQueue(f"{engine.url.database}.writelock")

    def begin(connection: Connection) -> None:
        fairy = connection.connection
        driver: Any = fairy.dbapi_connection
        reading = _mode.get() == READ
        # Straight to the driver: every request pays for these.
        if fairy.info.get("reading") is not reading:
            driver.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
            fairy.info["reading"] = reading
        if reading:
            driver.execute("BEGIN DEFERRED")
            return
        queue.take(id(driver))
        try:
            driver.execute("BEGIN IMMEDIATE")
        except BaseException:
            queue.drop(id(driver))
            raise

    def then_drop(act: Any) -> Any:
        def wrapped(dbapi: Any) -> None:
            try:
                act(dbapi)
            finally:
                queue.drop(id(getattr(dbapi, "dbapi_connection", dbapi)))

        return wrapped

    queues[engine] = queue
    event.listen(engine, "connect", set_up_sqlite)
    event.listen(engine, "begin", begin)
    # The engine's commit and rollback events fire before the driver acts; the queue may only move on afterwards.
    dialect: Any = engine.dialect
    dialect.do_commit = then_drop(dialect.do_commit)
    dialect.do_rollback = then_drop(dialect.do_rollback)
