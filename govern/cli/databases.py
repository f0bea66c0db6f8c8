"""How the database of each engine is copied and replaced."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, make_url

from govern.config import database_url
from govern.kernel import clock
from govern.kernel.errors import InputError, RuleBrokenError


class Database(Protocol):
    """The database of an installation, without the application."""

    engine: str
    copy_name: str
    set_aside: str

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy, whatever is written meanwhile."""

    def contents(self) -> Sequence[str]:
        """Words for what it holds already; empty when nothing would be overwritten."""

    def paths(self) -> set[Path]:
        """Files of the database, which are not copied as files."""

    def replaced(self, copy: Path, aside: Path) -> AbstractContextManager[str]:
        """Context: put ``copy`` in place, yield its URL for proving; an error inside leaves everything as it was."""


class SQLiteDatabase:
    """A file with its companions."""

    engine = "sqlite"
    copy_name = "database.sqlite"

    def __init__(self, url: URL) -> None:
        """``url``: sqlite:///path."""
        self.path = Path(str(url.database)).absolute()
        self.set_aside = ""

    def copy_to(self, target: Path) -> None:
        """SQLite's own online copy: one reading transaction, so writers go on."""
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as out:
            source.execute("PRAGMA busy_timeout=30000")
            source.backup(out)
            out.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            verdict = out.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise RuleBrokenError(f"The database itself is damaged, the copy was thrown away: {verdict}")

    def contents(self) -> Sequence[str]:
        """The path, when there is anything in the file."""
        return [str(self.path)] if self.path.exists() and self.path.stat().st_size else []

    def paths(self) -> set[Path]:
        """The file, its write-ahead log and index, and the queue of writers."""
        return {self.path.with_name(self.path.name + end) for end in ("", "-wal", "-shm", "-journal", ".writelock")}

    @contextmanager
    def replaced(self, copy: Path, aside: Path) -> Iterator[str]:
        """Prove the copy where it lies, then change the files; the old write-ahead log must go before the new file."""
        yield f"sqlite:///{copy}"
        for path in self.paths():
            if path.exists():
                aside.mkdir(exist_ok=True, mode=0o700)
                shutil.move(path, aside / path.name)
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(copy, self.path)
        self.path.chmod(0o600)


class PostgresDatabase:
    """A database of a server, copied with PostgreSQL's own tools."""

    engine = "postgresql"
    copy_name = "database.pgdump"

    def __init__(self, url: URL) -> None:
        """``url``: postgresql+psycopg://..."""
        self.url = url
        self.set_aside = ""

    def copy_to(self, target: Path) -> None:
        """One snapshot of all tables; schemas that restoring set aside are left out."""
        self._run("pg_dump", "--format=custom", "--exclude-schema=before_restore_*", f"--file={target}")

    def contents(self) -> Sequence[str]:
        """Words for the tables that are there."""
        count = self._ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return [f"{count} tables in the database {self.url.database}"] if int(count) else []

    def paths(self) -> set[Path]:
        """The server keeps its own files."""
        return set()

    @contextmanager
    def replaced(self, copy: Path, aside: Path) -> Iterator[str]:  # noqa: ARG002 - the protocol's argument
        """Set the present schema aside, fill a new one, and change back when anything fails."""
        schema = f"before_restore_{clock.now():%Y%m%d%H%M%S}"
        occupied = bool(self.contents())
        self._ask(f'ALTER SCHEMA public RENAME TO "{schema}"; CREATE SCHEMA public')
        try:
            self._run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--dbname=", str(copy))
            yield self.url.render_as_string(hide_password=False)
        except BaseException:
            self._ask(f'DROP SCHEMA public CASCADE; ALTER SCHEMA "{schema}" RENAME TO public')
            raise
        if occupied:
            self.set_aside = f"the schema {schema} of the database"
        else:
            self._ask(f'DROP SCHEMA "{schema}"')

    def _ask(self, statement: str) -> str:
        import psycopg

        with psycopg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
            cursor = connection.execute(statement.encode())
            found = cursor.fetchone() if cursor.description else None
            return str(found[0]) if found else ""

    def _run(self, tool: str, *arguments: str) -> None:
        """Run one of PostgreSQL's tools; the password travels in the environment, not where everybody sees it."""
        command = [str(find_tool(tool)), "--no-password", *arguments]
        plain = self.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        command = [f"--dbname={plain}" if part == "--dbname=" else part for part in command]
        if tool == "pg_dump":
            command.append(f"--dbname={plain}")
        env = dict(os.environ)
        if self.url.password:
            env["PGPASSWORD"] = self.url.password
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if done.returncode:
            raise RuleBrokenError(f"{tool} failed: {done.stderr.strip()}")


def find_tool(tool: str) -> Path:
    """Where a PostgreSQL program is: on the path, or the newest that Debian installs; RuleBrokenError when nowhere."""
    if found := shutil.which(tool):
        return Path(found)
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), key=lambda path: int(path.parts[-3]))
    if not places:
        raise RuleBrokenError(
            f"{tool} is not installed here. Install PostgreSQL's client programs (Debian: apt-get install "
            "postgresql-client), in the version of your server or newer."
        )
    return places[-1]


def of_url(url: str) -> Database:
    """The database behind an SQLAlchemy URL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise InputError("A database in memory cannot be copied.")
        return SQLiteDatabase(parsed)
    return PostgresDatabase(parsed)


def of_application() -> Database:
    """The database of the running application."""
    from govern.extensions import db

    return of_url(db.engine.url.render_as_string(hide_password=False))


def of_settings(env: Mapping[str, str], folder: Path) -> Database:
    """The database that the environment names, or the default file in ``folder``."""
    return of_url(database_url(env.get("GOVERN_DATABASE_URL", ""), folder))
