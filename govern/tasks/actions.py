"""What is done to tasks. Each action: check, change, write the history, record."""

from datetime import date

from govern.audit.actions import record
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.tasks.models import Task, TaskEvent
from govern.tasks.rules import Deed, check_deed, check_title

PAST = {
    Deed.ACCEPT: "accepted",
    Deed.DECLINE: "declined",
    Deed.COMPLETE: "done",
    Deed.REOPEN: "reopened",
    Deed.CANCEL: "cancelled",
    Deed.REASSIGN: "reassigned",
}


def assign_task(  # noqa: PLR0913 - the fields of a task
    actor: Actor,
    *,
    title: str,
    due_on: date,
    member_id: int | None = None,
    detail: str = "",
    source_kind: str = "",
    source_id: int | None = None,
    source_label: str = "",
) -> Task:
    """A task for a member, or for the secretariat when ``member_id`` is None, due at the end of ``due_on``.

    ``source_kind`` and ``source_id`` name where it was decided, ``source_label`` says it in words.
    RuleBrokenError without a title. Who may assign is decided by the caller (secretariat, or a rule of another area).
    """
    check_title(title)
    task = Task(
        title=title.strip(),
        detail=detail.strip(),
        member_id=member_id,
        due_on=due_on,
        source_kind=source_kind,
        source_id=source_id,
        source_label=source_label,
        created_at=clock.now(),
    )
    db.session.add(task)
    db.session.flush()
    _note(actor, task, "assigned")
    after = {"title": task.title, "member": member_id, "due": due_on, "source": [source_kind, source_id]}
    record(actor, "task.assigned", "task", task.id, after=after)
    return task


def accept(actor: Actor, task: Task) -> None:
    """The owner takes the task on."""
    _move(actor, task, Deed.ACCEPT)


def decline(actor: Actor, task: Task, *, reason: str) -> None:
    """The owner refuses with a reason; the secretariat then reassigns or cancels."""
    _move(actor, task, Deed.DECLINE, reason)


def complete(actor: Actor, task: Task, *, note: str = "") -> None:
    """It is done; ``note`` says where the result is."""
    _move(actor, task, Deed.COMPLETE, note)


def reopen(actor: Actor, task: Task, *, reason: str) -> None:
    """It was not done after all."""
    _move(actor, task, Deed.REOPEN, reason)


def cancel(actor: Actor, task: Task, *, reason: str) -> None:
    """Nobody has to do it any more."""
    _move(actor, task, Deed.CANCEL, reason)


def reassign(actor: Actor, task: Task, *, member_id: int | None, due_on: date, note: str = "") -> None:
    """Give the task to another owner (None: the secretariat) with a new due day; it is open again."""
    db.session.refresh(task, with_for_update=True)
    before = {"state": task.state, "member": task.member_id, "due": task.due_on}
    task.state = check_deed(actor, task.member_id, task.state, Deed.REASSIGN, note)
    task.member_id, task.due_on = member_id, due_on
    db.session.flush()
    _note(actor, task, PAST[Deed.REASSIGN], note)
    after = {"state": task.state, "member": member_id, "due": due_on, "note": note}
    record(actor, "task.reassigned", "task", task.id, before=before, after=after)


def _move(actor: Actor, task: Task, deed: Deed, note: str = "") -> None:
    db.session.refresh(task, with_for_update=True)
    before = task.state
    task.state = check_deed(actor, task.member_id, before, deed, note)
    db.session.flush()
    _note(actor, task, PAST[deed], note)
    after = {"state": task.state, "note": note.strip()}
    record(actor, f"task.{PAST[deed]}", "task", task.id, before={"state": before}, after=after)


def _note(actor: Actor, task: Task, what: str, note: str = "") -> None:
    event = TaskEvent(task_id=task.id, at=clock.now(), by=actor.signature, what=what, note=note.strip())
    db.session.add(event)
    db.session.flush()
