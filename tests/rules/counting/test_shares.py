"""Equal shares: by hand, against a voter-by-voter count in fractions, completion, ties, speed."""

import random
import time
from fractions import Fraction
from typing import Any

import pytest

from govern.counting.pb import Budget, read_pb
from govern.counting.shares import count_equal_shares
from tests.rules.counting.material import PB


def made(budget: int, costs: dict[str, int], *votes: str) -> Budget:
    """A budget in whole currency units; each vote names its projects by letter."""
    found = Budget("city.pb", "", budget * 100, tuple(costs), tuple(cost * 100 for cost in costs.values()))
    for vote in votes:
        marks = tuple(sorted(list(costs).index(letter) for letter in vote))
        found.votes[marks] = found.votes.get(marks, 0) + 1
    return found


def count(budget: Budget, order: str = "", **options: Any) -> dict[str, Any]:
    numbers = tuple(budget.projects.index(letter) for letter in order)
    return count_equal_shares(budget, numbers, **options).to_dict()


def test_by_hand():
    """Ten voters share 100: A costs its 6 supporters 5 each, then B its 5 supporters 10, two of whom have 5 left."""
    budget = made(100, {"A": 30, "B": 40, "C": 45}, *["A"] * 4, *["AB"] * 2, *["B"] * 3, "C")
    result = count(budget)
    assert (result["selected"], result["cost"], result["budget"]) == (["A", "B"], 70, 100)
    assert result["winners"] == result["selected"]
    assert result["steps"] == [
        "10 voters share 100: 10 each.",
        "A for 30: its 6 supporters pay at most 5 each.",
        "B for 40: its 5 supporters pay at most 10 each.",
        "Selected: 2 projects for 70.",
    ]


def test_the_example_of_the_format_against_the_definition():
    budget = read_pb(PB.encode(), "city.pb")
    for utility in ("cost", "count"):
        assert count(budget, utility=utility)["selected"] == by_definition(budget, utility, 0)


def test_utility_changes_what_is_bought_first():
    """By cost the project with more votes goes first, by count the one that is cheaper for each supporter."""
    budget = made(60, {"A": 50, "B": 10}, *["A"] * 5, "B")
    assert count(budget, utility="cost")["selected"] == ["A", "B"]
    assert count(budget, utility="count")["selected"] == ["A", "B"]
    budget = made(100, {"A": 60, "B": 12}, *["AB"] * 2, *["A"] * 3)
    assert count(budget, utility="cost")["selected"] == ["A", "B"]
    assert count(budget, utility="count")["selected"] == ["B", "A"]


def test_amounts_in_minor_units():
    budget = made(3, {"A": 1, "B": 1}, "A", "B")
    budget.budget, budget.costs = 250, (125, 125)
    result = count(budget)
    assert (result["selected"], result["cost"], result["budget"]) == (["A", "B"], "2.50", "2.50")


def test_completion_raises_the_shares_until_the_budget_is_spent():
    """Four voters share 100. C needs 30 from one voter: its share is 25, so five units more buy it."""
    budget = made(100, {"A": 45, "B": 25, "C": 30}, "A", "A", "B", "C")
    assert count(budget)["selected"] == ["A", "B"]
    result = count(budget, completion="add1")
    assert (sorted(result["selected"]), result["cost"]) == (["A", "B", "C"], 100)
    assert result["steps"][0] == "4 voters share 100: 30 each, raised by 5 to complete the selection."


def test_completion_keeps_the_last_outcome_that_fits():
    """With C at 40 the next outcome would cost 110."""
    budget = made(100, {"A": 45, "B": 25, "C": 40}, "A", "A", "B", "C")
    result = count(budget, completion="add1")
    assert (sorted(result["selected"]), result["cost"]) == (["A", "B"], 70)


def test_completion_does_not_stop_at_the_first_exhaustive_selection():
    """Random budgets until one goes on past a selection to which nothing that still fits could be added."""
    dice = random.Random(3)  # noqa: S311 - votes for a test
    went_on = 0
    for _ in range(20):
        budget = random_budget(dice)
        kept, raised = complete_by_definition(budget, "cost")
        cost = dict(zip(budget.projects, budget.costs, strict=True))
        for step in range(raised):
            selected = by_definition(budget, "cost", step)
            left = budget.budget - sum(cost[project] for project in selected)
            went_on += all(cost[project] > left for project in cost if project not in selected) and selected != kept
        assert count(budget, "".join(budget.projects), completion="add1")["selected"] == kept
    assert went_on > 0


def test_ties_by_votes_then_cheaper_then_the_lot():
    # A and B cost each of their supporters the same, and only one can be paid.
    budget = made(20, {"A": 20, "B": 20}, "AB", "AB")
    result = count(budget)
    assert (result["selected"], result["ties"]) == ([], [["A", "B"]])
    assert count(budget, "BA")["selected"] == ["B"]
    budget = made(20, {"A": 20, "B": 16}, "AB", "AB")
    assert count(budget, utility="cost")["selected"] == ["B"]


def test_a_tie_that_decides_nothing_goes_on():
    result = count(made(40, {"A": 20, "B": 20}, "A", "B"))
    assert (sorted(result["selected"]), result["ties"]) == (["A", "B"], [])


def test_nobody_approves_anything():
    result = count(made(10, {"A": 5}, "", ""), completion="add1")
    assert (result["selected"], result["cost"], result["ties"]) == ([], 0, [])


def by_definition(budget: Budget, utility: str, raised: int) -> list[str]:
    """Voter by voter: try for every project every number of supporters that pay all they have."""
    voters = [set(marks) for marks, number in budget.votes.items() for _ in range(number)]
    money = [Fraction(budget.budget, len(voters)) + raised * 100] * len(voters)
    bought: list[int] = []
    while True:
        offers = []
        for project, cost in enumerate(budget.costs):
            who = [voter for voter, marks in enumerate(voters) if project in marks]
            if project in bought or sum((money[voter] for voter in who), Fraction(0)) < cost or not who:
                continue
            have = sorted(money[voter] for voter in who)
            payments = ((Fraction(cost) - sum(have[:broke])) / (len(have) - broke) for broke in range(len(have)))
            payment = next(payment for payment, most in zip(payments, have, strict=True) if payment <= most)
            rate = payment / cost if utility == "cost" else payment
            offers.append((rate, -len(who), cost, project, payment))
        if not offers:
            return [budget.projects[project] for project in bought]
        *_, project, payment = min(offers)
        bought.append(project)
        for voter, marks in enumerate(voters):
            if project in marks:
                money[voter] -= min(payment, money[voter])


def complete_by_definition(budget: Budget, utility: str) -> tuple[list[str], int]:
    cost = dict(zip(budget.projects, budget.costs, strict=True))
    wanted = {budget.projects[project] for marks in budget.votes for project in marks}
    kept, raised = by_definition(budget, utility, 0), 0
    while set(kept) != wanted:
        further = by_definition(budget, utility, raised + 1)
        if sum(cost[project] for project in further) > budget.budget:
            break
        kept, raised = further, raised + 1
    return kept, raised


def random_budget(dice: random.Random) -> Budget:
    letters = "ABCDEFG"
    costs = {letter: dice.randint(20, 300) for letter in letters}
    votes = ["".join(dice.sample(letters, dice.randint(1, 4))) for _ in range(dice.randint(4, 14))]
    return made(dice.randint(200, 900), costs, *votes)


@pytest.mark.parametrize("utility", ["cost", "count"])
def test_against_the_definition_on_random_budgets(utility):
    dice = random.Random(9)  # noqa: S311 - votes for a test
    compared = 0
    for _ in range(45):
        budget = random_budget(dice)
        if len(set(budget.costs)) < len(budget.costs):
            continue
        compared += 1
        order = "".join(budget.projects)
        assert count(budget, order, utility=utility)["selected"] == by_definition(budget, utility, 0)
        kept, _ = complete_by_definition(budget, utility)
        result = count(budget, order, utility=utility, completion="add1")
        assert result["selected"] == kept
        assert result["cost"] <= result["budget"]
    assert compared > 30


def test_a_hundred_projects_and_ten_thousand_voters():
    """A generous bound for slow machines; the benchmark holds the real target."""
    dice = random.Random(5)  # noqa: S311 - votes for a test
    costs = tuple(dice.randint(5, 200) * 100_000 for _ in range(100))
    budget = Budget("city.pb", "", 300_000_000, tuple(f"P{number}" for number in range(100)), costs)
    for _ in range(10_000):
        marks = tuple(sorted(dice.sample(range(100), dice.randint(1, 10))))
        budget.votes[marks] = budget.votes.get(marks, 0) + 1
    start = time.perf_counter()
    assert count(budget)["selected"]
    assert time.perf_counter() - start < 5
