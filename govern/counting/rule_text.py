"""A motion's rule in plain sentences for the ballot page, and what it comes to for today's electors."""

from collections.abc import Iterable
from fractions import Fraction
from math import floor

from govern.counting.electors import Elector, groups_of
from govern.counting.motion import Roll
from govern.counting.motion_words import COMPARED, amount, base_words, many, noun_for, place, unit
from govern.counting.numbers import readable, share_words
from govern.counting.rule import COLLEGE, EACH_COLLEGE, Colleges, Comparison, Criterion, Quorum, Rule

_SAY = {"yes": "say yes", "no": "say no", "abstain": "abstain", "blank": "stay blank"}


def describe_rule(rule: Rule, noun: str = "electors") -> list[str]:
    """Return the rule as sentences, the quorum first; `noun` names the electors: members or seats."""
    said = [_quorum(quorum, noun) for quorum in rule.quorum] or ["There is no quorum."]
    said += [_criterion(criterion, noun) for criterion in rule.criteria]
    if len(rule.criteria) > 1:
        said.append(f"All {len(rule.criteria)} conditions must hold.")
    if rule.colleges is not None:
        said.append(_colleges(rule.colleges, noun))
    if rule.blocking_heads is not None:
        said.append(f"The votes count as reached when fewer than {rule.blocking_heads} {noun} withhold their yes.")
    if _can_tie(rule):
        said.append("On a tie the casting vote decides." if rule.tie == "casting_vote" else "A tie rejects the motion.")
    if rule.category_cap is not None:
        said.append(f"No category of members may hold more than {share_words(rule.category_cap)} of the votes.")
    return said


def needed_today(rule: Rule, electors: Iterable[Elector]) -> list[str]:
    """Return what the rule asks of these electors: the quorum in figures, and the yes needed if everybody votes.

    How they voted does not matter; recused electors are left out.
    """
    roll = Roll(groups_of(electors))
    noun = noun_for(roll.kinds)
    said = []
    for quorum in rule.quorum:
        named = [quorum.within] if quorum.within != EACH_COLLEGE else [COLLEGE + name for name in roll.colleges]
        said += [_quorum_today(quorum, within, roll, noun) for within in named]
    said += [_criterion_today(criterion, roll, noun) for criterion in rule.criteria]
    return [sentence for sentence in said if sentence]


def _can_tie(rule: Rule) -> bool:
    return len(rule.criteria) == 1 and rule.criteria[0].comparison == "more_than"


def _all_or(comparison: Comparison, share: Fraction) -> str:
    return "all" if share == 1 and comparison == "at_least" else f"{COMPARED[comparison]} {share_words(share)}"


def _quorum(quorum: Quorum, noun: str) -> str:
    what = unit(quorum.count, noun)
    by_share = None if quorum.share is None else f"{share_words(quorum.share)} of the {what}"
    by_number = None if quorum.number is None else f"{readable(quorum.number)} {what}"
    needed = " or ".join(part for part in (by_number, by_share) if part)
    if by_share and by_number:
        needed += f", whichever is {quorum.whichever},"
    within = " of each college" if quorum.within == EACH_COLLEGE else place(quorum.within)
    return f"Quorum: {COMPARED[quorum.comparison]} {needed}{within} must take part."


def _criterion(criterion: Criterion, noun: str) -> str:
    base = base_words(criterion.count, criterion.base, noun)
    share = _all_or(criterion.comparison, criterion.threshold)
    return f"{criterion.name}: holds when {share} of the {base}{place(criterion.within)} {_SAY[criterion.of]}."


def _colleges(colleges: Colleges, noun: str) -> str:
    base = base_words(colleges.count, colleges.base, noun)
    share = _all_or(colleges.comparison, colleges.threshold)
    college = "college" if colleges.needed == 1 else "colleges"
    return f"At least {colleges.needed} {college} must agree: {share} of its {base} say yes."


def _quorum_today(quorum: Quorum, within: str | None, roll: Roll, noun: str) -> str:
    entitled = roll.within(within).base(quorum.count, "entitled")
    if not entitled and quorum.within == EACH_COLLEGE:
        return ""
    needed = amount(quorum.needed(entitled), quorum.comparison, whole=quorum.count == "heads")
    return f"The quorum{place(within)} is {needed} of {many(entitled, unit(quorum.count, noun))}."


def _criterion_today(criterion: Criterion, roll: Roll, noun: str) -> str:
    entitled = roll.within(criterion.within).base(criterion.count, "entitled")
    what = unit(criterion.count, noun)
    where = many(entitled, what) + place(criterion.within)
    if not entitled:
        return f"{criterion.name}: cannot hold, because no {what}{place(criterion.within)} are entitled."
    needed = amount(criterion.threshold * entitled, criterion.comparison, whole=_whole(criterion, entitled))
    if criterion.of == "yes":
        voting = "votes yes or no" if criterion.base == "cast" else "votes"
        return f"{criterion.name}: passes with {needed} of {where} if everybody {voting}."
    may = "may" if criterion.comparison == "at_most" else "must"
    return f"{criterion.name}: {needed} of {where} {may} {_SAY[criterion.of]} if everybody votes."


def _whole(criterion: Criterion, entitled: Fraction) -> bool:
    return criterion.count == "heads" or entitled == floor(entitled)
