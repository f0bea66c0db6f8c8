"""The list of meetings, a meeting's page, its calendar file."""

from datetime import UTC
from urllib.parse import urlsplit

from flask import Response, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from govern.config import address
from govern.meetings import queries, rules
from govern.meetings.forms import meeting_filter
from govern.meetings.queries import ItemSheet, Sheet, View
from govern.meetings.routes import bp, words
from govern.meetings.rules import MeetingState
from govern.tasks import rules as task_rules
from govern.web.access import actor, allow
from govern.web.pages import page

PRODUCT = "-//Govern//Meetings//EN"


@bp.get("/")
@allow(rules.acts)
def index() -> Response:
    """Meetings this person may read: the coming ones, or those that were."""
    chosen = meeting_filter(request.args)
    rows = queries.list_meetings(actor(), chosen=chosen, limit=queries.PAGE_SIZE + 1)
    shown = rows[: queries.PAGE_SIZE]
    last = shown[-1].Meeting if len(rows) > queries.PAGE_SIZE else None
    return page(
        "meetings/index.html",
        fragment="list",
        rows=shown,
        chosen=chosen,
        counts=queries.count_views(actor()),
        cursor=f"{last.starts_at.isoformat()}.{last.id}" if last and chosen.view is not View.COMING else None,
        words=words,
        may_manage=rules.may_manage(actor()),
    )


@bp.get("/<int:meeting_id>")
@allow(rules.may_read, meeting=queries.get_sheet)
def show(meeting: Sheet) -> Response:
    """One meeting: agenda with its votes, who is invited, where the minutes stand."""
    reads_minutes = rules.may_read_minutes(actor(), meeting)
    lines = queries.list_item_lines(actor(), meeting.id, with_tasks=meeting.state is MeetingState.HELD)
    return page(
        "meetings/show.html",
        meeting=meeting,
        lines=lines,
        ballots={line.item.id: words.ballot_of(line) for line in lines},
        planned=sum(line.item.minutes_planned for line in lines),
        attendance=queries.list_attendance(meeting.id),
        words=words,
        window=words.window_of(meeting),
        reads_minutes=reads_minutes,
        may_manage=rules.may_manage(actor()),
        may_read_tasks=task_rules.may_read(actor()),
        may_approve=rules.may_approve(actor(), meeting),
    )


@bp.get("/items/<int:agenda_item_id>")
@allow(rules.may_read, agenda_item=queries.get_item_sheet)
def item(agenda_item: ItemSheet) -> Redirect:
    """Where an item stands: in the minutes for those who may read them, otherwise on the agenda."""
    reads = agenda_item.state is MeetingState.HELD and rules.may_read_minutes(actor(), agenda_item)
    endpoint = ".minutes" if reads else ".show"
    anchor = f"item-{agenda_item.item.id}"
    return redirect(url_for(endpoint, meeting_id=agenda_item.sheet.id, _anchor=anchor), code=302)


@bp.get("/<int:meeting_id>/calendar.ics")
@allow(rules.may_read, meeting=queries.get_sheet)
def calendar(meeting: Sheet) -> Response:
    """The meeting as an iCalendar file (RFC 5545), with a key that stays the same."""
    response = Response(_calendar(meeting), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"attachment; filename=meeting-{meeting.id}.ics"
    return response


def _calendar(meeting: Sheet) -> bytes:
    from icalendar import Calendar, Event, vText  # noqa: PLC0415 - 4 MB for one page

    # The installation's own address, not the request's: whoever imports the file from elsewhere has the same meeting.
    held, link = meeting.meeting, address(url_for(".show", meeting_id=meeting.id))
    event = Event()
    event.add("uid", f"meeting-{held.id}@{urlsplit(link).hostname}")
    event.add("dtstamp", (held.cancelled_at or held.called_at or held.created_at).astimezone(UTC))
    event.add("dtstart", held.starts_at.astimezone(UTC))
    event.add("dtend", held.ends_at.astimezone(UTC))
    event.add("summary", held.title)
    event.add("location", vText(held.place))
    event.add("organizer", f"mailto:{current_user.cluster.help_email}")
    event.add("url", link)
    event.add("description", f"{meeting.body_name}\n{link}")
    event.add("sequence", 1 if held.cancelled_at else 0)
    event.add("status", "CANCELLED" if held.cancelled_at else "CONFIRMED" if held.called_at else "TENTATIVE")
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add_component(event)
    return bytes(found.to_ical())
