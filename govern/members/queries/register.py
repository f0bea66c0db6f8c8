"""Reads of the register of members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from govern.extensions import db
from govern.kernel.errors import NotFoundError
from govern.members.models import Category, College, ImportRun, Licence, Member, Site, UnitReport
from govern.members.rules import GONE, ON_THE_ROLL, RollMember

# The row types are offered here for annotations above; the tables themselves stay private to this area.
__all__ = ["Category", "College", "ImportRun", "Licence", "Member", "Site", "UnitReport"]

member_card = (
    select(
        Member.id.label("id"),
        Member.code.label("code"),
        Member.name.label("name"),
        Category.code.label("category_code"),
        Category.name.label("category_name"),
    )
    .join(Category, Category.id == Member.category_id)
    .subquery("member_card")
)
"""What lists of other areas show of a member, to be joined on ``member_card.c.id``."""


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """What the list of members is cut down to; empty values do not filter. ``ids``: only these members."""

    text: str = ""
    category: str = ""
    college: str = ""
    status: str = ""
    ids: frozenset[int] | None = None


EVERYBODY = MemberFilter()
NO_COLLEGE = "none"
"""The filter value for members that have no vote because their category has no college."""
SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "name": Member.name,
    "code": Member.code,
    "category": Category.name,
    "joined": Member.joined_on,
    "status": Member.status,
}
Members = Sequence[Row[Member, Category, College | None]]


def get_member(member_id: int) -> Member:
    """The member, or NotFoundError."""
    found = db.session.get(Member, member_id)
    if found is None:
        raise NotFoundError
    return found


def get_member_by_code(code: str) -> Member:
    """The member with this code, or NotFoundError."""
    found = db.session.scalar(select(Member).where(Member.code == code))
    if found is None:
        raise NotFoundError
    return found


def get_college(code: str) -> College:
    """The college with this code, or NotFoundError."""
    found = db.session.scalar(select(College).where(College.code == code))
    if found is None:
        raise NotFoundError
    return found


def get_category(code: str) -> Category:
    """The category with this code, or NotFoundError."""
    found = db.session.scalar(select(Category).where(Category.code == code))
    if found is None:
        raise NotFoundError
    return found


def list_colleges() -> Sequence[College]:
    """All colleges by code."""
    return db.session.scalars(select(College).order_by(College.code)).all()


def list_categories() -> Sequence[Category]:
    """All categories by name."""
    return db.session.scalars(select(Category).order_by(Category.name, Category.id)).all()


def on_the_roll(day: date) -> ColumnElement[bool]:
    """Condition: the member belonged to the cluster on ``day``, as far as status and dates say."""
    joined = or_(Member.joined_on.is_(None), Member.joined_on <= day)
    still_here = and_(Member.status.in_(ON_THE_ROLL), or_(Member.left_on.is_(None), Member.left_on > day))
    left_later = and_(Member.status.in_(GONE), Member.left_on > day)
    return and_(joined, or_(still_here, left_later))


def list_roll(on: date) -> Sequence[RollMember]:
    """Members that belong to the cluster on ``on`` (active or suspended), by code. One statement."""
    rows = db.session.execute(
        select(
            Member.id,
            Member.code,
            Member.name,
            Category.code,
            Category.name,
            College.code,
            College.name,
            Member.status,
            Member.needs_mandate,
            Member.public_body,
        )
        .join(Category, Category.id == Member.category_id)
        .outerjoin(College, College.id == Category.college_id)
        .where(on_the_roll(on))
        .order_by(Member.code)
    )
    return [RollMember(*tuple[Any, ...](row)) for row in rows]


def list_members(
    chosen: MemberFilter = EVERYBODY, *, sort: str = "name", limit: int | None = None, offset: int = 0
) -> Members:
    """Members with their category and college, cut down by ``chosen``; ``sort``: a key of ``SORTS``, "-" before it
    for descending order."""
    column = SORTS.get(sort.removeprefix("-"), Member.name)
    order = column.desc() if sort.startswith("-") else column.asc()
    statement = _narrowed(select(Member, Category, College), chosen).order_by(order, Member.id)
    rows: Members = db.session.execute(statement.limit(limit).offset(offset)).all()
    return rows


def list_member_ids() -> Sequence[int]:
    """The keys of all members, whatever their status."""
    return db.session.scalars(select(Member.id).order_by(Member.id)).all()


def count_members(chosen: MemberFilter = EVERYBODY) -> int:
    """How many members ``chosen`` leaves."""
    return int(db.session.scalars(_narrowed(select(func.count(Member.id)), chosen)).one())


def count_by_category() -> dict[int, int]:
    """Members of each category that has any."""
    rows = db.session.execute(select(Member.category_id, func.count()).group_by(Member.category_id))
    return dict(rows.tuples())


def _narrowed(statement: Any, chosen: MemberFilter) -> Any:
    statement = (
        statement.select_from(Member)
        .join(Category, Category.id == Member.category_id)
        .outerjoin(College, College.id == Category.college_id)
    )
    if chosen.text:
        like = f"%{_escaped(chosen.text)}%"
        statement = statement.where(or_(Member.name.ilike(like, escape="/"), Member.code.ilike(like, escape="/")))
    if chosen.category:
        statement = statement.where(Category.code == chosen.category)
    if chosen.college:
        statement = statement.where(
            College.code.is_(None) if chosen.college == NO_COLLEGE else College.code == chosen.college
        )
    if chosen.status:
        statement = statement.where(Member.status == chosen.status)
    if chosen.ids is not None:
        statement = statement.where(Member.id.in_(chosen.ids))
    return statement


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def list_units(year: int) -> dict[int, int]:
    """Declared units of the year by member."""
    rows = db.session.execute(select(UnitReport.member_id, UnitReport.units).where(UnitReport.year == year))
    return dict(rows.tuples())


def list_unit_reports(member_id: int) -> Sequence[UnitReport]:
    """What the member declared, newest year first."""
    statement = select(UnitReport).where(UnitReport.member_id == member_id).order_by(UnitReport.year.desc())
    return db.session.scalars(statement).all()


def list_licences(member_id: int) -> Sequence[Licence]:
    """The member's licences by number."""
    return db.session.scalars(
        select(Licence).where(Licence.member_id == member_id).order_by(Licence.number, Licence.id)
    ).all()


def list_sites(member_id: int) -> Sequence[Site]:
    """The member's sites by name."""
    return db.session.scalars(select(Site).where(Site.member_id == member_id).order_by(Site.name, Site.id)).all()


def list_payers(year: int) -> Sequence[Row[Any]]:
    """Members that belong to the cluster in ``year`` with what dues are computed from, by code. One statement.

    Columns: id, code, name, category_id, category, joined_on, start_up, units (None when none were declared).
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    statement = _payers(year).where(
        Member.status.in_(ON_THE_ROLL),
        or_(Member.joined_on.is_(None), Member.joined_on <= last),
        or_(Member.left_on.is_(None), Member.left_on > first),
    )
    return db.session.execute(statement.order_by(Member.code)).all()


def get_payer(member_id: int, year: int) -> Row[Any]:
    """The same columns for one member, whatever its status; NotFoundError when there is none."""
    found = db.session.execute(_payers(year).where(Member.id == member_id)).first()
    if found is None:
        raise NotFoundError
    return found


def _payers(year: int) -> Any:
    return (
        select(
            Member.id,
            Member.code,
            Member.name,
            Member.category_id,
            Category.name.label("category"),
            Member.joined_on,
            Member.start_up,
            UnitReport.units,
        )
        .join(Category, Category.id == Member.category_id)
        .outerjoin(UnitReport, and_(UnitReport.member_id == Member.id, UnitReport.year == year))
    )
