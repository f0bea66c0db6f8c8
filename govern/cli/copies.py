"""Copies of a whole installation: database, keys and files in one zip with a manifest (backup), and back (restore)."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import click
from flask import Flask

from govern import config
from govern.cli import databases, refuse
from govern.cli.archives import Manifest, read_archive, write_archive
from govern.cli.checking import require_database, revisions, run_checks
from govern.cli.running import make_app, migrate_database, opened
from govern.kernel.actor import Actor
from govern.kernel.canonical import sha256_hex
from govern.kernel.errors import InputError

LOG_KEYS = ("GOVERN_AUDIT_KEY", "GOVERN_SIGNING_KEY")
KEYS = (*LOG_KEYS, "GOVERN_SECRET_KEY")
ASIDE = "before-restore-"
WORK = ".restore-"
COMMAND_LINE = Actor(user_id=0, name="Govern", label="the command line")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a consistent copy of the database, the keys and the files to FILE, while the server goes on."""
    app = make_app()
    folder: Path = app.config["GOVERN"].instance
    if folder.resolve() in file.resolve().parents:
        refuse(f"{file} lies in the instance folder itself. Keep copies elsewhere, best on another machine.")
    with opened(app), _work_folder(folder) as work:
        require_database()
        database = databases.of_application()
        copy = work / database.copy_name
        database.copy_to(copy)
        manifest = Manifest.now(
            engine=database.engine,
            revision=revisions()[0] or "",
            database=database.copy_name,
            keys_elsewhere=[name for name in KEYS if os.environ.get(name)],
        )
        files = {f"instance/{path.relative_to(folder).as_posix()}": path for path in _files(folder, database)}
        digest = write_archive(file, manifest, {database.copy_name: copy} | files)
        _record("backup.made", digest, {"sha256": digest, "bytes": file.stat().st_size})
    click.echo(f"{file}: {file.stat().st_size:,} bytes, SHA-256 {digest}")
    for name in manifest.keys_elsewhere:
        click.echo(f"{name} comes from the environment and is not in the copy: keep it somewhere safe as well.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace what is there; it is set aside, not deleted.")
def restore(file: Path, *, force: bool) -> None:
    """Bring an installation back from FILE. Stop the server and the worker first."""
    folder = Path(os.environ.get("GOVERN_INSTANCE", "instance")).absolute()
    target = databases.of_settings(os.environ, folder)
    occupied = [*_files(folder, target), *target.contents()]
    if occupied and not force:
        refuse(
            f"There is an installation already: {', '.join(str(one) for one in occupied[:3])}. "
            "Restore into an empty folder and database, or add --force to set the present one aside."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _work_folder(folder) as work:
        manifest = read_archive(file, work)
        missing = [name for name in manifest.keys_elsewhere if name in LOG_KEYS and not os.environ.get(name)]
        if missing:
            raise InputError(
                f"The copy was made with {' and '.join(missing)} in the environment: set it before restoring."
            )
        if manifest.engine != target.engine:
            raise InputError(
                f"{file} holds a copy from {manifest.engine}, but GOVERN_DATABASE_URL names a database of "
                f"{target.engine}. Restore into the same kind of database."
            )
        aside = folder / f"{ASIDE}{manifest.stamp()}"
        with target.replaced(work / manifest.database, aside) as url:
            _prove(work / "instance", url, digest=sha256_hex(file.read_bytes()), made_at=manifest.made_at)
        (work / manifest.database).unlink(missing_ok=True)
        _move_in(work / "instance", folder, aside, target)
    click.echo(f"Restored the copy of {manifest.made_at}; every check holds.")
    if aside.exists() or target.set_aside:
        click.echo(f"What was there before is in {target.set_aside or aside}.")


def _prove(instance: Path, url: str, *, digest: str, made_at: str) -> None:
    """Start the restored installation where it lies, bring it to this version and run every check."""
    instance.mkdir(exist_ok=True, mode=0o700)
    with opened(_app_in(instance, url)) as app:
        there, needed = revisions()
        if there != needed:
            migrate_database(app)
        faults = [fault for finding in run_checks() for fault in finding.faults]
        if faults:
            raise InputError(["The copy does not pass the check, nothing was restored.", *faults])
        _record("backup.restored", digest, {"sha256": digest, "made_at": made_at})


def _app_in(instance: Path, url: str) -> Flask:
    from govern.app import create_app

    env = os.environ | {"GOVERN_INSTANCE": str(instance), "GOVERN_DATABASE_URL": url}
    demo = "GOVERN_MODE" not in env and (instance / "demo.key").exists()
    return create_app(config.load(env, mode=config.DEMO if demo else None))


def _record(action: str, digest: str, after: dict[str, object]) -> None:
    from govern import database
    from govern.audit.actions import record
    from govern.extensions import db

    database.set_mode(database.WRITE)
    record(COMMAND_LINE, action, "backup", digest[:16], after=after)
    db.session.commit()


@contextmanager
def _work_folder(folder: Path) -> Iterator[Path]:
    """A private folder beside what is copied, so that moving is renaming; gone afterwards."""
    work = Path(mkdtemp(prefix=WORK, dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _files(folder: Path, database: databases.Database) -> list[Path]:
    """The installation's files, without the database and what restoring leaves behind."""
    own = database.paths()
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and path not in own
        and not path.relative_to(folder).parts[0].startswith((ASIDE, WORK))
    ]


def _move_in(source: Path, folder: Path, aside: Path, database: databases.Database) -> None:
    for path in _files(folder, database):
        _move(path, aside / path.relative_to(folder))
    for path in sorted(source.rglob("*")):
        if path.is_file():
            _move(path, folder / path.relative_to(source))


def _move(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.rename(to)
