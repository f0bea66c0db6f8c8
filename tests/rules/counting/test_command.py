"""The command as outsiders call it: exit status, JSON, text, options."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govern.counting.command import METHODS, run
from tests.rules.counting.calling import counted, refused, write
from tests.rules.counting.material import (
    BLT,
    PB,
    approval,
    ranked,
    tennessee,
    v2,
    v6a,
)

SHARED = Path(__file__).parents[4] / "shared" / "data" / "votes"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_worked_examples_of_the_public_interface(folder):
    result = counted(write(folder, v6a()), "motion")
    assert result["outcome"] == "no_quorum"
    assert (result["quorum"][0]["needed"], result["quorum"][0]["took_part"]) == ("46/3", "15")
    result = counted(write(folder, v2()), "motion")
    assert (result["outcome"], result["criteria"][0]["value"], result["criteria"][0]["needed"]) == (
        "adopted",
        "41",
        "26",
    )
    assert set(result) == {"outcome", "criteria", "quorum", "colleges", "steps"}


def test_the_example_file_of_the_public_interface(folder):
    data = {
        "format": "govern-ballots/1",
        "title": "Board",
        "seats": 3,
        "options": ["Abby", "Brad", "Cora"],
        "reserved": [{"seats": 2, "options": ["Abby", "Brad"]}],
        "tie_order": ["Cora", "Abby", "Brad"],
        "ballots": [{"count": 98, "approve": ["Abby", "Cora"]}, {"count": 3, "weight": "2", "approve": ["Brad"]}],
    }
    result = counted(write(folder, data), "approval")
    assert result["winners"] == ["Cora", "Abby", "Brad"]
    assert result["totals"] == {"Abby": "98", "Brad": "6", "Cora": "98"}
    assert (result["method"], result["seats"], result["ties"]) == ("approval", 3, [])


def test_a_tie_is_a_result(folder):
    assert counted(write(folder, ranked({"A": 1, "B": 1})), "plurality")["ties"] == [["A", "B"]]
    status, out, _ = run(write(folder, ranked({"A": 1, "B": 1})), "plurality")
    assert (status, out.splitlines()[-1]) == (0, "Open tie: A, B.")


def test_seats_and_tie_order_given_on_the_line_go_before_the_file(folder):
    path = write(folder, approval({"A": 2, "B": 2, "C": 1}, seats=1, tie_order=["A", "B"]))
    assert counted(path, "approval")["winners"] == ["A"]
    assert counted(path, "approval", tie_order=["B", "A"])["winners"] == ["B"]
    assert counted(path, "approval", seats=2)["winners"] == ["A", "B"]


def test_names_with_commas_in_the_tie_order(folder):
    data = approval({"A": 1, "B": 1}) | {"options": ["Sol, Irene", "Quist, Amara"]}
    data["ballots"] = [{"approve": [name]} for name in data["options"]]
    result = counted(write(folder, data), "approval", tie_order=["Quist", " Amara", "Sol", " Irene"])
    assert result["winners"] == ["Quist, Amara"]


@pytest.mark.parametrize("given", [["A", "Z"], ["A", "A"], [""]])
def test_a_tie_order_of_unknown_or_repeated_names_is_refused(folder, given):
    status, out, err = run(write(folder, approval({"A": 1, "B": 1})), "approval", tie_order=given)
    assert (status, out) == (1, "")
    assert "--tie-order" in err


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("guess", {}),
        ("approval", {"seats": 0}),
        ("approval", {"strength": "strong"}),
        ("approval", {"utility": "joy"}),
        ("approval", {"completion": "all"}),
        ("motion", {"seats": 1}),
        ("motion", {"tie_order": ["A"]}),
    ],
)
def test_wrong_usage(folder, method, options):
    status, out, err = run(write(folder, approval({"A": 1})), method, **options)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1


def test_blt(folder):
    path = write(folder, BLT, "ward.blt")
    result = counted(path, "irv", seats=1)
    assert result["rounds"][0]["totals"] == {'Abby "The #1" Miller': "3", "Brad": "2", "Cora Sølve": "2", "Erin": "1"}
    assert result["rounds"][0]["exhausted"] == "1"
    assert "fills one seat" in refused(path, "irv")


def test_files_that_are_no_files(folder):
    assert "cannot be read" in refused(str(folder / "none.json"), "motion")
    assert "cannot be read" in refused(str(folder), "motion")
    for name in ("vote.txt", "vote", "vote.pb"):
        assert "is not a file that" in refused(write(folder, "x", name), "irv")
    assert "is not a file that" in refused(write(folder, BLT, "ward.blt"), "motion")


def test_methods_are_those_of_the_public_interface():
    single = ["motion", "plurality", "approval", "score", "irv", "schulze", "ranked-pairs", "equal-shares"]
    assert sorted(METHODS) == sorted([*single, "stv-scottish", "stv-meek"])


def shared(name: str) -> Any:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} of the shared data folder is not on this machine")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["tennessee.json", "burlington_2009_mayor.json", "ireland_president_1990.json"])
def test_shared_textbook_elections(folder, name):
    given_file = shared(name)
    papers = [{"count": each["n"], "ranking": each["ranking"]} for each in given_file["ballots"]]
    data = {"format": "govern-ballots/1", "options": given_file["candidates"], "ballots": papers}
    for method in {"plurality", "irv", "schulze"}.intersection(given_file["expected"]):
        assert counted(write(folder, data), method)["winners"] == [given_file["expected"][method]]


def test_shared_921_voters(folder):
    given_file = shared("legrand_921_voters.json")
    papers = [{"count": each["n"], "ranking": each["ranking"]} for each in given_file["ballots"]]
    path = write(folder, {"format": "govern-ballots/1", "options": given_file["candidates"], "ballots": papers})
    for strength in ("winning", "margin"):
        for method in ("schulze", "ranked-pairs"):
            expected = given_file["expected"][f"{method.replace('-', '_')}_ranking"]
            assert counted(path, method, strength=strength)["ranking"] == expected


def test_shared_stv_examples(folder):
    """Those with a Droop quota, on which the rules used here and there agree but for the fifth decimal."""
    for each in shared("stv_wikipedia_examples.json"):
        if each["quota"] != "droop":
            continue
        papers = [{"count": paper["n"], "ranking": paper["ranking"]} for paper in each["ballots"]]
        data = {"format": "govern-ballots/1", "options": each["candidates"], "seats": each["seats"], "ballots": papers}
        result = counted(write(folder, data), "stv-scottish")
        assert result["winners"] == each["expected_elected"]
        for stage, expected in zip(result["stages"][:-1], each["expected_rounds"], strict=False):
            for name, votes in expected.items():
                assert abs(Decimal(stage["votes"][name]) - Decimal(str(votes))) < Decimal("0.001")


def test_strength_utility_and_completion_reach_the_count(folder):
    path = write(folder, ranked({"B": 40, "A>C": 26, "C>A": 21, "C>B": 4, "D": 9}), "paper.json")
    assert counted(path, "schulze")["paths"] != counted(path, "schulze", strength="margin")["paths"]
    path = write(folder, PB, "city.pb")
    assert counted(path, "equal-shares")["selected"] != counted(path, "equal-shares", completion="add1")["selected"]
    steps = [counted(path, "equal-shares", utility=utility)["steps"] for utility in ("cost", "count")]
    assert steps[0] != steps[1]
    assert run(path, "equal-shares", seats=2)[0] == 2


def test_text_output_is_the_steps_and_the_winners(folder):
    status, out, err = run(write(folder, tennessee()), "irv")
    assert (status, err) == (0, "")
    assert out.splitlines()[-2:] == ["Round 3: Knoxville has 58 of 100 and is elected.", "Winners: Knoxville."]
