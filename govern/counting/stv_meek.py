"""Single transferable vote by Meek's method, as in the reference rule of the Proportional Representation Foundation.

Every elected candidate keeps a factor of each vote that reaches it and passes the rest on; factors and the quota are
recomputed until the surplus is below a millionth of a vote. Integers scaled by 10^9; factors and what they keep are
rounded up. Candidates that are within the remaining surplus of the lowest are tied for exclusion.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from govern.counting.ballots import Ballots
from govern.counting.collecting import collector_paused
from govern.counting.numbers import decimals, short_decimals
from govern.counting.result import CountResult, Order, named, whole_papers
from govern.counting.ties import Lot, OpenTieError, Outcome, listing, runs_for, settle

PLACES = 9
ONE = 10**PLACES
SETTLED = ONE // 10**6


@collector_paused()
def count_stv_meek(ballots: Ballots, seats: int) -> CountResult:
    """Count `seats` seats; equal ranks and weights that are no whole number are refused."""
    standing = set(ballots.standing)
    every = whole_papers(ballots, "stv-meek")
    papers = [(order, number) for order, number in every if not standing.isdisjoint(order)]

    def run(lot: Lot) -> Outcome:
        return _Count(ballots, seats, papers, lot).run()

    outcome = settle(run, ballots.options, ballots.tie_order, runs_for(20 * len(papers)))
    return named("stv-meek", seats, ballots.options, outcome)


@dataclass(slots=True)
class _Stage:
    """A settled stage: the figures, who had been excluded before it, and who is elected on it."""

    votes: dict[int, int]
    quota: int
    lost: int
    excluded: list[int]
    elected: list[int]


class _Count:
    """One run of the count; votes, quota and factors are scaled by `ONE`."""

    def __init__(self, ballots: Ballots, seats: int, papers: list[tuple[Order, int]], lot: Lot) -> None:
        self.ballots, self.seats, self.papers, self.lot = ballots, seats, papers, lot
        self.valid = sum(number for _, number in papers)
        self.factor = dict.fromkeys(ballots.standing, ONE)
        self.hopeful = set(ballots.standing)
        self.elected: list[int] = []
        self.votes = dict.fromkeys(ballots.standing, 0)
        self.quota = 0
        self.surplus = 0
        self.paths: dict[Order, int] = {}
        self.stages: list[_Stage] = []

    def run(self) -> Outcome:
        """Count to the end, or to a tie that the lot leaves open."""
        ties: tuple[tuple[int, ...], ...] = ()
        excluded: list[int] = []
        try:
            while True:
                elected = self._settle()
                self._close_stage(excluded, elected)
                if len(self.elected) == self.seats or not self.hopeful:
                    break
                excluded = [] if elected else [self._lowest()]
                for out in excluded:
                    self.hopeful.remove(out)
                    self.factor[out] = 0
        except OpenTieError as tie:
            ties = (tie.tied,)
        figures: dict[str, object] = {
            "quota": decimals(self.quota, PLACES),
            "valid": self.valid,
            "stages": [self._told(stage) for stage in self.stages],
        }
        return Outcome(tuple(self.elected), ties, tuple(self.lot.steps), figures)

    def _settle(self) -> list[int]:
        """Iterate until somebody reaches the quota or the surplus is spent; return who reached it."""
        self._collapse()
        before: int | None = None
        while True:
            self._distribute()
            reached = [option for option in self.hopeful if self.votes[option] >= self.quota]
            over = sum(self.votes[option] - self.quota for option in (*self.elected, *reached))
            self.surplus = max(over, 0)
            if reached or self.surplus < SETTLED or (before is not None and self.surplus >= before):
                return reached
            before = self.surplus
            for option in self.elected:
                kept = _up(self.factor[option] * self.quota, ONE)
                self.factor[option] = _up(kept * ONE, self.votes[option])

    def _collapse(self) -> None:
        """Group the papers by whom a vote can reach: the elected before the first hopeful, and that one."""
        self.paths = {}
        for order, number in self.papers:
            path = tuple(self._reach(order))
            self.paths[path] = self.paths.get(path, 0) + number

    def _reach(self, order: Order) -> Iterable[int]:
        for option in order:
            if option in self.hopeful:
                yield option
                return
            if self.factor.get(option):
                yield option

    def _distribute(self) -> None:
        votes = dict.fromkeys(self.factor, 0)
        for path, number in self.paths.items():
            left = ONE
            for option in path:
                kept = _up(left * self.factor[option], ONE)
                votes[option] += kept * number
                left -= kept
                if not left:
                    break
        self.votes = votes
        self.quota = sum(votes.values()) // (self.seats + 1) + 1

    def _lowest(self) -> int:
        least = min(self.votes[option] for option in self.hopeful)
        tied = sorted(option for option in self.hopeful if self.votes[option] <= least + self.surplus)
        room = self.seats - len(self.elected)
        none = all(self.votes[option] == 0 for option in tied)
        if none and not self.lot.covers(tied) and len(self.hopeful) - len(tied) >= room:
            # No vote reaches them, so those tied at zero go one after the other whatever the order.
            return tied[0]
        return self.lot.last(tied, "is excluded")

    def _close_stage(self, excluded: list[int], reached: list[int]) -> None:
        """Record the figures; whoever is left fills the last seats when there is room for all."""
        stage = _Stage(self.votes, self.quota, self.valid * ONE - sum(self.votes.values()), excluded, [])
        self.stages.append(stage)
        number = len(self.stages)
        for out in excluded:
            last = short_decimals(self.stages[-2].votes[out], PLACES)
            self.lot.steps.append(f"Stage {number}: {self.ballots.options[out]} was last with {last} and is excluded.")
        self._elect(stage, reached)
        quota = short_decimals(self.quota, PLACES)
        self._say(stage.elected, f"reached the quota of {quota}")
        if 0 < len(self.hopeful) <= self.seats - len(self.elected):
            before = len(stage.elected)
            self._elect(stage, list(self.hopeful))
            self._say(stage.elected[before:], "filled the last seats")

    def _elect(self, stage: _Stage, options: list[int]) -> None:
        for option in sorted(options, key=lambda option: (-self.votes[option], option)):
            self.hopeful.remove(option)
            self.elected.append(option)
            stage.elected.append(option)

    def _say(self, elected: list[int], how: str) -> None:
        if elected:
            who = listing(self.ballots.names(elected))
            self.lot.steps.append(f"Stage {len(self.stages)}: elected, having {how}: {who}.")

    def _told(self, stage: _Stage) -> dict[str, object]:
        options = self.ballots.options
        return {
            "votes": {options[option]: decimals(votes, PLACES) for option, votes in stage.votes.items()},
            "quota": decimals(stage.quota, PLACES),
            "non_transferable": decimals(stage.lost, PLACES),
            "surplus_of": None,
            "excluded": self.ballots.names(stage.excluded),
            "elected": self.ballots.names(stage.elected),
        }


def _up(above: int, below: int) -> int:
    """Divide and round up."""
    return -(-above // below)
