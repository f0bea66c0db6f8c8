"""The rule as members read it on the ballot page."""

from govern.counting.electors import parse_motion
from govern.counting.rule import parse_rule
from govern.counting.rule_text import describe_rule, needed_today
from tests.rules.counting.material import criterion, motion, plain, v1, v2, v2b, v6a


def test_budget_rule_in_sentences():
    rule = parse_motion(v2()).rule
    assert describe_rule(rule, "members") == [
        "Quorum: at least half of the votes must take part.",
        "Votes: holds when more than half of the votes cast for yes or no say yes.",
        "At least 2 colleges must agree: more than half of its members voting yes or no say yes.",
        "A tie rejects the motion.",
        "No category of members may hold more than one third of the votes.",
    ]


def test_two_criteria_and_quorum_of_each_college():
    assert describe_rule(parse_motion(v1()).rule, "members") == [
        "Quorum: at least half of the members must take part.",
        "Quorum: at least one third of the members of each college must take part.",
        "Two thirds: holds when at least two thirds of the members voting yes or no say yes.",
        "College I: holds when more than half of the members voting yes or no in college I say yes.",
        "All 2 conditions must hold.",
    ]


def test_number_and_share():
    rule = parse_rule(
        {
            "criteria": [criterion(base="present", threshold="1", comparison="at_least")],
            "quorum": [{"share": "1/3", "number": 25, "whichever": "less"}],
            "blocking_minority": {"heads": 4},
        }
    )
    assert describe_rule(rule) == [
        "Quorum: at least 25 electors or one third of the electors, whichever is less, must take part.",
        "Majority: holds when all of the electors voting (yes, no, abstaining or blank) say yes.",
        "The votes count as reached when fewer than 4 electors withhold their yes.",
    ]


def test_needed_today_does_not_know_the_votes():
    data = v6a()
    read = parse_motion(data)
    expected = [
        "The quorum is at least 16 (15 1/3) of 23 members.",
        "Majority: passes with at least 18 (17 1/4) of 23 members if everybody votes yes or no.",
    ]
    assert needed_today(read.rule, read.electors) == expected
    for elector in data["electors"]:
        elector["vote"] = None
    assert needed_today(read.rule, parse_motion(data).electors) == expected


def test_needed_today_leaves_out_the_recused():
    read = parse_motion(v2b())
    assert needed_today(read.rule, read.electors) == [
        "The quorum is at least 27 of 54 votes.",
        "Votes: passes with more than 27 of 54 votes if everybody votes yes or no.",
    ]


def test_needed_today_of_no_votes_and_of_an_empty_college():
    read = parse_motion(
        motion(
            plain(10, 0),
            criterion(name="Few against", of="no", threshold="1/4", comparison="at_most"),
            criterion(name="Guests", within="college:G"),
        )
    )
    assert needed_today(read.rule, read.electors) == [
        "Few against: at most 2 (2 1/2) of 10 members may say no if everybody votes.",
        "Guests: cannot hold, because no members in college G are entitled.",
    ]


def test_a_rule_reads_back_as_it_was_written():
    for data in (v1(), v2()):
        rule = parse_motion(data).rule
        assert parse_rule(rule.to_dict()) == rule
