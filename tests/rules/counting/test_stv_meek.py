"""Meek's method: figures of the reference rule, the defining property of the factors, ties."""

import random
from decimal import ROUND_DOWN, ROUND_UP, Decimal
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


def test_a_difference_below_the_surplus_left_is_a_tie():
    """C keeps half of six votes, so H and P have 3 each; rounding alone puts P behind."""
    data = ranked({"C>P": 4, "C>H": 2, "H": 2, "P": 1})
    result = count(data, 2)
    assert result["stages"][1]["votes"] == {"C": "3.000000006", "H": "2.999999998", "P": "2.999999996"}
    assert (result["winners"], result["ties"]) == (["C"], [["H", "P"]])
    assert count(data | {"tie_order": ["P", "H"]}, 2)["winners"] == ["C", "P"]


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
    # Far more orders than could be tried.
    assert count(ranked({"A": 4, "B": 4, "C>B": 1}, "ABCDEFGHIJKL"), 1)["winners"] == ["B"]
    with pytest.raises(CountingError, match="ranks options equally"):
        count(ranked({"A=B>C": 1}), 1)


NANO = Decimal("0.000000001")
OMEGA = Decimal("0.000001")


class Reference:
    """The reference rule paper by paper in decimals; ties go by the order of the alphabet."""

    def __init__(self, papers: list[tuple[str, ...]], options: str, seats: int) -> None:
        self.papers, self.seats = papers, seats
        self.keep = dict.fromkeys(options, Decimal(1))
        self.hopeful, self.elected = set(options), []
        self.votes: dict[str, Decimal] = {}
        self.quota = self.surplus = Decimal(0)

    def distribute(self) -> None:
        self.votes = dict.fromkeys(self.keep, Decimal(0))
        for paper in self.papers:
            weight = Decimal(1)
            for letter in paper:
                kept = (weight * self.keep[letter]).quantize(NANO, ROUND_UP)
                self.votes[letter] += kept
                weight -= kept
        total = sum(self.votes.values())
        self.quota = (total / (self.seats + 1)).quantize(NANO, ROUND_DOWN) + NANO

    def iterate(self) -> None:
        before = None
        while True:
            self.distribute()
            new = sorted(letter for letter in self.hopeful if self.votes[letter] >= self.quota)
            self.hopeful.difference_update(new)
            self.elected += sorted(new, key=lambda letter: -self.votes[letter])
            self.surplus = max(sum(self.votes[letter] - self.quota for letter in self.elected), Decimal(0))
            if new or self.surplus < OMEGA or (before is not None and self.surplus >= before):
                return
            before = self.surplus
            for letter in self.elected:
                kept = (self.keep[letter] * self.quota).quantize(NANO, ROUND_UP)
                self.keep[letter] = (kept / self.votes[letter]).quantize(NANO, ROUND_UP)

    def run(self) -> list[dict[str, Decimal]]:
        stages = []
        while True:
            known = len(self.elected)
            self.iterate()
            stages.append(dict(self.votes))
            if len(self.hopeful) <= self.seats - len(self.elected):
                return stages
            if len(self.elected) == self.seats:
                return stages
            if len(self.elected) == known:
                least = min(self.votes[letter] for letter in self.hopeful)
                out = max(letter for letter in self.hopeful if self.votes[letter] <= least + self.surplus)
                self.hopeful.remove(out)
                self.keep[out] = Decimal(0)


def test_against_the_reference_rule_paper_by_paper():
    dice = random.Random(17)  # noqa: S311 - papers for a test
    for _ in range(80):
        seats = dice.randint(2, 4)
        # Few kinds of papers and long orders: several elected stand before each other on the same paper.
        kinds = [tuple(dice.sample("ABCDEFG", dice.randint(2, 7))) for _ in range(5)]
        papers = [kind for kind in kinds for _ in range(dice.randint(1, 9))]
        expected = Reference(papers, "ABCDEFG", seats).run()
        data = ranked({}, "ABCDEFG", tie_order=list("ABCDEFG"))
        data["ballots"] = [{"ranking": [[letter] for letter in paper]} for paper in papers]
        stages = count(data, seats)["stages"]
        assert [stage["votes"] for stage in stages] == [
            {letter: f"{votes:.9f}" for letter, votes in stage.items()} for stage in expected
        ]
