"""Scottish STV: figures by hand, textbook counts, an independent count in decimals, ties, stages as reported."""

import random
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest

from govern.counting.ballots import parse_ballots
from govern.counting.blt import read_blt
from govern.counting.errors import CountingError
from govern.counting.stv_scottish import count_stv_scottish
from tests.rules.counting.material import BLT, ranked


def count(data: dict[str, Any], seats: int) -> dict[str, Any]:
    return count_stv_scottish(parse_ballots(data), seats).to_dict()


def test_a_surplus_by_hand():
    """14 papers, 2 seats: quota 5; A has 9, so each paper moves at 4/9 = 0.44444."""
    result = count(ranked({"A>B": 5, "A>C": 3, "A": 1, "B": 3, "C": 2}), 2)
    assert (result["quota"], result["valid"], result["winners"]) == ("5", 14, ["A", "B"])
    assert result["stages"] == [
        {
            "votes": {"A": "9.00000", "B": "3.00000", "C": "2.00000"},
            "non_transferable": "0.00000",
            "surplus_of": None,
            "excluded": [],
            "elected": ["A"],
        },
        {
            "votes": {"A": "5.00000", "B": "5.22220", "C": "3.33332"},
            "non_transferable": "0.44448",
            "surplus_of": "A",
            "excluded": [],
            "elected": ["B"],
        },
    ]
    assert result["steps"] == [
        "14 valid papers for 2 seats: the quota is 5.",
        "Stage 1: elected, having reached the quota: A.",
        "Stage 2: the surplus of A was transferred.",
        "Stage 2: elected, having reached the quota: B.",
    ]


def test_the_last_seats_are_filled_after_the_last_exclusion_is_transferred():
    """Five for Castor, one for Pollux, three for Helen, as in the programmers' textbook example."""
    result = count(ranked({"C>P": 5, "P": 1, "H": 3}), 2)
    assert [stage["votes"] for stage in result["stages"]] == [
        {"C": "5.00000", "H": "3.00000", "P": "1.00000"},
        {"C": "4.00000", "H": "3.00000", "P": "2.00000"},
        {"C": "4.00000", "H": "3.00000", "P": "0.00000"},
    ]
    assert result["stages"][2] | {"votes": None} == {
        "votes": None,
        "non_transferable": "2.00000",
        "surplus_of": None,
        "excluded": ["P"],
        "elected": ["H"],
    }


def test_wikipedia_food():
    papers = {"O": 4, "P>O": 2, "C>S": 8, "C>H": 4, "S": 1, "H": 1}
    result = count(ranked(papers), 3)
    assert result["winners"] == ["C", "O", "S"]
    assert result["stages"][1]["votes"] == {
        "C": "6.00000",
        "H": "3.00000",
        "O": "4.00000",
        "P": "2.00000",
        "S": "5.00000",
    }


def test_french_wikipedia_with_values_cut_to_five_decimals():
    papers = {"A>B>C>D": 28, "A>C>D>B": 14, "B>C>A>D": 15, "C>A>B>D": 17, "D>B>C>A": 26}
    result = count(ranked(papers), 2)
    assert (result["quota"], result["winners"]) == ("34", ["A", "B"])
    second, third = result["stages"][1:]
    # 8 / 42 = 0.19047 on each of 28 and 14 papers.
    assert (second["votes"]["B"], second["votes"]["C"]) == ("20.33316", "19.66658")
    assert second["non_transferable"] == "0.00026"
    assert (third["excluded"], third["votes"]["B"], third["votes"]["D"]) == (["C"], "37.33316", "28.66658")


def test_withdrawn_candidates_and_blank_papers():
    result = count_stv_scottish(read_blt(BLT.encode(), "ward.blt"), 2).to_dict()
    assert (result["valid"], result["quota"]) == (8, "3")
    assert "Dave" not in result["stages"][0]["votes"]


def test_fewer_candidates_than_seats_are_all_elected():
    result = count(ranked({"A": 1, "B": 2}), 3)
    assert (result["winners"], len(result["stages"])) == (["B", "A"], 1)
    assert count(ranked({}, "AB"), 2)["winners"] == ["A", "B"]


def test_an_equal_surplus_goes_by_the_latest_stage_that_differs():
    """Without E, A and B have 9 over a quota of 8; B was ahead before, so its surplus goes first and lifts D over C."""
    result = count(ranked({"A>C": 6, "B>D": 7, "E>A>C": 3, "E>B>D": 2, "C": 6, "D": 6}), 3)
    assert [stage["surplus_of"] for stage in result["stages"]] == [None, None, "B", "A", None]
    assert result["stages"][3]["votes"]["C"] == result["stages"][3]["votes"]["D"] == "6.99999"
    assert (result["stages"][4]["excluded"], result["winners"]) == (["C"], ["A", "B", "D"])


def test_an_exclusion_goes_by_the_latest_stage_that_differs():
    """After E is excluded C and D have 4 each; C had fewer at stage 1, so C is excluded."""
    result = count(ranked({"A": 8, "B": 7, "C>A": 3, "D>B": 4, "E>C": 1}), 2)
    assert result["stages"][1]["votes"]["C"] == result["stages"][1]["votes"]["D"] == "4.00000"
    assert result["stages"][2]["excluded"] == ["C"]


def test_the_latest_difference_counts_not_the_first():
    """C and D have 5 each at stage 3; C was behind at stage 1, but D at stage 2, so D is excluded."""
    result = count(ranked({"A": 9, "B": 8, "C": 3, "D": 4, "E>C": 2, "F>D": 1, "F": 2}), 1)
    figures = [(stage["votes"]["C"], stage["votes"]["D"]) for stage in result["stages"][:3]]
    assert figures == [("3.00000", "4.00000"), ("5.00000", "4.00000"), ("5.00000", "5.00000")]
    assert result["stages"][3]["excluded"] == ["D"]


def test_a_tie_never_told_apart_needs_the_lot():
    data = ranked({"A": 5, "B>A": 2, "C>A": 2})
    result = count(data, 2)
    assert (result["winners"], result["ties"]) == (["A"], [["B", "C"]])
    for order, winner in (("ABC", "B"), ("CB", "C")):
        result = count(data | {"tie_order": list(order)}, 2)
        assert (result["winners"], result["ties"]) == (["A", winner], [])


def test_a_tied_surplus_that_decides_nothing_goes_on():
    result = count(ranked({"A": 5, "B": 5, "C": 2}), 2)
    assert (result["winners"], result["ties"]) == (["A", "B"], [])
    result = count(ranked({"A>C": 6, "B>C": 6, "C": 3, "D": 1}), 3)
    assert (set(result["winners"]), result["ties"]) == ({"A", "B", "C"}, [])
    assert any("every way to settle it elects the same" in step for step in result["steps"])


def test_a_tie_between_those_nobody_wanted_decides_nothing():
    result = count(ranked({"A": 5, "B": 4}, "ABCDE"), 1)
    assert (result["winners"], result["ties"]) == (["A"], [])
    result = count(ranked({"A": 4, "B": 4, "F>B": 1}, "ABCDEF"), 1)
    assert (result["winners"], result["ties"]) == (["B"], [])
    assert [stage["excluded"] for stage in result["stages"]] == [[], ["C"], ["D"], ["E"], ["F"]]
    # Far more orders than could be tried.
    assert count(ranked({"A": 4, "B": 4, "C>B": 1}, "ABCDEFGHIJKL"), 1)["winners"] == ["B"]


def test_nobody_voted_is_a_tie():
    assert count(ranked({"": 3}, "ABC"), 1)["ties"] == [["A", "B", "C"]]


def test_equal_ranks_and_parts_of_papers_are_refused():
    with pytest.raises(CountingError, match="ranks options equally"):
        count(ranked({"A=B>C": 1}), 1)
    data = ranked({"A": 1, "B": 1})
    data["ballots"][0]["weight"] = "1/2"
    with pytest.raises(CountingError, match="counts whole papers"):
        count(data, 1)
    data["ballots"][0]["weight"] = 2
    assert count(data, 1)["valid"] == 3


CENT = Decimal("0.00001")


class LotNeededError(Exception):
    """The figures do not tell candidates apart."""


class Independent:
    """The rule paper by paper in decimals, without its provisions for equal figures."""

    def __init__(self, papers: list[tuple[str, ...]], options: str, seats: int) -> None:
        self.seats, self.quota = seats, len(papers) // (seats + 1) + 1
        self.live, self.elected, self.waiting = set(options), [], []
        self.held = {letter: [(paper, Decimal(1)) for paper in papers if paper[0] == letter] for letter in options}
        self.votes = {letter: Decimal(len(pile)) for letter, pile in self.held.items()}
        self.stages: list[dict[str, Decimal]] = []

    def close(self) -> None:
        self.stages.append(dict(self.votes))
        for letter in [letter for letter in self.live if self.votes[letter] >= self.quota]:
            self.live.remove(letter)
            self.elected.append(letter)
            if self.votes[letter] > self.quota:
                self.waiting.append(letter)
        if len(self.live) <= self.seats - len(self.elected):
            self.elected.extend(self.live)

    def give(self, letter: str, left: int) -> None:
        """Pass on what `letter` holds above `left`."""
        total, pile = self.votes[letter], self.held[letter]
        for paper, value in pile:
            worth = (value * (total - left) / total).quantize(CENT, ROUND_DOWN) if left else value
            for heir in [other for other in paper if other in self.live][:1]:
                self.held[heir].append((paper, worth))
                self.votes[heir] += worth
        self.votes[letter] = Decimal(left)

    def only(self, letters: list[str], edge: Decimal) -> str:
        found = [letter for letter in letters if self.votes[letter] == edge]
        if len(found) > 1:
            raise LotNeededError
        return found[0]

    def run(self) -> list[dict[str, Decimal]]:
        self.close()
        while len(self.elected) < self.seats:
            if self.waiting:
                chosen = self.only(self.waiting, max(self.votes[letter] for letter in self.waiting))
                self.waiting.remove(chosen)
                self.give(chosen, self.quota)
            else:
                chosen = self.only(list(self.live), min(self.votes[letter] for letter in self.live))
                self.live.remove(chosen)
                self.give(chosen, 0)
            self.close()
        return self.stages


def test_against_an_independent_count():
    dice = random.Random(11)  # noqa: S311 - papers for a test
    compared = 0
    for _ in range(250):
        weights = [dice.random() for _ in "ABCDEF"]
        papers = []
        for _ in range(dice.randint(20, 90)):
            order = sorted("ABCDEF", key=lambda letter: -weights["ABCDEF".index(letter)] * dice.random())
            papers.append(tuple(order[: dice.randint(1, 6)]))
        seats = dice.randint(1, 3)
        try:
            expected = Independent(papers, "ABCDEF", seats).run()
        except LotNeededError:
            continue
        compared += 1
        data = ranked({}, "ABCDEF")
        data["ballots"] = [{"ranking": [[letter] for letter in paper]} for paper in papers]
        stages = count(data, seats)["stages"]
        assert [stage["votes"] for stage in stages] == [
            {letter: str(votes.quantize(CENT)) for letter, votes in sorted(stage.items())} for stage in expected
        ]
        for stage in stages:
            everything = sum(map(Decimal, stage["votes"].values())) + Decimal(stage["non_transferable"])
            assert everything == len(papers)
    assert compared > 80
