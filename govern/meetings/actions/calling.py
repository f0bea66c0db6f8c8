"""Calling and cancelling a meeting."""

from govern.audit.actions import record
from govern.bodies.queries import get_body_by_id
from govern.cluster.queries import get_cluster
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.meetings import queries, rules
from govern.meetings.actions import mails
from govern.meetings.actions.agenda import lock_prepared
from govern.meetings.models import Attendance, Meeting
from govern.meetings.rules import MeetingState, state_of


def call_meeting(actor: Actor, meeting: Meeting, *, short_notice: str = "") -> None:
    """Fix the agenda, put the participants on the attendance list and queue the notice to each.

    RuleBrokenError for an agenda that does not say what it is for, for nobody to invite, and for less notice than the
    body asks for without the reason ``short_notice``, which stays on the record.
    """
    lock_prepared(meeting)
    zone, body = get_cluster().zone, get_body_by_id(meeting.body_id)
    today, meets_on = clock.today(zone), clock.local_day(meeting.starts_at, zone)
    items = queries.list_items(meeting.id)
    participants = queries.list_participants(actor, body, today)
    rules.check_call(
        state_of(meeting, clock.now()),
        body.kind,
        called_on=today,
        meets_on=meets_on,
        items=items,
        participants=len(participants),
        short_notice=short_notice,
    )
    given, asked = rules.notice_days(body.kind, today, meets_on)
    meeting.called_at, meeting.called_by = clock.now(), actor.signature
    meeting.short_notice = short_notice.strip() if given < asked else ""
    for person in participants:
        db.session.add(
            Attendance(
                meeting_id=meeting.id,
                name=person.name,
                organisation=person.organisation,
                member_id=person.member_id,
            )
        )
    db.session.flush()
    mails.called(meeting, body.name, items, participants)
    after = {
        "called_at": meeting.called_at,
        "short_notice": meeting.short_notice,
        "items": [{"position": item.position, "title": item.title, "purpose": item.purpose} for item in items],
        "invited": [person.user_id for person in participants],
    }
    record(actor, "meeting.called", "meeting", meeting.id, after=after)


def cancel_meeting(actor: Actor, meeting: Meeting, *, reason: str) -> None:
    """The meeting does not take place; whoever was invited is told why."""
    db.session.refresh(meeting, with_for_update=True)
    state = state_of(meeting, clock.now())
    rules.check_cancelling(state, reason)
    meeting.cancelled_at, meeting.cancel_reason = clock.now(), reason.strip()
    db.session.flush()
    if state is MeetingState.CALLED:
        body = get_body_by_id(meeting.body_id)
        today = clock.today(get_cluster().zone)
        mails.cancelled(meeting, body.name, queries.list_participants(actor, body, today))
    record(actor, "meeting.cancelled", "meeting", meeting.id, after={"reason": meeting.cancel_reason})
