"""Participatory budget files: the tables, amounts, and files that are refused."""

import pytest

from govern.counting.errors import CountingError
from govern.counting.pb import read_pb
from tests.rules.counting.material import PB


def read(text: str):
    return read_pb(text.encode(), "city.pb")


def test_the_example_of_the_format():
    budget = read(PB)
    assert (budget.title, budget.budget, budget.projects) == ("Municipal budget", 250_000, ("1", "2", "4", "5", "7"))
    assert (budget.costs, budget.voters) == ((60_000, 80_000, 140_000, 100_000, 120_000), 10)
    assert budget.votes[0, 1] == 1
    assert budget.votes[1, 2, 3] == 2


def test_quotes_line_ends_empty_votes_and_letter_case():
    text = PB.replace("\n", "\r\n").replace("META", "meta").replace("7; 49; m; 5", '7; 49; m; "5"')
    text = text.replace("8; 27; f; 4", "8; 27; f; ").replace("vote_type; approval", 'vote_type; "choose-1"')
    assert read(text).votes[()] == 1


@pytest.mark.parametrize(
    ("text", "minor"), [("1000.50", 100_050), ("1000.5", 100_050), ("1000.00", 100_000), ("7", 700)]
)
def test_whole_minor_units(text, minor):
    assert read(PB.replace("budget; 2500", f"budget; {text}")).budget == minor


@pytest.mark.parametrize(
    ("old", "new", "place", "wrong"),
    [
        ("budget; 2500", "budget; 2500.505", "META budget", "no whole number of minor units"),
        ("budget; 2500", "budget; 2,500", "META budget", "not an amount"),
        ("budget; 2500", "budget; -5", "META budget", "not an amount"),
        ("budget; 2500", "budget; 1e6", "META budget", "not an amount"),
        ("budget; 2500", "budget; ٢٥", "META budget", "not an amount"),
        ("budget; 2500", "budget; 0.00", "META budget", "is 0"),
        ("budget; 2500", "budget; 99999999999999999999", "META budget", "not an amount"),
        ("budget; 2500\n", "", "META budget", "is missing"),
        ("budget; 2500", "budget; 2500\nbudget; 2600", "line 7", "a second time"),
        ("vote_type; approval", "vote_type; ordinal", "META vote_type", 'is "ordinal"'),
        ("vote_type; approval\n", "", "META vote_type", "is missing"),
        ("num_projects; 5", "num_projects; 6", "META num_projects", "the file holds 5"),
        ("num_votes; 10", "num_votes; 11", "META num_votes", "the file holds 10"),
        ("num_votes; 10", "num_votes; ten", "META num_votes", "the file holds 10"),
        ("1; 600;", "1; 0;", "line 10, cost", "is 0"),
        ("1; 600;", "1; -600;", "line 10, cost", "not an amount"),
        ("1; 600;", "1; ;", "line 10, cost", "not an amount"),
        ("2; 800;", "1; 800;", "line 11", "stands there twice"),
        ("2; 800;", "; 800;", "line 11", "is empty"),
        ("project_id; cost", "project_id; price", "line 9", "no column cost"),
        ("sex; vote", "sex; votes", "line 16", "no column vote"),
        ("age; sex", "age; age", "line 16", "names a column twice"),
        ("2; 51; m; 1,2", "1; 51; m; 1,2", "line 18", "votes a second time"),
        ("2; 51; m; 1,2", "; 51; m; 1,2", "line 18", "has no voter_id"),
        ("2; 51; m; 1,2", "2; 51; m; 1,9", "line 18", "is no project"),
        ("2; 51; m; 1,2", "2; 51; m; 1,,2", "line 18", "is no project"),
        ("2; 51; m; 1,2", "2; 51; m; 1,1", "line 18", "twice"),
        ("2; 51; m; 1,2", "2; 51; m; 1;2", "line 18", "5 fields for 4 columns"),
        ("2; 51; m; 1,2", "2; 51", "line 18", "has no vote"),
        ("PROJECTS\n", "", "META num_projects", "the file holds"),
        ("META\n", "", "line 1", "comes before any section"),
        ("VOTES\n", "VOTES\nVOTES\n", "line 16", "a second time"),
    ],
)
def test_broken_files_say_where_and_what(old, new, place, wrong):
    assert old in PB
    with pytest.raises(CountingError) as caught:
        read(PB.replace(old, new, 1))
    told = [(fault.where, str(fault)) for fault in caught.value.faults]
    assert any(where == place and wrong in said for where, said in told) or (place.startswith("META num") and told), (
        told
    )


def test_a_file_cut_off_anywhere_is_not_counted():
    for length in range(len(PB) - 12):
        with pytest.raises(CountingError):
            read(PB[:length])


def test_no_votes():
    head = PB[: PB.index("1; 34")].replace("num_votes; 10", "num_votes; 0")
    with pytest.raises(CountingError, match="holds no votes"):
        read(head)
