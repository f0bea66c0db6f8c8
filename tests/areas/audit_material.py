"""A log to tamper with, and the tamperer's hands."""

import sqlite3
from contextlib import contextmanager

import psycopg

from govern.audit.actions import record, seal
from govern.extensions import db
from govern.kernel.actor import Actor, HatKind, Role

PETRA = Actor(7, "Petra Lund", HatKind.STAFF, "staff", "Secretariat", frozenset({Role.SECRETARIAT}))
ODD = Actor(8, 'Zoë "Zed" \\ Ünal\n', HatKind.MEMBER, "member:3", "Aurel General")
TABLES = ("audit_entry", "audit_seal", "audit_head")


def write(count, actor=PETRA):
    for number in range(count):
        record(actor, "task.completed", "task", number, before={"state": "open"}, after={"state": "done"})


def fill():
    """Ten sealed entries under three heads (4, 8, 10), and two that wait: ids 1 to 12."""
    write(6)
    write(4, ODD)
    assert [seal(4), seal(4), seal(4)] == [4, 4, 2]
    write(2)
    db.session.commit()


@contextmanager
def raw():
    """A connection like that of somebody who opens the database by hand and removes the triggers first."""
    db.session.rollback()
    lite = db.engine.dialect.name == "sqlite"
    if lite:
        connection = sqlite3.connect(db.engine.url.database)
    else:
        connection = psycopg.connect(db.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    for table in TABLES:
        if lite:
            for what in ("update", "delete", "replace"):
                connection.execute(f"DROP TRIGGER {table}_no_{what}")
        else:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield connection
    connection.commit()
    connection.close()


def tamper(*statements):
    with raw() as connection:
        for statement in statements:
            connection.execute(statement)


def named(report):
    return {fault.entry_id for fault in report.faults if fault.entry_id is not None}


def texts(report):
    return " ".join(fault.text for fault in report.faults)
