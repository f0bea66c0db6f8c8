"""The whole access table: a route does not pass until it is listed, and every door is really tried by everybody.

The table lives in tests/arch/access_table, one file per area; the doors are tried on the seeded demo, where every kind
of object exists.
"""

import importlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from govern.accounts.models import Appointment, User
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.web import access
from tests.conftest import make_app

AREAS = sorted(p.stem for p in (Path(__file__).parent / "access_table").glob("[a-z]*.py"))
TABLE = {
    endpoint: row
    for area in AREAS
    for endpoint, row in importlib.import_module(f"tests.arch.access_table.{area}").TABLE.items()
}
PERSONAS = {
    "delegate": (HatKind.MEMBER, Role.DELEGATE),
    "alternate": (HatKind.MEMBER, Role.ALTERNATE),
    "dues_contact": (HatKind.MEMBER, Role.DUES_CONTACT),
    "seat": (HatKind.SEAT, Role.SEAT),
    "chair": (HatKind.SEAT, Role.CHAIR),
    "secretariat": (HatKind.STAFF, Role.SECRETARIAT),
    "treasurer": (HatKind.OFFICE, Role.TREASURER),
    "auditor": (HatKind.OFFICE, Role.AUDITOR),
    "liaison": (HatKind.LIAISON, Role.LIAISON),
    "observer": (HatKind.OFFICE, Role.OBSERVER),
}
SIGNED_OUT = {302, 303, 401}


@pytest.fixture(scope="module")
def house(demo_file, tmp_path_factory):
    """An app on a copy of the seeded demo, for the whole table."""
    folder = tmp_path_factory.mktemp("doors") / "demo"
    shutil.copytree(demo_file.parent, folder)
    app = make_app(folder, f"sqlite:///{folder / 'govern.db'}")
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture(scope="module")
def personas(house):
    """persona -> a client signed in under exactly that hat; the hat's roles are at least the persona's."""
    clients = {}
    for name, (kind, role) in PERSONAS.items():
        statement = (
            select(Appointment, User)
            .join(User, User.id == Appointment.user_id)
            .where(Appointment.kind == kind, Appointment.role == role)
            .order_by(Appointment.id)
        )
        if name == "dues_contact":  # one who is nothing else
            statement = statement.where(User.name == "Teresa Lobo")
        if name == "seat":
            statement = statement.where(User.name != "Dr. Irene Sol")
        appointment, user = db.session.execute(statement).first()
        target = appointment.member_id or appointment.seat_id or appointment.department_id
        key = f"{kind.value}:{target}" if target else kind.value
        clients[name] = house.test_client().as_user(user.id, key)
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(_file(house))) as here, closing(sqlite3.connect(_kept(house))) as kept:
        here.backup(kept)
    return clients


def _file(house):
    return house.config["GOVERN"].instance / "govern.db"


def _kept(house):
    return _file(house).with_suffix(".kept")


def _as_before(house):
    """What one door did must not decide what the next one answers."""
    db.session.remove()
    db.engine.dispose()
    for tail in ("-wal", "-shm"):
        _file(house).with_name(f"govern.db{tail}").unlink(missing_ok=True)
    shutil.copy(_kept(house), _file(house))


def test_the_table_is_complete(house):
    actual = {rule.endpoint: access.declared(house, rule.endpoint) for rule in house.url_map.iter_rules()}
    assert actual == {endpoint: row[0] for endpoint, row in TABLE.items()}


@pytest.mark.parametrize("endpoint", sorted(TABLE))
def test_doors(house, personas, endpoint):
    allowed = TABLE[endpoint][1]
    values = TABLE[endpoint][2] if len(TABLE[endpoint]) > 2 else {}
    for rule in house.url_map.iter_rules(endpoint):
        adapter = house.url_map.bind("localhost")
        arguments = {name: values.get(name, 1) for name in rule.arguments}
        url = adapter.build(endpoint, arguments)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            if allowed is None:
                assert house.test_client().open(url, method=method).status_code != 403
                continue
            assert house.test_client().open(url, method=method).status_code in SIGNED_OUT, (method, url)
            for name, client in personas.items():
                if method == "POST":
                    _as_before(house)
                status = client.open(url, method=method).status_code
                if name in allowed:
                    assert status not in {401, 403, 500}, (name, method, url, status)
                else:
                    assert status in {403, 404}, (name, method, url, status)


OPEN_TO_ANYBODY = {
    "accounts.account": "the own account stays the person's own",
    "accounts.password": "as above",
    "accounts.second_step_edit": "as above",
    "accounts.second_step_new": "as above",
    "desk.home": "says that there is nothing to act as",
    "dues.tariffs": "the scale is published",
}


def test_whose_appointments_have_ended_opens_nothing_of_the_cluster(house):
    """A former delegate can still sign in; the register, the votes and the meetings are closed to it."""
    person = User(name="Former Delegate", email="former@example.org", created_at=clock.now())
    db.session.add(person)
    db.session.commit()
    client = house.test_client().as_user(person.id)
    for endpoint, row in TABLE.items():
        for rule in house.url_map.iter_rules(endpoint):
            if "GET" not in rule.methods or row[1] is None or endpoint in OPEN_TO_ANYBODY:
                continue
            given = row[2] if len(row) > 2 else {}
            url = house.url_map.bind("localhost").build(endpoint, {name: given.get(name, 1) for name in rule.arguments})
            assert client.get(url).status_code in {403, 404}, url
