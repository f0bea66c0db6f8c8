"""Corrections to circulated minutes: asked for by the people of the body, answered by the secretariat."""

from govern.audit.actions import record
from govern.cluster.queries import get_cluster
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.meetings import queries, rules
from govern.meetings.actions import mails
from govern.meetings.models import AgendaItem, Correction, Meeting


def ask_correction(actor: Actor, meeting: Meeting, *, text: str, item: AgendaItem | None = None) -> Correction:
    """Ask for a correction to an item, or without one to the attendance; the secretariat is told.

    NotAllowedError for whoever is not of the body, RuleBrokenError outside the window.
    """
    db.session.refresh(meeting, with_for_update=True)
    rules.check_may_ask(actor, queries.get_sheet(meeting.id))
    rules.check_asking(meeting.minutes_state, meeting.corrections_until, clock.today(get_cluster().zone), text)
    correction = Correction(
        meeting_id=meeting.id,
        item_id=item.id if item else None,
        by=actor.signature,
        member_id=actor.member_id,
        text=text.strip(),
        at=clock.now(),
    )
    db.session.add(correction)
    db.session.flush()
    mails.correction_asked(meeting, correction)
    after = {"meeting": meeting.id, "item": correction.item_id, "text": correction.text}
    record(actor, "correction.asked", "correction", correction.id, after=after)
    return correction


def answer_correction(
    actor: Actor, correction: Correction, *, accepted: bool, answer: str = "", new_text: str = ""
) -> None:
    """Take a correction over, with the item's text as it reads from now on, or refuse it with the reason."""
    meeting = queries.get_meeting(correction.meeting_id)
    db.session.refresh(meeting, with_for_update=True)
    db.session.refresh(correction)
    item = db.session.get(AgendaItem, correction.item_id) if correction.item_id is not None else None
    rules.check_answering(
        meeting.minutes_state,
        answered=correction.answered_at is not None,
        accepted=accepted,
        answer=answer,
        lacks_text=item is not None and not new_text.strip(),
    )
    correction.accepted, correction.answer = accepted, answer.strip()
    correction.answered_by, correction.answered_at = actor.signature, clock.now()
    if accepted and item is not None:
        correction.text_before, correction.text_after = item.minute, new_text.strip()
        item.minute = correction.text_after
    db.session.flush()
    after = {"accepted": accepted, "answer": correction.answer, "text": correction.text_after}
    before = {"text": correction.text_before}
    record(actor, "correction.answered", "correction", correction.id, before=before, after=after)
