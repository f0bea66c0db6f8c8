"""Casting a ballot: the one route that trades style for speed (house.md, Transactions).

Three statements after the sign-in: one joined read, the ballot, the log entry.
"""

from functools import cache
from secrets import token_hex

from govern.audit.actions import record
from govern.database import upsert_into
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.errors import NotFoundError, RuleBrokenError
from govern.prepared import Prepared, Work
from govern.votes import queries, rules
from govern.votes.models import Ballot, Vote
from govern.votes.rules import Choice, state_of

_COLUMNS = ("vote_id", "block", "choice", "cast_at", "user_id", "salt", "receipt")


@cache
def _replacing(_engine: str) -> Prepared:
    """The ballot, put in the place of an earlier one."""
    statement = upsert_into(Ballot.__table__)
    new = {name: statement.excluded[name] for name in _COLUMNS}
    return Prepared(statement.on_conflict_do_update(index_elements=["elector_id"], set_=new), ("elector_id", *_COLUMNS))


def cast_ballot(actor: Actor, vote: Vote, choice: Choice) -> str:
    """Cast or replace the ballot of the member or seat ``actor`` acts for; returns the receipt code.

    RuleBrokenError when the vote is not open at this instant, or the person has voted for another elector;
    NotAllowedError, saying why and what to do, when the roll gives no vote.
    """
    return cast_by_key(actor, vote.id, choice)


def cast_by_key(actor: Actor, vote_id: int, choice: Choice, work: Work | None = None) -> str:
    """``cast_ballot`` for a vote that was not loaded; NotFoundError when there is none.

    ``work``: a writing transaction to use instead of the session's.
    """
    paper = queries.find_paper(actor, vote_id, work)
    if paper is None:
        raise NotFoundError
    # The clock is read behind the lock: a ballot that waited for it beyond the closing time is too late.
    now = clock.now()
    rules.check_open(state_of(paper, now))
    rules.check_elector(
        on_roll=paper.elector_id is not None and rules.may_cast(actor),
        entitled=paper.entitled,
        reason=paper.reason,
        recused=paper.recused,
        ground=paper.recusal_ground,
    )
    if paper.elsewhere is not None:
        raise RuleBrokenError(f"You have already cast the vote of {paper.elsewhere}. One person votes for one elector.")
    salt = token_hex(16)
    committed = rules.commitment(vote_id, paper.code, choice, salt)
    receipt = rules.receipt(committed)
    values = {
        "elector_id": paper.elector_id,
        "vote_id": vote_id,
        "block": paper.block,
        "choice": choice,
        "cast_at": now,
        "user_id": actor.user_id,
        "salt": salt,
        "receipt": receipt,
    }
    _replacing(db.engine.dialect.name).run(values, work)
    action = "ballot.replaced" if paper.again else "ballot.cast"
    record(actor, action, "vote", vote_id, after={"elector": paper.code, "commitment": committed}, work=work)
    return receipt
