"""Ranked, approval and score ballots, collapsed to one pile for each distinct paper, and their JSON form.

Format `govern-ballots/1`. Options are numbers inside the engine: their place in `options`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any, TypeVar

from govern.counting.document import Node, parse_json
from govern.counting.errors import Faults
from govern.counting.numbers import NumberFormatError, kind_of, parse_number, shorten

FORMAT = "govern-ballots/1"
MOST_OPTIONS = 10_000
LARGEST_DENOMINATOR = 10**30
DESCRIPTIVE = ("title", "note", "source")

Marked = TypeVar("Marked")
Ranking = tuple[tuple[int, ...], ...]
Marks = tuple[int, ...]
# Integers where the weights are whole, which is much faster than fractions.
Weight = int | Fraction
Scores = tuple[tuple[int, Fraction], ...]


@dataclass(slots=True)
class Pile:
    """All papers marked alike: their weight together, and where the first of them stands in the file."""

    weight: Weight
    where: str


@dataclass(frozen=True, slots=True)
class Reserved:
    """`seats` that only these options may fill."""

    seats: int
    options: frozenset[int]


@dataclass(slots=True)
class Ballots:
    """An election read whole. `seats` None: the file does not say. `tie_order`: the published lot, first wins."""

    file: str
    options: tuple[str, ...]
    seats: int | None = None
    title: str = ""
    reserved: tuple[Reserved, ...] = ()
    tie_order: tuple[int, ...] = ()
    withdrawn: frozenset[int] = frozenset()
    rankings: dict[Ranking, Pile] = field(default_factory=dict)
    approvals: dict[Marks, Pile] = field(default_factory=dict)
    scores: dict[Scores, Pile] = field(default_factory=dict)

    @property
    def standing(self) -> tuple[int, ...]:
        """The options that have not been withdrawn, in the order of the file."""
        return tuple(option for option in range(len(self.options)) if option not in self.withdrawn)

    def names(self, options: Iterable[int]) -> list[str]:
        """Return the names of `options` in the order given."""
        return [self.options[option] for option in options]

    def total(self) -> Fraction:
        """Return the weight of all papers, blank ones included."""
        piles = (*self.rankings.values(), *self.approvals.values(), *self.scores.values())
        return Fraction(sum(pile.weight for pile in piles))


def read_ballots(data: bytes, file: str) -> Ballots:
    """Read the bytes of a ballots file; raise `CountingError` with every fault."""
    return parse_ballots(parse_json(data, file), file)


def parse_ballots(data: dict[str, Any], file: str = "ballots.json") -> Ballots:
    """Read the object of a ballots file; raise `CountingError` with every fault."""
    faults = Faults(file)
    node = Node(data, "", faults)
    node.choice("format", (FORMAT,))
    faults.check()
    node.only(("format", "seats", "options", "reserved", "tie_order", "ballots", *DESCRIPTIVE))
    options = _options(node)
    numbers = {name: number for number, name in enumerate(options)}
    ballots = Ballots(
        file=file,
        options=options,
        seats=node.whole("seats") if "seats" in data else None,
        title=node.title(),
        tie_order=_named(node.items("tie_order", []), numbers, "tie_order", faults),
    )
    ballots.reserved = tuple(_reserved(inner, numbers) for inner in node.nodes("reserved", []))
    reader = _Papers(ballots, numbers, faults)
    for inner in node.nodes("ballots"):
        reader.read(inner)
    faults.check()
    return ballots


def _options(node: Node) -> tuple[str, ...]:
    listed = node.items("options")
    if "options" in node.data and not 1 <= len(listed) <= MOST_OPTIONS:
        node.note("options", f"holds {len(listed)} options", f"Give 1 to {MOST_OPTIONS}.")
        node.faults.check()
    first: dict[str, int] = {}
    for number in range(len(listed)):
        place = f"options[{number}]"
        name = Node({place: listed[number]}, "", node.faults).name(place)
        if name and first.setdefault(name, number) != number:
            node.note(place, f"{shorten(name)} is already options[{first[name]}]", "Give each option its own name.")
    return tuple(str(name) for name in listed)


def _named(names: Sequence[Any], numbers: Mapping[str, int], where: str, faults: Faults) -> Marks:
    """Return the numbers of a list of option names, noting unknown and repeated ones."""
    found: dict[int, None] = {}
    for place, name in enumerate(names):
        number = numbers.get(name) if type(name) is str else None
        if number is None:
            shown = shorten(name) if isinstance(name, str) else kind_of(name)
            faults.add(f"{where}[{place}]", f"is {shown}, which is not an option", "Use a name from options.")
        elif number in found:
            faults.add(f"{where}[{place}]", f"{shorten(name)} stands there twice", "Name each option once.")
        else:
            found[number] = None
    return tuple(found)


def _reserved(node: Node, numbers: Mapping[str, int]) -> Reserved:
    node.only(("seats", "options"))
    options = _named(node.items("options"), numbers, f"{node.where}.options", node.faults)
    return Reserved(node.whole("seats"), frozenset(options))


@dataclass(slots=True)
class _Papers:
    ballots: Ballots
    numbers: Mapping[str, int]
    faults: Faults
    common: int = 1

    def read(self, node: Node) -> None:
        node.only(("count", "weight", "ranking", "approve", "scores"))
        kinds = [key for key in ("ranking", "approve", "scores") if key in node.data]
        if len(kinds) != 1:
            said = " and ".join(kinds) or "no ranking, approve or scores"
            self.faults.add(node.where, f"has {said}", "Give exactly one of ranking, approve and scores.")
            return
        weight = self._weight(node)
        if kinds[0] == "ranking":
            add_paper(self.ballots.rankings, self._ranking(node), weight, node.where)
        elif kinds[0] == "approve":
            marks = _named(node.items("approve"), self.numbers, f"{node.where}.approve", self.faults)
            add_paper(self.ballots.approvals, tuple(sorted(marks)), weight, node.where)
        else:
            add_paper(self.ballots.scores, self._scores(node), weight, node.where)

    def _weight(self, node: Node) -> Weight:
        count = node.whole("count") if "count" in node.data else 1
        weight = node.number("weight", Fraction(1))
        if weight is None:
            return 0
        if weight <= 0:
            node.note("weight", f"is {weight}", "Give a weight above 0.")
        self._keep_common(weight, node.where)
        return whole_if_possible(Fraction(weight * count))

    def _keep_common(self, number: Fraction, where: str) -> None:
        """Stop where the sums of fractions would grow without bound."""
        self.common = lcm(self.common, number.denominator)
        if self.common > LARGEST_DENOMINATOR:
            self.faults.add(where, "makes the fractions of this file too unlike", "Use fewer different denominators.")
            self.faults.check()

    def _ranking(self, node: Node) -> Ranking:
        ranks: list[Marks] = []
        seen: set[int] = set()
        for place, names in enumerate(node.items("ranking")):
            where = f"{node.where}.ranking[{place}]"
            if not isinstance(names, list) or not names:
                said = "is an empty rank" if names == [] else f"is {kind_of(names)}, not a list"
                self.faults.add(where, said, 'Write each rank as a list of names: [["A"], ["B", "C"]].')
                continue
            rank = _named(names, self.numbers, where, self.faults)
            for number in seen.intersection(rank):
                self.faults.add(where, f"{shorten(self.ballots.options[number])} is ranked twice", "Rank it once.")
            seen.update(rank)
            ranks.append(tuple(sorted(rank)))
        return tuple(ranks)

    def _scores(self, node: Node) -> Scores:
        inner = node.inner("scores")
        found: list[tuple[int, Fraction]] = []
        for name, value in (inner.data if inner else {}).items():
            number = self.numbers.get(name)
            where = f"{node.where}.scores.{shorten(name)}"
            if number is None:
                self.faults.add(where, "is not an option", "Use a name from options.")
                continue
            try:
                score = parse_number(value)
            except NumberFormatError as error:
                self.faults.add(where, str(error), 'Use an integer or a text such as "5/2".')
                continue
            self._keep_common(score, where)
            if score < 0:
                self.faults.add(where, f"is {score}", "Give a score from 0 on.")
            found.append((number, score))
        return tuple(sorted(found))


def whole_if_possible(number: Fraction) -> Weight:
    """Return an int where the number is whole."""
    return number.numerator if number.denominator == 1 else number


def add_paper(papers: dict[Marked, Pile], marks: Marked, weight: Weight, where: str) -> None:
    """Put papers of `weight`, marked `marks`, on their pile; `where` is kept for the first of them."""
    pile = papers.get(marks)
    if pile is None:
        papers[marks] = Pile(weight, where)
    else:
        pile.weight += weight
