"""What the tests of accounts share: a cluster with people, and a browser that posts real tokens."""

import re
from types import SimpleNamespace

from argon2 import PasswordHasher

from govern.accounts import actions, keys
from govern.extensions import db
from tests import factories

PASSWORD = "seven quiet harbours"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HASHED = CHEAP.hash(PASSWORD)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def hash_cheaply(monkeypatch):
    """Real argon2id hashes that take no time; what they cost in earnest is tested once."""
    monkeypatch.setattr(keys, "_hasher", CHEAP)
    keys._decoy.cache_clear()


def found_house():
    """A cluster with one member, its delegate, and the secretariat; both know PASSWORD."""
    factories.cluster()
    member = factories.member(factories.category(), name="Sorriso Dental Centre")
    delegate = factories.delegate(member, "Miguel Sarmento")
    staff = factories.staff()
    delegate.password_hash = staff.password_hash = HASHED
    db.session.commit()
    # Plain records: what the session holds is gone after the first request.
    people = [SimpleNamespace(id=user.id, email=user.email, name=user.name) for user in (delegate, staff)]
    return SimpleNamespace(id=member.id), *people


def post(client, path, data=None, *, page="/sign-in", **kwargs):
    """Post as a browser does: with the token of the page the form stands on."""
    token = TOKEN.search(client.get(page, follow_redirects=True).text)
    return client.post(path, data={"csrf_token": token[1] if token else ""} | (data or {}), **kwargs)


def sign_in(client, email, password=PASSWORD, **extra):
    return post(client, "/sign-in", {"email": email, "password": password} | extra)


def is_in(client):
    """Whether this browser is signed in."""
    return client.get("/account").status_code == 200


def make_session(user):
    """A session of ``user`` as another browser would have it; returns its token."""
    token = actions.open_session(user, method="password", address="192.0.2.7", browser="Firefox on Windows")
    db.session.commit()
    return token
