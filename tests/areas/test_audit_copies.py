"""A backup holds everything, restores on either engine, and a damaged one is refused before anything changes."""

import json
import shutil
import sqlite3
import zipfile

import psycopg
import pytest
from click.testing import CliRunner

from govern import database
from govern.audit.actions import record, seal
from govern.audit.models import AuditEntry
from govern.audit.queries.verification import verify_log
from govern.cli import databases
from govern.cli.checking import check
from govern.cli.copies import backup, restore
from govern.extensions import db
from govern.kernel.actor import SYSTEM
from govern.kernel.errors import InputError, RuleBrokenError
from tests.pgserver import find_binaries


@pytest.fixture
def installation(app, monkeypatch):
    """An installation with a log, a file, and the environment of its commands."""
    folder = app.config["GOVERN"].instance
    monkeypatch.setenv("GOVERN_MODE", "test")
    monkeypatch.setenv("GOVERN_SECRET_KEY", "t" * 40)
    monkeypatch.setenv("GOVERN_INSTANCE", str(folder))
    monkeypatch.setenv("GOVERN_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    if db.engine.dialect.name == "postgresql":
        monkeypatch.setenv("PATH", str(find_binaries()), prepend=":")
    for number in range(7):
        record(SYSTEM, "task.completed", "task", number)
    seal(5)
    db.session.commit()
    (folder / "minutes").mkdir()
    (folder / "minutes" / "scan.txt").write_text("signed")
    return folder


def run(command, *arguments):
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    database.set_mode(database.WRITE)
    return result


def said(result):
    """What a refusal tells, whichever way it came."""
    if isinstance(result.exception, InputError):
        return " ".join(result.exception.faults)
    return f"{result.output} {result.exception or ''}"


def make_backup(tmp_path_factory):
    file = tmp_path_factory.mktemp("copies") / "copy.zip"
    result = run(backup, file)
    assert result.exit_code == 0, said(result)
    return file


def lose_everything(folder):
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(db.text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
        db.session.commit()
        db.session.remove()
    db.engine.dispose()
    shutil.rmtree(folder)


def test_everything_comes_back(installation, tmp_path_factory):
    keys = [(installation / name).read_text() for name in ("audit.key", "signing.key")]
    file = make_backup(tmp_path_factory)
    assert file.stat().st_mode & 0o777 == 0o600
    record(SYSTEM, "task.completed", "task", "after the copy")
    db.session.commit()
    lose_everything(installation)

    result = run(restore, file)
    assert result.exit_code == 0, said(result)
    assert [(installation / name).read_text() for name in ("audit.key", "signing.key")] == keys
    assert (installation / "signing.key").stat().st_mode & 0o777 == 0o600
    assert (installation / "minutes" / "scan.txt").read_text() == "signed"
    assert not list(installation.glob(".restore-*"))
    actions = db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["task.completed"] * 7 + ["backup.restored"]
    db.session.rollback()
    assert verify_log().holds
    assert run(check).exit_code == 0
    # And the restored installation can itself be copied and restored over.
    again = make_backup(tmp_path_factory)
    assert run(restore, again, "--force").exit_code == 0


def test_making_a_copy_is_itself_recorded(installation, tmp_path_factory):
    make_backup(tmp_path_factory)
    last = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last.action == "backup.made"
    assert json.loads(last.payload)["with"]["after"]["bytes"] > 0
    assert (installation / "audit.key").exists()


def test_an_installation_is_only_replaced_when_told_to(installation, tmp_path_factory):
    file = make_backup(tmp_path_factory)
    record(SYSTEM, "task.completed", "task", "after the copy")
    db.session.commit()
    db.session.remove()
    refused = run(restore, file)
    assert refused.exit_code == 1
    assert "--force" in said(refused)
    assert db.session.query(AuditEntry).count() == 9
    db.session.remove()
    db.engine.dispose()
    forced = run(restore, file, "--force")
    assert forced.exit_code == 0, said(forced)
    assert db.session.query(AuditEntry).count() == 8
    assert "before" in forced.output
    assert (installation / "minutes" / "scan.txt").exists()


def rewritten(file, change):
    """The zip again, each (name, bytes) changed by ``change``; None leaves one out."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return other


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda name, data: data + b"x" if name.endswith("scan.txt") else data, "scan.txt was changed"),
        (lambda name, data: None if name.endswith("audit.key") else data, "audit.key is missing"),
        (lambda name, data: None if name == "manifest.json" else data, "no manifest"),
        (lambda name, data: data.replace(b"scan.txt", b"scam.txt") if name == "manifest.json" else data, "scam.txt"),
        (lambda name, data: data[:-9] if name == "database.sqlite" else data, "database.sqlite was changed"),
    ],
    ids=["altered", "missing", "no-manifest", "renamed", "truncated"],
)
def test_a_damaged_copy_changes_nothing(installation, tmp_path_factory, change, told):
    file = rewritten(make_backup(tmp_path_factory), change)
    before = {path: path.read_bytes() for path in installation.rglob("*.txt")}
    db.session.remove()
    result = run(restore, file, "--force")
    assert result.exit_code == 1
    assert told in said(result)
    assert {path: path.read_bytes() for path in installation.rglob("*.txt")} == before
    assert not list(installation.glob(".restore-*"))
    assert db.session.query(AuditEntry).count() == 8


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.usefixtures("installation")
def test_no_name_leads_out_of_the_folder(tmp_path_factory):
    file = make_backup(tmp_path_factory)
    out = tmp_path_factory.getbasetemp() / "escaped.txt"
    manifest = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    manifest["files"]["../../../escaped.txt"] = manifest["files"]["instance/minutes/scan.txt"]
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("../../../escaped.txt", "signed")
    evil = rewritten(file, lambda name, data: json.dumps(manifest).encode() if name == "manifest.json" else data)
    assert "no name for a file" in said(run(restore, evil, "--force"))
    assert not out.exists()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_no_copy_is_refused(installation, tmp_path_factory):
    folder = tmp_path_factory.mktemp("copies")
    text = folder / "notes.zip"
    text.write_text("hello")
    assert "not a complete backup" in said(run(restore, text, "--force"))
    assert "instance folder itself" in said(run(backup, installation / "copy.zip"))


def test_a_copy_of_a_log_that_was_tampered_with_is_not_put_in_place(installation, tmp_path_factory):
    if db.engine.dialect.name == "sqlite":
        connection = sqlite3.connect(db.engine.url.database)
        connection.execute("DROP TRIGGER audit_entry_no_update")
    else:
        connection = psycopg.connect(db.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
        connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    connection.execute("UPDATE audit_entry SET actor_name = 'Nobody' WHERE id = 3")
    connection.commit()
    connection.close()
    file = make_backup(tmp_path_factory)
    db.session.remove()
    db.engine.dispose()
    result = run(restore, file, "--force")
    assert result.exit_code == 1
    assert "Entry 3 was altered: actor_name" in said(result)
    assert db.session.query(AuditEntry).count() == 8
    assert (installation / "audit.key").exists()


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.usefixtures("installation")
def test_a_copy_of_the_other_engine_is_refused(tmp_path_factory, monkeypatch, tmp_path):
    file = make_backup(tmp_path_factory)
    monkeypatch.setenv("GOVERN_INSTANCE", str(tmp_path / "new"))
    monkeypatch.setattr(databases.PostgresDatabase, "contents", lambda _self: [])
    monkeypatch.setenv("GOVERN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "same kind of database" in said(run(restore, file))


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.usefixtures("installation")
def test_keys_of_the_environment_are_asked_for(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("GOVERN_SIGNING_KEY", "07" * 32)
    file = tmp_path_factory.mktemp("copies") / "copy.zip"
    assert "GOVERN_SIGNING_KEY comes from the environment" in run(backup, file).output
    monkeypatch.delenv("GOVERN_SIGNING_KEY")
    assert "set it before restoring" in said(run(restore, file, "--force"))


def test_without_the_tools_of_postgresql_one_sentence_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuleBrokenError, match="pg_dumpling is not installed here"):
        databases.find_tool("pg_dumpling")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_copy_is_consistent_while_others_write(installation):
    writer = sqlite3.connect(db.engine.url.database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE number_series SET last = last")
    # The copy needs no lock of its own; only the note about it waits for the writer.
    target = installation.parent / "copy.sqlite"
    databases.of_application().copy_to(target)
    writer.execute("ROLLBACK")
    writer.close()
    assert sqlite3.connect(target).execute("SELECT count(*) FROM audit_entry").fetchone() == (7,)
