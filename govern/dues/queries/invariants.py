"""What ``govern check`` verifies of dues: numbers, sums, one assessment each, and that books and dues say the same."""

from collections import defaultdict

from sqlalchemy import case, func, select

from govern.dues.models import Assessment, Instalment, Invoice, Payment
from govern.dues.queries.invoices import CREDIT_NOTE, DUES
from govern.dues.rules import lines_of
from govern.extensions import db
from govern.kernel.findings import Finding
from govern.ledger.queries import balances_by_member
from govern.ledger.rules import PREPAYMENTS, RECEIVABLES


def check_numbers() -> Finding:
    """Invoice numbers of a year run from 1 without a gap."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for year, sequence in db.session.execute(select(Invoice.year, Invoice.sequence).order_by(Invoice.sequence)):
        numbers[year].append(sequence)
    faults = [
        f"Invoice numbers of {year}: {', '.join(f'{year}-{n:04}' for n in sorted(missing))} missing."
        for year, found in sorted(numbers.items())
        if (missing := set(range(1, found[-1] + 1)) - set(found))
    ]
    return Finding("dues: invoice numbers without gaps", sum(map(len, numbers.values())), tuple(faults))


def check_instalments() -> Finding:
    """The instalments of every plan of an invoice sum to the invoice, and one plan of each is in force."""
    statement = (
        select(
            Invoice.number,
            Invoice.amount_minor,
            Instalment.plan,
            func.sum(Instalment.amount_minor),
            func.sum(case((Instalment.replaced_on.is_(None), 1), else_=0)),
        )
        .outerjoin(Instalment, Instalment.invoice_id == Invoice.id)
        .group_by(Invoice.id, Invoice.number, Invoice.amount_minor, Instalment.plan)
        .order_by(Invoice.id, Instalment.plan)
    )
    rows = db.session.execute(statement).all()
    faults = [
        f"Invoice {number} asks for {amount}, the instalments of its plan {plan} for {total or 0} minor units."
        for number, amount, plan, total, _open in rows
        if total != amount
    ]
    in_force: dict[str, int] = defaultdict(int)
    for number, _amount, _plan, _total, standing in rows:
        in_force[number] += 1 if standing else 0
    faults += [
        f"Invoice {number} has {count} payment plans in force." for number, count in in_force.items() if count != 1
    ]
    return Finding("dues: instalments that sum to their invoice", len(rows), tuple(faults))


def check_assessments() -> Finding:
    """One assessment per member and year whose lines sum to its amount, and at most one live invoice for it."""
    rows = db.session.execute(
        select(Assessment.member_id, Assessment.year, Assessment.amount_minor, Assessment.computation)
    ).all()
    seen: dict[tuple[int, int], int] = defaultdict(int)
    faults = []
    for member_id, year, amount, computation in rows:
        seen[member_id, year] += 1
        if sum(line.minor or 0 for line in lines_of(computation)) != amount:
            faults.append(
                f"The assessment of member {member_id} for {year} says {amount}, its lines sum to another amount."
            )
    faults += [f"Member {key[0]} has {count} assessments for {key[1]}." for key, count in seen.items() if count > 1]
    cancelled = select(Invoice.cancels_id).where(Invoice.cancels_id.is_not(None))
    twice = (
        select(Invoice.member_id, Invoice.fiscal_year, func.count())
        .where(Invoice.kind == DUES, Invoice.id.not_in(cancelled))
        .group_by(Invoice.member_id, Invoice.fiscal_year)
        .having(func.count() > 1)
        .order_by(Invoice.member_id, Invoice.fiscal_year)
    )
    faults += [f"Member {m} has {count} live invoices for {year}." for m, year, count in db.session.execute(twice)]
    return Finding("dues: one assessment per member and year", len(rows), tuple(faults))


def check_balances() -> Finding:
    """What the books say a member owes or has in credit is what its invoices and payments say."""
    owed: dict[int, int] = defaultdict(int)
    for member_id, total in db.session.execute(
        select(Invoice.member_id, func.sum(Invoice.amount_minor)).group_by(Invoice.member_id)
    ):
        owed[member_id] += int(total)
    for member_id, total in db.session.execute(
        select(Payment.member_id, func.sum(Payment.amount_minor))
        .where(Payment.reversed_on.is_(None))
        .group_by(Payment.member_id)
    ):
        owed[member_id] -= int(total)
    receivables, prepayments = balances_by_member(RECEIVABLES), balances_by_member(PREPAYMENTS)
    members = sorted({*owed, *receivables, *prepayments})
    faults = [
        f"Member {key}: invoices and payments leave {owed[key]} open, the books say {receivables.get(key, 0)} owed "
        f"and {-prepayments.get(key, 0)} in credit."
        for key in members
        if (receivables.get(key, 0), prepayments.get(key, 0)) != (max(owed[key], 0), min(owed[key], 0))
    ]
    return Finding("dues: balances of members as the books say", len(members), tuple(faults))


def check_credit_notes() -> Finding:
    """A credit note takes back exactly the invoice it answers."""
    notes = db.session.execute(
        select(Invoice.number, Invoice.amount_minor, Invoice.cancels_id).where(Invoice.kind == CREDIT_NOTE)
    ).all()
    answered = select(Invoice.id, Invoice.amount_minor).where(Invoice.id.in_([note.cancels_id for note in notes]))
    amounts = {row.id: row.amount_minor for row in db.session.execute(answered)}
    faults = [
        f"Credit note {note.number} over {note.amount_minor} does not answer its invoice."
        for note in notes
        if amounts.get(note.cancels_id) != -note.amount_minor
    ]
    return Finding("dues: credit notes that answer their invoice", len(notes), tuple(faults))


CHECKS = (check_numbers, check_instalments, check_assessments, check_balances, check_credit_notes)
"""What ``govern check`` verifies of dues."""
