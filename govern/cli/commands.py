"""The list of all commands."""

import click

from govern.cli import running, work


def attach(group: click.Group) -> None:
    """Add every command to ``group``."""
    for command in (running.demo, running.serve, running.init, running.upgrade, work.work):
        group.add_command(command)
