"""Single transferable vote by the Scottish Local Government Elections Order 2011, schedule 1, rules 46 to 53.

Weighted inclusive Gregory: quota floor(valid / (seats + 1)) + 1; all papers of an elected candidate move on, each at
its value x surplus / total, cut to five decimals; surpluses before exclusions, the largest first; equal figures by the
latest earlier stage at which they differed, then by lot. Values are integers, scaled by 100,000.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from govern.counting.ballots import Ballots
from govern.counting.collecting import collector_paused
from govern.counting.numbers import decimals, short_decimals
from govern.counting.result import CountResult, named, whole_papers
from govern.counting.ties import Lot, OpenTieError, Outcome, listing, runs_for, settle

PLACES = 5
ONE = 10**PLACES

# A paper: its order, the place of the candidate it is with, and how many papers are alike.
Paper = tuple[tuple[int, ...], int, int]


@collector_paused()
def count_stv_scottish(ballots: Ballots, seats: int) -> CountResult:
    """Count `seats` seats; equal ranks and weights that are no whole number are refused."""
    papers = [(order, 0, number) for order, number in whole_papers(ballots, "stv-scottish") if order]
    valid = sum(number for _, _, number in papers)

    def run(lot: Lot) -> Outcome:
        return _Count(ballots, seats, valid, lot).run(papers)

    outcome = settle(run, ballots.options, ballots.tie_order, runs_for(len(papers)))
    return named("stv-scottish", seats, ballots.options, outcome)


@dataclass(slots=True)
class _Stage:
    """What one stage did, and the figures after it."""

    votes: dict[int, int]
    lost: int
    surplus_of: int | None = None
    excluded: list[int] = field(default_factory=list)
    elected: list[int] = field(default_factory=list)


class _Count:
    """One run of the count; values are scaled by `ONE`."""

    def __init__(self, ballots: Ballots, seats: int, valid: int, lot: Lot) -> None:
        self.ballots, self.seats, self.valid, self.lot = ballots, seats, valid, lot
        self.quota = valid // (seats + 1) + 1
        self.parcels: dict[int, list[tuple[int, list[Paper]]]] = {option: [] for option in ballots.standing}
        self.votes = dict.fromkeys(ballots.standing, 0)
        self.lost = 0
        self.continuing = set(ballots.standing)
        self.elected: list[int] = []
        self.pending: list[int] = []
        self.stages: list[_Stage] = []

    def run(self, papers: list[Paper]) -> Outcome:
        """Count to the end, or to a tie that the lot leaves open."""
        seats = f"{self.seats} seat{'s' if self.seats > 1 else ''}"
        self.lot.steps.append(f"{self.valid} valid papers for {seats}: the quota is {self.quota}.")
        self._deal(papers, ONE)
        self._close_stage(None, [])
        ties: tuple[tuple[int, ...], ...] = ()
        try:
            while len(self.elected) < self.seats and self.continuing:
                self._next_stage()
        except OpenTieError as tie:
            ties = (tie.tied,)
        figures: dict[str, object] = {
            "quota": str(self.quota),
            "valid": self.valid,
            "stages": [self._told(stage) for stage in self.stages],
        }
        return Outcome(tuple(self.elected), ties, tuple(self.lot.steps), figures)

    def _next_stage(self) -> None:
        if self.pending:
            giver = self._largest_surplus()
            self.pending.remove(giver)
            self._transfer_surplus(giver)
            self._close_stage(giver, [])
        else:
            out = self._lowest()
            self.continuing.remove(out)
            self._transfer_all(out)
            self._close_stage(None, [out])

    def _deal(self, papers: list[Paper], value: int) -> int:
        """Move papers at `value` to their next continuing candidates; return the value moved."""
        moved: dict[int, list[Paper]] = {}
        continuing = self.continuing
        for paper in papers:
            order = paper[0]
            for place in range(paper[1], len(order)):
                option = order[place]
                if option in continuing:
                    moved.setdefault(option, []).append((order, place, paper[2]))
                    break
        total = 0
        for option, pile in moved.items():
            worth = value * sum(paper[2] for paper in pile)
            self.parcels[option].append((value, pile))
            self.votes[option] += worth
            total += worth
        return total

    def _transfer_surplus(self, giver: int) -> None:
        total = self.votes[giver]
        surplus = total - self.quota * ONE
        moved = 0
        for value, pile in self.parcels[giver]:
            moved += self._deal(pile, surplus * value // total)
        self.parcels[giver] = []
        self.votes[giver] = self.quota * ONE
        self.lost += surplus - moved

    def _transfer_all(self, out: int) -> None:
        moved = 0
        for value, pile in self.parcels[out]:
            moved += self._deal(pile, value)
        self.parcels[out] = []
        self.lost += self.votes[out] - moved
        self.votes[out] = 0

    def _close_stage(self, giver: int | None, excluded: list[int]) -> None:
        """Record the figures and deem elected whoever reaches the quota or fills the last seats."""
        stage = _Stage(dict(self.votes), self.lost, giver, excluded)
        self.stages.append(stage)
        reached = [option for option in self.continuing if self.votes[option] >= self.quota * ONE]
        self._elect(stage, reached)
        self.pending += [option for option in stage.elected if self.votes[option] > self.quota * ONE]
        self._say(stage, "reached the quota")
        if 0 < len(self.continuing) <= self.seats - len(self.elected):
            before = len(stage.elected)
            self._elect(stage, list(self.continuing))
            self._say(stage, "filled the last seats", before)

    def _elect(self, stage: _Stage, options: list[int]) -> None:
        for option in sorted(options, key=lambda option: (-self.votes[option], option)):
            self.continuing.remove(option)
            self.elected.append(option)
            stage.elected.append(option)

    def _largest_surplus(self) -> int:
        most = max(self.votes[option] for option in self.pending)
        tied = self._narrow([option for option in self.pending if self.votes[option] == most], max)
        return self.lot.first(tied, "has the surplus transferred first")

    def _lowest(self) -> int:
        least = min(self.votes[option] for option in self.continuing)
        tied = self._narrow([option for option in self.continuing if self.votes[option] == least], min)
        if least == 0 and not self.lot.covers(tied) and self._all_must_go(len(tied)):
            # Papers worth nothing move nothing, so those tied at zero go one after the other whatever the order.
            return min(tied)
        return self.lot.last(tied, "is excluded")

    def _all_must_go(self, number: int) -> bool:
        return len(self.continuing) - number >= self.seats - len(self.elected)

    def _narrow(self, tied: list[int], best: Callable[[Sequence[int]], int]) -> list[int]:
        """Keep of `tied` those ahead (max) or behind (min) at the latest earlier stage that tells them apart."""
        for stage in reversed(self.stages[:-1]):
            if len(tied) == 1:
                break
            mark = best([stage.votes[option] for option in tied])
            tied = [option for option in tied if stage.votes[option] == mark]
        return sorted(tied)

    def _say(self, stage: _Stage, how: str, since: int = 0) -> None:
        number = len(self.stages)
        if since == 0 and stage.surplus_of is not None:
            name = self.ballots.options[stage.surplus_of]
            self.lot.steps.append(f"Stage {number}: the surplus of {name} was transferred.")
        if since == 0 and stage.excluded:
            out = stage.excluded[0]
            last = short_decimals(self.stages[-2].votes[out], PLACES)
            self.lot.steps.append(f"Stage {number}: {self.ballots.options[out]} was last with {last} and is excluded.")
        if stage.elected[since:]:
            who = listing(self.ballots.names(stage.elected[since:]))
            self.lot.steps.append(f"Stage {number}: elected, having {how}: {who}.")

    def _told(self, stage: _Stage) -> dict[str, object]:
        options = self.ballots.options
        return {
            "votes": {options[option]: decimals(votes, PLACES) for option, votes in stage.votes.items()},
            "non_transferable": decimals(stage.lost, PLACES),
            "surplus_of": None if stage.surplus_of is None else options[stage.surplus_of],
            "excluded": self.ballots.names(stage.excluded),
            "elected": self.ballots.names(stage.elected),
        }
