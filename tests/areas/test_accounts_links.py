"""Sign-in links, the second step, invitations: what is good once is good once."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from govern.accounts import rules
from govern.accounts.models import Appointment, SignInLink, SignInSession, User
from govern.cli.work import run_round
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.notifications.models import Mail
from tests import factories
from tests.areas.accounts_material import PASSWORD, found_house, hash_cheaply, is_in, post, sign_in

LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")


@pytest.fixture
def house(app, monkeypatch):
    hash_cheaply(monkeypatch)
    app.config["WTF_CSRF_ENABLED"] = True
    return found_house()


def ask(app, email, **extra):
    return post(app.test_client(), "/sign-in/link", {"email": email} | extra)


def mailed_path(app):
    """The path in the newest mail, made by the worker."""
    assert run_round(app) == []
    return LINK.search(db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one().text)[1]


def test_a_link_signs_in_once_and_by_post_only(app, house):
    _member, delegate, _staff = house
    assert ask(app, delegate.email, next="/account/password").location == "/sign-in/link-sent"
    path = mailed_path(app)
    client = app.test_client()
    for _look in range(2):  # a mail scanner looks at it first
        seen = client.get(path)
        assert seen.status_code == 200
        assert "Miguel Sarmento" in seen.text
    assert not is_in(client)
    assert client.post(path).status_code == 400, "the token of the page is asked for"
    assert post(client, path, page=path).location == "/account/password"
    assert is_in(client)
    assert db.session.scalars(select(SignInSession.method)).all() == ["link"]
    again = app.test_client()
    assert again.get(path).status_code == 410
    assert post(again, path).status_code == 410
    assert not is_in(again)


def test_a_link_ends_after_a_quarter_of_an_hour(app, house):
    ask(app, house[1].email)
    path = mailed_path(app)
    with clock.frozen_at(clock.now() + rules.LINK_LIFETIME + timedelta(seconds=1)):
        assert app.test_client().get(path).status_code == 410
        assert post(app.test_client(), path).status_code == 410
    assert app.test_client().get(path + "x").status_code == 410


def test_nobody_learns_whether_an_address_is_known(app, house):
    known = ask(app, house[1].email)
    unknown = ask(app, "nobody@example.org")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert run_round(app) == []
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
    assert db.session.scalar(select(func.count()).select_from(SignInLink)) == 1


def test_a_link_leads_nowhere_else(app, house):
    ask(app, house[1].email, next="https://evil.example/")
    path = mailed_path(app)
    assert post(app.test_client(), path, page=path).location == "/"


def test_links_cannot_flood_a_mailbox(app, house):
    email = house[1].email
    assert [ask(app, email).status_code for _time in range(6)] == [303] * 5 + [429]


def test_the_token_is_kept_nowhere_once_the_mail_is_out(app, house, tmp_path):
    ask(app, house[1].email)
    app.config["GOVERN"] = replace(app.config["GOVERN"], mode="demo")
    assert run_round(app) == []
    mail = db.session.scalars(select(Mail)).one()
    assert mail.sent_at is not None
    assert "http" not in mail.text
    written = next((app.config["GOVERN"].instance / "mail").glob("*.eml")).read_text()
    token = LINK.search(written.replace("=\n", ""))[1].rpartition("/")[2]
    assert token not in repr(db.session.execute(select(SignInLink.token_hash)).all())


@pytest.fixture
def guarded(app, house):
    """The delegate with an authenticator; (secret, recovery codes, a signed-in browser)."""
    client = app.test_client()
    sign_in(client, house[1].email)
    assert post(client, "/account/second-step/start", page="/account").location == "/account/second-step/new"
    shown = client.get("/account/second-step/new").text
    secret = re.search(r"<code class=\"num\">([A-Z2-7]{32})</code>", shown)[1]
    picture = client.get("/account/second-step/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert b"<script" not in picture.data
    assert b"style=" not in picture.data
    wrong = post(client, "/account/second-step", {"code": "000000"}, page="/account/second-step/new")
    assert wrong.status_code == 422
    done = post(client, "/account/second-step", {"code": code_at(secret)}, page="/account/second-step/new")
    codes = re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", done.text)
    assert len(codes) == rules.RECOVERY_CODES
    return secret, codes, client


def code_at(secret, later=timedelta()):
    return pyotp.TOTP(secret).at(clock.now() + later)


def second_step(app, email, code):
    client = app.test_client()
    assert sign_in(client, email).location == "/sign-in/second-step"
    assert not is_in(client)
    answer = post(client, "/sign-in/second-step", {"code": code}, page="/sign-in/second-step")
    assert is_in(client) is (answer.status_code == 303)
    return answer.status_code


def test_the_second_step_asks_for_a_code_and_takes_it_once(app, house, guarded):
    email, (secret, _codes, _client) = house[1].email, guarded
    assert second_step(app, email, code_at(secret)) == 422, "the code that switched it on is used up"
    with clock.frozen_at(clock.now() + timedelta(seconds=60)):
        code = code_at(secret)
        assert second_step(app, email, code) == 303
        assert second_step(app, email, code) == 422, "replayed"
    with clock.frozen_at(clock.now() + timedelta(seconds=120)):
        assert second_step(app, email, f" {code_at(secret)[:3]} {code_at(secret)[3:]}") == 303
        assert second_step(app, email, code) == 422, "earlier than the last one"


def test_the_old_session_ends_with_the_first_step_already(app, house, guarded):
    client = guarded[2]
    before = client.get_cookie("govern").value
    again = post(client, "/sign-in", {"email": house[1].email, "password": PASSWORD}, page="/account")
    assert again.location == "/sign-in/second-step"
    assert not is_in(client)
    copy = app.test_client()
    copy.set_cookie("govern", before)
    assert not is_in(copy)


def test_a_recovery_code_works_once(app, house, guarded):
    codes = guarded[1]
    assert second_step(app, house[1].email, codes[0].upper()) == 303
    assert second_step(app, house[1].email, codes[0]) == 422
    assert second_step(app, house[1].email, codes[1].replace("-", "")) == 303


def test_guessing_codes_is_locked_and_the_count_survives(app, house, guarded):
    statuses = [second_step(app, house[1].email, "123456") for _guess in range(rules.CODE_BY_ACCOUNT.hits)]
    assert set(statuses) == {422}
    with clock.frozen_at(clock.now() + timedelta(seconds=60)):
        assert second_step(app, house[1].email, code_at(guarded[0])) == 429


def test_a_link_does_not_go_around_the_second_step(app, house, guarded):
    ask(app, house[1].email)
    path = mailed_path(app)
    client = app.test_client()
    assert post(client, path, page=path).location == "/sign-in/second-step"
    assert not is_in(client)


def test_the_first_step_is_good_for_minutes_and_for_one_password(app, house, guarded):
    client = app.test_client()
    sign_in(client, house[1].email)
    with clock.frozen_at(clock.now() + rules.SECOND_STEP_LIFETIME + timedelta(seconds=1)):
        assert client.get("/sign-in/second-step").location == "/sign-in"
        assert client.get("/sign-in").status_code == 200
    db.session.get(User, house[1].id).password_hash = "changed meanwhile"
    with clock.frozen_at(clock.now() + timedelta(seconds=60)):
        code = code_at(guarded[0])
        assert post(client, "/sign-in/second-step", {"code": code}, page="/sign-in/second-step").status_code == 422
    assert not is_in(client)


def test_switching_the_second_step_off_needs_one_more_code(app, house, guarded):
    secret, codes, client = guarded
    page = "/account/second-step/change"
    assert post(client, "/account/second-step/stop", {"code": "111111"}, page=page).status_code == 422
    renewed = post(client, "/account/second-step/codes", {"code": codes[0]}, page=page)
    assert len(re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", renewed.text)) == 10
    assert codes[1] not in renewed.text
    with clock.frozen_at(clock.now() + timedelta(seconds=60)):
        code = code_at(secret)
        assert post(client, "/account/second-step/stop", {"code": code}, page=page).status_code == 303
    assert sign_in(app.test_client(), house[1].email).location == "/"


def test_setting_it_up_needs_a_recent_sign_in(app, house):
    client = app.test_client()
    sign_in(client, house[1].email)
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        assert post(client, "/account/second-step/start", page="/account").status_code == 403


def test_staff_must_set_one_up_where_the_installation_says_so(app, house):
    app.config["GOVERN"] = replace(app.config["GOVERN"], second_step="staff")
    _member, delegate, staff = house
    client = app.test_client()
    sign_in(client, staff.email)
    assert client.get("/people").location == "/account#ways-in"
    assert post(client, "/people/invite", {}, page="/account").location == "/account#ways-in"
    assert "your role needs one" in client.get("/account").text
    post(client, "/account/second-step/start", page="/account")
    shown = client.get("/account/second-step/new").text
    secret = re.search(r"<code class=\"num\">([A-Z2-7]{32})</code>", shown)[1]
    post(client, "/account/second-step", {"code": code_at(secret)}, page="/account/second-step/new")
    assert client.get("/people").status_code == 200
    other = app.test_client()
    sign_in(other, delegate.email)
    assert other.get("/people").status_code == 403, "only staff are asked"


def invite(app, by, **given):
    client = app.test_client()
    sign_in(client, by.email)
    data = {"email": "new@example.org", "name": "Joana Pires", "role": "alternate", "document": "Letter of 3 March"}
    return post(client, "/people/invite", data | given, page="/people/invite")


def test_an_invitation_is_accepted_with_name_and_password(app, house):
    member, _delegate, staff = house
    assert invite(app, staff, target=f"member:{member.id}").status_code == 303
    path = mailed_path(app)
    client = app.test_client()
    assert "Joana Pires" in client.get(path).text
    weak = post(client, path, {"name": "Joana Pires", "password": "short"}, page=path)
    assert weak.status_code == 422
    assert "at least 12 characters" in weak.text
    assert post(client, path, {"name": "Joana M. Pires", "password": PASSWORD}, page=path).status_code == 303
    assert "Joana M. Pires" in client.get("/account").text
    assert "Sorriso Dental Centre" in client.get("/account").text
    assert app.test_client().get(path).status_code == 410
    assert post(app.test_client(), path, {"name": "Thief", "password": PASSWORD}).status_code == 410
    assert sign_in(app.test_client(), "new@example.org").status_code == 303


def test_an_invitation_is_accepted_without_password(app, house):
    member, delegate, _staff = house
    appoint_admin(delegate, member)
    assert invite(app, delegate, target=f"member:{member.id}").status_code == 303
    path = mailed_path(app)
    assert post(app.test_client(), path, {"name": "Joana Pires"}, page=path).status_code == 303
    assert db.session.scalar(select(User.password_hash).where(User.email == "new@example.org")) is None


def appoint_admin(user, member):
    factories.appointment(user, HatKind.MEMBER, Role.MEMBER_ADMIN, member_id=member.id)
    db.session.commit()


def test_inviting_again_sends_a_new_link_and_ends_the_old_one(app, house):
    member, _delegate, staff = house
    invite(app, staff, target=f"member:{member.id}")
    first = mailed_path(app)
    invite(app, staff, target=f"member:{member.id}")
    second = mailed_path(app)
    assert first != second
    assert app.test_client().get(first).status_code == 410
    assert app.test_client().get(second).status_code == 200
    appointed = select(func.count()).select_from(Appointment).join(User, User.id == Appointment.user_id)
    assert db.session.scalar(appointed.where(User.email == "new@example.org")) == 1


def test_somebody_known_gets_one_more_hat_and_no_link(app, house):
    _member, delegate, staff = house
    assert invite(app, staff, email=delegate.email, role="auditor", target="", document="").status_code == 303
    assert mailed_path(app) == "/sign-in"
    client = app.test_client()
    sign_in(client, delegate.email)
    assert "auditor" in client.get("/account").text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"role": "delegate"}, "is the delegate already"),
        ({"document": ""}, "Name the document"),
        ({"role": "liaison"}, "This role is not for what you chose"),
        ({"role": "auditor"}, "This role is not for what you chose"),
        ({"role": "alternate", "target": ""}, "Choose for whom"),
        ({"email": "no address"}, "Type an e-mail address"),
        ({"role": "admin"}, "Not a valid choice"),
    ],
)
def test_an_invitation_that_cannot_be(app, house, given, told):
    member, _delegate, staff = house
    answer = invite(app, staff, **({"target": f"member:{member.id}"} | given))
    assert answer.status_code == 422
    assert told in answer.text
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_a_member_admin_invites_for_the_own_member_only(app, house):
    member, delegate, _staff = house
    other = factories.member(factories.category("CLI", "Clinics"), name="Lumen Eye Clinic").id
    db.session.commit()
    assert invite(app, delegate, target=f"member:{member.id}").status_code == 403, "a delegate is no administrator"
    appoint_admin(delegate, member)
    assert invite(app, delegate, target=f"member:{other}").status_code == 422
    assert invite(app, delegate, target=f"member:{member.id}", role="secretariat").status_code == 422
