"""Motions: the worked examples, each part of a rule on both sides of its edge, and an independent recount."""

from fractions import Fraction
from typing import Any

import pytest

from govern.counting.electors import Group, parse_motion
from govern.counting.errors import CountingError
from govern.counting.motion import count_motion, count_motion_groups, find_over_cap
from tests.rules.counting.material import criterion, members, motion, plain, v1, v2, v2b, v4, v6a, v6b


def count(data: dict[str, Any]) -> dict[str, Any]:
    read = parse_motion(data)
    return count_motion(read.rule, read.electors).to_dict()


def outcome(*args: Any, **rule: Any) -> str:
    return count(motion(*args, **rule))["outcome"]


def alike(number: int, vote: Any, college: Any = None, category: Any = None, weight: Any = 1) -> Group:
    return Group("member", college, category, weight, vote, recused=False, casting=False, number=number)


def test_v1_adopted_with_bound_college():
    result = count(v1())
    assert result["outcome"] == "adopted"
    votes, college = result["criteria"]
    assert (votes["yes"], votes["no"], votes["abstain"], votes["needed"]) == ("17", "3", "1", "40/3")
    assert (college["yes"], college["no"]) == ("8", "2")
    assert [(each["within"], each["took_part"]) for each in result["quorum"]] == [
        (None, "21"),
        ("college:I", "11"),
        ("college:II", "5"),
        ("college:III", "5"),
    ]


def test_v2_adopted_by_weight_and_colleges():
    result = count(v2())
    assert result["outcome"] == "adopted"
    assert result["criteria"] == [
        {
            "name": "Votes",
            "yes": "41",
            "no": "11",
            "abstain": "2",
            "base": "52",
            "value": "41",
            "needed": "26",
            "holds": True,
        }
    ]
    assert result["quorum"] == [
        {"count": "weight", "within": None, "took_part": "54", "entitled": "58", "needed": "29", "holds": True}
    ]
    assert [(c["college"], c["yes"], c["no"], c["base"], c["holds"]) for c in result["colleges"]] == [
        ("I", "8", "3", "11", True),
        ("II", "5", "1", "6", True),
        ("III", "4", "0", "4", True),
    ]


def test_v2_steps_are_sentences_with_the_figures():
    assert count(v2())["steps"] == [
        "Entitled to vote: 23 members, with 58 votes together.",
        "22 members took part: 17 yes, 4 no, 1 abstained; 1 did not.",
        "54 votes took part: 41 yes, 11 no, 2 abstained; 4 did not.",
        "Quorum: at least 29 of 58 votes must take part; 54 did. The quorum is reached.",
        "Votes: more than half of the 52 votes cast for yes or no must be yes, that is more than 26; 41 are. "
        "This holds.",
        "College I: 8 yes, 3 no; at least 6 (more than 5 1/2) needed: it agrees.",
        "College II: 5 yes, 1 no; more than 3 needed: it agrees.",
        "College III: 4 yes, 0 no; more than 2 needed: it agrees.",
        "Colleges: 2 must agree; 3 of 3 do. This holds.",
        "Outcome: adopted.",
    ]


def test_v2b_recused_are_in_nothing():
    result = count(v2b())
    assert result["outcome"] == "adopted"
    assert (result["criteria"][0]["yes"], result["criteria"][0]["no"]) == ("40", "7")
    assert (result["quorum"][0]["entitled"], result["quorum"][0]["took_part"]) == ("54", "50")
    assert [(c["yes"], c["no"]) for c in result["colleges"]] == [("8", "1"), ("3", "1"), ("4", "0")]
    assert "Recused and therefore counted nowhere: 2 members with 4 votes." in result["steps"]


def test_v4_recusal_decides():
    result = count(v4())
    assert (result["outcome"], result["criteria"][0]["base"]) == ("adopted", "7")
    with_all = v4()
    for seat in with_all["electors"]:
        seat["recused"] = False
    assert count(with_all)["outcome"] == "rejected"


def test_v6a_no_quorum_still_shows_the_criteria():
    result = count(v6a())
    assert result["outcome"] == "no_quorum"
    (quorum,) = result["quorum"]
    assert (quorum["needed"], quorum["took_part"], quorum["holds"]) == ("46/3", "15", False)
    assert result["criteria"][0]["holds"] is True
    assert (
        "Quorum: at least 16 (15 1/3) of 23 members must take part; 15 did. The quorum is not reached."
        in result["steps"]
    )


def test_v6b_second_call():
    result = count(v6b())
    assert (result["outcome"], result["quorum"][0]["needed"], result["quorum"][0]["took_part"]) == (
        "adopted",
        "23/3",
        "9",
    )


def test_one_college_and_the_city_do_not_carry_the_budget():
    """33 of 58 votes (56.9 %) from the care college and the City are not two colleges."""
    data = v2()
    for elector in data["electors"]:
        elector["vote"] = "yes" if elector["college"] == "I" or elector["id"] == "M20" else "no"
    result = count(data)
    assert (result["criteria"][0]["yes"], result["criteria"][0]["holds"]) == ("33", True)
    assert [c["college"] for c in result["colleges"] if c["holds"]] == ["I"]
    assert result["outcome"] == "rejected"


def test_v1_fails_when_the_bound_college_says_no():
    """16:7 overall is 69.6 %, but 5:7 in college I."""
    data = v1()
    for number, elector in enumerate(data["electors"]):
        elector["vote"] = "no" if number < 7 else "yes"
    result = count(data)
    assert [c["holds"] for c in result["criteria"]] == [True, False]
    assert (result["criteria"][0]["yes"], result["criteria"][1]["yes"], result["criteria"][1]["no"]) == ("16", "5", "7")
    assert result["outcome"] == "rejected"


@pytest.mark.parametrize(
    ("yes", "no", "threshold", "comparison", "expected"),
    [
        (14, 7, "2/3", "at_least", "adopted"),
        (13, 7, "2/3", "at_least", "rejected"),
        (14, 7, "2/3", "more_than", "rejected"),
        (10, 10, "1/2", "more_than", "rejected"),
        (10, 10, "1/2", "at_least", "adopted"),
        (11, 10, "1/2", "more_than", "adopted"),
        (3, 9, "1/4", "at_most", "adopted"),
        (3, 8, "1/4", "at_most", "rejected"),
        (5, 0, "1", "at_least", "adopted"),
        (5, 1, 1, "at_least", "rejected"),
    ],
)
def test_thresholds_are_exact(yes, no, threshold, comparison, expected):
    assert outcome(plain(yes, no), criterion(threshold=threshold, comparison=comparison)) == expected


@pytest.mark.parametrize(("base", "expected"), [("cast", "adopted"), ("present", "adopted"), ("entitled", "rejected")])
def test_bases(base, expected):
    """6 yes, 3 no, 1 blank, 1 abstained, 1 invalid, 1 absent: more than half of 9, 11 and 13."""
    electors = plain(6, 3, 1, 1)
    electors += [{"id": "B", "vote": "blank"}, {"id": "X", "vote": "invalid"}]
    result = count(motion(electors, criterion(base=base)))
    assert result["outcome"] == expected
    assert result["criteria"][0]["base"] == {"cast": "9", "present": "11", "entitled": "13"}[base]
    assert result["criteria"][0]["abstain"] == "1"


def test_no_votes_compared_with_at_most():
    at_most_a_quarter_no = criterion(name="Few against", of="no", threshold="1/4", comparison="at_most")
    assert outcome(plain(9, 3), criterion(), at_most_a_quarter_no) == "adopted"
    assert outcome(plain(9, 4), criterion(), at_most_a_quarter_no) == "rejected"


@pytest.mark.parametrize("comparison", ["at_least", "more_than", "at_most"])
def test_base_zero_never_holds(comparison):
    assert outcome(plain(0, 0, 3, 2), criterion(threshold="0", comparison=comparison)) == "rejected"
    assert outcome(plain(3, 0), criterion(within="college:nowhere", comparison=comparison)) == "rejected"


def test_base_zero_is_no_tie():
    assert outcome(plain(0, 0, 3), criterion(), tie="casting_vote") == "rejected"


def test_invalid_counts_for_the_quorum_only():
    electors = [{"id": "A", "vote": "yes"}, {"id": "B", "vote": "invalid"}, {"id": "C", "vote": None}]
    result = count(motion(electors, quorum=[{"count": "heads", "share": "2/3"}]))
    assert (result["outcome"], result["quorum"][0]["took_part"], result["criteria"][0]["base"]) == ("adopted", "2", "1")


@pytest.mark.parametrize(
    ("members_in_all", "took_part", "whichever", "expected"),
    [
        (60, 20, "less", "adopted"),  # one third of 60 is 20, less than 25
        (60, 19, "less", "no_quorum"),
        (90, 25, "less", "adopted"),  # one third of 90 is 30, so 25 is enough
        (90, 24, "less", "no_quorum"),
        (90, 29, "greater", "no_quorum"),
        (90, 30, "greater", "adopted"),
        (60, 24, "greater", "no_quorum"),
        (60, 25, "greater", "adopted"),
        (60, 24, None, "no_quorum"),
    ],
)
def test_25_or_one_third_whichever(members_in_all, took_part, whichever, expected):
    quorum = {"count": "heads", "share": "1/3", "number": 25}
    if whichever:
        quorum["whichever"] = whichever
    assert outcome(plain(took_part, 0, 0, members_in_all - took_part), quorum=[quorum]) == expected


def test_quorum_more_than_and_number_alone():
    half = {"count": "heads", "share": "1/2", "comparison": "more_than"}
    assert outcome(plain(5, 0, 0, 5), quorum=[half]) == "no_quorum"
    assert outcome(plain(6, 0, 0, 5), quorum=[half]) == "adopted"
    assert outcome(plain(6, 0, 0, 50), quorum=[{"number": 6}]) == "adopted"
    assert outcome(plain(6, 0, 0, 50), quorum=[{"number": 7}]) == "no_quorum"


def test_each_college_leaves_out_a_college_of_recused_only():
    electors = [
        {"id": "A", "college": "I", "vote": "yes"},
        {"id": "B", "college": "II", "vote": None, "recused": True},
    ]
    quorum = [{"count": "heads", "share": "1/3", "within": "each_college"}]
    assert outcome(electors, quorum=quorum) == "adopted"
    assert outcome(electors, quorum=[{"number": 1, "within": "each_college"}]) == "adopted"
    electors[1]["recused"] = False
    assert outcome(electors, quorum=quorum) == "no_quorum"


def test_quorum_within_one_college_by_weight():
    quorum = [{"count": "weight", "share": "1/2", "within": "college:III"}]
    voted = {"M20": "yes", "M21": "yes"}
    assert outcome(members(None, **voted), quorum=quorum) == "adopted"
    assert outcome(members(None, M20="yes", M23="yes"), quorum=quorum) == "no_quorum"


def test_colleges_by_weight_and_needed():
    electors = members("no", M20="yes", M21="yes", M22="yes", M15="yes", M13="yes", M14="yes")
    rule = {"colleges": {"needed": 2, "count": "weight"}}
    result = count(motion(electors, criterion(threshold="1/5"), **rule))
    assert [(c["college"], c["yes"], c["holds"]) for c in result["colleges"]] == [
        ("I", "0", False),
        ("II", "7", True),
        ("III", "12", True),
    ]
    assert result["outcome"] == "adopted"
    rule["colleges"]["needed"] = 3
    assert outcome(electors, criterion(threshold="1/5"), **rule) == "rejected"


def test_blocking_minority():
    """Four large electors block by weight; three of them cannot."""
    electors = [{"id": f"E{n}", "weight": 5 if n < 4 else 1, "vote": "no" if n < 3 else "yes"} for n in range(10)]
    three_quarters = criterion(count="weight", base="entitled", threshold="3/4", comparison="at_least")
    assert outcome(electors, three_quarters) == "rejected"
    assert outcome(electors, three_quarters, blocking_minority={"heads": 4}) == "adopted"
    electors[9]["vote"] = None
    assert outcome(electors, three_quarters, blocking_minority={"heads": 4}) == "rejected"
    by_heads = criterion(threshold="9/10", comparison="at_least")
    assert outcome(electors, by_heads, blocking_minority={"heads": 10}) == "rejected"


def test_category_cap_refuses_the_count():
    data = motion(members("yes"), category_cap="1/3")
    assert count(data)["outcome"] == "adopted"
    data["rule"]["category_cap"] = "1/5"
    with pytest.raises(CountingError) as caught:
        count(data)
    assert [fault.where for fault in caught.value.faults] == ["category GOV", "category HOS"]
    assert "14 of 58" in str(caught.value)
    read = parse_motion(data)
    assert len(find_over_cap(read.rule, [alike(1, None, category="HOS")])) == 1


def test_category_cap_looks_at_the_entitled_only():
    electors = [
        {"id": "A", "category": "X", "vote": "yes"},
        {"id": "B", "category": "Y", "vote": "yes"},
        {"id": "C", "category": "Y", "vote": "yes", "recused": True},
    ]
    assert outcome(electors, category_cap="1/2") == "adopted"


@pytest.mark.parametrize(
    ("casting", "tie", "expected"),
    [
        ("yes", "casting_vote", "adopted"),
        ("no", "casting_vote", "rejected"),
        ("abstain", "casting_vote", "tied"),
        (None, "casting_vote", "tied"),
        ("yes", "rejected", "rejected"),
    ],
)
def test_ties(casting, tie, expected):
    electors = plain(2, 2)
    if casting in {"yes", "no"}:
        electors[0 if casting == "yes" else 2]["casting"] = True
    else:
        electors.append({"id": "chair", "vote": casting, "casting": True})
    assert outcome(electors, tie=tie) == expected


def test_a_recused_elector_has_no_casting_vote():
    electors = [*plain(2, 2), {"id": "chair", "vote": "yes", "casting": True, "recused": True}]
    assert outcome(electors, tie="casting_vote") == "tied"


def test_at_least_knows_no_tie_and_two_criteria_neither():
    assert outcome(plain(2, 3), criterion(threshold="2/5", comparison="at_least"), tie="casting_vote") == "adopted"
    assert outcome(plain(2, 2), criterion(), criterion(base="present"), tie="casting_vote") == "rejected"


def test_a_casting_vote_does_not_replace_colleges():
    electors = [
        {"id": "A", "college": "I", "vote": "yes", "casting": True},
        {"id": "B", "college": "II", "vote": "no"},
    ]
    assert outcome(electors, tie="casting_vote") == "adopted"
    assert outcome(electors, tie="casting_vote", colleges={"needed": 2}) == "rejected"


def test_fractional_weights_are_exact():
    electors = [{"id": str(n), "weight": "1/3", "vote": "yes"} for n in range(3)] + [
        {"id": "N", "weight": 1, "vote": "no"}
    ]
    result = count(motion(electors, criterion(count="weight")))
    assert (result["outcome"], result["criteria"][0]["yes"], result["criteria"][0]["needed"]) == ("rejected", "1", "1")


def test_groups_count_like_their_electors():
    read = parse_motion(v2b())
    by_key: dict[tuple[Any, ...], int] = {}
    for e in read.electors:
        key = (e.kind, e.college, e.category, e.weight, e.vote, e.recused, e.casting)
        by_key[key] = by_key.get(key, 0) + 1
    groups = [Group(*key, number) for key, number in by_key.items()]
    assert len(groups) < len(read.electors)
    assert count_motion_groups(read.rule, groups) == count_motion(read.rule, read.electors)


def test_a_million_electors_in_groups():
    read = parse_motion(motion(plain(1, 0), quorum=[{"share": "1/2"}]))
    groups = [
        ("member", None, None, 1, "yes", False, False, 500_001),
        ("member", None, None, 1, "no", False, False, 499_999),
    ]
    result = count_motion_groups(read.rule, groups)
    assert (result.outcome, result.criteria[0].yes) == ("adopted", 500_001)


@pytest.mark.parametrize(("vote", "weight", "number"), [("maybe", 1, 1), ("yes", 0, 1), ("yes", 1, 0)])
def test_groups_that_make_no_sense_are_refused(vote, weight, number):
    read = parse_motion(motion(plain(1, 0)))
    with pytest.raises(CountingError):
        count_motion_groups(read.rule, [alike(number, vote, weight=weight)])


def test_real_double_majority_of_people_and_cantons():
    """Switzerland, 29 November 2020: the people said yes, the cantons 8.5 to 14.5 no."""
    groups = [
        alike(1_299_173, "yes", college="people"),
        alike(1_261_673, "no", college="people"),
        alike(17, "yes", college="cantons", weight=Fraction(1, 2)),
        alike(29, "no", college="cantons", weight=Fraction(1, 2)),
    ]
    both = [criterion(within=f"college:{name}", count="weight", name=name) for name in ("people", "cantons")]
    result = count_motion_groups(parse_motion(motion([], *both)).rule, groups)
    assert [each.holds for each in result.criteria] == [True, False]
    assert result.outcome == "rejected"
