"""Planning a meeting and its agenda, until it is called."""

from datetime import datetime

from govern.audit.actions import record
from govern.bodies.queries import Body
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.errors import InputError, RuleBrokenError
from govern.meetings import queries, rules
from govern.meetings.models import AgendaItem, Meeting
from govern.meetings.rules import ItemKind, MinutesState, Mode, state_of
from govern.votes.queries import get_vote


def plan_meeting(  # noqa: PLR0913 - the fields of a meeting
    actor: Actor,
    body: Body,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    mode: Mode = Mode.HYBRID,
) -> Meeting:
    """A meeting with an empty agenda that nobody has been invited to yet; instants in UTC."""
    rules.check_period(starts_at, ends_at)
    meeting = Meeting(
        body_id=body.id,
        title=title.strip(),
        place=place.strip(),
        mode=mode,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=clock.now(),
    )
    db.session.add(meeting)
    db.session.flush()
    record(actor, "meeting.planned", "meeting", meeting.id, after=_values(meeting) | {"body": body.code})
    return meeting


def change_meeting(  # noqa: PLR0913 - the fields of a meeting
    actor: Actor,
    meeting: Meeting,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    mode: Mode,
) -> Meeting:
    """Another title, time or place, until the meeting is called."""
    lock_prepared(meeting)
    rules.check_period(starts_at, ends_at)
    before = _values(meeting)
    meeting.title, meeting.place, meeting.mode = title.strip(), place.strip(), mode
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    db.session.flush()
    record(actor, "meeting.changed", "meeting", meeting.id, before=before, after=_values(meeting))
    return meeting


def add_item(  # noqa: PLR0913 - the fields of an item
    actor: Actor,
    meeting: Meeting,
    *,
    title: str,
    kind: ItemKind,
    purpose: str = "",
    minutes_planned: int = 10,
    vote_id: int | None = None,
) -> AgendaItem:
    """An item at the end of the agenda. ``vote_id``: the vote a decision item embeds."""
    lock_prepared(meeting)
    rules.check_item(title)
    _check_vote(meeting, kind, vote_id)
    item = AgendaItem(
        meeting_id=meeting.id,
        position=len(queries.list_items(meeting.id)) + 1,
        title=title.strip(),
        purpose=purpose.strip(),
        kind=kind,
        minutes_planned=minutes_planned,
        vote_id=vote_id,
    )
    db.session.add(item)
    db.session.flush()
    after = _item_values(item) | {"meeting": meeting.id}
    record(actor, "agenda_item.added", "agenda_item", item.id, after=after)
    return item


def change_item(  # noqa: PLR0913 - the fields of an item
    actor: Actor,
    item: AgendaItem,
    *,
    title: str,
    kind: ItemKind,
    purpose: str,
    minutes_planned: int,
    vote_id: int | None,
) -> AgendaItem:
    """Other words, time or vote, until the meeting is called."""
    meeting = queries.get_meeting(item.meeting_id)
    lock_prepared(meeting)
    rules.check_item(title)
    _check_vote(meeting, kind, vote_id)
    before = _item_values(item)
    item.title, item.purpose, item.kind = title.strip(), purpose.strip(), kind
    item.minutes_planned, item.vote_id = minutes_planned, vote_id
    db.session.flush()
    record(actor, "agenda_item.changed", "agenda_item", item.id, before=before, after=_item_values(item))
    return item


def attach_vote(actor: Actor, item: AgendaItem, vote_id: int) -> None:
    """Embed a vote in a decision item of a called meeting, once: votes are often prepared after the call."""
    meeting = queries.get_meeting(item.meeting_id)
    db.session.refresh(meeting, with_for_update=True)
    db.session.refresh(item)
    if meeting.minutes_state is not MinutesState.DRAFT or meeting.cancelled_at is not None:
        raise RuleBrokenError("The agenda and its minutes no longer change.")
    if item.vote_id is not None:
        raise RuleBrokenError("This item has its vote already.")
    _check_vote(meeting, item.kind, vote_id)
    item.vote_id = vote_id
    db.session.flush()
    record(actor, "agenda_item.vote_attached", "agenda_item", item.id, after={"vote": vote_id})


def move_item(actor: Actor, item: AgendaItem, *, up: bool) -> None:
    """Change places with the item before or after; nothing happens at the ends."""
    lock_prepared(queries.get_meeting(item.meeting_id))
    items = list(queries.list_items(item.meeting_id))
    index = items.index(item)
    target = index - 1 if up else index + 1
    if not 0 <= target < len(items):
        return
    other = items[target]
    own_place, other_place = item.position, other.position
    # Two items never hold one place, not even for a moment: the moved one steps aside first.
    for moved, place in ((item, 0), (other, own_place), (item, other_place)):
        moved.position = place
        db.session.flush()
    before, after = {"position": own_place}, {"position": other_place}
    record(actor, "agenda_item.moved", "agenda_item", item.id, before=before, after=after)


def remove_item(actor: Actor, item: AgendaItem) -> None:
    """Take an item off the agenda; those behind it move up."""
    lock_prepared(queries.get_meeting(item.meeting_id))
    before = _item_values(item) | {"meeting": item.meeting_id}
    behind = [other for other in queries.list_items(item.meeting_id) if other.position > item.position]
    item_id = item.id
    db.session.delete(item)
    db.session.flush()
    for other in behind:
        other.position -= 1
        db.session.flush()
    record(actor, "agenda_item.removed", "agenda_item", item_id, before=before)


def lock_prepared(meeting: Meeting) -> None:
    """The meeting as it is now, kept from others until we are done; RuleBrokenError once it is called."""
    db.session.refresh(meeting, with_for_update=True)
    rules.check_prepared(state_of(meeting, clock.now()))


def _check_vote(meeting: Meeting, kind: ItemKind, vote_id: int | None) -> None:
    if vote_id is None:
        return
    if kind is not ItemKind.DECISION:
        raise InputError("Only a decision item has a vote. Choose the kind “decision”, or leave the vote out.")
    if get_vote(vote_id).body_id != meeting.body_id:
        raise RuleBrokenError("This vote belongs to another body. An item embeds votes of the body that meets.")


def _values(meeting: Meeting) -> dict[str, object]:
    return {
        "title": meeting.title,
        "place": meeting.place,
        "mode": meeting.mode,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
    }


def _item_values(item: AgendaItem) -> dict[str, object]:
    return {
        "position": item.position,
        "title": item.title,
        "purpose": item.purpose,
        "kind": item.kind,
        "minutes_planned": item.minutes_planned,
        "vote": item.vote_id,
    }
