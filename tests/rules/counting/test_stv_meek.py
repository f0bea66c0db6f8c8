"""Meek's method: figures of the reference rule, the defining property of the factors, ties."""

import random
from decimal import Decimal
from typing import Any

import pytest

from govern.counting.ballots import parse_ballots
from govern.counting.errors import CountingError
from govern.counting.stv_meek import count_stv_meek
from tests.rules.counting.material import ranked


def count(data: dict[str, Any], seats: int) -> dict[str, Any]:
    return count_stv_meek(parse_ballots(data), seats).to_dict()


def test_figures_of_the_reference_rule():
    """Five for Castor then Pollux, one for Pollux, three for Helen: Castor keeps 0.600000001 of each vote."""
    result = count(ranked({"C>P": 5, "P": 1, "H": 3}), 2)
    first, second = result["stages"][:2]
    assert first["votes"] == {"C": "5.000000000", "H": "3.000000000", "P": "1.000000000"}
    assert (first["elected"], first["quota"]) == (["C"], "3.000000001")
    assert second["votes"] == {"C": "3.000000005", "H": "3.000000000", "P": "2.999999995"}
    # The surplus left is 0.000000004, less than what Helen is ahead of Pollux.
    assert (result["winners"], result["ties"]) == (["C", "H"], [])
    assert result["stages"][2]["excluded"] == ["P"]


def test_a_tie_needs_the_lot():
    data = ranked({"A": 5, "B>A": 2, "C>A": 2})
    result = count(data, 2)
    assert (result["winners"], result["ties"]) == (["A"], [["B", "C"]])
    for order, winner in (("ABC", "B"), ("CB", "C")):
        result = count(data | {"tie_order": list(order)}, 2)
        assert (result["winners"], result["ties"]) == (["A", winner], [])


def test_wikipedia_examples_elect_as_published():
    papers = {"A>B>C>D": 28, "A>C>D>B": 14, "B>C>A>D": 15, "C>A>B>D": 17, "D>B>C>A": 26}
    assert count(ranked(papers), 2)["winners"] == ["A", "B"]
    assert set(count(ranked({"O": 4, "P>O": 2, "C>S": 8, "C>H": 4, "S": 1, "H": 1}), 3)["winners"]) == set("COS")


def test_elected_keep_one_quota_and_no_vote_is_lost():
    dice = random.Random(5)  # noqa: S311 - papers for a test
    for _ in range(60):
        papers: dict[str, int] = {}
        for _ in range(dice.randint(30, 80)):
            order = ">".join(dice.sample("ABCDEF", dice.randint(1, 6)))
            papers[order] = papers.get(order, 0) + 1
        result = count(ranked(papers, "ABCDEF", tie_order=list("ABCDEF")), 3)
        assert len(set(result["winners"])) == 3
        elected: list[str] = []
        for stage in result["stages"]:
            votes = {name: Decimal(text) for name, text in stage["votes"].items()}
            assert sum(votes.values()) + Decimal(stage["non_transferable"]) == result["valid"]
            if not stage["elected"]:
                # Settled without a new name: what is above the quota is less than a millionth of a vote.
                over = sum(votes[name] - Decimal(stage["quota"]) for name in elected)
                assert over < Decimal("0.000001")
            elected += stage["elected"]
        assert elected == result["winners"]


def test_a_paper_passes_on_what_each_elected_does_not_keep():
    """13 papers, 2 seats, quota 13/3: A keeps 13/27 of nine papers, the rest elects B."""
    result = count(ranked({"A>B": 9, "C": 4}), 2)
    assert result["winners"] == ["A", "B"]
    last = result["stages"][-1]
    assert Decimal(last["votes"]["A"]) + Decimal(last["votes"]["B"]) == 9
    assert abs(Decimal(last["votes"]["A"]) - Decimal(13) / 3) < Decimal("0.00000002")


def test_edges():
    assert count(ranked({"A": 1, "B": 2}), 3)["winners"] == ["B", "A"]
    assert count(ranked({"": 3}, "ABC"), 1)["ties"] == [["A", "B", "C"]]
    assert count(ranked({"A": 5, "B": 4}, "ABCDE"), 1)["winners"] == ["A"]
    with pytest.raises(CountingError, match="ranks options equally"):
        count(ranked({"A=B>C": 1}), 1)
