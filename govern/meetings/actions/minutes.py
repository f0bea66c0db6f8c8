"""Attendance, minutes and the tasks that come out of them, until the minutes are approved."""

from collections.abc import Mapping
from datetime import date

from govern.audit.actions import record
from govern.bodies.queries import get_body_by_id
from govern.cluster.queries import get_cluster
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.errors import InputError
from govern.meetings import queries, rules
from govern.meetings.actions import mails
from govern.meetings.models import ActionItem, AgendaItem, Attendance, Meeting
from govern.meetings.queries.sheets import SOURCE
from govern.meetings.rules import MinutesState, Presence, minutes_hash, state_of
from govern.members.queries import get_member
from govern.tasks import actions as tasks
from govern.tasks.queries import Task


def record_attendance(actor: Actor, meeting: Meeting, marks: Mapping[int, Presence]) -> None:
    """How each person on the list (by its key) attended; people not in ``marks`` keep their entry."""
    _lock_attendance(meeting)
    lines = {line.id: line for line in queries.list_attendance(meeting.id)}
    changed = {key: mark for key, mark in marks.items() if key in lines and lines[key].presence is not mark}
    if not changed:
        return
    before = {str(key): lines[key].presence for key in changed}
    for key, mark in changed.items():
        lines[key].presence = mark
    db.session.flush()
    after = {str(key): mark for key, mark in changed.items()}
    record(actor, "attendance.recorded", "meeting", meeting.id, before=before, after=after)


def add_attendee(  # noqa: PLR0913 - the fields of a line
    actor: Actor,
    meeting: Meeting,
    *,
    name: str,
    organisation: str,
    presence: Presence,
    member_id: int | None = None,
) -> Attendance:
    """Somebody who was not invited: an alternate, a guest. InputError when the list has that person already."""
    _lock_attendance(meeting)
    name, organisation = name.strip(), organisation.strip()
    if any((line.name, line.organisation) == (name, organisation) for line in queries.list_attendance(meeting.id)):
        raise InputError(f"{name} is on the list already.")
    line = Attendance(
        meeting_id=meeting.id, name=name, organisation=organisation, member_id=member_id, presence=presence
    )
    db.session.add(line)
    db.session.flush()
    after = {"name": name, "organisation": organisation, "member": member_id, "presence": presence}
    record(actor, "attendance.added", "meeting", meeting.id, after=after)
    return line


def remove_attendee(actor: Actor, line: Attendance) -> None:
    """Take somebody off the list who was put on it by mistake."""
    meeting = queries.get_meeting(line.meeting_id)
    _lock_attendance(meeting)
    before = {"name": line.name, "organisation": line.organisation, "presence": line.presence}
    db.session.delete(line)
    db.session.flush()
    record(actor, "attendance.removed", "meeting", meeting.id, before=before)


def write_minute(actor: Actor, item: AgendaItem, text: str) -> None:
    """What was said and agreed under an item."""
    meeting = _lock(queries.get_meeting(item.meeting_id))
    rules.check_minutable(state_of(meeting, clock.now()), meeting.minutes_state)
    text = text.strip()
    if text == item.minute:
        return
    before, item.minute = item.minute, text
    db.session.flush()
    record(actor, "minute.written", "agenda_item", item.id, before={"minute": before}, after={"minute": text})


def assign_task(  # noqa: PLR0913 - the fields of a task
    actor: Actor, item: AgendaItem, *, title: str, due_on: date, member_id: int | None, detail: str = ""
) -> Task:
    """A task agreed under an item, owned by a member or (None) by the secretariat, due at the end of ``due_on``.

    The minutes keep it as agreed, whatever becomes of the task later.
    """
    meeting = _lock(queries.get_meeting(item.meeting_id))
    rules.check_tasks(state_of(meeting, clock.now()), meeting.minutes_state)
    task = tasks.assign_task(
        actor,
        title=title,
        due_on=due_on,
        member_id=member_id,
        detail=detail,
        source_kind=SOURCE,
        source_id=item.id,
        source_label=f"{meeting.title}, item {item.position}: {item.title}",
    )
    owner = get_member(member_id).name if member_id is not None else ""
    db.session.add(ActionItem(item_id=item.id, task_id=task.id, title=task.title, owner=owner, due_on=due_on))
    db.session.flush()
    return task


def circulate(actor: Actor, meeting: Meeting) -> None:
    """Send the minutes to the people of the body; corrections are taken for the next ten days."""
    _lock(meeting)
    items, attendance = queries.list_items(meeting.id), queries.list_attendance(meeting.id)
    presences = [line.presence for line in attendance]
    rules.check_circulating(state_of(meeting, clock.now()), meeting.minutes_state, items, presences)
    today = clock.today(get_cluster().zone)
    meeting.minutes_state, meeting.circulated_at = MinutesState.CIRCULATED, clock.now()
    meeting.corrections_until = rules.last_day_for_corrections(today)
    db.session.flush()
    body = get_body_by_id(meeting.body_id)
    mails.circulated(meeting, body.name, queries.list_participants(actor, body, today))
    after = {"corrections_until": meeting.corrections_until, "minutes": {str(i.position): i.minute for i in items}}
    record(actor, "minutes.circulated", "meeting", meeting.id, after=after)


def approve(actor: Actor, meeting: Meeting) -> None:
    """Fix the minutes for good; their hash goes into the audit log. RuleBrokenError while anything is open."""
    _lock(meeting)
    rules.check_approving(
        meeting.minutes_state,
        until=meeting.corrections_until,
        today=clock.today(get_cluster().zone),
        unanswered=queries.count_unanswered(meeting.id),
        undeclared=queries.list_undeclared_items(meeting.id),
    )
    meeting.minutes_state, meeting.approved_at = MinutesState.APPROVED, clock.now()
    meeting.approved_by = actor.signature
    db.session.flush()
    content = queries.content_of(meeting)
    meeting.minutes_hash = minutes_hash(content)
    db.session.flush()
    after = {"minutes_hash": meeting.minutes_hash, "content": content}
    record(actor, "minutes.approved", "meeting", meeting.id, after=after)


def _lock(meeting: Meeting) -> Meeting:
    db.session.refresh(meeting, with_for_update=True)
    return meeting


def _lock_attendance(meeting: Meeting) -> None:
    _lock(meeting)
    corrected = queries.has_attendance_correction(meeting.id)
    rules.check_attendance(state_of(meeting, clock.now()), meeting.minutes_state, corrected=corrected)
