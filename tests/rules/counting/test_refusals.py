"""Files that must be refused: exit status 1, nothing on standard output, one clear line for each fault, no crash."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govern.counting.command import METHODS, run
from tests.rules.counting.calling import counted, refused, write
from tests.rules.counting.material import BLT, PB, approval, criterion, motion, plain, ranked, scores, v1, v2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"{", "is not JSON"),
        (b"[]", "holds a list"),
        (b"null", "holds empty (null)"),
        (b"3", "holds a number"),
        (b"NaN", "holds a number"),
        (b"\xff\xfe{\x00}\x00", "is not valid UTF-8"),
        (b'{"format": "govern-motion/1", "title": "\xe9"}', "is not valid UTF-8"),
        (b'{"a": 1, "a": 2}', "a: stands there more than once"),
        (b'{"rule": {"quorum": [{"share": 1, "share": 2}]}}', "rule.quorum[0].share: stands there more than once"),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"a":' * 100_000, "is nested too deeply"),
        (b'{"format": "govern-motion/2"}', 'format: is "govern-motion/2"'),
        (b"{}", "format: is missing"),
    ],
)
@pytest.mark.parametrize("method", ["motion", "irv"])
def test_what_is_no_file_of_this_format(folder, content, said, method):
    told = refused(write(folder, content), method)
    assert said in told


def test_half_characters_and_control_characters_are_refused(folder):
    for text in ('"\\ud800"', '"\\u001b[2J"', '"a\\nb"', '"\\u0000"', '" "', '""'):
        path = write(folder, f'{{"format": "govern-ballots/1", "options": [{text}], "ballots": []}}')
        assert "options[0]" in refused(path, "approval")


BAD_EVERYWHERE = [{"x": 1}, [[]], "", 1.5, float("nan"), float("inf"), -1, 10**400, "\ud800"]


def paths(element: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, the whole of it left out."""
    if isinstance(element, dict | list):
        for key, inner in element.items() if isinstance(element, dict) else enumerate(element):
            yield (*here, key)
            yield from paths(inner, (*here, key))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = deepcopy(document)
    at(changed, path[:-1])[path[-1]] = value
    return changed


FULL_MOTION = motion(
    [
        {
            "id": "M01",
            "label": "City",
            "kind": "member",
            "college": "I",
            "category": "GOV",
            "weight": "4",
            "vote": "yes",
            "recused": False,
            "casting": True,
        }
    ],
    criterion(of="yes", within="college:I"),
    quorum=[
        {
            "count": "heads",
            "share": "1/2",
            "number": 25,
            "whichever": "less",
            "comparison": "at_least",
            "within": "each_college",
        }
    ],
    colleges={"needed": 2, "count": "heads", "base": "cast", "threshold": "1/2", "comparison": "more_than"},
    blocking_minority={"heads": 4},
    tie="casting_vote",
    category_cap="1",
) | {"title": "T"}
FULL_RANKED = ranked({"A>B=C": 98, "C": 2}, title="T", seats=1, tie_order=["C", "A", "B"])
FULL_APPROVAL = approval({"AB": 3, "C": 1}, title="T", seats=2, reserved=[{"seats": 1, "options": ["A", "B"]}])
FULL_SCORES = scores({"A": 5, "B": "1/2"}, title="T", seats=1)
FULL = {"motion": FULL_MOTION, "plurality": FULL_RANKED, "approval": FULL_APPROVAL, "score": FULL_SCORES}


def test_the_files_to_break_are_good(folder):
    for method, document in FULL.items():
        assert run(write(folder, document), method)[0] == 0


def bad_values(document: Any, path: tuple[Any, ...]) -> list[Any]:
    """What can never stand at `path`: every other type, numbers out of range, unknown words."""
    value = at(document, path)
    bad = [each for each in BAD_EVERYWHERE if not (isinstance(value, list) and each == [[]] and path[-1] == "electors")]
    if path == ("title",):
        bad.remove("")
    if not isinstance(value, bool):
        bad.append(True)
    if isinstance(value, str) and path[-1] not in {"title", "label", "id", "name", "college", "category"}:
        bad += ["nobody", "0/0", "1e3", "-1/2", "٣", "4 "]
    if not isinstance(value, list | dict):
        bad.append([])
    if not isinstance(value, dict):
        bad.append({})
    return bad


@pytest.mark.parametrize("method", FULL)
def test_any_wrong_value_at_any_place_is_refused(folder, method):
    document = FULL[method]
    tried = 0
    for path in paths(document):
        for bad in bad_values(document, path):
            broken = replaced(document, path, bad)
            try:
                told = refused(write(folder, broken), method)
            except AssertionError as error:
                raise AssertionError(f"{path} = {bad!r}: {error}") from error
            assert "Traceback" not in told
            tried += 1
    assert tried > 140


REQUIRED = {
    "motion": ["format", "rule", "electors", "criteria", "quorum", "id", "vote", "name", "base", "threshold", "needed"],
    "plurality": ["format", "options", "ballots", "ranking"],
    "approval": ["format", "options", "ballots", "approve"],
    "score": ["format", "options", "ballots", "scores"],
}


def has_default(path: tuple[Any, ...]) -> bool:
    """What the rule's `colleges` may leave out, though a criterion may not."""
    return path[:2] == ("rule", "colleges") and path[-1] != "needed"


@pytest.mark.parametrize("method", FULL)
def test_a_missing_part_is_refused(folder, method):
    document = FULL[method]
    removed = 0
    for path in paths(document):
        if path[-1] in REQUIRED[method] and not has_default(path):
            broken = deepcopy(document)
            del at(broken, path[:-1])[path[-1]]
            refused(write(folder, broken), method)
            removed += 1
    assert removed >= len(REQUIRED[method])


@pytest.mark.parametrize("method", FULL)
def test_a_misspelt_key_is_refused(folder, method):
    document = FULL[method]
    for path in paths(document):
        if isinstance(path[-1], str) and "scores" not in path[:-1]:
            broken = deepcopy(document)
            parent = at(broken, path[:-1])
            parent[path[-1] + "s"] = parent.pop(path[-1])
            refused(write(folder, broken), method)


def test_a_missing_default_is_no_fault(folder):
    short = motion([{"id": "A", "vote": "yes"}, {"id": "B", "vote": None}])
    full = deepcopy(short)
    full["rule"] |= {"tie": "rejected"}
    full["rule"]["criteria"][0] |= {"of": "yes", "within": None}
    for elector in full["electors"]:
        elector |= {"kind": "member", "college": None, "category": None, "weight": 1}
        elector |= {"recused": False, "casting": False, "label": elector["id"]}
    assert counted(write(folder, short), "motion") == counted(write(folder, full), "motion")


@pytest.mark.parametrize("weight", [0, "0", -1, "-1/2", 1.0, True, None, "", "x", 10**30, "1/0", "0.0", [], "1" * 20])
def test_weights_that_are_none(folder, weight):
    electors = plain(2, 1)
    electors[1]["weight"] = weight
    assert "electors[1].weight" in refused(write(folder, motion(electors)), "motion")
    data = approval({"A": 1, "B": 2})
    data["ballots"][1]["weight"] = weight
    assert "ballots[1].weight" in refused(write(folder, data), "approval")


@pytest.mark.parametrize("count", [0, -1, "3", 1.0, True, None, 10**30])
def test_counts_that_are_none(folder, count):
    data = approval({"A": 1, "B": 2})
    data["ballots"][1]["count"] = count
    assert "ballots[1].count" in refused(write(folder, data), "approval")


def test_duplicate_electors_and_two_casting_votes(folder):
    electors = plain(2, 1)
    electors[2]["id"] = electors[0]["id"]
    assert "electors[2].id: E0 is already electors[0]" in refused(write(folder, motion(electors)), "motion")
    electors = plain(2, 1)
    electors[0]["casting"] = electors[2]["casting"] = True
    assert "electors[2].casting" in refused(write(folder, motion(electors)), "motion")


def test_a_category_above_the_cap_is_refused(folder):
    data = v2()
    data["rule"]["category_cap"] = "1/5"
    told = refused(write(folder, data), "motion")
    assert "category HOS: holds 14 of 58 votes entitled" in told


def test_papers_of_another_kind_are_refused(folder):
    for method, other in (("plurality", FULL_SCORES), ("approval", FULL_RANKED), ("score", FULL_APPROVAL)):
        assert "does not count" in refused(write(folder, other), method)


RANKED_BYTES = json.dumps(FULL_RANKED).encode()
GOOD_BYTES = {
    "motion": ("json", json.dumps(v1()).encode()),
    "plurality": ("json", RANKED_BYTES),
    "approval": ("json", json.dumps(FULL_APPROVAL).encode()),
    "score": ("json", json.dumps(FULL_SCORES).encode()),
    "irv": ("blt", BLT.replace("5 2 ", "5 1 ").encode()),
    "stv-scottish": ("blt", BLT.encode()),
    "stv-meek": ("blt", BLT.encode()),
    "schulze": ("json", RANKED_BYTES),
    "ranked-pairs": ("json", RANKED_BYTES),
    "equal-shares": ("pb", PB.encode()),
}


def test_the_bytes_to_damage_are_good(folder):
    assert set(GOOD_BYTES) == set(METHODS)
    for method, (ending, data) in GOOD_BYTES.items():
        assert run(write(folder, data, f"good.{ending}"), method)[0] == 0


EDIT = st.tuples(st.floats(0, 1), st.sampled_from(["drop", "double", "byte"]), st.integers(0, 255), st.integers(1, 30))


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from(sorted(GOOD_BYTES)), edits=st.lists(EDIT, min_size=1, max_size=3))
def test_damaged_files_are_counted_or_refused_never_a_crash(folder, method, edits):
    ending, data = GOOD_BYTES[method]
    for where, what, byte, length in edits:
        place = int(where * len(data))
        if what == "drop":
            data = data[:place] + data[place + length :]
        elif what == "double":
            data = data[:place] + data[place : place + length] + data[place:]
        else:
            data = data[:place] + bytes([byte]) + data[place + 1 :]
    path = write(folder, data, f"damaged.{ending}")
    status, out, err = run(path, method, as_json=True)
    assert status in {0, 1}
    assert (status == 0) == bool(out) != bool(err)
