"""What stands beside the list of needs on home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from govern.dues.queries import standing_of, weights
from govern.dues.rules import Standing
from govern.kernel.actor import Actor, HatKind
from govern.meetings.queries import find_next_meeting
from govern.reviews.queries import states_of
from govern.votes.queries import list_decisions

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Cards:
    """``decisions`` rows of the register, ``effects`` by decision id; ``standing`` only under a member's hat."""

    decisions: Sequence[Any] = ()
    effects: Mapping[int, Any] = field(default_factory=dict)
    meeting: Any = None
    standing: Standing | None = None
    votes: int = 0


def home_cards(actor: Actor, today: date) -> Cards:
    """At most five statements; nothing for somebody without an appointment."""
    if actor.hat is HatKind.NONE:
        return Cards()
    decisions = list_decisions(limit=SHOWN)
    effects = states_of([row.Decision.id for row in decisions])
    meeting = find_next_meeting(actor)
    if actor.member_id is None:
        return Cards(decisions, effects, meeting)
    standing = standing_of(actor.member_id, today)
    return Cards(decisions, effects, meeting, standing, weights(today.year).get(actor.member_id, 0))
