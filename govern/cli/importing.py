"""``govern import``: read members from a file, and take such an import back."""

import json
from pathlib import Path
from typing import Any

import click

from govern.kernel.errors import GovernError, InputError


@click.group("import")
def import_group() -> None:
    """Read members from CSV or XLSX files, or undo such an import."""


@import_group.command("members")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "map_file", type=click.Path(path_type=Path), help='JSON file: {"field": "heading"}.')
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--skip-refused", is_flag=True, help="Go on without the refused rows.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def members(file: Path, map_file: Path | None, *, dry_run: bool, skip_refused: bool, as_json: bool) -> None:
    """Create and change members from FILE, all of it or nothing."""
    from govern.cli.checking import require_database
    from govern.cli.running import make_app, opened

    content, given = _read(file), _read_map(map_file)
    with opened(make_app()):
        require_database()
        report, faults = _import(file.name, content, given, dry_run=dry_run, skip_refused=skip_refused)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _tell(report, dry_run=dry_run, written=not faults)
    for fault in faults:
        click.echo(f"{file}: row {fault['row']}, {fault['field']}: {fault['why']}", err=True)
    if faults:
        click.echo("Nothing was written. Correct these rows, or leave them out with --skip-refused.", err=True)
        raise SystemExit(1)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None


def _read_map(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        given: Any = json.loads(_read(path))
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise InputError(f'{path}: a map is one JSON object of texts, such as {{"name": "Company"}}.')
    return given


def _import(
    name: str, content: bytes, given: dict[str, str], *, dry_run: bool, skip_refused: bool
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The report and the rows that stop the import; a dry run is rolled back whatever it finds."""
    from govern.extensions import db
    from govern.kernel import clock
    from govern.kernel.actor import SYSTEM
    from govern.members.actions.importing import apply_import, upload_import
    from govern.members.queries import plan_of

    today = clock.today(zone_of_cluster())
    plan = plan_of(content, given, year=today.year)
    report = plan.report()
    faults = [] if skip_refused else report["refused"]
    if dry_run or faults or not (plan.created or plan.changed):
        db.session.rollback()
        return report, faults
    run = upload_import(SYSTEM, file_name=name, content=content, given=given, year=today.year)
    apply_import(SYSTEM, run, today=today, skip_refused=skip_refused)
    db.session.commit()
    return report | {"run": run.id}, []


def zone_of_cluster() -> str:
    """The zone of the cluster; one sentence when there is no cluster to import into yet."""
    from govern.cluster.queries import find_cluster

    cluster = find_cluster()
    if cluster is None:
        raise GovernError("There is no cluster yet to import members into. Found it first.")
    return cluster.zone


def _tell(report: dict[str, Any], *, dry_run: bool, written: bool) -> None:
    verb = "would be " if dry_run or not written else ""
    click.echo(
        f"{report['created']} {verb}created, {report['changed']} {verb}changed, {report['unchanged']} unchanged, "
        f"{len(report['refused'])} refused."
    )
    if report["new_categories"]:
        names = ", ".join(report["new_categories"])
        click.echo(f"New categories without a college: {names}. Their members have no vote until one is assigned.")
    if report["ignored_columns"]:
        click.echo(f"Columns left out: {', '.join(report['ignored_columns'])}. Name them with --map if they matter.")
    if "run" in report:
        click.echo(f"This is import {report['run']}; take it back with: govern import undo {report['run']}")


@import_group.command("undo")
@click.argument("run", type=int, required=False)
def undo(run: int | None) -> None:
    """Take import RUN back as a whole, or the last one."""
    from govern.cli.checking import require_database
    from govern.cli.running import make_app, opened
    from govern.extensions import db
    from govern.kernel.actor import SYSTEM
    from govern.kernel.errors import NotFoundError
    from govern.members.actions.importing import undo_import
    from govern.members.queries import get_run, last_run

    with opened(make_app()):
        require_database()
        try:
            found = last_run() if run is None else get_run(run)
        except NotFoundError:
            raise GovernError(f"There is no import {run}.") from None
        undo_import(SYSTEM, found)
        number = found.id
        db.session.commit()
    click.echo(f"Import {number} is undone.")
