# ruff: noqa: S608 - statements of a tamperer
"""Heads kept elsewhere, proofs, keys, and what comes late."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from govern.audit import queries
from govern.audit.actions import record, seal
from govern.audit.models import AuditEntry, AuditHead, AuditSeal
from govern.audit.queries.verification import verify_log
from govern.audit.rules.heads import head_text, parse_head
from govern.audit.rules.merkle import includes, leaf_hash
from govern.config import SettingsError
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM
from govern.kernel.errors import InputError
from tests.areas.audit_material import PETRA, TABLES, fill, named, raw, tamper, texts, write
from tests.client import counted_statements


@pytest.fixture
def log(app):
    fill()
    return app


@pytest.mark.usefixtures("log")
def test_a_witness_shows_a_cut_off_end():
    witness = queries.find_latest_head()
    tamper(
        "DELETE FROM audit_entry WHERE id > 8",
        "DELETE FROM audit_seal WHERE position >= 8",
        "DELETE FROM audit_head WHERE size > 8",
    )
    assert verify_log().holds  # nothing inside the database can tell
    report = verify_log(witness)
    assert "knows 10 entries, the log has 8" in texts(report)


@pytest.mark.usefixtures("log")
def test_a_witness_shows_rewritten_history():
    witness = queries.find_latest_head()
    tamper(*(f"DELETE FROM {table}" for table in TABLES))
    write(11)
    seal()
    db.session.commit()
    assert verify_log().holds
    assert "was rewritten" in texts(verify_log(witness))


@pytest.mark.usefixtures("log")
def test_an_old_witness_fits_a_log_that_grew():
    witness = parse_head(head_text(queries.find_latest_head()))
    seal()
    write(3)
    seal()
    db.session.commit()
    assert verify_log(witness).holds


@pytest.mark.usefixtures("log")
def test_a_witness_that_was_edited_is_refused():
    document = json.loads(head_text(queries.find_latest_head()))
    for change in (
        {"size": 9},
        {"root": "00" * 32},
        {"signed_at": "2026-01-01T00:00:00Z"},
        {"signature": "00"},
        {"size": True},
    ):
        with pytest.raises(InputError):
            parse_head(json.dumps(document | change))
    for nonsense in ("", "[]", '{"format": "govern-ballots/1"}'):
        with pytest.raises(InputError):
            parse_head(nonsense)


@pytest.mark.usefixtures("log")
def test_entries_are_proven_under_the_newest_head():
    head, proofs = queries.prove([3, 10, 12, 4711])
    assert [proof.entry_id for proof in proofs] == [3, 10]
    for proof in proofs:
        leaf = leaf_hash(proof.payload)
        assert includes(head.root, leaf, proof.position, head.size, proof.path)
    assert queries.list_entry_ids({"task": [0, 1]}) == [1, 2, 7, 8, 11, 12]


def test_a_new_signing_key_is_itself_recorded(log):
    old = queries.find_latest_head().key_id
    log.extensions.pop("govern_signing_key")
    (log.config["GOVERN"].instance / "signing.key").write_text("07" * 32)
    assert "signed with the key" in texts(verify_log())
    seal()
    db.session.commit()
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.object_id) == ("audit_key.changed", queries.find_latest_head().key_id)
    assert json.loads(entry.payload)["with"]["before"] == {"key": old}
    assert verify_log().holds


def test_a_key_that_is_none_is_refused(log):
    log.extensions.pop("govern_signing_key")
    (log.config["GOVERN"].instance / "signing.key").write_text("not a key")
    with pytest.raises(SettingsError, match="64 hexadecimal digits"):
        seal()


def test_keys_are_private_files(log):
    for name in ("audit.key", "signing.key"):
        assert (log.config["GOVERN"].instance / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("engine_name", ["postgresql"])  # SQLite has one writer at a time
def test_ids_committed_out_of_order_are_all_sealed(app):
    """PostgreSQL hands out 1 to a slow transaction, commits 2, seals it, and only then commits 1."""
    record(SYSTEM, "slow.deed", "task", 1)
    with app.app_context():
        record(SYSTEM, "quick.deed", "task", 2)
        assert seal() == 1
        db.session.commit()
    db.session.commit()
    assert seal() == 1
    db.session.commit()
    order = db.session.execute(text("SELECT entry_id FROM audit_seal ORDER BY position")).scalars().all()
    assert order == [2, 1]
    assert verify_log().holds


@pytest.mark.usefixtures("app")
def test_an_entry_that_comes_hours_late_is_slipped_in():
    with clock.frozen_at(clock.now() - timedelta(hours=3)):
        write(4)
        seal()
    db.session.commit()
    with raw() as connection:
        connection.execute("UPDATE audit_entry SET id = id + 100")
        connection.execute("UPDATE audit_seal SET entry_id = entry_id + 100")
    record(PETRA, "task.forged", "task", 1)  # with the right code: somebody has the key
    db.session.commit()
    tamper_again("UPDATE audit_entry SET id = 50 WHERE action = 'task.forged'")
    assert seal() == 0
    assert named(verify_log()) == {50}


def tamper_again(statement):
    """As ``tamper`` does, the triggers being gone already."""
    db.session.execute(text(statement))
    db.session.commit()


@pytest.mark.usefixtures("app")
def test_many_faults_are_counted_not_listed():
    write(150)
    db.session.commit()
    tamper("UPDATE audit_entry SET hat = 'x'")
    report = verify_log()
    assert len(report.faults) == 100
    assert report.hidden == 50


@pytest.mark.usefixtures("app")
def test_recording_is_one_insert():
    with counted_statements() as seen:
        record(PETRA, "task.completed", "task", 1)
    assert len(seen) == 1


@pytest.mark.usefixtures("log")
def test_models_describe_what_is_stored():
    assert db.session.query(AuditSeal).count() == 10
    assert [len(head.peaks) for head in db.session.query(AuditHead).order_by(AuditHead.size)] == [32, 32, 64]
