"""Time: instants are aware UTC datetimes; deadlines are computed in the cluster's zone and working days.

``now()`` is the only clock. ``frozen_at`` replaces it inside one context (tests, and the demo's seeding, which must
date what happened weeks ago).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)
WORKING_WEEK = frozenset({0, 1, 2, 3, 4})


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day in ``zone`` (IANA name) at this instant."""
    return local_day(now(), zone)


@contextmanager
def frozen_at(instant: datetime) -> Iterator[None]:
    """Stop the clock of this context at ``instant`` (must be aware)."""
    if instant.tzinfo is None:
        raise ValueError("the clock is set with an aware instant")
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of ``instant`` in ``zone``."""
    return instant.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """00:00 of ``day`` in ``zone``, as a UTC instant."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """24:00 of ``day`` in ``zone``, as a UTC instant: the first instant that is too late."""
    return start_of_day(day + timedelta(days=1), zone)


def at_local(day: date, clock_time: time, zone: str) -> datetime:
    """``clock_time`` on ``day`` in ``zone``, as a UTC instant."""
    return datetime.combine(day, clock_time, ZoneInfo(zone)).astimezone(UTC)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday and no public holiday of the territory."""
    return day.weekday() in WORKING_WEEK and day not in holidays


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """``day`` itself when it is a working day, otherwise the first one after it."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """The ``count``-th working day after ``day`` (``count`` >= 0; 0 gives ``day``)."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), holidays)
    return day
