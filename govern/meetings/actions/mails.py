"""The mails about meetings, each in its reader's language."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from govern.accounts.queries import list_holders
from govern.cluster.queries import get_cluster
from govern.config import address
from govern.kernel import clock
from govern.kernel.actor import Role
from govern.meetings.models import AgendaItem, Correction, Meeting
from govern.meetings.rules import Participant
from govern.notifications.actions import queue_mail

DAY = "EEE d MMM y"
Letter = Callable[[], tuple[str, str]]
"""Writes (subject, text) in the language now in force."""


class _Reader(Protocol):
    @property
    def email(self) -> str:
        """Where to."""

    @property
    def locale(self) -> str:
        """In which language, empty for the cluster's."""


def called(meeting: Meeting, body: str, items: Sequence[AgendaItem], people: Iterable[Participant]) -> None:
    """The notice with the agenda."""

    def letter() -> tuple[str, str]:
        when = _when(meeting.starts_at)
        agenda = "\n".join(f"{item.position}. {item.title}\n   {item.purpose}" for item in items)
        subject = _("Notice: %(title)s, %(when)s", title=meeting.title, when=when)
        text = _(
            "You are invited to a meeting of the %(body)s.\n\n%(title)s\n%(when)s\n%(place)s\n\n"
            "Agenda\n\n%(agenda)s\n\nPapers and a calendar file:\n%(link)s\n",
            body=body,
            title=meeting.title,
            when=when,
            place=meeting.place,
            agenda=agenda,
            link=_link(meeting.id),
        )
        return subject, text

    _send(f"meeting-called:{meeting.id}", _people(people), letter)


def cancelled(meeting: Meeting, body: str, people: Iterable[Participant]) -> None:
    """That the meeting does not take place, and why."""
    _send(
        f"meeting-cancelled:{meeting.id}",
        _people(people),
        lambda: (
            _("Cancelled: %(title)s, %(when)s", title=meeting.title, when=_when(meeting.starts_at)),
            _(
                "The meeting of the %(body)s does not take place.\n\nReason: %(reason)s\n\n%(link)s\n",
                body=body,
                reason=meeting.cancel_reason,
                link=_link(meeting.id),
            ),
        ),
    )


def circulated(meeting: Meeting, body: str, people: Iterable[Participant]) -> None:
    """Where the minutes are, and until when corrections are taken."""
    until = meeting.corrections_until
    if until is None:
        raise AssertionError("circulated minutes have a last day for corrections")
    _send(
        f"minutes-circulated:{meeting.id}",
        _people(people),
        lambda: (
            _("Minutes: %(title)s", title=meeting.title),
            _(
                "The minutes of the %(body)s are ready:\n%(link)s\n\nAsk for corrections until the end of %(day)s; "
                "after that your silence counts as consent.\n",
                body=body,
                link=_minutes_link(meeting.id),
                day=_day(until),
            ),
        ),
    )


def correction_asked(meeting: Meeting, correction: Correction) -> None:
    """To the secretariat: a correction waits for its answer."""
    holders = list_holders({Role.SECRETARIAT}, clock.today(get_cluster().zone))
    _send(
        f"correction-asked:{correction.id}",
        [(user.id, user) for user in holders],
        lambda: (
            _("Correction to the minutes: %(title)s", title=meeting.title),
            _(
                "%(by)s asks for a correction:\n\n%(text)s\n\nAnswer it here:\n%(link)s\n",
                by=correction.by,
                text=correction.text,
                link=address(f"/meetings/corrections/{correction.id}/answer"),
            ),
        ),
    )


def _people(people: Iterable[Participant]) -> list[tuple[int, _Reader]]:
    """Everybody once, also who represents several organisations."""
    return list({person.user_id: person for person in people}.items())


def _send(key: str, readers: Iterable[tuple[int, _Reader]], letter: Letter) -> None:
    locale = get_cluster().locale
    written: dict[str, tuple[str, str]] = {}
    for user_id, reader in readers:
        language = reader.locale or locale
        if language not in written:
            with force_locale(language):
                written[language] = letter()
        subject, text = written[language]
        queue_mail(key=f"{key}:{user_id}", to=reader.email, subject=subject, text=text, user_id=user_id)


def _day(day: date) -> str:
    return str(format_date(day, DAY))


def _when(instant: datetime) -> str:
    zone = get_cluster().zone
    return f"{_day(clock.local_day(instant, zone))}, {instant.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"


def _link(meeting_id: int) -> str:
    return address(f"/meetings/{meeting_id}")


def _minutes_link(meeting_id: int) -> str:
    return address(f"/meetings/{meeting_id}/minutes")
