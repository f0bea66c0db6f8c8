"""The walls themselves: transactions, default deny, headers."""

import pytest
from flask import Flask, Response, request
from sqlalchemy.exc import DatabaseError
from structlog.testing import capture_logs

from govern import database
from govern.cluster.actions import draw_number
from govern.cluster.models import NumberSeries
from govern.extensions import db, login_manager
from govern.web import access
from govern.web.headers import HEADERS
from tests import factories as make


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


@pytest.fixture
def member_page(app):
    """Somebody of the secretariat, signed in on an empty cluster."""
    make.cluster()
    person = make.staff()
    db.session.commit()
    return app.test_client().as_user(person.id, "staff")


@pytest.mark.parametrize("key", [2**31, 2**63, 10**30])
@pytest.mark.parametrize("path", ["/tasks/{}", "/votes/{}", "/members/{}", "/reviews/{}", "/audit/{}"])
def test_a_key_beyond_every_row_is_not_found(member_page, path, key):
    assert member_page.get(path.format(key)).status_code == 404


@pytest.mark.parametrize("asked", [2**31, 2**63, 10**30, -(10**30)])
@pytest.mark.parametrize("cursor", ["before", "after"])
def test_a_cursor_beyond_every_row_is_an_empty_page(member_page, cursor, asked):
    assert member_page.get(f"/audit/?{cursor}={asked}").status_code == 200


def test_what_the_database_cannot_hold_is_refused_in_words(app):
    def store():
        number = request.form.get("year", type=int)
        db.session.add(NumberSeries(name=request.form["name"], year=number, last=0))
        db.session.flush()
        return Response("stored", mimetype="text/plain")

    app.add_url_rule("/store", "store", store, methods=["POST"])
    answer = app.test_client().post("/store", data={"name": "x", "year": 10**30})
    assert answer.status_code == 422
    assert "A number is too large" in answer.text
    assert db.session.query(NumberSeries).count() == 0


def test_a_refused_row_is_not_written_to_the_log(app):
    def twice():
        db.session.add(NumberSeries(name="the-secret-ballot", year=2026, last=0))
        db.session.flush()
        db.session.execute(db.insert(NumberSeries).values(name="the-secret-ballot", year=2026, last=1))
        return Response("stored", mimetype="text/plain")

    app.add_url_rule("/twice", "twice", twice, methods=["POST"])
    with capture_logs() as written:
        assert app.test_client().post("/twice").status_code == 409
    assert [line["event"] for line in written] == ["constraint"]
    assert "number_series" in written[0]["error"]
    assert "the-secret-ballot" not in str(written)


def test_a_database_that_fails_still_gets_an_answer_with_its_headers(app, monkeypatch):
    def fail(_token):
        raise TimeoutError("the database was busy for 30 seconds")

    monkeypatch.setattr(login_manager, "_user_callback", fail)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "somebody"
    answer = client.get("/account")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_writer_that_cannot_lock_the_file_keeps_nobody_waiting(tmp_path, monkeypatch):
    queue = database.WriteQueue(str(tmp_path / "missing" / "lock"))
    monkeypatch.setattr(database, "LOCK_WAIT_SECONDS", 0.2)
    for _try in range(2):
        with pytest.raises(FileNotFoundError):
            queue.take(1)


def test_static_files_carry_the_same_headers(app):
    with app.test_client().get("/static/css/app.css") as answer:
        assert answer.status_code == 200
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert "Access-Control-Allow-Origin" not in answer.headers
