"""The by-law of a motion as data: what must be reached for it to be adopted. Source: `govern-motion/1`."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from govern.counting.document import REQUIRED, Node
from govern.counting.errors import Faults
from govern.counting.numbers import InexactNumber, exact, exact_int, kind_of, shorten

Count = Literal["heads", "weight"]
Base = Literal["cast", "present", "entitled"]
Comparison = Literal["at_least", "more_than", "at_most"]
Answer = Literal["yes", "no", "abstain", "blank"]
TieRule = Literal["rejected", "casting_vote"]

COUNTS = ("heads", "weight")
BASES = ("cast", "present", "entitled")
COMPARISONS = ("at_least", "more_than", "at_most")
ANSWERS = ("yes", "no", "abstain", "blank")
COLLEGE = "college:"
EACH_COLLEGE = "each_college"


def compare(value: Fraction, comparison: Comparison, needed: Fraction) -> bool:
    """Return whether `value` stands in `comparison` to `needed`, exactly."""
    if comparison == "at_least":
        return value >= needed
    return value > needed if comparison == "more_than" else value <= needed


@dataclass(frozen=True, slots=True)
class Criterion:
    """The `of` votes, within all or one college, compared with `threshold` x `base`."""

    name: str
    count: Count
    base: Base
    threshold: Fraction
    comparison: Comparison
    of: Answer = "yes"
    within: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the criterion as it stands in a file."""
        return {
            "name": self.name,
            "of": self.of,
            "count": self.count,
            "within": self.within,
            "base": self.base,
            "threshold": exact(self.threshold),
            "comparison": self.comparison,
        }


@dataclass(frozen=True, slots=True)
class Colleges:
    """In `needed` colleges the threshold must be reached, each on its own base."""

    needed: int
    count: Count = "heads"
    base: Base = "cast"
    threshold: Fraction = Fraction(1, 2)
    comparison: Comparison = "more_than"

    def to_dict(self) -> dict[str, object]:
        """Return the requirement as it stands in a file."""
        return {
            "needed": self.needed,
            "count": self.count,
            "base": self.base,
            "threshold": exact(self.threshold),
            "comparison": self.comparison,
        }


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must take part: a share of those entitled, a number, or the greater or lesser (`whichever`) of both."""

    count: Count = "heads"
    share: Fraction | None = None
    number: Fraction | None = None
    whichever: Literal["greater", "less"] = "greater"
    comparison: Comparison = "at_least"
    within: str | None = None

    def needed(self, entitled: Fraction) -> Fraction:
        """Return what must take part when `entitled` heads or votes are entitled."""
        by_share = None if self.share is None else self.share * entitled
        parts = [part for part in (by_share, self.number) if part is not None]
        return max(parts) if self.whichever == "greater" else min(parts)

    def to_dict(self) -> dict[str, object]:
        """Return the quorum as it stands in a file."""
        return {
            "count": self.count,
            "share": None if self.share is None else exact(self.share),
            "number": None if self.number is None else exact_int(self.number),
            "whichever": self.whichever,
            "comparison": self.comparison,
            "within": self.within,
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything that decides a motion. `blocking_heads`: the number of electors that can block a weight criterion."""

    criteria: tuple[Criterion, ...]
    quorum: tuple[Quorum, ...] = ()
    colleges: Colleges | None = None
    blocking_heads: int | None = None
    tie: TieRule = "rejected"
    category_cap: Fraction | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the rule as it stands in a file; what is not set is left out."""
        data: dict[str, object] = {
            "criteria": [criterion.to_dict() for criterion in self.criteria],
            "quorum": [quorum.to_dict() for quorum in self.quorum],
            "tie": self.tie,
        }
        if self.colleges is not None:
            data["colleges"] = self.colleges.to_dict()
        if self.blocking_heads is not None:
            data["blocking_minority"] = {"heads": self.blocking_heads}
        if self.category_cap is not None:
            data["category_cap"] = exact(self.category_cap)
        return data


def parse_rule(data: dict[str, Any], file: str = "rule") -> Rule:
    """Read a rule on its own (as frozen at the opening of a vote); raise `CountingError` with every fault."""
    faults = Faults(file)
    rule = read_rule(Node(data, "rule", faults))
    faults.check()
    return rule


def read_rule(node: Node) -> Rule:
    """Read the rule at `node`, noting faults; the value is to be used only when none was noted."""
    node.only(("criteria", "colleges", "quorum", "blocking_minority", "tie", "category_cap"))
    criteria = tuple(_criterion(inner) for inner in node.nodes("criteria"))
    if node.data.get("criteria") == []:
        node.note("criteria", "is empty", "Give at least one criterion.")
    quorum = tuple(_quorum(inner) for inner in node.nodes("quorum"))
    cap = node.share("category_cap", None)
    if cap == 0:
        node.note("category_cap", "is 0, which nothing can meet", "Use a share above 0, or leave it out.")
    return Rule(
        criteria=criteria,
        quorum=quorum,
        colleges=_colleges(node.inner("colleges", None)),
        blocking_heads=_blocking(node.inner("blocking_minority", None)),
        tie=node.choice("tie", ("rejected", "casting_vote"), "rejected"),
        category_cap=cap,
    )


def _criterion(node: Node) -> Criterion:
    node.only(("name", "of", "count", "within", "base", "threshold", "comparison"))
    return Criterion(
        name=node.name("name"),
        of=node.choice("of", ANSWERS, "yes"),
        count=node.choice("count", COUNTS),
        within=_within(node, each=False),
        base=node.choice("base", BASES),
        threshold=node.share("threshold"),
        comparison=node.choice("comparison", COMPARISONS),
    )


def _colleges(node: Node | None) -> Colleges | None:
    if node is None:
        return None
    node.only(("needed", "count", "base", "threshold", "comparison"))
    return Colleges(
        needed=node.whole("needed"),
        count=node.choice("count", COUNTS, "heads"),
        base=node.choice("base", BASES, "cast"),
        threshold=node.share("threshold", Fraction(1, 2)),
        comparison=node.choice("comparison", COMPARISONS, "more_than"),
    )


def _quorum(node: Node) -> Quorum:
    node.only(("count", "share", "number", "whichever", "comparison", "within"))
    share = node.share("share", None, null=True)
    number = node.number("number", None, null=True)
    if isinstance(number, Fraction) and number < 0:
        node.note("number", f"is {number}", "Use a number from 0 on.")
    if node.data.get("share") is None and node.data.get("number") is None:
        node.note("share", "is not given, and no number either", "Give a share, a number or both.")
    return Quorum(
        count=node.choice("count", COUNTS, "heads"),
        share=share,
        number=number,
        whichever=node.choice("whichever", ("greater", "less"), "greater"),
        comparison=node.choice("comparison", ("at_least", "more_than"), "at_least"),
        within=_within(node, each=True),
    )


def _blocking(node: Node | None) -> int | None:
    if node is None:
        return None
    node.only(("heads",))
    return node.whole("heads", REQUIRED)


def _within(node: Node, *, each: bool) -> str | None:
    value = node.data.get("within")
    if value is None or (each and value == EACH_COLLEGE):
        return value
    if (
        isinstance(value, str)
        and not isinstance(value, InexactNumber)
        and value.startswith(COLLEGE)
        and value[len(COLLEGE) :].strip()
    ):
        return value
    shown = shorten(value) if isinstance(value, str) else kind_of(value)
    last = ', or "each_college".' if each else "."
    node.note("within", f"is {shown}", 'Use null or "college:" and its name' + last)
    return None
