"""When things happen: events by offset from D, run in the order of their instants with the clock stopped."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from govern.extensions import db
from govern.kernel import clock
from govern.kernel.clock import at_local, frozen_at, next_working_day

ZONE = "Europe/Lisbon"
MORNING, EVENING = 8, 18
HOLIDAYS = ((1, 1), (5, 1), (8, 15), (11, 1), (12, 25), (12, 26))


class Timeline:
    """Collects events and runs them in order, each in its own transaction at its own instant."""

    def __init__(self, day: date) -> None:
        """``day`` is D, the seeding day in the cluster's zone."""
        self.day = day
        self.events: list[tuple[datetime, int, Callable[[], object]]] = []

    def on(self, offset: int) -> date:
        """The calendar day D + ``offset``."""
        return self.day + timedelta(days=offset)

    def working(self, offset: int) -> date:
        """D + ``offset``, moved to the next working day."""
        day = self.on(offset)
        holidays = {date(year, *item) for year in (day.year, day.year + 1) for item in HOLIDAYS}
        return next_working_day(day, holidays)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """A local time on ``day`` as an instant."""
        return at_local(day, time(hour, minute), ZONE)

    def by_day(self, instant: datetime) -> datetime:
        """The instant, moved into the day when it falls into the night: nobody votes at four in the morning."""
        local = instant.astimezone(ZoneInfo(ZONE))
        return local.replace(hour=min(max(local.hour, MORNING), EVENING))

    def add(self, instant: datetime, event: Callable[[], object]) -> None:
        """Have ``event`` happen at ``instant``; equal instants keep the order of adding."""
        self.events.append((instant, len(self.events), event))

    def run(self) -> None:
        """Let everything happen that lies before now."""
        now = clock.now()
        for instant, _order, event in sorted(self.events, key=lambda item: item[:2]):
            with frozen_at(min(instant, now)):
                event()
                db.session.commit()
