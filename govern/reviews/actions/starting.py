"""What the clock brings: reviews start with a declared decision and end by themselves."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from govern.audit.actions import record
from govern.cluster.queries import get_cluster
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM
from govern.reviews import queries, rules
from govern.reviews.actions import mails
from govern.reviews.models import Review

ADOPTED = "adopted"


class Decided(Protocol):
    """What is needed of a decision."""

    id: int
    number: str
    title: str
    outcome: str


class Reviewing(Protocol):
    """What is needed of a rule profile."""

    review_days: int


class Touched(Protocol):
    """What is needed of a subject: each department's share in minor units by its id, 0 for a standard."""

    @property
    def kind(self) -> str:
        """Budget line, standard, ..."""

    @property
    def code(self) -> str:
        """Short name within the decision."""

    @property
    def title(self) -> str:
        """What it is."""

    @property
    def shares(self) -> Mapping[int, int]:
        """Minor units by department id."""


def start_reviews(decision: Decided, _vote: object, profile: Reviewing, subjects: Sequence[Touched]) -> list[Review]:
    """Start one clock per department share of an adopted decision, at this instant; the liaisons are told by mail.

    Runs in the declaring transaction. A standard counts with a share of 0; no share, or a rule without review days, no
    clock: such a subject is executable at once (L01).
    """
    if decision.outcome != ADOPTED or profile.review_days <= 0:
        return []
    now = clock.now()
    ends_at = rules.end_of(now, profile.review_days, 0, get_cluster().zone)
    reviews = [
        Review(
            decision_id=decision.id,
            department_id=department_id,
            subject_kind=subject.kind,
            subject_code=subject.code,
            subject_title=subject.title,
            minor=minor,
            days=profile.review_days,
            notified_at=now,
            ends_at=ends_at,
        )
        for subject in subjects
        for department_id, minor in sorted(subject.shares.items())
    ]
    db.session.add_all(reviews)
    db.session.flush()
    for review in reviews:
        after = {"decision": decision.number, "subject": review.subject_code, "department": review.department_id}
        record(SYSTEM, "review.started", "review", review.id, after=after | {"days": review.days, "ends_at": ends_at})
    mails.started(decision, reviews)
    return reviews


def record_deemings() -> int:
    """Write down, and tell, which clocks ran out since the last time; returns how many.

    The state does not depend on it: a clock that has run out is deemed whatever any job does.
    """
    now = clock.now()
    # Read again behind the lock: a question asked in time changes the state and not the review's own row.
    due = [
        review
        for review in queries.list_unrecorded_deemings()
        if rules.state_of(review, queries.pauses_of(review.id), now) is rules.ReviewState.DEEMED
    ]
    for review in due:
        review.deeming_recorded_at = clock.now()
        record(SYSTEM, "review.deemed", "review", review.id, after={"ended_at": review.ends_at})
        mails.deemed(queries.get_line(review.id))
    db.session.flush()
    return len(due)
