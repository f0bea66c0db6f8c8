"""What ``govern doctor`` looks at. Each function returns what it saw; none changes anything."""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text

from govern import database
from govern.config import Settings, SettingsError
from govern.kernel import clock

OK, WARN, BAD = "ok", "warn", "bad"
OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRESQL = 13
# Before these releases a checkpoint that races with a write can damage an SQLite file in WAL mode.
SQLITE_FIXED = (3, 51, 3)
SQLITE_PATCHED = ((3, 44, 6), (3, 50, 7))
BACKUP_AGE = timedelta(days=7)
SEALING_DELAY = timedelta(minutes=15)
CLOCK_SKEW = timedelta(seconds=5)
FREE_BYTES = 500_000_000
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Numbers of the driver's server_version: 150004 is 15.4.
_VERSION_STEP = 10_000


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at: ``level`` ok, warn or bad; ``text`` says what is so, and what to do when it is not well."""

    level: str
    about: str
    text: str


def examine(settings: Settings) -> list[Sign]:
    """Look at everything; needs an application context."""
    from govern.cli.checking import revisions

    signs = [_python(), _engine(), *_settings(settings), *_rights(settings), _space(settings), _mail(settings)]
    there, needed = revisions()
    if there != needed:
        todo = "govern init" if there is None else "govern upgrade"
        return [*signs, Sign(BAD, "database", f"has version {there or 'none'}, needed is {needed}. Run: {todo}")]
    return [*signs, Sign(OK, "database", f"version {there} is current"), _backups(), _worker(), *_clocks()]


def _python() -> Sign:
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return Sign(BAD, "Python", f"{version} is too old, 3.11 is needed")
    return Sign(OK, "Python", version)


def _engine() -> Sign:
    from govern.extensions import db

    if db.engine.dialect.name == "sqlite":
        return sqlite_sign(db.engine.dialect.dbapi.sqlite_version_info)  # type: ignore[union-attr]  # pysqlite has it
    with database.short_read() as connection:
        number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    major = number // _VERSION_STEP
    if major < OLDEST_POSTGRESQL:
        return Sign(BAD, "PostgreSQL", f"{major} is no longer maintained, use {OLDEST_POSTGRESQL} or newer")
    return Sign(OK, "PostgreSQL", f"{major}.{number % _VERSION_STEP}")


def sqlite_sign(version: tuple[int, ...]) -> Sign:
    """Whether this SQLite has the repair of its write-ahead log."""
    words = ".".join(str(part) for part in version)
    patched = any(version[:2] == fix[:2] and version >= fix for fix in SQLITE_PATCHED)
    if version >= SQLITE_FIXED or patched:
        return Sign(OK, "SQLite", words)
    return Sign(
        WARN,
        "SQLite",
        f"{words} has a rare fault that can damage the file when two programs write at once (repaired in 3.51.3, "
        "3.50.7 and 3.44.6). Keep backups, and let one server process do the writing.",
    )


def _settings(settings: Settings) -> Iterator[Sign]:
    if settings.is_demo:
        yield Sign(WARN, "settings", "this is a demonstration: anybody on this machine signs in without a password")
        return
    yield Sign(OK, "settings", f"mode {settings.mode}, address {settings.origin}")
    if not settings.https:
        yield Sign(WARN, "settings", "GOVERN_ORIGIN is not https://: passwords travel readable; use a proxy with TLS")
    for name in ("GOVERN_AUDIT_KEY", "GOVERN_SIGNING_KEY"):
        if os.environ.get(name):
            yield Sign(OK, "settings", f"{name} comes from the environment: a backup will not contain it")


def _rights(settings: Settings) -> Sequence[Sign]:
    """Keys must be private; the database file and the folder should be."""
    from govern.extensions import db

    paths = [settings.instance, *sorted(settings.instance.glob("*.key"))]
    file = Path(str(db.engine.url.database))
    if db.engine.dialect.name == "sqlite" and file.parent.stat().st_mode & OTHERS:  # else nobody gets to it
        paths.append(file)
    open_ones = [path for path in paths if path.exists() and path.stat().st_mode & OTHERS]
    return [
        Sign(
            BAD if path.suffix == ".key" else WARN,
            "file rights",
            f"others on this machine can reach {path}. Run: chmod {'700' if path.is_dir() else '600'} {path}",
        )
        for path in open_ones
    ] or [Sign(OK, "file rights", f"{settings.instance} and its keys are private")]


def _space(settings: Settings) -> Sign:
    free = shutil.disk_usage(settings.instance).free
    words = f"{free // 1_000_000:,} MB free at {settings.instance}"
    return Sign(OK, "disk", words) if free >= FREE_BYTES else Sign(WARN, "disk", f"only {words}")


def _mail(settings: Settings) -> Sign:
    from govern.notifications.actions.sending import check_server

    if not settings.mail_url:
        return Sign(OK if settings.is_demo else WARN, "mail", "GOVERN_MAIL_URL is not set: no mail is sent")
    try:
        check_server(settings)
    except (OSError, SettingsError) as error:
        return Sign(BAD, "mail", f"the server does not answer as it should: {error}")
    return Sign(OK, "mail", "the server answers, its certificate is valid")


def _backups() -> Sign:
    from govern.audit.queries import find_last_entry

    last = find_last_entry("backup.made")
    if last is None:
        return Sign(WARN, "backup", "none was ever made. Run: govern backup FILE")
    age = clock.now() - last.at
    words = f"the last one was made {age.days} days ago" if age.days else "the last one is younger than a day"
    return Sign(OK if age <= BACKUP_AGE else WARN, "backup", words)


def _worker() -> Sign:
    from govern.audit.queries import find_oldest_unsealed

    waiting = find_oldest_unsealed()
    if waiting is None:
        return Sign(OK, "worker", "every entry of the log is sealed")
    age = clock.now() - waiting
    if age > SEALING_DELAY:
        return Sign(
            WARN, "worker", f"an entry waits for its seal since {waiting:%Y-%m-%d %H:%M} UTC. Start: govern work"
        )
    return Sign(OK, "worker", "the newest entries wait for their seal, as they should")


def _clocks() -> Iterator[Sign]:
    from govern.audit.queries import newest_instant
    from govern.cluster.queries import find_cluster
    from govern.extensions import db

    now, newest, cluster = clock.now(), newest_instant(), find_cluster()
    if newest is not None and newest > now + CLOCK_SKEW:
        yield Sign(BAD, "clock", f"it shows {_when(now)}, but the log has an entry of {_when(newest)}: set the clock")
        return
    if db.engine.dialect.name == "postgresql":
        there: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
        if abs(there - clock.now()) > CLOCK_SKEW:
            yield Sign(WARN, "clock", f"the database's clock shows {_when(there)}, this machine's {_when(now)}")
            return
    if cluster is not None:
        try:
            ZoneInfo(cluster.zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield Sign(BAD, "clock", f"the cluster's time zone {cluster.zone} is unknown here: install tzdata")
            return
    yield Sign(OK, "clock", f"it shows {_when(now)}")


def _when(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
