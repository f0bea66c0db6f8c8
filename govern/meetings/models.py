"""Meetings, agenda, attendance, minutes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant, choice_type
from govern.extensions import Model
from govern.meetings.rules import ItemKind, MinutesState, Mode, Presence


class Meeting(Model):
    """A meeting of a body. Its agenda is fixed once it is called, its minutes once they are approved.

    ``short_notice``: why it was called later than the notice period allows, empty otherwise. ``corrections_until``: the
    last day, in the cluster's zone, on which corrections to the circulated minutes are taken. ``minutes_hash``: of the
    approved minutes' canonical content.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="period"),
        Index("ix_meeting_body", "body_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    mode: Mapped[Mode] = mapped_column(choice_type(Mode), default=Mode.HYBRID)
    starts_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    called_at: Mapped[datetime | None] = mapped_column(Instant)
    called_by: Mapped[str] = mapped_column(default="")
    short_notice: Mapped[str] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancel_reason: Mapped[str] = mapped_column(default="")
    minutes_state: Mapped[MinutesState] = mapped_column(choice_type(MinutesState), default=MinutesState.DRAFT)
    circulated_at: Mapped[datetime | None] = mapped_column(Instant)
    corrections_until: Mapped[date | None]
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by: Mapped[str] = mapped_column(default="")
    minutes_hash: Mapped[str] = mapped_column(default="")


class AgendaItem(Model):
    """Numbered business. A decision item embeds its vote: the minutes never retype a result."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    title: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    kind: Mapped[ItemKind] = mapped_column(choice_type(ItemKind))
    minutes_planned: Mapped[int] = mapped_column(default=10)
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("vote.id"), index=True)
    minute: Mapped[str] = mapped_column(default="")


class Attendance(Model):
    """Who was invited or came, and for which organisation. Filled from the participants when the meeting is called."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "name", "organisation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    name: Mapped[str]
    organisation: Mapped[str] = mapped_column(default="")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    presence: Mapped[Presence] = mapped_column(choice_type(Presence), default=Presence.INVITED)


class ActionItem(Model):
    """What was agreed under an item: the task as it stood when it was minuted, whatever becomes of it later.

    ``owner``: the member's name, empty for the secretariat.
    """

    __tablename__ = "action_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), unique=True)
    title: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]


class Correction(Model):
    """A correction asked for while minutes are circulated. When accepted, it holds the item's text before and after.

    Without an item it is about the attendance.
    """

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    by: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    accepted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    text_before: Mapped[str] = mapped_column(default="")
    text_after: Mapped[str] = mapped_column(default="")
