"""The roll, who took part, and - after closing only - how the votes fell."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from json import loads
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import aliased

from govern.counting.electors import Elector as CountedElector
from govern.counting.electors import Group, MotionFile
from govern.counting.motion import MotionResult, QuorumResult, Roll, count_motion_groups
from govern.counting.rule import parse_rule
from govern.counting.rule_text import needed_today
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind
from govern.prepared import Prepared, Work
from govern.votes.models import Ballot, Elector, Motion, RollBlock, Vote
from govern.votes.rules import Choice, ElectorKind, check_closed, state_of

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Where the actor stands in a vote. ``elector`` is None when it acts for nobody on the roll.

    ``recused``: whether the papers are hidden, because the elector or another one of the same member is recused.
    """

    elector: Elector | None
    ballot: Ballot | None
    recused: bool
    ground: str


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who took part so far, in heads and in votes; nothing here says how.

    ``quorums``: each quorum of the rule with what took part; ``needed``: what the rule asks of this roll, in sentences.
    """

    heads: int
    heads_entitled: int
    votes: int
    votes_entitled: int
    quorums: tuple[QuorumResult, ...]
    needed: list[str]


def own(actor: Actor) -> ColumnElement[bool]:
    """Condition: the elector is the one this actor may vote for."""
    if actor.hat is HatKind.MEMBER:
        return and_(Elector.member_id == actor.member_id, Elector.kind == ElectorKind.MEMBER)
    if actor.seat_id is not None:
        return Elector.seat_id == actor.seat_id
    return false()


def find_own_line(actor: Actor, vote_id: int) -> OwnLine:
    """The actor's line on the roll with the ballot already cast. One statement."""
    same_member = Elector.member_id == actor.member_id if actor.member_id is not None else false()
    mine = own(actor)
    statement = (
        select(Elector, Ballot, mine.label("mine"))
        .outerjoin(Ballot, Ballot.elector_id == Elector.id)
        .where(Elector.vote_id == vote_id, or_(mine, and_(same_member, Elector.recused.is_(True))))
        .order_by(Elector.id)
    )
    rows = db.session.execute(statement).all()
    elector, ballot = next(((row[0], row[1]) for row in rows if row.mine), (None, None))
    ground = next((row[0].recusal_ground for row in rows if row[0].recused), "")
    return OwnLine(elector, ballot, any(row[0].recused for row in rows), ground)


def _paper(mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """What casting a ballot has to know, in one row; the key lock lets declaring wait for ballots under way."""
    other, other_elector = aliased(Ballot), aliased(Elector)
    elsewhere = (
        select(other_elector.label)
        .join(other, other.elector_id == other_elector.id)
        .where(
            other.vote_id == Vote.id,
            other.user_id == bindparam("user_id"),
            or_(Elector.id.is_(None), other.elector_id != Elector.id),
        )
        .correlate(Vote, Elector)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Vote.opens_at,
            Vote.closes_at,
            Vote.withdrawn_at,
            Vote.declared_at,
            Elector.id.label("elector_id"),
            Elector.code,
            Elector.block,
            Elector.entitled,
            Elector.reason,
            Elector.recused,
            Elector.recusal_ground,
            Ballot.elector_id.is_not(None).label("again"),
            elsewhere.label("elsewhere"),
        )
        .outerjoin(Elector, and_(Elector.vote_id == Vote.id, mine))
        .outerjoin(Ballot, Ballot.elector_id == Elector.id)
        .where(Vote.id == bindparam("vote_id"))
        .with_for_update(read=True, key_share=True, of=Vote)
    )


_PAPER_OF_MEMBER = Prepared(_paper(and_(Elector.member_id == bindparam("holder"), Elector.kind == ElectorKind.MEMBER)))
_PAPER_OF_SEAT = Prepared(_paper(Elector.seat_id == bindparam("holder")))


def find_paper(actor: Actor, vote_id: int, work: Work | None = None) -> Any:
    """The vote's dates and the actor's place on its roll (null where there is none); None for an unknown vote."""
    by_member = actor.hat is HatKind.MEMBER
    values = {
        "vote_id": vote_id,
        "user_id": actor.user_id,
        "holder": actor.member_id if by_member else actor.seat_id,
    }
    found = (_PAPER_OF_MEMBER if by_member else _PAPER_OF_SEAT).all(values, work)
    return found[0] if found else None


def turnout_of(vote: Vote) -> Turnout:
    """Who took part so far. One statement, which never reads an answer."""
    tally = select(Ballot.block, func.count().label("took_part")).where(Ballot.vote_id == vote.id)
    counted = tally.group_by(Ballot.block).subquery()
    statement = (
        select(RollBlock, counted.c.took_part)
        .outerjoin(counted, counted.c.block == RollBlock.number)
        .where(RollBlock.vote_id == vote.id)
        .order_by(RollBlock.number)
    )
    groups: list[Group] = []
    for block, took_part in db.session.execute(statement):
        # Whoever took part stands in as an abstention: it counts for every quorum and says nothing.
        parts = {"abstain": took_part or 0, None: block.electors - (took_part or 0)}
        groups += [_group(block, vote, number) for vote, number in parts.items() if number]
    rule, sums = parse_rule(loads(vote.rule)), Roll(groups).all
    return Turnout(
        heads=int(sums.took_part("heads")),
        heads_entitled=int(sums.base("heads", "entitled")),
        votes=int(sums.took_part("weight")),
        votes_entitled=int(sums.base("weight", "entitled")),
        quorums=count_motion_groups(rule, groups).quorum,
        needed=needed_today(rule, [one for group in groups for one in _alike(group)]),
    )


def _group(block: RollBlock, vote: str | None, number: int) -> Group:
    like = (block.kind.value, block.college, block.category, block.weight)
    return Group(*like, vote, block.recused, block.casting, number)  # type: ignore[arg-type]  # the choices are votes


def _alike(group: Group) -> list[CountedElector]:
    like = CountedElector(
        id="",
        vote=None,
        kind=group.kind,
        college=group.college,
        category=group.category,
        weight=Fraction(group.weight),
        recused=group.recused,
        casting=group.casting,
    )
    return [like] * group.number


def _closed(vote: Vote) -> None:
    check_closed(state_of(vote, clock.now()))


def groups_of(vote: Vote) -> list[Group]:
    """The roll added up for the counting engine; RuleBrokenError before closing. One statement."""
    _closed(vote)
    tally = select(Ballot.block, Ballot.choice, func.count().label("number")).where(Ballot.vote_id == vote.id)
    counted = tally.group_by(Ballot.block, Ballot.choice).subquery()
    statement = (
        select(RollBlock, counted.c.choice, counted.c.number)
        .outerjoin(counted, counted.c.block == RollBlock.number)
        .where(RollBlock.vote_id == vote.id)
        .order_by(RollBlock.number, counted.c.choice)
    )
    groups: list[Group] = []
    for block, rows in groupby(db.session.execute(statement), key=lambda row: row[0]):
        cast = {choice.value: number for _block, choice, number in rows if choice is not None}
        parts = cast | {None: block.electors - sum(cast.values())}
        groups += [_group(block, choice, number) for choice, number in parts.items() if number]
    return groups


def result_of(vote: Vote) -> MotionResult:
    """The result by the frozen rule, counted from the ballots now; RuleBrokenError before closing."""
    return count_motion_groups(parse_rule(loads(vote.rule)), groups_of(vote))


def list_electors(vote_id: int, *, after: str = "", limit: int = MOST_SHOWN) -> Sequence[Row[Elector, bool]]:
    """The roll by code with whether each took part, from behind the code ``after`` on."""
    statement = (
        select(Elector, Ballot.elector_id.is_not(None).label("took_part"))
        .outerjoin(Ballot, Ballot.elector_id == Elector.id)
        .where(Elector.vote_id == vote_id, Elector.code > after)
        .order_by(Elector.code)
        .limit(limit)
    )
    return db.session.execute(statement).all()


def list_named_ballots(
    vote: Vote, *, after: str = "", limit: int | None = MOST_SHOWN
) -> Sequence[Row[Elector, Choice | None]]:
    """The roll by code with each answer, None where there is none; RuleBrokenError before closing."""
    _closed(vote)
    statement = (
        select(Elector, Ballot.choice)
        .outerjoin(Ballot, Ballot.elector_id == Elector.id)
        .where(Elector.vote_id == vote.id, Elector.code > after)
        .order_by(Elector.code)
        .limit(limit)
    )
    return db.session.execute(statement).all()


def count_file(vote: Vote) -> dict[str, object]:
    """The vote as a ``govern-motion/1`` file, which ``govern count`` recounts; RuleBrokenError before closing.

    Electors without a vote are left out, as the format asks; recused ones stand in it.
    """
    title = db.session.scalars(select(Motion.title).where(Motion.id == vote.motion_id)).one()
    electors = tuple(
        _counted(elector, choice) for elector, choice in list_named_ballots(vote, limit=None) if elector.entitled
    )
    return MotionFile(parse_rule(loads(vote.rule)), electors, title).to_dict()


def _counted(elector: Elector, choice: Choice | None) -> CountedElector:
    return CountedElector(
        id=elector.code,
        vote=choice.value if choice else None,
        label=elector.label,
        kind=elector.kind.value,
        college=elector.college,
        category=elector.category,
        weight=Fraction(elector.weight),
        recused=elector.recused,
        casting=elector.casting,
    )
