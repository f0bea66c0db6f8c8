"""The pages of dues: the ledger, our dues, a year opened after its preview, payments, plans, cancelling, tariffs."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import func, select

from govern.dues.actions import adopt_tariff, issue_invoices, open_year, record_payment
from govern.dues.models import Assessment, Invoice, Payment, Tariff
from govern.dues.queries import needs_you, standing_of
from govern.extensions import db
from govern.kernel.actor import SYSTEM, HatKind, Role
from govern.members.actions import report_units
from govern.members.models import Member
from govern.members.rules import MemberStatus
from tests import factories

TODAY = date(2026, 11, 20)


@pytest.fixture
def keys(app, at_d):
    """Two clinics billed for 2026, the second of them late; keys of what the tests open."""
    return billed(2)


def billed(count):
    factories.cluster()
    clinics = factories.category("CLI", "Clinics", factories.college(), unit="licensed room or chair")
    rules = [(clinics, clinics.unit, 1200_00, 60_00, 3000_00)]
    bands = [(1000_00, 1), (2000_00, 2), (None, 3)]
    adopt_tariff(
        SYSTEM, name="Tariff 2026", from_year=2026, currency="EUR", rules=rules, bands=bands, adopted_by="2025-007"
    )
    members = [factories.member(clinics, f"M{n:03}", f"Clinic {n:03}") for n in range(1, count + 1)]
    for member in members:
        for year in (2026, 2027):
            report_units(SYSTEM, member, year=year, units=6, reported_on=date(2025, 12, 1))
    open_year(SYSTEM, 2026)
    invoices = issue_invoices(SYSTEM, 2026, issued_on=date(2026, 1, 10))
    for member in members[::2]:
        record_payment(SYSTEM, member, received_on=date(2026, 2, 1), amount_minor=1560_00, reference="=cmd")
    found = {"staff": factories.staff(), "good": members[0], "late": members[-1], "invoice": invoices[-1]}
    found["contact"] = factories.delegate(members[-1], role=Role.DUES_CONTACT)
    return {name: row.id for name, row in found.items()}


def browse(app, user, hat="staff"):
    return app.test_client().as_user(user, hat)


def test_the_ledger_shows_figures_ages_and_states(app, keys):
    text = browse(app, keys["staff"]).get("/dues/").text
    assert "3,120.00" in text
    assert "50.0% of invoiced" in text
    assert "265 days late" in text
    assert "vote suspended" in text
    assert "Clinic 001" in text
    overdue = browse(app, keys["staff"]).get("/dues/?show=overdue").text
    assert "Clinic 002" in overdue
    assert "Clinic 001" not in overdue
    assert "No invoice matches" in browse(app, keys["staff"]).get("/dues/?q=nobody").text
    assert "No invoice was issued for this year" in browse(app, keys["staff"]).get("/dues/?year=2020").text
    assert browse(app, keys["staff"]).get("/dues/?before=nonsense&year=all").status_code == 200


def test_the_list_is_also_a_fragment_and_a_file(app, keys):
    client = browse(app, keys["staff"])
    fragment = client.get("/dues/", headers={"HX-Request": "true"}).text
    assert fragment.strip().startswith('<div id="list">')
    db.session.execute(db.update(Member).where(Member.id == keys["late"]).values(name="=1+1"))
    answer = client.get("/dues/export.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["member"], row["amount"], row["open"], row["state"]) for row in rows] == [
        ("M002", "1560.00", "1560.00", "overdue"),
        ("M001", "1560.00", "0.00", "paid"),
    ]
    assert rows[0]["name"] == "'=1+1"


def test_a_member_sees_what_it_owes_and_why_and_nobody_elses(app, keys):
    client = browse(app, keys["contact"], f"member:{keys['late']}")
    text = client.get("/dues/mine").text
    assert "You cannot vote until this is paid" in text
    assert "6 licensed rooms or chairs x 60.00 = 360.00" in text
    assert "These dues give us 2 votes" in text
    assert "Clinic 001" not in text
    assert "6 licensed rooms or chairs" in client.get(f"/dues/invoices/{keys['invoice']}").text
    other = db.session.scalar(select(Invoice.id).where(Invoice.member_id == keys["good"]))
    assert client.get(f"/dues/invoices/{other}").status_code == 403
    assert client.get("/dues/").status_code == 403
    assert client.get("/dues/tariffs").status_code == 200


def test_what_is_late_needs_the_people_who_pay(app, keys):
    member = db.session.get(Member, keys["late"])
    person = factories.user()
    for role, count in ((Role.DUES_CONTACT, 1), (Role.DELEGATE, 1)):
        actor = factories.actor_of(person, HatKind.MEMBER, role, member_id=member.id)
        rows = db.session.execute(needs_you(actor)).all()
        assert [(row.kind, row.title, row.due_on) for row in rows] == [
            ("invoice", "Dues 2026", date(2026, 2, 28))
        ] * count
    assert needs_you(factories.actor_of(person, HatKind.MEMBER, Role.MEMBER_ADMIN, member_id=member.id)) is None
    good = factories.actor_of(person, HatKind.MEMBER, Role.DELEGATE, member_id=keys["good"])
    assert db.session.execute(needs_you(good)).all() == []


def test_a_year_is_previewed_opened_and_invoiced(app, keys):
    client = browse(app, keys["staff"])
    assert client.get("/dues/years").location.endswith("/dues/years/2027")
    preview = client.get("/dues/years/2027").text
    assert "To be assessed: EUR\u00a03,120.00" in preview
    assert "Open 2027 with 2 assessments" in preview
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 2
    assert client.post("/dues/years/2027/open").status_code == 303
    assert "Issue 2 invoices" in client.get("/dues/years/2027").text
    assert client.post("/dues/years/2027/invoices", data={"issued_on": ""}).status_code == 422
    assert client.post("/dues/years/2027/invoices", data={"issued_on": "2026-11-20"}).status_code == 303
    assert "2026-0004" in client.get("/dues/years/2027").text
    assert "no tariff" in client.get("/dues/years/2020").text


def test_a_year_with_missing_data_names_the_member_and_stays_closed(app, keys):
    db.session.execute(db.text("DELETE FROM unit_report WHERE year = 2027 AND member_id = :id"), {"id": keys["late"]})
    client = browse(app, keys["staff"])
    assert "M002 Clinic 002: no count of licensed rooms or chairs for 2027" in client.get("/dues/years/2027").text
    refused = client.post("/dues/years/2027/open")
    assert refused.status_code == 422
    assert "M002 Clinic 002: no count" in refused.text
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 2


def test_a_payment_is_recorded_by_invoice_number_or_code_and_taken_back(app, keys):
    client = browse(app, keys["staff"])
    assert 'value="1560.00"' in client.get("/dues/payments/new?invoice=2026-0002").text
    typed = {"member": "2026-0002", "amount": "1,000.00", "received_on": "2026-11-20", "reference": "bank"}
    assert client.post("/dues/payments/new", data=typed).status_code == 303
    assert client.post("/dues/payments/new", data=typed | {"member": "M002", "amount": "560"}).status_code == 303
    assert standing_of(keys["late"], TODAY).good
    for wrong in ({"member": "M999"}, {"amount": "ten"}, {"amount": "0"}, {"amount": "1.234"}, {"received_on": ""}):
        assert client.post("/dues/payments/new", data=typed | wrong).status_code == 422
    payment = db.session.scalar(select(func.max(Payment.id)))
    assert client.get(f"/dues/payments/{payment}/reverse").status_code == 200
    back = {"on": "2026-11-20", "reason": "Returned by the bank"}
    assert client.post(f"/dues/payments/{payment}/reverse", data=back).status_code == 303
    assert client.post(f"/dues/payments/{payment}/reverse", data=back).status_code == 422
    assert standing_of(keys["late"], TODAY).owed_minor == 560_00


def test_a_payment_plan_is_typed_line_by_line(app, keys):
    client, address = browse(app, keys["staff"]), f"/dues/invoices/{keys['invoice']}/plan"
    assert "2026-02-28 1560.00" in client.get(address).text
    typed = {"on": "2026-11-20", "document": "Letter", "parts": "2026-12-31 780.00\n2027-01-31 780.00"}
    assert client.post(address, data=typed | {"parts": "tomorrow 5"}).status_code == 422
    assert client.post(address, data=typed | {"parts": "2026-12-31 780.00"}).status_code == 422
    assert client.post(address, data=typed).status_code == 303
    assert standing_of(keys["late"], TODAY).good
    assert "2 of 2" in client.get(f"/dues/invoices/{keys['invoice']}").text


def test_an_invoice_is_cancelled_and_issued_again(app, keys):
    client, base = browse(app, keys["staff"]), f"/dues/invoices/{keys['invoice']}"
    assert client.get(f"{base}/cancel").status_code == 200
    typed = {"on": "2026-11-20", "reason": "7 chairs, not 6"}
    assert client.post(f"{base}/cancel", data=typed | {"reason": ""}).status_code == 422
    assert client.post(f"{base}/cancel", data=typed).status_code == 303
    text = client.get(base).text
    assert "2026-0003" in text
    assert "Issue it again" in text
    note = db.session.scalar(select(Invoice.id).where(Invoice.number == "2026-0003"))
    assert "This credit note answers invoice" in client.get(f"/dues/invoices/{note}").text
    assert client.get(f"{base}/reissue").status_code == 200
    answer = client.post(f"{base}/reissue", data={"issued_on": "2026-11-20"})
    assert "Invoice 2026-0004" in client.get(answer.location).text
    assert client.post(f"{base}/reissue", data={"issued_on": "2026-11-20"}).status_code == 422


def test_a_new_member_is_charged_once(app, keys):
    clinic = db.session.get(Member, keys["late"]).category_id
    values = {"joined_on": date(2026, 11, 9), "status": MemberStatus.ADMITTED}
    studio = factories.add(Member(code="M900", name="Bright Arch", category_id=clinic, **values))
    report_units(SYSTEM, studio, year=2026, units=5, reported_on=TODAY)
    key, client = studio.id, browse(app, keys["staff"])
    assert "First dues" in client.get(f"/members/{key}").text
    assert client.get(f"/dues/joiners/{key}").status_code == 200
    assert client.post(f"/dues/joiners/{key}", data={"issued_on": "2026-11-20"}).status_code == 303
    assert client.post(f"/dues/joiners/{key}", data={"issued_on": "2026-11-20"}).status_code == 422
    assert standing_of(key, TODAY).owed_minor == 750_00 + 1500_00


def test_S01_a_tariff_that_lets_one_category_dominate_is_refused_with_its_figures(app, keys):
    client = browse(app, keys["staff"])
    assert "CLI 1200.00 60.00 3000.00" in client.get("/dues/tariffs/new").text
    typed = {
        "name": "Tariff 2027",
        "from_year": "2027",
        "adopted_by": "2026-014",
        "scales": "CLI 1200 60 3000",
        "bands": "1000 1\n- 4",
    }
    refused = client.post("/dues/tariffs/new", data=typed)
    assert refused.status_code == 422
    assert "Clinics would hold 8 of 8 votes" in refused.text
    assert client.post("/dues/tariffs/new", data=typed | {"scales": "XYZ 1 2 3"}).status_code == 422
    assert client.post("/dues/tariffs/new", data=typed | {"bands": "many"}).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Tariff)) == 1
    assert "under EUR\u00a01,000.00" in client.get("/dues/tariffs").text


@pytest.mark.parametrize("count", [10, 100])
def test_the_pages_cost_the_same_at_any_length(lite_app, at_d, count):
    keys = billed(count)
    client = browse(lite_app, keys["staff"])
    costs = []
    for address in ("/dues/", "/dues/years/2026", "/dues/years/2027", f"/dues/invoices/{keys['invoice']}", "/ledger/"):
        assert client.get(address).status_code == 200
        costs.append(len(client.statements))
    assert max(costs) <= 8
    assert costs == COSTS.setdefault("dues", costs)
    if count > 50:
        older = client.get("/dues/")
        assert "Due later" in older.text


COSTS = {}
