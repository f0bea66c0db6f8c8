"""Calling and cancelling a meeting, circulating and approving its minutes: the steps that are checked first."""

from flask import Response, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect

from govern.bodies.queries import get_body_by_id
from govern.kernel import clock
from govern.meetings import actions, queries, rules
from govern.meetings.forms import CallForm, ReasonForm
from govern.meetings.queries import Sheet
from govern.meetings.routes import bp, words
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


@bp.get("/<int:meeting_id>/call")
@allow(rules.may_manage, meeting=queries.get_sheet)
def ask_call(meeting: Sheet) -> Response:
    """Who gets the notice and how much notice it gives, before it goes out."""
    rules.check_prepared(meeting.state)
    return _ask_call(meeting, CallForm())


@bp.post("/<int:meeting_id>/call")
@allow(rules.may_manage, meeting=queries.get_sheet)
def call(meeting: Sheet) -> Response | Redirect:
    """Fix the agenda and send the notice."""
    form = CallForm()
    if form.validate_on_submit():
        attempt(form, lambda: actions.call_meeting(actor(), meeting.meeting, short_notice=form.short_notice.data or ""))
    if form.errors:
        return _ask_call(meeting, form)
    say(_("The meeting is called. The notice is on its way to everybody invited."))
    return redirect(url_for(".show", meeting_id=meeting.id), code=303)


@bp.get("/<int:meeting_id>/cancel")
@allow(rules.may_manage, meeting=queries.get_sheet)
def ask_cancel(meeting: Sheet) -> Response:
    """What cancelling means, before it is done."""
    return page("meetings/cancel.html", form=ReasonForm(), meeting=meeting)


@bp.post("/<int:meeting_id>/cancel")
@allow(rules.may_manage, meeting=queries.get_sheet)
def cancel(meeting: Sheet) -> Response | Redirect:
    """The meeting does not take place."""
    form = ReasonForm()
    if form.validate_on_submit():
        attempt(form, lambda: actions.cancel_meeting(actor(), meeting.meeting, reason=form.reason.data or ""))
    if form.errors:
        return page("meetings/cancel.html", form=form, meeting=meeting)
    say(_("The meeting is cancelled."))
    return redirect(url_for(".show", meeting_id=meeting.id), code=303)


@bp.get("/<int:meeting_id>/circulate")
@allow(rules.may_manage, meeting=queries.get_sheet)
def ask_circulate(meeting: Sheet) -> Response:
    """Until when corrections will be taken, before the minutes go out."""
    return _ask_circulate(meeting, FlaskForm())


@bp.post("/<int:meeting_id>/circulate")
@allow(rules.may_manage, meeting=queries.get_sheet)
def circulate(meeting: Sheet) -> Response | Redirect:
    """Send the minutes to the people of the body."""
    form = FlaskForm()
    if form.validate_on_submit():
        attempt(form, lambda: actions.circulate(actor(), meeting.meeting))
    if form.errors:
        return _ask_circulate(meeting, form)
    say(_("The minutes are circulated. Corrections are taken for ten days."))
    return redirect(url_for(".minutes", meeting_id=meeting.id), code=303)


@bp.get("/<int:meeting_id>/approve")
@allow(rules.may_approve, meeting=queries.get_sheet)
def ask_approve(meeting: Sheet) -> Response:
    """What approving means, before it is done."""
    return _ask_approve(meeting, FlaskForm())


@bp.post("/<int:meeting_id>/approve")
@allow(rules.may_approve, meeting=queries.get_sheet)
def approve(meeting: Sheet) -> Response | Redirect:
    """Fix the minutes for good."""
    form = FlaskForm()
    if form.validate_on_submit():
        attempt(form, lambda: actions.approve(actor(), meeting.meeting))
    if form.errors:
        return _ask_approve(meeting, form)
    say(_("The minutes are approved. Nothing changes them any more."))
    return redirect(url_for(".minutes", meeting_id=meeting.id), code=303)


def _ask_call(meeting: Sheet, form: CallForm) -> Response:
    zone = current_user.cluster.zone
    today, meets_on = clock.today(zone), clock.local_day(meeting.meeting.starts_at, zone)
    given, asked = rules.notice_days(meeting.body_kind, today, meets_on)
    return page(
        "meetings/call.html",
        form=form,
        meeting=meeting,
        given=given,
        asked=asked,
        items=queries.list_items(meeting.id),
        participants=queries.list_participants(actor(), get_body_by_id(meeting.body_id), today),
    )


def _ask_circulate(meeting: Sheet, form: FlaskForm) -> Response:
    until = rules.last_day_for_corrections(clock.today(current_user.cluster.zone))
    return page("meetings/circulate.html", form=form, meeting=meeting, until=until)


def _ask_approve(meeting: Sheet, form: FlaskForm) -> Response:
    return page(
        "meetings/approve.html",
        form=form,
        meeting=meeting,
        window=words.window_of(meeting),
        unanswered=queries.count_unanswered(meeting.id),
    )
