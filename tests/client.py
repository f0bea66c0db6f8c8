"""A test client that checks every page it gets, so that no test has to remember to."""

import re
from contextlib import contextmanager
from datetime import timedelta
from secrets import token_hex

import html5lib
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import event, select

from govern import database
from govern.accounts.models import SignInSession, User
from govern.accounts.queries import token_hash
from govern.extensions import db
from govern.kernel import clock

PAGE_STATEMENTS = 8
COUNTED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)", re.IGNORECASE)


@contextmanager
def counted_statements():
    """Collect the SELECT, INSERT, UPDATE and DELETE statements sent inside the block."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if COUNTED.match(statement):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


class CheckedClient(FlaskClient):
    """Checks HTML, title and heading, ids, forms, and the number of statements of every page."""

    statements = ()
    page_limit = PAGE_STATEMENTS

    def open(self, *args, **kwargs):
        # The request must see the database as a browser would: nothing half-written by the test itself.
        db.session.commit()
        db.session.remove()
        for name in list(g):  # the test's application context outlives the request, what a request keeps there must not
            g.pop(name)
        with counted_statements() as seen:
            response = super().open(*args, **kwargs)
        self.statements = seen
        database.set_mode(database.WRITE)
        db.session.remove()
        if response.mimetype == "text/html" and response.status_code in {200, 422}:
            check_html(response.text, fragment="HX-Request" in (kwargs.get("headers") or {}))
            if kwargs.get("method", "GET") == "GET":
                assert len(seen) <= self.page_limit, "\n".join(seen)
        return response

    def as_user(self, user, hat_key=""):
        """Sign in as ``user`` under the hat ``hat_key`` ("member:3", "staff", "liaison:1", "seat:2")."""
        token = token_hex(16)
        now = clock.now()
        user_id = (
            user
            if isinstance(user, int)
            else db.session.scalar(select(User.id).where(User.email == user))
            if isinstance(user, str)
            else user.id
        )
        db.session.add(
            SignInSession(
                token_hash=token_hash(token),
                user_id=user_id,
                hat_key=hat_key,
                created_at=now,
                expires_at=now + timedelta(days=3650),
                method="test",
            )
        )
        db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return self


def check_html(text, *, fragment=False):
    """Valid HTML5, one h1 that the title starts with, unique ids, forms that say where they go and carry a token."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parseFragment(text) if fragment else parser.parse(text)
    wrong = [
        (code, place) for place, code, _ in parser.errors if not (fragment and code.startswith("expected-doctype"))
    ]
    assert not wrong, f"invalid HTML: {wrong[:3]}"
    space = "{http://www.w3.org/1999/xhtml}"
    ids = [e.get("id") for e in tree.iter() if isinstance(e.tag, str) and e.get("id")]
    double = {i for i in ids if ids.count(i) > 1}
    assert not double, f"duplicate ids: {double}"
    for form in tree.iter(f"{space}form"):
        assert form.get("action"), "a form without action"
        if (form.get("method") or "get").lower() == "post":
            names = {e.get("name") for e in form.iter(f"{space}input")}
            assert "csrf_token" in names, f"a form without csrf_token: {form.get('action')}"
    if fragment:
        assert "<html" not in text
        return
    headings = ["".join(h.itertext()).strip() for h in tree.iter(f"{space}h1")]
    assert len(headings) == 1, f"one h1 wanted: {headings}"
    title = "".join(next(tree.iter(f"{space}title")).itertext())
    heading = " ".join(headings[0].split())
    assert heading in " ".join(title.split()), f"title {title!r} does not name {heading!r}"
