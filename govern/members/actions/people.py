"""Who speaks for a member: appointed by document, replaced without loss (S33), one member's vote each (I7)."""

from datetime import date

from govern.accounts.actions import appoint, end_appointment
from govern.accounts.queries import Appointment, User, list_mandates
from govern.cluster.queries import get_cluster
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import RuleBrokenError
from govern.members.models import Member
from govern.members.rules import check_appointment, check_period


def appoint_representative(  # noqa: PLR0913 - the fields of an appointment
    actor: Actor,
    member: Member,
    user: User,
    *,
    role: Role,
    valid_from: date,
    document: str,
    rank: int = 0,
    valid_to: date | None = None,
) -> Appointment:
    """Let ``user`` act for ``member`` as ``role`` by ``document``; ``rank`` orders the alternates.

    RuleBrokenError when the person already casts another member's vote in that period, when the member has a delegate
    already, or without a document.
    """
    check_period(valid_from, valid_to)
    held = [
        (appointment, name)
        for appointment, name in list_mandates(user.id, member.id)
        if _overlap(appointment, valid_from, valid_to)
    ]
    check_appointment(
        role,
        document,
        votes_for={name for appointment, name in held if appointment.member_id != member.id},
        has_delegate=any(
            appointment.member_id == member.id and appointment.role is Role.DELEGATE for appointment, _name in held
        ),
    )
    return appoint(
        actor,
        user,
        HatKind.MEMBER,
        role,
        member_id=member.id,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document,
        rank=rank,
    )


def end_representative(actor: Actor, member: Member, appointment: Appointment, *, document: str) -> None:
    """End the appointment at this instant; votes already cast stay valid."""
    if appointment.member_id != member.id or appointment.ended_at is not None:
        raise RuleBrokenError("This appointment has ended already, or is another member's.")
    if not document.strip():
        raise RuleBrokenError("Name the document that ends the appointment, such as a letter of the member.")
    end_appointment(actor, appointment, document=document)


def replace_representative(  # noqa: PLR0913 - who, whom, by whom, on which document
    actor: Actor,
    member: Member,
    old_appointment: Appointment,
    new_user: User,
    *,
    document: str,
    valid_from: date,
) -> Appointment:
    """End the old appointment now and give its role and rank to ``new_user``, in one act (S33).

    The old person loses its rights at once, so the new one must begin today or have begun: RuleBrokenError otherwise.
    """
    today = clock.today(get_cluster().zone)
    if valid_from > today:
        raise RuleBrokenError(
            f"A replacement takes effect at once, so its first day cannot lie after {today}. "
            "End the old appointment on the day, then appoint the new person."
        )
    end_representative(actor, member, old_appointment, document=document)
    return appoint_representative(
        actor,
        member,
        new_user,
        role=old_appointment.role,
        valid_from=valid_from,
        valid_to=old_appointment.valid_to,
        document=document,
        rank=old_appointment.rank,
    )


def _overlap(appointment: Appointment, first: date, last: date | None) -> bool:
    starts_before_end = last is None or appointment.valid_from <= last
    return starts_before_end and (appointment.valid_to is None or appointment.valid_to >= first)
