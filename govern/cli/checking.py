"""Is the record sound (check), and is the installation (doctor)?"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from govern.audit.rules.heads import Head, head_document, head_text, parse_head
from govern.cli import refuse
from govern.cli.running import make_app, opened
from govern.kernel.errors import RuleBrokenError
from govern.kernel.findings import Finding


@click.command()
@click.option(
    "--witness",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with a signed head kept elsewhere: the log is compared with it, and it is brought up to date.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def check(witness: Path | None, *, as_json: bool) -> None:
    """Verify the books and the register: every invariant, with its count. For cron."""
    from govern import database
    from govern.audit.queries import find_latest_head

    kept = parse_head(witness.read_bytes()) if witness and witness.exists() else None
    with opened(make_app()):
        require_database()
        database.set_mode(database.READ)
        findings = run_checks(kept)
        head = find_latest_head()
    faults = [fault for finding in findings for fault in finding.faults]
    if as_json:
        click.echo(json.dumps(_as_json(findings, head)))
    else:
        for finding in findings:
            click.echo(f"{'FAILS' if finding.faults else 'holds'} {finding.count:>10,}  {finding.name}")
    if faults:
        refuse(*faults)
    if witness:
        _keep(witness, head, quiet=as_json)


def _as_json(findings: Sequence[Finding], head: Head | None) -> dict[str, object]:
    return {
        "holds": not any(finding.faults for finding in findings),
        "checks": [{"name": one.name, "count": one.count, "faults": list(one.faults)} for one in findings],
        "head": head_document(head) if head else None,
    }


def _keep(witness: Path, head: Head | None, *, quiet: bool) -> None:
    """Write the newest head, all of it or nothing: an interrupted run must not damage the only witness."""
    if head is None:
        refuse("Nothing is sealed yet, so there is no head to keep. Run govern work --once first.")
    with NamedTemporaryFile("w", dir=witness.absolute().parent, delete=False) as file:
        file.write(head_text(head))
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(witness)
    if not quiet:
        click.echo(f"{witness} now keeps the head of {head.size} entries, signed with {head.key_id[:16]}.")


def run_checks(witness: Head | None = None) -> list[Finding]:
    """Run all of govern.areas.CHECKS while the database refuses writes; needs an application context.

    Before the cluster is founded there is nothing but the log to look at.
    """
    from govern import database
    from govern.areas import CHECKS
    from govern.audit.queries import invariants
    from govern.cluster.queries import find_cluster
    from govern.extensions import db

    database.set_mode(database.READ)
    try:
        chosen = CHECKS if find_cluster() else invariants.CHECKS
        return [one(witness) if one is invariants.check_log else one() for one in chosen]
    finally:
        db.session.rollback()


def require_database() -> None:
    """RuleBrokenError while the database is missing or was made by another version of this program."""
    there, needed = revisions()
    if there is None:
        raise RuleBrokenError("There is no database yet. Make one with: govern init")
    if there != needed:
        raise RuleBrokenError(f"The database has version {there}, this program needs {needed}. Run: govern upgrade")


def revisions() -> tuple[str | None, str | None]:
    """(version of the database, version this program needs); the first None while there are no tables."""
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from govern import config, database
    from govern.extensions import db

    settings = Config()
    settings.set_main_option("script_location", str(config.MIGRATIONS))
    needed = ScriptDirectory.from_config(settings).get_current_head()
    if db.engine.dialect.name == "sqlite" and not Path(str(db.engine.url.database)).exists():
        return None, needed
    with database.short_read() as connection:
        return MigrationContext.configure(connection).get_current_revision(), needed


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def doctor(*, as_json: bool) -> None:
    """Look at the installation: versions, settings, file rights, mail, backups, the worker, the clock."""
    from govern import database
    from govern.cli.health import BAD, examine

    with opened(make_app()) as app:
        database.set_mode(database.READ)
        signs = examine(app.config["GOVERN"])
    if as_json:
        click.echo(json.dumps([{"level": one.level, "about": one.about, "text": one.text} for one in signs]))
    else:
        for one in signs:
            click.echo(f"{one.level:<5} {one.about}: {one.text}")
    if bad := [f"{one.about}: {one.text}" for one in signs if one.level == BAD]:
        refuse(*bad)
