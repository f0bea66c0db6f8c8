"""Votes as other records embed them: many at once, in a bounded number of statements."""

from collections.abc import Collection, Sequence

from sqlalchemy import Row, false, or_, select

from govern.extensions import db
from govern.kernel.actor import Actor
from govern.votes.models import Elector, Motion, Vote
from govern.votes.queries.ballots import own
from govern.votes.queries.records import Sheet, sheet_statement


def list_sheets(vote_ids: Collection[int]) -> dict[int, Sheet]:
    """The votes with what stands at their head, by key. One statement, none when nothing is asked for."""
    if not vote_ids:
        return {}
    rows = db.session.execute(sheet_statement().where(Vote.id.in_(vote_ids)).order_by(Vote.id))
    return {row[0].id: Sheet(*row) for row in rows}


def list_recused(actor: Actor, vote_ids: Collection[int]) -> frozenset[int]:
    """Those of the votes whose papers are hidden from ``actor``: itself or its member is recused. One statement."""
    if not vote_ids or (actor.member_id is None and actor.seat_id is None):
        return frozenset()
    same_member = Elector.member_id == actor.member_id if actor.member_id is not None else false()
    statement = select(Elector.vote_id).where(
        Elector.vote_id.in_(vote_ids), Elector.recused.is_(True), or_(own(actor), same_member)
    )
    return frozenset(db.session.scalars(statement))


def list_votes_of_body(body_id: int) -> Sequence[Row[int, str]]:
    """(vote key, title) of the votes of a body that were not withdrawn, newest first; at most fifty."""
    statement = (
        select(Vote.id, Motion.title)
        .join(Motion, Motion.id == Vote.motion_id)
        .where(Vote.body_id == body_id, Vote.withdrawn_at.is_(None))
        .order_by(Vote.id.desc())
        .limit(50)
    )
    return db.session.execute(statement).all()
