"""Reads of people and of what they may act as."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, Select, and_, column, or_, select, table

from govern.accounts.models import Appointment, SignInSession, User
from govern.cluster.models import Cluster, Department
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import NotFoundError

# Names of things that live in areas above this one: read by column, so that no import runs upwards.
_MEMBER = table("member", column("id"), column("name"))
_SEAT = table("seat", column("id"), column("label"), column("body_id"))


@dataclass(frozen=True, slots=True)
class Hat:
    """One thing a person may act as: all roles held for the same member, seat, department or post."""

    key: str
    kind: HatKind
    label: str
    roles: frozenset[Role]
    current: bool
    member_id: int | None = None
    seat_id: int | None = None
    body_id: int | None = None
    department_id: int | None = None

    @property
    def id(self) -> str:
        """What the form that switches hats sends back."""
        return self.key


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a valid session, as Flask-Login wants it (its four attributes are written out)."""

    token: str
    session_id: int
    actor: Actor
    hats: Sequence[Hat]
    cluster: Cluster
    locale: str
    theme: str
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """What the signed cookie holds: the session's token, never the person's key."""
        return self.token


def token_hash(token: str) -> str:
    """How tokens are kept; they are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def valid_on(day: date) -> ColumnElement[bool]:
    """Condition: the appointment holds on ``day`` (the cluster's calendar) and was not ended since."""
    return and_(
        Appointment.valid_from <= day,
        or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day),
        Appointment.ended_at.is_(None),
    )


def load_signed_in(token: str) -> SignedIn | None:
    """The person whose session token this is, or None when it is unknown, expired or revoked. One statement."""
    found = db.session.execute(_signed_in_statement(token)).all()
    if not found:
        return None
    session, user, cluster = found[0].SignInSession, found[0].User, found[0].Cluster
    today = clock.today(cluster.zone)
    hats = _hats([row for row in found if row.Appointment is not None and _holds(row.Appointment, today)], session.hat_key)
    worn = next((hat for hat in hats if hat.current), None)
    actor = Actor(user_id=user.id, name=user.name)
    if worn is not None:
        actor = Actor(
            user_id=user.id,
            name=user.name,
            hat=worn.kind,
            hat_key=worn.key,
            label=worn.label,
            roles=worn.roles,
            member_id=worn.member_id,
            seat_id=worn.seat_id,
            body_id=worn.body_id,
            department_id=worn.department_id,
        )
    return SignedIn(token, session.id, actor, hats, cluster, user.locale or cluster.locale, user.theme)


def _signed_in_statement(token: str) -> Select[Any]:
    return (
        select(
            SignInSession,
            User,
            Cluster,
            Appointment,
            _MEMBER.c.name.label("member_name"),
            _SEAT.c.label.label("seat_label"),
            _SEAT.c.body_id.label("body_id"),
            Department.name.label("department_name"),
        )
        .join(User, User.id == SignInSession.user_id)
        .join(Cluster, Cluster.id == 1)
        .outerjoin(Appointment, and_(Appointment.user_id == User.id, Appointment.ended_at.is_(None)))
        .outerjoin(_MEMBER, _MEMBER.c.id == Appointment.member_id)
        .outerjoin(_SEAT, _SEAT.c.id == Appointment.seat_id)
        .outerjoin(Department, Department.id == Appointment.department_id)
        .where(
            SignInSession.token_hash == token_hash(token),
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > clock.now(),
            User.active.is_(True),
        )
        .order_by(Appointment.kind, Appointment.id)
    )


def _holds(appointment: Appointment, day: date) -> bool:
    return appointment.valid_from <= day and (appointment.valid_to is None or appointment.valid_to >= day)


def _hat_key(appointment: Appointment) -> str:
    target = appointment.member_id or appointment.seat_id or appointment.department_id
    return f"{appointment.kind}:{target}" if target else str(appointment.kind)


def _hats(rows: Sequence[Row[Any]], worn_key: str) -> list[Hat]:
    """Appointments to the same thing are one hat; the worn one, or else the first, is current."""
    groups: dict[str, list[Row[Any]]] = {}
    for row in rows:
        groups.setdefault(_hat_key(row.Appointment), []).append(row)
    current = worn_key if worn_key in groups else next(iter(groups), "")
    return [
        Hat(
            key=key,
            kind=group[0].Appointment.kind,
            label=_label(group[0]),
            roles=frozenset(row.Appointment.role for row in group),
            current=key == current,
            member_id=group[0].Appointment.member_id,
            seat_id=group[0].Appointment.seat_id,
            body_id=group[0].body_id,
            department_id=group[0].Appointment.department_id,
        )
        for key, group in groups.items()
    ]


def _label(row: Row[Any]) -> str:
    return str(row.member_name or row.seat_label or row.department_name or row.Appointment.title or row.Appointment.role)


def get_user(user_id: int) -> User:
    """The person, or NotFoundError."""
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFoundError
    return found


def find_user_by_email(email: str) -> User | None:
    """The person with this address (case does not matter), or None."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def list_representatives(member_id: int, day: date) -> Sequence[Row[tuple[Appointment, User]]]:
    """Appointments of a member that hold on ``day`` with their people: delegate first, alternates by rank."""
    statement = (
        select(Appointment, User)
        .join(User, User.id == Appointment.user_id)
        .where(Appointment.member_id == member_id, valid_on(day))
        .order_by(Appointment.role, Appointment.rank, Appointment.id)
    )
    return db.session.execute(statement).all()
