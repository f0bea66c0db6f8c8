"""Opening a year, invoices, payments and standing, against both engines."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from govern.dues.actions import (
    adopt_tariff,
    agree_plan,
    cancel_invoice,
    charge_joiner,
    draft_tariff,
    issue_invoices,
    open_year,
    record_payment,
    reissue_invoice,
    reverse_payment,
)
from govern.dues.models import Assessment, Invoice
from govern.dues.queries import (
    InvoiceRow,
    category_cap,
    find_open_invoice,
    list_invoices,
    list_standing,
    standing_of,
    weights,
)
from govern.extensions import db
from govern.kernel.actor import SYSTEM, HatKind, Role
from govern.kernel.errors import InputError, RuleBrokenError
from govern.ledger.queries import balance_of, trial_balance
from govern.ledger.rules import BANK, DUES_INCOME, PREPAYMENTS, RECEIVABLES
from govern.members.actions import report_units
from govern.members.models import UnitReport
from govern.members.rules import MemberStatus
from tests import factories

EUR = 100
STAFF = factories.actor_of(type("Person", (), {"id": 1, "name": "Petra Lund"}), HatKind.STAFF, Role.SECRETARIAT)
# code: (fixed, per unit, cap, unit), and members: (code, category, units), as in the story of the Aurel Coast
SCALES = {
    "HOS": (2000, 12, 8000, "licensed bed"),
    "CLI": (1200, 60, 3000, "licensed room or chair"),
    "PRO": (600, 5, 1500, "affiliated professional"),
    "REC": (1000, 8, 2500, "room"),
    "TOU": (900, 40, 2000, "employee"),
    "GOV": (4000, 0, 4000, ""),
    "KNO": (1500, 0, 1500, ""),
}
UNITS = {
    "HOS": (420, 180, 90, 60),
    "CLI": (6, 14, 8, 10, 4),
    "PRO": (260, 84, 40),
    "REC": (64, 38, 150, 72),
    "TOU": (12, 18, 3),
    "GOV": (0, 0, 0),
    "KNO": (0, 0),
}
BANDS = [(1000 * EUR, 1), (2000 * EUR, 2), (4000 * EUR, 3), (None, 4)]


def tariff(categories, from_year=2026, **given):
    rules = [
        (category, SCALES[code][3], *(amount * EUR for amount in SCALES[code][:3]))
        for code, category in categories.items()
    ]
    values = {"name": "Tariff", "from_year": from_year, "currency": "EUR", "rules": rules, "bands": BANDS}
    return adopt_tariff(SYSTEM, adopted_by="General assembly 2025", **values | given)


@pytest.fixture
def cluster(app, at_d):
    """The 24 members of the story with their units for 2026 and 2027, and the tariff."""
    factories.cluster()
    categories, members = {}, {}
    number = 0
    for code, units in UNITS.items():
        categories[code] = factories.category(code, code, unit=SCALES[code][3])
        for count in units:
            number += 1
            name = f"M{number:02}"
            start_up = name in {"M09", "M19"}
            joined = date(2025 if start_up else 2019, 3, 1)
            members[name] = factories.member(categories[code], name, joined_on=joined, start_up=start_up)
            if count:
                for year in (2026, 2027):
                    db.session.add(UnitReport(member_id=members[name].id, year=year, units=count, reported_on=joined))
    db.session.flush()
    tariff(categories)
    return members, categories


def balances():
    return {row.code: row.balance for row in trial_balance()}


def test_S02_opening_2027_makes_24_assessments_of_53042_and_a_second_run_none(cluster):
    made = open_year(STAFF, 2027)
    assert len(made) == 24
    assert sum(assessment.amount_minor for assessment in made) == 53_042 * EUR
    assert open_year(STAFF, 2027) == []
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 24
    hospital = next(a for a in made if a.member_id == cluster[0]["M02"].id)
    assert "Fixed part 2,000.00" in hospital.computation
    assert "180 licensed beds x 12.00 = 2,160.00" in hospital.computation
    assert "Cap 8,000.00 not reached" in hospital.computation
    assert "No rounding needed" in hospital.computation
    chamber = next(a for a in made if a.member_id == cluster[0]["M10"].id)
    assert "Cap 1,500.00 reached" in chamber.computation
    assert sum(weights(2027).values()) == 59
    assert str(category_cap(2027)) == "1/3"


def test_S02_a_missing_unit_count_stops_the_opening_and_names_the_member(cluster):
    report = db.session.scalar(
        select(UnitReport).where(UnitReport.member_id == cluster[0]["M07"].id, UnitReport.year == 2027)
    )
    db.session.delete(report)
    db.session.flush()
    with pytest.raises(InputError, match="M07 Member M07: no count of licensed rooms or chairs for 2027"):
        open_year(STAFF, 2027)
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 0


def test_an_impossible_unit_count_stops_the_opening_too(cluster):
    report = db.session.scalar(
        select(UnitReport).where(UnitReport.member_id == cluster[0]["M01"].id, UnitReport.year == 2027)
    )
    report.units = -5
    with pytest.raises(InputError, match=r"M01 .*-5 licensed beds for 2027 is not possible"):
        open_year(STAFF, 2027)
    with pytest.raises(RuleBrokenError, match="not possible"):
        report_units(STAFF, cluster[0]["M01"], year=2028, units=-1, reported_on=date(2026, 1, 1))


def test_a_year_without_tariff_is_not_opened(cluster):
    with pytest.raises(RuleBrokenError, match="no tariff for 2020"):
        open_year(STAFF, 2020)


def test_invoices_are_booked_once_and_numbered_without_gaps(cluster):
    members, _categories = cluster
    open_year(STAFF, 2026)
    m19 = members["M19"]
    plan = {m19.id: [(date(2026, 2, 28), 225 * EUR), (date(2026, 6, 23), 225 * EUR)]}
    issued = issue_invoices(STAFF, 2026, issued_on=date(2026, 1, 15), instalments=plan)
    assert [invoice.number for invoice in issued] == [f"2026-{n:04}" for n in range(1, 25)]
    assert issue_invoices(STAFF, 2026, issued_on=date(2026, 1, 16)) == []
    assert balances() == {RECEIVABLES: 53_042 * EUR, DUES_INCOME: -53_042 * EUR}
    rows = {row.member_code: row for row in list_invoices(STAFF)}
    assert len(rows) == 24
    assert isinstance(rows["M19"], InvoiceRow)
    assert (rows["M19"].state, rows["M19"].days_late, rows["M19"].parts) == ("overdue", 265, 2)


def test_instalments_must_sum_to_the_invoice(cluster):
    members, _categories = cluster
    open_year(STAFF, 2026)
    with pytest.raises(RuleBrokenError, match="sum"):
        issue_invoices(
            STAFF, 2026, issued_on=date(2026, 1, 15), instalments={members["M19"].id: [(date(2026, 2, 28), 44900)]}
        )


@pytest.fixture
def billed(cluster):
    open_year(STAFF, 2026)
    members = cluster[0]
    plans = {
        members["M11"].id: [(date(2026, 3, 1), 510 * EUR), (date(2026, 9, 16), 510 * EUR)],
        members["M12"].id: [(date(2026, month, 1), 200 * EUR) for month in (4, 8, 12)]
        + [(date(2027, 2, 1), 200 * EUR)],
        members["M19"].id: [(date(2026, 2, 28), 225 * EUR), (date(2026, 6, 23), 225 * EUR)],
    }
    issue_invoices(STAFF, 2026, issued_on=date(2026, 1, 15), instalments=plans)
    for code, member in members.items():
        amounts = {"M05": 1600, "M11": 510, "M12": 400, "M19": 225}
        owed = find_open_invoice(member.id, 2026).amount_minor
        record_payment(STAFF, member, received_on=date(2026, 2, 20), amount_minor=amounts.get(code, 0) * EUR or owed)
    return members


def test_standing_of_the_story(billed, at_d):
    day = date(2026, 11, 20)
    found = {code: standing_of(member.id, day) for code, member in billed.items()}
    assert {code for code, standing in found.items() if not standing.good} == {"M19"}
    late = found["M19"]
    assert (late.days_overdue, late.owed_minor, late.overdue_minor) == (150, 22500, 22500)
    assert late.reason == (
        "The second 2026 instalment of EUR 225.00 is 150 days late, and the vote is suspended after more than 90 days."
    )
    assert late.way_out == (
        "Pay EUR 225.00 or ask the secretariat for a payment plan; "
        "the right to vote returns the day the payment is recorded."
    )
    assert (found["M11"].good, found["M11"].days_overdue) == (True, 65)
    assert (found["M12"].good, found["M12"].overdue_minor, found["M12"].owed_minor) == (True, 0, 40000)
    assert found["M05"].credit_minor == 4000
    assert list_standing(day) == {billed[code].id: standing for code, standing in found.items()}
    assert sum(votes for key, votes in weights(2026).items() if list_standing(day)[key].good) == 58


def test_F04a_paying_the_day_after_opening_counts_for_the_next_vote(billed, at_d):
    member = billed["M19"]
    record_date = date(2026, 6, 23) + timedelta(days=120)
    assert not standing_of(member.id, record_date).good
    record_payment(STAFF, member, received_on=record_date + timedelta(days=1), amount_minor=225 * EUR)
    assert not standing_of(member.id, record_date).good
    assert standing_of(member.id, record_date + timedelta(days=1)).good


def test_the_vote_is_suspended_after_more_than_90_days_not_on_the_90th(billed):
    member = billed["M19"]
    assert standing_of(member.id, date(2026, 6, 23) + timedelta(days=90)).good
    assert not standing_of(member.id, date(2026, 6, 23) + timedelta(days=91)).good


def test_what_is_paid_too_much_waits_for_the_next_invoice(billed):
    member = billed["M05"]
    assert balance_of(PREPAYMENTS, member_id=member.id) == -4000
    open_year(STAFF, 2027)
    issue_invoices(STAFF, 2027, issued_on=date(2026, 11, 20))
    assert balance_of(PREPAYMENTS, member_id=member.id) == 0
    assert balance_of(RECEIVABLES, member_id=member.id) == 152_000
    assert standing_of(member.id, date(2026, 11, 20)).owed_minor == 152_000


def test_a_cancelled_invoice_is_answered_by_a_credit_note_and_reissued(billed):
    member = billed["M15"]
    wrong = find_open_invoice(member.id, 2026)
    report_units(STAFF, member, year=2026, units=160, reported_on=date(2026, 3, 1))
    note = cancel_invoice(STAFF, wrong, reason="160 rooms, not 150", on=date(2026, 3, 2))
    assert (note.amount_minor, note.number) == (-220_000, "2026-0025")
    assert balance_of(PREPAYMENTS, member_id=member.id) == -220_000
    again = reissue_invoice(STAFF, wrong, issued_on=date(2026, 3, 2))
    assert (again.number, again.amount_minor) == ("2026-0026", 228_000)
    assert balance_of(RECEIVABLES, member_id=member.id) == 8_000
    assert standing_of(member.id, date(2026, 11, 20)).overdue_minor == 8_000
    assert standing_of(member.id, date(2026, 3, 1)).owed_minor == 0
    assert sum(balances().values()) == 0
    with pytest.raises(RuleBrokenError, match="cancelled already"):
        cancel_invoice(STAFF, wrong, reason="again", on=date(2026, 3, 3))
    states = {row.number: row.state for row in list_invoices(STAFF) if row.member_id == member.id}
    assert states == {wrong.number: "cancelled", "2026-0025": "credit_note", "2026-0026": "overdue"}


def test_a_payment_plan_gives_the_vote_back_from_its_day_on(billed):
    member, day = billed["M19"], date(2026, 11, 20)
    invoice = find_open_invoice(member.id, 2026)
    parts = [(date(2026, 2, 28), 22500), (date(2026, 12, 15), 11250), (date(2027, 1, 15), 11250)]
    agree_plan(STAFF, invoice, parts, on=day, document="Letter of 19 Nov 2026")
    assert standing_of(member.id, day).good
    assert not standing_of(member.id, day - timedelta(days=1)).good


def test_a_payment_taken_back_is_owed_again(billed):
    member = billed["M01"]
    payment = record_payment(STAFF, member, received_on=date(2026, 3, 1), amount_minor=5_000)
    assert standing_of(member.id, date(2026, 3, 1)).credit_minor == 5_000
    reverse_payment(STAFF, payment, on=date(2026, 3, 4), reason="Returned by the bank")
    assert standing_of(member.id, date(2026, 3, 4)).credit_minor == 0
    assert balance_of(PREPAYMENTS, member_id=member.id) == 0
    assert balance_of(RECEIVABLES, member_id=member.id) == 0
    assert balance_of(BANK) == sum(-row.balance for row in trial_balance() if row.code != BANK)
    with pytest.raises(RuleBrokenError, match="already"):
        reverse_payment(STAFF, payment, on=date(2026, 3, 5), reason="Twice")


def test_F04b_a_joiner_after_1_july_pays_half_and_a_whole_joining_fee(cluster):
    _members, categories = cluster
    studio = factories.member(
        categories["CLI"], "M25", "Bright Arch Dental Studio", joined_on=date(2026, 7, 15), status=MemberStatus.ADMITTED
    )
    report_units(STAFF, studio, year=2026, units=5, reported_on=date(2026, 7, 1))
    dues, joining = charge_joiner(STAFF, studio, issued_on=date(2026, 11, 9))
    assert (dues.amount_minor, joining.amount_minor) == (750 * EUR, 1500 * EUR)
    assert (dues.kind, joining.kind) == ("dues", "joining")
    with pytest.raises(RuleBrokenError, match="already"):
        charge_joiner(STAFF, studio, issued_on=date(2026, 11, 9))


def test_S01_a_weight_table_that_lets_one_category_dominate_is_refused(cluster):
    _members, categories = cluster
    rules = [
        (category, SCALES[code][3], *(amount * EUR for amount in SCALES[code][:3]))
        for code, category in categories.items()
    ]
    draft = {
        "name": "Tariff 2028",
        "from_year": 2028,
        "currency": "EUR",
        "rules": rules,
        "adopted_by": "draft",
        "as_of": date(2026, 11, 20),
    }
    with pytest.raises(RuleBrokenError, match=r"HOS would hold \d+ of \d+ votes.*1/3"):
        draft_tariff(STAFF, bands=[(2500 * EUR, 1), (None, 9)], **draft)
    assert draft_tariff(STAFF, bands=BANDS, **draft).from_year == 2028


def test_invoices_are_private(billed, at_d):
    member = billed["M06"]
    contact = factories.actor_of(
        factories.delegate(member, role=Role.DUES_CONTACT), HatKind.MEMBER, Role.DUES_CONTACT, member_id=member.id
    )
    assert {row.member_id for row in list_invoices(contact)} == {member.id}
    for role in (Role.TREASURER, Role.AUDITOR):
        assert len(list_invoices(factories.actor_of(factories.user(), HatKind.OFFICE, role))) == 24
    for hat, role in ((HatKind.LIAISON, Role.LIAISON), (HatKind.OFFICE, Role.OBSERVER), (HatKind.SEAT, Role.SEAT)):
        assert list_invoices(factories.actor_of(factories.user(), hat, role)) == []


def test_the_database_and_the_rule_allocate_alike(billed):
    day = date(2026, 11, 20)
    rows = list_invoices(STAFF, on=day)
    for member in billed.values():
        mine = [row for row in rows if row.member_id == member.id]
        standing = standing_of(member.id, day)
        assert sum(row.open_minor for row in mine) == standing.owed_minor
        assert sum(row.overdue_minor for row in mine) == standing.overdue_minor
        assert max(row.days_late for row in mine) == standing.days_overdue


def test_pages_of_the_list_follow_each_other(billed):
    whole = list_invoices(STAFF)
    first = list_invoices(STAFF, limit=10)
    last = first[-1]
    second = list_invoices(STAFF, cursor=(last.settled, last.due_on, last.id), limit=10)
    assert [row.id for row in first + second] == [row.id for row in whole[:20]]
    back = list_invoices(STAFF, cursor=(second[0].settled, second[0].due_on, second[0].id), backwards=True, limit=10)
    assert [row.id for row in back][::-1] == [row.id for row in first]
    assert db.session.scalar(select(func.count()).select_from(Invoice)) == 24
