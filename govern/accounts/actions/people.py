"""People, what they may act as, and inviting them."""

from datetime import date

from sqlalchemy import select

from govern.accounts import rules
from govern.accounts.actions import mails
from govern.accounts.actions.sessions import INVITATION, end_links, make_link, use_link
from govern.accounts.models import Appointment, SignInLink, SignInSession, User
from govern.accounts.queries import find_user_by_email, valid_on
from govern.audit.actions import record
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import NotAllowedError, RuleBrokenError


def add_user(actor: Actor, *, email: str, name: str) -> User:
    """A person without password; IntegrityError when the address is taken."""
    user = User(email=email.strip().lower(), name=name, created_at=clock.now())
    db.session.add(user)
    db.session.flush()
    record(actor, "user.added", "user", user.id, after={"email": user.email, "name": name})
    return user


def appoint(  # noqa: PLR0913 - the fields of an appointment
    actor: Actor,
    user: User,
    kind: HatKind,
    role: Role,
    *,
    valid_from: date,
    valid_to: date | None = None,
    member_id: int | None = None,
    seat_id: int | None = None,
    department_id: int | None = None,
    rank: int = 0,
    title: str = "",
    document: str = "",
) -> Appointment:
    """Let ``user`` act as ``role`` from ``valid_from`` (day of the cluster) on, by ``document``."""
    appointment = Appointment(
        user_id=user.id,
        kind=kind,
        role=role,
        member_id=member_id,
        seat_id=seat_id,
        department_id=department_id,
        rank=rank,
        title=title,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document,
        recorded_at=clock.now(),
    )
    db.session.add(appointment)
    db.session.flush()
    target = member_id or seat_id or department_id
    after = {"user": user.id, "kind": kind, "role": role, "target": target, "from": valid_from, "document": document}
    record(actor, "appointment.made", "appointment", appointment.id, after=after)
    return appointment


def end_appointment(actor: Actor, appointment: Appointment, *, document: str = "") -> None:
    """End it at this instant: the person loses its rights at once (S33); votes already cast stay valid.

    RuleBrokenError when it has ended already: the instant it ended at is part of the record.
    """
    db.session.refresh(appointment, with_for_update=True)
    if appointment.ended_at is not None:
        raise RuleBrokenError("This appointment has ended already.")
    appointment.ended_at = clock.now()
    db.session.flush()
    record(actor, "appointment.ended", "appointment", appointment.id, after={"document": document})


def invite(  # noqa: PLR0913 - what an invitation says
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    target: int | None,
    target_name: str,
    role_name: str,
    day: date,
    document: str,
    link_address: str,
    sign_in_address: str,
) -> Appointment:
    """Appoint the person with this address (added when new) from ``day`` on, and write to it.

    ``target``: key of the member, seat or department the role is for, None for staff and offices. Somebody who never
    signed in gets a link to accept with (``link_address`` + token); inviting again sends a new one. NotAllowedError
    when the actor may not give this role; RuleBrokenError when the member has a delegate already.
    """
    kind = rules.KIND_OF[role]
    _check_invitation(actor, role, kind, target, document)
    user = find_user_by_email(email) or add_user(actor, email=email, name=name.strip())
    held = _held(user, kind, role, target, day)
    if held is None:
        if role is Role.DELEGATE:
            _check_no_delegate(target, day)
        held = appoint(
            actor,
            user,
            kind,
            role,
            valid_from=day,
            member_id=target if kind is HatKind.MEMBER else None,
            seat_id=target if kind is HatKind.SEAT else None,
            department_id=target if kind is HatKind.LIAISON else None,
            title="" if target else target_name,
            document=document,
        )
    post = mails.Post(role_name, target_name)
    if _has_signed_in(user):
        key = f"appointed:{held.id}"
        mails.new_hat(actor, user, key=key, post=post, address=sign_in_address)
        return held
    link, token = renew_invitation(user)
    mails.invitation(actor, user, key=f"invitation:{link.id}", post=post, address=link_address + token)
    record(actor, "invitation.sent", "user", user.id, after={"appointment": held.id})
    return held


def renew_invitation(user: User) -> tuple[SignInLink, str]:
    """A link to accept with, and its token; every earlier link of the person stops working."""
    end_links(user.id)
    return make_link(user, INVITATION)


def _check_invitation(actor: Actor, role: Role, kind: HatKind, target: int | None, document: str) -> None:
    if role not in rules.roles_to_give(actor):
        raise NotAllowedError("You cannot invite somebody to this role.")
    if not actor.is_staff and target != actor.member_id:
        raise NotAllowedError("You can invite people of your own organisation only.")
    if (target is not None) is not (kind in rules.KINDS_WITH_TARGET):
        raise RuleBrokenError(
            "Choose for whom this role is: a member, a seat or a department, or nothing for an office."
        )
    if rules.needs_document(role) and not document.strip():
        raise RuleBrokenError("Name the document that appoints this person: it is what the right to act rests on.")


def _held(user: User, kind: HatKind, role: Role, target: int | None, day: date) -> Appointment | None:
    column = {
        HatKind.MEMBER: Appointment.member_id,
        HatKind.SEAT: Appointment.seat_id,
        HatKind.LIAISON: Appointment.department_id,
    }.get(kind)
    statement = select(Appointment).where(Appointment.user_id == user.id, Appointment.role == role, valid_on(day))
    return db.session.scalar(statement if column is None else statement.where(column == target))


def _check_no_delegate(member_id: int | None, day: date) -> None:
    statement = (
        select(User.name)
        .join(Appointment, Appointment.user_id == User.id)
        .where(Appointment.member_id == member_id, Appointment.role == Role.DELEGATE, valid_on(day))
    )
    name = db.session.scalar(statement.limit(1))
    if name:
        raise RuleBrokenError(f"{name} is the delegate already. End that appointment first, or replace the delegate.")


def _has_signed_in(user: User) -> bool:
    statement = select(SignInSession.id).where(SignInSession.user_id == user.id).limit(1)
    return user.password_hash is not None or db.session.scalar(statement) is not None


def accept_invitation(token: str, *, name: str, hashed: str | None) -> User | None:
    """Use the link up and store name and password hash (None: signs in by links).

    Returns the person, or None when the link was used before or is too old.
    """
    used = use_link(token, INVITATION)
    if used is None:
        return None
    user, _next_url = used
    user.name = name.strip()
    if hashed is not None:
        user.password_hash = hashed
    db.session.flush()
    self_actor = Actor(user_id=user.id, name=user.name)
    record(self_actor, "invitation.accepted", "user", user.id, after={"password": hashed is not None})
    return user
