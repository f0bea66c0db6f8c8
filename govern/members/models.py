"""Member organisations and what the register says of them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant, choice_type
from govern.extensions import Model
from govern.members.rules import MemberStatus


class College(Model):
    """A voting chamber."""

    __tablename__ = "college"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Category(Model):
    """A kind of member; without a college its members have no vote until somebody assigns one."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    college_id: Mapped[int | None] = mapped_column(ForeignKey("college.id"))


class Member(Model):
    """A member organisation (never a person)."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    status: Mapped[MemberStatus] = mapped_column(choice_type(MemberStatus), default=MemberStatus.ACTIVE)
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    start_up: Mapped[bool] = mapped_column(default=False)
    public_body: Mapped[bool] = mapped_column(default=False)
    needs_mandate: Mapped[bool] = mapped_column(default=False)
    website: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")


class Site(Model):
    """A place where a member works."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    inside_territory: Mapped[bool] = mapped_column(default=True)


class Licence(Model):
    """A licence or accreditation of a member."""

    __tablename__ = "licence"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    number: Mapped[str]
    issuer: Mapped[str] = mapped_column(default="")
    scope: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class UnitReport(Model):
    """Declared units of a member (beds, rooms, staff) for a year; the tariff reads them."""

    __tablename__ = "unit_report"
    __table_args__ = (UniqueConstraint("member_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    year: Mapped[int]
    units: Mapped[int]
    evidence: Mapped[str] = mapped_column(default="")
    reported_on: Mapped[date]


class ImportRun(Model):
    """One import of a member file: uploaded to be checked, then applied; an applied one can be undone as a whole.

    ``content`` waits here between check and application and is dropped then; ``mapping`` is the map given with it.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    file_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int]
    mapping: Mapped[str] = mapped_column(default="{}")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportChange(Model):
    """What one row of an import did, so that it can be undone: ``before`` is empty for a created member."""

    __tablename__ = "import_change"
    __table_args__ = (Index("ix_import_change_run", "run_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    object_kind: Mapped[str]
    object_id: Mapped[int]
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str]
