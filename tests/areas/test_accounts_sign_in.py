"""Signing in with a password: the door, the lock-out, the cookie."""

import dataclasses
from datetime import timedelta
from time import perf_counter

import pytest
from argon2 import PasswordHasher
from flask import request
from sqlalchemy import func, select

from govern.accounts import keys, rules
from govern.accounts.models import RateWindow, SignInSession, User
from govern.app import create_app
from govern.config import load
from govern.extensions import db
from govern.kernel import clock
from tests import factories
from tests.areas.accounts_material import HASHED, PASSWORD, found_house, hash_cheaply, is_in, post, sign_in


@pytest.fixture
def house(app, monkeypatch):
    hash_cheaply(monkeypatch)
    app.config["WTF_CSRF_ENABLED"] = True
    _member, delegate, _staff = found_house()
    return delegate.email


def test_the_right_password_opens_a_session(app, house):
    client = app.test_client()
    assert not is_in(client)
    answer = sign_in(client, house.upper() + " ", next="/account/password")
    assert (answer.status_code, answer.location) == (303, "/account/password")
    assert is_in(client)
    opened = db.session.scalars(select(SignInSession)).one()
    assert (opened.method, opened.address, len(opened.token_hash)) == ("password", "127.0.0.1", 64)


@pytest.mark.parametrize("email", ["known", "nobody@example.org"])
def test_every_refusal_reads_the_same(app, house, email):
    answer = sign_in(app.test_client(), house if email == "known" else email, "wrong password")
    assert answer.status_code == 422
    assert "The address or the password is not right." in answer.text
    assert "wrong password" not in answer.text


def test_a_person_without_password_or_not_active_is_refused_alike(app, house):
    factories.user("No Password", "none@example.org")
    gone = factories.user("Gone", "gone@example.org")
    gone.password_hash, gone.active = HASHED, False
    db.session.commit()
    assert sign_in(app.test_client(), "none@example.org").status_code == 422
    assert sign_in(app.test_client(), "gone@example.org").status_code == 422


def test_an_unknown_address_costs_the_same_time(app, house, monkeypatch):
    monkeypatch.undo()  # the real cost
    keys._decoy.cache_clear()
    stored = keys.hash_password(PASSWORD)

    def seconds(hashed):
        started = perf_counter()
        assert not keys.password_fits(hashed, "wrong password")
        return perf_counter() - started

    seconds(None)  # the first call makes the hash to compare with
    assert min(seconds(None) for _try in range(3)) > min(seconds(stored) for _try in range(3)) / 3
    keys._decoy.cache_clear()


def test_old_hashes_are_renewed_at_the_next_sign_in(app, house, monkeypatch):
    monkeypatch.setattr(keys, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    sign_in(app.test_client(), house)
    stored = db.session.scalar(select(User.password_hash).where(User.email == house))
    assert stored.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert sign_in(app.test_client(), house).status_code == 303


def test_guessing_locks_the_account_and_the_count_survives_every_refusal(app, house):
    start = clock.now()
    with clock.frozen_at(start):
        for _attempt in range(rules.PASSWORD_BY_ACCOUNT.hits):
            assert sign_in(app.test_client(), house, "wrong password").status_code == 422
        locked = sign_in(app.test_client(), house)
        assert locked.status_code == 429
        assert "Try again in 15 minutes" in locked.text
        assert locked.headers["Retry-After"] == "900"
        assert sign_in(app.test_client(), "other@example.org", "wrong").status_code == 422
    assert db.session.scalar(select(func.max(RateWindow.hits))) >= rules.PASSWORD_BY_ACCOUNT.hits
    with clock.frozen_at(start + timedelta(minutes=16)):
        assert sign_in(app.test_client(), house).status_code == 303


def test_an_unknown_address_is_locked_like_a_known_one(app, house):
    statuses = [sign_in(app.test_client(), "nobody@example.org", "x").status_code for _attempt in range(11)]
    assert statuses == [422] * 10 + [429]


def test_the_right_password_ends_the_count(app, house):
    for _round in range(2):
        for _attempt in range(rules.PASSWORD_BY_ACCOUNT.hits - 1):
            sign_in(app.test_client(), house, "wrong password")
        assert sign_in(app.test_client(), house).status_code == 303


def test_one_network_address_guessing_many_accounts_is_stopped(app, house, monkeypatch):
    monkeypatch.setattr(rules, "PASSWORD_BY_ADDRESS", rules.Limit("password-address", 4, timedelta(minutes=15)))
    statuses = [sign_in(app.test_client(), f"p{number}@example.org", "x").status_code for number in range(6)]
    assert statuses == [422] * 4 + [429] * 2
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.9"
    assert sign_in(elsewhere, house).status_code == 303


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", ""],
)
def test_nobody_is_sent_to_another_site(app, house, target):
    assert sign_in(app.test_client(), house, next=target).location == "/"
    client = app.test_client()
    client.get("/sign-in", query_string={"next": target})
    assert f'value="{target}"' not in client.get("/sign-in", query_string={"next": target}).text or not target


def test_a_closed_page_leads_to_the_door_and_back(app, house):
    client = app.test_client()
    asked = client.get("/account/password?x=1")
    assert asked.location == "/sign-in?next=/account/password?x%3D1"
    assert 'value="/account/password?x=1"' in client.get(asked.location).text


def test_the_cookie_is_kept_from_scripts_and_other_sites(app, house):
    answer = sign_in(app.test_client(), house)
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "HttpOnly" in c)
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Expires=" in cookie


def test_with_https_the_cookie_is_secure_and_bound_to_the_host(tmp_path, sqlite_template):
    settings = load({"GOVERN_INSTANCE": str(tmp_path), "GOVERN_ORIGIN": "https://govern.example.org"}, mode="test")
    made = create_app(dataclasses.replace(settings, secret_key="t" * 40))
    assert made.config["SESSION_COOKIE_SECURE"] is True
    assert made.config["SESSION_COOKIE_NAME"] == "__Host-govern"


def test_addresses_are_taken_from_proxies_only_where_there_are_any(tmp_path):
    given = {"GOVERN_INSTANCE": str(tmp_path), "GOVERN_SECRET_KEY": "t" * 40}
    for proxies, seen in (("0", "127.0.0.1"), ("1", "192.0.2.55")):
        made = create_app(load(given | {"GOVERN_PROXIES": proxies}, mode="test"))
        made.before_request(lambda: request.remote_addr)
        answer = made.test_client().get("/", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.55"})
        assert answer.text == seen


def test_a_form_without_token_is_refused(app, house):
    client = app.test_client()
    assert client.post("/sign-in", data={"email": house, "password": PASSWORD}).status_code == 400
    assert not is_in(client)


def test_every_sign_in_is_a_new_session_and_ends_the_old_one(app, house):
    client = app.test_client()
    sign_in(client, house)
    first = client.get_cookie("govern").value
    # Signed in already, the door leads on; the token for the second sign-in comes from another page.
    assert client.get("/sign-in").location == "/"
    answer = post(client, "/sign-in", {"email": house, "password": PASSWORD}, page="/account")
    assert answer.status_code == 303
    second = client.get_cookie("govern").value
    assert first != second
    thief = app.test_client()
    thief.set_cookie("govern", first)
    assert not is_in(thief)
    assert is_in(client)


def test_a_cookie_from_before_signing_in_is_worth_nothing_after(app, house):
    client = app.test_client()
    client.get("/sign-in")
    before = client.get_cookie("govern").value
    sign_in(client, house)
    other = app.test_client()
    other.set_cookie("govern", before)
    assert not is_in(other)


def test_signing_out_ends_the_session_on_the_server(app, house):
    client = app.test_client()
    sign_in(client, house)
    cookie = client.get_cookie("govern").value
    assert client.get("/sign-out").status_code == 405
    assert post(client, "/sign-out", page="/account").status_code == 303
    assert not is_in(client)
    copy = app.test_client()
    copy.set_cookie("govern", cookie)
    assert not is_in(copy)


def test_a_session_ends_by_itself(app, house):
    client = app.test_client()
    sign_in(client, house)
    with clock.frozen_at(clock.now() + rules.SESSION_LIFETIME + timedelta(seconds=1)):
        assert not is_in(client)
    assert is_in(client)
