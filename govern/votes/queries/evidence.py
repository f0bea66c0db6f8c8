"""What an export needs to open the commitments that ballots left in the audit log."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from govern.extensions import db
from govern.kernel import clock
from govern.votes.models import Ballot, Elector, Vote
from govern.votes.rules import check_closed, state_of


def list_salted_ballots(vote: Vote) -> Sequence[Row[*tuple[Any, ...]]]:
    """(code, choice, salt, cast_at) of every ballot that stands, by elector; RuleBrokenError before closing."""
    check_closed(state_of(vote, clock.now()))
    statement = (
        select(Elector.code, Ballot.choice, Ballot.salt, Ballot.cast_at)
        .join(Ballot, Ballot.elector_id == Elector.id)
        .where(Elector.vote_id == vote.id)
        .order_by(Elector.code)
    )
    return db.session.execute(statement).all()


def list_recusals(vote: Vote) -> Sequence[Row[*tuple[Any, ...]]]:
    """(code, label, recusal_ground, weight) of the recused electors, by code."""
    statement = (
        select(Elector.code, Elector.label, Elector.recusal_ground, Elector.weight)
        .where(Elector.vote_id == vote.id, Elector.recused.is_(True))
        .order_by(Elector.code)
    )
    return db.session.execute(statement).all()
