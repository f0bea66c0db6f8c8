"""Invoices with what is paid and open of each, payments, and whom an overdue invoice concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from govern.cluster.queries import get_cluster
from govern.database import Instant
from govern.dues.models import Instalment, Invoice, Payment, Tariff
from govern.dues.queries.standing import agreed_on, live_on, paid_by
from govern.dues.rules import InvoiceState, Policy, may_read_ledger, may_read_own_dues, state_of
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, Role
from govern.kernel.errors import NotFoundError
from govern.members.queries import member_card

DUES = "dues"
JOINING = "joining"
CREDIT_NOTE = "credit_note"
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """What the list of invoices is cut down to. ``view``: open, overdue, paid, cancelled, or "" for all of them."""

    view: str = ""
    year: int | None = None
    text: str = ""
    category: str = ""
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice as lists show it on a day; ``due_on`` is the oldest unpaid due day, or the last one."""

    id: int
    number: str
    kind: str
    text: str
    fiscal_year: int
    issued_on: date
    currency: str
    amount_minor: int
    member_id: int
    member_code: str
    member_name: str
    category_name: str
    due_on: date
    parts: int
    paid_minor: int
    open_minor: int
    overdue_minor: int
    live: bool
    suspend_after_days: int
    on: date

    @property
    def state(self) -> InvoiceState:
        """Derived from the facts of the day."""
        if not self.live:
            return InvoiceState.CREDIT_NOTE if self.kind == CREDIT_NOTE else InvoiceState.CANCELLED
        return state_of(self.amount_minor, self.paid_minor, self.overdue_minor)

    @property
    def days_late(self) -> int:
        """Days since the oldest unpaid due day; 0 when nothing is late."""
        return (self.on - self.due_on).days if self.overdue_minor else 0

    @property
    def suspends(self) -> bool:
        """Late enough for the member's vote to be suspended."""
        return self.days_late > self.suspend_after_days

    @property
    def cursor(self) -> str:
        """Where the next page of a list starts."""
        return f"{self.settled}_{self.due_on.isoformat()}_{self.id}"

    @property
    def settled(self) -> int:
        """0 while something is open, 1 afterwards: what is open comes first in lists."""
        return 0 if self.open_minor else 1


def instalments_on(day: date) -> Any:
    """Subquery: every live instalment on ``day`` with the part of it that the member's payments settle.

    Payments go to the oldest due day first: what an instalment gets is what is left after all before it.
    """
    before = func.sum(Instalment.amount_minor).over(
        partition_by=Invoice.member_id, order_by=(Instalment.due_on, Instalment.id), rows=(None, 0)
    )
    paid = (
        select(Payment.member_id, func.sum(Payment.amount_minor).label("total"))
        .where(paid_by(day))
        .group_by(Payment.member_id)
        .subquery("paid")
    )
    left = func.coalesce(paid.c.total, 0) - before + Instalment.amount_minor
    settled = case((left <= 0, 0), (left >= Instalment.amount_minor, Instalment.amount_minor), else_=left)
    return (
        select(
            Instalment.id,
            Instalment.invoice_id,
            Invoice.member_id,
            Instalment.position,
            Instalment.due_on,
            Instalment.amount_minor,
            settled.label("settled_minor"),
            (Instalment.amount_minor - settled).label("open_minor"),
        )
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .outerjoin(paid, paid.c.member_id == Invoice.member_id)
        .where(live_on(day), agreed_on(day))
        .subquery("part")
    )


def totals_on(day: date) -> Any:
    """Subquery: for each live invoice on ``day`` what is paid, open, overdue, and its oldest unpaid due day."""
    part = instalments_on(day)
    return (
        select(
            part.c.invoice_id,
            func.sum(part.c.settled_minor).label("paid_minor"),
            func.sum(part.c.open_minor).label("open_minor"),
            func.sum(case((part.c.due_on < day, part.c.open_minor), else_=0)).label("overdue_minor"),
            func.count().label("parts"),
            func.coalesce(func.min(case((part.c.open_minor > 0, part.c.due_on))), func.max(part.c.due_on)).label(
                "due_on"
            ),
        )
        .group_by(part.c.invoice_id)
        .subquery("sums")
    )


@dataclass(frozen=True, slots=True)
class Late:
    """A member with something overdue; ``suspended``: its vote is suspended for it."""

    days_overdue: int
    overdue_minor: int
    suspended: bool


def suspension_on(day: date) -> ColumnElement[int]:
    """How many days late suspends the vote on ``day``, by the tariff of its year."""
    terms = select(Tariff.suspend_after_days).where(Tariff.from_year <= day.year).order_by(Tariff.from_year.desc())
    return func.coalesce(terms.limit(1).scalar_subquery(), Policy("").suspend_after_days)


def list_late(on: date) -> dict[int, Late]:
    """Members with an overdue invoice on ``on``. One statement; agrees with ``list_standing``."""
    part = instalments_on(on)
    statement = (
        select(part.c.member_id, func.min(part.c.due_on), func.sum(part.c.open_minor), suspension_on(on))
        .where(part.c.open_minor > 0, part.c.due_on < on)
        .group_by(part.c.member_id)
    )
    return {
        member_id: Late((on - oldest).days, int(overdue), (on - oldest).days > limit)
        for member_id, oldest, overdue, limit in db.session.execute(statement)
    }


def select_invoices(actor: Actor, chosen: InvoiceFilter, on: date) -> Select[Any]:
    """The invoices ``actor`` may see: its own member's for representatives, all for who reads the ledger, else none."""
    sums = totals_on(on)
    due_on = func.coalesce(sums.c.due_on, Invoice.issued_on)
    statement = (
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.text,
            Invoice.fiscal_year,
            Invoice.issued_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.member_id,
            member_card.c.code.label("member_code"),
            member_card.c.name.label("member_name"),
            member_card.c.category_name,
            cast(due_on, Date).label("due_on") if db.engine.dialect.name != "sqlite" else due_on.label("due_on"),
            func.coalesce(sums.c.parts, 1).label("parts"),
            func.coalesce(sums.c.paid_minor, 0).label("paid_minor"),
            func.coalesce(sums.c.open_minor, 0).label("open_minor"),
            func.coalesce(sums.c.overdue_minor, 0).label("overdue_minor"),
            sums.c.invoice_id.is_not(None).label("live"),
            suspension_on(on).label("suspend_after_days"),
        )
        .join(member_card, member_card.c.id == Invoice.member_id)
        .outerjoin(sums, sums.c.invoice_id == Invoice.id)
    )
    if not may_read_ledger(actor):
        statement = statement.where(Invoice.member_id == actor.member_id if may_read_own_dues(actor) else false())
    return _narrowed(statement, chosen, sums)


def _narrowed(statement: Select[Any], chosen: InvoiceFilter, sums: Any) -> Select[Any]:
    views = {
        "open": sums.c.open_minor > 0,
        "overdue": sums.c.overdue_minor > 0,
        "paid": sums.c.open_minor == 0,
        "cancelled": sums.c.invoice_id.is_(None),
    }
    if chosen.view in views:
        statement = statement.where(views[chosen.view])
    if chosen.year is not None:
        statement = statement.where(Invoice.fiscal_year == chosen.year)
    if chosen.member_id is not None:
        statement = statement.where(Invoice.member_id == chosen.member_id)
    if chosen.category:
        statement = statement.where(member_card.c.category_code == chosen.category)
    if chosen.text:
        like = "%" + chosen.text.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"
        statement = statement.where(
            or_(
                *(column.ilike(like, escape="/") for column in (member_card.c.name, member_card.c.code, Invoice.number))
            )
        )
    return statement


def list_invoices(  # noqa: PLR0913 - a list, its filter and its page
    actor: Actor,
    chosen: InvoiceFilter | None = None,
    *,
    on: date | None = None,
    cursor: tuple[int, date, int] | None = None,
    backwards: bool = False,
    limit: int | None = None,
) -> list[InvoiceRow]:
    """Invoices as they stand on ``on`` (today), only those ``actor`` may see. One statement.

    What is open comes first, each by due day, the oldest first. ``cursor``: start after this (settled, due day, id), or
    before it when ``backwards``; backwards rows come nearest first.
    """
    day = on or clock.today(get_cluster().zone)
    found = select_invoices(actor, chosen or InvoiceFilter(), day).subquery("found")
    settled = case((found.c.open_minor > 0, 0), else_=1)
    key = tuple_(settled, found.c.due_on, found.c.id)
    statement = select(found)
    if cursor is not None:
        edge = tuple_(literal(cursor[0]), literal(cursor[1], Date), literal(cursor[2]))
        statement = statement.where(key < edge if backwards else key > edge)
    order = [column.desc() if backwards else column.asc() for column in (settled, found.c.due_on, found.c.id)]
    rows = db.session.execute(statement.order_by(*order).limit(limit))
    return [InvoiceRow(**row._mapping, on=day) for row in rows]


def list_invoices_of(actor: Actor, member_id: int) -> list[InvoiceRow]:
    """The member's invoices as they stand today, if ``actor`` may see them."""
    return list_invoices(actor, InvoiceFilter(member_id=member_id))


def get_invoice(invoice_id: int) -> Invoice:
    """The invoice, or NotFoundError."""
    found = db.session.get(Invoice, invoice_id)
    if found is None:
        raise NotFoundError
    return found


def get_payment(payment_id: int) -> Payment:
    """The payment, or NotFoundError."""
    found = db.session.get(Payment, payment_id)
    if found is None:
        raise NotFoundError
    return found


def find_open_invoice(member_id: int, fiscal_year: int, kind: str = DUES) -> Invoice | None:
    """The live invoice of this kind for the year (no credit note answers it), or None."""
    note = aliased(Invoice)
    return db.session.scalar(
        select(Invoice).where(
            Invoice.member_id == member_id,
            Invoice.fiscal_year == fiscal_year,
            Invoice.kind == kind,
            ~exists().where(note.cancels_id == Invoice.id),
        )
    )


def list_billed(fiscal_year: int) -> set[int]:
    """Members with a live dues invoice for the year."""
    note = aliased(Invoice)
    statement = select(Invoice.member_id).where(
        Invoice.fiscal_year == fiscal_year, Invoice.kind == DUES, ~exists().where(note.cancels_id == Invoice.id)
    )
    return set(db.session.scalars(statement))


def find_related(invoice: Invoice) -> Invoice | None:
    """The credit note that answers the invoice, or the invoice that a credit note answers, or None."""
    return db.session.scalar(
        select(Invoice).where(
            Invoice.id == invoice.cancels_id if invoice.cancels_id else Invoice.cancels_id == invoice.id
        )
    )


def list_instalments(invoice: Invoice, on: date) -> Sequence[Any]:
    """The parts of a live invoice on ``on``: position, due_on, amount_minor, settled_minor, open_minor."""
    part = instalments_on(on)
    return db.session.execute(select(part).where(part.c.invoice_id == invoice.id).order_by(part.c.position)).all()


def list_payments(actor: Actor, member_id: int) -> Sequence[Payment]:
    """Payments of a member, newest first; empty when ``actor`` may not see them."""
    allowed = may_read_ledger(actor) or (may_read_own_dues(actor) and actor.member_id == member_id)
    statement = select(Payment).where(Payment.member_id == member_id if allowed else false())
    return db.session.scalars(statement.order_by(Payment.received_on.desc(), Payment.id.desc())).all()


def needs_you(actor: Actor) -> Select[Any] | None:
    """Invoices of the actor's member that are late or fall due within 30 days, for the people who see to paying."""
    if not actor.has(Role.DUES_CONTACT, Role.DELEGATE) or actor.member_id is None:
        return None
    today = clock.today(get_cluster().zone)
    sums = totals_on(today)
    return (
        select(
            cast(literal("invoice"), String).label("kind"),
            Invoice.id.label("object_id"),
            cast(Invoice.text, String).label("title"),
            cast(Invoice.number, String).label("detail"),
            cast(null(), Instant).label("due_at"),
            sums.c.due_on.label("due_on"),
        )
        .join(sums, and_(sums.c.invoice_id == Invoice.id, sums.c.open_minor > 0, sums.c.due_on <= today + SOON))
        .where(Invoice.member_id == actor.member_id)
    )
