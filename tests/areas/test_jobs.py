"""Jobs: exactly once, whatever runs beside or dies; and the worker that does them."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from govern import areas
from govern.cli import work
from govern.extensions import db
from govern.jobs import actions
from govern.jobs.actions import enqueue, handler, plan_daily, run_due
from govern.jobs.models import Job
from govern.jobs.rules import KEPT_DONE, LEASE, MOST_TRIES, wait_before_next
from govern.kernel import clock
from govern.notifications.actions import queue_mail
from govern.notifications.models import Mail

ROOT = Path(__file__).resolve().parents[2]
JOBS, PROCESSES = 100, 4
# Marks each run in the database, with a key of its own: a job that ran twice leaves two rows.
WORKER = """
import json, os, sys, uuid
from govern import config
from govern.app import create_app
from govern.jobs.actions import handler, run_due
from govern.notifications.actions import queue_mail

@handler("test.mark")
def mark(arguments):
    queue_mail(key=uuid.uuid4().hex, to=str(os.getpid()), subject=str(arguments["number"]), text="")

app = create_app(config.load(mode="test"))
print("ready", flush=True)
sys.stdin.readline()
done = 0
with app.app_context():
    while ran := run_due(5):
        done += ran
print(done)
"""


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(actions, "_handlers", dict(actions._handlers))
    monkeypatch.setattr(actions, "_daily", set())


@pytest.fixture
def seen(registry):
    """The arguments of every run of the kind ``test.note``."""
    found = []
    handler("test.note")(found.append)
    return found


def jobs():
    """All jobs; no transaction is left open, as the worker would find it."""
    found = db.session.execute(select(*Job.__table__.columns).order_by(Job.id)).all()
    db.session.rollback()
    return found


def add(key="1", kind="test.note", **arguments):
    enqueue(key, kind, arguments)
    db.session.commit()


def environment(app, **more):
    settings = app.config["GOVERN"]
    given = {"GOVERN_INSTANCE": str(settings.instance), "GOVERN_DATABASE_URL": settings.database_url}
    return os.environ | given | {"GOVERN_SECRET_KEY": "t" * 40, "PYTHONPATH": str(ROOT)} | more


def test_four_processes_run_each_of_a_hundred_jobs_exactly_once(app):
    for number in range(JOBS):
        enqueue(f"mark:{number}", "test.mark", {"number": number})
    db.session.commit()
    db.session.remove()
    command = [sys.executable, "-c", WORKER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, env=environment(app), **pipes) for _number in range(PROCESSES)]
    try:
        for worker in workers:  # all of them start at the same moment
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        counts = [int(worker.communicate(timeout=120)[0]) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert sum(counts) == JOBS
    ran = db.session.execute(select(Mail.subject, func.count()).group_by(Mail.subject)).all()
    assert sorted((int(row[0]), row[1]) for row in ran) == [(number, 1) for number in range(JOBS)]
    assert db.session.scalar(select(func.count()).where(Job.done_at.is_(None))) == 0
    assert db.session.scalar(select(func.max(Job.tries))) == 1


def test_a_job_is_queued_once_per_key_even_after_it_is_done(app, seen):
    add(number=1)
    add(number=2)
    assert run_due() == 1
    add(number=3)
    assert run_due() == 0
    assert seen == [{"number": 1}]


def test_a_job_is_queued_with_its_transaction(app, seen):
    enqueue("1", "test.note", {})
    db.session.rollback()
    assert run_due() == 0


def test_a_job_waits_for_its_time(app, seen):
    enqueue("1", "test.note", {}, run_at=clock.now() + timedelta(hours=1))
    db.session.commit()
    assert run_due() == 0
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert run_due() == 1


def test_a_failing_job_leaves_nothing_behind_and_is_tried_later(app, registry):
    @handler("test.fail")
    def fail(_arguments):
        queue_mail(key="half", to="a@example.org", subject="s", text="t")
        db.session.flush()
        raise ValueError("no\nluck")

    add(kind="test.fail")
    add("2", "test.note")
    handler("test.note")(lambda _arguments: None)
    start = clock.now()
    with clock.frozen_at(start):
        assert run_due() == 1, "the other job is not stopped"
        assert run_due() == 0
    failed = jobs()[0]
    assert (failed.last_error, failed.tries, failed.leased_until) == ("ValueError: no luck", 1, None)
    assert failed.run_at == start + wait_before_next(1)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0
    db.session.rollback()
    for _try in range(MOST_TRIES + 2):
        with clock.frozen_at(jobs()[0].run_at):
            run_due()
    assert jobs()[0].tries == MOST_TRIES
    assert jobs()[0].done_at is None


def test_a_job_of_no_kind_says_so(app):
    add(kind="test.unknown")
    assert run_due() == 0
    assert "nobody does jobs of kind 'test.unknown'" in jobs()[0].last_error


def test_the_job_of_a_worker_that_died_comes_back_after_its_lease(app, seen):
    add()
    start = clock.now()
    with clock.frozen_at(start):
        assert len(actions._claim(5)) == 1  # and then it dies
        assert run_due() == 0
    with clock.frozen_at(start + LEASE + timedelta(seconds=1)):
        assert run_due() == 1
    assert len(seen) == 1


def test_a_worker_that_lost_its_lease_changes_nothing(app, seen):
    add()
    start = clock.now()
    with clock.frozen_at(start):
        ((job_id, kind, arguments, tries, lease),) = actions._claim(5)
    with clock.frozen_at(start + LEASE + timedelta(seconds=1)):
        assert run_due() == 1
    with pytest.raises(actions.LeaseLostError):
        actions._do(job_id, kind, arguments, lease)
    db.session.rollback()
    actions._put_back(job_id, tries, lease, ValueError("late"))
    assert (len(seen), jobs()[0].done_at is not None, jobs()[0].last_error) == (1, True, "")


def test_a_kind_has_one_handler(app, registry):
    handler("test.note")(print)
    handler("test.note")(print)
    with pytest.raises(RuntimeError, match="two handlers"):
        handler("test.note")(len)


def test_daily_jobs_run_once_a_day(app, registry):
    ran = []
    handler("test.daily", daily=True)(ran.append)
    start = clock.now().replace(hour=8)
    for hours, times in ((0, 1), (3, 1), (26, 2)):
        with clock.frozen_at(start + timedelta(hours=hours)):
            plan_daily()
            db.session.commit()
            run_due()
        assert len(ran) == times


def test_jobs_done_long_ago_are_forgotten(app, seen):
    add()
    run_due()
    with clock.frozen_at(clock.now() + KEPT_DONE + timedelta(days=1)):
        actions.forget_done({})
        db.session.commit()
    assert jobs() == []


def test_a_round_goes_on_after_a_failure_and_names_it(app, monkeypatch):
    ran = []

    def breaks():
        queue_mail(key="half", to="a@example.org", subject="s", text="t")
        raise ValueError("no luck")

    def writes():
        queue_mail(key="whole", to="a@example.org", subject="s", text="t")
        ran.append(1)

    monkeypatch.setattr(areas, "PERIODIC", (breaks, writes))
    failed = work.run_round(app)
    assert len(failed) == 1
    assert "ValueError: no luck" in failed[0]
    assert ran == [1]
    assert db.session.scalars(select(Mail.key)).all() == ["whole"], "each in its own transaction"


def test_the_worker_thread_works_and_stops(app, seen, monkeypatch):
    monkeypatch.setattr(areas, "PERIODIC", (run_due,))
    monkeypatch.setattr(work, "PAUSE_SECONDS", 0.05)
    add()
    db.session.remove()
    worker = work.start_worker_thread(app)
    until = time.monotonic() + 10
    while not seen and time.monotonic() < until:
        time.sleep(0.05)
    worker.stop()
    assert not worker.thread.is_alive()
    assert len(seen) == 1


def test_the_command_does_one_round_or_works_until_stopped(app):
    queue_mail(key="1", to="a@example.org", subject="s", text="t")
    db.session.commit()
    db.session.remove()
    run = [sys.executable, "-m", "govern", "work"]
    demo = environment(app, GOVERN_MODE="demo")
    once = subprocess.run([*run, "--once"], check=False, env=demo, capture_output=True, text=True, timeout=60)
    assert (once.returncode, once.stderr) == (0, "")
    assert db.session.scalars(select(Mail.sent_at)).one() is not None
    db.session.rollback()
    looping = subprocess.Popen(run, env=demo, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert looping.stdout.readline().startswith("Working.")
    looping.send_signal(signal.SIGTERM)
    _out, err = looping.communicate(timeout=60)
    assert (looping.returncode, err) == (0, "")
