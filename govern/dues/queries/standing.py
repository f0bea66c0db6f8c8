"""Standing on a day, derived from invoices, payments and the tariff's terms: a fixed number of statements."""

from collections import defaultdict
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from govern.cluster.queries import get_cluster
from govern.dues.models import Instalment, Invoice, Payment
from govern.dues.queries.tariffs import find_tariff
from govern.dues.rules import Due, Policy, Standing, label_of, standing
from govern.extensions import db
from govern.members.queries import list_member_ids


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


def policy_of(year: int) -> Policy:
    """What the tariff of ``year`` says about late payment; the usual terms before the first tariff."""
    tariff = find_tariff(year)
    if tariff is None:
        return Policy(get_cluster().currency)
    return Policy(tariff.currency, tariff.suspend_after_days, tariff.exclude_after_days)


def _dues(on: date, member_id: int | None) -> dict[int, list[Due]]:
    statement = (
        select(
            Invoice.member_id,
            Invoice.kind,
            Invoice.fiscal_year,
            Instalment.due_on,
            Instalment.amount_minor,
            func.row_number().over(partition_by=Instalment.invoice_id, order_by=Instalment.position).label("nth"),
            func.count().over(partition_by=Instalment.invoice_id).label("parts"),
        )
        .join(Instalment, Instalment.invoice_id == Invoice.id)
        .where(live_on(on), agreed_on(on))
        .order_by(Invoice.member_id, Instalment.due_on, Instalment.id)
    )
    if member_id is not None:
        statement = statement.where(Invoice.member_id == member_id)
    found: dict[int, list[Due]] = defaultdict(list)
    for row in db.session.execute(statement):
        what = label_of(row.kind, row.fiscal_year, row.nth, row.parts)
        found[row.member_id].append(Due(what, row.due_on, row.amount_minor))
    return found


def _paid(on: date, member_id: int | None) -> dict[int, int]:
    statement = select(Payment.member_id, func.sum(Payment.amount_minor)).where(paid_by(on)).group_by(Payment.member_id)
    if member_id is not None:
        statement = statement.where(Payment.member_id == member_id)
    return {key: int(total) for key, total in db.session.execute(statement)}


def standing_of(member_id: int, on: date) -> Standing:
    """The member's standing on ``on`` (day of the cluster)."""
    dues, paid = _dues(on, member_id), _paid(on, member_id)
    return standing(dues.get(member_id, []), paid.get(member_id, 0), policy_of(on.year), on)


def list_standing(on: date) -> dict[int, Standing]:
    """Standing of every member on ``on``; good where nothing is owed. Four statements, however many members."""
    dues, paid, policy = _dues(on, None), _paid(on, None), policy_of(on.year)
    return {key: standing(dues.get(key, []), paid.get(key, 0), policy, on) for key in list_member_ids()}
