"""Home: what needs this person, by when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_login import current_user

from govern.desk import rules
from govern.desk.queries.cards import home_cards
from govern.desk.queries.needs import Need, badges_of, list_needs
from govern.desk.routes import bp
from govern.desk.routes.words import decision_rows
from govern.kernel import clock
from govern.web import formats
from govern.web.access import actor, allow
from govern.web.pages import page

NOON, EVENING = 12, 18


class Kind(NamedTuple):
    """How a need of one kind is shown: where it leads, its icon, the deed in words."""

    headline: Callable[[str], str]
    endpoint: str
    argument: str
    icon: str
    go: str


KINDS = {
    "vote": Kind(lambda t: _("Vote: %(title)s", title=t), "votes.show", "vote_id", "vote", lazy("Vote now")),
    "declare": Kind(
        lambda t: _("Declare: %(title)s", title=t), "votes.show", "vote_id", "stamp", lazy("See the result")
    ),
    "review": Kind(lambda t: _("Review: %(title)s", title=t), "reviews.show", "review_id", "hourglass", lazy("Answer")),
    "question": Kind(
        lambda t: _("Reply: %(title)s", title=t), "reviews.show", "review_id", "message-square", lazy("Reply")
    ),
    "objection": Kind(
        lambda t: _("Objection: %(title)s", title=t), "reviews.show", "review_id", "shield-alert", lazy("Read it")
    ),
    "task": Kind(lambda t: _("Task: %(title)s", title=t), "tasks.show", "task_id", "list-checks", lazy("Open task")),
    "meeting": Kind(
        lambda t: _("Meeting: %(title)s", title=t), "meetings.show", "meeting_id", "calendar", lazy("See the agenda")
    ),
    "minutes": Kind(
        lambda t: _("Minutes: %(title)s", title=t), "meetings.minutes", "meeting_id", "file-text", lazy("Read minutes")
    ),
    "task_declined": Kind(
        lambda t: _("Declined: %(title)s", title=t), "tasks.show", "task_id", "list-checks", lazy("Find another owner")
    ),
    "invoice": Kind(lambda t: _("Dues: %(title)s", title=t), "dues.mine", "", "wallet", lazy("See what is owed")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A need as the template shows it."""

    headline: str
    href: str
    sub: str
    icon: str
    tone: str
    go: str


@bp.get("/")
@allow(rules.may_open_home)
def home() -> Response:
    """What needs this person, by when."""
    today = clock.today(current_user.cluster.zone)
    cards, needs = home_cards(actor(), today), list_needs(actor())
    return page(
        "desk/home.html",
        greeting=_greeting(),
        badges=badges_of(needs),
        needs=[_line(need) for need in needs],
        cards=cards,
        recent=decision_rows(cards.decisions, cards.effects),
        currency=current_user.cluster.currency,
    )


def _greeting() -> str:
    hour = clock.now().astimezone(ZoneInfo(current_user.cluster.zone)).hour
    name = actor().name
    if hour < NOON:
        return str(_("Good morning, %(name)s", name=name))
    return str(_("Good afternoon, %(name)s", name=name) if hour < EVENING else _("Good evening, %(name)s", name=name))


def _line(need: Need) -> Line:
    kind = KINDS[need.kind]
    arguments: dict[str, Any] = {kind.argument: need.object_id} if kind.argument else {}
    return Line(
        kind.headline(need.title),
        url_for(kind.endpoint, **arguments),
        " · ".join(part for part in (_when(need), need.detail) if part),
        kind.icon,
        _tone(need),
        str(kind.go),
    )


def _when(need: Need) -> str:
    written, now = formats.current(), clock.now()
    if need.due_at is not None:
        distance = written.until(need.due_at, now)
        return str(_("until %(moment)s, %(distance)s", moment=written.moment_text(need.due_at), distance=distance))
    if need.due_on is not None:
        return str(
            _("due %(day)s, %(distance)s", day=written.day(need.due_on), distance=written.until(need.due_on, now))
        )
    return ""


def _tone(need: Need) -> str:
    today = clock.today(current_user.cluster.zone)
    due = need.due_on or (clock.local_day(need.due_at, current_user.cluster.zone) if need.due_at else None)
    if due is None:
        return ""
    days = (due - today).days
    return "bad" if days < 0 else "warn" if days <= rules.SOON_DAYS else ""
