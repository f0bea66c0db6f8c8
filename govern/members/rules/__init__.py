"""What a member may be and become, and who may do what with the register. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import RuleBrokenError


class MemberStatus(StrEnum):
    """Where a member stands. Suspension of the vote for unpaid dues is derived (dues), never stored here."""

    APPLICANT = "applicant"
    ADMITTED = "admitted"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RESIGNED = "resigned"
    EXCLUDED = "excluded"


ON_THE_ROLL = frozenset({MemberStatus.ACTIVE, MemberStatus.SUSPENDED})
GONE = frozenset({MemberStatus.RESIGNED, MemberStatus.EXCLUDED})
TRANSITIONS: dict[MemberStatus, frozenset[MemberStatus]] = {
    MemberStatus.APPLICANT: frozenset({MemberStatus.ADMITTED, MemberStatus.RESIGNED}),
    MemberStatus.ADMITTED: frozenset({MemberStatus.ACTIVE, MemberStatus.RESIGNED}),
    MemberStatus.ACTIVE: frozenset({MemberStatus.SUSPENDED, MemberStatus.RESIGNED, MemberStatus.EXCLUDED}),
    MemberStatus.SUSPENDED: frozenset({MemberStatus.ACTIVE, MemberStatus.RESIGNED, MemberStatus.EXCLUDED}),
    MemberStatus.RESIGNED: frozenset(),
    MemberStatus.EXCLUDED: frozenset(),
}
MEMBER_ROLES = (Role.DELEGATE, Role.ALTERNATE, Role.DUES_CONTACT, Role.MEMBER_ADMIN)
CASTS_VOTES = frozenset({Role.DELEGATE, Role.ALTERNATE})
MOST_UNITS = 1_000_000
"""A count above this is a typing mistake: no member has a million beds, rooms or employees."""
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class RollMember:
    """A member as a vote sees it on the record date; without a college it has no vote."""

    id: int
    code: str
    name: str
    category_code: str
    category_name: str
    college_code: str | None
    college_name: str | None
    status: MemberStatus
    needs_mandate: bool
    public_body: bool


def check_move(now: MemberStatus, to: MemberStatus) -> None:
    """Raise RuleBrokenError unless a member may go from ``now`` to ``to``."""
    if to not in TRANSITIONS[now]:
        raise RuleBrokenError(f"A member that is {now} cannot become {to}.")


def check_units(units: int, year: int) -> None:
    """A declared count is a whole number from 0 to a million, for a year that exists."""
    if not 0 <= units <= MOST_UNITS:
        raise RuleBrokenError(f"A count of {units} is not possible. Enter a whole number from 0 to {MOST_UNITS:,}.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleBrokenError(f"{year} is not a year the books can hold.")


def check_period(start: date | None, end: date | None) -> None:
    """A period does not end before it begins; open ends are fine."""
    if start and end and end < start:
        raise RuleBrokenError(f"The last day, {end}, lies before the first day, {start}.")


def check_appointment(role: Role, document: str, *, votes_for: Iterable[str], has_delegate: bool) -> None:
    """Whether a person may be appointed as ``role`` of a member (domain.md I7, and 2.4: one person, one member).

    ``votes_for``: names of the other members whose vote the person may already cast in the same period;
    ``has_delegate``: the member has a delegate in that period.
    """
    if role not in MEMBER_ROLES:
        raise RuleBrokenError(f"{role} is not a role of a member's representative.")
    if not document.strip():
        raise RuleBrokenError("Name the document that makes the appointment, such as a letter or a council resolution.")
    if role in CASTS_VOTES and (others := sorted(votes_for)):
        raise RuleBrokenError(
            f"This person already casts the vote of {', '.join(others)}. "
            "One person never represents two members' votes."
        )
    if role is Role.DELEGATE and has_delegate:
        raise RuleBrokenError("This member has a delegate. Replace the delegate, or end that appointment first.")


def may_read(actor: Actor) -> bool:
    """Everybody who acts as something in the cluster reads the register; whose appointment has ended does not."""
    return actor.hat is not HatKind.NONE


def may_read_member(actor: Actor, _member: object) -> bool:
    """Who reads the register opens a member's page; what it shows depends on the hat."""
    return may_read(actor)


def may_keep(actor: Actor, *_objects: object) -> bool:
    """Only the secretariat writes the register."""
    return actor.is_staff


def may_see_state(actor: Actor) -> bool:
    """Who sees whether a member's vote is suspended (domain.md 6.4): members, board, staff, auditors; no liaison."""
    return actor.hat in {HatKind.MEMBER, HatKind.SEAT, HatKind.STAFF} or actor.has(Role.AUDITOR, Role.TREASURER)


def may_see_money(actor: Actor, member_id: int) -> bool:
    """Who sees what a member owes: its own people, the secretariat, the treasurer, the auditors (domain.md 6.4)."""
    return actor.member_id == member_id or actor.is_staff or actor.has(Role.AUDITOR, Role.TREASURER)
