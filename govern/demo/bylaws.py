"""The by-laws of the Aurel Coast cluster as data: each rule as ``govern count`` reads it."""

from typing import Any, NamedTuple


class Bylaw(NamedTuple):
    """A rule profile to adopt: name, body code, counting (heads or weight), the rule, its source."""

    name: str
    body: str
    counting: str
    rule: dict[str, Any]
    source: str


def _criterion(name: str, threshold: str, comparison: str, **more: str) -> dict[str, Any]:
    return {"name": name, "count": "heads", "base": "cast", "threshold": threshold, "comparison": comparison} | more


def _quorum(share: str, **more: str) -> dict[str, Any]:
    return {"count": "heads", "share": share, "comparison": "at_least"} | more


BYLAWS = {
    "standard": Bylaw(
        "Adoption of a standard",
        "GA",
        "heads",
        {
            "criteria": [
                _criterion("All members", "2/3", "at_least"),
                _criterion("The bound college", "1/2", "more_than", within="college:I"),
            ],
            "quorum": [_quorum("1/2"), _quorum("1/3", within="each_college")],
        },
        "Statutes, article 21",
    ),
    "budget": Bylaw(
        "Budget and co-funded lines",
        "GA",
        "weight",
        {
            "criteria": [_criterion("Votes", "1/2", "more_than", count="weight")],
            "colleges": {"needed": 2, "count": "heads", "base": "cast", "threshold": "1/2", "comparison": "more_than"},
            "quorum": [_quorum("1/2", count="weight")],
            "category_cap": "1/3",
        },
        "Statutes, article 23",
    ),
    "statutes": Bylaw(
        "Change of the statutes",
        "GA",
        "heads",
        {"criteria": [_criterion("Members", "3/4", "at_least")], "quorum": [_quorum("2/3")]},
        "Statutes, article 30",
    ),
    "statutes-second": Bylaw(
        "Change of the statutes, second call",
        "GA",
        "heads",
        {"criteria": [_criterion("Members", "3/4", "at_least")], "quorum": [_quorum("1/3")]},
        "Statutes, article 30, paragraph 3",
    ),
    "admission": Bylaw(
        "Admission of a member",
        "BOARD",
        "heads",
        {"criteria": [_criterion("Seats", "2/3", "at_least")], "quorum": [_quorum("1/2")]},
        "Statutes, article 7",
    ),
}
