"""Who may vote on a motion and how each voted: the electors of a `govern-motion/1` file, and groups of like ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from govern.counting.document import Node, parse_json
from govern.counting.errors import Faults
from govern.counting.numbers import exact
from govern.counting.rule import Rule, read_rule

FORMAT = "govern-motion/1"
VOTES = ("yes", "no", "abstain", "blank", "invalid")
Vote = Literal["yes", "no", "abstain", "blank", "invalid"]
Kind = Literal["member", "seat"]
DESCRIPTIVE = ("title", "note", "source")


@dataclass(frozen=True, slots=True)
class Elector:
    """A member or seat that may vote. `vote` None: did not take part. `casting`: its vote decides a tie."""

    id: str
    vote: Vote | None
    label: str = ""
    kind: Kind = "member"
    college: str | None = None
    category: str | None = None
    weight: Fraction = Fraction(1)
    recused: bool = False
    casting: bool = False

    def to_dict(self) -> dict[str, object]:
        """Return the elector as it stands in a file."""
        return {
            "id": self.id,
            "label": self.label or self.id,
            "kind": self.kind,
            "college": self.college,
            "category": self.category,
            "weight": exact(self.weight),
            "vote": self.vote,
            "recused": self.recused,
            "casting": self.casting,
        }


class Group(NamedTuple):
    """`number` electors that are alike in everything the count looks at; what an SQL aggregate yields."""

    kind: Kind
    college: str | None
    category: str | None
    weight: Fraction | int
    vote: Vote | None
    recused: bool
    casting: bool
    number: int


@dataclass(frozen=True, slots=True)
class MotionFile:
    """A motion file read whole."""

    rule: Rule
    electors: tuple[Elector, ...]
    title: str = ""

    def to_dict(self) -> dict[str, object]:
        """Return the file's object, which `parse_motion` reads back to an equal value."""
        data: dict[str, object] = {"format": FORMAT}
        if self.title:
            data["title"] = self.title
        return data | {"rule": self.rule.to_dict(), "electors": [elector.to_dict() for elector in self.electors]}


def groups_of(electors: Iterable[Elector]) -> Iterator[Group]:
    """Return each elector as a group of one."""
    for one in electors:
        yield Group(one.kind, one.college, one.category, one.weight, one.vote, one.recused, one.casting, 1)


def read_motion(data: bytes, file: str) -> MotionFile:
    """Read the bytes of a motion file; raise `CountingError` with every fault."""
    return parse_motion(parse_json(data, file), file)


def parse_motion(data: dict[str, Any], file: str = "vote.json") -> MotionFile:
    """Read the object of a motion file; raise `CountingError` with every fault."""
    faults = Faults(file)
    node = Node(data, "", faults)
    node.choice("format", (FORMAT,))
    faults.check()
    node.only(("format", "rule", "electors", *DESCRIPTIVE))
    rule_node = node.inner("rule")
    rule = read_rule(rule_node) if rule_node is not None else None
    electors = tuple(_elector(inner) for inner in node.nodes("electors"))
    _check_together(node, electors)
    title = node.title()
    faults.check()
    return MotionFile(rule or Rule(()), electors, title)


def _elector(node: Node) -> Elector:
    node.only(("id", "label", "kind", "college", "category", "weight", "vote", "recused", "casting"))
    weight = node.number("weight", Fraction(1))
    if weight is not None and weight <= 0:
        node.note("weight", f"is {weight}", "Give a weight above 0; leave out who has no vote.")
    key = node.name("id")
    return Elector(
        id=key,
        vote=node.choice("vote", VOTES, null=True),
        label=node.name("label", key or "-"),
        kind=node.choice("kind", ("member", "seat"), "member"),
        college=node.name("college", None, null=True),
        category=node.name("category", None, null=True),
        weight=weight,
        recused=node.flag("recused", default=False),
        casting=node.flag("casting", default=False),
    )


def _check_together(node: Node, electors: tuple[Elector, ...]) -> None:
    first: dict[str, int] = {}
    casting = None
    for number, elector in enumerate(electors):
        place = f"electors[{number}]"
        if elector.id and first.setdefault(elector.id, number) != number:
            node.faults.add(
                f"{place}.id",
                f"{elector.id} is already electors[{first[elector.id]}]",
                "Keep one entry for each elector.",
            )
        if elector.casting and casting is not None:
            node.faults.add(
                f"{place}.casting", f"is true, as in {casting}", "One elector at most has the casting vote."
            )
        casting = place if elector.casting else casting
