"""One search over everything."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import lazy_gettext as lazy
from flask_login import current_user

from govern.desk import rules
from govern.desk.queries.search import Found, search_everything
from govern.desk.routes import bp
from govern.kernel import clock
from govern.web.access import actor, allow
from govern.web.pages import page

PLACES = {
    "member": ("members.show", "member_id", "building-2", lazy("Member")),
    "decision": ("desk.decision", "decision_id", "gavel", lazy("Decision")),
    "vote": ("votes.show", "vote_id", "vote", lazy("Vote")),
    "meeting": ("meetings.show", "meeting_id", "calendar", lazy("Meeting")),
    "task": ("tasks.show", "task_id", "list-checks", lazy("Task")),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit as the template shows it."""

    title: str
    href: str
    sub: str
    icon: str


@bp.get("/search")
@allow(rules.may_read_register)
def search() -> Response:
    """Find members, decisions, votes, meetings and tasks by words in their names."""
    words = request.args.get("q", "").strip()
    found = [_hit(row) for row in search_everything(actor(), words, clock.today(current_user.cluster.zone))]
    return page("desk/search.html", fragment="results", q=words, found=found)


def _hit(found: Found) -> Hit:
    endpoint, argument, icon, word = PLACES[found.kind]
    arguments: dict[str, Any] = {argument: found.key}
    title = f"{found.key} · {found.title}" if found.kind == "decision" else found.title
    return Hit(
        title,
        url_for(endpoint, **arguments),
        f"{word} · {found.detail}" if found.detail else str(word),
        icon,
    )
