"""The method of equal shares for participatory budgets, exact.

Every voter has the same share of the budget. Again and again the project is bought whose supporters pay least for each
unit of their utility, all the same where their shares allow, until no project can be paid by its supporters. A unit of
utility is one currency unit of the project's cost (`cost`) or the project itself (`count`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from govern.counting.collecting import collector_paused
from govern.counting.errors import refuse
from govern.counting.numbers import decimals
from govern.counting.pb import Budget
from govern.counting.result import CountResult, named
from govern.counting.ties import Lot, OpenTieError, Outcome, settle

Utility = Literal["cost", "count"]
Completion = Literal["none", "add1"]

MINOR = 100
MOST_RECOUNTS = 100_000
RUNS_FOR_TIES = 20


@collector_paused()
def count_equal_shares(
    budget: Budget, tie_order: tuple[int, ...] = (), utility: Utility = "cost", completion: Completion = "none"
) -> CountResult:
    """Select projects; ties by votes, then the cheaper, then `tie_order`.

    Completion `add1` raises every share by one whole currency unit and recounts, keeping the last outcome that fits the
    budget; it ends when the next outcome exceeds the budget or every supported project is in.
    """
    support = _Support(budget)

    def at(raised: int) -> Outcome:
        def run(lot: Lot) -> Outcome:
            return _Purchases(support, utility, raised, lot).run()

        return settle(run, budget.projects, tie_order, RUNS_FOR_TIES)

    outcome, raised = at(0), 0
    if completion == "add1":
        outcome, raised = _complete(support, outcome, map(at, range(1, MOST_RECOUNTS)))
    cost = sum(budget.costs[project] for project in outcome.winners)
    figures: dict[str, object] = {
        "selected": [budget.projects[project] for project in outcome.winners],
        "cost": _amount(cost),
        "budget": _amount(budget.budget),
    }
    share = Fraction(budget.budget, budget.voters) + raised * MINOR
    head = f"{budget.voters} voters share {_amount(budget.budget)}: {_cut(share)} each"
    head += f", raised by {raised} to complete the selection." if raised else "."
    last = f"Selected: {len(outcome.winners)} projects for {_amount(cost)}."
    steps = (head, *outcome.steps, last)
    return named("equal-shares", None, budget.projects, Outcome(outcome.winners, outcome.ties, steps, figures))


def _complete(support: "_Support", outcome: Outcome, further: Iterator[Outcome]) -> tuple[Outcome, int]:
    """Return the last outcome that fits the budget, and by how many currency units its shares were raised."""
    budget, raised = support.budget, 0
    while not outcome.ties and len(outcome.winners) < support.wanted:
        recount = next(further, None)
        if recount is None:
            wrong = f"is not complete after {MOST_RECOUNTS} recounts"
            raise refuse(budget.file, "", wrong, "State the amounts in a larger currency unit.")
        if sum(budget.costs[project] for project in recount.winners) > budget.budget:
            break
        outcome, raised = recount, raised + 1
    return outcome, raised


def _amount(minor: int) -> int | str:
    return minor // MINOR if minor % MINOR == 0 else decimals(minor, 2)


def _cut(minor: Fraction) -> str:
    """Return an amount for a sentence, cut to minor units."""
    whole = minor.numerator // minor.denominator
    return str(_amount(whole)) if whole == minor else f"{decimals(whole, 2)} and a fraction"


class _Support:
    """Voters in groups of the same vote, which always have the same money, and the groups behind each project."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.sizes = list(budget.votes.values())
        self.groups: list[list[int]] = [[] for _ in budget.projects]
        for group, marks in enumerate(budget.votes):
            for project in marks:
                self.groups[project].append(group)
        self.votes = [sum(self.sizes[group] for group in groups) for groups in self.groups]
        self.wanted = sum(votes > 0 for votes in self.votes)


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a project costs now: the most a supporter pays, and that for each unit of utility."""

    payment: Fraction
    rate: Fraction


class _Purchases:
    """One run with every share raised by `raised` currency units.

    Each group's money is an integer: minor units times `scale`, which grows so that every payment stays whole.
    """

    def __init__(self, support: _Support, utility: Utility, raised: int, lot: Lot) -> None:
        self.support, self.utility, self.lot = support, utility, lot
        self.costs = support.budget.costs
        share = Fraction(support.budget.budget, support.budget.voters) + raised * MINOR
        self.scale = share.denominator
        self.money = [share.numerator] * len(support.sizes)
        self.bought: list[int] = []
        # The rate of a project never falls, so the last one computed tells whether it needs to be computed again.
        self.rates = {
            project: self._rate(Fraction(self.costs[project], votes), project)
            for project, votes in enumerate(support.votes)
            if votes
        }

    def run(self) -> Outcome:
        """Buy until nothing can be paid, or a tie stays open."""
        ties: tuple[tuple[int, ...], ...] = ()
        try:
            while True:
                best = self._cheapest()
                if not best:
                    break
                project = self._settle(list(best))
                self._buy(project, best[project])
        except OpenTieError as tie:
            ties = (tie.tied,)
        return Outcome(tuple(self.bought), ties, tuple(self.lot.steps), {})

    def _rate(self, payment: Fraction, project: int) -> Fraction:
        return payment / self.costs[project] if self.utility == "cost" else payment

    def _cheapest(self) -> dict[int, _Offer]:
        """Return the offers of the lowest rate; projects that can no longer be paid leave the run."""
        best: dict[int, _Offer] = {}
        lowest: Fraction | None = None
        for project in sorted(self.rates, key=self.rates.__getitem__):
            if lowest is not None and self.rates[project] > lowest:
                break
            offer = self._offer(project)
            if offer is None:
                del self.rates[project]
                continue
            self.rates[project] = offer.rate
            if lowest is None or offer.rate < lowest:
                best, lowest = {}, offer.rate
            if offer.rate == lowest:
                best[project] = offer
        return best

    def _offer(self, project: int) -> _Offer | None:
        """Return what the supporters would pay, or None where all their money is too little."""
        money, sizes = self.money, self.support.sizes
        holders: dict[int, int] = {}
        for group in self.support.groups[project]:
            amount = money[group]
            holders[amount] = holders.get(amount, 0) + sizes[group]
        left, rest = self.costs[project] * self.scale, self.support.votes[project]
        for amount in sorted(holders):
            if amount * rest >= left:
                payment = Fraction(left, rest * self.scale)
                return _Offer(payment, self._rate(payment, project))
            left -= amount * holders[amount]
            rest -= holders[amount]
        return None

    def _settle(self, tied: list[int]) -> int:
        most = max(self.support.votes[project] for project in tied)
        tied = [project for project in tied if self.support.votes[project] == most]
        least = min(self.costs[project] for project in tied)
        tied = [project for project in tied if self.costs[project] == least]
        return self.lot.first(tied, "is bought first")

    def _buy(self, project: int, offer: _Offer) -> None:
        share = offer.payment * self.scale
        if share.denominator > 1:
            self.scale *= share.denominator
            self.money = [amount * share.denominator for amount in self.money]
        for group in self.support.groups[project]:
            self.money[group] = max(self.money[group] - share.numerator, 0)
        del self.rates[project]
        self.bought.append(project)
        name, votes = self.support.budget.projects[project], self.support.votes[project]
        self.lot.steps.append(
            f"{name} for {_amount(self.costs[project])}: its {votes} supporters pay at most {_cut(offer.payment)} each."
        )
