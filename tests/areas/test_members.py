"""The register of members: who sees what, who writes, representatives, page sizes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from govern.accounts.queries import list_representatives
from govern.dues.actions import adopt_tariff, issue_invoices, open_year
from govern.extensions import db
from govern.kernel.actor import SYSTEM, Role
from govern.kernel.errors import RuleBrokenError
from govern.members.actions import (
    add_category,
    add_member,
    appoint_representative,
    move_member,
    replace_representative,
    report_units,
)
from govern.members.models import Category, College, Licence, Member, Site, UnitReport
from govern.members.queries import list_roll
from govern.members.rules import MemberStatus
from tests import factories

TODAY = date(2026, 11, 20)


@pytest.fixture
def cluster(app, at_d):
    factories.cluster()
    college = factories.college()
    hospitals = factories.category("HOS", "Hospitals", college)
    rows = {
        "category": hospitals,
        "first": factories.member(hospitals, "M01", "Port Aurel General Hospital"),
        "second": factories.member(hospitals, "M02", "St. Brannoc Private Hospital"),
        "staff": factories.staff(),
    }
    # Keys, not rows: a row belongs to a session, and each request ends one.
    return {name: row.id for name, row in rows.items()}


def row_of(model, key):
    return db.session.get(model, key)


def browse(app, user, hat="staff"):
    return app.test_client().as_user(user, hat)


def test_list_and_page_show_a_member_to_everybody(app, cluster):
    key = cluster["first"]
    person = factories.delegate(row_of(Member, cluster["second"]))
    client = browse(app, person, f"member:{cluster['second']}")
    assert "Port Aurel General Hospital" in client.get("/members/").text
    text = client.get(f"/members/{key}").text
    assert "In good standing" in text
    assert "Owed" not in text
    assert client.get("/members/new").status_code == 403


def test_a_liaison_sees_no_standing(app, cluster):
    liaison = factories.liaison(factories.department())
    client = browse(app, liaison, "liaison:1")
    assert "standing" not in client.get("/members/").text
    assert "standing" not in client.get(f"/members/{cluster['first']}").text


def test_own_people_see_what_is_owed_and_others_the_state_alone(app, cluster):
    owing, other = (row_of(Member, cluster[name]) for name in ("first", "second"))
    rules = [(row_of(Category, cluster["category"]), "licensed bed", 2000_00, 12_00, 8000_00)]
    adopt_tariff(SYSTEM, name="T", from_year=2026, currency="EUR", rules=rules, bands=[(None, 1)], adopted_by="GA")
    for member in (owing, other):
        report_units(SYSTEM, member, year=2026, units=10, reported_on=TODAY)
    open_year(SYSTEM, 2026)
    issue_invoices(SYSTEM, 2026, issued_on=date(2026, 1, 10))
    contact = factories.delegate(owing, role=Role.DUES_CONTACT).id
    stranger = factories.delegate(other).id
    owing, other = owing.id, other.id
    own = browse(app, contact, f"member:{owing}").get(f"/members/{owing}").text
    assert "2,120.00" in own
    assert "the right to vote returns the day the payment is recorded" in own
    foreign = browse(app, stranger, f"member:{other}").get(f"/members/{owing}").text
    assert "Vote suspended" in foreign
    assert "2,120.00" not in foreign
    listed = browse(app, stranger, f"member:{other}").get("/members/?show=suspended").text
    assert "Port Aurel General Hospital" in listed
    assert "Suspended" in listed


def test_the_secretariat_adds_and_edits_a_member(app, cluster):
    client = browse(app, cluster["staff"])
    assert client.get("/members/new").status_code == 200
    typed = {
        "name": "Lumen Eye Clinic",
        "code": "M05",
        "category": "HOS",
        "status": "active",
        "joined_on": "2020-03-01",
    }
    assert client.post("/members/new", data=typed | {"name": ""}).status_code == 422
    answer = client.post("/members/new", data=typed)
    assert answer.status_code == 303
    member = db.session.scalar(select(Member.id).where(Member.code == "M05"))
    assert "The code M05 is taken" in client.post("/members/new", data=typed).text
    assert client.get(f"/members/{member}/edit").status_code == 200
    client.post(f"/members/{member}/edit", data=typed | {"website": "https://lumen.example.org", "start_up": "y"})
    member = db.session.scalar(select(Member).where(Member.code == "M05"))
    assert (member.website, member.start_up, member.public_body) == ("https://lumen.example.org", True, False)


def test_the_status_moves_along_its_ways_only(app, cluster):
    key, client = cluster["first"], browse(app, cluster["staff"])
    assert client.get(f"/members/{key}/status").status_code == 200
    with pytest.raises(RuleBrokenError, match="cannot become applicant"):
        move_member(SYSTEM, row_of(Member, key), MemberStatus.APPLICANT, on=TODAY, reason="x")
    typed = {"status": "resigned", "on": "2026-12-31", "reason": "Letter of 2 Nov 2026"}
    assert client.post(f"/members/{key}/status", data=typed).status_code == 303
    assert [row.code for row in list_roll(date(2026, 12, 30))] == ["M01", "M02"]
    assert [row.code for row in list_roll(date(2026, 12, 31))] == ["M02"]


def test_units_licences_and_sites_are_kept_on_the_page(app, cluster):
    key, client = cluster["first"], browse(app, cluster["staff"])
    base = f"/members/{key}"
    for place in ("units", "licences", "sites"):
        assert client.get(f"{base}/{place}/new").status_code == 200
    assert (
        client.post(f"{base}/units/new", data={"year": "2027", "units": "420", "evidence": "HF-0007"}).status_code
        == 303
    )
    assert client.post(f"{base}/units/new", data={"year": "2027", "units": "-3"}).status_code == 422
    assert client.post(f"{base}/licences/new", data={"number": "HF-0007", "valid_to": "2026-01-31"}).status_code == 303
    assert client.post(f"{base}/sites/new", data={"name": "Main house", "inside_territory": "y"}).status_code == 303
    text = client.get(base).text
    assert "420" in text
    assert "HF-0007" in text
    assert "Expired" in text
    assert "Main house" in text
    licence, site = db.session.scalar(select(Licence.id)), db.session.scalar(select(Site.id))
    assert client.get(f"/members/licences/{licence}/end").status_code == 200
    client.post(f"/members/licences/{licence}/end", data={"valid_to": "2027-01-31"})
    assert client.get(f"/members/sites/{site}/remove").status_code == 200
    client.post(f"/members/sites/{site}/remove")
    text = client.get(base).text
    assert "Expired" not in text
    assert "Main house" not in text
    assert db.session.scalar(select(UnitReport.units)) == 420


def test_categories_and_colleges_are_kept(app, cluster):
    client = browse(app, cluster["staff"])
    assert client.get("/members/categories").status_code == 200
    assert client.get("/members/categories/new").status_code == 200
    assert client.get("/members/colleges/new").status_code == 200
    assert client.post("/members/colleges/new", data={"code": "II", "name": "Travel"}).status_code == 303
    typed = {"code": "TOU", "name": "Travel operators", "unit": "employee", "college": ""}
    assert client.post("/members/categories/new", data=typed).status_code == 303
    assert "No vote" in client.get("/members/categories").text
    category = db.session.scalar(select(Category.id).where(Category.code == "TOU"))
    assert client.get(f"/members/categories/{category}/edit").status_code == 200
    client.post(f"/members/categories/{category}/edit", data=typed | {"college": "II"})
    assert "No vote" not in client.get("/members/categories").text
    college = db.session.scalar(select(College.id).where(College.code == "II"))
    assert client.get(f"/members/colleges/{college}/edit").status_code == 200
    client.post(f"/members/colleges/{college}/edit", data={"code": "II", "name": "Hospitality and travel"})
    assert "Hospitality and travel" in client.get("/members/categories").text


def test_S33_a_replaced_delegate_loses_its_rights_at_once(app, cluster):
    key = cluster["first"]
    old = factories.delegate(row_of(Member, key), "Beatriz Amaral").id
    appointment = list_representatives(key, TODAY)[0].Appointment.id
    with app.test_client() as before:
        before.as_user(old, f"member:{key}")
        assert before.get("/dues/mine").status_code == 200
    client = browse(app, cluster["staff"])
    address = f"/members/{key}/representatives/{appointment}/replace"
    assert "loses the rights of this role at once" in client.get(address).text
    typed = {"email": "rui@example.org", "name": "Rui Tavares", "valid_from": "2026-11-20", "document": "Letter"}
    assert client.post(address, data=typed | {"document": ""}).status_code == 422
    assert client.post(address, data=typed).status_code == 303
    people = [(user.name, held.role) for held, user in list_representatives(key, TODAY)]
    assert people == [("Rui Tavares", Role.DELEGATE)]
    assert browse(app, old, f"member:{key}").get("/dues/mine").status_code == 403
    assert browse(app, "rui@example.org", f"member:{key}").get("/dues/mine").status_code == 200


def test_a_replacement_cannot_begin_later(cluster):
    member = row_of(Member, cluster["first"])
    factories.delegate(member)
    appointment = list_representatives(member.id, TODAY)[0].Appointment
    later = TODAY + timedelta(days=1)
    with pytest.raises(RuleBrokenError, match="takes effect at once"):
        replace_representative(SYSTEM, member, appointment, factories.user(), document="Letter", valid_from=later)


def test_I7_nobody_represents_the_votes_of_two_members(cluster):
    first, second = (row_of(Member, cluster[name]) for name in ("first", "second"))
    person = factories.user("Miguel Sarmento")
    appoint_representative(SYSTEM, first, person, role=Role.DELEGATE, valid_from=TODAY, document="Letter")
    for role in (Role.DELEGATE, Role.ALTERNATE):
        with pytest.raises(RuleBrokenError, match="already casts the vote of Port Aurel General Hospital"):
            appoint_representative(SYSTEM, second, person, role=role, valid_from=TODAY, document="Letter")
    appoint_representative(SYSTEM, second, person, role=Role.DUES_CONTACT, valid_from=TODAY, document="Letter")


def test_a_member_has_one_delegate_and_ordered_alternates(app, cluster):
    key, client = cluster["first"], browse(app, cluster["staff"])
    address = f"/members/{key}/representatives/new"
    assert client.get(address).status_code == 200
    typed = {"role": "delegate", "valid_from": "2026-11-20", "document": "Letter"}
    assert client.post(address, data=typed | {"email": "one@example.org"}).status_code == 422
    assert client.post(address, data=typed | {"email": "one@example.org", "name": "One"}).status_code == 303
    refused = client.post(address, data=typed | {"email": "two@example.org", "name": "Two"})
    assert "This member has a delegate" in refused.text
    for rank in (2, 1):
        more = typed | {"role": "alternate", "rank": rank, "email": f"alt{rank}@example.org", "name": f"Alt {rank}"}
        assert client.post(address, data=more).status_code == 303
    people = [user.name for _held, user in list_representatives(key, TODAY)]
    assert sorted(people) == ["Alt 1", "Alt 2", "One"]
    assert people.index("Alt 1") < people.index("Alt 2")
    appointment = next(held.id for held, user in list_representatives(key, TODAY) if user.name == "Alt 1")
    end = f"/members/{key}/representatives/{appointment}/end"
    assert client.get(end).status_code == 200
    assert client.post(end, data={"document": "Letter of resignation"}).status_code == 303
    assert len(list_representatives(key, TODAY)) == 2


def test_nobody_but_the_secretariat_writes(app, cluster):
    key = cluster["first"]
    client = browse(app, factories.delegate(row_of(Member, key)), f"member:{key}")
    for place in ("edit", "status", "units/new", "licences/new", "sites/new", "representatives/new"):
        assert client.get(f"/members/{key}/{place}").status_code == 403
        assert client.post(f"/members/{key}/{place}").status_code == 403
    for place in ("imports", "categories", "categories/new", "colleges/new"):
        assert client.get(f"/members/{place}").status_code == 403


@pytest.mark.parametrize("count", [10, 100, 722])
def test_the_list_costs_the_same_at_any_length(lite_app, at_d, count):
    factories.cluster()
    category = add_category(SYSTEM, code="SIL", name="Silver")
    for number in range(count):
        add_member(SYSTEM, code=f"M{number:03}", name=f"Member {number:03}", category=category, joined_on=None)
    client = browse(lite_app, factories.staff())
    text = client.get("/members/").text
    statements = len(client.statements)
    assert "Member 000" in text
    assert statements <= 8
    if count > 50:
        assert "Member 050" in client.get("/members/?page=2").text
        assert "Member 099" in client.get(f"/members/?sort=-name&page={(count - 100) // 50 + 1}").text
    assert "Member 007" in client.get("/members/?q=member+007").text
    assert "No member matches" in client.get("/members/?q=100%25").text


def test_a_status_reached_by_a_former_member_is_listed_apart(app, cluster):
    factories.member(
        row_of(Category, cluster["category"]), "M09", "Gone Clinic", status=MemberStatus.RESIGNED, left_on=TODAY
    )
    client = browse(app, cluster["staff"])
    assert "Gone Clinic" not in client.get("/members/").text
    assert "Gone Clinic" in client.get("/members/?show=former").text


def test_the_chair_of_a_body_sees_standing(app, cluster):
    seat = factories.seat(factories.body("BOARD", "Board"), 1, "Board: M01", member_id=cluster["first"])
    holder, key = factories.seat_holder(seat).id, seat.id
    assert "In good standing" in browse(app, holder, f"seat:{key}").get("/members/").text
