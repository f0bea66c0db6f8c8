"""Members, their categories and colleges, sites, licences and declared units."""

from datetime import date
from typing import Any

from sqlalchemy import select

from govern.audit.actions import record
from govern.extensions import db
from govern.kernel.actor import Actor
from govern.kernel.errors import RuleBrokenError
from govern.members.models import Category, College, Licence, Member, Site, UnitReport
from govern.members.rules import GONE, ON_THE_ROLL, MemberStatus, check_move, check_period, check_units


def add_college(actor: Actor, *, code: str, name: str) -> College:
    """A voting chamber; RuleBrokenError when the code is taken."""
    _refuse_taken(College, code)
    college = College(code=code, name=name)
    db.session.add(college)
    db.session.flush()
    record(actor, "college.added", "college", college.id, after={"code": code, "name": name})
    return college


def change_college(actor: Actor, college: College, *, name: str) -> None:
    """Another name for the college."""
    _change(actor, "college.changed", college, {"name": name})


def add_category(actor: Actor, *, code: str, name: str, unit: str = "", college: College | None = None) -> Category:
    """A kind of member; ``unit`` is what its tariff counts ("licensed bed"). RuleBrokenError when the code is taken."""
    _refuse_taken(Category, code)
    category = Category(code=code, name=name, unit=unit, college_id=college.id if college else None)
    db.session.add(category)
    db.session.flush()
    after = {"code": code, "name": name, "unit": unit, "college": college.code if college else None}
    record(actor, "category.added", "category", category.id, after=after)
    return category


def change_category(actor: Actor, category: Category, *, name: str, unit: str, college: College | None) -> None:
    """Name, unit and college of a category; members of a category without a college have no vote."""
    changes = {"name": name, "unit": unit, "college_id": college.id if college else None}
    _change(actor, "category.changed", category, changes)


def add_member(  # noqa: PLR0913 - the fields of a member
    actor: Actor,
    *,
    code: str,
    name: str,
    category: Category,
    joined_on: date | None,
    status: MemberStatus = MemberStatus.ACTIVE,
    start_up: bool = False,
    public_body: bool = False,
    needs_mandate: bool = False,
    website: str = "",
    email: str = "",
    address: str = "",
    country: str = "",
) -> Member:
    """A member organisation; RuleBrokenError when the code is taken."""
    _refuse_taken(Member, code)
    values: dict[str, Any] = {
        "code": code,
        "name": name,
        "category_id": category.id,
        "status": status,
        "joined_on": joined_on,
        "start_up": start_up,
        "public_body": public_body,
        "needs_mandate": needs_mandate,
        "website": website,
        "email": email,
        "address": address,
        "country": country,
    }
    member = Member(**values)
    db.session.add(member)
    db.session.flush()
    record(actor, "member.added", "member", member.id, after=values)
    return member


def change_member(actor: Actor, member: Member, **changes: Any) -> None:
    """Set the named fields; the status moves by ``move_member`` alone."""
    if "status" in changes:
        raise ValueError("the status moves by move_member")
    if changes.get("code", member.code) != member.code:
        _refuse_taken(Member, changes["code"])
    _change(actor, "member.changed", member, changes)


def move_member(actor: Actor, member: Member, to: MemberStatus, *, on: date, reason: str) -> None:
    """Another status from ``on`` (day of the cluster) for ``reason``; RuleBrokenError when there is no such way."""
    check_move(member.status, to)
    if not reason.strip():
        raise RuleBrokenError("Say why: the decision, the letter or the rule behind this change.")
    changes: dict[str, Any] = {"status": to}
    if to in GONE:
        changes["left_on"] = on
    if to in ON_THE_ROLL and member.joined_on is None:
        changes["joined_on"] = on
    check_period(changes.get("joined_on", member.joined_on), changes.get("left_on"))
    _change(actor, f"member.{to}", member, changes, {"on": on, "reason": reason})


def report_units(  # noqa: PLR0913 - the fields of a declaration
    actor: Actor, member: Member, *, year: int, units: int, evidence: str = "", reported_on: date
) -> UnitReport:
    """The figure the tariff reads for ``year``; reporting a year again corrects it, the log keeps both figures."""
    check_units(units, year)
    found = db.session.scalar(select(UnitReport).where(UnitReport.member_id == member.id, UnitReport.year == year))
    values = {"units": units, "evidence": evidence, "reported_on": reported_on}
    if found is not None:
        _change(actor, "units.corrected", found, values, {"member": member.code, "year": year})
        return found
    report = UnitReport(member_id=member.id, year=year, **values)
    db.session.add(report)
    db.session.flush()
    record(actor, "units.reported", "unit_report", report.id, after={"member": member.code, "year": year, **values})
    return report


def add_licence(  # noqa: PLR0913 - the fields of a licence
    actor: Actor,
    member: Member,
    *,
    number: str,
    issuer: str = "",
    scope: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Licence:
    """A licence or accreditation; ``valid_to`` is its last day, None when it has no end."""
    check_period(valid_from, valid_to)
    values = {"number": number, "issuer": issuer, "scope": scope, "valid_from": valid_from, "valid_to": valid_to}
    licence = Licence(member_id=member.id, **values)
    db.session.add(licence)
    db.session.flush()
    record(actor, "licence.added", "licence", licence.id, after={"member": member.code, **values})
    return licence


def end_licence(actor: Actor, licence: Licence, *, valid_to: date) -> None:
    """The licence's last day becomes known or another one."""
    check_period(licence.valid_from, valid_to)
    _change(actor, "licence.ended", licence, {"valid_to": valid_to})


def add_site(actor: Actor, member: Member, *, name: str, address: str = "", inside_territory: bool = True) -> Site:
    """A place where the member works."""
    site = Site(member_id=member.id, name=name, address=address, inside_territory=inside_territory)
    db.session.add(site)
    db.session.flush()
    after = {"member": member.code, "name": name, "address": address, "inside": inside_territory}
    record(actor, "site.added", "site", site.id, after=after)
    return site


def remove_site(actor: Actor, site: Site) -> None:
    """The member no longer works there; the log keeps that it did."""
    record(actor, "site.removed", "site", site.id, before={"member": site.member_id, "name": site.name})
    db.session.delete(site)
    db.session.flush()


def _refuse_taken(model: type[College] | type[Category] | type[Member], code: str) -> None:
    if db.session.scalar(select(model.id).where(model.code == code)) is not None:
        raise RuleBrokenError(f"The code {code} is taken. Choose another one.")


def _change(actor: Actor, action: str, row: Any, changes: dict[str, Any], why: dict[str, Any] | None = None) -> None:
    """Set what differs and record it; nothing is recorded when nothing differs."""
    differing = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if not differing:
        return
    before = {name: getattr(row, name) for name in differing}
    for name, value in differing.items():
        setattr(row, name, value)
    db.session.flush()
    record(actor, action, row.__tablename__, row.id, before=before, after={**differing, **(why or {})})
