"""Double-entry books: accounts, entries, legs. Integer minor units; triggers keep them balanced and unchanged."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant
from govern.extensions import Model


class Account(Model):
    """An account of the chart. ``kind``: asset, liability, income, expense, equity."""

    __tablename__ = "account"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]


class Entry(Model):
    """A booking: at least two legs whose sum is 0. Never changed; a mistake is reversed by another entry."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    booked_on: Mapped[date] = mapped_column(index=True)
    text: Mapped[str]
    source: Mapped[str]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    posted: Mapped[bool] = mapped_column(default=False)


class Leg(Model):
    """One side of an entry: debit positive, credit negative, in minor units of ``currency``."""

    __tablename__ = "leg"
    __table_args__ = (
        CheckConstraint("minor <> 0", name="not_zero"),
        Index("ix_leg_account_member", "account_code", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    account_code: Mapped[str] = mapped_column(ForeignKey("account.code"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
