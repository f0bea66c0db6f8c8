"""Instant run-off for one seat: the lowest is excluded until one has more than half of the papers still in play."""

from fractions import Fraction

from govern.counting.ballots import Ballots
from govern.counting.collecting import collector_paused
from govern.counting.errors import refuse
from govern.counting.numbers import exact, readable
from govern.counting.result import CountResult, Order, named, scaled_papers, totals_by_name
from govern.counting.ties import Lot, OpenTieError, Outcome, listing, runs_for, settle

Papers = list[tuple[Order, int]]


@collector_paused()
def count_irv(ballots: Ballots, seats: int) -> CountResult:
    """Count one seat by instant run-off; equal ranks and several seats are refused."""
    if seats != 1:
        raise refuse(ballots.file, "seats", f"is {seats}", "irv fills one seat: use stv-scottish or stv-meek for more.")
    papers, common = scaled_papers(ballots, "irv")

    def run(lot: Lot) -> Outcome:
        rounds = _Rounds(ballots, common, lot)
        rounds.deal(papers)
        try:
            winners: tuple[int, ...] = (rounds.run(),)
        except OpenTieError as tie:
            return Outcome((), (tie.tied,), tuple(lot.steps), rounds.figures())
        return Outcome(winners, (), tuple(lot.steps), rounds.figures())

    return named("irv", 1, ballots.options, settle(run, ballots.options, ballots.tie_order, runs_for(len(papers))))


class _Rounds:
    """One run: papers in piles by the option they count for now.

    `common` is what the papers' weights were multiplied by to be integers.
    """

    def __init__(self, ballots: Ballots, common: int, lot: Lot) -> None:
        self.ballots, self.common, self.lot = ballots, common, lot
        self.piles: dict[int, Papers] = {option: [] for option in ballots.standing}
        self.totals = dict.fromkeys(self.piles, 0)
        self.exhausted = 0
        self.told: list[dict[str, object]] = []

    def deal(self, papers: Papers) -> None:
        """Give each paper to its first option still in play."""
        moved: dict[int, Papers] = {option: [] for option in self.piles}
        for paper in papers:
            for option in paper[0]:
                if option in moved:
                    moved[option].append(paper)
                    break
            else:
                self.exhausted += paper[1]
        for option, pile in moved.items():
            self.piles[option] += pile
            self.totals[option] += sum([weight for _, weight in pile])

    def run(self) -> int:
        """Return the winner."""
        while True:
            self._tell()
            leader = max(self.totals, key=self.totals.__getitem__)
            if len(self.totals) == 1 or 2 * self.totals[leader] > sum(self.totals.values()):
                self._say(leader)
                return leader
            out = self._lowest()
            self.told[-1]["excluded"] = self.ballots.names(out)
            for option in out:
                del self.totals[option]
            moved = [paper for option in out for paper in self.piles.pop(option)]
            self.deal(moved)

    def _lowest(self) -> list[int]:
        least = min(self.totals.values())
        tied = [option for option, total in self.totals.items() if total == least]
        above = [total for total in self.totals.values() if total > least]
        if len(tied) > 1 and not self.lot.covers(tied) and above and least * len(tied) < min(above):
            # Whoever went first, the others would stay below everybody else and go next.
            self.lot.steps.append(
                f"{listing(self.ballots.names(tied))} are tied last and cannot overtake: all are excluded."
            )
            return tied
        out = self.lot.last(tied, "is excluded")
        votes = readable(Fraction(least, self.common))
        self.lot.steps.append(
            f"Round {len(self.told)}: {self.ballots.options[out]} is last with {votes} and is excluded."
        )
        return [out]

    def _say(self, leader: int) -> None:
        votes, live = Fraction(self.totals[leader], self.common), Fraction(sum(self.totals.values()), self.common)
        name = self.ballots.options[leader]
        self.lot.steps.append(
            f"Round {len(self.told)}: {name} has {readable(votes)} of {readable(live)} and is elected."
        )

    def _tell(self) -> None:
        self.told.append(
            {"totals": self._named_totals(), "excluded": [], "exhausted": exact(Fraction(self.exhausted, self.common))}
        )

    def _named_totals(self) -> dict[str, str]:
        totals = {option: Fraction(total, self.common) for option, total in self.totals.items()}
        return totals_by_name(self.ballots.options, totals)

    def figures(self) -> dict[str, object]:
        """Return the totals of the last round and all rounds."""
        return {"totals": self._named_totals(), "rounds": self.told}
