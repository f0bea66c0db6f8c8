"""Good files to count: the demo's votes and small ones, built fresh for each test so that it may break them."""

from typing import Any

# Member: (college, category, votes); the arithmetic core of the demo story.
MEMBERS = {
    "M01": ("I", "HOS", 4),
    "M02": ("I", "HOS", 4),
    "M03": ("I", "HOS", 3),
    "M04": ("I", "HOS", 3),
    "M05": ("I", "CLI", 2),
    "M06": ("I", "CLI", 3),
    "M07": ("I", "CLI", 2),
    "M08": ("I", "CLI", 2),
    "M09": ("I", "CLI", 1),
    "M10": ("I", "PRO", 2),
    "M11": ("I", "PRO", 2),
    "M12": ("I", "PRO", 1),
    "M13": ("II", "REC", 2),
    "M14": ("II", "REC", 2),
    "M15": ("II", "REC", 3),
    "M16": ("II", "REC", 2),
    "M17": ("II", "TOU", 2),
    "M18": ("II", "TOU", 2),
    "M20": ("III", "GOV", 4),
    "M21": ("III", "GOV", 4),
    "M22": ("III", "GOV", 4),
    "M23": ("III", "KNO", 2),
    "M24": ("III", "KNO", 2),
}


def members(default: str | None, **votes: str | None) -> list[dict[str, Any]]:
    """The 23 members in good standing; everybody votes `default` but those named."""
    return [
        {"id": key, "college": college, "category": category, "weight": str(weight), "vote": votes.get(key, default)}
        for key, (college, category, weight) in MEMBERS.items()
    ]


def criterion(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Majority",
        "count": "heads",
        "base": "cast",
        "threshold": "1/2",
        "comparison": "more_than",
    } | changes


def motion(electors: list[dict[str, Any]], *criteria: dict[str, Any], **rule: Any) -> dict[str, Any]:
    return {
        "format": "govern-motion/1",
        "rule": {"criteria": list(criteria) or [criterion()], "quorum": []} | rule,
        "electors": electors,
    }


def v1() -> dict[str, Any]:
    """Care Standard: one member one vote, two thirds, college I bound; 17 yes, 3 no, 1 abstention, 2 absent."""
    votes = dict.fromkeys(("M02", "M03", "M15"), "no") | {"M12": "abstain", "M09": None, "M16": None}
    two_thirds = {"threshold": "2/3", "comparison": "at_least"}
    return motion(
        members("yes", **votes),
        criterion(name="Two thirds", **two_thirds),
        criterion(name="College I", within="college:I"),
        quorum=[
            {"count": "heads", "share": "1/2"},
            {"count": "heads", "share": "1/3", "within": "each_college"},
        ],
    )


BUDGET_RULE = {
    "quorum": [{"count": "weight", "share": "1/2"}],
    "colleges": {"needed": 2, "count": "heads", "base": "cast", "threshold": "1/2", "comparison": "more_than"},
    "category_cap": "1/3",
}


def v2() -> dict[str, Any]:
    """Budget by weight with colleges: 41 yes, 11 no, 2 abstained, 4 absent of 58."""
    votes = dict.fromkeys(("M02", "M05", "M07", "M15"), "no") | {"M23": "abstain", "M01": None}
    return motion(members("yes", **votes), criterion(name="Votes", count="weight"), **BUDGET_RULE)


def v2b() -> dict[str, Any]:
    """One budget line with M17 and M18 recused."""
    votes = {"M15": "no", "M02": "no", "M03": "abstain", "M09": None, "M12": None, "M23": None}
    data = motion(members("yes", **votes), criterion(name="Votes", count="weight"), **BUDGET_RULE)
    for elector in data["electors"]:
        elector["recused"] = elector["id"] in {"M17", "M18"}
    return data


def v4() -> dict[str, Any]:
    """Admission by the board: nine seats, two recused (who had voted no), 5 yes and 2 no."""
    seats = [
        {"id": f"S{number}", "kind": "seat", "vote": "yes" if number <= 5 else "no", "recused": number > 7}
        for number in range(1, 10)
    ]
    return motion(seats, criterion(threshold="2/3", comparison="at_least"))


def v6a() -> dict[str, Any]:
    """Statutes, first call: 15 of 23 took part, two thirds needed."""
    voters = list(MEMBERS)[:15]
    return motion(
        members(None, **dict.fromkeys(voters, "yes")),
        criterion(threshold="3/4", comparison="at_least"),
        quorum=[{"count": "heads", "share": "2/3"}],
    )


def v6b() -> dict[str, Any]:
    """Statutes, second call: one third needed, 8 yes and 1 no."""
    voters = list(MEMBERS)
    return motion(
        members(None, **dict.fromkeys(voters[:8], "yes"), **{voters[8]: "no"}),
        criterion(threshold="3/4", comparison="at_least"),
        quorum=[{"count": "heads", "share": "1/3"}],
    )


def plain(yes: int, no: int, abstain: int = 0, absent: int = 0) -> list[dict[str, Any]]:
    """Electors of weight 1 without a college."""
    votes = ["yes"] * yes + ["no"] * no + ["abstain"] * abstain + [None] * absent
    return [{"id": f"E{number}", "vote": vote} for number, vote in enumerate(votes)]


def ranked(ballots: dict[str, int], options: str = "", **more: Any) -> dict[str, Any]:
    """A ranked file from {"A>B=C": 5}; an empty text is a blank paper. `options`: one letter each, in order."""
    names = list(options) or sorted({letter for order in ballots for letter in order if letter.isalpha()})
    papers = [
        {"count": count, "ranking": [rank.split("=") for rank in order.split(">") if rank]}
        for order, count in ballots.items()
    ]
    return {"format": "govern-ballots/1", "options": names, "ballots": papers} | more


def approval(ballots: dict[str, int], options: str = "", **more: Any) -> dict[str, Any]:
    """An approval file from {"AB": 5}; one letter for each option."""
    names = list(options) or sorted({letter for marks in ballots for letter in marks})
    papers = [{"count": count, "approve": list(marks)} for marks, count in ballots.items()]
    return {"format": "govern-ballots/1", "options": names, "ballots": papers} | more


def scores(*ballots: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A score file from one mapping for each paper."""
    names = sorted({name for ballot in ballots for name in ballot})
    papers = [{"scores": ballot} for ballot in ballots]
    return {"format": "govern-ballots/1", "options": names, "ballots": papers} | more


TENNESSEE = {
    "Memphis>Nashville>Chattanooga>Knoxville": 42,
    "Nashville>Chattanooga>Knoxville>Memphis": 26,
    "Chattanooga>Knoxville>Nashville>Memphis": 15,
    "Knoxville>Chattanooga>Nashville>Memphis": 17,
}


def tennessee() -> dict[str, Any]:
    return ranked(TENNESSEE) | {"options": ["Memphis", "Nashville", "Chattanooga", "Knoxville"]}


BLT = """\
5 2                          # candidates, seats
-4                           # withdrawn
3 1 3 2 0
2 2 4 1 0
1 4
  5 0                        # a paper over two lines
2 3 0
1 0                          # a blank paper
0
"Abby \"\"The #1\"\" Miller"     # her nickname is quoted
"Brad"
"Cora Sølve"
"Dave"
"Erin"
"""


# The example of the format's own description, and what its ten voters and five projects come to.
PB = """\
META
key; value
description; Municipal budget
num_projects; 5
num_votes; 10
budget; 2500
vote_type; approval
PROJECTS
project_id; cost; category
1; 600; culture, education
2; 800; sport
4; 1400; culture
5; 1000; "health; sport"
7; 1200; education
VOTES
voter_id; age; sex; vote
1; 34; f; 1,2,4
2; 51; m; 1,2
3; 23; m; 2,4,5
4; 19; f; 5,7
5; 62; f; 1,4,7
6; 54; m; 1,7
7; 49; m; 5
8; 27; f; 4
9; 39; f; 2,4,5
10; 44; m; 4,5
"""
