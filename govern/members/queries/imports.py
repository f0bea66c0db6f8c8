"""Reads around imports: the runs, and what a file would do to the register as it is now."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from govern.extensions import db
from govern.kernel.errors import NotFoundError, RuleBrokenError
from govern.members.models import Category, ImportRun, Member, UnitReport
from govern.members.rules.cells import MEMBER_FIELDS
from govern.members.rules.intake import Known, KnownCategory, Plan, plan_import
from govern.members.rules.sheet import read_sheet

RUNS_SHOWN = 20


def plan_of(content: bytes, given: Mapping[str, str], *, year: int) -> Plan:
    """What importing the file would do now; ``given`` maps columns, ``year`` is that of units without one.

    InputError when the file as a whole cannot be read.
    """
    sheet = read_sheet(content)
    units: dict[int, dict[int, int]] = {}
    for member_id, of, count in db.session.execute(select(UnitReport.member_id, UnitReport.year, UnitReport.units)):
        units.setdefault(member_id, {})[of] = count
    rows = db.session.execute(select(Member, Category.code).join(Category, Category.id == Member.category_id)).all()
    members = [
        Known(
            member.id,
            member.code,
            category,
            {name: getattr(member, name) for name in MEMBER_FIELDS},
            units.get(member.id, {}),
        )
        for member, category in rows
    ]
    categories = [KnownCategory(code, name) for code, name in db.session.execute(select(Category.code, Category.name))]
    return plan_import(sheet, given, members=members, categories=categories, year=year)


def get_run(run_id: int) -> ImportRun:
    """The import, or NotFoundError."""
    found = db.session.get(ImportRun, run_id)
    if found is None:
        raise NotFoundError
    return found


def last_run() -> ImportRun:
    """The newest import that wrote something and stands; RuleBrokenError when there is none to undo."""
    found = db.session.scalar(
        select(ImportRun)
        .where(
            ImportRun.applied_at.is_not(None), ImportRun.undone_at.is_(None), ImportRun.created + ImportRun.changed > 0
        )
        .order_by(ImportRun.id.desc())
        .limit(1)
    )
    if found is None:
        raise RuleBrokenError("There is no import to undo.")
    return found


def list_runs() -> Sequence[ImportRun]:
    """The last imports, newest first."""
    return db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(RUNS_SHOWN)).all()
