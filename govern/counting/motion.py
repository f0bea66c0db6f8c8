"""The count of a motion: criteria, quorum, colleges, recusal, category cap and ties, exact and explained.

The rules are those of method `motion` of the public command. A recused elector is in no numerator, no base and no
quorum; an invalid vote counts for the quorum and in the base `entitled` only; a criterion with base 0 does not hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from govern.counting import motion_words as words
from govern.counting.electors import VOTES, Elector, Group, groups_of
from govern.counting.errors import CountingError, Fault
from govern.counting.numbers import exact, readable, share_words
from govern.counting.rule import COLLEGE, EACH_COLLEGE, Base, Count, Criterion, Quorum, Rule, compare

Outcome = Literal["adopted", "rejected", "no_quorum", "tied"]
_IN_BASE: dict[Base, tuple[str | None, ...]] = {
    "cast": ("yes", "no"),
    "present": ("yes", "no", "abstain", "blank"),
    "entitled": (*VOTES, None),
}


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion's figures; `value` is what was compared with `needed` = threshold x base."""

    name: str
    yes: Fraction
    no: Fraction
    abstain: Fraction
    base: Fraction
    value: Fraction
    needed: Fraction
    holds: bool

    def to_dict(self) -> dict[str, object]:
        """Return the figures as exact texts."""
        figures = ("yes", "no", "abstain", "base", "value", "needed")
        return {"name": self.name, **{name: exact(getattr(self, name)) for name in figures}, "holds": self.holds}


@dataclass(frozen=True, slots=True)
class QuorumResult:
    """One quorum's figures; `within` None means among all."""

    count: Count
    within: str | None
    took_part: Fraction
    entitled: Fraction
    needed: Fraction
    holds: bool

    def to_dict(self) -> dict[str, object]:
        """Return the figures as exact texts."""
        figures = {name: exact(getattr(self, name)) for name in ("took_part", "entitled", "needed")}
        return {"count": self.count, "within": self.within, **figures, "holds": self.holds}


@dataclass(frozen=True, slots=True)
class CollegeResult:
    """One college's figures under the rule's `colleges`."""

    college: str
    yes: Fraction
    no: Fraction
    base: Fraction
    holds: bool

    def to_dict(self) -> dict[str, object]:
        """Return the figures as exact texts."""
        figures = {name: exact(getattr(self, name)) for name in ("yes", "no", "base")}
        return {"college": self.college, **figures, "holds": self.holds}


@dataclass(frozen=True, slots=True)
class MotionResult:
    """The outcome, every figure it rests on, and the arithmetic in sentences."""

    outcome: Outcome
    criteria: tuple[CriterionResult, ...]
    quorum: tuple[QuorumResult, ...]
    colleges: tuple[CollegeResult, ...]
    steps: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the result object of the public command."""
        return {
            "outcome": self.outcome,
            "criteria": [each.to_dict() for each in self.criteria],
            "quorum": [each.to_dict() for each in self.quorum],
            "colleges": [each.to_dict() for each in self.colleges],
            "steps": list(self.steps),
        }


class Sums:
    """Heads and weight by vote, of all or of one college; recused electors are never in it."""

    __slots__ = ("heads", "weight")

    def __init__(self) -> None:
        """Start at zero."""
        self.heads: dict[str | None, Fraction] = dict.fromkeys((*VOTES, None), Fraction(0))
        self.weight: dict[str | None, Fraction] = dict.fromkeys((*VOTES, None), Fraction(0))

    def add(self, vote: str | None, heads: Fraction, weight: Fraction) -> None:
        """Add electors that voted alike."""
        self.heads[vote] += heads
        self.weight[vote] += weight

    def of(self, count: Count, *votes: str | None) -> Fraction:
        """Return the heads or the weight of `votes` together."""
        by_vote = self.heads if count == "heads" else self.weight
        return sum((by_vote[vote] for vote in votes), Fraction(0))

    def base(self, count: Count, base: Base) -> Fraction:
        """Return the base of that name."""
        return self.of(count, *_IN_BASE[base])

    def took_part(self, count: Count) -> Fraction:
        """Return who voted at all, invalid included."""
        return self.of(count, *VOTES)


class Roll:
    """The electorate added up: all together, by college, by category, and who has the casting vote."""

    def __init__(self, groups: Iterable[Group]) -> None:
        """Add up `groups`; a group with an unknown vote, no elector or no weight raises `CountingError`."""
        self.all = Sums()
        self.colleges: dict[str, Sums] = {}
        self.categories: dict[str, Fraction] = {}
        self.recused_heads = 0
        self.recused_weight = Fraction(0)
        self.casting: str | None = None
        self.kinds: set[str] = set()
        self.weighted = False
        for group in groups:
            self._add(Group(*group))
        self.colleges = dict(sorted(self.colleges.items()))

    def _add(self, group: Group) -> None:
        _check_group(group)
        heads, weight = Fraction(group.number), Fraction(group.weight) * group.number
        self.kinds.add(group.kind)
        self.weighted = self.weighted or group.weight != 1
        college = self.colleges.setdefault(group.college, Sums()) if group.college is not None else None
        if group.recused:
            self.recused_heads += group.number
            self.recused_weight += weight
            return
        self.all.add(group.vote, heads, weight)
        if college is not None:
            college.add(group.vote, heads, weight)
        if group.category is not None:
            self.categories[group.category] = self.categories.get(group.category, Fraction(0)) + weight
        if group.casting:
            self.casting = group.vote

    def within(self, within: str | None) -> Sums:
        """Return the sums of all (None) or of one ``college:NAME``; a college without electors has none."""
        return self.all if within is None else self.colleges.get(within.removeprefix(COLLEGE), Sums())


def _check_group(group: Group) -> None:
    if group.vote is not None and group.vote not in VOTES:
        raise CountingError([Fault("", "vote", f"{group.vote} is not a vote", "Use " + ", ".join(VOTES) + ".")])
    if group.weight <= 0 or group.number < 1:
        wrong = f"{group.number} electors of weight {group.weight}"
        raise CountingError([Fault("", "weight", wrong, "Give a number and a weight above 0.")])


def count_motion(rule: Rule, electors: Iterable[Elector]) -> MotionResult:
    """Count a motion elector by elector; see `count_motion_groups`."""
    return count_motion_groups(rule, groups_of(electors))


def count_motion_groups(rule: Rule, groups: Iterable[Group]) -> MotionResult:
    """Count a motion from groups of like electors; raise `CountingError` when a category is above the rule's cap.

    Each group is (kind, college, category, weight, vote, recused, casting, number of electors).
    """
    roll = Roll(groups)
    _refuse_over_cap(rule, roll)
    quorums = [(quorum, result) for quorum in rule.quorum for result in _quorums(quorum, roll)]
    quorum = tuple(result for _, result in quorums)
    criteria = tuple(_criterion(rule, criterion, roll) for criterion in rule.criteria)
    colleges = _colleges(rule, roll)
    steps = words.roll(roll) + words.quorum(quorums, roll) + words.criteria(rule, criteria, roll)
    steps += words.colleges(rule, colleges)
    outcome, last = _outcome(rule, roll, criteria, quorum, colleges)
    return MotionResult(outcome, criteria, quorum, colleges, (*steps, *last))


def find_over_cap(rule: Rule, groups: Iterable[Group]) -> list[str]:
    """Return one sentence for each category above the rule's cap; a vote may open only when there is none."""
    return [fault.wrong for fault in _over_cap(rule, Roll(groups))]


def _refuse_over_cap(rule: Rule, roll: Roll) -> None:
    faults = _over_cap(rule, roll)
    if faults:
        raise CountingError(faults)


def _over_cap(rule: Rule, roll: Roll) -> list[Fault]:
    if rule.category_cap is None:
        return []
    entitled = roll.all.base("weight", "entitled")
    most = rule.category_cap * entitled
    return [
        Fault(
            "",
            f"category {category}",
            f"holds {readable(weight)} of {readable(entitled)} votes entitled, more than "
            f"{share_words(rule.category_cap)} ({readable(most)}), so the vote could not open",
            "Change the weights or the cap by the by-laws' own procedure, then hold the vote again.",
        )
        for category, weight in sorted(roll.categories.items())
        if weight > most
    ]


def _quorums(quorum: Quorum, roll: Roll) -> list[QuorumResult]:
    if quorum.within != EACH_COLLEGE:
        return [_quorum(quorum, quorum.within, roll)]
    named = (name for name, sums in roll.colleges.items() if sums.base("heads", "entitled") > 0)
    return [_quorum(quorum, COLLEGE + name, roll) for name in named]


def _quorum(quorum: Quorum, within: str | None, roll: Roll) -> QuorumResult:
    sums = roll.within(within)
    took_part, entitled = sums.took_part(quorum.count), sums.base(quorum.count, "entitled")
    needed = quorum.needed(entitled)
    return QuorumResult(
        quorum.count, within, took_part, entitled, needed, compare(took_part, quorum.comparison, needed)
    )


def _criterion(rule: Rule, criterion: Criterion, roll: Roll) -> CriterionResult:
    sums, count = roll.within(criterion.within), criterion.count
    base, value = sums.base(count, criterion.base), sums.of(count, criterion.of)
    needed = criterion.threshold * base
    holds = base > 0 and (compare(value, criterion.comparison, needed) or _unblocked(rule, criterion, roll))
    return CriterionResult(
        criterion.name,
        sums.of(count, "yes"),
        sums.of(count, "no"),
        sums.of(count, "abstain"),
        base,
        value,
        needed,
        holds,
    )


def _unblocked(rule: Rule, criterion: Criterion, roll: Roll) -> bool:
    if rule.blocking_heads is None or criterion.count != "weight":
        return False
    return words.not_yes(roll) < rule.blocking_heads


def _colleges(rule: Rule, roll: Roll) -> tuple[CollegeResult, ...]:
    need = rule.colleges
    if need is None:
        return ()
    found = []
    for name, sums in roll.colleges.items():
        yes, no, base = sums.of(need.count, "yes"), sums.of(need.count, "no"), sums.base(need.count, need.base)
        holds = base > 0 and compare(yes, need.comparison, need.threshold * base)
        found.append(CollegeResult(name, yes, no, base, holds))
    return tuple(found)


def _outcome(
    rule: Rule,
    roll: Roll,
    criteria: tuple[CriterionResult, ...],
    quorum: tuple[QuorumResult, ...],
    colleges: tuple[CollegeResult, ...],
) -> tuple[Outcome, list[str]]:
    if not all(each.holds for each in quorum):
        return "no_quorum", ["Outcome: no quorum, so nothing is decided."]
    enough_colleges = rule.colleges is None or sum(each.holds for each in colleges) >= rule.colleges.needed
    if _is_tie(rule, criteria):
        outcome, said = _tie(rule, roll)
        if enough_colleges or outcome == "rejected":
            return outcome, said
    adopted = enough_colleges and all(each.holds for each in criteria)
    return ("adopted", ["Outcome: adopted."]) if adopted else ("rejected", ["Outcome: rejected."])


def _is_tie(rule: Rule, criteria: tuple[CriterionResult, ...]) -> bool:
    if len(criteria) != 1 or rule.criteria[0].comparison != "more_than" or criteria[0].holds:
        return False
    return criteria[0].base > 0 and criteria[0].value == criteria[0].needed


def _tie(rule: Rule, roll: Roll) -> tuple[Outcome, list[str]]:
    if rule.tie == "rejected":
        return "rejected", ["This is a tie, and by the rule a tie rejects the motion.", "Outcome: rejected."]
    if roll.casting == "yes":
        return "adopted", ["This is a tie; the casting vote is yes.", "Outcome: adopted."]
    if roll.casting == "no":
        return "rejected", ["This is a tie; the casting vote is no.", "Outcome: rejected."]
    return "tied", ["This is a tie, and whoever has the casting vote did not vote yes or no.", "Outcome: tied."]
