"""Self-checks that ``govern check`` runs: the log, the triggers that guard it, references between tables."""

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, column, exists, func, inspect, select, table, text
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint

from govern.audit.queries.verification import LogReport, fault_texts, verify_log
from govern.audit.rules.heads import Head
from govern.extensions import db
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
    expected = {f"{name}_no_{kind}": name for name in TABLES for kind in kinds}
    return Finding("audit log: triggers that refuse changes", len(expected), missing_triggers(expected))


def missing_triggers(expected: Mapping[str, str]) -> Sequence[str]:
    """One sentence for each trigger (name -> table) that is missing, switched off, or no longer refuses anything."""
    lite = db.engine.dialect.name == "sqlite"
    rows = db.session.execute(text(_TRIGGERS_SQLITE if lite else _TRIGGERS_POSTGRESQL))
    awake = {(row.name, row.tbl_name) for row in rows if row.refuses}
    return tuple(
        f"The trigger {name} on {guarded} is missing or does not refuse anything: restore it with the migrations."
        for name, guarded in expected.items()
        if (name, guarded) not in awake
    )


def check_references() -> Finding:
    """Every foreign key the database knows leads to a row that exists, whatever it was told not to check."""
    known = inspect(db.session.connection()).get_multi_foreign_keys()
    keys = [(str(name), key) for (_schema, name), found in sorted(known.items(), key=_table_name) for key in found]
    return Finding(
        "references between tables", len(keys), [fault for name, key in keys for fault in _orphans(name, key)]
    )


def _table_name(item: tuple[tuple[str | None, str], object]) -> str:
    return item[0][1]


def _orphans(name: str, key: ReflectedForeignKeyConstraint) -> list[str]:
    here, there = key["constrained_columns"], key["referred_columns"]
    child = table(name, *(column(each) for each in here)).alias("child")
    parent = table(key["referred_table"], *(column(each) for each in there)).alias("parent")
    pairs = [(child.c[a], parent.c[b]) for a, b in zip(here, there, strict=True)]
    orphan = and_(*(a.is_not(None) for a, _ in pairs), ~exists().where(*(a == b for a, b in pairs)))
    rows = db.session.execute(select(pairs[0][0], func.count()).where(orphan).group_by(pairs[0][0]).limit(ROWS_NAMED))
    return [
        f"{count} in {name} point with {', '.join(here)} to {key['referred_table']} {value}, which is not there."
        for value, count in rows
    ]


CHECKS = (check_log, check_triggers, check_references)
