"""Ties: settled by the published order, shown to be without effect, or left open. Never by chance, never silently."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

MOST_RUNS = 200
WORK = 2_000_000


def runs_for(papers: int) -> int:
    """Return how many counts of that many distinct papers are worth making to see whether a tie matters."""
    return max(2, min(MOST_RUNS, WORK // (papers + 1)))


class OpenTieError(Exception):
    """Raised inside a count where a tie is settled by nothing; the count stops there and reports it."""

    def __init__(self, tied: tuple[int, ...]) -> None:
        """Keep the tied options in the order of the file."""
        super().__init__(tied)
        self.tied = tied


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a count yields: winners in order, tied sets left open, sentences and the method's own figures."""

    winners: tuple[int, ...]
    ties: tuple[tuple[int, ...], ...]
    steps: tuple[str, ...]
    figures: dict[str, object]


@dataclass(slots=True)
class Lot:
    """Settles the ties of one run. `tried`: the answers under trial for ties that the order does not settle."""

    names: Sequence[str]
    order: tuple[int, ...] = ()
    tried: tuple[int, ...] = ()
    steps: list[str] = field(default_factory=list)
    _next: int = 0

    def covers(self, tied: Iterable[int]) -> bool:
        """Return whether the published order names all of `tied`."""
        return set(tied) <= set(self.order)

    def first(self, tied: Sequence[int], what: str) -> int:
        """Return who of `tied` wins the tie; `what` ends the sentence, e.g. ``is elected``."""
        return self._settle(tied, what, 0)

    def last(self, tied: Sequence[int], what: str) -> int:
        """Return who of `tied` loses the tie; `what` ends the sentence, e.g. ``is excluded``."""
        return self._settle(tied, what, -1)

    def _settle(self, tied: Sequence[int], what: str, place: int) -> int:
        if len(tied) == 1:
            return tied[0]
        said = listing(self.names[option] for option in tied)
        if self.covers(tied):
            chosen = sorted(tied, key=self.order.index)[place]
            self.steps.append(f"Tie between {said}: by the tie order {self.names[chosen]} {what}.")
            return chosen
        if self._next == len(self.tried):
            self.steps.append(
                f"Tie between {said}, settled neither by the method nor by a tie order: the count stops here."
            )
            raise OpenTieError(tuple(sorted(tied)))
        chosen = self.tried[self._next]
        self._next += 1
        self.steps.append(
            f"Tie between {said}: every way to settle it elects the same options, so the file's order is used and "
            f"{self.names[chosen]} {what}."
        )
        return chosen


def listing(names: Iterable[str]) -> str:
    """Return names for a sentence: ``A``, ``A and B``, ``A, B and C``."""
    *head, last = names
    return f"{', '.join(head)} and {last}" if head else last


class _TooManyRunsError(Exception):
    """There are more ways to settle the ties than are worth trying."""


def settle(
    run: Callable[[Lot], Outcome], names: Sequence[str], order: tuple[int, ...], runs: int = MOST_RUNS
) -> Outcome:
    """Run a count; where it stops at a tie, go on only if every way to settle that tie elects the same options.

    `run` counts with a fresh `Lot` and returns the partial outcome, with `ties`, where the lot leaves a tie open. At
    most `runs` counts are made; when that does not suffice, the count stops at its first open tie.
    """
    left = runs

    def explore(tried: tuple[int, ...]) -> tuple[frozenset[frozenset[int]], Outcome]:
        nonlocal left
        if left == 0:
            raise _TooManyRunsError
        left -= 1
        outcome = run(Lot(names, order, tried))
        if not outcome.ties:
            return frozenset([frozenset(outcome.winners)]), outcome
        branches = [explore((*tried, option)) for option in outcome.ties[0]]
        possible = frozenset().union(*(reached for reached, _ in branches))
        harmless = all(reached == possible for reached, _ in branches)
        return possible, branches[0][1] if harmless else outcome

    first = run(Lot(names, order))
    if not first.ties:
        return first
    try:
        return explore(())[1]
    except _TooManyRunsError:
        return first
