"""The arithmetic of a motion in sentences that members read on the result page."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from govern.counting.electors import VOTES
from govern.counting.numbers import readable, share_words
from govern.counting.rule import COLLEGE, Base, Comparison, Count, Criterion, Quorum, Rule, compare

if TYPE_CHECKING:
    from govern.counting.motion import CollegeResult, CriterionResult, QuorumResult, Roll

COMPARED: dict[Comparison, str] = {"at_least": "at least", "more_than": "more than", "at_most": "at most"}
_BASE_OF: dict[tuple[Count, Base], str] = {
    ("heads", "cast"): "{noun} voting yes or no",
    ("heads", "present"): "{noun} voting (yes, no, abstaining or blank)",
    ("heads", "entitled"): "{noun} entitled",
    ("weight", "cast"): "votes cast for yes or no",
    ("weight", "present"): "votes cast (yes, no, abstaining or blank)",
    ("weight", "entitled"): "votes entitled",
}
_ANSWER = {"yes": "yes", "no": "no", "abstain": "an abstention", "blank": "blank"}
_VOTED = {"yes": "yes", "no": "no", "abstain": "abstained", "blank": "blank", "invalid": "invalid"}


def noun_for(kinds: set[str]) -> str:
    """Return what the electors are called: members, seats, or electors where both vote."""
    return {frozenset(("member",)): "members", frozenset(("seat",)): "seats"}.get(frozenset(kinds), "electors")


def unit(count: Count, noun: str) -> str:
    """Return what is counted: the electors' noun, or votes."""
    return noun if count == "heads" else "votes"


def many(number: Fraction | int, plural: str) -> str:
    """Return a number with its noun, e.g. ``3 members`` or ``1 member``."""
    return f"{readable(number)} {plural.removesuffix('s') if number == 1 else plural}"


def base_words(count: Count, base: Base, noun: str) -> str:
    """Return what a base holds, e.g. ``votes cast for yes or no``."""
    return _BASE_OF[count, base].format(noun=noun)


def place(within: str | None) -> str:
    """Return `` in college I`` or nothing."""
    return "" if within is None else f" in college {within.removeprefix(COLLEGE)}"


def amount(needed: Fraction, comparison: Comparison, *, whole: bool) -> str:
    """Return what must be reached; with `whole`, what a fraction comes to: ``at least 16 (15 1/3)``."""
    said = f"{COMPARED[comparison]} {readable(needed)}"
    if not whole or needed.denominator == 1:
        return said
    if comparison == "at_most":
        return f"at most {floor(needed)} ({readable(needed)})"
    return f"at least {floor(needed) + 1} ({said if comparison == 'more_than' else readable(needed)})"


def not_yes(roll: "Roll") -> Fraction:
    """Return how many entitled electors did not vote yes."""
    return roll.all.base("heads", "entitled") - roll.all.of("heads", "yes")


def roll(roll: "Roll") -> list[str]:
    """Say who was entitled, who was recused and how they voted."""
    noun = noun_for(roll.kinds)
    heads, weight = roll.all.base("heads", "entitled"), roll.all.base("weight", "entitled")
    together = f", with {many(weight, 'votes')} together" if roll.weighted else ""
    said = [f"Entitled to vote: {many(heads, noun)}{together}."]
    if roll.recused_heads:
        votes = f" with {many(roll.recused_weight, 'votes')}" if roll.weighted else ""
        said.append(f"Recused and therefore counted nowhere: {many(roll.recused_heads, noun)}{votes}.")
    said.append(_turnout(roll, "heads", noun))
    if roll.weighted:
        said.append(_turnout(roll, "weight", "votes"))
    return said


def _turnout(roll: "Roll", count: Count, noun: str) -> str:
    figures = {vote: roll.all.of(count, vote) for vote in VOTES}
    parts = [
        f"{readable(figure)} {_VOTED[vote]}" for vote, figure in figures.items() if figure or vote in {"yes", "no"}
    ]
    took_part, absent = roll.all.took_part(count), roll.all.of(count, None)
    return f"{many(took_part, noun)} took part: {', '.join(parts)}; {readable(absent)} did not."


def quorum(results: Sequence[tuple[Quorum, "QuorumResult"]], roll: "Roll") -> list[str]:
    """Say what each quorum needed and what took part."""
    if not results:
        return ["No quorum is asked for."]
    noun = noun_for(roll.kinds)
    said = []
    for rule, result in results:
        needed = amount(result.needed, rule.comparison, whole=result.count == "heads")
        entitled = many(result.entitled, unit(result.count, noun))
        said.append(
            f"Quorum{place(result.within)}: {needed} of {entitled} must take part; {readable(result.took_part)} did. "
            f"The quorum is {'' if result.holds else 'not '}reached."
        )
    return said


def criteria(rule: Rule, results: Sequence["CriterionResult"], roll: "Roll") -> list[str]:
    """Say what each criterion needed and what it got."""
    said = []
    for criterion, result in zip(rule.criteria, results, strict=True):
        said.append(_criterion(criterion, result, noun_for(roll.kinds)))
        if rule.blocking_heads is not None and criterion.count == "weight" and result.base > 0:
            said.append(_blocking(rule.blocking_heads, not_yes(roll), noun_for(roll.kinds)))
    return said


def _criterion(criterion: Criterion, result: "CriterionResult", noun: str) -> str:
    base = base_words(criterion.count, criterion.base, noun)
    start = f"{criterion.name}{place(criterion.within)}: "
    if result.base == 0:
        return f"{start}there are no {base}, so this does not hold."
    needed = amount(result.needed, criterion.comparison, whole=criterion.count == "heads")
    share = share_words(criterion.threshold)
    got = f"{readable(result.value)} {'is' if result.value == 1 else 'are'}"
    return (
        f"{start}{COMPARED[criterion.comparison]} {share} of the {readable(result.base)} {base} must be "
        f"{_ANSWER[criterion.of]}, that is {needed}; {got}. {_verdict(criterion, result)}"
    )


def _verdict(criterion: Criterion, result: "CriterionResult") -> str:
    return "This holds." if compare(result.value, criterion.comparison, result.needed) else "This does not hold."


def _blocking(heads: int, against: Fraction, noun: str) -> str:
    start = f"Blocking minority: {heads} {noun} must withhold their yes to block; {readable(against)} did"
    return f"{start}, so the criterion counts as met." if against < heads else f"{start}, so it stays as counted."


def colleges(rule: Rule, results: Sequence["CollegeResult"]) -> list[str]:
    """Say how each college voted and whether enough of them agree."""
    need = rule.colleges
    if need is None:
        return []
    said = []
    for each in results:
        needed = amount(need.threshold * each.base, need.comparison, whole=need.count == "heads")
        asked = f"{needed} needed" if each.base else "nobody to take a share of"
        verdict = "it agrees" if each.holds else "it does not agree"
        said.append(f"College {each.college}: {readable(each.yes)} yes, {readable(each.no)} no; {asked}: {verdict}.")
    agree = sum(each.holds for each in results)
    verdict = "This holds." if agree >= need.needed else "This does not hold."
    said.append(f"Colleges: {need.needed} must agree; {agree} of {len(results)} do. {verdict}")
    return said
