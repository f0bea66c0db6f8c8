"""Invoices: issued with gapless numbers, cancelled by credit notes, paid by agreed instalments."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, insert, select, update

from govern.audit.actions import record
from govern.cluster.actions import draw_number
from govern.dues.actions.payments import book_alone, settle
from govern.dues.actions.tariffs import assess, lines_text, reassess
from govern.dues.models import Assessment, Instalment, Invoice, Tariff
from govern.dues.queries.invoices import CREDIT_NOTE, DUES, JOINING, find_open_invoice, list_billed
from govern.dues.queries.standing import agreed_on
from govern.dues.queries.tariffs import (
    find_assessment,
    find_payer,
    list_assessments,
    list_scales,
    tariff_of_year,
    terms_of,
)
from govern.dues.rules import check_instalments, due_day, joining_fee
from govern.extensions import db
from govern.kernel.actor import Actor
from govern.kernel.errors import RuleBrokenError
from govern.ledger.actions import post_entry, reverse_entry
from govern.ledger.queries import get_entry
from govern.ledger.rules import DUES_INCOME, JOINING_FEES, RECEIVABLES, LegDraft
from govern.members.queries import Member, get_member

Parts = Sequence[tuple[date, int]]
"""(due day, minor units) of each instalment."""
INCOME_OF = {DUES: DUES_INCOME, JOINING: JOINING_FEES}


def issue_invoices(
    actor: Actor, year: int, *, issued_on: date, instalments: Mapping[int, Parts] | None = None
) -> list[Invoice]:
    """An invoice for every assessment of ``year`` that has none and asks for something; returns the new ones.

    ``instalments``: member id -> parts, for members that pay in several; all others owe the whole on the tariff's due
    day. Numbers are drawn for the year of ``issued_on``, without gaps. A second run issues nothing.
    """
    book_alone()
    billed, plans = list_billed(year), instalments or {}
    tariff = tariff_of_year(year)
    return [
        _issue_dues(actor, tariff, assessment, issued_on, plans.get(assessment.member_id))
        for assessment in list_assessments(year)
        if assessment.member_id not in billed and assessment.amount_minor
    ]


def _issue_dues(
    actor: Actor, tariff: Tariff, assessment: Assessment, issued_on: date, parts: Parts | None = None
) -> Invoice:
    year = assessment.year
    due_on = due_day(year, tariff.due_month, tariff.due_day, issued_on)
    return _issue(
        actor,
        assessment.member_id,
        kind=DUES,
        year=year,
        text=f"Dues {year}",
        issued_on=issued_on,
        parts=parts or [(due_on, assessment.amount_minor)],
        amount_minor=assessment.amount_minor,
        currency=tariff.currency,
        computation=assessment.computation,
    )


def _issue(  # noqa: PLR0913 - the fields of an invoice
    actor: Actor,
    member_id: int,
    *,
    kind: str,
    year: int,
    text: str,
    issued_on: date,
    parts: Parts,
    amount_minor: int,
    currency: str,
    computation: str,
) -> Invoice:
    check_instalments(parts, amount_minor, issued_on)
    legs = [LegDraft(RECEIVABLES, amount_minor, member_id), LegDraft(INCOME_OF[kind], -amount_minor, member_id)]
    sequence, number = _draw(issued_on)
    entry = post_entry(
        actor, booked_on=issued_on, text=f"{text}, invoice {number}", source=number, currency=currency, legs=legs
    )
    invoice = Invoice(
        number=number,
        year=issued_on.year,
        sequence=sequence,
        member_id=member_id,
        fiscal_year=year,
        kind=kind,
        text=text,
        issued_on=issued_on,
        amount_minor=amount_minor,
        currency=currency,
        computation=computation,
        entry_id=entry.id,
    )
    db.session.add(invoice)
    db.session.flush()
    _add_parts(invoice, parts, plan=1, agreed=issued_on)
    after = {"number": number, "member": member_id, "amount_minor": amount_minor, "due": list(parts)}
    record(actor, "invoice.issued", "invoice", invoice.id, after=after)
    settle(actor, member_id, on=issued_on, currency=currency)
    return invoice


def _draw(issued_on: date) -> tuple[int, str]:
    sequence = draw_number("invoice", issued_on.year)
    return sequence, f"{issued_on.year}-{sequence:04}"


def _add_parts(invoice: Invoice, parts: Parts, *, plan: int, agreed: date) -> None:
    db.session.execute(
        insert(Instalment),
        [
            {
                "invoice_id": invoice.id,
                "plan": plan,
                "position": position,
                "due_on": due_on,
                "amount_minor": minor,
                "agreed_on": agreed,
            }
            for position, (due_on, minor) in enumerate(parts, 1)
        ],
    )


def cancel_invoice(actor: Actor, invoice: Invoice, *, reason: str, on: date) -> Invoice:
    """Answer ``invoice`` with a credit note of the opposite amount, which is returned. Nothing is edited or deleted.

    RuleBrokenError without a reason, for a credit note, or when it is cancelled already.
    """
    book_alone()
    if invoice.kind == CREDIT_NOTE:
        raise RuleBrokenError("A credit note is not cancelled. Issue a new invoice instead.")
    if _is_cancelled(invoice):
        raise RuleBrokenError(f"Invoice {invoice.number} is cancelled already.")
    if not reason.strip():
        raise RuleBrokenError("Say why the invoice is cancelled; the reason stands on the credit note.")
    if on < invoice.issued_on:
        raise RuleBrokenError("An invoice cannot be cancelled before it was issued.")
    sequence, number = _draw(on)
    entry = reverse_entry(
        actor,
        get_entry(invoice.entry_id),
        booked_on=on,
        text=f"Credit note {number} for {invoice.number}: {reason}",
        currency=invoice.currency,
    )
    note = Invoice(
        number=number,
        year=on.year,
        sequence=sequence,
        member_id=invoice.member_id,
        fiscal_year=invoice.fiscal_year,
        kind=CREDIT_NOTE,
        text=reason,
        issued_on=on,
        amount_minor=-invoice.amount_minor,
        currency=invoice.currency,
        cancels_id=invoice.id,
        entry_id=entry.id,
    )
    db.session.add(note)
    db.session.flush()
    _add_parts(note, [(on, note.amount_minor)], plan=1, agreed=on)
    record(actor, "invoice.cancelled", "invoice", invoice.id, after={"credit_note": number, "reason": reason})
    settle(actor, invoice.member_id, on=on, currency=invoice.currency)
    return note


def reissue_invoice(actor: Actor, invoice: Invoice, *, issued_on: date) -> Invoice:
    """After ``cancel_invoice``: assess the member again from what is declared now, and issue the right invoice."""
    book_alone()
    if find_open_invoice(invoice.member_id, invoice.fiscal_year) is not None:
        raise RuleBrokenError(f"Invoice {invoice.number} still stands. Cancel it first.")
    reassess(actor, get_member(invoice.member_id), invoice.fiscal_year, reason=f"Replaces invoice {invoice.number}")
    assessment = find_assessment(invoice.member_id, invoice.fiscal_year)
    if assessment is None or not assessment.amount_minor:
        raise RuleBrokenError("Nothing is owed for this year, so no invoice is issued.")
    return _issue_dues(actor, tariff_of_year(assessment.year), assessment, issued_on)


def charge_joiner(actor: Actor, member: Member, *, issued_on: date) -> list[Invoice]:
    """Ask a new member for its first year's dues (half when it joins late) and the joining fee (domain.md F04b).

    Both are due 30 days after ``issued_on``; a member without a day of joining joins on that day. RuleBrokenError when
    it was charged already, InputError when its data do not allow an assessment.
    """
    book_alone()
    year = issued_on.year
    tariff = tariff_of_year(year)
    if find_open_invoice(member.id, year) is not None or find_open_invoice(member.id, year, JOINING) is not None:
        raise RuleBrokenError(f"{member.name} was charged for {year} already.")
    payer = find_payer(member.id, year)
    payer = payer if payer.joined_on else replace(payer, joined_on=issued_on)
    scales, terms = list_scales(tariff), terms_of(tariff)
    assessment = find_assessment(member.id, year) or assess(actor, tariff, payer, year)
    invoices = [_issue_dues(actor, tariff, assessment, issued_on)] if assessment.amount_minor else []
    fee = joining_fee(payer, scales[payer.category_id], year, terms, tariff.joining_fees)
    if fee.amount_minor:
        due_on = due_day(year, 1, 1, issued_on)
        invoices.append(
            _issue(
                actor,
                member.id,
                kind=JOINING,
                year=year,
                text=f"Joining fee {year}",
                issued_on=issued_on,
                parts=[(due_on, fee.amount_minor)],
                amount_minor=fee.amount_minor,
                currency=tariff.currency,
                computation=lines_text(fee),
            )
        )
    return invoices


def agree_plan(actor: Actor, invoice: Invoice, parts: Parts, *, on: date, document: str) -> None:
    """Replace the instalments of a live invoice from ``on`` by ``parts``, agreed in ``document`` (a payment plan).

    What was paid stays paid: the parts sum to the whole invoice, so name what is settled as the first of them.
    """
    if invoice.kind == CREDIT_NOTE or _is_cancelled(invoice):
        raise RuleBrokenError(f"Invoice {invoice.number} asks for nothing any more.")
    if not document.strip():
        raise RuleBrokenError("Name the document that agrees the plan.")
    check_instalments(parts, invoice.amount_minor, invoice.issued_on)
    current = Instalment.invoice_id == invoice.id, agreed_on(on)
    before = db.session.execute(
        select(Instalment.due_on, Instalment.amount_minor).where(*current).order_by(Instalment.position)
    ).all()
    plans = db.session.scalars(select(func.max(Instalment.plan)).where(Instalment.invoice_id == invoice.id)).one()
    db.session.execute(update(Instalment).where(*current).values(replaced_on=on))
    _add_parts(invoice, parts, plan=plans + 1, agreed=on)
    record(
        actor,
        "invoice.rescheduled",
        "invoice",
        invoice.id,
        before={"due": [tuple(row) for row in before]},
        after={"due": list(parts), "on": on, "document": document},
    )


def _is_cancelled(invoice: Invoice) -> bool:
    return db.session.scalar(select(Invoice.id).where(Invoice.cancels_id == invoice.id)) is not None
