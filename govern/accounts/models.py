"""People, what they may act as, and how they sign in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant, choice_type
from govern.extensions import Model
from govern.kernel.actor import HatKind, Role


class User(Model):
    """A person. Rights never hang here: they come from appointments."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(default="auto")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Appointment(Model):
    """What a person may act as, from when to when, and on which document.

    ``kind`` says which of member, seat, department is filled. Days are the cluster's; ``valid_to`` is the last day.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'member') = (member_id IS NOT NULL) AND (kind = 'seat') = (seat_id IS NOT NULL) "
            "AND (kind = 'liaison') = (department_id IS NOT NULL)",
            name="target",
        ),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        Index("ix_appointment_member", "member_id", "role"),
        Index("ix_appointment_seat", "seat_id"),
        Index("ix_appointment_user", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[HatKind] = mapped_column(choice_type(HatKind))
    role: Mapped[Role] = mapped_column(choice_type(Role))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    rank: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    document: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class SignInSession(Model):
    """One browser signed in. The cookie holds a random token, the table only its hash."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    hat_key: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(default="")
    browser: Mapped[str] = mapped_column(default="")
    method: Mapped[str] = mapped_column(default="")


class SignInLink(Model):
    """A one-time link sent by e-mail (sign-in or invitation); consumed by POST only."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[str]
    next_url: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCode(Model):
    """A one-time code for a lost authenticator; only its hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class RateWindow(Model):
    """Attempts counted under a key since the start of its window; survives refused requests."""

    __tablename__ = "rate_window"

    key: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    hits: Mapped[int]
