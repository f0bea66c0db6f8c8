"""Reads of the cluster's profile."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import FromClause, select

from govern.cluster.models import Cluster, Department, Holiday
from govern.extensions import db
from govern.kernel.errors import NotFoundError

DEPARTMENTS: FromClause = Department.__table__
"""For joins of other areas: id, code, name."""


# The row types are offered here for annotations above; the tables themselves stay private to this area.
__all__ = [
    "DEPARTMENTS",
    "Cluster",
    "Department",
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
