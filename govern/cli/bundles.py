"""Export decisions, and verify an export offline."""

import json
from pathlib import Path

import click

from govern.cli import refuse
from govern.cli.checking import require_database
from govern.cli.running import make_app, opened
from govern.kernel.errors import InputError

MOST = 1_000_000
"""More decisions than any register holds."""


@click.command()
@click.option("--decision", "number", default=None, help="Number such as 2026-014.")
@click.option("--all", "everything", is_flag=True, help="Every decision of the register.")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def export(number: str | None, out: Path, *, everything: bool) -> None:
    """Write the dossier of a decision (or all) as a bundle that `govern verify` recomputes."""
    if (number is None) is not everything:
        raise click.UsageError("Say either --decision NUMBER or --all.")
    from govern.audit.actions import SEALED_AT_ONCE, seal
    from govern.desk.queries.bundle import bundle
    from govern.extensions import db
    from govern.kernel.errors import NotFoundError
    from govern.votes.queries import get_decision_by_number, list_decisions

    with opened(make_app()):
        require_database()
        while seal() == SEALED_AT_ONCE:
            db.session.commit()
        db.session.commit()
        try:
            chosen = (
                [get_decision_by_number(number)] if number else [row.Decision for row in list_decisions(limit=MOST)]
            )
        except NotFoundError:
            refuse(f"There is no decision {number}. The register lists them as year-number, such as 2026-014.")
        data = bundle(chosen, in_folders=everything)
    try:
        out.write_bytes(data)
    except OSError as error:
        refuse(f"{out}: {error.strerror}. Nothing was written.")
    click.echo(f"{out}: {len(chosen)} decisions, {len(data)} bytes.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", default=None, help="Fingerprint of the signing key you trust.")
@click.option("--witness", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def verify(file: Path, key: str | None, witness: Path | None, *, as_json: bool) -> None:
    """Recompute a bundle from the file alone: every hash, proof, signature, and the result."""
    from govern.audit.rules.heads import parse_head
    from govern.desk.rules.verification import verify as check

    kept = parse_head(witness.read_bytes()) if witness else None
    try:
        report = check(file.read_bytes(), key=key, witness=kept)
    except InputError as error:
        refuse(*(f"{file}: {fault}" for fault in error.faults))
    if as_json:
        found = {"holds": not report.faults, "checked": report.checked, "faults": report.faults, "trust": report.trust}
        click.echo(json.dumps(found))
    else:
        for line in (*report.checked, *([report.trust] if report.trust else [])):
            click.echo(line)
    if report.faults:
        refuse(*(f"{file}: {fault}" for fault in report.faults))
    if not as_json:
        click.echo("The bundle holds.")
