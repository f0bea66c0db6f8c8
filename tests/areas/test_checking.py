"""The commands check and doctor: what they print, how they end."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from govern import database
from govern.areas import CHECKS
from govern.audit.actions import record, seal
from govern.audit.queries.invariants import check_references
from govern.cli import health
from govern.cli.checking import check, doctor
from govern.cluster.models import Cluster
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM
from govern.kernel.errors import InputError, RuleBrokenError
from tests import factories


@pytest.fixture
def installation(app, monkeypatch):
    monkeypatch.setenv("GOVERN_MODE", "test")
    monkeypatch.setenv("GOVERN_SECRET_KEY", "t" * 40)
    monkeypatch.setenv("GOVERN_INSTANCE", str(app.config["GOVERN"].instance))
    monkeypatch.setenv("GOVERN_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    factories.cluster()
    for number in range(3):
        record(SYSTEM, "task.completed", "task", number)
    seal()
    db.session.commit()
    db.session.remove()
    return app.config["GOVERN"].instance


def run(command, *arguments):
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    database.set_mode(database.WRITE)
    return result


def break_a_row():
    """An entry altered by somebody who removed the triggers."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(db.text("DROP TRIGGER audit_entry_no_update"))
    else:
        db.session.execute(db.text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_update"))
    db.session.execute(db.text("UPDATE audit_entry SET actor_name = 'Nobody' WHERE id = 2"))
    db.session.commit()
    db.session.remove()


@pytest.mark.usefixtures("installation")
def test_a_sound_record_ends_with_0():
    result = run(check)
    assert result.exit_code == 0, result.output
    assert "audit log" in result.stdout
    assert "FAILS" not in result.stdout
    assert result.stderr == ""
    document = json.loads(run(check, "--json").stdout)
    assert document["holds"] is True
    assert document["head"]["size"] == 3
    assert len(document["checks"]) == len(CHECKS)


@pytest.mark.usefixtures("installation")
def test_each_fault_is_one_message_and_ends_with_1():
    break_a_row()
    result = run(check)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2
    assert "Entry 2 was altered" in result.stderr
    assert "audit_entry_no_update" in result.stderr
    as_json = run(check, "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["holds"] is False


def test_a_witness_is_written_kept_up_to_date_and_compared(installation):
    witness = installation / "witness.json"
    assert run(check, "--witness", witness).exit_code == 0
    first = json.loads(witness.read_text())
    assert first["size"] == 3
    record(SYSTEM, "task.completed", "task", 4)
    seal()
    db.session.commit()
    db.session.remove()
    assert run(check, "--witness", witness).exit_code == 0
    newer = witness.read_text()
    assert json.loads(newer)["size"] == 4
    # Somebody puts an older state of the whole database back.
    for table in ("audit_entry", "audit_seal", "audit_head"):
        for what in ("update", "delete", "replace", "truncate"):
            on = "" if db.engine.dialect.name == "sqlite" else f" ON {table}"
            db.session.execute(db.text(f"DROP TRIGGER IF EXISTS {table}_no_{what}{on}"))
    db.session.execute(db.text("DELETE FROM audit_head WHERE size = 4"))
    db.session.execute(db.text("DELETE FROM audit_seal WHERE position = 3"))
    db.session.execute(db.text("DELETE FROM audit_entry WHERE id = 4"))
    db.session.commit()
    db.session.remove()
    result = run(check, "--witness", witness)
    assert result.exit_code == 1
    assert "its end was cut off" in result.stderr
    assert witness.read_text() == newer


@pytest.mark.usefixtures("installation")
def test_a_witness_that_is_none_is_refused(tmp_path):
    file = tmp_path / "witness.json"
    file.write_text("{}")
    result = run(check, "--witness", file)
    assert isinstance(result.exception, InputError)
    assert file.read_text() == "{}"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_without_a_database_one_sentence_says_what_to_do(installation, monkeypatch):
    monkeypatch.setenv("GOVERN_DATABASE_URL", f"sqlite:///{installation / 'other.db'}")
    result = run(check)
    assert isinstance(result.exception, RuleBrokenError)
    assert "govern init" in str(result.exception)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.usefixtures("app")
def test_orphans_are_counted_and_named():
    assert not check_references().faults
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("CREATE TABLE shelf (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE book (id INTEGER PRIMARY KEY, shelf_id INTEGER REFERENCES shelf (id))")
        connection.exec_driver_sql("INSERT INTO book (shelf_id) VALUES (4711), (4711), (NULL)")
        connection.commit()
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
    faults = check_references().faults
    assert faults == ["2 in book point with shelf_id to shelf 4711, which is not there."]


@pytest.fixture
def healthy(installation):
    for path in (installation, *installation.iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return installation


def signs(app):
    return {(one.about, one.level): one.text for one in health.examine(app.config["GOVERN"])}


@pytest.mark.usefixtures("healthy")
def test_a_healthy_installation_has_no_bad_sign():
    result = run(doctor)
    assert result.exit_code == 0, result.output
    for about in ("Python", "database", "file rights", "mail", "backup", "worker", "clock", "disk"):
        assert f" {about}: " in result.stdout
    assert isinstance(json.loads(run(doctor, "--json").stdout), list)


def test_a_readable_key_is_bad(healthy):
    (healthy / "signing.key").chmod(0o644)
    result = run(doctor)
    assert result.exit_code == 1
    assert "chmod 600" in result.stderr


@pytest.mark.usefixtures("healthy")
def test_old_backups_and_a_sleeping_worker_are_warned_of(app):
    assert ("backup", "warn") in signs(app)
    record(SYSTEM, "backup.made", "backup", "abc")
    db.session.commit()
    assert ("backup", "ok") in signs(app)
    assert ("worker", "ok") in signs(app)
    with clock.frozen_at(clock.now() + timedelta(days=9)):
        found = signs(app)
    assert "9 days ago" in found["backup", "warn"]
    assert "govern work" in found["worker", "warn"]


@pytest.mark.usefixtures("healthy")
def test_a_clock_behind_the_log_is_bad(app):
    with clock.frozen_at(clock.now() - timedelta(hours=2)):
        assert "set the clock" in signs(app)["clock", "bad"]


@pytest.mark.usefixtures("healthy")
def test_an_unknown_zone_is_bad(app):
    db.session.get_one(Cluster, 1).zone = "Atlantis/Capital"
    db.session.commit()
    assert "tzdata" in signs(app)["clock", "bad"]


@pytest.mark.usefixtures("healthy")
def test_a_mail_server_that_does_not_answer_is_bad(monkeypatch):
    monkeypatch.setenv("GOVERN_MAIL_URL", "smtp://127.0.0.1:1")
    result = run(doctor)
    assert result.exit_code == 1
    assert "mail: the server does not answer" in result.stderr


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ((3, 40, 1), "warn"),
        ((3, 44, 5), "warn"),
        ((3, 44, 6), "ok"),
        ((3, 45, 0), "warn"),
        ((3, 50, 6), "warn"),
        ((3, 50, 7), "ok"),
        ((3, 51, 2), "warn"),
        ((3, 51, 3), "ok"),
        ((3, 53, 0), "ok"),
    ],
)
def test_which_sqlite_has_the_repair(version, level):
    assert health.sqlite_sign(version).level == level


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_missing_database_is_bad(installation, monkeypatch):
    monkeypatch.setenv("GOVERN_DATABASE_URL", f"sqlite:///{installation / 'other.db'}")
    result = run(doctor)
    assert result.exit_code == 1
    assert "govern init" in result.stderr
