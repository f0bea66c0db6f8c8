"""Votes as other records embed them: many at once, in a bounded number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from json import loads
from typing import Any

from sqlalchemy import Row, exists, false, or_, select

from govern.counting.motion import CriterionResult, MotionResult, QuorumResult
from govern.extensions import db
from govern.kernel.actor import Actor
from govern.votes.models import Decision, Elector, Motion, Vote
from govern.votes.queries.ballots import own
from govern.votes.queries.records import Sheet, sheet_statement

MOST_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Embedded:
    """A vote inside another record. ``hidden``: the reader or its member is recused and sees no papers of it."""

    sheet: Sheet
    hidden: bool


def list_embedded(vote_ids: Collection[int], actor: Actor | None = None) -> dict[int, Embedded]:
    """The votes with what stands at their head, by key; nothing is hidden without ``actor``. One statement."""
    if not vote_ids:
        return {}
    hidden = exists().where(Elector.vote_id == Vote.id, Elector.recused.is_(True), _hides_from(actor))
    statement = sheet_statement().add_columns(hidden).where(Vote.id.in_(vote_ids)).order_by(Vote.id)
    found = {}
    for row in db.session.execute(statement):
        *head, is_hidden = row
        found[row[0].id] = Embedded(Sheet(*head), bool(is_hidden))
    return found


def list_votes_of_body(body_id: int) -> Sequence[Row[int, str]]:
    """(vote key, title) of the votes of a body that were not withdrawn, newest first, at most fifty."""
    statement = (
        select(Vote.id, Motion.title)
        .join(Motion, Motion.id == Vote.motion_id)
        .where(Vote.body_id == body_id, Vote.withdrawn_at.is_(None))
        .order_by(Vote.id.desc())
        .limit(MOST_OFFERED)
    )
    return db.session.execute(statement).all()


def stored_result(decision: Decision) -> MotionResult:
    """The result as it was declared, read back from the decision; its colleges are left out."""
    stored = loads(decision.result)
    return MotionResult(
        outcome=stored["outcome"],
        criteria=tuple(CriterionResult(**_exact(each)) for each in stored["criteria"]),
        quorum=tuple(QuorumResult(**_exact(each)) for each in stored["quorum"]),
        colleges=(),
        steps=tuple(stored["steps"]),
    )


WORDS = frozenset({"name", "count", "within", "holds"})


def _exact(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if name in WORDS else Fraction(value) for name, value in figures.items()}


def _hides_from(actor: Actor | None) -> Any:
    if actor is None:
        return false()
    same_member = Elector.member_id == actor.member_id if actor.member_id is not None else false()
    return or_(own(actor), same_member)
