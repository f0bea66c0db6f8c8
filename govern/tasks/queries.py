"""Reads of tasks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)

from govern.database import Instant
from govern.extensions import db
from govern.kernel.actor import Actor
from govern.kernel.errors import NotFoundError
from govern.members.queries import list_roll, member_card
from govern.tasks.models import Task, TaskEvent
from govern.tasks.rules import ENDED, TO_DO, TaskState, answers_for

# The row type is offered here for annotations above; the tables themselves stay private to this area.
__all__ = ["Task"]

PAGE_SIZE = 50


class Show(StrEnum):
    """What a list of tasks shows."""

    TO_DO = "to_do"
    OVERDUE = "overdue"
    DONE = "done"
    DECLINED = "declined"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """``mine``: only what the present hat answers for; ``after``: (due day, id) of the last row already shown."""

    mine: bool = True
    show: Show = Show.TO_DO
    q: str = ""
    after: tuple[date, int] | None = None


def get_task(task_id: int) -> Task:
    """The task, or NotFoundError."""
    found = db.session.get(Task, task_id)
    if found is None:
        raise NotFoundError
    return found


def get_task_with_owner(task_id: int) -> Row[*tuple[Any, ...]]:
    """``(Task, owner)``: owner is the member's name, None for the secretariat; or NotFoundError."""
    found = db.session.execute(_with_owner().where(Task.id == task_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_tasks(
    actor: Actor, wanted: TaskFilter, *, today: date, size: int = PAGE_SIZE
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows ``(Task, owner)`` by due day, at most ``size`` + 1 (one more tells that there is another page)."""
    statement = _with_owner().where(*_shown(wanted.show, today))
    if wanted.mine:
        statement = statement.where(own(actor))
    if wanted.q:
        like = f"%{wanted.q.replace('%', '').replace('_', '')}%"
        statement = statement.where(or_(Task.title.ilike(like), member_card.c.name.ilike(like)))
    if wanted.after is not None:
        statement = statement.where(tuple_(Task.due_on, Task.id) > tuple_(*(literal(part) for part in wanted.after)))
    return db.session.execute(statement.order_by(Task.due_on, Task.id).limit(size + 1)).all()


def count_tasks(actor: Actor) -> tuple[int, int]:
    """How many tasks are to do: (mine, all)."""
    mine = func.coalesce(func.sum(case((own(actor), 1), else_=0)), 0)
    found = db.session.execute(select(mine, func.count(Task.id)).where(Task.state.in_(TO_DO))).one()
    return int(found[0]), int(found[1])


def tasks_from(sources: Mapping[str, Collection[int]]) -> Sequence[Row[Any]]:
    """Rows ``(Task, owner)`` that came from objects of several kinds (kind -> keys), by due day. One statement."""
    came = [and_(Task.source_kind == kind, Task.source_id.in_(keys)) for kind, keys in sources.items() if keys]
    if not came:
        return []
    return db.session.execute(_with_owner().where(or_(*came)).order_by(Task.due_on, Task.id)).all()


def tasks_of(source_kind: str, *source_ids: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows ``(Task, owner)`` that came from these objects of one kind, by due day."""
    statement = _with_owner().where(Task.source_kind == source_kind, Task.source_id.in_(source_ids))
    return db.session.execute(statement.order_by(Task.due_on, Task.id)).all()


def list_owners(day: date) -> list[tuple[int, str]]:
    """(id, name) of every organisation that can be given a task on ``day``, by name."""
    return sorted(((member.id, member.name) for member in list_roll(day)), key=lambda owner: owner[1].casefold())


def history_of(task: Task) -> Sequence[TaskEvent]:
    """What happened to the task, oldest first."""
    return db.session.scalars(select(TaskEvent).where(TaskEvent.task_id == task.id).order_by(TaskEvent.id)).all()


def own(actor: Actor) -> ColumnElement[bool]:
    """Condition: the task's owner is whom ``actor`` stands for now."""
    if actor.is_staff:
        return Task.member_id.is_(None)
    return Task.member_id == actor.member_id if actor.member_id is not None else literal(value=False)


def needs_you(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    """Open tasks of the member; for the secretariat its own and the declined ones (kind "task_declined")."""
    if not actor.is_staff and not answers_for(actor):
        return None
    waiting = and_(own(actor), Task.state.in_(TO_DO))
    if actor.is_staff:
        waiting = or_(waiting, Task.state == TaskState.DECLINED)
    kind = case((Task.state == TaskState.DECLINED, "task_declined"), else_="task")
    columns: list[Any] = [
        cast(kind, String).label("kind"),
        Task.id.label("object_id"),
        Task.title.label("title"),
        Task.source_label.label("detail"),
        cast(null(), Instant).label("due_at"),
        Task.due_on.label("due_on"),
    ]
    return select(*columns).where(waiting)


def _with_owner() -> Select[*tuple[Any, ...]]:
    return select(Task, member_card.c.name.label("owner")).outerjoin(member_card, member_card.c.id == Task.member_id)


def _shown(show: Show, today: date) -> Sequence[ColumnElement[bool]]:
    """Conditions of a view; "overdue" is the same rule as rules.is_overdue."""
    if show is Show.TO_DO:
        return (Task.state.in_(TO_DO),)
    if show is Show.OVERDUE:
        return (Task.state.in_(TO_DO), Task.due_on < today)
    if show is Show.DONE:
        return (Task.state == TaskState.DONE,)
    if show is Show.DECLINED:
        return (Task.state.in_(ENDED - {TaskState.DONE}),)
    return ()
