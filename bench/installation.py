"""A throw-away installation of Govern on either engine, with the floor's table beside its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from bench import floor
from govern import config, database
from govern.app import create_app
from govern.extensions import db
from tests.pgserver import temp_postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}


@dataclass(frozen=True)
class Installation:
    """``app`` works on the same database as the servers that are started with ``environment``."""

    engine: str
    app: Flask
    environment: dict[str, str]
    folder: Path

    @property
    def label(self) -> str:
        """The engine as people write it."""
        return ENGINES[self.engine]


@contextmanager
def installed(engine: str) -> Iterator[Installation]:
    """An empty, migrated installation; an application context is open while the block runs."""
    with tempfile.TemporaryDirectory(prefix="govern-bench-") as name:
        folder = Path(name)
        if engine == SQLITE:
            yield from _installed(engine, f"sqlite:///{folder / 'govern.db'}", folder)
        else:
            with temp_postgres(durable=True) as url:
                yield from _installed(engine, url, folder)


def _installed(engine: str, url: str, folder: Path) -> Iterator[Installation]:
    environment = {
        "GOVERN_MODE": config.PRODUCTION,
        "GOVERN_INSTANCE": str(folder),
        "GOVERN_DATABASE_URL": url,
        "GOVERN_SECRET_KEY": token_hex(32),
    }
    app = create_app(config.load(environment))
    database.set_mode(database.WRITE)
    with app.app_context():
        upgrade(directory=str(config.MIGRATIONS))
        db.session.execute(text(floor.table_for(engine)))
        db.session.commit()
        try:
            yield Installation(engine, app, environment, folder)
        finally:
            db.session.remove()
            db.engine.dispose()
