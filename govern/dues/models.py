"""Tariffs, assessments, invoices, payments. Amounts are minor units of the cluster's currency."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant
from govern.extensions import Model


class Tariff(Model):
    """A version of the dues scale, adopted by a decision and valid from a fiscal year on.

    ``half_after_month`` 0: who joins during the year pays it in full. ``category_cap`` is a fraction, "" for none.
    """

    __tablename__ = "tariff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    from_year: Mapped[int] = mapped_column(unique=True)
    currency: Mapped[str]
    adopted_by: Mapped[str] = mapped_column(default="")
    due_month: Mapped[int] = mapped_column(default=2)
    due_day: Mapped[int] = mapped_column(default=28)
    start_up_years: Mapped[int] = mapped_column(default=3)
    reminder_days: Mapped[str] = mapped_column(default="15,45,75")
    suspend_after_days: Mapped[int] = mapped_column(default=90)
    exclude_after_days: Mapped[int] = mapped_column(default=180)
    category_cap: Mapped[str] = mapped_column(default="1/3")
    half_after_month: Mapped[int] = mapped_column(default=7)
    half_after_day: Mapped[int] = mapped_column(default=1)
    joining_fees: Mapped[int] = mapped_column(default=1)


class TariffRule(Model):
    """What members of one category pay: fixed + units x per unit, at most the cap (0 = no cap)."""

    __tablename__ = "tariff_rule"
    __table_args__ = (
        UniqueConstraint("tariff_id", "category_id"),
        CheckConstraint("fixed_minor >= 0 AND per_unit_minor >= 0 AND cap_minor >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    unit: Mapped[str] = mapped_column(default="")
    fixed_minor: Mapped[int] = mapped_column(BigInteger)
    per_unit_minor: Mapped[int] = mapped_column(BigInteger)
    cap_minor: Mapped[int] = mapped_column(BigInteger, default=0)


class WeightBand(Model):
    """Votes by yearly dues: a member whose dues are below the limit has ``votes``; an empty limit is the top band."""

    __tablename__ = "weight_band"

    id: Mapped[int] = mapped_column(primary_key=True)
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"), index=True)
    below_minor: Mapped[int | None] = mapped_column(BigInteger)
    votes: Mapped[int]


class Assessment(Model):
    """What a member owes for a year, with the computation as it was made (canonical JSON)."""

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("member_id", "year"), CheckConstraint("amount_minor >= 0", name="not_negative"))

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    year: Mapped[int] = mapped_column(index=True)
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    computation: Mapped[str]
    assessed_at: Mapped[datetime] = mapped_column(Instant)


class Invoice(Model):
    """A numbered claim on a member. A cancelled one is answered by a credit note of the opposite amount, never edited.

    ``computation`` keeps the lines as they stood when it was issued.
    """

    __tablename__ = "invoice"
    __table_args__ = (UniqueConstraint("year", "sequence"), Index("ix_invoice_member", "member_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    sequence: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    fiscal_year: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    issued_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    computation: Mapped[str] = mapped_column(default="[]")
    cancels_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))


class Instalment(Model):
    """A part of an invoice with its own due day; every invoice has at least one.

    A payment plan agreed later replaces the whole set: the old parts hold before ``replaced_on``, the new ones (of the
    next ``plan``) from ``agreed_on`` on, so that standing on an earlier day stays what it was.
    """

    __tablename__ = "instalment"
    __table_args__ = (UniqueConstraint("invoice_id", "plan", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    plan: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    agreed_on: Mapped[date]
    replaced_on: Mapped[date | None]
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class Payment(Model):
    """Money received from or for a member. Which invoices it settles is derived, oldest due first.

    One that was returned by the bank or recorded wrongly is taken back from ``reversed_on`` by a reversing entry.
    """

    __tablename__ = "payment"
    __table_args__ = (Index("ix_payment_member", "member_id"), CheckConstraint("amount_minor > 0", name="positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    received_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    reversed_on: Mapped[date | None]
    reversal_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))


class Reminder(Model):
    """A reminder sent for an instalment at a level (1, 2, 3)."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("instalment_id", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalment.id"))
    level: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(Instant)
