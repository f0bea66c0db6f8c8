"""One meeting with its agenda, attendance and minutes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from govern.bodies.queries import BODIES
from govern.bodies.rules import BodyKind
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.errors import NotFoundError
from govern.meetings.models import ActionItem, AgendaItem, Attendance, Correction, Meeting
from govern.meetings.rules import MeetingState, MinutesState, state_of
from govern.tasks.queries import tasks_of
from govern.votes.queries import Sheet as VoteSheet
from govern.votes.queries.embedding import Embedded, list_embedded

SOURCE = "agenda_item"
"""How tasks name an agenda item as their source."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A meeting with its body."""

    meeting: Meeting
    body_code: str
    body_name: str
    body_kind: BodyKind

    @property
    def id(self) -> int:
        """The meeting's key."""
        return self.meeting.id

    @property
    def body_id(self) -> int:
        """The body that meets."""
        return self.meeting.body_id

    @property
    def state(self) -> MeetingState:
        """Where the meeting stands at this instant."""
        return state_of(self.meeting, clock.now())

    @property
    def called(self) -> bool:
        """Whether it was ever called."""
        return self.meeting.called_at is not None

    @property
    def minutes_state(self) -> MinutesState:
        """Where its minutes stand."""
        return self.meeting.minutes_state


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """An agenda item with its meeting; may be handed to the access rules of meetings."""

    item: AgendaItem
    sheet: Sheet

    @property
    def body_id(self) -> int:
        """The body that meets."""
        return self.sheet.body_id

    @property
    def body_kind(self) -> BodyKind:
        """Assembly or another body."""
        return self.sheet.body_kind

    @property
    def state(self) -> MeetingState:
        """Where the meeting stands at this instant."""
        return self.sheet.state

    @property
    def called(self) -> bool:
        """Whether it was ever called."""
        return self.sheet.called

    @property
    def minutes_state(self) -> MinutesState:
        """Where the minutes stand."""
        return self.sheet.minutes_state


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as pages show it. ``hidden``: the reader is recused from its vote and sees no papers (domain.md I5).

    ``tasks``: rows ``(Task, owner)`` as they stand today; ``agreed``: the same as they were minuted.
    """

    item: AgendaItem
    vote: VoteSheet | None
    hidden: bool
    tasks: Sequence[Row[Any]] = ()
    agreed: Sequence[ActionItem] = ()


@dataclass(frozen=True, slots=True)
class CorrectionCase:
    """A correction with the item it is about (None: the attendance) and its meeting."""

    correction: Correction
    item: AgendaItem | None
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class MinutesSheet:
    """Everything minutes consist of, in order."""

    sheet: Sheet
    lines: Sequence[ItemLine]
    attendance: Sequence[Attendance]
    corrections: Sequence[Correction] = field(default=())

    @property
    def until(self) -> date | None:
        """The last day for corrections."""
        return self.sheet.meeting.corrections_until


def get_meeting(meeting_id: int) -> Meeting:
    """The meeting, or NotFoundError."""
    found = db.session.get(Meeting, meeting_id)
    if found is None:
        raise NotFoundError
    return found


def get_sheet(meeting_id: int) -> Sheet:
    """The meeting with its body, or NotFoundError. One statement."""
    found = db.session.execute(_sheets().where(Meeting.id == meeting_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return Sheet(*found)


def get_item_sheet(item_id: int) -> ItemSheet:
    """The agenda item with its meeting, or NotFoundError. One statement."""
    statement = (_sheets().add_columns(AgendaItem).join(AgendaItem, AgendaItem.meeting_id == Meeting.id)).where(
        AgendaItem.id == item_id
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFoundError
    *head, item = found
    return ItemSheet(item, Sheet(*head))


def get_correction_case(correction_id: int) -> CorrectionCase:
    """The correction with its item and meeting, or NotFoundError. One statement."""
    statement = (
        _sheets()
        .add_columns(Correction, AgendaItem)
        .join(Correction, Correction.meeting_id == Meeting.id)
        .outerjoin(AgendaItem, AgendaItem.id == Correction.item_id)
        .where(Correction.id == correction_id)
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFoundError
    *head, correction, item = found
    return CorrectionCase(correction, item, Sheet(*head))


def get_attendee(attendance_id: int) -> Attendance:
    """The line of the attendance list, or NotFoundError."""
    found = db.session.get(Attendance, attendance_id)
    if found is None:
        raise NotFoundError
    return found


def list_items(meeting_id: int) -> Sequence[AgendaItem]:
    """The agenda by position."""
    statement = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(AgendaItem.position)
    return db.session.scalars(statement).all()


def list_item_lines(
    actor: Actor, meeting_id: int, *, with_tasks: bool = False, with_agreed: bool = False
) -> list[ItemLine]:
    """The agenda with its votes, as ``actor`` may see them. Two statements, one more for each kind of tasks."""
    items = list_items(meeting_id)
    votes = list_embedded({item.vote_id for item in items if item.vote_id is not None}, actor)
    keys = [item.id for item in items]
    tasks = tasks_by_item(keys) if with_tasks else {}
    agreed = agreed_by_item(keys) if with_agreed else {}
    return [
        _line(item, votes.get(item.vote_id or 0), tasks.get(item.id, ()), agreed.get(item.id, ())) for item in items
    ]


def get_item_line(actor: Actor, item: AgendaItem) -> ItemLine:
    """One item with its vote and what was agreed. Two statements."""
    votes = list_embedded([item.vote_id], actor) if item.vote_id is not None else {}
    return _line(item, votes.get(item.vote_id or 0), (), agreed_by_item([item.id]).get(item.id, ()))


def _line(item: AgendaItem, vote: Embedded | None, tasks: Sequence[Row[Any]], agreed: Sequence[ActionItem]) -> ItemLine:
    return ItemLine(item, vote.sheet if vote else None, vote is not None and vote.hidden, tasks, agreed)


def tasks_by_item(item_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """Rows ``(Task, owner)`` that came out of these items. One statement."""
    found: dict[int, list[Row[Any]]] = {}
    for row in tasks_of(SOURCE, *item_ids) if item_ids else ():
        found.setdefault(row.Task.source_id, []).append(row)
    return found


def agreed_by_item(item_ids: Collection[int]) -> dict[int, list[ActionItem]]:
    """What was agreed under these items, in the order of minuting. One statement."""
    found: dict[int, list[ActionItem]] = {}
    if item_ids:
        for row in db.session.scalars(
            select(ActionItem).where(ActionItem.item_id.in_(item_ids)).order_by(ActionItem.id)
        ):
            found.setdefault(row.item_id, []).append(row)
    return found


def list_attendance(meeting_id: int) -> Sequence[Attendance]:
    """The attendance list in the order in which people were invited or added."""
    statement = select(Attendance).where(Attendance.meeting_id == meeting_id).order_by(Attendance.id)
    return db.session.scalars(statement).all()


def list_corrections(meeting_id: int) -> Sequence[Correction]:
    """Corrections asked for, oldest first."""
    statement = select(Correction).where(Correction.meeting_id == meeting_id).order_by(Correction.id)
    return db.session.scalars(statement).all()


def has_attendance_correction(meeting_id: int) -> bool:
    """Whether a correction to the attendance was accepted."""
    statement = select(Correction.id).where(
        Correction.meeting_id == meeting_id, Correction.item_id.is_(None), Correction.accepted.is_(True)
    )
    return db.session.scalar(statement.limit(1)) is not None


def get_minutes(actor: Actor, sheet: Sheet) -> MinutesSheet:
    """The minutes of a meeting as ``actor`` may see them. Five statements."""
    return MinutesSheet(
        sheet,
        list_item_lines(actor, sheet.id, with_agreed=True),
        list_attendance(sheet.id),
        list_corrections(sheet.id),
    )


def _sheets() -> Any:
    return select(Meeting, BODIES.c.code, BODIES.c.name, BODIES.c.kind).join(BODIES, BODIES.c.id == Meeting.body_id)
