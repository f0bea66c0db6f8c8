"""States, kinds and embedded votes in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_login import current_user

from govern.counting.motion import CriterionResult
from govern.counting.numbers import readable
from govern.kernel import clock
from govern.meetings.forms import KINDS, MODES, PRESENCES
from govern.meetings.queries import Attendance, ItemLine, Meeting, Sheet
from govern.meetings.rules import MeetingState, MinutesState, Presence, state_of
from govern.votes import rules as vote_rules
from govern.votes.queries import Sheet as VoteSheet
from govern.votes.queries.embedding import stored_result
from govern.votes.routes import words as vote_words
from govern.votes.rules import VoteState
from govern.web import formats
from govern.web.access import actor

__all__ = ["KINDS", "MODES", "PRESENCES"]

STATES = {
    MeetingState.PREPARED: ("plain", lazy("Being prepared"), "pencil"),
    MeetingState.CALLED: ("info", lazy("Called"), "send"),
    MeetingState.HELD: ("mute", lazy("Held"), "check"),
    MeetingState.CANCELLED: ("bad", lazy("Cancelled"), "ban"),
}
MINUTES = {
    MinutesState.DRAFT: ("plain", lazy("Minutes being written"), "pencil"),
    MinutesState.CIRCULATED: ("warn", lazy("Minutes circulated"), "send"),
    MinutesState.APPROVED: ("ok", lazy("Minutes approved"), "stamp"),
}


def state_tag(meeting: Meeting) -> tuple[str, str, str]:
    """Kind, word and icon: where the meeting stands, or its minutes once it was held."""
    state = state_of(meeting, clock.now())
    kind, word, icon = MINUTES[meeting.minutes_state] if state is MeetingState.HELD else STATES[state]
    return kind, str(word), icon


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as an agenda item shows it. ``bar``: the first criterion of a declared result."""

    tag: tuple[str, str, str]
    headline: str
    sentence: str
    steps: Sequence[str]
    bar: vote_words.Bar | None
    text: str
    href: str | None
    number: str | None
    decision_href: str | None


def ballot_of(line: ItemLine) -> Ballot | None:
    """The embedded vote, in the words of the votes' own pages; nothing of its figures before it is declared."""
    if line.vote is None:
        return None
    vote, decision = line.vote, line.vote.decision
    href = url_for("votes.show", vote_id=vote.vote.id) if vote_rules.may_see(actor(), vote) else None
    text = "" if line.hidden else vote.text
    if decision is None:
        tag = vote_words.tag_of(vote.state, None)
        return Ballot(tag, _coming(vote), "", (), None, text, href, None, None)
    result = stored_result(decision)
    criterion, found = vote.rule.criteria[0], result.criteria[0]
    absent = max(found.base - found.yes - found.no - found.abstain, Fraction(0))
    bar = vote_words.bar_of(criterion, found, absent)
    return Ballot(
        tag=vote_words.tag_of(vote.state, decision.outcome),
        headline=vote_words.headline(vote.rule, result),
        sentence=_sentence(found),
        steps=result.steps,
        bar=bar,
        text=text,
        href=href,
        number=decision.number,
        decision_href=vote_words.decision_href(decision.number),
    )


def _sentence(found: CriterionResult) -> str:
    figures = {name: readable(getattr(found, name)) for name in ("yes", "no", "abstain")}
    return str(_("%(yes)s for, %(no)s against, %(abstain)s abstained", **figures))


def _coming(vote: VoteSheet) -> str:
    """What can be said before the result is declared."""
    closes = formats.current().moment_text(vote.vote.closes_at) if vote.vote.closes_at else ""
    said = {
        VoteState.PREPARED: _("The vote has not opened yet. Its result appears here once it is declared."),
        VoteState.OPEN: _("Votes are cast until %(at)s. The result appears here once it is declared.", at=closes),
        VoteState.WITHDRAWN: _("The vote was withdrawn, so there is no result."),
    }
    return str(said.get(vote.state, _("The vote closed %(at)s. Its result is not declared yet.", at=closes)))


@dataclass(frozen=True, slots=True)
class Window:
    """The time for corrections: day ``used`` of ``days``, ``over`` once the last day has passed."""

    used: int
    days: int
    over: bool


def window_of(sheet: Sheet) -> Window | None:
    """Where the time for corrections stands; None while the minutes are not circulated."""
    meeting = sheet.meeting
    if meeting.circulated_at is None or meeting.corrections_until is None:
        return None
    zone = current_user.cluster.zone
    first, today = clock.local_day(meeting.circulated_at, zone), clock.today(zone)
    days = (meeting.corrections_until - first).days
    return Window(min((today - first).days, days), days, today > meeting.corrections_until)


def by_presence(lines: Sequence[Attendance]) -> list[tuple[Presence, str, list[Attendance]]]:
    """The attendance list in groups: present first; groups without anybody are left out."""
    groups = [
        (presence, str(PRESENCES[presence]), [line for line in lines if line.presence is presence])
        for presence in (Presence.PRESENT, Presence.ONLINE, Presence.EXCUSED, Presence.ABSENT, Presence.INVITED)
    ]
    return [group for group in groups if group[2]]
