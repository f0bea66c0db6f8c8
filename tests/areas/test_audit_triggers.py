# ruff: noqa: S608 - statements of a tamperer
"""The database itself refuses to change or remove what the log holds, also for somebody who opens it by hand."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from govern.audit.actions import record, seal
from govern.audit.queries.invariants import check_triggers
from govern.extensions import db
from govern.kernel.actor import SYSTEM

TABLES = {"audit_entry": "id", "audit_seal": "position", "audit_head": "size"}


@pytest.fixture
def by_hand(app):
    """A plain connection with the driver's own settings, to a log of three sealed entries."""
    for number in range(3):
        record(SYSTEM, "task.completed", "task", number)
    seal()
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        connection = sqlite3.connect(db.engine.url.database)
    else:
        connection = psycopg.connect(
            db.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""), autocommit=True
        )
    yield connection
    connection.close()


def contents(connection):
    return {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in TABLES}


def refused(connection, *statements):
    before = contents(connection)
    for statement in statements:
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="only grows"):
            connection.execute(statement)
        connection.rollback()
    assert contents(connection) == before


@pytest.mark.parametrize("table", TABLES)
def test_plain_changes_are_refused(by_hand, table):
    key = TABLES[table]
    refused(
        by_hand,
        f"UPDATE {table} SET {key} = {key} + 100",
        f"UPDATE {table} SET {key} = {key}",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE {key} > 0",
    )


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("recursive", ["OFF", "ON"])
@pytest.mark.parametrize("table", TABLES)
def test_the_side_doors_of_sqlite_are_shut(by_hand, table, recursive):
    key = TABLES[table]
    columns = [row[1] for row in by_hand.execute(f"PRAGMA table_info({table})")]
    same = f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1 DESC LIMIT 1"
    by_hand.execute(f"PRAGMA recursive_triggers={recursive}")
    refused(
        by_hand,
        f"INSERT OR REPLACE INTO {table} {same}",
        f"REPLACE INTO {table} {same}",
        f"INSERT OR IGNORE INTO {table} {same}",
        f"INSERT INTO {table} {same} ON CONFLICT DO NOTHING",
        f"INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT ({key}) DO UPDATE SET {columns[-1]} = x'00'",
        f"UPDATE OR REPLACE {table} SET {key} = 1 WHERE {key} > 1 OR {key} = 0",
        f"UPDATE OR IGNORE {table} SET {key} = {key} + 1",
        f"UPDATE {table} SET rowid = rowid + 50",
        f"DELETE FROM {table} WHERE rowid IS NOT NULL",
    )


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_seal_cannot_push_out_another_by_its_other_columns(by_hand):
    entry, leaf = by_hand.execute("SELECT entry_id, leaf_hash FROM audit_seal WHERE position = 1").fetchone()
    refused(
        by_hand,
        f"INSERT OR REPLACE INTO audit_seal VALUES (77, {entry}, x'00')",
        f"INSERT OR REPLACE INTO audit_seal VALUES (77, 77, x'{leaf.hex()}')",
    )


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("table", TABLES)
def test_the_side_doors_of_postgresql_are_shut(by_hand, table):
    key = TABLES[table]
    refused(
        by_hand,
        f"TRUNCATE {table}",
        f"TRUNCATE ONLY {table} RESTART IDENTITY CASCADE",
        f"TRUNCATE {', '.join(TABLES)}",
        f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {key} = 999",
        f"WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone",
        f"DO $$ BEGIN UPDATE {table} SET {key} = {key} + 100; END $$",
        f"SET session_replication_role = replica; DELETE FROM {table}",
    )


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("table", TABLES)
def test_a_session_that_plays_replica_is_refused_too(by_hand, table):
    by_hand.execute("SET session_replication_role = replica")
    refused(by_hand, f"DELETE FROM {table}", f"UPDATE {table} SET {TABLES[table]} = 999", f"TRUNCATE {table}")


def test_new_rows_are_taken(by_hand):
    record(SYSTEM, "task.completed", "task", 4)
    assert seal() == 1
    db.session.commit()
    assert by_hand.execute("SELECT count(*) FROM audit_seal").fetchone()[0] == 4


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_trigger_is_reported(by_hand, table):
    assert check_triggers().faults == ()
    db.session.rollback()
    on = "" if db.engine.dialect.name == "sqlite" else f" ON {table}"
    by_hand.execute(f"DROP TRIGGER {table}_no_delete{on}")
    by_hand.commit()
    assert [fault for fault in check_triggers().faults if f"{table}_no_delete" in fault]


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_disabled_or_hollow_trigger_is_reported(by_hand):
    by_hand.execute("ALTER TABLE audit_seal DISABLE TRIGGER audit_seal_no_update")
    assert "audit_seal_no_update" in " ".join(check_triggers().faults)
    by_hand.execute("ALTER TABLE audit_seal ENABLE ALWAYS TRIGGER audit_seal_no_update")
    db.session.rollback()
    assert check_triggers().faults == ()
    by_hand.execute(
        "CREATE OR REPLACE FUNCTION govern_append_only() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NEW; END $$"
    )
    db.session.rollback()
    assert len(check_triggers().faults) == 9


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_hollow_trigger_is_reported(by_hand):
    by_hand.execute("DROP TRIGGER audit_entry_no_update")
    by_hand.execute("CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT 1; END")
    by_hand.commit()
    assert "audit_entry_no_update" in " ".join(check_triggers().faults)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.usefixtures("by_hand")
def test_the_application_sees_the_refusal_as_a_conflict():
    with pytest.raises(IntegrityError, match="only grows"):
        db.session.execute(db.text("UPDATE audit_entry SET hat = 'x'"))
    db.session.rollback()
