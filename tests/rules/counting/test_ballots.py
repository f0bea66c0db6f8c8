"""Ballot files: piles of like papers, numbers and defaults."""

from fractions import Fraction

import pytest

from govern.counting.ballots import parse_ballots
from govern.counting.errors import CountingError
from tests.rules.counting.material import approval, ranked


def test_like_papers_make_one_pile():
    data = ranked({"A>B": 3, "B": 1}, seats=2)
    data["ballots"] += [{"ranking": [["A"], ["B"]]}, {"weight": "5/2", "count": 2, "ranking": [["A"], ["B"]]}]
    ballots = parse_ballots(data)
    assert {ranking: pile.weight for ranking, pile in ballots.rankings.items()} == {
        ((0,), (1,)): Fraction(9),
        ((1,),): Fraction(1),
    }
    assert ballots.rankings[(0,), (1,)].where == "ballots[0]"
    assert (ballots.seats, ballots.total(), ballots.tie_order) == (2, 10, ())


def test_order_inside_a_rank_and_an_approval_does_not_matter():
    data = ranked({"B=A>C": 1, "A=B>C": 2})
    assert [pile.weight for pile in parse_ballots(data).rankings.values()] == [3]
    data = approval({"AB": 1, "BA": 2})
    assert [pile.weight for pile in parse_ballots(data).approvals.values()] == [3]


def test_every_fault_is_told_with_its_place():
    data = ranked({"A>B": 1, "B": 1})
    data["ballots"][0]["ranking"] = [["A"], ["Z"], ["A"]]
    data["ballots"][1]["count"] = 0
    data["seats"] = "two"
    with pytest.raises(CountingError) as caught:
        parse_ballots(data, "board.json")
    assert [str(fault) for fault in caught.value.faults] == [
        "board.json, seats: is a text, not a whole number. Use a whole number from 1 on.",
        'board.json, ballots[0].ranking[1][0]: is "Z", which is not an option. Use a name from options.',
        'board.json, ballots[0].ranking[2]: "A" is ranked twice. Rank it once.',
        "board.json, ballots[1].count: is 0. Use a whole number from 1 on.",
    ]


def test_a_file_full_of_faults_is_given_up():
    data = ranked({"A": 1})
    data["ballots"] = [{"ranking": [["Z"]]}] * 500
    with pytest.raises(CountingError, match="more than 50 faults") as caught:
        parse_ballots(data)
    assert len(caught.value.faults) == 51


def test_weights_that_would_grow_without_bound_are_refused():
    data = approval({"A": 1})
    data["ballots"] = [{"weight": f"1/{number}", "approve": ["A"]} for number in range(10**6, 10**6 + 3000)]
    with pytest.raises(CountingError, match="too unlike"):
        parse_ballots(data)
