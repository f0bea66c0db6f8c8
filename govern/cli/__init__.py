"""The ``govern`` command. One file per group; heavy imports happen inside the commands: ``govern count`` starts fast.

Exit status: 0 done or it holds, 1 refused or it fails (one message per fault on standard error), 2 wrong usage.
"""

import sys
from typing import NoReturn

import click

from govern.config import SettingsError
from govern.kernel.errors import GovernError, InputError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def govern() -> None:
    """Govern: dues, votes, minutes, tasks and reviews of a cluster as one record."""


def main() -> None:
    """Run the command line; expected failures become one sentence each, never a traceback."""
    from govern.cli import commands

    commands.attach(govern)
    try:
        govern(standalone_mode=True)
    except InputError as error:
        refuse(*error.faults)
    except (GovernError, SettingsError) as error:
        refuse(str(error) or type(error).__name__)


def refuse(*messages: str) -> NoReturn:
    """Print each message on standard error and end with status 1."""
    for message in messages:
        click.echo(message, err=True)
    sys.exit(1)
