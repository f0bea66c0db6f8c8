"""Ranked papers compared pair by pair, and Schulze's method; equal ranks allowed, unranked options together last."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from typing import Literal

from govern.counting.ballots import Ballots, Ranking, whole_if_possible
from govern.counting.collecting import collector_paused
from govern.counting.errors import refuse
from govern.counting.numbers import exact_int, readable
from govern.counting.result import CountResult, named, only_papers
from govern.counting.ties import Outcome, listing

MOST_OPTIONS = 200

Strength = Literal["winning", "margin"]
Pair = tuple[int, int]
Matrix = dict[Pair, Fraction]


@dataclass(frozen=True, slots=True)
class Duel:
    """One option preferred to another: by how much weight, against how much."""

    winner: int
    loser: int
    votes: Fraction
    against: Fraction

    def strength(self, strength: Strength) -> Fraction:
        """Return the weight for the winner, or by how much it is ahead."""
        return self.votes if strength == "winning" else self.votes - self.against


def compare_pairs(ballots: Ballots, method: str) -> Matrix:
    """Return for each pair of standing options how much weight prefers the first to the second."""
    only_papers(ballots, method, "ranking")
    standing = ballots.standing
    if len(standing) > MOST_OPTIONS:
        wrong = f"has {len(standing)} options"
        raise refuse(ballots.file, "options", wrong, f"{method} compares at most {MOST_OPTIONS}.")
    prefer: Matrix = dict.fromkeys(permutations(standing, 2), Fraction(0))
    for ranking, pile in ballots.rankings.items():
        for pair in _preferred(ranking, standing):
            prefer[pair] += pile.weight
    return prefer


def _preferred(ranking: Ranking, standing: tuple[int, ...]) -> list[Pair]:
    behind = set(standing)
    pairs: list[Pair] = []
    for rank in ranking:
        behind.difference_update(rank)
        pairs += [(option, other) for option in rank for other in behind]
    return pairs


def duels(prefer: Matrix) -> list[Duel]:
    """Return every pair that more weight prefers one way than the other."""
    won = (Duel(*pair, votes, prefer[pair[::-1]]) for pair, votes in prefer.items())
    return [duel for duel in won if duel.votes > duel.against]


@collector_paused()
def count_schulze(ballots: Ballots, seats: int, strength: Strength = "winning") -> CountResult:
    """Count by Schulze's method: an option wins whose path to each other is at least as strong as the way back.

    A path is as strong as its weakest duel, by winning votes or by margin. `seats` is reported, the method names one
    winner, or every possible one.
    """
    prefer = compare_pairs(ballots, "schulze")
    paths = _strongest_paths(ballots.standing, {(d.winner, d.loser): d.strength(strength) for d in duels(prefer)})
    ahead = {pair for pair in paths if paths[pair] > paths[pair[::-1]]}
    steps = [f"Strength of a duel: {'the votes of its winner' if strength == 'winning' else 'its margin'}."]
    for a, b in combinations(ballots.standing, 2):
        forth, back = readable(paths[a, b]), readable(paths[b, a])
        names = ballots.options
        steps.append(f"Strongest path from {names[a]} to {names[b]}: {forth}; back: {back}.")
    figures: dict[str, object] = {"pairwise": table(ballots, prefer), "paths": table(ballots, paths)}
    tell_ranking(ballots, ranking_of(ballots.standing, ahead), figures, steps)
    beaten = {loser for _, loser in ahead}
    possible = tuple(option for option in ballots.standing if option not in beaten)
    return named("schulze", seats, ballots.options, decide(ballots, possible, figures, steps))


def _strongest_paths(options: tuple[int, ...], direct: Matrix) -> Matrix:
    paths = {pair: direct.get(pair, Fraction(0)) for pair in permutations(options, 2)}
    for through in options:
        others = [option for option in options if option != through]
        for start in others:
            first = paths[start, through]
            for end in others:
                if end != start:
                    detour = min(first, paths[through, end])
                    paths[start, end] = max(paths[start, end], detour)
    return paths


def table(ballots: Ballots, matrix: Matrix) -> dict[str, dict[str, int | str]]:
    """Return a matrix by option names, its numbers exact."""
    names = ballots.options
    return {
        names[a]: {names[b]: exact_int(whole_if_possible(matrix[a, b])) for b in ballots.standing if b != a}
        for a in ballots.standing
    }


def ranking_of(options: tuple[int, ...], ahead: set[Pair]) -> tuple[int, ...] | None:
    """Return the options in order where `ahead` (transitive) tells every pair apart."""
    if len(ahead) < len(options) * (len(options) - 1) // 2:
        return None
    return tuple(sorted(options, key=lambda option: -sum(winner == option for winner, _ in ahead)))


def tell_ranking(
    ballots: Ballots, ranking: tuple[int, ...] | None, figures: dict[str, object], steps: list[str]
) -> None:
    """Add the ranking, where the method yields one, to the figures and the sentences."""
    if ranking is not None:
        figures["ranking"] = ballots.names(ranking)
        steps.append(f"Ranking: {', '.join(ballots.names(ranking))}.")


def decide(ballots: Ballots, possible: tuple[int, ...], figures: dict[str, object], steps: list[str]) -> Outcome:
    """Return the one winner, or the possible ones as a tie where the tie order does not name them all."""
    said = listing(ballots.names(possible))
    if len(possible) == 1:
        return Outcome(possible, (), (*steps, f"{said} wins."), figures)
    if set(possible) <= set(ballots.tie_order):
        winner = min(possible, key=ballots.tie_order.index)
        told = f"Possible winners are {said}; by the tie order {ballots.options[winner]} wins."
        return Outcome((winner,), (), (*steps, told), figures)
    told = f"Possible winners are {said}; neither the method nor a tie order says which of them."
    return Outcome(possible, (possible,), (*steps, told), figures)
