"""Lists of meetings, each as its reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from govern.bodies.queries import BODIES
from govern.bodies.rules import BodyKind
from govern.cluster.queries import get_cluster
from govern.database import Instant
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.meetings import rules
from govern.meetings.models import AgendaItem, Correction, Meeting
from govern.meetings.rules import SOON_DAYS, MinutesState

PAGE_SIZE = 50


class View(StrEnum):
    """What the list of meetings shows."""

    COMING = "coming"
    PAST = "past"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """``before``: (start, id) of the last row already shown, for the views that run backwards in time."""

    view: View = View.ALL
    q: str = ""
    before: tuple[datetime, int] | None = None


EVERY_MEETING = MeetingFilter()


def list_meetings(
    actor: Actor, *, q: str = "", chosen: MeetingFilter = EVERY_MEETING, limit: int = PAGE_SIZE
) -> Sequence[Row[Meeting, str]]:
    """Rows ``(Meeting, body name)`` the actor may read: coming ones soonest first, others latest first."""
    statement = _with_body().where(_readable(actor), *_shown(chosen.view))
    words = q or chosen.q
    if words:
        statement = statement.where(
            or_(Meeting.title.icontains(words, autoescape=True), BODIES.c.name.icontains(words, autoescape=True))
        )
    if chosen.before is not None:
        last = [literal(part) for part in chosen.before]
        statement = statement.where(tuple_(Meeting.starts_at, Meeting.id) < tuple_(*last))
    if chosen.view is View.COMING:
        statement = statement.order_by(Meeting.starts_at, Meeting.id)
    else:
        statement = statement.order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    return db.session.execute(statement.limit(limit)).all()


def count_views(actor: Actor) -> tuple[int, int]:
    """How many meetings the actor may read: (coming, past)."""
    coming = func.coalesce(func.sum(case((and_(*_shown(View.COMING)), 1), else_=0)), 0)
    statement = select(coming, func.count(Meeting.id)).join(BODIES, BODIES.c.id == Meeting.body_id)
    found = db.session.execute(statement.where(_readable(actor))).one()
    return int(found[0]), int(found[1]) - int(found[0])


def find_next_meeting(actor: Actor) -> Meeting | None:
    """The next called meeting this hat may attend, also while it runs; None when there is none. One statement."""
    statement = (
        select(Meeting)
        .join(BODIES, BODIES.c.id == Meeting.body_id)
        .where(_attends(actor), *_called(), Meeting.ends_at > clock.now())
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )
    return db.session.scalar(statement)


def items_of_vote(vote_id: int, actor: Actor | None = None) -> Sequence[Row[Any]]:
    """Agenda items that embed the vote, by meeting: item_id, title, minute, meeting_id, meeting_title, minutes_state.

    With ``actor`` only those of meetings it may read, with the text of minutes it may read; otherwise all of them, with
    the text of approved minutes.
    """
    readable = Meeting.minutes_state == MinutesState.APPROVED if actor is None else _reads_minutes(actor)
    columns: list[Any] = [
        Meeting.id.label("meeting_id"),
        Meeting.title.label("meeting_title"),
        AgendaItem.id.label("item_id"),
        AgendaItem.title.label("title"),
        case((readable, AgendaItem.minute), else_="").label("minute"),
        Meeting.minutes_state.label("minutes_state"),
    ]
    statement = (
        select(*columns)
        .select_from(AgendaItem)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(BODIES, BODIES.c.id == Meeting.body_id)
        .where(AgendaItem.vote_id == vote_id, _readable(actor) if actor is not None else true())
        .order_by(Meeting.starts_at, Meeting.id, AgendaItem.position)
    )
    return db.session.execute(statement).all()


def needs_you(actor: Actor) -> Select[Any] | None:
    """Meetings within two weeks ("meeting") and circulated minutes ("minutes").

    Minutes wait for people of the body while corrections are taken, for the secretariat when a correction waits for its
    answer or the time for corrections is over.
    """
    if actor.hat is HatKind.NONE or actor.has(Role.OBSERVER):
        return None
    now = clock.now()
    soon = _need("meeting", due_at=Meeting.starts_at).where(
        _attends(actor), *_called(), Meeting.starts_at > now, Meeting.starts_at <= now + timedelta(days=SOON_DAYS)
    )
    waiting = _minutes_waiting(actor)
    if waiting is None:
        return soon
    minutes = _need("minutes", due_on=Meeting.corrections_until).where(
        Meeting.minutes_state == MinutesState.CIRCULATED, waiting
    )
    return select(union_all(soon, minutes).subquery())


def _minutes_waiting(actor: Actor) -> ColumnElement[bool] | None:
    today = clock.today(get_cluster().zone)
    running = Meeting.corrections_until >= today
    if actor.is_staff:
        unanswered = exists().where(Correction.meeting_id == Meeting.id, Correction.answered_at.is_(None))
        return or_(unanswered, ~running)
    if not actor.has(*rules.CORRECTING_ROLES):
        return None
    return and_(running, _of_body(actor))


def _need(kind: str, *, due_at: Any = None, due_on: Any = None) -> Select[Any]:
    columns: list[Any] = [
        cast(literal(kind), String).label("kind"),
        Meeting.id.label("object_id"),
        Meeting.title.label("title"),
        cast(BODIES.c.name, String).label("detail"),
        (cast(null(), Instant) if due_at is None else due_at).label("due_at"),
        (cast(null(), Date) if due_on is None else due_on).label("due_on"),
    ]
    return select(*columns).select_from(Meeting).join(BODIES, BODIES.c.id == Meeting.body_id)


def _with_body() -> Select[Any]:
    return select(Meeting, BODIES.c.name.label("body_name")).join(BODIES, BODIES.c.id == Meeting.body_id)


def _called() -> Sequence[ColumnElement[bool]]:
    return (Meeting.called_at.is_not(None), Meeting.cancelled_at.is_(None))


def _shown(view: View) -> Sequence[ColumnElement[bool]]:
    if view is View.COMING:
        return (Meeting.cancelled_at.is_(None), Meeting.ends_at > clock.now())
    if view is View.PAST:
        return (or_(Meeting.cancelled_at.is_not(None), Meeting.ends_at <= clock.now()),)
    return ()


_assembly: ColumnElement[bool] = BODIES.c.kind == BodyKind.ASSEMBLY


def _own_body(actor: Actor) -> ColumnElement[bool]:
    return Meeting.body_id == actor.body_id if actor.body_id is not None else false()


def _of_body(actor: Actor) -> ColumnElement[bool]:
    """rules.takes_part as a condition."""
    if actor.hat is HatKind.MEMBER:
        return _assembly
    return or_(_assembly, _own_body(actor)) if actor.hat is HatKind.SEAT else false()


def _chairs(actor: Actor) -> ColumnElement[bool]:
    """rules.chairs as a condition."""
    return or_(_assembly, _own_body(actor)) if actor.has(Role.CHAIR) else false()


def _listens(actor: Actor) -> ColumnElement[bool]:
    """rules.listens as a condition."""
    if actor.has(Role.AUDITOR):
        return true()
    return _assembly if actor.hat in {HatKind.LIAISON, HatKind.OFFICE} else false()


def _readable(actor: Actor) -> ColumnElement[bool]:
    """rules.may_read as a condition."""
    if actor.is_staff:
        return true()
    called = Meeting.called_at.is_not(None)
    return or_(_chairs(actor), and_(called, or_(_of_body(actor), _listens(actor))))


def _reads_minutes(actor: Actor) -> ColumnElement[bool]:
    """rules.may_read_minutes as a condition, for meetings the actor may read."""
    if actor.is_staff:
        return true()
    inside = _of_body(actor) if not actor.has(Role.AUDITOR) else true()
    circulated = and_(Meeting.minutes_state == MinutesState.CIRCULATED, inside)
    return or_(_chairs(actor), Meeting.minutes_state == MinutesState.APPROVED, circulated)


def _attends(actor: Actor) -> ColumnElement[bool]:
    """Meetings this hat goes to: all for the secretariat, the own body's for seats, the assembly's for the others."""
    if actor.is_staff:
        return true()
    if actor.hat is HatKind.NONE:
        return false()
    return or_(_of_body(actor), _assembly)
