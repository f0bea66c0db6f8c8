"""The walls themselves: transactions, default deny, headers."""

import pytest
from flask import Flask, Response
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


def _insert():
    db.session.execute(db.insert(NumberSeries).values(name="leak", year=2026, last=0))


def _add_and_commit():
    db.session.add(NumberSeries(name="leak", year=2026, last=0))
    db.session.commit()


def _update():
    db.session.execute(db.update(NumberSeries).values(last=99))


def _delete():
    db.session.execute(db.delete(NumberSeries))


def _second_transaction():
    db.session.commit()
    _insert()


def _another_connection():
    with db.engine.begin() as connection:
        connection.execute(db.insert(NumberSeries).values(name="leak", year=2026, last=0))


def _make_a_table():
    db.session.execute(db.text("CREATE TABLE leak (id INTEGER)"))


WRITES = [_insert, _add_and_commit, _update, _delete, _second_transaction, _another_connection, _make_a_table]


@pytest.mark.parametrize("write", WRITES)
def test_no_get_can_write(app, write):
    def leak():
        write()
        return Response("written", mimetype="text/plain")

    app.add_url_rule("/leak", "leak", leak, methods=["GET", "POST"])
    db.session.add(NumberSeries(name="kept", year=2026, last=7))
    db.session.commit()
    for method in ("GET", "HEAD"):
        with pytest.raises(DatabaseError, match=r"readonly|read-only"):
            app.test_client().open("/leak", method=method)
        db.session.rollback()
        database.set_mode(database.WRITE)
    assert db.session.execute(db.select(NumberSeries.name, NumberSeries.last)).all() == [("kept", 7)]
    db.session.rollback()
    # The same view may write when it is asked to, and a connection that has read is not spoilt for that.
    if write is not _another_connection:  # on SQLite the request holds the only place for a writer
        assert app.test_client().post("/leak").status_code == 200


def test_a_refused_post_stores_nothing(app):
    def refuse():
        _insert()
        return Response("no", status=422, mimetype="text/plain")

    app.add_url_rule("/leak", "leak", refuse, methods=["POST"])
    assert app.test_client().post("/leak").status_code == 422
    assert db.session.query(NumberSeries).count() == 0


@pytest.mark.usefixtures("app")
def test_a_rollback_gives_the_number_back():
    assert draw_number("decision", 2026) == 1
    db.session.commit()
    assert draw_number("decision", 2026) == 2
    db.session.rollback()
    assert draw_number("decision", 2026) == 2
    assert draw_number("decision", 2027) == 1
