"""Corrections: asked for by people of the body, answered by the secretariat."""

from flask import Response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from govern.meetings import actions, queries, rules
from govern.meetings.forms import YES, AnswerForm, CorrectionForm
from govern.meetings.queries import CorrectionCase, Sheet
from govern.meetings.routes import bp
from govern.meetings.routes.minutes import show_minutes
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


@bp.post("/<int:meeting_id>/corrections")
@allow(rules.may_ask_correction, meeting=queries.get_sheet)
def ask_correction(meeting: Sheet) -> Response | Redirect:
    """Ask for a correction to the circulated minutes."""
    form, items = CorrectionForm(), {item.id: item for item in queries.list_items(meeting.id)}
    form.offer([(item.id, item.title) for item in items.values()])
    if form.validate_on_submit():
        item = items.get(form.item.data)
        attempt(form, lambda: actions.ask_correction(actor(), meeting.meeting, text=form.text.data or "", item=item))
    if form.errors:
        return show_minutes(meeting, form)
    say(_("Your correction is with the secretariat. You find its answer on this page."))
    return redirect(url_for(".minutes", meeting_id=meeting.id, _anchor="corrections"), code=303)


@bp.get("/corrections/<int:correction_id>/answer")
@allow(rules.may_manage, correction=queries.get_correction_case)
def ask_answer(correction: CorrectionCase) -> Response:
    """What was asked for, beside the text it is about."""
    item = correction.item
    form = AnswerForm(data={"new_text": item.minute if item else ""})
    return page("meetings/answer.html", form=form, case=correction, meeting=correction.sheet)


@bp.post("/corrections/<int:correction_id>/answer")
@allow(rules.may_manage, correction=queries.get_correction_case)
def answer_correction(correction: CorrectionCase) -> Response | Redirect:
    """Take the correction over, or refuse it with the reason."""
    form = AnswerForm()
    if form.validate_on_submit():
        attempt(form, lambda: _answer(correction, form))
    if form.errors:
        return page("meetings/answer.html", form=form, case=correction, meeting=correction.sheet)
    say(_("The correction is answered."))
    return redirect(url_for(".minutes", meeting_id=correction.sheet.id, _anchor="corrections"), code=303)


def _answer(correction: CorrectionCase, form: AnswerForm) -> None:
    actions.answer_correction(
        actor(),
        correction.correction,
        accepted=form.accepted.data == YES,
        answer=form.answer.data or "",
        new_text=form.new_text.data or "",
    )
