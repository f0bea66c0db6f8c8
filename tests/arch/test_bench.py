"""The benchmarks can be imported, and their arithmetic is right; nothing is timed here."""

import importlib
from pathlib import Path

import pytest

from bench import load, report
from bench.figures import Row, paired, percentile

MODULES = sorted(path.stem for path in (Path(__file__).parents[2] / "bench").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_it_imports(name):
    assert importlib.import_module(f"bench.{name}")


@pytest.mark.parametrize(
    ("share", "expected"), [(0.01, 1), (0.5, 50), (0.501, 51), (0.99, 99), (0.991, 100), (1.0, 100)]
)
def test_a_percentile_is_the_nearest_rank(share, expected):
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_percentiles_of_few_and_of_none():
    assert percentile([7.0], 0.5) == 7.0
    assert percentile([1.0, 2.0], 0.99) == 2.0
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


def test_ratios_are_taken_within_a_pair():
    # A slow repetition is slow for both; the ratio of the medians would say 5 : 2.
    assert paired([5, 50, 1], [10, 100, 2]) == 0.5
    assert paired([1, 2, 9], [1, 1, 1]) == 2
    with pytest.raises(ValueError, match="shorter"):
        paired([1, 2], [1])


def test_verdicts():
    def verdict(value, target, sense):
        return Row("g", "n", value, target, sense).verdict

    assert verdict(0.55, 0.55, "at least") == "met"
    assert verdict(0.54, 0.55, "at least") == "MISSED"
    assert verdict(5, 5, "at most") == "met"
    assert verdict(6, 5, "at most") == "MISSED"
    assert verdict(1, 0, "equal") == "MISSED"
    assert verdict(1, 0, "shown") == ""


def test_the_table_names_value_target_and_verdict():
    rows = [
        Row("A ballot", "ratio", 0.5, 0.55, "at least", floor="2,000/s"),
        Row("A ballot", "memory", 1234.5, unit="MB", detail="two workers"),
    ]
    lines = report.table(rows).splitlines()
    assert [line.split() for line in lines[2:]] == [
        ["ratio", "0.50", ">=", "0.55", "MISSED", "2,000/s"],
        ["memory", "1,234", "MB", "two", "workers"],
    ]


def test_an_answer_is_complete_with_its_last_byte():
    head = b"HTTP/1.1 303 SEE OTHER\r\nLocation: /x\r\nContent-Length: 5\r\n\r\n"
    assert load.complete(head[:-1]) is None
    assert load.complete(head + b"1234") is None
    assert load.complete(head + b"12345") == 303


def test_runs_add_up():
    one = load.Outcome(seconds=1.0, own_cpu=0.1, latencies=[0.01, 0.03], statuses={200: 2})
    one.add(load.Outcome(seconds=3.0, own_cpu=0.3, latencies=[0.02, 0.02], statuses={200: 1, 500: 1}))
    assert (one.answers, one.per_second, one.own_share) == (4, 1.0, 0.1)
    assert one.statuses == {200: 3, 500: 1}
    assert one.at(1.0) == 30.0
