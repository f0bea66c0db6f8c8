"""Start and upgrade an installation."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask

from govern import config
from govern.kernel.errors import GovernError


def make_app(mode: str | None = None, instance: str | None = None, origin: str = "") -> Flask:
    """The application for a command, its instance folder made; ``origin`` where no setting names one."""
    from govern.app import create_app

    env = ({"GOVERN_ORIGIN": origin} if origin else {}) | dict(os.environ)
    if instance:
        env["GOVERN_INSTANCE"] = instance
    settings = config.load(env, mode=mode or _demo_mode(env))
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    return create_app(settings)


@contextmanager
def opened(app: Flask) -> Iterator[Flask]:
    """Inside, ``app`` and its database can be used; afterwards its connections are closed.

    GovernError in one sentence when the database cannot be reached.
    """
    from sqlalchemy.exc import OperationalError

    from govern.extensions import db

    with app.app_context():
        try:
            yield app
        except OperationalError as error:
            raise GovernError(f"The database does not answer: {str(error.orig).partition(chr(10))[0]}") from error
        finally:
            db.session.remove()
            db.engine.dispose()


def _demo_mode(env: dict[str, str]) -> str | None:
    """DEMO when the folder holds a demonstration and nothing else is asked for: its commands need no secret then."""
    folder = Path(env.get("GOVERN_INSTANCE", "instance"))
    return config.DEMO if "GOVERN_MODE" not in env and (folder / "demo.key").exists() else None


def migrate_database(app: Flask) -> None:
    """Bring the database to the newest version."""
    from flask_migrate import upgrade as run_migrations

    with app.app_context():
        run_migrations(directory=str(config.MIGRATIONS))


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--instance", default=None, help="Folder for the database and keys (default: ./instance).")
def demo(port: int, instance: str | None) -> None:
    """Seed the story of the Aurel Coast Health Cluster when empty, and serve it on this machine."""
    from govern.cli.serving import serve_demo

    # Links in the demo's mails lead to where it is served.
    app = make_app(mode=config.DEMO, instance=instance, origin=f"http://127.0.0.1:{port}")
    migrate_database(app)
    serve_demo(app, port)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the cluster in production (one process; behind a proxy that speaks HTTPS)."""
    from govern.cli.serving import serve_production

    # Whatever GOVERN_MODE says: a demonstration is never served to others, and no key of one is made here.
    serve_production(make_app(mode=config.PRODUCTION), host, port)


@click.command()
def upgrade() -> None:
    """Bring an existing database to this version."""
    migrate_database(make_app())
    click.echo("The database is up to date.")


def instance_folder(app: Flask) -> Path:
    """Where this installation keeps its files."""
    folder: Path = app.config["GOVERN"].instance
    return folder
