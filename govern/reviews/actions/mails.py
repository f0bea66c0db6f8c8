"""The mails about reviews, each in its reader's language."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from govern.accounts.queries import list_holders
from govern.cluster.queries import get_cluster
from govern.config import address
from govern.kernel import clock
from govern.kernel.actor import Role
from govern.kernel.clock import local_day
from govern.notifications.actions import queue_mail
from govern.reviews.models import Review, ReviewPause
from govern.reviews.queries import ReviewLine
from govern.reviews.rules import last_day_of

DAY = "EEE d MMM y"
Letter = Callable[[], tuple[str, str]]
"""Writes (subject, text) in the language now in force."""


class Decided(Protocol):
    """What is needed of a decision."""

    id: int
    number: str
    title: str


def started(decision: Decided, reviews: Sequence[Review]) -> None:
    """To the liaisons of each department: what they are asked to look at, and until when."""
    for department_id in sorted({review.department_id for review in reviews}):
        own = [review for review in reviews if review.department_id == department_id]

        def letter(own: Sequence[Review] = own) -> tuple[str, str]:
            last = last_day_of(own[0].notified_at, own[0].days, 0, get_cluster().zone)
            subject = _("Answer by %(day)s: decision %(number)s", day=_day(last), number=decision.number)
            text = _(
                "%(title)s (decision %(number)s) was adopted. Your department has until the end of %(day)s to answer; "
                "after that its silence counts as no objection.\n\n%(subjects)s\n",
                title=decision.title,
                number=decision.number,
                day=_day(last),
                subjects="\n".join(
                    f"- {review.subject_code} {review.subject_title}: {_link(review.id)}" for review in own
                ),
            )
            return subject, text

        _send(f"review-started:{decision.id}:{department_id}", _liaisons(department_id), letter)


def asked(line: ReviewLine, pause: ReviewPause) -> None:
    """To the secretariat: a question waits, the clock stands still."""
    _send(
        f"review-asked:{pause.id}",
        _secretariat(),
        lambda: (
            _("Question of the %(department)s on decision %(number)s", department=line.department, number=line.number),
            _(
                "%(by)s asks about %(subject)s:\n\n%(question)s\n\nThe clock stands still until you reply:\n%(link)s\n",
                by=pause.asked_by,
                subject=line.review.subject_title,
                question=pause.question,
                link=_link(line.review.id),
            ),
        ),
    )


def replied(line: ReviewLine, pause: ReviewPause) -> None:
    """To the department's liaisons: the reply, and the new end."""
    _send(
        f"review-replied:{pause.id}",
        _liaisons(line.review.department_id),
        lambda: (
            _("Reply to your question on decision %(number)s", number=line.number),
            _(
                "You asked about %(subject)s:\n\n%(question)s\n\nThe secretariat replies:\n\n%(reply)s\n\n"
                "The clock runs again, until the end of %(day)s:\n%(link)s\n",
                subject=line.review.subject_title,
                question=pause.question,
                reply=pause.reply,
                day=_day(local_day(line.last_moment, get_cluster().zone)),
                link=_link(line.review.id),
            ),
        ),
    )


def objected(line: ReviewLine) -> None:
    """To the secretariat: what is frozen, and what would remove the objection."""
    _send(
        f"review-objected:{line.review.id}",
        _secretariat(),
        lambda: (
            _("Objection of the %(department)s to %(code)s", department=line.department, code=line.review.subject_code),
            _(
                "%(by)s objects to %(subject)s of decision %(number)s. Only this part is held.\n\n"
                "Remedy asked for:\n\n%(remedy)s\n\n%(link)s\n",
                by=line.review.answered_by,
                subject=line.review.subject_title,
                number=line.number,
                remedy=line.review.remedy,
                link=_link(line.review.id),
            ),
        ),
    )


def deemed(line: ReviewLine) -> None:
    """To the department and the secretariat: the clock ran out, the certificate is there."""
    readers = {user.id: user for user in (*_liaisons(line.review.department_id), *_secretariat())}
    _send(
        f"review-deemed:{line.review.id}",
        readers.values(),
        lambda: (
            _(
                "No objection by silence: %(code)s of decision %(number)s",
                code=line.review.subject_code,
                number=line.number,
            ),
            _(
                "The clock of the %(department)s over %(subject)s ended without an answer. "
                "By the rule of silence this counts as no objection. The certificate with its computation:\n%(link)s\n",
                department=line.department,
                subject=line.review.subject_title,
                link=address(f"/reviews/{line.review.id}/certificate"),
            ),
        ),
    )


class _Reader(Protocol):
    id: int
    email: str
    locale: str


def _send(key: str, readers: Iterable[_Reader], letter: Letter) -> None:
    cluster = get_cluster()
    for reader in readers:
        with force_locale(reader.locale or cluster.locale):
            subject, text = letter()
        queue_mail(key=f"{key}:{reader.id}", to=reader.email, subject=subject, text=text, user_id=reader.id)


def _liaisons(department_id: int) -> Sequence[_Reader]:
    return list_holders({Role.LIAISON}, clock.today(get_cluster().zone), department_id=department_id)


def _secretariat() -> Sequence[_Reader]:
    return list_holders({Role.SECRETARIAT}, clock.today(get_cluster().zone))


def _day(day: date) -> str:
    return str(format_date(day, DAY))


def _link(review_id: int) -> str:
    return address(f"/reviews/{review_id}")
