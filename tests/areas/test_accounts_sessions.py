"""Sessions, hats, the account page, and rights that end at once."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from govern.accounts import actions, queries, rules
from govern.accounts.models import Appointment, RateWindow, SignInLink, SignInSession, User
from govern.audit.models import AuditEntry
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.kernel.errors import RuleBrokenError
from govern.notifications.models import Mail
from tests import factories
from tests.areas.accounts_material import (
    PASSWORD,
    found_house,
    hash_cheaply,
    is_in,
    make_session,
    post,
    sign_in,
)
from tests.client import counted_statements


@pytest.fixture
def house(app, monkeypatch):
    hash_cheaply(monkeypatch)
    app.config["WTF_CSRF_ENABLED"] = True
    return found_house()


def test_sessions_are_listed_with_browser_address_and_time(app, house):
    make_session(house[1])
    make_session(house[2])
    client = app.test_client()
    sign_in(client, house[1].email)
    shown = client.get("/account").text
    assert shown.count("Firefox on Windows") == 2, "in the row and in the name of its button; not the other person's"
    assert "192.0.2.7" in shown
    assert "This device" in shown


def test_one_session_is_ended(app, house):
    elsewhere = app.test_client()
    sign_in(elsewhere, house[1].email)
    client = app.test_client()
    sign_in(client, house[1].email)
    first = db.session.scalar(select(func.min(SignInSession.id)))
    assert post(client, "/account/sessions/end", {"session": str(first)}, page="/account").status_code == 303
    assert not is_in(elsewhere)
    assert is_in(client)
    assert post(client, "/account/sessions/end", {"session": "x"}, page="/account").status_code == 422


def test_nobody_ends_a_session_of_somebody_else(app, house):
    make_session(house[2])
    theirs = db.session.scalar(select(SignInSession.id))
    client = app.test_client()
    sign_in(client, house[1].email)
    assert post(client, "/account/sessions/end", {"session": str(theirs)}, page="/account").status_code == 404
    assert db.session.get(SignInSession, theirs).revoked_at is None


def test_all_others_are_ended_and_nobody_elses(app, house):
    elsewhere, other_person, client = (app.test_client() for _number in range(3))
    sign_in(elsewhere, house[1].email)
    sign_in(other_person, house[2].email)
    sign_in(client, house[1].email)
    post(client, "/account/sessions/end", {"session": "others"}, page="/account")
    assert [is_in(c) for c in (elsewhere, other_person, client)] == [False, True, True]


def test_a_new_password_ends_other_sessions_and_open_links(app, house):
    _member, delegate, _staff = house
    elsewhere, client = app.test_client(), app.test_client()
    for each in (elsewhere, client):
        sign_in(each, delegate.email)
    actions.mail_sign_in_link({"email": delegate.email, "address": "http://x/", "next": ""})
    page = "/account/password"
    wrong = post(client, page, {"current": "wrong", "password": "nine other harbours"}, page=page)
    assert (wrong.status_code, "not your present password" in wrong.text) == (422, True)
    weak = post(client, page, {"current": PASSWORD, "password": delegate.email}, page=page)
    assert weak.status_code == 422
    done = post(client, page, {"current": PASSWORD, "password": "nine other harbours"}, page=page)
    assert done.status_code == 303
    assert is_in(client)
    assert not is_in(elsewhere)
    assert db.session.scalar(select(func.count()).where(SignInLink.used_at.is_(None))) == 0
    assert sign_in(app.test_client(), delegate.email).status_code == 422
    assert sign_in(app.test_client(), delegate.email, "nine other harbours").status_code == 303
    assert "was changed" in db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one().subject


def test_a_stolen_session_cannot_guess_the_present_password(app, house):
    client = app.test_client()
    sign_in(client, house[1].email)
    page = "/account/password"
    data = {"current": "guess", "password": "nine other harbours"}
    statuses = [post(client, page, data, page=page).status_code for _guess in range(11)]
    assert statuses == [422] * 10 + [429]


def test_the_first_password_needs_a_recent_sign_in(app, house):
    person = factories.user("Joana Pires", "joana@example.org")
    client = app.test_client().as_user(person)
    page, data = "/account/password", {"password": "nine other harbours"}
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        assert "Sign in again first" in client.get(page).text
        assert post(client, page, data, page="/account").status_code == 403
    assert post(client, page, data, page=page).status_code == 303


def test_the_profile_is_saved_with_what_was_before(app, house):
    client = app.test_client()
    sign_in(client, house[1].email)
    answer = post(client, "/account", {"name": "Miguel B. Sarmento", "theme": "dark", "locale": ""}, page="/account")
    assert answer.status_code == 303
    assert 'data-theme="dark"' in client.get("/account").text
    assert post(client, "/account", {"name": "", "theme": "pink", "locale": ""}, page="/account").status_code == 422
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "user.changed")).one()
    assert b'"theme":"auto"' in entry.payload


def test_a_person_with_several_hats_wears_one_at_a_time(app, house):
    _member, delegate, _staff = house
    factories.appointment(delegate, HatKind.STAFF, Role.SECRETARIAT, title="Secretariat: helping out")
    db.session.commit()
    client = app.test_client()
    sign_in(client, delegate.email)
    assert client.get("/people").status_code == 403, "the delegate's hat carries no right of the staff"
    shown = client.get("/account").text
    assert 'action="/switch-hat"' in shown
    assert post(client, "/switch-hat", {"hat": "staff"}, page="/account").status_code == 303
    assert client.get("/people").status_code == 200
    assert post(client, "/switch-hat", {"hat": "liaison:1"}, page="/account").status_code == 409
    assert post(client, "/switch-hat", {"hat": "staff", "next": "//evil.example"}, page="/account").location == "/"
    again = app.test_client()
    sign_in(again, delegate.email)
    assert again.get("/people").status_code == 200, "the next sign-in wears the hat worn last"


def test_an_ended_appointment_takes_its_rights_at_once(app, house):
    """S33: the old representative loses the rights with the record of the change, also where it is signed in."""
    member, delegate, staff = house
    old = app.test_client().as_user(delegate, f"member:{member.id}")
    assert "Sorriso Dental Centre" in old.get("/account").text
    held = db.session.scalars(select(Appointment.id).where(Appointment.user_id == delegate.id)).one()
    secretariat = app.test_client()
    sign_in(secretariat, staff.email)
    page = f"/appointments/{held}/end"
    assert "The rights of this role end at once" in secretariat.get(page).text
    assert post(secretariat, page, {"document": "Letter of 20 November"}, page=page).status_code == 303
    assert "Sorriso Dental Centre" not in old.get("/account").text
    kept = db.session.get(Appointment, held)
    assert kept.ended_at is not None
    assert kept.member_id == member.id, "the record of who acted stays"


def test_the_new_representative_is_in_place_at_once(app, house):
    member, delegate, staff = house
    actor = factories.actor_of(staff, HatKind.STAFF, Role.SECRETARIAT)
    today = date.today()  # noqa: DTZ011 - the zone does not matter here
    held = db.session.scalars(select(Appointment).where(Appointment.user_id == delegate.id)).one()
    actions.end_appointment(actor, held, document="Letter of 20 November")
    new = actions.add_user(actor, email="joana@example.org", name="Joana Pires")
    actions.appoint(actor, new, HatKind.MEMBER, Role.DELEGATE, valid_from=today, member_id=member.id, document="Letter")
    db.session.commit()
    assert [row.User.name for row in queries.list_representatives(member.id, today)] == ["Joana Pires"]
    signed = queries.load_signed_in(make_session(new))
    assert signed.actor.roles == {Role.DELEGATE}
    assert signed.actor.member_id == member.id
    assert queries.load_signed_in(make_session(delegate)).actor.roles == frozenset()


def test_an_appointment_ends_once_and_the_instant_stays(app, house):
    _member, delegate, staff = house
    actor = factories.actor_of(staff, HatKind.STAFF, Role.SECRETARIAT)
    held = db.session.scalars(select(Appointment).where(Appointment.user_id == delegate.id)).one()
    with clock.frozen_at(clock.now() - timedelta(days=1)):
        actions.end_appointment(actor, held)
    db.session.commit()
    ended = held.ended_at
    with pytest.raises(RuleBrokenError, match="ended already"):
        actions.end_appointment(actor, held)
    assert held.ended_at == ended


def test_appointments_hold_from_the_first_to_the_last_day(app, house):
    _member, delegate, _staff = house
    appointment = db.session.scalars(select(Appointment).where(Appointment.user_id == delegate.id)).one()
    appointment.valid_from, appointment.valid_to = date(2026, 3, 1), date(2026, 3, 31)
    token = make_session(delegate)

    def roles(instant):
        db.session.rollback()
        with clock.frozen_at(instant):
            found = queries.load_signed_in(token)
            return found.actor.roles if found else None

    db.session.execute(SignInSession.__table__.update().values(expires_at=clock.now() + timedelta(days=3000)))
    db.session.commit()
    day = clock.start_of_day(date(2026, 3, 1), "Europe/Lisbon")
    assert roles(day - timedelta(seconds=1)) == frozenset()
    assert roles(day) == {Role.DELEGATE}
    end = clock.end_of_day(date(2026, 3, 31), "Europe/Lisbon")
    assert roles(end - timedelta(seconds=1)) == {Role.DELEGATE}
    assert roles(end) == frozenset()


def test_who_is_signed_in_costs_one_statement(app, house):
    token = make_session(house[1])
    for number in range(5):
        factories.appointment(house[1], HatKind.OFFICE, Role.OBSERVER, title=f"Office {number}")
    db.session.commit()
    with counted_statements() as seen:
        assert queries.load_signed_in(token).hats
    assert len(seen) == 1


def test_a_member_admin_ends_others_of_the_own_member_only(app, house):
    member, delegate, staff = house
    factories.appointment(delegate, HatKind.MEMBER, Role.MEMBER_ADMIN, member_id=member.id)
    alternate = factories.delegate(member, "Joana Pires", Role.ALTERNATE).id
    db.session.commit()
    client = app.test_client()
    sign_in(client, delegate.email)
    of = dict(db.session.execute(select(Appointment.user_id, Appointment.id)).all())
    assert "Joana Pires" in client.get("/people").text
    assert staff.name not in client.get("/people").text
    assert client.get(f"/appointments/{of[alternate]}/end").status_code == 200
    assert client.get(f"/appointments/{of[delegate.id]}/end").status_code == 403
    assert client.get(f"/appointments/{of[staff.id]}/end").status_code == 403


def test_the_people_list_is_searched_and_cut_into_pages(app, house):
    member, _delegate, staff = house
    for number in range(60):
        factories.delegate(member, f"Person {number:02}", Role.OBSERVER)
    db.session.commit()
    client = app.test_client()
    sign_in(client, staff.email)
    first = client.get("/people").text
    older = re.search(r'href="(/people\?before=\d+)"', first)[1]
    assert "Person 59" in first
    assert "Person 05" not in first
    assert "Person 05" in client.get(older).text
    fragment = client.get("/people?q=person+07", headers={"HX-Request": "true"}).text
    assert "Person 07" in fragment
    assert "<html" not in fragment
    found = client.get("/people?q=person+07+sorriso").text
    assert "Person 07" in found
    assert "Person 08" not in found
    assert "Nobody fits these words." in client.get("/people?q=%25zz_").text


@pytest.fixture
def demo(app, house):
    app.config["GOVERN"] = replace(app.config["GOVERN"], mode="demo")
    return app


def test_the_demo_offers_one_sign_in_per_role_on_this_machine_only(demo, house):
    client = demo.test_client()
    assert "Sign in as Petra Lund, secretariat" in client.get("/sign-in").text
    appointment = db.session.scalar(select(Appointment.id).where(Appointment.user_id == house[1].id))
    path = f"/demo-sign-in/{appointment}"
    elsewhere = demo.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    assert "Sign in as" not in elsewhere.get("/sign-in").text
    assert post(elsewhere, path).status_code == 404
    assert post(client, path, headers={"Host": "evil.example"}).status_code in {400, 404}
    assert client.get(path).status_code == 405
    assert post(client, path, {"next": "/account"}).location == "/account"
    assert "Sorriso Dental Centre" in client.get("/account").text


def test_the_demo_offers_everybody_else_in_a_list(demo, house):
    member, _delegate, _staff = house
    factories.delegate(member, "Idris Kaya", Role.ALTERNATE)
    another = factories.delegate(member, "Nuno Faria", Role.ALTERNATE)
    db.session.commit()
    of = select(Appointment.id).where(Appointment.user_id == another.id)
    chosen = {"appointment": str(db.session.scalar(of)), "next": "/account"}
    client = demo.test_client()
    door = client.get("/sign-in").text
    assert "Sign in as Idris Kaya" in door
    assert re.search(r"<option[^>]*>Nuno Faria, alternate delegate, ", door)
    assert "Idris Kaya" not in "".join(re.findall(r"<option.*?</option>", door))
    elsewhere = demo.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    assert post(elsewhere, "/demo-sign-in", chosen).status_code == 404
    assert post(client, "/demo-sign-in", {"appointment": "x"}).status_code == 404
    assert post(client, "/demo-sign-in", chosen).location == "/account"
    assert "Nuno Faria" in client.get("/account").text


def test_without_the_demo_there_is_no_such_door(app, house):
    client = app.test_client()
    assert "Sign in as" not in client.get("/sign-in").text
    assert post(client, "/demo-sign-in/1").status_code == 404
    assert post(client, "/demo-sign-in", {"appointment": "1"}).status_code == 404


def test_what_expired_is_forgotten(app, house):
    make_session(house[1])
    actions.mail_sign_in_link({"email": house[1].email, "address": "http://x/", "next": ""})
    db.session.commit()
    actions.count_attempt((rules.LINK_BY_ACCOUNT, "x"))
    with clock.frozen_at(clock.now() + timedelta(days=60)):
        actions.forget_expired({})
        db.session.commit()
    for table in (SignInSession, SignInLink, RateWindow):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert db.session.scalar(select(func.count()).select_from(User)) == 2


def test_set_password_refuses_weak_ones_and_ends_sessions(app, house):
    token = make_session(house[1])
    user = db.session.get(User, house[1].id)
    for weak in ("short", "aaaaaaaaaaaaaaaa", user.email, "x" * 300):
        with pytest.raises(Exception, match="Choose a password"):
            actions.set_password(user, weak)
    actions.set_password(user, "nine other harbours")
    db.session.commit()
    assert queries.load_signed_in(token) is None
    assert sign_in(app.test_client(), user.email, "nine other harbours").status_code == 303
