"""Planning a meeting and its agenda."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from govern.bodies.queries import get_body_by_id, list_bodies
from govern.meetings import actions, queries, rules
from govern.meetings.forms import ItemForm, MeetingForm, VoteForm
from govern.meetings.queries import ItemSheet, Meeting, Sheet
from govern.meetings.routes import bp
from govern.meetings.rules import Mode
from govern.votes.queries.embedding import list_votes_of_body
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


@bp.get("/new")
@allow(rules.may_manage)
def new() -> Response:
    """A form for a meeting."""
    return page("meetings/edit.html", form=_with_bodies(MeetingForm()), meeting=None)


@bp.post("/new")
@allow(rules.may_manage)
def create() -> Response | Redirect:
    """Plan a meeting; nobody is invited yet."""
    form = _with_bodies(MeetingForm())
    if form.validate_on_submit():
        made = attempt(form, lambda: actions.plan_meeting(actor(), get_body_by_id(form.body.data), **_values(form)))
        if made:
            say(_("The meeting is planned. Write its agenda, then call it."))
            return redirect(url_for(".show", meeting_id=made.id), code=303)
    return page("meetings/edit.html", form=form, meeting=None)


@bp.get("/<int:meeting_id>/edit")
@allow(rules.may_manage, meeting=queries.get_sheet)
def edit(meeting: Sheet) -> Response:
    """The form with what is planned."""
    rules.check_prepared(meeting.state)
    form = _with_bodies(MeetingForm(data=_kept(meeting.meeting)))
    return page("meetings/edit.html", form=form, meeting=meeting)


@bp.post("/<int:meeting_id>/edit")
@allow(rules.may_manage, meeting=queries.get_sheet)
def update(meeting: Sheet) -> Response | Redirect:
    """Another title, time or place."""
    form = _with_bodies(MeetingForm(data={"body": meeting.body_id}))
    if form.validate_on_submit() and attempt(
        form, lambda: actions.change_meeting(actor(), meeting.meeting, **_values(form))
    ):
        say(_("The changes are saved."))
        return redirect(url_for(".show", meeting_id=meeting.id), code=303)
    return page("meetings/edit.html", form=form, meeting=meeting)


@bp.get("/<int:meeting_id>/items/new")
@allow(rules.may_manage, meeting=queries.get_sheet)
def new_item(meeting: Sheet) -> Response:
    """A form for an agenda item."""
    rules.check_prepared(meeting.state)
    return page("meetings/edit_item.html", form=_with_votes(ItemForm(), meeting), meeting=meeting, item=None)


@bp.post("/<int:meeting_id>/items/new")
@allow(rules.may_manage, meeting=queries.get_sheet)
def create_item(meeting: Sheet) -> Response | Redirect:
    """Add an item at the end of the agenda."""
    form = _with_votes(ItemForm(), meeting)
    if form.validate_on_submit() and attempt(form, lambda: actions.add_item(actor(), meeting.meeting, **form.values)):
        say(_("The item is on the agenda."))
        return redirect(url_for(".show", meeting_id=meeting.id), code=303)
    return page("meetings/edit_item.html", form=form, meeting=meeting, item=None)


@bp.get("/items/<int:agenda_item_id>/edit")
@allow(rules.may_manage, agenda_item=queries.get_item_sheet)
def edit_item(agenda_item: ItemSheet) -> Response:
    """The form with what the item says."""
    rules.check_prepared(agenda_item.state)
    item = agenda_item.item
    kept = {"title": item.title, "purpose": item.purpose, "kind": item.kind.value, "vote": item.vote_id or 0}
    form = _with_votes(ItemForm(data=kept | {"minutes_planned": item.minutes_planned}), agenda_item.sheet)
    return page("meetings/edit_item.html", form=form, meeting=agenda_item.sheet, item=item)


@bp.post("/items/<int:agenda_item_id>/edit")
@allow(rules.may_manage, agenda_item=queries.get_item_sheet)
def update_item(agenda_item: ItemSheet) -> Response | Redirect:
    """Change an item."""
    form, item = _with_votes(ItemForm(), agenda_item.sheet), agenda_item.item
    if form.validate_on_submit() and attempt(form, lambda: actions.change_item(actor(), item, **form.values)):
        say(_("The changes are saved."))
        return _back(agenda_item)
    return page("meetings/edit_item.html", form=form, meeting=agenda_item.sheet, item=item)


@bp.post("/items/<int:agenda_item_id>/move")
@allow(rules.may_manage, agenda_item=queries.get_item_sheet)
def move_item(agenda_item: ItemSheet) -> Response | Redirect:
    """One place up or down."""
    actions.move_item(actor(), agenda_item.item, up=request.form.get("direction") == "up")
    return _back(agenda_item)


@bp.post("/items/<int:agenda_item_id>/remove")
@allow(rules.may_manage, agenda_item=queries.get_item_sheet)
def remove_item(agenda_item: ItemSheet) -> Redirect:
    """Take the item off the agenda."""
    actions.remove_item(actor(), agenda_item.item)
    say(_("The item is off the agenda."))
    return redirect(url_for(".show", meeting_id=agenda_item.sheet.id), code=303)


@bp.get("/items/<int:agenda_item_id>/vote")
@allow(rules.may_manage, agenda_item=queries.get_item_sheet)
def edit_vote(agenda_item: ItemSheet) -> Response:
    """Votes of the body, to embed one in a decision item of a called meeting."""
    return page(
        "meetings/edit_vote.html",
        form=_choice_of_votes(agenda_item),
        meeting=agenda_item.sheet,
        agenda_item=agenda_item,
    )


@bp.post("/items/<int:agenda_item_id>/vote")
@allow(rules.may_manage, agenda_item=queries.get_item_sheet)
def embed_vote(agenda_item: ItemSheet) -> Response | Redirect:
    """Embed the vote; its result then stands in the minutes by itself."""
    form = _choice_of_votes(agenda_item)
    if form.validate_on_submit():
        attempt(form, lambda: actions.attach_vote(actor(), agenda_item.item, form.vote.data))
    if form.is_submitted() and not form.errors:
        say(_("The vote is part of the item."))
        return _back(agenda_item)
    return page("meetings/edit_vote.html", form=form, meeting=agenda_item.sheet, agenda_item=agenda_item)


def _back(agenda_item: ItemSheet) -> Redirect:
    anchor = f"item-{agenda_item.item.id}"
    return redirect(url_for(".show", meeting_id=agenda_item.sheet.id, _anchor=anchor), code=303)


def _values(form: MeetingForm) -> dict[str, Any]:
    starts_at, ends_at = form.period(current_user.cluster.zone)
    return {
        "title": form.title.data or "",
        "starts_at": starts_at,
        "ends_at": ends_at,
        "place": form.place.data or "",
        "mode": Mode(form.mode.data),
    }


def _kept(meeting: Meeting) -> dict[str, object]:
    zone = ZoneInfo(current_user.cluster.zone)
    starts, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    kept = {"body": meeting.body_id, "title": meeting.title, "place": meeting.place, "mode": meeting.mode.value}
    return kept | {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}


def _with_bodies(form: MeetingForm) -> MeetingForm:
    form.offer([(body.id, body.name) for body in list_bodies()])
    return form


def _with_votes(form: ItemForm, meeting: Sheet) -> ItemForm:
    form.offer([(key, title) for key, title in list_votes_of_body(meeting.body_id)])
    return form


def _choice_of_votes(agenda_item: ItemSheet) -> VoteForm:
    form = VoteForm()
    form.offer([(key, title) for key, title in list_votes_of_body(agenda_item.body_id)])
    return form
