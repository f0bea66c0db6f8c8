"""Life of a task. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol

from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import NotAllowedError, RuleBrokenError


class TaskState(StrEnum):
    """Stored state; overdue is derived from the due day, never stored."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    CANCELLED = "cancelled"


class Deed(StrEnum):
    """What can be done to a task."""

    ACCEPT = "accept"
    DECLINE = "decline"
    COMPLETE = "complete"
    REOPEN = "reopen"
    CANCEL = "cancel"
    REASSIGN = "reassign"


TO_DO = frozenset({TaskState.OPEN, TaskState.ACCEPTED})
ENDED = frozenset({TaskState.DONE, TaskState.DECLINED, TaskState.CANCELLED})
TRANSITIONS: Mapping[Deed, tuple[frozenset[TaskState], TaskState]] = {
    Deed.ACCEPT: (frozenset({TaskState.OPEN}), TaskState.ACCEPTED),
    Deed.DECLINE: (TO_DO, TaskState.DECLINED),
    Deed.COMPLETE: (TO_DO, TaskState.DONE),
    Deed.REOPEN: (ENDED, TaskState.OPEN),
    Deed.CANCEL: (TO_DO | {TaskState.DECLINED}, TaskState.CANCELLED),
    Deed.REASSIGN: (TO_DO | {TaskState.DECLINED}, TaskState.OPEN),
}
"""Deed -> (states it may start from, state it leads to)."""

NEEDS_REASON = frozenset({Deed.DECLINE, Deed.CANCEL, Deed.REOPEN})
OWNER_DEEDS = frozenset({Deed.ACCEPT, Deed.DECLINE, Deed.COMPLETE, Deed.REOPEN})
STAFF_DEEDS = frozenset({Deed.COMPLETE, Deed.REOPEN, Deed.CANCEL, Deed.REASSIGN})
ANSWERING_ROLES = (Role.DELEGATE, Role.ALTERNATE, Role.MEMBER_ADMIN)
READING_HATS = frozenset({HatKind.MEMBER, HatKind.SEAT, HatKind.STAFF, HatKind.OFFICE})


class Owned(Protocol):
    """Anything with an owner."""

    member_id: int | None


def is_overdue(state: TaskState, due_on: date, today: date) -> bool:
    """True the day after the due day while there is something left to do. ``today``: the cluster's calendar."""
    return state in TO_DO and today > due_on


def answers_for(actor: Actor) -> bool:
    """True when this hat may answer for the member it stands for."""
    return actor.member_id is not None and actor.hat is HatKind.MEMBER and actor.has(*ANSWERING_ROLES)


def deeds_of(actor: Actor, owner_id: int | None) -> frozenset[Deed]:
    """What ``actor`` may do to a task of member ``owner_id`` (None: the secretariat's), whatever its state."""
    if actor.is_staff:
        return STAFF_DEEDS | (OWNER_DEEDS if owner_id is None else frozenset())
    if answers_for(actor) and actor.member_id == owner_id:
        return OWNER_DEEDS
    return frozenset()


def open_deeds(actor: Actor, owner_id: int | None, state: TaskState) -> frozenset[Deed]:
    """What ``actor`` may do to the task now."""
    return frozenset(deed for deed in deeds_of(actor, owner_id) if state in TRANSITIONS[deed][0])


def check_deed(actor: Actor, owner_id: int | None, state: TaskState, deed: Deed, reason: str = "") -> TaskState:
    """The state after ``deed``; NotAllowedError for the wrong person, RuleBrokenError for the wrong moment."""
    if deed not in deeds_of(actor, owner_id):
        raise NotAllowedError("Only the organisation that owns a task answers for it.")
    starts, leads_to = TRANSITIONS[deed]
    if state not in starts:
        raise RuleBrokenError(f"The task is {state.value}; you cannot {deed.value} it now.")
    if deed in NEEDS_REASON and not reason.strip():
        raise RuleBrokenError(f"Say why you {deed.value} the task. The reason is kept in its history.")
    return leads_to


def check_title(title: str) -> None:
    """RuleBrokenError when nothing is asked for."""
    if not title.strip():
        raise RuleBrokenError("Say what has to be done.")


def may_read(actor: Actor, *_: object) -> bool:
    """Members, seats, staff and officers read tasks; liaisons and the observer do not (domain.md 6.4)."""
    return actor.hat in READING_HATS and not actor.has(Role.OBSERVER)


def may_assign(actor: Actor, *_: object) -> bool:
    """The secretariat assigns tasks."""
    return actor.is_staff


def may_answer(actor: Actor, task: Owned) -> bool:
    """The owner's people accept or decline."""
    return Deed.ACCEPT in deeds_of(actor, task.member_id)


def may_report(actor: Actor, task: Owned) -> bool:
    """The owner's people and the secretariat report a task as done, or as open again."""
    return Deed.COMPLETE in deeds_of(actor, task.member_id)
