"""Start, prepare and upgrade an installation."""

import os
from pathlib import Path

import click
from flask import Flask

from govern import config


def make_app(mode: str | None = None, instance: str | None = None) -> Flask:
    """The application for a command, its instance folder made."""
    from govern.app import create_app

    env = dict(os.environ)
    if instance:
        env["GOVERN_INSTANCE"] = instance
    settings = config.load(env, mode=mode)
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    return create_app(settings)


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

    app = make_app(mode=config.DEMO, instance=instance)
    migrate_database(app)
    serve_demo(app, port)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the cluster in production (one process; behind a proxy that speaks HTTPS)."""
    from govern.cli.serving import serve_production

    serve_production(make_app(), host, port)


@click.command()
def init() -> None:
    """Create the database of a new installation."""
    migrate_database(make_app())
    click.echo("The database is ready.")


@click.command()
def upgrade() -> None:
    """Bring an existing database to this version."""
    migrate_database(make_app())
    click.echo("The database is up to date.")


def instance_folder(app: Flask) -> Path:
    """Where this installation keeps its files."""
    folder: Path = app.config["GOVERN"].instance
    return folder
