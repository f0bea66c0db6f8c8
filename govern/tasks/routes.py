"""URLs of tasks."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import Row
from werkzeug.wrappers import Response as Redirect

from govern.kernel import clock
from govern.tasks import actions, queries, rules
from govern.tasks.forms import NoteForm, OwnerForm, ReassignForm, TaskForm, task_filter
from govern.tasks.models import Task
from govern.tasks.rules import Deed
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page

bp = Blueprint("tasks", __name__, url_prefix="/tasks")

F = TypeVar("F", bound=OwnerForm)
SOURCE_PAGES: dict[str, str] = {}
"""Endpoint of a source's page by its kind (``agenda_item`` takes ``agenda_item_id``); govern.areas fills it."""


@bp.get("/")
@allow(rules.may_read)
def index() -> Response:
    """Tasks by due day: mine or all, narrowed by state and words."""
    wanted = task_filter(request.args, actor())
    today = _today()
    rows = queries.list_tasks(actor(), wanted, today=today)
    shown = rows[: queries.PAGE_SIZE]
    last = shown[-1].Task if len(rows) > queries.PAGE_SIZE else None
    return page(
        "tasks/index.html",
        fragment="list",
        rows=shown,
        wanted=wanted,
        today=today,
        counts=queries.count_tasks(actor()),
        cursor=f"{last.due_on.isoformat()}.{last.id}" if last else None,
        is_overdue=rules.is_overdue,
        may_assign=rules.may_assign(actor()),
    )


@bp.get("/new")
@allow(rules.may_assign)
def new() -> Response:
    """A form for a task that comes from no meeting."""
    return page("tasks/new.html", form=_with_owners(TaskForm()))


@bp.post("/new")
@allow(rules.may_assign)
def create() -> Response | Redirect:
    """Assign a task."""
    form = _with_owners(TaskForm())
    if form.validate_on_submit():
        given: dict[str, Any] = {"title": form.title.data, "detail": form.detail.data or "", "due_on": form.due_on.data}
        task = attempt(form, lambda: actions.assign_task(actor(), member_id=form.member_id, **given))
        if task:
            say(_("The task is assigned."))
            return redirect(url_for(".show", task_id=task.id), code=303)
    return page("tasks/new.html", form=form)


@bp.get("/<int:task_id>")
@allow(rules.may_read, task=queries.get_task_with_owner)
def show(task: Row[*tuple[Any, ...]]) -> Response:
    """One task with its history and what this person can do to it."""
    return _show(task)


@bp.post("/<int:task_id>/accept")
@allow(rules.may_answer, task=queries.get_task)
def accept(task: Task) -> Response | Redirect:
    """Take the task on."""
    return _do(task, Deed.ACCEPT, lambda _note: actions.accept(actor(), task), _("You accepted the task."))


@bp.post("/<int:task_id>/decline")
@allow(rules.may_answer, task=queries.get_task)
def decline(task: Task) -> Response | Redirect:
    """Refuse the task with a reason."""
    said = _("You declined the task. The secretariat will reassign or cancel it.")
    return _do(task, Deed.DECLINE, lambda note: actions.decline(actor(), task, reason=note), said)


@bp.post("/<int:task_id>/complete")
@allow(rules.may_report, task=queries.get_task)
def complete(task: Task) -> Response | Redirect:
    """Report the task as done."""
    return _do(task, Deed.COMPLETE, lambda note: actions.complete(actor(), task, note=note), _("The task is done."))


@bp.post("/<int:task_id>/reopen")
@allow(rules.may_report, task=queries.get_task)
def reopen(task: Task) -> Response | Redirect:
    """Open an ended task again."""
    said = _("The task is open again.")
    return _do(task, Deed.REOPEN, lambda note: actions.reopen(actor(), task, reason=note), said)


@bp.post("/<int:task_id>/cancel")
@allow(rules.may_assign, task=queries.get_task)
def cancel(task: Task) -> Response | Redirect:
    """Nobody has to do it any more."""
    said = _("The task is cancelled.")
    return _do(task, Deed.CANCEL, lambda note: actions.cancel(actor(), task, reason=note), said)


@bp.post("/<int:task_id>/reassign")
@allow(rules.may_assign, task=queries.get_task)
def reassign(task: Task) -> Response | Redirect:
    """Give the task to another owner."""
    form = _with_owners(ReassignForm(prefix=Deed.REASSIGN.value))
    if form.validate_on_submit():
        given: dict[str, Any] = {"due_on": form.due_on.data, "note": form.note.data or ""}
        attempt(form, lambda: actions.reassign(actor(), task, member_id=form.member_id, **given))
    if form.errors:
        return _show(queries.get_task_with_owner(task.id), form, Deed.REASSIGN)
    say(_("The task has a new owner."))
    return redirect(url_for(".show", task_id=task.id), code=303)


def _do(task: Task, deed: Deed, act: Callable[[str], None], said: str) -> Response | Redirect:
    form = NoteForm(prefix=deed.value)
    if form.validate_on_submit():
        attempt(form, lambda: act(form.note.data or ""))
    if form.errors:
        return _show(queries.get_task_with_owner(task.id), form, deed)
    say(said)
    return redirect(url_for(".show", task_id=task.id), code=303)


def _show(row: Row[*tuple[Any, ...]], tried: FlaskForm | None = None, deed: Deed | None = None) -> Response:
    """The task's page; ``tried`` is the form that was refused, so that what was typed stays."""
    deeds = rules.open_deeds(actor(), row.Task.member_id, row.Task.state)
    forms: dict[Deed, FlaskForm] = {deed: NoteForm(prefix=deed.value) for deed in deeds - {Deed.ACCEPT}}
    if Deed.REASSIGN in deeds:
        offered = ReassignForm(prefix="reassign", owner=row.Task.member_id or 0, due_on=row.Task.due_on)
        forms[Deed.REASSIGN] = _with_owners(offered)
    if tried is not None and deed is not None:
        forms[deed] = tried
    return page(
        "tasks/show.html",
        form=tried,
        task=row.Task,
        owner=row.owner,
        history=queries.history_of(row.Task),
        deeds=deeds,
        forms=forms,
        overdue=rules.is_overdue(row.Task.state, row.Task.due_on, _today()),
        source_href=_source_href(row.Task),
    )


def _today() -> date:
    return clock.today(current_user.cluster.zone)


def _source_href(task: Task) -> str | None:
    endpoint = SOURCE_PAGES.get(task.source_kind)
    values: dict[str, Any] = {f"{task.source_kind}_id": task.source_id}
    return url_for(endpoint, **values) if endpoint and task.source_id else None


def _with_owners(form: F) -> F:
    form.offer(queries.list_owners(_today()))
    return form
