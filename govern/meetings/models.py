"""Meetings, agenda, attendance, minutes."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant, choice_type
from govern.extensions import Model
from govern.meetings.rules import ItemKind, MinutesState, Presence


class Meeting(Model):
    """A meeting of a body. Called once its agenda is sent; held once minutes are taken."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    mode: Mapped[str] = mapped_column(default="hybrid")
    starts_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    called_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    minutes_state: Mapped[MinutesState] = mapped_column(choice_type(MinutesState), default=MinutesState.DRAFT)
    circulated_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
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
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("vote.id"))
    minute: Mapped[str] = mapped_column(default="")


class Attendance(Model):
    """Who was there, for which organisation."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "name", "organisation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    name: Mapped[str]
    organisation: Mapped[str] = mapped_column(default="")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    presence: Mapped[Presence] = mapped_column(choice_type(Presence))


class Correction(Model):
    """A correction asked for while minutes are circulated."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    by: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
