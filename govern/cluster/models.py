"""Tables of the cluster's own profile."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from govern.extensions import Model


class Cluster(Model):
    """The one cluster this installation serves (row 1)."""

    __tablename__ = "cluster"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    legal_form: Mapped[str] = mapped_column(default="")
    territory: Mapped[str] = mapped_column(default="")
    founded_on: Mapped[date | None]
    zone: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    help_email: Mapped[str] = mapped_column(default="")


class Holiday(Model):
    """A public holiday: every year when ``year`` is empty."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("month", "day", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int]
    day: Mapped[int]
    year: Mapped[int | None]
    name: Mapped[str] = mapped_column(default="")


class Department(Model):
    """A public body with a liaison: it reviews what touches its money or its licences."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class NumberSeries(Model):
    """The last number drawn of a series in a year; the row is locked while one is drawn."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
