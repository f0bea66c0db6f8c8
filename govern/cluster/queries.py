"""Reads of the cluster's profile."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import FromClause, Row, select
from sqlalchemy.orm import make_transient_to_detached

from govern import database
from govern.cluster.models import Cluster, Department, Holiday
from govern.extensions import db
from govern.kernel.errors import NotFoundError

DEPARTMENTS: FromClause = Department.__table__
"""For joins of other areas: id, code, name."""
CLUSTERS: FromClause = Cluster.__table__
"""For the join that signs a person in."""
_PREFIX = "cluster_"
CLUSTER_COLUMNS = tuple(column.label(_PREFIX + column.name) for column in CLUSTERS.c)
"""What ``cluster_of`` needs of a joined row."""


class ClusterProfile(NamedTuple):
    """The cluster's profile as read together with something else; the fields are those of ``Cluster``."""

    id: int
    name: str
    legal_form: str
    territory: str
    founded_on: date | None
    zone: str
    currency: str
    locale: str
    help_email: str


# The row types are offered here for annotations above; the tables themselves stay private to this area.
__all__ = [
    "CLUSTERS",
    "CLUSTER_COLUMNS",
    "DEPARTMENTS",
    "Cluster",
    "ClusterProfile",
    "Department",
    "cluster_of",
    "find_cluster",
    "get_cluster",
    "get_department",
    "list_departments",
    "list_holidays",
]


def get_cluster() -> Cluster:
    """The cluster's profile; NotFoundError before ``govern init``."""
    found = db.session.get(Cluster, 1)
    if found is None:
        raise NotFoundError
    return found


def find_cluster() -> Cluster | None:
    """The cluster's profile, or None before ``govern init``."""
    return db.session.get(Cluster, 1)


def cluster_of(row: Row[*tuple[Any, ...]]) -> ClusterProfile:
    """The profile out of a row holding ``CLUSTER_COLUMNS``; a reading request's ``get_cluster`` then costs nothing."""
    profile = ClusterProfile(*(getattr(row, _PREFIX + name) for name in ClusterProfile._fields))
    if database.is_reading():
        known = Cluster(**profile._asdict())
        make_transient_to_detached(known)
        db.session.info["cluster"] = db.session.merge(known, load=False)  # the identity map alone would let it go
    return profile


def list_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Public holidays from ``first_year`` to ``last_year`` inclusive; 29 February only in leap years."""
    days = set[date]()
    for holiday in db.session.scalars(select(Holiday).order_by(Holiday.id)):
        for year in range(first_year, last_year + 1) if holiday.year is None else (holiday.year,):
            try:
                days.add(date(year, holiday.month, holiday.day))
            except ValueError:
                continue
    return frozenset(days)


def list_departments() -> Sequence[Department]:
    """All departments by name."""
    return db.session.scalars(select(Department).order_by(Department.name)).all()


def get_department(code: str) -> Department:
    """The department with this code, or NotFoundError."""
    found = db.session.scalar(select(Department).where(Department.code == code))
    if found is None:
        raise NotFoundError
    return found
