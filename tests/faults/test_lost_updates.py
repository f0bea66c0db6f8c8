"""Eight processes that read and then write lose nothing: not an update, not a row, and nobody waits for long."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from govern import database
from govern.cluster.actions import draw_number
from govern.cluster.models import NumberSeries
from govern.extensions import db

PROCESSES = 8
TRANSACTIONS = 250
MOST_SECONDS = 60
ROOT = Path(__file__).parents[2]


@contextmanager
def writers(processes, transactions):
    """Eight (or so) processes at work; whatever happens, none is left behind."""
    db.session.add(NumberSeries(name="race", year=0, last=0))
    db.session.commit()
    db.session.remove()
    url = db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.faults.writers", url, str(processes), str(transactions)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True) as group:
        try:
            yield group
        finally:
            if group.poll() is None:
                os.killpg(group.pid, signal.SIGKILL)


def counted():
    with database.short_read() as connection:
        return connection.scalar(
            select(func.count()).select_from(NumberSeries).where(NumberSeries.name.startswith("writer "))
        )


@pytest.mark.usefixtures("app")
def test_nothing_is_lost():
    started = time.monotonic()
    with writers(PROCESSES, TRANSACTIONS) as group:
        messages = group.communicate(timeout=MOST_SECONDS)[1]
    assert group.returncode == 0, messages
    assert time.monotonic() - started <= MOST_SECONDS

    everything = PROCESSES * TRANSACTIONS
    drawn = db.session.scalars(select(NumberSeries.last).where(NumberSeries.name.startswith("writer "))).all()
    assert db.session.get_one(NumberSeries, ("race", 0)).last == everything
    # Every number was seen by exactly one transaction: nobody wrote over what another had written.
    assert sorted(drawn) == list(range(1, everything + 1))
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(db.text("PRAGMA integrity_check")).scalar_one() == "ok"


@pytest.mark.usefixtures("app")
def test_killed_writers_leave_neither_a_half_nor_a_lock():
    with writers(3, 100_000) as group:
        until = time.monotonic() + MOST_SECONDS
        while counted() < 50 and group.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
    # Once the writers are dead PostgreSQL still has to notice; the next reader of the row waits for that.
    last = db.session.scalars(select(NumberSeries.last).where(NumberSeries.name == "race").with_for_update()).one()
    db.session.rollback()
    assert last == counted() >= 50
    assert draw_number("decision", 2026) == 1
    db.session.commit()
