"""Ranked pairs: duels are locked from the strongest on, unless a duel would close a circle with stronger ones.

Strength is the winner's votes, then the fewer votes against; or the margin. Where duels are equally strong and compete,
the tie order settles which is locked first; without one every order is tried, and every option that wins in one of them
is a possible winner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from govern.counting.ballots import Ballots
from govern.counting.collecting import collector_paused
from govern.counting.condorcet import (
    Duel,
    Pair,
    Strength,
    compare_pairs,
    decide,
    duels,
    ranking_of,
    table,
    tell_ranking,
)
from govern.counting.errors import refuse
from govern.counting.numbers import readable
from govern.counting.result import CountResult, named

MOST_WAYS = 5_000


@dataclass(frozen=True, slots=True)
class _Locked:
    """Locked duels, and for each option the set (as bits) of options it is thereby ahead of, directly or by others."""

    pairs: frozenset[Pair]
    ahead: tuple[int, ...]

    def allows(self, pair: Pair) -> bool:
        """Return whether locking `pair` closes no circle."""
        return not self.ahead[pair[1]] >> pair[0] & 1

    def lock(self, pair: Pair) -> "_Locked":
        """Return the state with `pair` locked too."""
        winner, loser = pair
        gained = self.ahead[loser] | 1 << loser
        ahead = tuple(
            behind | gained if option == winner or behind >> winner & 1 else behind
            for option, behind in enumerate(self.ahead)
        )
        return _Locked(self.pairs | {pair}, ahead)

    def lock_all(self, pairs: Iterable[Pair]) -> "_Locked":
        """Lock each of `pairs` in turn that closes no circle."""
        state = self
        for pair in pairs:
            if state.allows(pair):
                state = state.lock(pair)
        return state


@collector_paused()
def count_ranked_pairs(ballots: Ballots, seats: int, strength: Strength = "winning") -> CountResult:
    """Count by ranked pairs; `seats` is reported, the method names one winner, or every possible one."""
    prefer = compare_pairs(ballots, "ranked-pairs")
    ordered = sorted(duels(prefer), key=lambda duel: _key(duel, strength), reverse=True)
    ways = {_Locked(frozenset(), (0,) * len(ballots.options))}
    steps: list[str] = []
    for _, level in groupby(ordered, key=lambda duel: _key(duel, strength)):
        equal = list(level)
        ways = {after for before in ways for after in _lock_level(before, equal, ballots)}
        if len(ways) > MOST_WAYS:
            raise _too_many(ballots)
        steps += [_say(duel, ways, ballots) for duel in equal]
    certain = frozenset.intersection(*(way.pairs for way in ways))
    locked = [(duel.winner, duel.loser) for duel in ordered if (duel.winner, duel.loser) in certain]
    figures: dict[str, object] = {
        "pairwise": table(ballots, prefer),
        "locked": [ballots.names(pair) for pair in locked],
    }
    orders = {ranking_of(ballots.standing, _pairs(way, ballots)) for way in ways}
    if len(orders) == 1:
        tell_ranking(ballots, orders.pop(), figures, steps)
    possible = tuple(option for option in ballots.standing if any(_unbeaten(way, option) for way in ways))
    return named("ranked-pairs", seats, ballots.options, decide(ballots, possible, figures, steps))


def _key(duel: Duel, strength: Strength) -> tuple[Fraction, Fraction]:
    return (duel.votes, -duel.against) if strength == "winning" else (duel.strength("margin"), Fraction(0))


def _too_many(ballots: Ballots) -> Exception:
    return refuse(ballots.file, "", "holds too many equal duels to try every order", "Give a tie order.")


def _lock_level(state: _Locked, equal: Sequence[Duel], ballots: Ballots) -> set[_Locked]:
    """Return every state that locking duels of one strength, in any order, can lead to."""
    pairs = [(duel.winner, duel.loser) for duel in equal if state.allows((duel.winner, duel.loser))]
    together = _close(state, pairs)
    free = [pair for pair in pairs if not together[pair[1]] >> pair[0] & 1]
    contested = [pair for pair in pairs if together[pair[1]] >> pair[0] & 1]
    state = state.lock_all(free)
    order = {option: place for place, option in enumerate(ballots.tie_order)}
    if all(option in order for pair in contested for option in pair):
        # The duel of the option the lot puts first; among its duels, the one against the option put last.
        return {state.lock_all(sorted(contested, key=lambda pair: (order[pair[0]], -order[pair[1]])))}
    return _every_way(state, contested, ballots)


def _close(state: _Locked, pairs: Sequence[Pair]) -> tuple[int, ...]:
    """Return who is ahead of whom if all of `pairs` were added, circles or not."""
    added = state
    for pair in pairs:
        added = added.lock(pair)
    return added.ahead


def _every_way(start: _Locked, contested: Sequence[Pair], ballots: Ballots) -> set[_Locked]:
    found: set[_Locked] = set()
    seen = {start}
    pending = [start]
    while pending:
        state = pending.pop()
        further = {state.lock(pair) for pair in contested if pair not in state.pairs and state.allows(pair)}
        if not further:
            found.add(state)
        pending += further - seen
        seen |= further
        if len(seen) > MOST_WAYS:
            raise _too_many(ballots)
    return found


def _say(duel: Duel, ways: set[_Locked], ballots: Ballots) -> str:
    locked = sum((duel.winner, duel.loser) in way.pairs for way in ways)
    if locked == len(ways):
        verdict = "locked"
    elif locked:
        verdict = "competes with equally strong duels, so both ways are followed"
    else:
        verdict = "left out, it would close a circle"
    names = ballots.options
    figures = f"{readable(duel.votes)} to {readable(duel.against)}"
    return f"{names[duel.winner]} over {names[duel.loser]}, {figures}: {verdict}."


def _unbeaten(way: _Locked, option: int) -> bool:
    return not any(behind >> option & 1 for behind in way.ahead)


def _pairs(way: _Locked, ballots: Ballots) -> set[Pair]:
    return {(a, b) for a in ballots.standing for b in ballots.standing if way.ahead[a] >> b & 1}
