"""Liaison reviews: one per department and subject of a decision."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant, choice_type
from govern.extensions import Model
from govern.reviews.rules import Answer, Ground


class Review(Model):
    """A department's clock over one subject of a decision. ``days`` calendar days from the day of ``notified_at``.

    ``minor``: the department's share in minor units of the cluster's currency, 0 for a standard. ``ends_at`` is the
    first instant that is too late; a reply to a question moves it. ``deeming_recorded_at`` only says when the worker
    wrote the deeming down: the state itself follows from the clock.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("decision_id", "department_id", "subject_code"),
        Index("ix_review_department", "department_id", "ends_at"),
        CheckConstraint("days > 0", name="days"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("answer <> 'objected' OR (ground IS NOT NULL AND remedy <> '')", name="ground"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    subject_kind: Mapped[str]
    subject_code: Mapped[str]
    subject_title: Mapped[str]
    minor: Mapped[int] = mapped_column(BigInteger, default=0)
    days: Mapped[int]
    notified_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
    answer: Mapped[Answer | None] = mapped_column(choice_type(Answer))
    ground: Mapped[Ground | None] = mapped_column(choice_type(Ground))
    remark: Mapped[str] = mapped_column(default="")
    remedy: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[str] = mapped_column(default="")
    deeming_recorded_at: Mapped[datetime | None] = mapped_column(Instant)


class ReviewPause(Model):
    """A written request for information stops the clock until it is answered."""

    __tablename__ = "review_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[str]
    question: Mapped[str]
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[str] = mapped_column(default="")
    reply: Mapped[str] = mapped_column(default="")


class LateReaction(Model):
    """A reaction after the clock ended: kept, without effect."""

    __tablename__ = "late_reaction"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str]
    answer: Mapped[Answer] = mapped_column(choice_type(Answer))
    ground: Mapped[Ground | None] = mapped_column(choice_type(Ground))
    remark: Mapped[str] = mapped_column(default="")
