"""An independent recount of motions, written from the public description alone: loops, one elector at a time."""

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from govern.counting.electors import parse_motion
from govern.counting.motion import count_motion

VOTE = st.sampled_from(["yes", "no", "abstain", "blank", "invalid", None])
SHARE = st.sampled_from(["0", "1/5", "1/3", "1/2", "2/3", "3/4", "1"])
SCOPE = st.sampled_from([None, "college:I", "college:II"])
COUNT = st.sampled_from(["heads", "weight"])
ELECTOR = st.fixed_dictionaries(
    {
        "vote": VOTE,
        "college": st.sampled_from(["I", "II", None]),
        "weight": st.sampled_from([1, 2, "3", "1/2"]),
        "recused": st.sampled_from([False, False, True]),
    }
)
CRITERION = st.fixed_dictionaries(
    {
        "name": st.just("c"),
        "of": st.sampled_from(["yes", "yes", "no"]),
        "count": COUNT,
        "within": SCOPE,
        "base": st.sampled_from(["cast", "present", "entitled"]),
        "threshold": SHARE,
        "comparison": st.sampled_from(["at_least", "more_than", "at_most"]),
    }
)
QUORUM = st.fixed_dictionaries(
    {
        "count": COUNT,
        "share": st.one_of(st.none(), SHARE),
        "number": st.integers(0, 6),
        "whichever": st.sampled_from(["greater", "less"]),
        "comparison": st.sampled_from(["at_least", "more_than"]),
        "within": st.one_of(SCOPE, st.just("each_college")),
    }
)


def brute_sum(electors: list[dict[str, Any]], how: str, votes: list[Any], within: str | None) -> Fraction:
    total = Fraction(0)
    for elector in electors:
        inside = within is None or within == f"college:{elector['college']}"
        if not elector["recused"] and inside and elector["vote"] in votes:
            total += 1 if how == "heads" else Fraction(elector["weight"])
    return total


TOOK = ["yes", "no", "abstain", "blank", "invalid"]
BASES = {"cast": ["yes", "no"], "present": ["yes", "no", "abstain", "blank"], "entitled": [*TOOK, None]}


def brute_compare(value: Fraction, comparison: str, needed: Fraction) -> bool:
    return {"at_least": value >= needed, "more_than": value > needed, "at_most": value <= needed}[comparison]


def brute_quorum(electors: list[dict[str, Any]], quorum: dict[str, Any]) -> bool:
    scopes = [quorum["within"]]
    if quorum["within"] == "each_college":
        scopes = sorted({f"college:{e['college']}" for e in electors if e["college"] and not e["recused"]})
    for scope in scopes:
        entitled = brute_sum(electors, quorum["count"], BASES["entitled"], scope)
        needed = Fraction(quorum["number"])
        if quorum["share"] is not None:
            by_share = Fraction(quorum["share"]) * entitled
            needed = max(needed, by_share) if quorum["whichever"] == "greater" else min(needed, by_share)
        if not brute_compare(brute_sum(electors, quorum["count"], TOOK, scope), quorum["comparison"], needed):
            return False
    return True


def brute_criterion(electors: list[dict[str, Any]], c: dict[str, Any], blocking: int | None) -> tuple[bool, bool]:
    """Return (holds, stands exactly at the threshold)."""
    base = brute_sum(electors, c["count"], BASES[c["base"]], c["within"])
    value = brute_sum(electors, c["count"], [c["of"]], c["within"])
    needed = Fraction(c["threshold"]) * base
    holds = base > 0 and brute_compare(value, c["comparison"], needed)
    against = sum(1 for e in electors if not e["recused"] and e["vote"] != "yes")
    if base > 0 and c["count"] == "weight" and blocking is not None and against < blocking:
        holds = True
    return holds, base > 0 and value == needed


def brute_outcome(data: dict[str, Any]) -> str:
    rule, electors = data["rule"], data["electors"]
    if not all(brute_quorum(electors, quorum) for quorum in rule["quorum"]):
        return "no_quorum"
    blocking = rule.get("blocking_minority", {}).get("heads")
    counted = [brute_criterion(electors, c, blocking) for c in rule["criteria"]]
    colleges = rule.get("colleges")
    enough = True
    if colleges:
        agree = 0
        for name in {e["college"] for e in electors} - {None}:
            yes = brute_sum(electors, colleges["count"], ["yes"], f"college:{name}")
            agree += yes > brute_sum(electors, colleges["count"], ["no"], f"college:{name}")
        enough = agree >= colleges["needed"]
    holds = all(held for held, _ in counted) and enough
    tie = len(counted) == 1 and rule["criteria"][0]["comparison"] == "more_than" and counted[0][1] and not counted[0][0]
    if not tie or not enough or rule["tie"] == "rejected":
        return "adopted" if holds else "rejected"
    casting = [e["vote"] for e in electors if e["casting"] and not e["recused"]]
    return {"yes": "adopted", "no": "rejected"}.get(casting[0] if casting else None, "tied")


RULE = st.fixed_dictionaries(
    {
        "criteria": st.lists(CRITERION, min_size=1, max_size=2),
        "quorum": st.lists(QUORUM, max_size=2),
        "tie": st.sampled_from(["rejected", "casting_vote"]),
    },
    optional={
        "colleges": st.fixed_dictionaries({"needed": st.integers(1, 2), "count": COUNT}),
        "blocking_minority": st.fixed_dictionaries({"heads": st.integers(1, 4)}),
    },
)


@settings(max_examples=800, deadline=None)
@given(st.lists(ELECTOR, max_size=12), RULE, st.integers(0, 11))
def test_an_independent_recount_agrees(electors, rule, casting):
    for number, elector in enumerate(electors):
        elector |= {"id": f"E{number}", "casting": number == casting}
    data = {"format": "govern-motion/1", "rule": rule, "electors": electors}
    read = parse_motion(data)
    assert count_motion(read.rule, read.electors).outcome == brute_outcome(data)
