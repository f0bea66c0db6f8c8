"""Standing on a day, derived from invoices, payments and the tariff's terms, in one statement for one member or all."""

from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from govern.cluster.queries import get_cluster
from govern.dues.models import Instalment, Invoice, Payment, Tariff
from govern.dues.rules import Due, Policy, Standing, label_of, standing
from govern.extensions import db
from govern.kernel.errors import NotFoundError
from govern.members.queries import member_card


def live_on(day: date) -> ColumnElement[bool]:
    """Condition: the invoice is a claim on ``day`` - issued, no credit note, and not answered by one until then."""
    note = aliased(Invoice)
    return and_(
        Invoice.issued_on <= day,
        Invoice.cancels_id.is_(None),
        ~exists().where(note.cancels_id == Invoice.id, note.issued_on <= day),
    )


def agreed_on(day: date) -> ColumnElement[bool]:
    """Condition: the instalment belongs to the plan that holds on ``day``."""
    return and_(Instalment.agreed_on <= day, or_(Instalment.replaced_on.is_(None), Instalment.replaced_on > day))


def paid_by(day: date) -> ColumnElement[bool]:
    """Condition: the payment had come in by ``day`` and was not taken back."""
    return and_(Payment.received_on <= day, or_(Payment.reversed_on.is_(None), Payment.reversed_on > day))


def _facts(on: date, member_id: int | None) -> Any:
    """One row per live instalment (or one with nulls) of each member, with all it paid and the tariff's terms."""
    part = (
        select(
            Invoice.member_id,
            Invoice.kind,
            Invoice.fiscal_year,
            Instalment.id,
            Instalment.due_on,
            Instalment.amount_minor,
            func.row_number().over(partition_by=Instalment.invoice_id, order_by=Instalment.position).label("nth"),
            func.count().over(partition_by=Instalment.invoice_id).label("parts"),
        )
        .join(Instalment, Instalment.invoice_id == Invoice.id)
        .where(live_on(on), agreed_on(on))
    )
    paid = select(Payment.member_id, func.sum(Payment.amount_minor).label("total")).where(paid_by(on))
    if member_id is not None:
        part, paid = part.where(Invoice.member_id == member_id), paid.where(Payment.member_id == member_id)
    parts, sums = part.subquery("part"), paid.group_by(Payment.member_id).subquery("paid")
    newest = select(func.max(Tariff.from_year)).where(Tariff.from_year <= on.year).scalar_subquery()
    columns = [getattr(parts.c, name) for name in ("kind", "fiscal_year", "due_on", "amount_minor", "nth", "parts")]
    statement = (
        select(
            member_card.c.id,
            *columns,
            func.coalesce(sums.c.total, 0).label("paid"),
            Tariff.currency,
            Tariff.suspend_after_days,
            Tariff.exclude_after_days,
        )
        .select_from(member_card)
        .outerjoin(parts, parts.c.member_id == member_card.c.id)
        .outerjoin(sums, sums.c.member_id == member_card.c.id)
        .outerjoin(Tariff, Tariff.from_year == newest)
        .order_by(member_card.c.id, parts.c.due_on, parts.c.id)
    )
    return statement if member_id is None else statement.where(member_card.c.id == member_id)


def _standings(on: date, member_id: int | None) -> dict[int, Standing]:
    found: dict[int, Standing] = {}
    rows = db.session.execute(_facts(on, member_id)).all()
    for key, group in groupby(rows, key=attrgetter("id")):
        parts = list(group)
        first = parts[0]
        dues = [
            Due(label_of(row.kind, row.fiscal_year, row.nth, row.parts), row.due_on, row.amount_minor)
            for row in parts
            if row.due_on is not None
        ]
        found[key] = standing(dues, int(first.paid), _policy(first), on)
    return found


def _policy(row: Any) -> Policy:
    if row.currency is None:
        return Policy(get_cluster().currency)
    return Policy(row.currency, row.suspend_after_days, row.exclude_after_days)


def standing_of(member_id: int, on: date) -> Standing:
    """The member's standing on ``on`` (day of the cluster), in one statement; NotFoundError without such a member."""
    found = _standings(on, member_id)
    if member_id not in found:
        raise NotFoundError
    return found[member_id]


def list_standing(on: date) -> dict[int, Standing]:
    """Standing of every member on ``on``; good where nothing is owed. One statement, however many members."""
    return _standings(on, None)
