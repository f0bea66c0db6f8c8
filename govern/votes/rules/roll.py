"""Who stands on the roll with how many votes, and whether a vote may open with it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from govern.counting.electors import Group
from govern.counting.motion import Roll
from govern.counting.numbers import readable, share_words
from govern.counting.rule import Rule
from govern.dues.rules import Standing
from govern.kernel.errors import InputError, RuleBrokenError
from govern.members.rules import MemberStatus, RollMember

BY_HEADS = "heads"
BY_WEIGHT = "weight"
GROUNDS = ("supplier", "competitor", "partner", "contractor", "funder", "holds an office there", "family", "other")
"""Grounds for a recusal offered in the form (domain.md 6.1, InterestDeclaration); the record keeps the words chosen."""


class ElectorKind(StrEnum):
    """Who votes: a member organisation (assembly) or a seat (board, panel)."""

    MEMBER = "member"
    SEAT = "seat"


@dataclass(frozen=True, slots=True)
class RollLine:
    """One line of the roll as it will be frozen. ``reason``: why there is no vote, and the way out."""

    code: str
    label: str
    kind: ElectorKind
    member_id: int | None = None
    seat_id: int | None = None
    college: str | None = None
    category: str | None = None
    weight: int = 1
    entitled: bool = True
    reason: str = ""
    recused: bool = False
    recusal_ground: str = ""
    casting: bool = False
    needs_mandate: bool = False


class Block(NamedTuple):
    """What a count looks at in an entitled elector."""

    kind: ElectorKind
    college: str | None
    category: str | None
    weight: int
    recused: bool
    casting: bool


def block_of(line: RollLine) -> Block | None:
    """The block an elector counts in, None without a vote."""
    if not line.entitled:
        return None
    return Block(line.kind, line.college, line.category, line.weight, line.recused, line.casting)


def member_line(member: RollMember, standing: Standing, weight: int) -> RollLine:
    """The roll line of a member (statutes: one vote line each; who may not vote is told why and what to do)."""
    reason = _why_no_vote(member, standing, weight)
    return RollLine(
        code=member.code,
        label=member.name,
        kind=ElectorKind.MEMBER,
        member_id=member.id,
        college=member.college_code,
        category=member.category_code,
        weight=weight,
        entitled=not reason,
        reason=reason,
        needs_mandate=member.needs_mandate,
    )


def _why_no_vote(member: RollMember, standing: Standing, weight: int) -> str:
    if member.status is MemberStatus.SUSPENDED:
        return "The membership is suspended. It votes again once the suspension is lifted; ask the secretariat."
    if member.college_code is None:
        return (
            f"The category {member.category_name} belongs to no college yet. "
            "The secretariat can assign one; the member then votes from the next vote on."
        )
    if not standing.good:
        return " ".join(part for part in (standing.reason, standing.way_out) if part)
    if weight < 1:
        return "There is no assessment of dues for this year, so there are no votes. Ask the secretariat to assess it."
    return ""


def seat_line(  # noqa: PLR0913 - the facts of a seat
    seat_id: int, label: str, *, college: str | None, member_id: int | None, votes: bool, held: bool, is_chair: bool
) -> RollLine:
    """The roll line of a seat: a voting seat that somebody holds has one vote; the chair's is the casting one."""
    reason = ""
    if not votes:
        reason = "This seat takes part without a vote."
    elif not held:
        reason = "Nobody holds this seat on the record date. It votes once somebody is appointed to it."
    return RollLine(
        code=f"S{seat_id}",
        label=label,
        kind=ElectorKind.SEAT,
        member_id=member_id,
        seat_id=seat_id,
        college=college,
        entitled=not reason,
        reason=reason,
        casting=is_chair and not reason,
    )


def recuse(roll: Sequence[RollLine], recusals: Mapping[str, str]) -> list[RollLine]:
    """The roll with ``recusals`` (elector code: ground) marked; InputError for an unknown code or an empty ground."""
    known = {line.code for line in roll}
    faults = [f"No elector of this vote has the code {code}." for code in recusals if code not in known]
    faults += [f"Give the ground for the recusal of {code}." for code, ground in recusals.items() if not ground.strip()]
    if faults:
        raise InputError(faults)
    return [
        replace(line, recused=True, recusal_ground=recusals[line.code].strip()) if line.code in recusals else line
        for line in roll
    ]


def groups(roll: Sequence[RollLine]) -> list[Group]:
    """The entitled lines as the counting engine reads them; nobody has voted yet."""
    return [
        Group(line.kind.value, line.college, line.category, line.weight, None, line.recused, line.casting, 1)
        for line in roll
        if line.entitled
    ]


def check_roll(roll: Sequence[RollLine], rule: Rule, cap: Fraction | None) -> None:
    """Refuse to open without electors, or while a category holds more than its cap (domain.md I19, S01).

    ``cap`` is the tariff's limit for votes by weight, None when counting by heads; the rule may state its own.
    """
    if not any(line.entitled and not line.recused for line in roll):
        raise RuleBrokenError("Nobody is entitled to vote on the record date, so the vote cannot open.")
    caps = [limit for limit in (rule.category_cap, cap) if limit is not None]
    over = _over_cap(roll, min(caps)) if caps else []
    if over:
        raise RuleBrokenError(f"The vote cannot open. {' '.join(over)}")


def _over_cap(roll: Sequence[RollLine], cap: Fraction) -> list[str]:
    sums = Roll(groups(roll))
    entitled = sums.all.base("weight", "entitled")
    most = cap * entitled
    return [
        f"Category {category} holds {readable(weight)} of the {readable(entitled)} votes entitled, "
        f"and the limit is {share_words(cap)} ({readable(most)})."
        for category, weight in sorted(sums.categories.items())
        if weight > most
    ]


def check_mandates(roll: Sequence[RollLine], *, days: int, opens: date, last: date, second_call: bool) -> None:
    """Members whose own organ must resolve first need ``days`` calendar days (domain.md F04d); 0 = no such rule.

    ``last``: the last day of voting. A second call on the same text keeps the resolution of the first, so fewer days
    are enough.
    """
    if second_call or (last - opens).days >= days:
        return
    bound = [line.code for line in roll if line.needs_mandate and line.entitled and not line.recused]
    if bound:
        verb = "needs" if len(bound) == 1 else "need"
        raise RuleBrokenError(
            f"{', '.join(bound)} {verb} at least {days} days, because its own organ must resolve first. "
            f"Close the vote {days} days after today or later."
        )
