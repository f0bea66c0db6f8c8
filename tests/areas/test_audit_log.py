# ruff: noqa: S608 - statements of a tamperer
"""Entries, seals, heads: an honest log verifies, and every way to change it is named."""

import json

import pytest

from govern.audit import queries
from govern.audit.actions import seal
from govern.audit.models import AuditEntry
from govern.audit.queries.verification import verify_log
from govern.audit.rules.merkle import leaf_hash
from govern.extensions import db
from govern.kernel.errors import RuleBrokenError
from tests.areas.audit_material import ODD, fill, named, raw, tamper, texts, write


@pytest.fixture
def log(app):
    fill()
    return app


@pytest.mark.usefixtures("log")
def test_an_honest_log_verifies():
    report = verify_log()
    assert report.faults == []
    assert (report.entries, report.sealed, report.waiting, report.heads) == (12, 10, 2, 3)
    assert report.head == queries.find_latest_head()
    assert report.head.size == 10


@pytest.mark.usefixtures("app")
def test_an_empty_log_verifies():
    assert seal() == 0
    report = verify_log()
    assert report.holds
    assert report.head is None


@pytest.mark.usefixtures("app")
def test_equal_deeds_at_one_instant_are_two_entries(at_d):
    write(1)
    write(1)
    first, second = db.session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert first.payload != second.payload
    assert first.at == second.at == at_d
    assert json.loads(first.payload)["with"]["after"] == {"state": "done"}


OTHER_VALUES = {
    "action": "'task.reopened'",
    "at": "'2026-01-01 10:00:00.000000'",
    "hat": "'staff:2'",
    "actor_name": "'Samir Okoye'",
    "object_kind": "'vote'",
    "object_id": "'99'",
    "user_id": "1",
}


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("entries", [range(1, 8), range(6, 13)], ids=["sealed", "odd-names-and-waiting"])
def test_an_altered_column_is_named(entries):
    changes = dict(zip(entries, OTHER_VALUES.items(), strict=True))
    tamper(*(f"UPDATE audit_entry SET {name} = {value} WHERE id = {entry}" for entry, (name, value) in changes.items()))
    found = {fault.entry_id: fault.text for fault in verify_log().faults}
    assert found.keys() == set(entries)
    for entry, (name, _value) in changes.items():
        assert f"altered: {name} no longer says" in found[entry]


@pytest.mark.usefixtures("log")
def test_a_name_cannot_pass_for_its_own_escaped_form():
    with raw() as connection:
        mark = "?" if db.engine.dialect.name == "sqlite" else "%s"
        escaped = json.dumps(ODD.name, ensure_ascii=False)[1:-1]
        connection.execute(f"UPDATE audit_entry SET actor_name = {mark} WHERE id = 8", (escaped,))
    assert named(verify_log()) == {8}


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("entry", [1, 5, 10, 11, 12])
def test_an_altered_payload_is_named(entry):
    payload = db.session.get_one(AuditEntry, entry).payload.replace(b"done", b"open")
    with raw() as connection:
        mark = "?" if db.engine.dialect.name == "sqlite" else "%s"
        connection.execute(f"UPDATE audit_entry SET payload = {mark} WHERE id = {entry}", (payload,))
    report = verify_log()
    assert named(report) == {entry}
    assert len(report.faults) == 1


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("entry", [1, 5, 10])
def test_a_payload_altered_together_with_its_seal_is_named(entry):
    payload = db.session.get_one(AuditEntry, entry).payload.replace(b"done", b"open")
    with raw() as connection:
        mark = "?" if db.engine.dialect.name == "sqlite" else "%s"
        connection.execute(f"UPDATE audit_entry SET payload = {mark} WHERE id = {entry}", (payload,))
        leaf = leaf_hash(payload)
        connection.execute(f"UPDATE audit_seal SET leaf_hash = {mark} WHERE entry_id = {entry}", (leaf,))
    report = verify_log()
    assert named(report) == {entry}
    assert "does not fit" in texts(report)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("entry", [1, 5, 10])
def test_a_deleted_entry_is_named(entry):
    tamper(f"DELETE FROM audit_entry WHERE id = {entry}")
    report = verify_log()
    assert named(report) == {entry}
    assert "is gone" in texts(report)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("entry", [1, 5, 9])
def test_an_entry_deleted_with_its_seal_is_named(entry):
    tamper(f"DELETE FROM audit_entry WHERE id = {entry}", f"DELETE FROM audit_seal WHERE entry_id = {entry}")
    report = verify_log()
    assert f"position {entry - 1} is gone" in texts(report)


@pytest.mark.usefixtures("log")
def test_an_entry_deleted_and_the_seals_moved_up_is_named():
    tamper(
        "DELETE FROM audit_entry WHERE id = 5",
        "DELETE FROM audit_seal WHERE entry_id = 5",
        *(f"UPDATE audit_seal SET position = {p - 1} WHERE position = {p}" for p in range(5, 10)),
    )
    report = verify_log()
    assert "no entry 5" in texts(report)
    assert "The signed head of 8 entries does not fit" in texts(report)


@pytest.mark.usefixtures("log")
def test_a_deleted_seal_is_named():
    tamper("DELETE FROM audit_seal WHERE entry_id = 5")
    report = verify_log()
    assert "position 4 is gone" in texts(report)
    if db.engine.dialect.name == "sqlite":
        assert named(report) == {5}


COPY = (
    "INSERT INTO audit_entry (id, at, user_id, hat, actor_name, action, object_kind, object_id, payload, mac) "
    "SELECT {id}, at, user_id, hat, actor_name, action, object_kind, object_id, payload, {mac} "
    "FROM audit_entry WHERE id = {source}"
)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("mac", ["mac", "payload"], ids=["copied-code", "false-code"])
def test_slipped_in_rows_are_named(mac):
    """Before, right after and long after what is there, copied from a sealed and from a waiting entry."""
    places = {0: 2, -3: 12, 13: 2, 500: 12, 501: 2}
    tamper(*(COPY.format(id=place, mac=mac, source=source) for place, source in places.items()))
    assert named(verify_log()) == places.keys()
    # The sealer does not take them in either.
    assert seal() == 2
    db.session.commit()
    assert named(verify_log()) == places.keys()


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("position", [0, 9])
def test_a_row_slipped_in_between_with_a_seal_of_its_own_is_named(position):
    payload, mark = b'{"action":"forged"}', "?" if db.engine.dialect.name == "sqlite" else "%s"
    with raw() as connection:
        for old in range(9, position - 1, -1):
            connection.execute(f"UPDATE audit_seal SET position = {old + 1} WHERE position = {old}")
        connection.execute(COPY.format(id=77, mac="mac", source=2))
        connection.execute(f"UPDATE audit_entry SET payload = {mark} WHERE id = 77", (payload,))
        connection.execute(f"INSERT INTO audit_seal VALUES ({position}, 77, {mark})", (leaf_hash(payload),))
    report = verify_log()
    assert 77 in named(report)
    assert "does not fit" in texts(report)


@pytest.mark.usefixtures("log")
def test_a_row_with_a_duplicated_position_is_named():
    with raw() as connection:
        connection.execute("CREATE TABLE copy AS SELECT * FROM audit_seal")
        connection.execute("DROP TABLE audit_seal")
        connection.execute("ALTER TABLE copy RENAME TO audit_seal")
        connection.execute(COPY.format(id=77, mac="mac", source=2))
        connection.execute("INSERT INTO audit_seal SELECT 4, 77, leaf_hash FROM audit_seal WHERE position = 1")
    report = verify_log()
    assert "which is taken" in texts(report)
    assert named(report) & {5, 77}


@pytest.mark.usefixtures("log")
def test_two_entries_that_changed_places_are_named():
    tamper(
        "UPDATE audit_entry SET id = 99 WHERE id = 3",
        "UPDATE audit_entry SET id = 3 WHERE id = 6",
        "UPDATE audit_entry SET id = 6 WHERE id = 99",
    )
    assert named(verify_log()) == {3, 6}


@pytest.mark.usefixtures("log")
def test_an_altered_head_is_named():
    tamper("UPDATE audit_head SET signed_at = '2026-01-01 10:00:00.000000' WHERE size = 8")
    assert "signed head of 8 entries was altered" in texts(verify_log())


@pytest.mark.usefixtures("log")
def test_a_head_without_its_last_seals_is_seen():
    tamper("DELETE FROM audit_seal WHERE position >= 8")
    assert "only 8 have a seal" in texts(verify_log())


@pytest.mark.usefixtures("log")
def test_seals_without_their_head_are_named():
    tamper("DELETE FROM audit_head WHERE size = 10")
    assert named(verify_log()) == {9, 10}


@pytest.mark.usefixtures("log")
def test_nothing_is_built_on_an_altered_head():
    tamper("UPDATE audit_head SET peaks = root WHERE size = 10")
    with pytest.raises(RuleBrokenError, match="was altered"):
        seal()
