"""Attendance, the minutes as they are written, and the minutes as they read."""

from typing import Any

from flask import Response, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect

from govern.kernel import clock
from govern.meetings import actions, queries, rules
from govern.meetings.forms import AttendanceForm, CorrectionForm, GuestForm, MinuteForm, attendance_form
from govern.meetings.queries import Attendance, ItemLine, ItemSheet, Sheet
from govern.meetings.routes import bp, words
from govern.tasks import queries as tasks
from govern.tasks import rules as task_rules
from govern.tasks.forms import TaskForm
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page, wants_fragment

Owners = list[tuple[int, str]]


def _owners() -> Owners:
    """Organisations a task can be given to today."""
    return tasks.list_owners(clock.today(current_user.cluster.zone))


@bp.get("/<int:meeting_id>/attendance")
@allow(rules.may_manage, meeting=queries.get_sheet)
def attendance(meeting: Sheet) -> Response:
    """Who was there, prefilled with everybody invited."""
    return _attendance(meeting)


@bp.post("/<int:meeting_id>/attendance")
@allow(rules.may_manage, meeting=queries.get_sheet)
def record_attendance(meeting: Sheet) -> Response | Redirect:
    """Record how everybody attended."""
    lines = queries.list_attendance(meeting.id)
    form = attendance_form(lines)
    if form.validate_on_submit():
        attempt(form, lambda: actions.record_attendance(actor(), meeting.meeting, form.marks(lines)))
    if form.errors:
        return _attendance(meeting, form)
    say(_("The attendance is saved."))
    return redirect(url_for(".attendance", meeting_id=meeting.id), code=303)


@bp.post("/<int:meeting_id>/attendance/people")
@allow(rules.may_manage, meeting=queries.get_sheet)
def add_attendee(meeting: Sheet) -> Response | Redirect:
    """Put somebody on the list who was not invited."""
    form = _with_members(GuestForm())
    if form.validate_on_submit():
        attempt(form, lambda: actions.add_attendee(actor(), meeting.meeting, **form.values))
    if form.errors:
        return _attendance(meeting, guest=form)
    say(_("%(name)s is on the list.", name=form.name.data))
    return redirect(url_for(".attendance", meeting_id=meeting.id), code=303)


@bp.post("/attendance/<int:attendance_id>/remove")
@allow(rules.may_manage, attendance=queries.get_attendee)
def remove_attendee(attendance: Attendance) -> Redirect:
    """Take somebody off the list who was put on it by mistake."""
    name, meeting_id = attendance.name, attendance.meeting_id
    actions.remove_attendee(actor(), attendance)
    say(_("%(name)s is off the list.", name=name))
    return redirect(url_for(".attendance", meeting_id=meeting_id), code=303)


@bp.get("/<int:meeting_id>/minutes/edit")
@allow(rules.may_manage, meeting=queries.get_sheet)
def edit_minutes(meeting: Sheet) -> Response:
    """All items on one screen, each with its minutes and its tasks."""
    return _write(meeting)


@bp.post("/items/<int:agenda_item_id>/minute")
@allow(rules.may_manage, agenda_item=queries.get_item_sheet)
def write_minute(agenda_item: ItemSheet) -> Response | Redirect:
    """Save the minutes of one item."""
    item = agenda_item.item
    form = MinuteForm(prefix=_minute_prefix(item.id))
    if form.validate_on_submit():
        attempt(form, lambda: actions.write_minute(actor(), item, form.minute.data or ""))
    return _written(agenda_item, form, _("The minutes of item %(number)s are saved.", number=item.position))


@bp.post("/items/<int:agenda_item_id>/tasks")
@allow(rules.may_manage, agenda_item=queries.get_item_sheet)
def assign_task(agenda_item: ItemSheet) -> Response | Redirect:
    """Turn an action item into a task with an owner and a day."""
    item, owners = agenda_item.item, _owners()
    form = _task_form(item.id, owners)
    if form.validate_on_submit() and form.due_on.data:
        given: dict[str, Any] = {"title": form.title.data or "", "detail": form.detail.data or ""}
        given["due_on"] = form.due_on.data
        attempt(form, lambda: actions.assign_task(actor(), item, member_id=form.member_id, **given))
    return _written(agenda_item, form, _("The task is assigned."), owners)


@bp.get("/<int:meeting_id>/minutes")
@allow(rules.may_read_minutes, meeting=queries.get_sheet)
def minutes(meeting: Sheet) -> Response:
    """The minutes as a document, with the corrections asked for."""
    return show_minutes(meeting)


def show_minutes(meeting: Sheet, form: CorrectionForm | None = None) -> Response:
    """The minutes' page; ``form``: a correction that was refused, so that what was typed stays."""
    found, window = queries.get_minutes(actor(), meeting), words.window_of(meeting)
    running = meeting.minutes_state is rules.MinutesState.CIRCULATED and window is not None and not window.over
    asking = form or CorrectionForm(formdata=None)
    asking.offer([(line.item.id, f"{line.item.position}. {line.item.title}") for line in found.lines])
    return page(
        "meetings/minutes.html",
        form=form,
        meeting=meeting,
        minutes=found,
        ballots={line.item.id: words.ballot_of(line) for line in found.lines},
        items={line.item.id: line.item for line in found.lines},
        groups=words.by_presence(found.attendance),
        hidden_items={line.item.id for line in found.lines if line.hidden},
        words=words,
        window=window,
        asking=asking if running and rules.may_ask_correction(actor(), meeting) else None,
        may_manage=rules.may_manage(actor()),
        may_read_tasks=task_rules.may_read(actor()),
        may_approve=rules.may_approve(actor(), meeting),
    )


def _attendance(meeting: Sheet, form: AttendanceForm | None = None, guest: GuestForm | None = None) -> Response:
    lines = queries.list_attendance(meeting.id)
    return page(
        "meetings/attendance.html",
        form=form or guest,
        meeting=meeting,
        lines=lines,
        marks=form or attendance_form(lines),
        guest=guest or _with_members(GuestForm(formdata=None)),
    )


def _with_members(form: GuestForm) -> GuestForm:
    form.offer(_owners())
    return form


def _minute_prefix(item_id: int) -> str:
    return f"minute{item_id}"


def _task_form(item_id: int, owners: Owners, *, fresh: bool = False) -> TaskForm:
    prefix = f"task{item_id}"
    form = TaskForm(prefix=prefix, formdata=None) if fresh else TaskForm(prefix=prefix)
    form.offer(owners)
    return form


def _context(line: ItemLine, owners: Owners, tried: FlaskForm | None = None) -> dict[str, object]:
    """What the block of one item needs; ``tried`` is the form that was refused."""
    own_minute = MinuteForm(formdata=None, prefix=_minute_prefix(line.item.id), minute=line.item.minute)
    return {
        "line": line,
        "ballot": words.ballot_of(line),
        "minute_form": tried if isinstance(tried, MinuteForm) else own_minute,
        "task_form": tried if isinstance(tried, TaskForm) else _task_form(line.item.id, owners, fresh=True),
    }


def _write(meeting: Sheet, tried: FlaskForm | None = None, item_id: int | None = None) -> Response:
    rules.check_tasks(meeting.state, meeting.minutes_state)
    owners = _owners()
    lines = queries.list_item_lines(actor(), meeting.id, with_agreed=True)
    return page(
        "meetings/edit_minutes.html",
        form=tried,
        meeting=meeting,
        blocks=[_context(line, owners, tried if line.item.id == item_id else None) for line in lines],
        words=words,
    )


def _written(agenda_item: ItemSheet, form: FlaskForm, said: str, owners: Owners | None = None) -> Response | Redirect:
    """The item's block for a swap; otherwise the whole screen again, at the item."""
    if wants_fragment():
        tried = form if form.errors else None
        return page(
            "meetings/item_block.html",
            fragment="item",
            form=tried,
            meeting=agenda_item.sheet,
            said=None if tried else said,
            block=_context(queries.get_item_line(actor(), agenda_item.item), owners or _owners(), tried),
            words=words,
        )
    if form.errors:
        return _write(agenda_item.sheet, form, agenda_item.item.id)
    say(said)
    anchor = f"item-{agenda_item.item.id}"
    return redirect(url_for(".edit_minutes", meeting_id=agenda_item.sheet.id, _anchor=anchor), code=303)
