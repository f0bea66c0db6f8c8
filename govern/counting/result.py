"""The result object that all methods but `motion` share."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from math import lcm

from govern.counting.ballots import Ballots, Pile
from govern.counting.errors import Faults
from govern.counting.numbers import exact
from govern.counting.ties import Outcome

Order = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CountResult:
    """Who won, which ties stay open, how it came about, and the method's own figures, ready for JSON."""

    method: str
    seats: int | None
    winners: tuple[str, ...]
    ties: tuple[tuple[str, ...], ...]
    steps: tuple[str, ...]
    figures: dict[str, object] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """Return the result object of the public command."""
        common: dict[str, object] = {
            "method": self.method,
            "seats": self.seats,
            "winners": list(self.winners),
            "ties": [list(tied) for tied in self.ties],
        }
        return common | self.figures | {"steps": list(self.steps)}


def named(method: str, seats: int | None, options: tuple[str, ...], outcome: Outcome) -> CountResult:
    """Return `outcome` with names in place of numbers."""
    return CountResult(
        method=method,
        seats=seats,
        winners=tuple(options[option] for option in outcome.winners),
        ties=tuple(tuple(options[option] for option in tied) for tied in outcome.ties),
        steps=outcome.steps,
        figures=outcome.figures,
    )


def totals_by_name(options: tuple[str, ...], totals: dict[int, Fraction]) -> dict[str, str]:
    """Return totals as exact texts by option name."""
    return {options[option]: exact(total) for option, total in totals.items()}


def only_papers(ballots: Ballots, method: str, wanted: str) -> None:
    """Refuse papers of another kind than `wanted`: ranking, approve or scores (several joined by ``/``)."""
    faults = Faults(ballots.file)
    kinds = {
        "ranking": list(ballots.rankings.values()),
        "approve": list(ballots.approvals.values()),
        "scores": list(ballots.scores.values()),
    }
    for kind, piles in kinds.items():
        if kind not in wanted.split("/"):
            for pile in piles:
                faults.add(
                    pile.where, f"has {kind}, which {method} does not count", f"Use {wanted.replace('/', ' or ')}."
                )
    faults.check()


def single_orders(ballots: Ballots, method: str) -> list[tuple[Order, Pile]]:
    """Return the ranked papers as plain orders; refuse equal ranks, which `method` does not allow."""
    only_papers(ballots, method, "ranking")
    faults = Faults(ballots.file)
    found: list[tuple[Order, Pile]] = []
    for ranking, pile in ballots.rankings.items():
        order = tuple(chain.from_iterable(ranking))
        if len(order) != len(ranking):
            wrong = f"ranks options equally, which {method} does not allow"
            faults.add(pile.where, wrong, "Give one option to each rank.")
        found.append((order, pile))
    faults.check()
    return found


def whole_papers(ballots: Ballots, method: str) -> list[tuple[Order, int]]:
    """Return the ranked papers with their numbers; refuse weights that are no whole number of papers."""
    faults = Faults(ballots.file)
    found: list[tuple[Order, int]] = []
    for order, pile in single_orders(ballots, method):
        if pile.weight.denominator != 1:
            wrong = f"comes with others like it to {pile.weight} papers"
            faults.add(pile.where, wrong, f"{method} counts whole papers: use whole weights.")
        found.append((order, pile.weight.numerator))
    faults.check()
    return found


def scaled_papers(ballots: Ballots, method: str) -> tuple[list[tuple[Order, int]], int]:
    """Return the ranked papers with integer weights, and the number the weights were multiplied by to become so."""
    papers = single_orders(ballots, method)
    common = lcm(*{pile.weight.denominator for _, pile in papers})
    return [(order, int(pile.weight * common)) for order, pile in papers], common
