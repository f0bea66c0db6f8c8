"""How decisions and their effect are said in lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from govern.web import formats

OUTCOMES = {
    "adopted": ("ok", lazy("Adopted")),
    "rejected": ("mute", lazy("Not adopted")),
    "no_quorum": ("mute", lazy("No quorum")),
    "tied": ("warn", lazy("Tied")),
}
EFFECTS = {
    "effective": ("ok", lazy("In force")),
    "under_review": ("info", lazy("Under review")),
    "objected": ("bad", lazy("Objected")),
    "none": ("mute", lazy("No effect")),
}


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as lists show it."""

    number: str
    title: str
    href: str
    body: str
    outcome: str
    tone: str
    word: str
    effect_tone: str
    effect: str
    decided_at: Any
    sub: str


def decision_rows(rows: Sequence[Any], effects: Mapping[int, Any]) -> list[DecisionRow]:
    """``rows`` of the register with the state their reviews give them."""
    return [decision_row(row.Decision, row.body_name, effects.get(row.Decision.id)) for row in rows]


def decision_row(decision: Any, body: str, effect: Any) -> DecisionRow:
    """One decision; ``effect`` is what reviews say, None when it needs none."""
    tone, word = OUTCOMES[decision.outcome]
    state = str(effect.overall.state) if effect is not None else "effective"
    effect_tone, effect_word = EFFECTS[state if decision.outcome == "adopted" else "none"]
    decided = formats.current().day(decision.decided_at)
    return DecisionRow(
        number=decision.number,
        title=decision.title,
        href=url_for("desk.decision", decision_id=decision.number),
        body=body,
        outcome=decision.outcome,
        tone=tone,
        word=str(word),
        effect_tone=effect_tone,
        effect=str(effect_word),
        decided_at=decision.decided_at,
        sub=_("%(outcome)s %(day)s, %(body)s", outcome=word, day=decided, body=body)
        + (f" · {effect_word}" if decision.outcome == "adopted" else ""),
    )
