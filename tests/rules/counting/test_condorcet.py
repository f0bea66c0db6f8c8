"""Schulze: the published examples of its author, the two measures of strength, ties, unranked options."""

from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.counting.ballots import parse_ballots
from govern.counting.condorcet import count_schulze
from govern.counting.errors import CountingError
from tests.rules.counting.material import approval, ranked, tennessee

# Published examples: papers, options, winners by winning votes.
EXAMPLES = [
    ({"A>C>D": 8, "B>A>D": 2, "C>D>B": 4, "D>B>A": 4, "D>C>B": 3}, "ABCD", "D"),
    ({"A>B>C": 3, "C>B>D": 2, "D>A>B": 2, "D>B>C": 2}, "ABCD", "BD"),
    ({"A>B>C": 12, "A>D>B": 6, "B>C>D": 9, "C>D>A": 15, "D>B>A": 21}, "ABCD", "D"),
    ({"A>C>D": 6, "B>A>D": 1, "C>B>D": 3, "D>B>A": 3, "D>C>B": 2}, "ABCD", "AD"),
    (
        {
            "A>D>E>B>C": 3,
            "B>F>E>C>D": 3,
            "C>A>B>F>D": 4,
            "D>B>C>E>F": 1,
            "D>E>F>A>B": 4,
            "E>C>B>D>F": 2,
            "F>A>C>D>B": 2,
        },
        "ABCDEF",
        "A",
    ),
    (
        {
            "A>B>D": 3,
            "A>D>B": 5,
            "A>D>C": 1,
            "B>A>D": 2,
            "B>D>C": 2,
            "C>A>B": 4,
            "C>B>A": 6,
            "D>B>C": 2,
            "D>C>A": 5,
        },
        "ABCD",
        "A",
    ),
    (
        {
            "A>D>B>E": 9,
            "B>C>A>D": 6,
            "B>C>D>E": 5,
            "C>D>B>E": 2,
            "D>E>C>B": 6,
            "E>A>C>B": 14,
            "E>C>A>B": 2,
            "E>D>A>C": 1,
        },
        "ABCDE",
        "B",
    ),
    (
        {
            "A>D>B>E": 9,
            "B>A>C>E": 1,
            "C>B>A>D": 6,
            "C>D>B>E": 2,
            "C>D>E>A": 5,
            "D>E>C>A": 6,
            "E>B>A>C": 14,
            "E>B>C>A": 2,
        },
        "ABCDE",
        "E",
    ),
]
WIKIPEDIA = {
    "A>C>B>E>D": 5,
    "A>D>E>C>B": 5,
    "B>E>D>A>C": 8,
    "C>A>B>E>D": 3,
    "C>A>E>B>D": 7,
    "C>B>A>D>E": 2,
    "D>C>E>B>A": 7,
    "E>B>A>D>C": 8,
}
LEGRAND = {
    "A>C>E>D>B": 98,
    "B>A>E>C>D": 64,
    "B>A>E>D>C": 12,
    "B>E>A>C>D": 98,
    "B>E>A>D>C": 13,
    "B>E>D>A>C": 125,
    "C>A>E>D>B": 124,
    "C>E>A>D>B": 76,
    "D>A>B>E>C": 21,
    "D>B>A>E>C": 30,
    "D>B>E>C>A": 98,
    "D>C>A>B>E": 139,
    "D>C>B>A>E": 23,
}


def count(data: dict[str, Any], strength: str = "winning") -> dict[str, Any]:
    return count_schulze(parse_ballots(data), 1, "margin" if strength == "margin" else "winning").to_dict()


@pytest.mark.parametrize(("papers", "options", "winners"), EXAMPLES)
def test_published_examples(papers, options, winners):
    result = count(ranked(papers, options))
    assert result["winners"] == list(winners)
    assert result["ties"] == ([list(winners)] if len(winners) > 1 else [])


def test_wikipedia_with_its_paths():
    result = count(ranked(WIKIPEDIA))
    assert (result["winners"], result["ranking"]) == (["E"], list("EACBD"))
    assert result["pairwise"]["A"] == {"B": 20, "C": 26, "D": 30, "E": 22}
    assert result["paths"]["A"] == {"B": 28, "C": 28, "D": 30, "E": 24}
    assert result["paths"]["E"] == {"A": 25, "B": 28, "C": 28, "D": 31}


def test_winning_votes_and_margins_differ():
    """The author's example of measures: D by winning votes, A by margins; with equal ranks."""
    papers = {
        "A>B>C>D": 6,
        "A=B": 8,
        "A=C": 8,
        "A=C>D": 18,
        "A=C=D": 8,
        "B": 40,
        "C>B>D": 4,
        "C>D>A": 9,
        "C=D": 8,
        "D>A>B": 14,
        "D>B>C": 11,
        "D>C>A": 4,
    }
    assert count(ranked(papers))["winners"] == ["D"]
    assert count(ranked(papers), "margin")["winners"] == ["A"]


def test_the_921_voters():
    result = count(ranked(LEGRAND))
    assert result["ranking"] == list("ABEDC")


def test_tennessee():
    result = count(tennessee())
    assert result["ranking"] == ["Nashville", "Chattanooga", "Knoxville", "Memphis"]
    assert result["paths"]["Memphis"] == {"Nashville": 0, "Chattanooga": 0, "Knoxville": 0}


def test_unranked_options_are_together_last():
    assert count(ranked({"A": 3, "B>C": 2}, "ABC"))["pairwise"]["A"] == {"B": 3, "C": 3}
    given_in_full = count(ranked({"A>B=C": 3, "B>C>A": 2}, "ABC"))
    assert given_in_full["pairwise"] == count(ranked({"A": 3, "B>C": 2}, "ABC"))["pairwise"]


def test_ties_and_the_tie_order():
    data = ranked({"A>B>C": 1, "B>A>C": 1})
    result = count(data)
    assert (result["winners"], result["ties"]) == (["A", "B"], [["A", "B"]])
    assert "ranking" not in result
    result = count(data | {"tie_order": ["B", "A", "C"]})
    assert (result["winners"], result["ties"]) == (["B"], [])
    assert count(ranked({}, "AB"))["ties"] == [["A", "B"]]


def test_weights():
    data = ranked({"A>B": 1, "B>A": 1})
    data["ballots"][0]["weight"] = "3/2"
    result = count(data)
    assert (result["winners"], result["pairwise"]) == (["A"], {"A": {"B": "3/2"}, "B": {"A": 1}})


def test_other_papers_and_too_many_options_are_refused():
    with pytest.raises(CountingError, match="has approve"):
        count(approval({"A": 1}))
    data = ranked({}, "A") | {"options": [f"O{number}" for number in range(201)]}
    with pytest.raises(CountingError, match="compares at most 200"):
        count(data)


def brute_paths(result: dict[str, Any], options: str) -> dict[tuple[str, str], int]:
    """The strongest of all paths, every one of them walked."""
    won = result["pairwise"]
    best = dict.fromkeys(permutations(options, 2), 0)
    for size in range(2, len(options) + 1):
        for walk in permutations(options, size):
            steps = list(pairwise(walk))
            if all(won[a][b] > won[b][a] for a, b in steps):
                strength = min(won[a][b] for a, b in steps)
                best[walk[0], walk[-1]] = max(best[walk[0], walk[-1]], strength)
    return best


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.permutations("ABCDE"), st.integers(1, 5), st.integers(1, 9)), min_size=1, max_size=7))
def test_paths_against_every_walk(papers):
    data = ranked({}, "ABCDE")
    data["ballots"] = [{"count": n, "ranking": [[letter] for letter in order[:kept]]} for order, kept, n in papers]
    result = count(data)
    best = brute_paths(result, "ABCDE")
    assert result["paths"] == {a: {b: best[a, b] for b in "ABCDE" if b != a} for a in "ABCDE"}
    assert result["winners"] == [a for a in "ABCDE" if all(best[a, b] >= best[b, a] for b in "ABCDE" if b != a)]
