"""Where areas above say what follows from an objection; govern.areas registers them at the start."""

from govern.reviews.actions.answering import Reaction, reactions


def on_objected(name: str, react: Reaction) -> None:
    """Call ``react(actor, line)`` in the transaction of every objection; registering a name again replaces it."""
    reactions[name] = react
