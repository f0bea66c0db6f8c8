"""The STV exchange format, with everything files in the wild carry."""

import pytest

from govern.counting.blt import read_blt
from govern.counting.errors import CountingError
from tests.rules.counting.material import BLT


def read(text: str):
    return read_blt(text.encode(), "ward.blt")


def test_comments_withdrawn_quotes_and_a_missing_title():
    ballots = read(BLT)
    assert ballots.options == ('Abby "The #1" Miller', "Brad", "Cora Sølve", "Dave", "Erin")
    assert (ballots.seats, ballots.title, ballots.withdrawn) == (2, "", {3})
    assert ballots.standing == (0, 1, 2, 4)
    assert {ranking: pile.weight for ranking, pile in ballots.rankings.items()} == {
        ((0,), (2,), (1,)): 3,
        ((1,), (0,)): 2,
        ((4,),): 1,
        ((2,),): 2,
        (): 1,
    }


@pytest.mark.parametrize(
    ("last", "title"),
    [
        ('"Council ""A"" 2024"', 'Council "A" 2024'),
        ("Ward 6 - Elgin City North", "Ward 6 - Elgin City North"),
        ('"T" # end', "T"),
        ('""', ""),
        ("# only a comment", ""),
    ],
)
def test_titles(last, title):
    assert read(BLT + last).title == title


def test_line_ends_byte_order_mark_and_repeated_lines():
    text = '\ufeff3 1\r\n3 2 0\r\n3 2 0\r\n2 2 0\r1 1=3 2 0\n0\r\n"A"\n\n"B"\n"C"\n"T"'
    ballots = read(text)
    assert {ranking: pile.weight for ranking, pile in ballots.rankings.items()} == {((1,),): 8, ((0, 2), (1,)): 1}
    assert (ballots.options, ballots.title) == (("A", "B", "C"), "T")


def test_names_on_one_line_and_names_with_a_party():
    assert read('2 1\n1 1 0\n0\n"A" "B" "T"\n').options == ("A", "B")
    assert read('2 1\n1 1 0\n0\n"A" "Red"\n"B" "Blue"\n').options == ("A Red", "B Blue")


def test_bracketed_withdrawal_and_tie_order():
    ballots = read('3 1\n[withdrawn 2]\n[tie 3 1 2]\n4 1 2 0\n0\n"A"\n"B"\n"C"\n')
    assert (ballots.withdrawn, ballots.tie_order) == ({1}, (2, 0, 1))
    assert list(ballots.rankings) == [((0,),)]


def test_fractional_counts_are_weights():
    assert [pile.weight for pile in read('2 1\n5/2 1 0\n0.5 1 0\n0\n"A"\n"B"\n').rankings.values()] == [3]


@pytest.mark.parametrize(
    ("text", "place", "wrong"),
    [
        ("", "", "ends before"),
        ("x y\n", "line 1", "numbers of candidates and seats"),
        ("3\n", "line 1", "numbers of candidates and seats"),
        ("0 1\n0\n", "line 1", "names 0 candidates"),
        ("99999999 1\n0\n", "line 1", "names 99999999 candidates"),
        ('2 0\n1 1 0\n0\n"A"\n"B"\n', "line 1", "names 0 seats"),
        ("2 1\n1 1 0\n", "", "ends before"),
        ("2 1\n1 1 2\n0\n", "", "ends before"),
        ('2 1\n1 3 0\n0\n"A"\n"B"\n', "line 2", "is no candidate"),
        ('2 1\n1 1 1 0\n0\n"A"\n"B"\n', "line 2", "ranked twice"),
        ('2 1\n1 1 2=1 0\n0\n"A"\n"B"\n', "line 2", "ranked twice"),
        ('2 1\n1 1 = 0\n0\n"A"\n"B"\n', "line 2", "is no candidate"),
        ('2 1\n1 1 -2 0\n0\n"A"\n"B"\n', "line 2", "is no candidate"),
        ('2 1\n1 a 0\n0\n"A"\n"B"\n', "line 2", "is no candidate"),
        ('2 1\n1 ² 0\n0\n"A"\n"B"\n', "line 2", "is no candidate"),
        ('2 1\nx 1 0\n0\n"A"\n"B"\n', "line 2", "the count is"),
        ('2 1\n1e9 1 0\n0\n"A"\n"B"\n', "line 2", "the count is"),
        ('2 1\n1/0 1 0\n0\n"A"\n"B"\n', "line 2", "divides by zero"),
        ('2 1\n99999999999999999999 1 0\n0\n"A"\n"B"\n', "line 2", "more than 15 digits"),
        ('2 1\n-9 \n1 1 0\n0\n"A"\n"B"\n', "line 2", "no candidate"),
        ('2 1\n-1 -2\n1 1 0\n0\n"A"\n"B"\n', "", "withdraws every candidate"),
        ('2 1\n[nick a b]\n1 1 0\n0\n"A"\n"B"\n', "line 2", "is not read"),
        ('2 1\n[tie 1]\n1 1 0\n0\n"A"\n"B"\n', "line 2", "is not read"),
        ('2 1\n1 1 0\n"A"\n"B"\n', "line 3", "not yet closed"),
        ('2 1\n1 1 0\n0 7\n"A"\n"B"\n', "line 3", "goes on after"),
        ('2 1\n1 1 0\n0\n"A"\n', "line 5", "1 names for 2"),
        ('2 1\n1 1 0\n0\n"A"\n"B"\n"T"\n"U"\n', "line 7", "4 names for 2"),
        ('2 1\n1 1 0\n0\n"A"\n"A"\n', "line 5", "already on line 4"),
        ('2 1\n1 1 0\n0\n"A\n"B"\n', "line 4", "not closed"),
        ('2 1\n1 1 0\n0\n"A"x"\n"B"\n', "line 4", "goes on with"),
        ('2 1\n1 1 0\n0\n""\n"B"\n', "line 4", "is empty"),
        ('2 1\n1 1 0\n0\n"A\x1b[2J"\n"B"\n', "line 4", "control characters"),
    ],
)
def test_broken_files_say_where_and_what(text, place, wrong):
    with pytest.raises(CountingError) as caught:
        read(text)
    fault = caught.value.faults[0]
    assert (fault.file, fault.where) == ("ward.blt", place)
    assert wrong in str(fault)
    assert str(fault).isprintable()


def test_a_million_papers_are_read_in_piles():
    text = "3 1\n" + "1 2 1 0\n" * 200_000 + '0\n"A"\n"B"\n"C"\n'
    assert [pile.weight for pile in read(text).rankings.values()] == [200_000]
