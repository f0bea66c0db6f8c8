"""Lists of votes, each as its reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    and_,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from govern.bodies.queries import BODIES
from govern.bodies.rules import BodyKind
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind
from govern.votes import rules
from govern.votes.models import Ballot, Decision, Elector, Motion, RuleProfile, Vote
from govern.votes.queries.ballots import own
from govern.votes.rules import VoteState

VOTE_KEY: InstrumentedAttribute[int] = Vote.id
"""What pages of the list are cut by."""
VIEWS = ("open", "prepared", "closed", "all")


@dataclass(frozen=True, slots=True)
class VoteFilter:
    """What the list is cut down to; ``view``: open, prepared, closed or all."""

    view: str = "all"
    text: str = ""


EVERY_VOTE = VoteFilter()


def _in_state(state: VoteState) -> ColumnElement[bool]:
    """The same reading of the stored acts as rules.state_of, for the database."""
    now = clock.now()
    opened = and_(Vote.withdrawn_at.is_(None), Vote.opens_at.is_not(None))
    return {
        VoteState.WITHDRAWN: Vote.withdrawn_at.is_not(None),
        VoteState.PREPARED: and_(Vote.withdrawn_at.is_(None), Vote.opens_at.is_(None)),
        VoteState.OPEN: and_(opened, Vote.declared_at.is_(None), Vote.closes_at > now),
        VoteState.CLOSED: and_(opened, Vote.declared_at.is_(None), Vote.closes_at <= now),
        VoteState.DECLARED: and_(opened, Vote.declared_at.is_not(None)),
    }[state]


def _past() -> ColumnElement[bool]:
    return or_(_in_state(VoteState.CLOSED), _in_state(VoteState.DECLARED))


def _visible(actor: Actor) -> ColumnElement[bool]:
    """rules.may_see as a condition."""
    if actor.hat is HatKind.NONE:
        return false()
    if rules.sees_everything(actor):
        return true()
    if actor.hat is HatKind.MEMBER:
        electorate: ColumnElement[bool] = BODIES.c.kind == BodyKind.ASSEMBLY
    elif actor.body_id is not None:
        electorate = Vote.body_id == actor.body_id
    else:
        electorate = false()
    return or_(_past(), and_(electorate, Vote.opens_at.is_not(None)))


def votes_statement(actor: Actor, chosen: VoteFilter = EVERY_VOTE) -> Select[*tuple[Any, ...]]:
    """Votes the actor may see, newest first: Vote, key, title, body_name, outcome, number, elector, ballot_at."""
    statement = (
        select(
            Vote,
            Vote.id.label("key"),
            Motion.title.label("title"),
            BODIES.c.name.label("body_name"),
            Decision.outcome.label("outcome"),
            Decision.number.label("number"),
            Elector,
            Ballot.cast_at.label("ballot_at"),
        )
        .join(Motion, Motion.id == Vote.motion_id)
        .join(BODIES, BODIES.c.id == Vote.body_id)
        .outerjoin(Decision, Decision.vote_id == Vote.id)
        .outerjoin(Elector, and_(Elector.vote_id == Vote.id, own(actor)))
        .outerjoin(Ballot, Ballot.elector_id == Elector.id)
        .where(_visible(actor))
        .order_by(Vote.id.desc())
    )
    if chosen.text:
        statement = statement.where(Motion.title.icontains(chosen.text, autoescape=True))
    if chosen.view == "open":
        statement = statement.where(_in_state(VoteState.OPEN))
    elif chosen.view == "prepared":
        statement = statement.where(_in_state(VoteState.PREPARED))
    elif chosen.view == "closed":
        statement = statement.where(or_(_past(), _in_state(VoteState.WITHDRAWN)))
    return statement


def list_votes(actor: Actor, chosen: VoteFilter = EVERY_VOTE, *, limit: int = 50) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest votes the actor may see; the columns of ``votes_statement``."""
    return db.session.execute(votes_statement(actor, chosen).limit(limit)).all()


def count_open(actor: Actor) -> int:
    """How many votes are open that the actor may see."""
    statement = select(func.count()).select_from(Vote).join(BODIES, BODIES.c.id == Vote.body_id)
    return db.session.scalars(statement.where(_visible(actor), _in_state(VoteState.OPEN))).one()


def list_undeclared() -> Sequence[int]:
    """Keys of the votes that have closed and wait for their declaration, in the order in which they closed."""
    statement = select(Vote.id).where(_in_state(VoteState.CLOSED)).order_by(Vote.closes_at, Vote.id)
    return db.session.scalars(statement).all()


def _need(kind: str, detail: InstrumentedAttribute[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            cast(literal(kind), String).label("kind"),
            Vote.id.label("object_id"),
            Motion.title.label("title"),
            cast(detail, String).label("detail"),
            Vote.closes_at.label("due_at"),
            cast(null(), Date).label("due_on"),
        )
        .select_from(Vote)
        .join(Motion, Motion.id == Vote.motion_id)
    )


def needs_you(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    """Votes that wait for this hat: "vote" = cast a ballot, "declare" = closed and not declared yet."""
    waiting: list[Select[*tuple[Any, ...]]] = []
    if rules.may_cast(actor):
        waiting.append(
            _need("vote", Elector.label)
            .join(Elector, and_(Elector.vote_id == Vote.id, own(actor)))
            .outerjoin(Ballot, Ballot.elector_id == Elector.id)
            .where(
                _in_state(VoteState.OPEN),
                Elector.entitled.is_(True),
                Elector.recused.is_(False),
                Ballot.elector_id.is_(None),
            )
        )
    if rules.may_propose_declaring(actor):
        waiting.append(
            _need("declare", RuleProfile.name)
            .join(RuleProfile, RuleProfile.id == Vote.profile_id)
            .join(BODIES, BODIES.c.id == Vote.body_id)
            .where(_in_state(VoteState.CLOSED), *_own_body(actor))
        )
    if not waiting:
        return None
    return waiting[0] if len(waiting) == 1 else select(union_all(*waiting).subquery())


def _own_body(actor: Actor) -> list[ColumnElement[bool]]:
    """A chair declares for its own body and for the assembly, the secretariat for all."""
    if actor.is_staff:
        return []
    return [or_(Vote.body_id == actor.body_id, BODIES.c.kind == BodyKind.ASSEMBLY)]
