"""What approved minutes consist of, and whether they still do."""

from collections.abc import Sequence

from sqlalchemy import func, select

from govern.extensions import db
from govern.kernel.findings import Finding
from govern.meetings.models import ActionItem, AgendaItem, Attendance, Correction, Meeting
from govern.meetings.queries.sheets import agreed_by_item, list_attendance, list_corrections, list_items
from govern.meetings.rules import MinutesState, minutes_hash
from govern.votes.queries import DECISIONS
from govern.votes.queries.embedding import list_embedded
from govern.votes.rules import VoteState

IN_ATTENDANCE = ("name", "organisation", "presence")
IN_AGREED = ("task_id", "title", "owner", "due_on")
IN_CORRECTION = ("item_id", "by", "text", "at", "accepted", "answer", "answered_by", "answered_at")


def content_of(meeting: Meeting) -> dict[str, object]:
    """The canonical content of the minutes: what the hash of approved minutes is taken of. Five statements."""
    items = list_items(meeting.id)
    agreed = agreed_by_item([item.id for item in items])
    decisions = _decisions([item.vote_id for item in items if item.vote_id is not None])
    return {
        "meeting": meeting.id,
        "body": meeting.body_id,
        "title": meeting.title,
        "place": meeting.place,
        "mode": meeting.mode,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "called_at": meeting.called_at,
        "circulated_at": meeting.circulated_at,
        "corrections_until": meeting.corrections_until,
        "approved_at": meeting.approved_at,
        "approved_by": meeting.approved_by,
        "attendance": [_plain(row, IN_ATTENDANCE) for row in list_attendance(meeting.id)],
        "items": [_item(item, decisions, agreed.get(item.id, ())) for item in items],
        "corrections": [_plain(row, IN_CORRECTION) for row in list_corrections(meeting.id)],
    }


def _plain(row: Attendance | Correction | ActionItem, names: Sequence[str]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


def _item(item: AgendaItem, decisions: dict[int, dict[str, str]], agreed: Sequence[ActionItem]) -> dict[str, object]:
    return {
        "position": item.position,
        "title": item.title,
        "purpose": item.purpose,
        "kind": item.kind,
        "minute": item.minute,
        "vote": item.vote_id,
        "decision": decisions.get(item.vote_id or 0),
        "agreed": [_plain(row, IN_AGREED) for row in agreed],
    }


def _decisions(vote_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    if not vote_ids:
        return {}
    columns = (DECISIONS.c.vote_id, DECISIONS.c.number, DECISIONS.c.result_hash)
    rows = db.session.execute(select(*columns).where(DECISIONS.c.vote_id.in_(vote_ids)))
    return {vote_id: {"number": number, "result_hash": result_hash} for vote_id, number, result_hash in rows}


def list_undeclared_items(meeting_id: int) -> Sequence[int]:
    """Positions of the items whose vote was not withdrawn and has led to no decision yet. Two statements."""
    items = list_items(meeting_id)
    votes = list_embedded({item.vote_id for item in items if item.vote_id is not None})
    ended = {VoteState.DECLARED, VoteState.WITHDRAWN}
    waiting = {vote_id for vote_id, vote in votes.items() if vote.sheet.state not in ended}
    return [item.position for item in items if item.vote_id in waiting]


def count_unanswered(meeting_id: int) -> int:
    """Corrections that wait for an answer."""
    statement = select(func.count()).where(Correction.meeting_id == meeting_id, Correction.answered_at.is_(None))
    return db.session.scalars(statement).one()


def check_minutes() -> Finding:
    """Approved minutes say what they said when they were approved (domain.md I11)."""
    statement = select(Meeting).where(Meeting.minutes_state == MinutesState.APPROVED).order_by(Meeting.id)
    meetings = db.session.scalars(statement).all()
    faults = tuple(
        f"The minutes of meeting {meeting.id} ({meeting.title}) no longer match their hash: compare them with the "
        "audit log's entry minutes.approved and restore them."
        for meeting in meetings
        if minutes_hash(content_of(meeting)) != meeting.minutes_hash
    )
    return Finding("approved minutes", len(meetings), faults)
