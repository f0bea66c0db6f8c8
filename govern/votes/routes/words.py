"""States, outcomes and figures in words."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from math import ceil

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from markupsafe import Markup, escape

from govern.counting.motion import CriterionResult, MotionResult, QuorumResult
from govern.counting.numbers import readable, share_words
from govern.counting.rule import Base, Count, Criterion, Rule
from govern.votes.queries import OwnLine, Turnout
from govern.votes.rules import Choice, VoteState
from govern.web import formats

STATES = {
    VoteState.PREPARED: ("plain", lazy("Prepared"), "pencil"),
    VoteState.OPEN: ("info", lazy("Open"), "circle-dot"),
    VoteState.CLOSED: ("warn", lazy("Closed, not declared"), "lock"),
    VoteState.DECLARED: ("mute", lazy("Declared"), "stamp"),
    VoteState.WITHDRAWN: ("mute", lazy("Withdrawn"), "undo-2"),
}
OUTCOMES = {
    "adopted": ("ok", lazy("Adopted"), "circle-check"),
    "rejected": ("bad", lazy("Rejected"), "circle-x"),
    "no_quorum": ("warn", lazy("No quorum"), "circle-minus"),
    "tied": ("warn", lazy("Tied"), "scale"),
}
VOTED = {
    Choice.YES: ("ok", lazy("For"), "check"),
    Choice.NO: ("bad", lazy("Against"), "x"),
    Choice.ABSTAIN: ("mute", lazy("Abstained"), "minus"),
}
COMPARED = {
    "at_least": lazy("at least %(share)s"),
    "more_than": lazy("more than %(share)s"),
    "at_most": lazy("at most %(share)s"),
}


def tag_of(state: VoteState, outcome: str | None) -> tuple[str, str, str]:
    """Kind, word and icon for a vote in a list: its outcome once declared, its state before."""
    kind, word, icon = OUTCOMES[outcome] if outcome else STATES[state]
    return kind, str(word), icon


def percent(part: Fraction, whole: Fraction) -> str:
    """``78.8%``: tenths, halves up, in integers."""
    tenths = int(part * 1000 / whole + Fraction(1, 2)) if whole else 0
    return f"{tenths // 10}.{tenths % 10}%".replace(".0%", "%")


@dataclass(frozen=True, slots=True)
class Bar:
    """One criterion as the result page draws it; numbers are whole votes or heads."""

    headline: str
    sentence: str
    parts: list[tuple[str, str, int]]
    outside: list[tuple[str, str, int]]
    threshold: tuple[int, int]


def base_name(count: Count, base: Base) -> str:
    """What a share is taken of, for people."""
    names = {
        ("heads", "cast"): _("of the votes cast"),
        ("weight", "cast"): _("of the votes cast"),
        ("heads", "present"): _("of those voting"),
        ("weight", "present"): _("of the votes given"),
        ("heads", "entitled"): _("of those entitled"),
        ("weight", "entitled"): _("of the votes entitled"),
    }
    return str(names[count, base])


def needed_share(criterion: Criterion) -> str:
    """``at least two thirds``."""
    return str(COMPARED[criterion.comparison]) % {"share": share_words(criterion.threshold)}


def bar_of(criterion: Criterion, found: CriterionResult, took_no_part: Fraction) -> Bar:
    """The bar of a criterion: what its base holds side by side, the rest in the legend."""
    own = {"yes": found.yes, "no": found.no, "abstain": found.abstain}
    labels = {"yes": ("for", _("For")), "no": ("against", _("Against")), "abstain": ("abstain", _("Abstained"))}
    inside = ("yes", "no") if criterion.base == "cast" else ("yes", "no", "abstain")
    rows = {key: (*labels[key], int(own[key])) for key in own}
    absent = ("none", _("Did not vote"), int(took_no_part))
    parts = [rows[key] for key in inside] + ([absent] if criterion.base == "entitled" else [])
    outside = [rows[key] for key in own if key not in inside] + ([] if criterion.base == "entitled" else [absent])
    share = percent(found.value, found.base)
    said = _(
        "%(name)s: %(share)s %(of)s, %(needed)s needed",
        name=criterion.name,
        share=share,
        of=base_name(criterion.count, criterion.base),
        needed=needed_share(criterion),
    )
    sentence = _("%(yes)s for, %(no)s against", yes=readable(found.yes), no=readable(found.no))
    return Bar(said, f"{said}. {sentence}.", parts, outside, criterion.threshold.as_integer_ratio())


def headline(rule: Rule, result: MotionResult) -> str:
    """The result in one sentence."""
    word = str(OUTCOMES[result.outcome][1])
    if result.outcome == "no_quorum":
        return f"{word}: {_missed(next(each for each in result.quorum if not each.holds))}"
    criterion, found = rule.criteria[0], result.criteria[0]
    share = percent(found.value, found.base)
    of, needed = base_name(criterion.count, criterion.base), needed_share(criterion)
    return str(_("%(word)s: %(share)s %(of)s, %(needed)s needed", word=word, share=share, of=of, needed=needed))


def _missed(quorum: QuorumResult) -> str:
    # Heads are whole: 15 1/3 of them are 16.
    needed = Fraction(ceil(quorum.needed)) if quorum.count == "heads" else quorum.needed
    figures = {"took": readable(quorum.took_part), "all": readable(quorum.entitled), "needed": readable(needed)}
    if quorum.count == "heads":
        return str(_("%(took)s of %(all)s took part, %(needed)s needed", **figures))
    return str(_("%(took)s of %(all)s votes took part, %(needed)s needed", **figures))


@dataclass(frozen=True, slots=True)
class Locked:
    """Why somebody cannot vote, and the way out."""

    title: str
    cause: str
    href: str | None = None
    href_text: str | None = None


def locked(own: OwnLine, *, may_cast: bool, is_voter: bool, help_email: str) -> Locked | None:
    """The locked ballot for this reader, or None when the ballot is open to it or not its business."""
    ask = f"mailto:{help_email}" if help_email else None
    if own.recused:
        cause = _("Ground: %(ground)s. You are counted nowhere and see no papers of this item.", ground=own.ground)
        way_out = _("If the ground is wrong, tell the secretariat before the vote closes.")
        return Locked(_("You are recused from this vote"), f"{cause} {way_out}", ask, _("Write to the secretariat"))
    if not is_voter:
        return None
    if own.elector is None:
        cause = _("The roll was frozen when the vote opened, and nobody you act for stands on it.")
        return Locked(_("You have no vote here"), cause, ask, _("Write to the secretariat"))
    if not own.elector.entitled:
        href = url_for("dues.mine") if "dues.mine" in current_app.view_functions and own.elector.member_id else None
        fixed = _("The roll is as it was when the vote opened: what is paid since counts for the next vote.")
        return Locked(_("You cannot vote"), f"{own.elector.reason} {fixed}", href, _("See what is owed"))
    if not may_cast:
        cause = _("The vote of %(name)s is cast by its delegate or an alternate.", name=own.elector.label)
        return Locked(_("You do not cast this vote"), cause, ask, _("Write to the secretariat"))
    return None


def turnout_meters(turnout: Turnout, noun: str) -> list[tuple[str, int, int, int | None]]:
    """A meter for each quorum, or one without a mark: sentence, what took part, of how many, the mark (rounded up)."""
    if not turnout.quorums:
        said = _("%(took)s of %(all)s %(noun)s have voted.", took=turnout.heads, all=turnout.heads_entitled, noun=noun)
        return [(said, turnout.heads, turnout.heads_entitled, None)]
    return [
        (
            _took_part(each, noun),
            int(each.took_part),
            int(each.entitled),
            ceil(each.needed),
        )
        for each in turnout.quorums
    ]


def _took_part(quorum: QuorumResult, noun: str) -> str:
    figures = {"took": readable(quorum.took_part), "all": readable(quorum.entitled), "noun": noun}
    if quorum.within is not None:
        college = quorum.within.split(":", 1)[1]
        return str(_("College %(college)s: %(took)s of %(all)s have voted.", college=college, **figures))
    if quorum.count == "weight":
        return str(_("%(took)s of %(all)s votes have been cast.", **figures))
    return str(_("%(took)s of %(all)s %(noun)s have voted.", **figures))


def votes_words(count: int) -> str:
    """``3 votes``."""
    return str(ngettext("%(num)s vote", "%(num)s votes", count))


def decision_href(number: str) -> str | None:
    """The page of a decision in the register, where there is one."""
    known = "desk.decision" in current_app.view_functions
    return url_for("desk.decision", decision_id=number) if known else None


def closing(instant: datetime) -> Markup:
    """A closing time as people say it: midnight belongs to the day that ends ("Tue 24 Nov 2026, 24:00")."""
    shown = formats.current()
    if instant.astimezone(shown.zone).time() != time.min:
        return shown.moment(instant)
    machine = instant.astimezone(shown.zone).isoformat(timespec="minutes")
    day = shown.day(instant - timedelta(microseconds=1))
    return Markup('<time datetime="{}">{}, 24:00</time>').format(machine, day)


def voting_as(line: OwnLine, *, by_weight: bool) -> Markup:
    """Whose vote it is and how many votes it has."""
    if line.elector is None:
        return Markup("")
    name = Markup("<b><bdi>{}</bdi></b>").format(line.elector.label)
    if not by_weight:
        return escape(_("Voting for %(name)s")) % {"name": name}
    votes = Markup("<b>{}</b>").format(votes_words(line.elector.weight))
    return escape(_("Voting for %(name)s with %(votes)s")) % {"name": name, "votes": votes}


def meanings(rule: Rule) -> dict[str, str]:
    """What each answer does under this rule."""
    bases = {criterion.base for criterion in rule.criteria}
    silent = _("Counts for the quorum, not for the result")
    felt = _("Counts for the quorum; under this rule it makes the majority harder to reach")
    return {
        Choice.YES.value: _("Adopt the text as it stands"),
        Choice.NO.value: _("Do not adopt it"),
        Choice.ABSTAIN.value: silent if bases == {"cast"} else felt,
    }
