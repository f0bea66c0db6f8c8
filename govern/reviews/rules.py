"""The non-objection clock of a department. Pure.

Days are calendar days of the cluster's zone. Day 0 is the day of the notification; the clock of N days ends at 24:00 of
day N. A question stops it on the day it is asked, the reply starts it again on its own day; the days between move the
end (domain.md 3.2, L01, L03, I17).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.clock import end_of_day, local_day
from govern.kernel.errors import RuleBrokenError


class Answer(StrEnum):
    """What a department can say before its clock ends; silence is not an answer but a result."""

    NO_OBJECTION = "no_objection"
    OBJECTED = "objected"


class Ground(StrEnum):
    """The closed list of grounds for an objection (domain.md 3.2)."""

    PUBLIC_MONEY = "public_money"
    LICENCE_LAW = "licence_law"
    COMPETITION_LAW = "competition_law"
    EQUAL_ACCESS = "equal_access"
    PROCEDURE = "procedure"


class ReviewState(StrEnum):
    """Derived from the stored acts and the clock."""

    RUNNING = "running"
    PAUSED = "paused"
    NO_OBJECTION = "no_objection"
    DEEMED = "deemed"
    OBJECTED = "objected"


class EffectState(StrEnum):
    """What a decision, or one subject of it, may be used for now."""

    EFFECTIVE = "effective"
    UNDER_REVIEW = "under_review"
    OBJECTED = "objected"


TRANSITIONS: Mapping[ReviewState, frozenset[ReviewState]] = {
    ReviewState.RUNNING: frozenset(
        {ReviewState.PAUSED, ReviewState.NO_OBJECTION, ReviewState.OBJECTED, ReviewState.DEEMED}
    ),
    ReviewState.PAUSED: frozenset({ReviewState.RUNNING, ReviewState.NO_OBJECTION, ReviewState.OBJECTED}),
    ReviewState.NO_OBJECTION: frozenset(),
    ReviewState.DEEMED: frozenset(),
    ReviewState.OBJECTED: frozenset(),
}
OPEN = frozenset({ReviewState.RUNNING, ReviewState.PAUSED})
CERTIFIED = frozenset({ReviewState.NO_OBJECTION, ReviewState.DEEMED})
TICK = timedelta(microseconds=1)
PROPOSAL_DAYS = 14
"""Calendar days within which somebody must propose how to meet an objection (L02)."""
READING_HATS = frozenset({HatKind.MEMBER, HatKind.SEAT, HatKind.STAFF, HatKind.OFFICE, HatKind.LIAISON})


class Pause(Protocol):
    """A question and its reply; ``answered_at`` is None while it waits."""

    @property
    def asked_at(self) -> datetime:
        """When it was asked."""

    @property
    def answered_at(self) -> datetime | None:
        """When it was answered."""


class Clocked(Protocol):
    """What is stored of a review's clock."""

    @property
    def days(self) -> int:
        """Length of the clock."""

    @property
    def notified_at(self) -> datetime:
        """When the department was told."""

    @property
    def ends_at(self) -> datetime:
        """The first instant that is too late."""

    @property
    def answer(self) -> Answer | None:
        """What the department said in time."""

    @property
    def answered_at(self) -> datetime | None:
        """When it said so."""


class Owned(Protocol):
    """Anything a department is answerable for."""

    department_id: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock read at an instant.

    ``used`` + ``left`` = ``days`` ("day 6 of 15" is 6 used); ``moved``: days the end was moved by questions;
    ``last_day``: the day at whose end it stops (while paused: if the reply came now).
    """

    days: int
    used: int
    left: int
    moved: int
    last_day: date
    paused: bool


@dataclass(frozen=True, slots=True)
class SubjectEffect:
    """One subject's state; ``at``: since when effective or objected, until when under review (None: not known)."""

    state: EffectState
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision may be used for, subject by subject; subjects no department shares are effective at once."""

    subjects: Mapping[str, SubjectEffect] = field(default_factory=dict)

    def of(self, code: str) -> SubjectEffect:
        """The subject's state; a subject without a review is effective (L01)."""
        return self.subjects.get(code, SubjectEffect(EffectState.EFFECTIVE))

    @property
    def overall(self) -> SubjectEffect:
        """The worst of all subjects: objected before under review before effective."""
        return worst(self.subjects.values())


def worst(parts: Iterable[SubjectEffect]) -> SubjectEffect:
    """Objected before under review before effective; its instant is the latest one, None when one of them is open."""
    found = list(parts)
    for state in (EffectState.OBJECTED, EffectState.UNDER_REVIEW, EffectState.EFFECTIVE):
        instants = [part.at for part in found if part.state is state]
        if instants:
            known = [instant for instant in instants if instant is not None]
            return SubjectEffect(state, max(known) if len(known) == len(instants) else None)
    return SubjectEffect(EffectState.EFFECTIVE)


def paused_days(pauses: Sequence[Pause], until: datetime, zone: str) -> int:
    """Calendar days the clock stood still up to ``until``; a waiting question counts until then."""
    return sum(
        (local_day(min(pause.answered_at or until, until), zone) - local_day(pause.asked_at, zone)).days
        for pause in pauses
        if pause.asked_at <= until
    )


def end_of(notified_at: datetime, days: int, moved: int, zone: str) -> datetime:
    """24:00 local time of the last day: ``days`` + ``moved`` calendar days after the day of notification."""
    return end_of_day(last_day_of(notified_at, days, moved, zone), zone)


def last_day_of(notified_at: datetime, days: int, moved: int, zone: str) -> date:
    """The last calendar day of the clock in ``zone``."""
    return local_day(notified_at, zone) + timedelta(days=days + moved)


def clock_of(review: Clocked, pauses: Sequence[Pause], now: datetime, zone: str) -> Clock:
    """The clock as it stands at ``now``, or as it stood when it was answered or ran out."""
    state = state_of(review, pauses, now)
    at = now if state in OPEN else min(review.answered_at or review.ends_at, review.ends_at)
    moved = paused_days(pauses, at, zone)
    used = (local_day(at, zone) - local_day(review.notified_at, zone)).days - moved
    used = min(max(used, 0), review.days)
    last = last_day_of(review.notified_at, review.days, moved, zone)
    return Clock(review.days, used, review.days - used, moved, last, paused=state is ReviewState.PAUSED)


def state_of(review: Clocked, pauses: Sequence[Pause], now: datetime) -> ReviewState:
    """Where the review stands at ``now``: nothing but the stored acts and the clock decides."""
    return state_when(review, paused=any(pause.answered_at is None for pause in pauses), now=now)


def state_when(review: Clocked, *, paused: bool, now: datetime) -> ReviewState:
    """``state_of`` for callers that only know whether a question is waiting."""
    if review.answer is not None:
        return ReviewState(review.answer.value)
    if paused:
        return ReviewState.PAUSED
    return ReviewState.DEEMED if now >= review.ends_at else ReviewState.RUNNING


def effect_of(review: Clocked, state: ReviewState) -> SubjectEffect:
    """What one review does to its subject."""
    if state is ReviewState.OBJECTED:
        return SubjectEffect(EffectState.OBJECTED, review.answered_at)
    if state in OPEN:
        return SubjectEffect(EffectState.UNDER_REVIEW, None if state is ReviewState.PAUSED else review.ends_at)
    return SubjectEffect(EffectState.EFFECTIVE, review.answered_at or review.ends_at)


def is_late(state: ReviewState) -> bool:
    """The clock has ended without objection: a reaction is kept but changes nothing (L04)."""
    return state in CERTIFIED


def check_answer(state: ReviewState, answer: Answer, ground: Ground | None, remedy: str) -> None:
    """RuleBrokenError unless the answer may be taken: an objection needs a ground of the list and a remedy."""
    if state is ReviewState.OBJECTED:
        raise RuleBrokenError("Your department has already objected.")
    if answer is not Answer.OBJECTED:
        return
    if ground is None:
        raise RuleBrokenError("Choose the ground of the objection. Words alone are not enough.")
    if not remedy.strip():
        raise RuleBrokenError("Say what would remove the objection.")


def check_question(state: ReviewState, question: str) -> None:
    """RuleBrokenError unless the clock runs and something is asked."""
    if state is ReviewState.PAUSED:
        raise RuleBrokenError("A question is waiting for its reply already. The clock stands still.")
    if state is not ReviewState.RUNNING:
        raise RuleBrokenError("The clock has ended; a question would not stop it any more.")
    if not question.strip():
        raise RuleBrokenError("Write what you want to know. The clock stops with your question.")


def check_reply(*, waiting: bool, reply: str) -> None:
    """RuleBrokenError unless a question waits and something is said."""
    if not waiting:
        raise RuleBrokenError("No question is waiting for a reply.")
    if not reply.strip():
        raise RuleBrokenError("Write the reply. The clock goes on with it.")


def may_read(actor: Actor, *_: object) -> bool:
    """Members, seats, staff, auditors and every liaison read reviews; the observer does not (domain.md 6.4)."""
    return actor.hat in READING_HATS and not actor.has(Role.OBSERVER)


def acts_as_liaison(actor: Actor) -> bool:
    """Whether this hat answers for some department."""
    return actor.hat is HatKind.LIAISON and actor.has(Role.LIAISON) and actor.department_id is not None


def may_answer(actor: Actor, review: Owned) -> bool:
    """Only the department's own liaison answers; others read (S20)."""
    return acts_as_liaison(actor) and actor.department_id == review.department_id


def may_reply(actor: Actor, *_: object) -> bool:
    """The secretariat answers questions."""
    return actor.is_staff


def sees_text(actor: Actor) -> bool:
    """Whether the review page itself shows the decided text; members read it in the dossier, which knows recusals."""
    return actor.is_staff or actor.has(Role.LIAISON, Role.AUDITOR)
