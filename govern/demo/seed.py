"""Tell the story once, into an empty database."""

from datetime import date

from govern import database
from govern.cluster.queries import find_cluster
from govern.demo import decisions, gatherings, money
from govern.demo.founding import World, found
from govern.demo.timeline import ZONE, Timeline
from govern.extensions import db
from govern.kernel import clock


def seed_demo(day: date | None = None) -> bool:
    """Seed the demo when the database holds no cluster yet; True when it did. ``day`` is D, today by default."""
    database.set_mode(database.WRITE)
    if find_cluster() is not None:
        db.session.rollback()
        return False
    timeline = Timeline(day or clock.today(ZONE))
    world = World(timeline)
    timeline.add(timeline.at(timeline.on(-330), 8), lambda: found(world))
    money.plan(world)
    record = decisions.plan(world)
    gatherings.plan(world, record)
    timeline.run()
    return True
