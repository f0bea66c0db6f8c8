"""Payments, and the standing order of the books: what is paid too much waits as a prepayment."""

from datetime import date

from sqlalchemy import text

from govern.audit.actions import record
from govern.cluster.queries import get_cluster
from govern.dues.models import Payment
from govern.extensions import db
from govern.kernel.actor import Actor
from govern.kernel.errors import RuleBrokenError
from govern.ledger.actions import post_entry
from govern.ledger.queries import balance_of
from govern.ledger.rules import BANK, PREPAYMENTS, RECEIVABLES, LegDraft
from govern.members.queries import Member

# Any number will do; it only has to be the same in every worker.
_BOOKS_LOCK = 622_006_963


def book_alone() -> None:
    """From here to the end of the transaction nobody else books dues.

    On PostgreSQL two requests would otherwise read the same balance or the same unbilled year, and both book it; on
    SQLite the write lock is enough.
    """
    if db.engine.dialect.name != "sqlite":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _BOOKS_LOCK})


def record_payment(
    actor: Actor, member: Member, *, received_on: date, amount_minor: int, reference: str = ""
) -> Payment:
    """Money received from or for ``member`` on ``received_on`` (day of the cluster), in the cluster's currency.

    It settles what is due oldest first; what is left over stays as credit for the next invoice.
    """
    if amount_minor <= 0:
        raise RuleBrokenError("A payment is an amount above 0.")
    book_alone()
    currency = get_cluster().currency
    owed = max(0, balance_of(RECEIVABLES, member_id=member.id))
    against = min(owed, amount_minor)
    legs = [
        LegDraft(BANK, amount_minor),
        LegDraft(RECEIVABLES, -against, member.id),
        LegDraft(PREPAYMENTS, against - amount_minor, member.id),
    ]
    entry = post_entry(
        actor,
        booked_on=received_on,
        text=f"Payment by {member.name}",
        source=reference or "payment",
        currency=currency,
        legs=[leg for leg in legs if leg.minor],
    )
    payment = Payment(
        member_id=member.id,
        received_on=received_on,
        amount_minor=amount_minor,
        currency=currency,
        reference=reference,
        entry_id=entry.id,
    )
    db.session.add(payment)
    db.session.flush()
    after = {"member": member.code, "on": received_on, "amount_minor": amount_minor, "reference": reference}
    record(actor, "payment.recorded", "payment", payment.id, after=after)
    return payment


def reverse_payment(actor: Actor, payment: Payment, *, on: date, reason: str) -> None:
    """Take a payment back from ``on``: returned by the bank, or recorded wrongly. Another entry answers its entry."""
    book_alone()
    db.session.refresh(payment)
    if payment.reversed_on is not None:
        raise RuleBrokenError("This payment was taken back already.")
    if on < payment.received_on:
        raise RuleBrokenError("A payment cannot be taken back before it was received.")
    if not reason.strip():
        raise RuleBrokenError("Say why the payment is taken back.")
    entry = post_entry(
        actor,
        booked_on=on,
        text=f"Payment taken back: {reason}",
        source=f"payment {payment.id}",
        currency=payment.currency,
        legs=[LegDraft(BANK, -payment.amount_minor), LegDraft(RECEIVABLES, payment.amount_minor, payment.member_id)],
    )
    payment.reversed_on = on
    payment.reversal_entry_id = entry.id
    db.session.flush()
    settle(actor, payment.member_id, on=on, currency=payment.currency)
    record(actor, "payment.reversed", "payment", payment.id, after={"on": on, "reason": reason})


def settle(actor: Actor, member_id: int, *, on: date, currency: str) -> None:
    """Move a member's credit where it belongs: to what it owes, or, after a credit note, from there to prepayments."""
    owed = balance_of(RECEIVABLES, member_id=member_id)
    credit = -balance_of(PREPAYMENTS, member_id=member_id)
    move = owed if owed < 0 else min(owed, credit)
    if move == 0:
        return
    post_entry(
        actor,
        booked_on=on,
        text="Credit set against what is owed" if move > 0 else "Credit kept for the next invoice",
        source="settlement",
        currency=currency,
        legs=[LegDraft(PREPAYMENTS, move, member_id), LegDraft(RECEIVABLES, -move, member_id)],
    )
