"""No form is taken from elsewhere: every unsafe door asks for the page's own token before it looks at anything."""

import re

import pytest

from govern.extensions import db
from tests import factories as make

SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def guarded(lite_app):
    """The application as it runs in earnest, and somebody of its secretariat."""
    lite_app.config["WTF_CSRF_ENABLED"] = True
    make.cluster()
    person = make.staff()
    db.session.commit()
    return lite_app, person.id


def unsafe_doors(app):
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in rule.methods - SAFE:
            yield method, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=method)


def test_every_unsafe_door_refuses_a_form_without_the_token(guarded):
    app, person = guarded
    client = app.test_client().as_user(person, "staff")
    doors = list(unsafe_doors(app))
    assert len(doors) > 40
    for method, url in doors:
        for data in ({}, {"csrf_token": "made up"}):
            answer = client.open(url, method=method, data=data)
            assert answer.status_code == 400, (method, url, answer.status_code)
            assert "This page is too old" in answer.text


def test_the_token_of_another_session_is_refused(guarded):
    app, person = guarded
    page = app.test_client().get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    client = app.test_client().as_user(person, "staff")
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 400
    assert client.get("/account").status_code == 200


def test_a_form_with_its_own_token_is_taken(guarded):
    app, person = guarded
    client = app.test_client().as_user(person, "staff")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account").text)[1]
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303
    assert client.get("/account").status_code == 303
