"""People and their appointments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, or_, select

from govern.accounts.models import Appointment, User
from govern.accounts.queries.signed_in import MEMBER, SEAT, valid_on
from govern.cluster.queries import DEPARTMENTS
from govern.extensions import db
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demonstration to sign in as."""

    appointment_id: int
    name: str
    role: Role
    label: str


DEMO_ROLES = (
    Role.SECRETARIAT,
    Role.DELEGATE,
    Role.ALTERNATE,
    Role.DUES_CONTACT,
    Role.SEAT,
    Role.CHAIR,
    Role.TREASURER,
    Role.AUDITOR,
    Role.LIAISON,
    Role.OBSERVER,
)


def get_user(user_id: int) -> User:
    """The person, or NotFoundError."""
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFoundError
    return found


def find_user_by_email(email: str) -> User | None:
    """The person with this address (case does not matter), or None."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def list_representatives(member_id: int, day: date) -> Sequence[Row[Appointment, User]]:
    """Appointments of a member that hold on ``day`` with their people: delegate first, alternates by rank."""
    statement = (
        select(Appointment, User)
        .join(User, User.id == Appointment.user_id)
        .where(Appointment.member_id == member_id, valid_on(day))
        .order_by(Appointment.role, Appointment.rank, Appointment.id)
    )
    return db.session.execute(statement).all()


def list_seat_holders(seat_ids: Collection[int], day: date) -> Sequence[Row[Appointment, User]]:
    """Appointments to these seats that hold on ``day`` with their people, by seat and then by who came first."""
    statement = (
        select(Appointment, User)
        .join(User, User.id == Appointment.user_id)
        .where(Appointment.seat_id.in_(seat_ids), valid_on(day))
        .order_by(Appointment.seat_id, Appointment.id)
    )
    return db.session.execute(statement).all()


def list_holders(roles: Collection[Role], day: date, *, department_id: int | None = None) -> Sequence[User]:
    """People who act in one of ``roles`` on ``day`` (for that department, when given), each once, by key."""
    holds = select(Appointment.user_id).where(Appointment.role.in_(roles), valid_on(day))
    if department_id is not None:
        holds = holds.where(Appointment.department_id == department_id)
    return db.session.scalars(select(User).where(User.id.in_(holds), User.active.is_(True)).order_by(User.id)).all()


def list_mandates(user_id: int, member_id: int) -> Sequence[Row[Appointment, str]]:
    """Appointments to cast votes, not ended, of this person or for this member, with the name of the member."""
    statement = (
        select(Appointment, MEMBER.c.name)
        .join(MEMBER, MEMBER.c.id == Appointment.member_id)
        .where(
            or_(Appointment.user_id == user_id, Appointment.member_id == member_id),
            Appointment.role.in_((Role.DELEGATE, Role.ALTERNATE)),
            Appointment.ended_at.is_(None),
        )
        .order_by(Appointment.id)
    )
    return db.session.execute(statement).all()


def get_appointment(appointment_id: int) -> Appointment:
    """The appointment, or NotFoundError."""
    found = db.session.get(Appointment, appointment_id)
    if found is None:
        raise NotFoundError
    return found


def _label() -> ColumnElement[str]:
    """What an appointment is for, in words."""
    return func.coalesce(MEMBER.c.name, SEAT.c.label, DEPARTMENTS.c.name, Appointment.title)


def _with_targets(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.outerjoin(MEMBER, MEMBER.c.id == Appointment.member_id)
        .outerjoin(SEAT, SEAT.c.id == Appointment.seat_id)
        .outerjoin(DEPARTMENTS, DEPARTMENTS.c.id == Appointment.department_id)
    )


def people_statement(actor: Actor, day: date, *, words: str = "") -> Select[*tuple[Any, ...]]:
    """Rows (Appointment, User, label) in force on ``day`` that ``actor`` looks after; ``words`` narrows by name.

    The secretariat sees everybody, a member's administrator the people of the own member. Not ordered: for keyset.
    """
    statement = _with_targets(
        select(Appointment.id, Appointment, User, _label().label("label"))
        .select_from(Appointment)
        .join(User, User.id == Appointment.user_id)
    ).where(valid_on(day))
    if not actor.is_staff:
        statement = statement.where(Appointment.member_id == actor.member_id)
    for word in words.split():
        like = f"%{word.replace('%', '').replace('_', '').lower()}%"
        statement = statement.where(
            or_(func.lower(User.name).like(like), User.email.like(like), func.lower(_label()).like(like))
        )
    return statement


def get_appointment_label(appointment: Appointment) -> str:
    """For whom or what the appointment is."""
    statement = _with_targets(select(_label()).select_from(Appointment)).where(Appointment.id == appointment.id)
    return db.session.scalar(statement) or ""


def list_targets(actor: Actor) -> Sequence[tuple[HatKind, int, str]]:
    """(kind, key, name) of what ``actor`` may invite people for: members, seats and departments, in that order."""
    members = select(
        literal(HatKind.MEMBER.value).label("kind"), MEMBER.c.id, MEMBER.c.name.label("name"), literal(1).label("place")
    )
    if not actor.is_staff:
        found = db.session.execute(members.where(MEMBER.c.id == actor.member_id))
    else:
        seats = select(literal(HatKind.SEAT.value), SEAT.c.id, SEAT.c.label, literal(2))
        departments = select(literal(HatKind.LIAISON.value), DEPARTMENTS.c.id, DEPARTMENTS.c.name, literal(3))
        found = db.session.execute(members.union_all(seats, departments).order_by("place", "name"))
    return [(HatKind(row[0]), row[1], row[2]) for row in found]


def list_demo_people(day: date) -> list[DemoPerson]:
    """One person per role, whoever was appointed first, in the order of DEMO_ROLES; the seat is not the chair's."""
    chairs = select(Appointment.user_id).where(Appointment.role == Role.CHAIR)
    another = or_(Appointment.role != Role.SEAT, Appointment.user_id.not_in(chairs))
    first = (
        select(func.min(Appointment.id))
        .where(valid_on(day), Appointment.role.in_(DEMO_ROLES), another)
        .group_by(Appointment.role)
    )
    place = case({role: number for number, role in enumerate(DEMO_ROLES)}, value=Appointment.role)
    statement = _with_targets(
        select(Appointment.id, User.name, Appointment.role, _label())
        .select_from(Appointment)
        .join(User, User.id == Appointment.user_id)
    )
    rows = db.session.execute(statement.where(Appointment.id.in_(first)).order_by(place))
    return [DemoPerson(*row) for row in rows]


def list_demo_appointments(day: date) -> list[DemoPerson]:
    """Everybody of the demonstration in office on ``day``, by name."""
    statement = _with_targets(
        select(Appointment.id, User.name, Appointment.role, _label())
        .select_from(Appointment)
        .join(User, User.id == Appointment.user_id)
    )
    rows = db.session.execute(statement.where(valid_on(day)).order_by(User.name, Appointment.id))
    return [DemoPerson(*row) for row in rows]
