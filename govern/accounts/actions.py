"""What is done to people and appointments."""

from datetime import date

from govern.accounts.models import Appointment, User
from govern.audit.actions import record
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role


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
    """End it at this instant: the person loses its rights at once (S33); votes already cast stay valid."""
    appointment.ended_at = clock.now()
    db.session.flush()
    record(actor, "appointment.ended", "appointment", appointment.id, after={"document": document})
