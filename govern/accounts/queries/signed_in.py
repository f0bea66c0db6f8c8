"""Who is behind a session, and what the person may act as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, Select, and_, column, or_, select, table

from govern.accounts.keys import token_hash
from govern.accounts.models import Appointment, SignInSession, User
from govern.accounts.rules import hat_key
from govern.cluster.models import Cluster, Department
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role

# The row types are offered here for annotations above; the tables themselves stay private to this area.
__all__ = ["Appointment", "User"]

# Names of things that live in areas above this one: read by column, so that no import runs upwards.
MEMBER = table("member", column("id"), column("name"))
SEAT = table("seat", column("id"), column("label"), column("body_id"))


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
    signed_in_at: datetime
    has_second_step: bool
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """What the signed cookie holds: the session's token, never the person's key."""
        return self.token


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
    hats = _hats(
        [row for row in found if row.Appointment is not None and _holds(row.Appointment, today)], session.hat_key
    )
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
    return SignedIn(
        token=token,
        session_id=session.id,
        actor=actor,
        hats=hats,
        cluster=cluster,
        locale=user.locale or cluster.locale,
        theme=user.theme,
        signed_in_at=session.created_at,
        has_second_step=user.totp_secret is not None,
    )


def _signed_in_statement(token: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            SignInSession,
            User,
            Cluster,
            Appointment,
            MEMBER.c.name.label("member_name"),
            SEAT.c.label.label("seat_label"),
            SEAT.c.body_id.label("body_id"),
            Department.name.label("department_name"),
        )
        .join(User, User.id == SignInSession.user_id)
        .join(Cluster, Cluster.id == 1)
        .outerjoin(Appointment, and_(Appointment.user_id == User.id, Appointment.ended_at.is_(None)))
        .outerjoin(MEMBER, MEMBER.c.id == Appointment.member_id)
        .outerjoin(SEAT, SEAT.c.id == Appointment.seat_id)
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


def hat_of(appointment: Appointment) -> str:
    """Key of the hat an appointment belongs to."""
    return hat_key(appointment.kind, appointment.member_id or appointment.seat_id or appointment.department_id)


def _hats(rows: Sequence[Row[Any]], worn_key: str) -> list[Hat]:
    """Appointments to the same thing are one hat; the worn one, or else the first, is current."""
    groups: dict[str, list[Row[Any]]] = {}
    for row in rows:
        groups.setdefault(hat_of(row.Appointment), []).append(row)
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
    return str(
        row.member_name or row.seat_label or row.department_name or row.Appointment.title or row.Appointment.role
    )
