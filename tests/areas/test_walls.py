"""The walls themselves: transactions, default deny, headers."""

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from govern import database
from govern.cluster.actions import draw_number
from govern.cluster.models import NumberSeries
from govern.extensions import db
from govern.web import access


def test_a_bare_route_stops_the_start():
    app = Flask("x", static_folder=None)
    app.add_url_rule("/oops", "oops", lambda: "")
    with pytest.raises(RuntimeError, match="oops"):
        access.seal(app)


@pytest.mark.usefixtures("app")
def test_reading_refuses_writes():
    database.set_mode(database.READ)
    with pytest.raises(DatabaseError):
        db.session.execute(db.insert(NumberSeries).values(name="x", year=2026, last=0))
    db.session.rollback()
    database.set_mode(database.WRITE)


@pytest.mark.usefixtures("app")
def test_a_rollback_gives_the_number_back():
    assert draw_number("decision", 2026) == 1
    db.session.commit()
    assert draw_number("decision", 2026) == 2
    db.session.rollback()
    assert draw_number("decision", 2026) == 2
    assert draw_number("decision", 2027) == 1
