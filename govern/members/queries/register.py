"""Reads of the register of members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, String, and_, case, cast, func, literal, null, or_, select, union_all
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
    """What the list of members is cut down to; empty values do not filter.

    ``gone``: only those who left, or only those who did not; ``ids``: only these members.
    """

    text: str = ""
    category: str = ""
    college: str = ""
    status: str = ""
    gone: bool | None = None
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


@dataclass(frozen=True, slots=True)
class Card:
    """A member with its category and college, as its page and its forms need them."""

    member: Member
    category: Category
    college: College | None


@dataclass(frozen=True, slots=True)
class ViewCounts:
    """How many members each saved view of the list holds."""

    here: int
    no_college: int
    gone: int


@dataclass(frozen=True, slots=True)
class Detail:
    """A licence, a site or a declared figure of a member, in one shape so that one statement reads them all."""

    kind: str
    id: int
    name: str
    note: str
    more: str
    first: date | None
    last: date | None
    number: int


def get_card(member_id: int) -> Card:
    """The member with category and college, or NotFoundError. One statement."""
    found = db.session.execute(
        select(Member, Category, College)
        .join(Category, Category.id == Member.category_id)
        .outerjoin(College, College.id == Category.college_id)
        .where(Member.id == member_id)
    ).first()
    if found is None:
        raise NotFoundError
    return Card(*found)


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
    return {row[0]: row[1] for row in rows}


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
    if chosen.gone is not None:
        statement = statement.where(Member.status.in_(GONE) if chosen.gone else Member.status.not_in(GONE))
    if chosen.ids is not None:
        statement = statement.where(Member.id.in_(chosen.ids))
    return statement


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def list_units(year: int) -> dict[int, int]:
    """Declared units of the year by member."""
    rows = db.session.execute(select(UnitReport.member_id, UnitReport.units).where(UnitReport.year == year))
    return {row[0]: row[1] for row in rows}


def list_details(member_id: int) -> dict[str, list[Detail]]:
    """Licences by number, sites by name and declared figures newest year first: {"licence", "site", "units"}."""
    no_day, zero = cast(null(), Date), literal(0)
    statement = union_all(
        select(
            literal("licence"),
            Licence.id,
            Licence.number,
            Licence.issuer,
            Licence.scope,
            Licence.valid_from,
            Licence.valid_to,
            zero,
        ).where(Licence.member_id == member_id),
        select(
            literal("site"),
            Site.id,
            Site.name,
            Site.address,
            literal(""),
            no_day,
            no_day,
            case((Site.inside_territory.is_(True), 1), else_=0),
        ).where(Site.member_id == member_id),
        select(
            literal("units"),
            UnitReport.id,
            cast(UnitReport.year, String),
            UnitReport.evidence,
            literal(""),
            UnitReport.reported_on,
            no_day,
            UnitReport.units,
        ).where(UnitReport.member_id == member_id),
    )
    found: dict[str, list[Detail]] = {"licence": [], "site": [], "units": []}
    for row in db.session.execute(statement):
        detail = Detail(*tuple[Any, ...](row))
        found[detail.kind].append(detail)
    for kind, details in found.items():
        details.sort(key=lambda detail: (detail.name, detail.id), reverse=kind == "units")
    return found


def count_views() -> ViewCounts:
    """How many members belong here, how many of them have no vote for want of a college, how many left."""
    gone = Member.status.in_(GONE)
    row = db.session.execute(
        select(
            func.coalesce(func.sum(case((gone, 0), else_=1)), 0),
            func.coalesce(func.sum(case((and_(~gone, Category.college_id.is_(None)), 1), else_=0)), 0),
            func.coalesce(func.sum(case((gone, 1), else_=0)), 0),
        ).join(Category, Category.id == Member.category_id)
    ).one()
    return ViewCounts(*(int(count) for count in tuple(row)))


def get_licence(licence_id: int) -> Licence:
    """The licence, or NotFoundError."""
    found = db.session.get(Licence, licence_id)
    if found is None:
        raise NotFoundError
    return found


def get_site(site_id: int) -> Site:
    """The site, or NotFoundError."""
    found = db.session.get(Site, site_id)
    if found is None:
        raise NotFoundError
    return found


def get_category_by_id(category_id: int) -> Category:
    """The category, or NotFoundError."""
    found = db.session.get(Category, category_id)
    if found is None:
        raise NotFoundError
    return found


def get_college_by_id(college_id: int) -> College:
    """The college, or NotFoundError."""
    found = db.session.get(College, college_id)
    if found is None:
        raise NotFoundError
    return found


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
