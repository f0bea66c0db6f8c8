"""Reads of reviews."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from govern.cluster.queries import DEPARTMENTS, get_cluster
from govern.database import Instant
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.canonical import digest
from govern.kernel.errors import NotFoundError
from govern.kernel.findings import Finding
from govern.reviews import rules
from govern.reviews.models import LateReaction, Review, ReviewPause
from govern.reviews.rules import Answer, Clock, Effect, ReviewState
from govern.votes.queries import DECISIONS

# The row type is offered here for annotations above; the tables themselves stay private to this area.
__all__ = ["Review"]

REVIEW_KEY: InstrumentedAttribute[int] = Review.id
"""What pages of the register are cut by."""
MOST_WAITING = 50


class Show(StrEnum):
    """What the register shows."""

    RUNNING = "running"
    OBJECTED = "objected"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What the register is cut down to; empty values do not filter."""

    show: Show = Show.ALL
    department_id: int | None = None
    q: str = ""


EVERY_REVIEW = ReviewFilter()


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review with the names around it; ``paused``: a question waits for its reply."""

    review: Review
    number: str
    decision_title: str
    vote_id: int
    department: str
    paused: bool

    @property
    def id(self) -> int:
        """The review's key, for paging."""
        return self.review.id

    @property
    def state(self) -> ReviewState:
        """Where the review stands at this instant."""
        return rules.state_when(self.review, paused=self.paused, now=clock.now())

    @property
    def last_moment(self) -> datetime:
        """The last instant that counts (as far as the end was moved by now); its local day is the clock's last day."""
        return self.review.ends_at - rules.TICK


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a department did not object, with the computation; ``fingerprint`` is the hash of its content."""

    line: ReviewLine
    pauses: Sequence[ReviewPause]
    reading: Clock
    fingerprint: str


_waiting = exists().where(ReviewPause.review_id == Review.id, ReviewPause.answered_at.is_(None))


def get_review(review_id: int) -> Review:
    """The review, or NotFoundError."""
    found = db.session.get(Review, review_id)
    if found is None:
        raise NotFoundError
    return found


def lock_review(review_id: int) -> Review:
    """The review as it is now, kept from everybody else's answers until this transaction ends."""
    statement = select(Review).where(Review.id == review_id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def get_line(review_id: int) -> ReviewLine:
    """The review with the names around it, or NotFoundError. One statement."""
    found = db.session.execute(_lines().where(Review.id == review_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return ReviewLine(*found)


def get_certificate(line: ReviewLine, zone: str) -> Certificate:
    """The certificate of a review that ended without objection; NotFoundError for any other. One statement."""
    if line.state not in rules.CERTIFIED:
        raise NotFoundError
    pauses = pauses_of(line.id)
    reading = rules.clock_of(line.review, pauses, clock.now(), zone)
    content = {
        "decision": line.number,
        "department": line.department,
        "subject": [line.review.subject_code, line.review.subject_title],
        "state": line.state,
        "days": line.review.days,
        "notified_at": line.review.notified_at,
        "pauses": [[pause.asked_at, pause.answered_at] for pause in pauses],
        "ended_at": line.review.answered_at or line.review.ends_at,
        "answered_by": line.review.answered_by,
    }
    return Certificate(line, pauses, reading, digest(content))


def pauses_of(review_id: int) -> Sequence[ReviewPause]:
    """Questions and replies, oldest first."""
    statement = select(ReviewPause).where(ReviewPause.review_id == review_id).order_by(ReviewPause.id)
    # What was read before the review was locked may have been answered since.
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def late_of(review_id: int) -> Sequence[LateReaction]:
    """Reactions after the end, oldest first."""
    statement = select(LateReaction).where(LateReaction.review_id == review_id).order_by(LateReaction.id)
    return db.session.scalars(statement).all()


def reviews_of(decision_id: int) -> Sequence[Review]:
    """The reviews of a decision in the order of its subjects."""
    return db.session.scalars(select(Review).where(Review.decision_id == decision_id).order_by(Review.id)).all()


def lines_of(decision_id: int) -> list[ReviewLine]:
    """The reviews of a decision with the names around them, in the order of its subjects. One statement."""
    return read_lines(_lines().where(Review.decision_id == decision_id).order_by(Review.id))


def states_of(decision_ids: Collection[int]) -> Mapping[int, Effect]:
    """What each of these decisions may be used for now; one without reviews is effective. One statement."""
    now = clock.now()
    found: dict[int, dict[str, list[rules.SubjectEffect]]] = {decision_id: {} for decision_id in decision_ids}
    statement = select(Review, _waiting).where(Review.decision_id.in_(found)).order_by(Review.id)
    for review, paused in db.session.execute(statement):
        state = rules.state_when(review, paused=paused, now=now)
        parts = found[review.decision_id].setdefault(review.subject_code, [])
        parts.append(rules.effect_of(review, state))
    return {
        decision_id: Effect({code: rules.worst(parts) for code, parts in subjects.items()})
        for decision_id, subjects in found.items()
    }


def list_waiting(actor: Actor) -> list[ReviewLine]:
    """Clocks that wait for this hat, the next end first: a liaison's own open ones, for staff those with a question."""
    if rules.acts_as_liaison(actor):
        wanted = and_(Review.department_id == actor.department_id, _shown(Show.RUNNING))
    elif actor.is_staff:
        wanted = and_(Review.answer.is_(None), _waiting)
    else:
        return []
    return read_lines(_lines().where(wanted).order_by(Review.ends_at, Review.id).limit(MOST_WAITING))


def reviews_statement(chosen: ReviewFilter = EVERY_REVIEW) -> Select[*tuple[Any, ...]]:
    """The register, newest first; the columns of ReviewLine."""
    statement = _lines().where(_shown(chosen.show)).order_by(Review.id.desc())
    if chosen.department_id is not None:
        statement = statement.where(Review.department_id == chosen.department_id)
    if chosen.q:
        told = (Review.subject_title, Review.subject_code, DECISIONS.c.title, DECISIONS.c.number)
        statement = statement.where(or_(*(column.icontains(chosen.q, autoescape=True) for column in told)))
    return statement


def read_lines(statement: Select[*tuple[Any, ...]]) -> list[ReviewLine]:
    """Run a statement made from ``reviews_statement``."""
    return [ReviewLine(*row) for row in db.session.execute(statement)]


def list_reviews(actor: Actor, chosen: ReviewFilter = EVERY_REVIEW, *, limit: int = 50) -> list[ReviewLine]:
    """The newest reviews; everybody who may read one may read all, others get none."""
    if not rules.may_read(actor):
        return []
    return read_lines(reviews_statement(chosen).limit(limit))


def list_unrecorded_deemings() -> Sequence[Review]:
    """Reviews that ran out without the worker having written it down yet, locked: an answer given in time may still be
    on its way into the database, and another worker may be at it too.
    """
    now = clock.now()
    deemed = (Review.answer.is_(None), Review.ends_at <= now, ~_waiting, Review.deeming_recorded_at.is_(None))
    statement = select(Review).where(*deemed).order_by(Review.ends_at, Review.id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def check_ends() -> Finding:
    """Every clock ends where its days and its answered questions put it (domain.md I17)."""
    zone = get_cluster().zone
    pauses: dict[int, list[ReviewPause]] = {}
    for pause in db.session.scalars(select(ReviewPause).where(ReviewPause.answered_at.is_not(None))):
        pauses.setdefault(pause.review_id, []).append(pause)
    reviews = db.session.scalars(select(Review).order_by(Review.id)).all()
    faults = [
        f"Review {review.id} ends at {review.ends_at.isoformat()}, which is not what its days and questions give."
        for review in reviews
        if review.ends_at
        != rules.end_of(
            review.notified_at,
            review.days,
            rules.paused_days(pauses.get(review.id, []), clock.now(), zone),
            zone,
        )
    ]
    return Finding("review clocks", len(reviews), faults)


def needs_you(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    """A liaison's running clocks ("review"), the secretariat's open questions ("question")."""
    if rules.acts_as_liaison(actor):
        running = (Review.answer.is_(None), ~_waiting, Review.ends_at > clock.now())
        return _need("review", Review.ends_at).where(*running, Review.department_id == actor.department_id)
    if actor.is_staff:
        return _need("question", cast(null(), Instant)).where(Review.answer.is_(None), _waiting)
    return None


def _need(kind: str, due_at: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    columns: list[Any] = [
        cast(literal(kind), String).label("kind"),
        Review.id.label("object_id"),
        Review.subject_title.label("title"),
        (DECISIONS.c.number + " · " + DEPARTMENTS.c.name).label("detail"),
        due_at.label("due_at"),
        cast(null(), Date).label("due_on"),
    ]
    return (
        select(*columns)
        .join(DECISIONS, DECISIONS.c.id == Review.decision_id)
        .join(DEPARTMENTS, DEPARTMENTS.c.id == Review.department_id)
    )


def _lines() -> Select[*tuple[Any, ...]]:
    columns: list[Any] = [
        Review,
        DECISIONS.c.number,
        DECISIONS.c.title,
        DECISIONS.c.vote_id,
        DEPARTMENTS.c.name,
        _waiting,
    ]
    return (
        select(*columns)
        .join(DECISIONS, DECISIONS.c.id == Review.decision_id)
        .join(DEPARTMENTS, DEPARTMENTS.c.id == Review.department_id)
    )


def _shown(show: Show) -> ColumnElement[bool]:
    """The same reading of the stored acts as rules.state_when, for the database."""
    running = and_(Review.answer.is_(None), or_(_waiting, Review.ends_at > clock.now()))
    if show is Show.RUNNING:
        return running
    if show is Show.OBJECTED:
        return Review.answer == Answer.OBJECTED
    if show is Show.ENDED:
        return and_(~running, func.coalesce(Review.answer, "") != Answer.OBJECTED.value)
    return literal(value=True)
