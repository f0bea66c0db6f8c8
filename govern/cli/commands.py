"""The list of all commands."""

import click

from govern.cli import bundles, checking, copies, founding, importing, recount, running, work


def attach(group: click.Group) -> None:
    """Add every command to ``group``."""
    for command in (
        running.demo,
        running.serve,
        founding.init,
        founding.department,
        running.upgrade,
        work.work,
        checking.check,
        checking.doctor,
        copies.backup,
        copies.restore,
        importing.import_group,
        recount.count,
        bundles.export,
        bundles.verify,
    ):
        group.add_command(command)
