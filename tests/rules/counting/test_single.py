"""Plurality, approval and score, with reserved seats and ties."""

from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.counting.ballots import parse_ballots
from govern.counting.errors import CountingError
from govern.counting.single import count_approval, count_plurality, count_score
from tests.rules.counting.material import approval, ranked, scores, tennessee


def count(counter, data: dict[str, Any], seats: int = 1) -> dict[str, Any]:
    return counter(parse_ballots(data), seats).to_dict()


def test_v3_two_board_seats_by_approval():
    """Marsh 5, Feld 4, Vale 2 marks; 6 papers, 11 marks; two seats."""
    result = count(count_approval, approval({"MF": 3, "MV": 2, "F": 1}), 2)
    assert (result["winners"], result["ties"], result["totals"]) == (["M", "F"], [], {"F": "4", "M": "5", "V": "2"})
    assert result["steps"] == [
        "Papers: 6. Seats: 2.",
        "M: 5 marks, elected.",
        "F: 4 marks, elected.",
        "V: 2 marks.",
    ]


def test_plurality_reads_first_ranks_and_single_approvals():
    assert count(count_plurality, tennessee())["winners"] == ["Memphis"]
    data = ranked({"A>B": 2, "": 1})
    data["ballots"].append({"approve": ["B"], "weight": "5/2"})
    result = count(count_plurality, data)
    assert (result["winners"], result["totals"]) == (["B"], {"A": "2", "B": "5/2"})


@pytest.mark.parametrize("paper", [{"approve": ["A", "B"]}, {"ranking": [["A", "B"]]}, {"scores": {"A": 1}}])
def test_plurality_refuses_what_is_no_single_mark(paper):
    data = ranked({"A": 1, "B": 1})
    data["ballots"].append(paper)
    with pytest.raises(CountingError, match=r"ballots\[2\]"):
        count(count_plurality, data)


def test_score_adds_points_and_weights():
    data = scores({"Abby": 5, "Brad": 1}, {"Abby": "1/2"}, {"Brad": 5})
    data["ballots"][1]["weight"] = 3
    result = count(count_score, data)
    assert (result["winners"], result["totals"]) == (["Abby"], {"Abby": "13/2", "Brad": "6"})


def test_an_open_tie_stops_at_the_last_seat():
    result = count(count_approval, approval({"A": 5, "B": 3, "C": 3, "D": 1}), 2)
    assert (result["winners"], result["ties"]) == (["A"], [["B", "C"]])
    assert "Tie between B and C with 3 marks for 1 seat: settled neither" in " ".join(result["steps"])


def test_a_tie_that_decides_nothing_is_no_tie():
    result = count(count_approval, approval({"A": 5, "B": 3, "C": 3, "D": 1}), 3)
    assert (result["winners"], result["ties"]) == (["A", "B", "C"], [])


def test_the_tie_order_settles_it():
    for order, winner in (("CAB", "C"), ("BC", "B")):
        result = count(count_approval, approval({"A": 5, "B": 3, "C": 3}, tie_order=list(order)), 2)
        assert (result["winners"], result["ties"]) == (["A", winner], [])
    result = count(count_approval, approval({"A": 5, "B": 3, "C": 3}, tie_order=["B", "A"]), 2)
    assert result["ties"] == [["B", "C"]]


def test_no_votes_at_all_is_a_tie_of_everybody():
    assert count(count_plurality, ranked({"": 3}, "AB"))["ties"] == [["A", "B"]]


def test_more_seats_than_options_stay_vacant():
    result = count(count_approval, approval({"A": 1}, "AB"), 5)
    assert result["winners"] == ["A", "B"]
    assert result["steps"][-1] == "Seats that stay vacant: 3."


RESERVED = [{"seats": 2, "options": ["A", "B", "C"]}, {"seats": 1, "options": ["D"]}]


def test_reserved_seats_are_filled_by_their_own():
    """Three medical, one other: E has most marks, but only one free seat stands open."""
    data = approval({"E": 9, "F": 8, "A": 3, "B": 2, "C": 1, "D": 1}, reserved=RESERVED)
    assert count(count_approval, data, 4)["winners"] == ["E", "A", "B", "D"]
    assert count(count_approval, data, 5)["winners"] == ["E", "F", "A", "B", "D"]


def test_reserved_seats_stay_vacant_when_nobody_may_fill_them():
    data = approval({"E": 9, "F": 8, "A": 3}, reserved=[{"seats": 2, "options": ["A"]}])
    result = count(count_approval, data, 3)
    assert (result["winners"], result["steps"][-1]) == (["E", "A"], "Seats that stay vacant: 1.")


def test_a_tie_for_a_reserved_seat_leaves_the_others_certain():
    data = approval({"A": 3, "B": 3, "D": 1, "E": 2}, reserved=[{"seats": 1, "options": ["A", "B"]}])
    result = count(count_approval, data, 1)
    assert (result["winners"], result["ties"]) == ([], [["A", "B"]])
    data["reserved"].append({"seats": 1, "options": ["D", "E"]})
    result = count(count_approval, data, 2)
    assert (result["winners"], result["ties"]) == (["E"], [["A", "B"]])


def test_two_ties_at_one_level_are_two_sets():
    data = approval({"ABDE": 1}, reserved=[{"seats": 1, "options": ["A", "B"]}, {"seats": 1, "options": ["D", "E"]}])
    assert count(count_approval, data, 2)["ties"] == [["A", "B"], ["D", "E"]]


def test_more_reserved_than_seats_is_refused():
    data = approval({"A": 1, "B": 1, "C": 1, "D": 1}, reserved=RESERVED)
    with pytest.raises(CountingError, match="asks for 3 seats"):
        count(count_approval, data, 2)


def can_sit(options: tuple[str, ...], seats: int, reserved: list[dict[str, Any]]) -> bool:
    """Try every way to give each option a seat of its own."""
    places = [set(each["options"]) for each in reserved for _ in range(each["seats"])]
    places += [set("ABCDE")] * (seats - len(places))
    return any(
        all(option in place for option, place in zip(options, chosen, strict=True))
        for chosen in permutations(places, len(options))
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
    st.lists(
        st.tuples(st.integers(1, 2), st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=4, unique=True)),
        max_size=2,
    ),
    st.integers(0, 2),
)
def test_reserved_seats_against_every_way_to_seat(marks, groups, free):
    """The seated sets of greatest total, by brute force: who is in all of them is certain, the rest is tied."""
    reserved = [{"seats": seats, "options": options} for seats, options in groups]
    seats = sum(seats for seats, _ in groups) + free
    if not seats:
        return
    data = approval(
        {letter: mark for letter, mark in zip("ABCDE", marks, strict=True) if mark}, "ABCDE", reserved=reserved
    )
    result = count(count_approval, data, seats)
    total = dict(zip("ABCDE", marks, strict=True))
    fitting = [c for size in range(6) for c in combinations("ABCDE", size) if can_sit(c, seats, reserved)]
    largest = max(len(c) for c in fitting)
    # Every mark is worth 1 more than nothing, so that an option without marks fills an empty seat.
    worth = {c: sum(Fraction(total[letter]) + Fraction(1, 100) for letter in c) for c in fitting if len(c) <= largest}
    best = [set(c) for c in fitting if worth[c] == max(worth.values())]
    certain = set.intersection(*best)
    assert set(result["winners"]) == certain
    assert {letter for tied in result["ties"] for letter in tied} == set.union(*best) - certain
