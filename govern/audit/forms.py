"""The filter of the log."""

import re
from collections.abc import Mapping

from govern.audit.queries import Filters


def read_filters(given: Mapping[str, str]) -> Filters:
    """From the page's address: ``q`` a person, ``action`` ("vote.opened", or its beginning), ``object`` ("vote 12")."""
    kind, _, key = re.sub(r"[\s/#:]+", " ", given.get("object", "")).strip().partition(" ")
    return Filters(
        action=_action(given.get("action", "")),
        object_kind=kind.lower(),
        object_id=key,
        person=given.get("q", "").strip(),
    )


def _action(text: str) -> str:
    """As it is recorded, also when somebody typed it as it is shown: "Vote opened" is vote.opened."""
    words = text.lower().split()
    return ".".join([words[0], "_".join(words[1:])]) if len(words) > 1 else "".join(words)
