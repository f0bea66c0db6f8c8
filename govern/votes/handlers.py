"""Where areas above say what follows from a declared result; govern.areas registers them at the start."""

from govern.votes.actions.declaring import Reaction, reactions


def on_declared(name: str, react: Reaction) -> None:
    """Call ``react(decision, vote, profile, subjects)`` in the transaction of every declaration, whatever the outcome.

    Registering a name again replaces the earlier reaction, so that two applications in one process do not react twice.
    """
    reactions[name] = react
