"""Importing members in the browser: upload, check, apply, undo."""

import json
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from govern.cluster.queries import get_cluster
from govern.kernel import clock
from govern.kernel.errors import InputError
from govern.members import queries, rules
from govern.members.actions.importing import apply_import, discard_import, undo_import, upload_import
from govern.members.forms import ApplyForm, PlainForm, UploadForm, typed
from govern.members.models import ImportRun
from govern.members.routes import bp
from govern.members.rules.intake import Plan
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page

ROWS_SHOWN = 200


def _at(run: ImportRun) -> Response:
    return redirect(url_for("members.show_import", run_id=run.id), code=303)


@bp.get("/imports")
@allow(rules.may_keep)
def imports() -> Response:
    """What was imported, and a form for the next file."""
    return page("members/imports.html", form=UploadForm(formdata=None), runs=queries.list_runs())


@bp.post("/imports")
@allow(rules.may_keep)
def upload() -> Response:
    """Keep the file and go to its check."""
    form = UploadForm()
    if form.validate_on_submit() and (run := attempt(form, lambda: _upload(form))):
        return _at(run)
    return page("members/imports.html", form=form, runs=queries.list_runs())


def _upload(form: UploadForm) -> ImportRun:
    name = secure_filename(form.file.data.filename or "") or "members"
    content = form.file.data.read()
    year = clock.today(get_cluster().zone).year
    return upload_import(actor(), file_name=name, content=content, given=read_map(typed(form.mapping)), year=year)


def read_map(text: str) -> dict[str, str]:
    """The map of columns typed as JSON, {} for none; InputError when it is no map of texts."""
    if not text:
        return {}
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise InputError(_('The map is written {"name": "Heading of the column"}.'))
    return found


@bp.get("/imports/<int:run_id>")
@allow(rules.may_keep, run=queries.get_run)
def show_import(run: ImportRun) -> Response:
    """The check before, the result after."""
    return _import_page(run, ApplyForm(formdata=None))


def _import_page(run: ImportRun, form: ApplyForm) -> Response:
    plan: Plan | None = None
    if run.content is not None:
        plan = queries.plan_of(run.content, json.loads(run.mapping), year=clock.today(get_cluster().zone).year)
    return page("members/import.html", form=form, run=run, plan=plan, most=ROWS_SHOWN)


@bp.post("/imports/<int:run_id>/apply")
@allow(rules.may_keep, run=queries.get_run)
def apply(run: ImportRun) -> Response:
    """Write it all, or nothing and say why."""
    form = ApplyForm()
    plan = attempt(form, lambda: _apply(run, form)) if form.validate_on_submit() else None
    if plan is None:
        return _import_page(queries.get_run(run.id), form)
    count = len(plan.created) + len(plan.changed)
    say(ngettext("%(num)s member written.", "%(num)s members written.", count))
    return _at(run)


def _apply(run: ImportRun, form: ApplyForm) -> Plan:
    today = clock.today(get_cluster().zone)
    try:
        return apply_import(actor(), run, today=today, skip_refused=bool(form.skip_refused.data))
    except InputError as refused:  # the page names every row below; above it the number is enough
        count = len(refused.faults)
        message = ngettext(
            "%(num)s row cannot be taken. Correct the file, or go on without this row.",
            "%(num)s rows cannot be taken. Correct the file, or go on without these rows.",
            count,
        )
        raise InputError(message) from None


@bp.post("/imports/<int:run_id>/discard")
@allow(rules.may_keep, run=queries.get_run)
def discard(run: ImportRun) -> Response:
    """Throw an uploaded file away."""
    if PlainForm().validate_on_submit():
        discard_import(actor(), run)
        say(_("The file is thrown away; nothing was written."))
    return redirect(url_for("members.imports"), code=303)


@bp.get("/imports/<int:run_id>/undo")
@allow(rules.may_keep, run=queries.get_run)
def undo(run: ImportRun) -> Response:
    """What undoing means."""
    return page("members/undo.html", form=PlainForm(formdata=None), run=run)


@bp.post("/imports/<int:run_id>/undo")
@allow(rules.may_keep, run=queries.get_run)
def undo_create(run: ImportRun) -> Response:
    """Take the import back as a whole."""
    form = PlainForm()
    if form.validate_on_submit() and attempt(form, lambda: _undo(run)):
        say(_("The import is undone."))
        return _at(run)
    return page("members/undo.html", form=form, run=queries.get_run(run.id))


def _undo(run: ImportRun) -> bool:
    undo_import(actor(), run)
    return True
