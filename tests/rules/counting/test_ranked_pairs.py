"""Ranked pairs: published examples, both measures, equal duels in every order, the tie order."""

from itertools import groupby, permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.counting.ballots import parse_ballots
from govern.counting.errors import CountingError
from govern.counting.ranked_pairs import count_ranked_pairs
from tests.rules.counting.material import ranked, tennessee
from tests.rules.counting.test_condorcet import LEGRAND, WIKIPEDIA


def count(data: dict[str, Any], strength: str = "winning") -> dict[str, Any]:
    return count_ranked_pairs(parse_ballots(data), 1, "margin" if strength == "margin" else "winning").to_dict()


@pytest.mark.parametrize("strength", ["winning", "margin"])
@pytest.mark.parametrize(
    ("papers", "ranking"),
    [
        (WIKIPEDIA, "ACEBD"),
        (LEGRAND, "BAEDC"),
        ({"A>B>C": 7, "B>A>C": 5, "C>A>B": 4, "B>C>A": 2}, "ABC"),
        ({"A>B>C": 40, "B>C>A": 35, "C>A>B": 25}, "ABC"),
    ],
)
def test_published_examples(papers, ranking, strength):
    result = count(ranked(papers), strength)
    assert (result["winners"], result["ranking"], result["ties"]) == ([ranking[0]], list(ranking), [])


def test_wikipedia_locks():
    result = count(ranked(WIKIPEDIA))
    assert ["".join(pair) for pair in result["locked"]] == ["BD", "ED", "AD", "CB", "EB", "AC", "CE"]
    assert "B over A, 25 to 20: left out, it would close a circle." in result["steps"]


def test_tennessee():
    assert count(tennessee())["ranking"] == ["Nashville", "Chattanooga", "Knoxville", "Memphis"]


EQUAL_DUELS = {
    "A>D>C>B": 12,
    "B>A>C>D": 3,
    "B>C>A>D": 25,
    "C>B>A>D": 21,
    "D>A>B>C": 12,
    "D>A>C>B": 21,
    "D>B>A>C": 6,
}


def test_equal_duels_in_every_order_name_every_possible_winner():
    """A over C and C over B, both 54 to 46, cannot both stand with B over A: B or C wins."""
    result = count(ranked(EQUAL_DUELS))
    assert (result["winners"], result["ties"]) == (["B", "C"], [["B", "C"]])
    assert result["locked"][:2] == [["A", "D"], ["B", "A"]]
    assert ["C", "B"] not in result["locked"]
    assert "ranking" not in result


def test_the_tie_order_says_which_equal_duel_goes_first():
    assert count(ranked(EQUAL_DUELS, tie_order=list("ABCD")))["winners"] == ["B"]
    assert count(ranked(EQUAL_DUELS, tie_order=list("CABD")))["winners"] == ["C"]


def test_no_duel_between_equals():
    papers = {"A>B>C": 7, "B>A>C": 7, "C>A>B": 2, "C>B>A": 2}
    result = count(ranked(papers))
    assert (result["winners"], result["ties"]) == (["A", "B"], [["A", "B"]])
    assert count(ranked(papers, tie_order=list("BAC")))["winners"] == ["B"]


def test_the_same_votes_with_fewer_against_is_stronger():
    """A over B 3 to 1, B over C and C over A 3 to 2: A over B is locked first, so B cannot win."""
    result = count(ranked({"C": 1, "B>C>A": 1, "A>B": 2, "C>A": 1}))
    assert result["pairwise"] == {"A": {"B": 3, "C": 2}, "B": {"A": 1, "C": 3}, "C": {"A": 3, "B": 2}}
    assert (result["winners"], result["locked"]) == (["A", "C"], [["A", "B"]])


def test_too_many_equal_duels_ask_for_a_tie_order():
    names = [f"O{number}" for number in range(14)]
    # A tournament in which everybody beats the next six by one vote: no duel is stronger than another.
    data = ranked({}, "A") | {"options": names, "ballots": []}
    for a in range(14):
        for step in range(1, 7):
            b = (a + step) % 14
            others = [name for name in names if name not in {names[a], names[b]}]
            data["ballots"] += [
                {"ranking": [[names[a]], [names[b]], others]},
                {"ranking": [others, [names[a]], [names[b]]]},
            ]
    with pytest.raises(CountingError, match="Give a tie order"):
        count(data)
    assert len(count(data | {"tie_order": names})["winners"]) == 1


def brute_winners(pairwise: dict[str, dict[str, int]], options: str, strength: str) -> set[str]:
    """Lock duel by duel in every order that the strengths allow."""
    won = [(a, b) for a, b in permutations(options, 2) if pairwise[a][b] > pairwise[b][a]]

    def key(pair: tuple[str, str]) -> tuple[int, int]:
        a, b = pair
        if strength == "margin":
            return pairwise[a][b] - pairwise[b][a], 0
        return pairwise[a][b], -pairwise[b][a]

    won.sort(key=key, reverse=True)
    levels = [list(permutations(level)) for _, level in groupby(won, key=key)]
    found = set()
    for choice in product(*levels):
        locked: set[tuple[str, str]] = set()
        for a, b in (pair for level in choice for pair in level):
            reach, size = {b}, 0
            while size != len(reach):
                size = len(reach)
                reach |= {loser for winner, loser in locked if winner in reach}
            if a not in reach:
                locked.add((a, b))
        found |= set(options) - {loser for _, loser in locked}
    return found


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.permutations("ABCD"), st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=6),
    st.sampled_from(["winning", "margin"]),
)
def test_possible_winners_against_every_order(papers, strength):
    data = ranked({}, "ABCD")
    data["ballots"] = [{"count": n, "ranking": [[letter] for letter in order[:kept]]} for order, kept, n in papers]
    result = count(data, strength)
    assert set(result["winners"]) == brute_winners(result["pairwise"], "ABCD", strength)
