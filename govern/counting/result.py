"""The result object that all methods but `motion` share."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from govern.counting.ballots import Ballots, Pile, Ranking
from govern.counting.errors import Faults
from govern.counting.numbers import exact
from govern.counting.ties import Outcome

Papers = dict[tuple[int, ...], Fraction]


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


def single_rankings(ballots: Ballots, method: str) -> dict[tuple[int, ...], Pile]:
    """Return the ranked papers as plain orders; refuse equal ranks, which `method` does not allow."""
    only_papers(ballots, method, "ranking")
    faults = Faults(ballots.file)
    found: dict[tuple[int, ...], Pile] = {}
    for ranking, pile in ballots.rankings.items():
        if any(len(rank) > 1 for rank in ranking):
            faults.add(
                pile.where, f"ranks options equally, which {method} does not allow", "Give one option to each rank."
            )
        found[_flat(ranking)] = pile
    faults.check()
    return found


def _flat(ranking: Ranking) -> tuple[int, ...]:
    return tuple([rank[0] for rank in ranking])


def scaled(piles: dict[tuple[int, ...], Pile]) -> tuple[dict[tuple[int, ...], int], int]:
    """Return the weights as integers, and the number they were multiplied by to become so."""
    common = lcm(*(pile.weight.denominator for pile in piles.values())) if piles else 1
    return {marks: int(pile.weight * common) for marks, pile in piles.items()}, common
