"""Self-checks that ``govern check`` runs: the log, the triggers that guard it, references between tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Table, and_, exists, func, select, text

from govern.audit.queries.verification import LogReport, fault_texts, verify_log
from govern.audit.rules.heads import Head
from govern.extensions import Model, db
from govern.kernel.findings import Finding

_SQLITE = ("update", "delete", "replace")
_POSTGRESQL = ("update", "delete", "truncate")
TABLES = ("audit_entry", "audit_seal", "audit_head")
ROWS_NAMED = 5

_TRIGGERS_SQLITE = (
    "SELECT name, tbl_name, instr(sql, 'RAISE(ABORT') > 0 AS refuses FROM sqlite_master WHERE type = 'trigger'"
)
# tgenabled: O = origin, A = always; D (disabled) and R (replica only) do not guard.
_TRIGGERS_POSTGRESQL = """
    SELECT t.tgname AS name, c.relname AS tbl_name,
           t.tgenabled IN ('O', 'A') AND strpos(p.prosrc, 'RAISE EXCEPTION') > 0 AS refuses
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)
"""


def check_log(witness: Head | None = None) -> Finding:
    """Every entry, seal and head, and the witness where there is one."""
    return finding_of(verify_log(witness))


def finding_of(report: LogReport) -> Finding:
    """A verification's report as a finding."""
    return Finding("audit log: entries, seals and signed heads", report.entries, tuple(fault_texts(report)))


def check_triggers() -> Finding:
    """The triggers that keep the log append-only are there, awake, and refuse."""
    kinds = _SQLITE if db.engine.dialect.name == "sqlite" else _POSTGRESQL
    expected = {f"{table}_no_{kind}": table for table in TABLES for kind in kinds}
    return Finding("audit log: triggers that refuse changes", len(expected), missing_triggers(expected))


def missing_triggers(expected: Mapping[str, str]) -> Sequence[str]:
    """One sentence for each trigger (name -> table) that is missing, switched off, or no longer refuses anything."""
    lite = db.engine.dialect.name == "sqlite"
    rows = db.session.execute(text(_TRIGGERS_SQLITE if lite else _TRIGGERS_POSTGRESQL))
    awake = {(row.name, row.tbl_name) for row in rows if row.refuses}
    return tuple(
        f"The trigger {name} on {table} is missing or does not refuse anything: restore it with the migrations."
        for name, table in expected.items()
        if (name, table) not in awake
    )


def check_references() -> Finding:
    """Every foreign key of every table leads to a row that exists, whatever the database was told not to check."""
    faults: list[str] = []
    count = 0
    for table in Model.metadata.sorted_tables:
        for constraint in sorted(table.foreign_key_constraints, key=lambda c: str(c.name)):
            count += 1
            faults += _orphans(table, constraint)
    return Finding("references between tables", count, tuple(faults))


def _orphans(table: Table, constraint: ForeignKeyConstraint) -> list[str]:
    child = table.alias("child")
    parent = constraint.referred_table.alias("parent")
    pairs = [(child.c[element.parent.name], parent.c[element.column.name]) for element in constraint.elements]
    orphan = and_(*(here.is_not(None) for here, _ in pairs), ~exists().where(*(here == there for here, there in pairs)))
    key: Any = next(iter(child.primary_key), pairs[0][0])
    rows = db.session.execute(select(key).where(orphan).order_by(key).limit(ROWS_NAMED)).scalars().all()
    if not rows:
        return []
    total = db.session.scalar(select(func.count()).select_from(child).where(orphan)) or 0
    named = ", ".join(str(row) for row in rows) + (", ..." if total > ROWS_NAMED else "")
    columns = ", ".join(constraint.column_keys)
    return [
        f"{total} in {table.name} ({named}) point with {columns} to {constraint.referred_table.name} that is not there."
    ]


CHECKS = (check_log, check_triggers, check_references)
