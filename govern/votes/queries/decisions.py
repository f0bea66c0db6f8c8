"""The register of decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Row, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from govern.bodies.queries import BODIES
from govern.extensions import db
from govern.kernel.errors import NotFoundError
from govern.votes.models import Decision, Motion, Vote

DECISION_KEY: InstrumentedAttribute[int] = Decision.id
"""What pages of the register are cut by."""
DECISIONS: FromClause = Decision.__table__
"""For joins of other areas: id, number, title, outcome, vote_id."""


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """What the register is cut down to; empty values do not filter."""

    text: str = ""
    outcome: str = ""
    year: int | None = None
    body_id: int | None = None


EVERY_DECISION = DecisionFilter()


def get_decision(decision_id: int) -> Decision:
    """The decision, or NotFoundError."""
    found = db.session.get(Decision, decision_id)
    if found is None:
        raise NotFoundError
    return found


def get_decision_by_number(number: str) -> Decision:
    """The decision ``2026-014``, or NotFoundError."""
    found = db.session.scalar(select(Decision).where(Decision.number == number))
    if found is None:
        raise NotFoundError
    return found


def find_decision_of(vote_id: int) -> Decision | None:
    """The decision the vote led to, or None before it is declared."""
    return db.session.scalar(select(Decision).where(Decision.vote_id == vote_id))


def decisions_statement(chosen: DecisionFilter = EVERY_DECISION) -> Select[*tuple[Any, ...]]:
    """The register, newest first: Decision, and body_name, motion_id, mover of each."""
    statement = (
        select(Decision, BODIES.c.name.label("body_name"), Motion.id.label("motion_id"), Motion.mover.label("mover"))
        .join(Vote, Vote.id == Decision.vote_id)
        .join(Motion, Motion.id == Vote.motion_id)
        .join(BODIES, BODIES.c.id == Vote.body_id)
        .order_by(Decision.id.desc())
    )
    if chosen.text:
        statement = statement.where(
            or_(
                Decision.title.icontains(chosen.text, autoescape=True),
                Decision.number.contains(chosen.text, autoescape=True),
            )
        )
    if chosen.outcome:
        statement = statement.where(Decision.outcome == chosen.outcome)
    if chosen.year is not None:
        statement = statement.where(Decision.year == chosen.year)
    if chosen.body_id is not None:
        statement = statement.where(Vote.body_id == chosen.body_id)
    return statement


def list_decisions(chosen: DecisionFilter = EVERY_DECISION, *, limit: int = 50) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest decisions ``chosen`` leaves: Decision, body_name, motion_id, mover."""
    return db.session.execute(decisions_statement(chosen).limit(limit)).all()
