"""The pages of the log: who sees what, filters, paging, the proof of one entry, the head as a file."""

import json

import pytest

from govern.audit.actions import record, seal
from govern.audit.forms import read_filters
from govern.audit.models import AuditEntry
from govern.audit.queries import Filters
from govern.audit.rules.heads import parse_head
from govern.extensions import db
from govern.kernel.actor import SYSTEM, Actor, HatKind, Role
from tests import factories

PETRA = Actor(7, "Petra Lund", HatKind.STAFF, "staff", "Secretariat", frozenset({Role.SECRETARIAT}))
SAMIR = Actor(8, 'Samir "Sam" Okoye', HatKind.STAFF, "staff", "Finance", frozenset({Role.SECRETARIAT}))


def write(count):
    for number in range(count):
        who = (PETRA, SAMIR)[number % 2]
        record(who, "task.completed", "task", number, before={"state": "open"}, after={"state": "done", "note": None})
    db.session.commit()


@pytest.fixture
def people(lite_app):
    factories.cluster()
    board = factories.body("B", "Board")
    found = {
        "secretariat": (factories.staff(), "staff"),
        "auditor": (factories.officer(Role.AUDITOR), "office"),
        "observer": (factories.officer(Role.OBSERVER), "office"),
        "seat": (factories.seat_holder(factories.seat(board, 1, "Care I")), ""),
        "liaison": (factories.liaison(factories.department()), ""),
        "delegate": (factories.delegate(factories.member(factories.category())), ""),
    }
    db.session.commit()
    return {name: lite_app.test_client().as_user(user.id, key) for name, (user, key) in found.items()}


@pytest.mark.parametrize("who", ["secretariat", "auditor", "seat"])
def test_readers_see_entries(people, who):
    write(3)
    seal(2)
    db.session.commit()
    text = people[who].get("/audit/").text
    assert "Task completed" in text
    assert "Samir &#34;Sam&#34; Okoye" in text
    assert text.count("Waiting") == 1


@pytest.mark.parametrize("who", ["liaison", "observer"])
def test_liaisons_and_observers_see_hashes_only(people, who):
    write(3)
    seal()
    db.session.commit()
    text = people[who].get("/audit/").text
    leaf = db.session.execute(db.text("SELECT hex(leaf_hash) FROM audit_seal WHERE position = 1")).scalar_one().lower()
    assert "<wbr>".join(leaf[at : at + 16] for at in range(0, 64, 16)) in text
    assert "Petra Lund" not in text
    assert "completed" not in text
    assert people[who].get("/audit/1").status_code == 403
    assert people[who].get("/audit/verification").status_code == 200


def test_members_see_nothing(people):
    write(1)
    seal()
    db.session.commit()
    for path in ("/audit/", "/audit/1", "/audit/verification", "/audit/head.json"):
        assert people["delegate"].get(path).status_code == 403


def test_filters_narrow_the_list(people):
    write(4)
    record(PETRA, "vote.opened", "vote", 12)
    db.session.commit()
    client = people["secretariat"]

    def shown(**asked):
        return client.get("/audit/", query_string=asked).text.count('<th scope="row">')

    assert shown() == 5
    assert shown(action="vote") == 1
    assert shown(action="Vote opened") == 1
    assert shown(object="Task") == 4
    assert shown(object="task 3") == 1
    assert shown(q='sam"') == 2
    assert shown(q="%") == 0
    assert "No entry matches" in client.get("/audit/?q=nobody").text


@pytest.mark.parametrize(
    ("given", "filters"),
    [
        ({"action": " Vote  opened again "}, Filters(action="vote.opened_again")),
        ({"action": "VOTE.OPENED"}, Filters(action="vote.opened")),
        ({"object": "vote#12"}, Filters(object_kind="vote", object_id="12")),
        ({"object": "audit_key AbC"}, Filters(object_kind="audit_key", object_id="AbC")),
        ({}, Filters()),
    ],
)
def test_what_people_type_is_understood(given, filters):
    assert read_filters(given) == filters


@pytest.mark.parametrize("who", ["secretariat", "observer"])
def test_pages_follow_each_other_at_the_same_cost(people, who):
    write(120)
    while seal():
        db.session.commit()
    client = people[who]
    first = client.get("/audit/")
    cost = len(client.statements)
    assert first.text.count('<th scope="row">') == 50
    older = first.text.split('id="pager-older" rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(older)
    assert len(client.statements) == cost
    assert second.text.count('<th scope="row">') == 50
    assert 'id="pager-newer"' in second.text
    fragment = client.get(older, headers={"HX-Request": "true"})
    assert fragment.text.count('<th scope="row">') == 50


def test_one_entry_shows_what_changed_and_its_proof(people):
    write(1)
    record(SYSTEM, "task.cancelled", "task", 5, after={"reason": {"code": 3}})
    seal(1)
    db.session.commit()
    client = people["auditor"]
    sealed = client.get("/audit/1").text
    assert "Position in the log" in sealed
    assert "<bdi>done</bdi>" in sealed
    waiting = client.get("/audit/2").text
    assert "Waiting for its seal" in waiting
    assert "{&#34;code&#34;: 3}" in waiting or '{"code": 3}' in waiting
    assert client.get("/audit/4711").status_code == 404


def test_verification_says_what_it_found(people):
    write(5)
    seal(3)
    db.session.commit()
    client = people["auditor"]
    assert "The log is as it was written" in client.get("/audit/verification").text
    db.session.execute(db.text("DROP TRIGGER audit_entry_no_update"))
    db.session.execute(db.text("UPDATE audit_entry SET hat = 'seat:1' WHERE id = 2"))
    db.session.commit()
    text = client.get("/audit/verification").text
    assert "The log was tampered with" in text
    assert "Entry 2 was altered: hat no longer says what was recorded." in text


def test_the_head_is_a_witness_file(people):
    client = people["observer"]
    assert client.get("/audit/head.json").status_code == 404
    write(3)
    seal()
    db.session.commit()
    response = client.get("/audit/head.json")
    assert response.mimetype == "application/json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="govern-head-3.json"'
    assert parse_head(response.data).size == json.loads(response.data)["size"] == 3


def test_an_empty_log_has_a_page(people):
    assert db.session.query(AuditEntry).count() == 0
    assert "Nothing has happened yet" in people["secretariat"].get("/audit/").text
    assert "Nothing is sealed yet" in people["observer"].get("/audit/").text
    assert people["auditor"].get("/audit/verification").status_code == 200
