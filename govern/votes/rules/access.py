"""Who may see, cast, manage and declare. Pure."""

from typing import Protocol

from govern.bodies.rules import BodyKind
from govern.kernel.actor import VOTING_ROLES, Actor, HatKind, Role
from govern.votes.rules.course import VoteState


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
