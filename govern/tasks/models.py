"""Tasks owned by member organisations or the secretariat, with their history."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant, choice_type
from govern.extensions import Model
from govern.tasks.rules import TaskState


class Task(Model):
    """Something to do by a day. Owner: a member organisation, or the secretariat when ``member_id`` is empty.

    ``source_kind``/``source_id`` point at where it was decided (agenda item, decision, review).
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_member", "member_id", "state"),
        Index("ix_task_source", "source_kind", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    due_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[TaskState] = mapped_column(choice_type(TaskState), default=TaskState.OPEN)
    source_kind: Mapped[str] = mapped_column(default="")
    source_id: Mapped[int | None]
    source_label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Instant)


class TaskEvent(Model):
    """One step in a task's history."""

    __tablename__ = "task_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str]
    what: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
