"""Importing members: checked first, written as a whole, undone as a whole while nothing builds on it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, delete, insert, select, update

from govern.audit.actions import record
from govern.extensions import Model, db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.canonical import canonical_text, sha256_hex
from govern.kernel.errors import InputError, RuleBrokenError
from govern.members.models import Category, ImportChange, ImportRun, Member, UnitReport
from govern.members.queries.imports import plan_of
from govern.members.rules import MemberStatus
from govern.members.rules.intake import Change, Plan

KIND = "members"
NAMED = 5
TABLES: dict[str, type[Category] | type[Member] | type[UnitReport]] = {
    "category": Category,
    "member": Member,
    "unit_report": UnitReport,
}


def upload_import(actor: Actor, *, file_name: str, content: bytes, given: Mapping[str, str], year: int) -> ImportRun:
    """Keep a file to be checked and then applied; InputError when it cannot be read as a whole."""
    plan_of(content, given, year=year)
    run = ImportRun(
        kind=KIND,
        file_name=file_name,
        file_hash=sha256_hex(content),
        at=clock.now(),
        user_id=actor.user_id,
        mapping=canonical_text(given),
        content=content,
    )
    db.session.add(run)
    db.session.flush()
    record(actor, "import.uploaded", "import_run", run.id, after={"file": file_name, "sha256": run.file_hash})
    return run


def apply_import(actor: Actor, run: ImportRun, *, today: date, skip_refused: bool = False) -> Plan:
    """Write what the uploaded file says, all of it or nothing; returns what was done.

    InputError with one fault per refused row unless ``skip_refused``; RuleBrokenError when it was applied already.
    """
    if run.content is None:
        raise RuleBrokenError("This import was applied or thrown away already. Upload the file again.")
    plan = plan_of(run.content, json.loads(run.mapping), year=today.year)
    if plan.refused and not skip_refused:
        raise InputError([f"row {fault.row}, {fault.field}: {fault.why}" for fault in plan.refused])
    categories = _add_categories(run, plan)
    _create(run, plan.created, categories, today)
    for change in plan.changed:
        _change(run, change, categories, today)
    run.content = None
    run.applied_at = clock.now()
    run.created, run.changed, run.unchanged = len(plan.created), len(plan.changed), plan.unchanged
    run.refused = len(plan.refused)
    db.session.flush()
    after = plan.report() | {"file": run.file_name, "sha256": run.file_hash, "refused": len(plan.refused)}
    record(actor, "import.applied", "import_run", run.id, after=after)
    return plan


def _note(
    run: ImportRun, kind: str, key: int, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "object_kind": kind,
        "object_id": key,
        "before": canonical_text(before) if before is not None else "",
        "after": canonical_text(after),
    }


def _keep(notes: Sequence[dict[str, Any]]) -> None:
    if notes:
        db.session.execute(insert(ImportChange), list(notes))


def _add_categories(run: ImportRun, plan: Plan) -> dict[str, int]:
    for code, name in plan.new_categories.items():
        category = Category(code=code, name=name)
        db.session.add(category)
        db.session.flush()
        _keep([_note(run, "category", category.id, None, {"code": code, "name": name})])
    return {row[0]: row[1] for row in db.session.execute(select(Category.code, Category.id))}


def _create(run: ImportRun, created: Sequence[Change], categories: Mapping[str, int], today: date) -> None:
    if not created:
        return
    rows = [
        {
            "code": change.code,
            "category_id": categories[str(change.category)],
            "status": MemberStatus.ACTIVE,
            "joined_on": None,
            "start_up": False,
            "public_body": False,
            "needs_mandate": False,
            **dict.fromkeys(("website", "email", "address", "country"), ""),
            **change.values,
        }
        for change in created
    ]
    db.session.execute(insert(Member), rows)
    codes = [change.code for change in created]
    ids = {row[0]: row[1] for row in db.session.execute(select(Member.code, Member.id).where(Member.code.in_(codes)))}
    _keep([_note(run, "member", ids[row["code"]], None, row) for row in rows])
    for change in created:
        _report(run, ids[change.code], change, today)


def _change(run: ImportRun, change: Change, categories: Mapping[str, int], today: date) -> None:
    member = db.session.get_one(Member, change.member_id)
    values = dict(change.values)
    if change.category is not None:
        values["category_id"] = categories[change.category]
    if values:
        before = {name: getattr(member, name) for name in values}
        for name, value in values.items():
            setattr(member, name, value)
        db.session.flush()
        _keep([_note(run, "member", member.id, before, values)])
    _report(run, member.id, change, today)


def _report(run: ImportRun, member_id: int, change: Change, today: date) -> None:
    if change.units is None:
        return
    year, units = change.units
    found = db.session.scalar(select(UnitReport).where(UnitReport.member_id == member_id, UnitReport.year == year))
    values = {"units": units, "evidence": f"Import of {run.file_name}", "reported_on": today}
    if found is None:
        found = UnitReport(member_id=member_id, year=year, **values)
        db.session.add(found)
        before = None
    else:
        before = {name: getattr(found, name) for name in values}
        for name, value in values.items():
            setattr(found, name, value)
    db.session.flush()
    _keep([_note(run, "unit_report", found.id, before, values)])


def discard_import(actor: Actor, run: ImportRun) -> None:
    """Throw an uploaded file away without applying it."""
    if run.applied_at is not None:
        raise RuleBrokenError("This import was applied. Undo it instead.")
    run.content = None
    db.session.flush()
    record(actor, "import.discarded", "import_run", run.id)


def undo_import(actor: Actor, run: ImportRun) -> None:
    """Take an applied import back: what it created goes, what it changed is as before.

    RuleBrokenError naming what stands in the way: a created member that something refers to by now, or a value that
    was changed again since. The caller rolls back then, so that nothing is undone by half.
    """
    if run.applied_at is None or run.undone_at is not None:
        raise RuleBrokenError("This import was not applied, or is undone already.")
    changes = db.session.scalars(
        select(ImportChange).where(ImportChange.run_id == run.id).order_by(ImportChange.id)
    ).all()
    _refuse_changed_since([change for change in changes if change.before])
    for change in reversed([change for change in changes if change.before]):
        model = TABLES[change.object_kind]
        db.session.execute(update(model).where(model.id == change.object_id).values(**_thaw(change.before)))
    # After the restoring: a member that this import moved into its own new category does not keep that category.
    _refuse_in_use([change for change in changes if not change.before])
    for kind in ("unit_report", "member", "category"):
        ids = [change.object_id for change in changes if change.object_kind == kind and not change.before]
        if ids:
            db.session.execute(delete(TABLES[kind]).where(TABLES[kind].id.in_(ids)))
    run.undone_at = clock.now()
    db.session.flush()
    db.session.expire_all()
    record(actor, "import.undone", "import_run", run.id, after={"file": run.file_name, "changes": len(changes)})


def _thaw(text: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(text)
    return {
        name: date.fromisoformat(value) if value is not None and name in {"joined_on", "reported_on"} else value
        for name, value in values.items()
    }


def _refuse_changed_since(changes: Sequence[ImportChange]) -> None:
    later = []
    for change in changes:
        row = db.session.get(TABLES[change.object_kind], change.object_id)
        after = _thaw(change.after)
        if row is None or any(getattr(row, name) != value for name, value in after.items()):
            later.append(f"{change.object_kind} {getattr(row, 'code', change.object_id)}")
    if later:
        raise RuleBrokenError(f"Changed again since this import: {_some(later)}. Correct these by hand instead.")


def _refuse_in_use(created: Sequence[ImportChange]) -> None:
    """A created row that any table refers to, except what the same import created, is in use."""
    mine = {kind: {c.object_id for c in created if c.object_kind == kind} for kind in TABLES}
    used = []
    for kind in ("member", "category"):
        for column in _referring(TABLES[kind].__tablename__):
            key = column.table.c.id if "id" in column.table.c else column
            found = db.session.execute(select(key, column).where(column.in_(mine[kind])).order_by(column)).all()
            inside = mine.get(column.table.name, set())
            used += [(kind, row[1], column.table.name) for row in found if row[0] not in inside]
    if used:
        names = [f"{_name_of(kind, key)} ({table.replace('_', ' ')})" for kind, key, table in used[:NAMED]]
        more = [""] * max(0, len(used) - NAMED)
        raise RuleBrokenError(f"In use since this import: {_some(names + more)}. What builds on an import keeps it.")


def _referring(table: str) -> list[Column[Any]]:
    return [
        foreign.parent
        for other in Model.metadata.sorted_tables
        for foreign in sorted(other.foreign_keys, key=lambda key: key.parent.name)
        if foreign.column.table.name == table
    ]


def _name_of(kind: str, key: int) -> str:
    row = db.session.get(TABLES[kind], key)
    return str(getattr(row, "name", key))


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name for name in names[:NAMED] if name)
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED} more"
