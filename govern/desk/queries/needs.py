"""Home's union."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, nulls_last, select, union_all

from govern.dues.queries import needs_you as dues_needs
from govern.extensions import db
from govern.kernel.actor import Actor
from govern.meetings.queries import needs_you as meeting_needs
from govern.reviews.queries import needs_you as review_needs
from govern.tasks.queries import needs_you as task_needs
from govern.votes.queries import needs_you as vote_needs

SOURCES: Sequence[Callable[[Actor], Select[Any] | None]] = (
    vote_needs,
    review_needs,
    task_needs,
    meeting_needs,
    dues_needs,
)
MOST = 200
"""More than anybody has to do; the badges of home are counted from the same rows."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for this person; due at an instant or on a day, or without a date."""

    kind: str
    object_id: int
    title: str
    detail: str
    due_at: datetime | None
    due_on: date | None


def list_needs(actor: Actor) -> Sequence[Need]:
    """What needs ``actor`` under this hat, the most urgent first. One statement."""
    together = _together(actor)
    if together is None:
        return []
    rows = together.subquery()
    statement = (
        select(rows)
        .order_by(nulls_last(func.coalesce(func.date(rows.c.due_at), rows.c.due_on)), rows.c.kind, rows.c.object_id)
        .limit(MOST)
    )
    return [
        Need(row.kind, row.object_id, row.title, row.detail, row.due_at, row.due_on)
        for row in db.session.execute(statement)
    ]


def count_needs(actor: Actor) -> dict[str, int]:
    """How many of each kind; ``{"vote": 2, "task": 1}``. One statement."""
    together = _together(actor)
    if together is None:
        return {}
    rows = together.subquery()
    found = db.session.execute(select(rows.c.kind, func.count()).group_by(rows.c.kind).order_by(rows.c.kind))
    return {str(kind): int(count) for kind, count in found}


BADGES = {
    "vote": "votes",
    "declare": "votes",
    "review": "reviews",
    "question": "reviews",
    "objection": "reviews",
    "task": "tasks",
    "task_declined": "tasks",
    "meeting": "meetings",
    "minutes": "meetings",
    "invoice": "dues",
}
"""Which badge of the navigation counts a kind of need."""


def badge_counts(actor: Actor) -> dict[str, int]:
    """What the navigation's badges show."""
    return _by_badge(count_needs(actor).items())


def badges_of(needs: Iterable[Need]) -> dict[str, int]:
    """The same out of needs that were read already."""
    return _by_badge((need.kind, 1) for need in needs)


def _by_badge(kinds: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kind, count in kinds:
        counts[BADGES[kind]] = counts.get(BADGES[kind], 0) + count
    return counts


def _together(actor: Actor) -> CompoundSelect[Any] | Select[Any] | None:
    parts = [part for source in SOURCES if (part := source(actor)) is not None]
    return union_all(*parts) if len(parts) > 1 else (parts[0] if parts else None)
