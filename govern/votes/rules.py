"""Life of a motion and a vote. Pure; counting itself lives in govern.counting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from govern.bodies.rules import BodyKind
from govern.counting.electors import Group
from govern.counting.motion import Roll
from govern.counting.numbers import readable, share_words
from govern.counting.rule import Rule
from govern.dues.rules import Standing
from govern.kernel.actor import VOTING_ROLES, Actor, HatKind, Role
from govern.kernel.canonical import sha256_hex
from govern.kernel.errors import InputError, NotAllowedError, RuleBrokenError
from govern.members.rules import MemberStatus, RollMember

RECEIPT_GROUPS = 4
BY_HEADS = "heads"
BY_WEIGHT = "weight"
GROUNDS = ("supplier", "competitor", "partner", "contractor", "funder", "holds an office there", "family", "other")
"""Grounds for a recusal offered in the form (domain.md 6.1, InterestDeclaration); the record keeps the words chosen."""


class Choice(StrEnum):
    """What an elector can answer to a motion."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class ElectorKind(StrEnum):
    """Who votes: a member organisation (assembly) or a seat (board, panel)."""

    MEMBER = "member"
    SEAT = "seat"


class VoteState(StrEnum):
    """Derived from the clock and the stored acts, never stored."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    DECLARED = "declared"
    WITHDRAWN = "withdrawn"


class Dates(Protocol):
    """The stored acts a vote's state follows from."""

    @property
    def opens_at(self) -> datetime | None:
        """When it opened."""

    @property
    def closes_at(self) -> datetime | None:
        """The first instant that is too late."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was withdrawn."""

    @property
    def declared_at(self) -> datetime | None:
        """When its result was declared."""


class VoteHead(Protocol):
    """What decides who may see a vote and who declares it."""

    @property
    def state(self) -> VoteState:
        """Where the vote stands now."""

    @property
    def opened(self) -> bool:
        """Whether it was ever opened."""

    @property
    def body_id(self) -> int:
        """The body that votes."""

    @property
    def body_kind(self) -> BodyKind:
        """Assembly (members vote) or another body (seats vote)."""


@dataclass(frozen=True, slots=True)
class SubjectDraft:
    """What a motion touches. ``own_minor``: the cluster's share; ``shares``: each department's, by its id.

    Minor units of the cluster's currency; a share of 0 puts the subject before that department without its money.
    """

    kind: str
    code: str
    title: str
    own_minor: int = 0
    shares: Mapping[int, int] = field(default_factory=dict)


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


def state_of(vote: Dates, now: datetime) -> VoteState:
    """Where the vote stands at ``now``: past its deadline it is closed, whatever any job did."""
    if vote.withdrawn_at is not None:
        return VoteState.WITHDRAWN
    if vote.declared_at is not None:
        return VoteState.DECLARED
    if vote.opens_at is None or vote.closes_at is None:
        return VoteState.PREPARED
    return VoteState.OPEN if now < vote.closes_at else VoteState.CLOSED


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


def check_opening(state: VoteState, now: datetime, closes_at: datetime) -> None:
    """Only a prepared vote opens, and it closes later than it opens."""
    if state is not VoteState.PREPARED:
        raise RuleBrokenError(f"This vote is {state.value}; only a prepared vote can be opened.")
    if closes_at <= now:
        raise InputError("The closing time has passed. Choose a later day or hour.")


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


def check_subjects(subjects: Sequence[SubjectDraft]) -> None:
    """Each subject has a kind, a code of its own and a title, and no negative amount."""
    faults = [f"Subject {at}: give a code and a title." for at, s in enumerate(subjects, 1) if not (s.code and s.title)]
    codes = [subject.code for subject in subjects if subject.code]
    faults += [f"The code {code} stands for two subjects." for code in sorted({c for c in codes if codes.count(c) > 1})]
    faults += [
        f"{subject.code}: an amount cannot be negative."
        for subject in subjects
        if min(subject.own_minor, *subject.shares.values(), 0) < 0
    ]
    if faults:
        raise InputError(faults)


def check_open(state: VoteState) -> None:
    """Ballots are cast while the vote is open; the server's clock decides, at the request."""
    if state is VoteState.PREPARED:
        raise RuleBrokenError("This vote has not opened yet.")
    if state is VoteState.WITHDRAWN:
        raise RuleBrokenError("This vote was withdrawn. No ballot can be cast.")
    if state is not VoteState.OPEN:
        raise RuleBrokenError("This vote has closed. No ballot can be cast or changed any more.")


def check_elector(*, on_roll: bool, entitled: bool, reason: str, recused: bool, ground: str) -> None:
    """NotAllowedError, saying why and what to do, for whoever has no vote here."""
    if not on_roll:
        raise NotAllowedError("You act for nobody on the roll of this vote. The roll was frozen when it opened.")
    if not entitled:
        raise NotAllowedError(reason)
    if recused:
        raise NotAllowedError(f"You are recused from this vote ({ground}). You can contest this with the secretariat.")


def check_withdrawing(state: VoteState) -> None:
    """A vote is withdrawn before it closes; a result, once there, stays."""
    if state not in {VoteState.PREPARED, VoteState.OPEN}:
        raise RuleBrokenError(f"This vote is {state.value}; it can no longer be withdrawn.")


def check_declaring(state: VoteState) -> None:
    """A result is declared after closing."""
    if state is VoteState.PREPARED:
        raise RuleBrokenError("This vote has not opened yet, so there is no result to declare.")
    if state is VoteState.OPEN:
        raise RuleBrokenError("This vote is still open. Its result can be declared once it has closed.")
    if state is VoteState.WITHDRAWN:
        raise RuleBrokenError("This vote was withdrawn, so there is no result to declare.")


def check_closed(state: VoteState) -> None:
    """Figures by answer leave the area after closing only (T5)."""
    if state not in {VoteState.CLOSED, VoteState.DECLARED}:
        raise RuleBrokenError("How the votes fell stays hidden until the vote has closed.")


def commitment(vote_id: int, elector: str, choice: Choice, salt: str) -> str:
    """What the audit log keeps of a ballot: a hash that says nothing without the salt."""
    return sha256_hex(f"{salt}|{vote_id}|{elector}|{choice.value}".encode())


def receipt(committed: str) -> str:
    """The code a voter keeps: the first 16 characters of the commitment, in groups of four."""
    return "-".join(committed[at * 4 : at * 4 + 4] for at in range(RECEIPT_GROUPS)).upper()


def decision_number(year: int, sequence: int) -> str:
    """``2026-014``."""
    return f"{year}-{sequence:03}"


def may_read(actor: Actor) -> bool:
    """Everybody who acts as something in the cluster sees which votes there are."""
    return actor.hat is not HatKind.NONE


def may_cast(actor: Actor) -> bool:
    """A delegate or alternate for its member, a holder for its seat; whether it has a vote here the roll says."""
    return actor.has(*VOTING_ROLES) and (actor.member_id is not None or actor.seat_id is not None)


def may_manage(actor: Actor) -> bool:
    """The secretariat drafts, prepares, opens and withdraws; it has no vote."""
    return actor.is_staff


def may_manage_prepared(actor: Actor, sheet: VoteHead) -> bool:
    """Only what has not opened can be edited or opened."""
    return may_manage(actor) and sheet.state is VoteState.PREPARED


def may_withdraw(actor: Actor, sheet: VoteHead) -> bool:
    """The secretariat, until the vote closes."""
    return may_manage(actor) and sheet.state in {VoteState.PREPARED, VoteState.OPEN}


def may_propose_declaring(actor: Actor) -> bool:
    """The secretariat, or whoever chairs a body."""
    return actor.is_staff or actor.has(Role.CHAIR)


def may_declare(actor: Actor, sheet: VoteHead) -> bool:
    """The secretariat, or a chair for its own body and for the assembly."""
    own_body = actor.body_id == sheet.body_id or sheet.body_kind is BodyKind.ASSEMBLY
    return actor.is_staff or (actor.has(Role.CHAIR) and own_body)


def sees_everything(actor: Actor) -> bool:
    """Staff prepares, the auditor checks, the chair presides: they see votes in every state."""
    return actor.is_staff or actor.has(Role.AUDITOR, Role.CHAIR)


def may_see(actor: Actor, sheet: VoteHead) -> bool:
    """Votes of one's own electorate once open; results for everybody (domain.md 6.4)."""
    if actor.hat is HatKind.NONE:
        return False
    if sees_everything(actor) or sheet.state in {VoteState.CLOSED, VoteState.DECLARED}:
        return True
    if not sheet.opened:
        return False
    if sheet.body_kind is BodyKind.ASSEMBLY:
        return actor.hat is HatKind.MEMBER
    return actor.body_id == sheet.body_id


def may_see_roll(actor: Actor, sheet: VoteHead) -> bool:
    """The roll is open to the electorate, the bodies and the auditor once frozen; a liaison reads the result alone."""
    inside = actor.hat in {HatKind.MEMBER, HatKind.SEAT, HatKind.STAFF} or actor.has(Role.AUDITOR)
    return inside and sheet.opened and may_see(actor, sheet)


def may_see_ballots(actor: Actor, sheet: VoteHead) -> bool:
    """Named ballots are shown after closing, to whoever may see the roll."""
    return sheet.state in {VoteState.CLOSED, VoteState.DECLARED} and may_see_roll(actor, sheet)


def sees_reasons(actor: Actor) -> bool:
    """Why a member has no vote may tell of its dues: for staff and auditor; the member reads it on its own ballot."""
    return actor.is_staff or actor.has(Role.AUDITOR)
