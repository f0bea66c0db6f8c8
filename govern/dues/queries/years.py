"""A fiscal year as the secretariat sees it: assessed, to be assessed, invoiced; and the figures of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, distinct, exists, func, select
from sqlalchemy.orm import aliased

from govern.dues.models import Assessment, Invoice, Tariff
from govern.dues.queries.invoices import DUES, InvoiceFilter, instalments_on, select_invoices, suspension_on
from govern.dues.queries.tariffs import find_tariff, list_assessable, list_bands, list_scales, terms_of
from govern.dues.rules import Assessable, Computation, assess_all, votes_for
from govern.extensions import db
from govern.kernel.actor import Actor
from govern.members.queries import member_card

AGES = ((0, 30), (30, 60), (60, 90))
"""Days late of the buckets between "not due" and "over 90": more than the first, at most the second."""


@dataclass(frozen=True, slots=True)
class Projected:
    """What a member would be assessed, and its votes."""

    member: Assessable
    computation: Computation
    votes: int


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """``done``: rows of Assessment, member code and name, invoice id and number (None while not billed)."""

    year: int
    tariff: Tariff | None
    done: Sequence[Any]
    projected: Sequence[Projected]
    faults: Sequence[str]

    @property
    def projected_minor(self) -> int:
        """Sum of what would be assessed."""
        return sum(found.computation.amount_minor for found in self.projected)

    @property
    def unbilled(self) -> list[Any]:
        """Assessed members that owe something and have no invoice."""
        return [row for row in self.done if row.invoice_id is None and row.Assessment.amount_minor]

    @property
    def done_minor(self) -> int:
        """Sum of what is assessed."""
        return sum(row.Assessment.amount_minor for row in self.done)


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures above the ledger on a day, in minor units; ``ages``: open amounts not due, then by days late."""

    invoices: int
    open_count: int
    overdue_count: int
    paid_count: int
    cancelled_count: int
    invoiced_minor: int
    paid_minor: int
    open_minor: int
    overdue_minor: int
    ages: tuple[int, ...]
    late_members: int
    suspended_members: int
    suspend_after_days: int


def get_year(year: int) -> FiscalYear:
    """What is assessed for ``year`` and what opening it now would add."""
    tariff = find_tariff(year)
    done = _done(year)
    if tariff is None:
        return FiscalYear(year, None, done, [], [])
    assessed = {row.Assessment.member_id for row in done}
    members = [member for member in list_assessable(year) if member.member_id not in assessed]
    found, faults = assess_all(members, list_scales(tariff), year, terms_of(tariff)) if members else ([], [])
    bands = list_bands(tariff)
    projected = [Projected(member, made, votes_for(made.amount_minor, bands) if bands else 0) for member, made in found]
    return FiscalYear(year, tariff, done, projected, faults)


def _done(year: int) -> Sequence[Any]:
    note = aliased(Invoice)
    standing = and_(
        Invoice.member_id == Assessment.member_id,
        Invoice.fiscal_year == year,
        Invoice.kind == DUES,
        ~exists().where(note.cancels_id == Invoice.id),
    )
    statement = (
        select(
            Assessment,
            member_card.c.code,
            member_card.c.name,
            Invoice.id.label("invoice_id"),
            Invoice.number.label("invoice_number"),
        )
        .join(member_card, member_card.c.id == Assessment.member_id)
        .outerjoin(Invoice, standing)
        .where(Assessment.year == year)
        .order_by(member_card.c.code)
    )
    return db.session.execute(statement).all()


def list_fiscal_years() -> Sequence[int]:
    """Years that have invoices, newest first."""
    return db.session.scalars(select(Invoice.fiscal_year).distinct().order_by(Invoice.fiscal_year.desc())).all()


def overview(actor: Actor, year: int | None, on: date) -> Overview:
    """Figures of the ledger for a fiscal year (all when None) on ``on``. Two statements."""
    found = select_invoices(actor, InvoiceFilter(year=year), on).subquery("found")
    live = found.c.live

    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    def total(column: Any) -> Any:
        return func.coalesce(func.sum(case((live, column), else_=0)), 0)

    row = db.session.execute(
        select(
            count(live).label("invoices"),
            count(found.c.open_minor > 0).label("open_count"),
            count(found.c.overdue_minor > 0).label("overdue_count"),
            count(and_(live, found.c.open_minor == 0)).label("paid_count"),
            count(~live).label("cancelled_count"),
            total(found.c.amount_minor).label("invoiced_minor"),
            total(found.c.paid_minor).label("paid_minor"),
            total(found.c.open_minor).label("open_minor"),
            total(found.c.overdue_minor).label("overdue_minor"),
            suspension_on(on).label("suspend_after_days"),
        )
    ).one()
    figures = {name: int(value) for name, value in row._mapping.items()}
    ages, late, suspended = _ages(year, on, figures["suspend_after_days"])
    return Overview(**figures, ages=ages, late_members=late, suspended_members=suspended)


def _ages(year: int | None, on: date, limit: int) -> tuple[tuple[int, ...], int, int]:
    """Open amounts by age, members that are late, and members late by more than ``limit`` days."""
    part = instalments_on(on)
    due, open_minor = part.c.due_on, part.c.open_minor

    def between(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, open_minor), else_=0)), 0)

    buckets = [
        between(due >= on),
        *(between(and_(due < on - timedelta(days=low), due >= on - timedelta(days=high))) for low, high in AGES),
        between(due < on - timedelta(days=AGES[-1][1])),
    ]
    late = and_(open_minor > 0, due < on)
    statement = select(
        *buckets,
        func.count(distinct(case((late, part.c.member_id)))),
        func.count(distinct(case((and_(late, due < on - timedelta(days=limit)), part.c.member_id)))),
    )
    if year is not None:
        statement = statement.join(Invoice, Invoice.id == part.c.invoice_id).where(Invoice.fiscal_year == year)
    row = [int(value) for value in tuple(db.session.execute(statement).one())]
    return tuple(row[: len(buckets)]), row[-2], row[-1]
