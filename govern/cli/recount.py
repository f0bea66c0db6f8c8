"""Recount any vote from its file alone."""

import sys

import click

from govern.counting.command import METHODS


@click.command()
@click.argument("file", type=click.Path())
@click.option("--method", required=True, help="One of " + ", ".join(METHODS) + ".")
@click.option("--seats", type=click.IntRange(1), default=None)
@click.option("--tie-order", default=None, help="The published lot: names separated by commas, the first wins a tie.")
@click.option("--strength", default="winning", show_default=True, help="Schulze: winning or margin.")
@click.option("--utility", default="cost", show_default=True, help="Equal shares: cost or count.")
@click.option("--completion", default="none", show_default=True, help="Equal shares: none or add1.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def count(file: str, method: str, seats: int | None, tie_order: str | None, *, as_json: bool, **rules: str) -> None:
    """Count FILE (.json, .blt, .pb). No database is touched and no setting is needed."""
    from govern.counting.command import run

    lot = [name.strip() for name in tie_order.split(",")] if tie_order else None
    code, out, told = run(file, method, seats=seats, tie_order=lot, as_json=as_json, **rules)
    click.echo(out, nl=False)
    click.echo(told, nl=False, err=True)
    sys.exit(code)
