"""Who is behind a session, and what the person may act as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, column, or_, select, table

from govern.accounts.keys import token_hash
from govern.accounts.models import Appointment, SignInSession, User
from govern.accounts.rules import hat_key
from govern.cluster.queries import CLUSTER_COLUMNS, CLUSTERS, DEPARTMENTS, ClusterProfile, cluster_of
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.prepared import Prepared

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
    cluster: ClusterProfile
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
    values = {"token_hash": token_hash(token), "now": clock.now()}
    found = _SIGNED_IN.all_at_once(values)
    if not found:
        return None
    first = found[0]
    cluster = cluster_of(first)
    today = clock.today(cluster.zone)
    hats = _hats([row for row in found if row.kind is not None and _holds(row, today)], first.hat_key)
    worn = next((hat for hat in hats if hat.current), None)
    actor = Actor(user_id=first.user_id, name=first.user_name)
    if worn is not None:
        actor = Actor(
            user_id=first.user_id,
            name=first.user_name,
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
        session_id=first.session_id,
        actor=actor,
        hats=hats,
        cluster=cluster,
        locale=first.user_locale or cluster.locale,
        theme=first.theme,
        signed_in_at=first.created_at,
        has_second_step=first.has_second_step,
    )


def _statement() -> Select[*tuple[Any, ...]]:
    # Tables instead of classes: every request pays for this read, and rows cost less than objects.
    session, user, post = SignInSession.__table__.c, User.__table__.c, Appointment.__table__.c
    return (
        select(
            session.id.label("session_id"),
            session.hat_key,
            session.created_at,
            user.id.label("user_id"),
            user.name.label("user_name"),
            user.locale.label("user_locale"),
            user.theme,
            user.totp_secret.is_not(None).label("has_second_step"),
            post.kind,
            post.role,
            post.title,
            post.member_id,
            post.seat_id,
            post.department_id,
            post.valid_from,
            post.valid_to,
            MEMBER.c.name.label("member_name"),
            SEAT.c.label.label("seat_label"),
            SEAT.c.body_id,
            DEPARTMENTS.c.name.label("department_name"),
            *CLUSTER_COLUMNS,
        )
        .join(User.__table__, user.id == session.user_id)
        .join(CLUSTERS, CLUSTERS.c.id == 1)
        .outerjoin(Appointment.__table__, and_(post.user_id == user.id, post.ended_at.is_(None)))
        .outerjoin(MEMBER, MEMBER.c.id == post.member_id)
        .outerjoin(SEAT, SEAT.c.id == post.seat_id)
        .outerjoin(DEPARTMENTS, DEPARTMENTS.c.id == post.department_id)
        .where(
            session.token_hash == bindparam("token_hash"),
            session.revoked_at.is_(None),
            session.expires_at > bindparam("now"),
            user.active.is_(True),
        )
        .order_by(post.kind, post.id)
    )


_SIGNED_IN = Prepared(_statement())


def _holds(row: Row[*tuple[Any, ...]], day: date) -> bool:
    return bool(row.valid_from <= day and (row.valid_to is None or row.valid_to >= day))


def hat_of(appointment: Appointment | Row[*tuple[Any, ...]]) -> str:
    """Key of the hat an appointment, or a row with its columns, belongs to."""
    return hat_key(appointment.kind, appointment.member_id or appointment.seat_id or appointment.department_id)


def _hats(rows: Sequence[Row[*tuple[Any, ...]]], worn_key: str) -> list[Hat]:
    """Appointments to the same thing are one hat; the worn one, or else the first, is current."""
    groups: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        groups.setdefault(hat_of(row), []).append(row)
    current = worn_key if worn_key in groups else next(iter(groups), "")
    return [
        Hat(
            key=key,
            kind=group[0].kind,
            label=_label(group[0]),
            roles=frozenset(row.role for row in group),
            current=key == current,
            member_id=group[0].member_id,
            seat_id=group[0].seat_id,
            body_id=group[0].body_id,
            department_id=group[0].department_id,
        )
        for key, group in groups.items()
    ]


def _label(row: Row[*tuple[Any, ...]]) -> str:
    return str(row.member_name or row.seat_label or row.department_name or row.title or row.role)
