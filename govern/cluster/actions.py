"""Changes of the cluster's profile, and the drawing of gapless numbers."""

from datetime import date

from sqlalchemy import select, update

from govern.audit.actions import record
from govern.cluster.models import Cluster, Department, Holiday, NumberSeries
from govern.database import upsert_into
from govern.extensions import db
from govern.kernel.actor import Actor


def found_cluster(  # noqa: PLR0913 - one keyword per field of the profile
    actor: Actor,
    *,
    name: str,
    zone: str,
    currency: str,
    legal_form: str = "",
    territory: str = "",
    founded_on: date | None = None,
    locale: str = "en",
    help_email: str = "",
) -> Cluster:
    """Write the one profile row; IntegrityError when the cluster exists already."""
    cluster = Cluster(
        id=1,
        name=name,
        zone=zone,
        currency=currency,
        legal_form=legal_form,
        territory=territory,
        founded_on=founded_on,
        locale=locale,
        help_email=help_email,
    )
    db.session.add(cluster)
    db.session.flush()
    record(actor, "cluster.founded", "cluster", 1, after={"name": name, "zone": zone, "currency": currency})
    return cluster


def add_holiday(actor: Actor, *, month: int, day: int, year: int | None = None, name: str = "") -> Holiday:
    """A public holiday of the territory, yearly unless ``year`` is given."""
    holiday = Holiday(month=month, day=day, year=year, name=name)
    db.session.add(holiday)
    db.session.flush()
    record(
        actor, "holiday.added", "holiday", holiday.id, after={"month": month, "day": day, "year": year, "name": name}
    )
    return holiday


def add_department(actor: Actor, *, code: str, name: str) -> Department:
    """A public body that reviews decisions."""
    department = Department(code=code, name=name)
    db.session.add(department)
    db.session.flush()
    record(actor, "department.added", "department", department.id, after={"code": code, "name": name})
    return department


def draw_number(series: str, year: int) -> int:
    """The next number of ``series`` in ``year``, starting at 1.

    Gapless: the counter row stays locked until the caller's transaction ends, so a rollback gives the number back and
    nobody else can draw in between.
    """
    db.session.execute(upsert_into(NumberSeries).values(name=series, year=year, last=0).on_conflict_do_nothing())
    here = (NumberSeries.name == series, NumberSeries.year == year)
    db.session.execute(update(NumberSeries).where(*here).values(last=NumberSeries.last + 1))
    return db.session.scalars(select(NumberSeries.last).where(*here).execution_options(populate_existing=True)).one()
