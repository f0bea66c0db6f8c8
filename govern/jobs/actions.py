"""Queue work, and do what is due."""

from collections.abc import Callable, Mapping
from datetime import datetime
from json import dumps, loads
from typing import Any

import structlog
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govern import database
from govern.extensions import db
from govern.jobs.models import Job
from govern.jobs.rules import KEPT_DONE, LEASE, MOST_TRIES, told, wait_before_next
from govern.kernel import clock

log = structlog.get_logger()
Work = Callable[[dict[str, Any]], None]
_handlers: dict[str, Work] = {}
_daily: set[str] = set()


class LeaseLostError(Exception):
    """Another worker took the job over while this one was at it; what this one did is rolled back."""


def handler(kind: str, *, daily: bool = False) -> Callable[[Work], Work]:
    """Register the function that does jobs of ``kind`` (``area.deed``); govern.areas fills the registry.

    ``daily``: the worker queues one such job a day by itself, without arguments.
    """

    def add(work: Work) -> Work:
        if daily:
            _daily.add(kind)
        if _handlers.setdefault(kind, work) is not work:
            raise RuntimeError(f"two handlers for jobs of kind {kind!r}")
        return work

    return add


def enqueue(key: str, kind: str, arguments: Mapping[str, Any], *, run_at: datetime | None = None) -> None:
    """Queue one job in the caller's transaction; nothing happens when ``key`` was queued before, done or not.

    ``arguments`` must be plain JSON values; ``run_at`` is the earliest instant (default: now).
    """
    values = {
        "key": key,
        "kind": kind,
        "arguments": dumps(dict(arguments)),
        "run_at": run_at or clock.now(),
        "tries": 0,
    }
    db.session.execute(_once(values))


def _once(values: dict[str, Any]) -> Any:
    """INSERT that leaves a row with the same key alone."""
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return make(Job).values(last_error="", **values).on_conflict_do_nothing(index_elements=["key"])


def run_due(limit: int = 20) -> int:
    """Do up to ``limit`` jobs that are due, each in a transaction of its own; returns how many were done.

    For the worker: commits by itself, and must not be called inside a transaction.
    """
    done = 0
    for job_id, kind, arguments, tries, lease in _claim(limit):
        try:
            _do(job_id, kind, arguments, lease)
            done += 1
        except Exception as error:  # one failing job must not stop the others
            db.session.rollback()
            log.warning("job failed", job=job_id, kind=kind, error=told(error))
            _put_back(job_id, tries, lease, error)
    return done


def _due(now: datetime) -> Any:
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    return (Job.done_at.is_(None), Job.run_at <= now, Job.tries < MOST_TRIES, free)


def _claim(limit: int) -> list[tuple[int, str, dict[str, Any], int, datetime]]:
    """Take jobs for this worker: (id, kind, arguments, tries so far, end of the lease)."""
    now = clock.now()
    with database.short_read() as connection:  # an idle worker asks often and must not take the write lock each time
        if connection.execute(select(Job.id).where(*_due(now)).limit(1)).first() is None:
            return []
    lease = now + LEASE
    with database.short_write() as connection:
        # SKIP LOCKED: another worker's claim is passed over. SQLite has one writer at a time and ignores the clause.
        wanted = select(Job.id, Job.kind, Job.arguments, Job.tries).where(*_due(now))
        rows = connection.execute(
            wanted.order_by(Job.run_at, Job.id).limit(limit).with_for_update(skip_locked=True)
        ).all()
        taken = update(Job).where(Job.id.in_([row.id for row in rows])).values(leased_until=lease, tries=Job.tries + 1)
        connection.execute(taken)
    return [(row.id, row.kind, loads(row.arguments), row.tries + 1, lease) for row in rows]


def _do(job_id: int, kind: str, arguments: dict[str, Any], lease: datetime) -> None:
    work = _handlers.get(kind)
    if work is None:
        raise RuntimeError(f"nobody does jobs of kind {kind!r}")
    mine = (Job.id == job_id, Job.done_at.is_(None), Job.leased_until == lease)
    # First of all, so that a second worker with the same job waits here and then finds it done.
    held = db.session.execute(
        update(Job).where(*mine).values(done_at=clock.now(), leased_until=None, last_error="").returning(Job.id)
    ).first()
    if held is None:
        raise LeaseLostError
    work(arguments)
    db.session.commit()


def _put_back(job_id: int, tries: int, lease: datetime, error: Exception) -> None:
    with database.short_write() as connection:
        connection.execute(
            update(Job)
            .where(Job.id == job_id, Job.leased_until == lease)
            .values(leased_until=None, run_at=clock.now() + wait_before_next(tries), last_error=told(error))
        )


def forget_done(_arguments: Mapping[str, Any]) -> None:
    """Daily job: delete jobs done a month ago."""
    db.session.execute(delete(Job).where(Job.done_at < clock.now() - KEPT_DONE))


def plan_daily() -> None:
    """Queue today's run of every job that is done once a day (UTC); for the worker, in the caller's transaction."""
    day = clock.now().date().isoformat()
    wanted = {f"daily:{kind}:{day}": kind for kind in _daily}
    with database.short_read() as connection:
        planned = set(connection.scalars(select(Job.key).where(Job.key.in_(wanted))))
    for key in sorted(wanted.keys() - planned):
        enqueue(key, wanted[key], {})
