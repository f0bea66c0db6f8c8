"""The books keep themselves: an entry is posted only when it balances, and then nothing about it changes.

An entry is inserted unposted, gets its legs, and is posted by an update; that update is refused unless there are at least
two legs and their sum is 0 in every currency. Posted entries and their legs, and invoices, are never changed, removed or
added to, also not by INSERT OR REPLACE (SQLite removes the old row then without firing DELETE triggers unless
recursive_triggers is on) and not by TRUNCATE (PostgreSQL).
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNBALANCED = (
    "(SELECT count(*) FROM leg WHERE entry_id = NEW.id) < 2 OR EXISTS "
    "(SELECT 1 FROM leg WHERE entry_id = NEW.id GROUP BY currency HAVING sum(minor) <> 0)"
)
SAME_INVOICE = (
    "id = NEW.id OR number = NEW.number OR (year = NEW.year AND sequence = NEW.sequence) OR cancels_id = NEW.cancels_id"
)

# By name: when it fires, under which condition, and what the refusal says.
SQLITE = {
    "entry_begins_unposted": ("INSERT ON entry", "NEW.posted", "an entry is posted after its legs are written"),
    "entry_no_replace": (
        "INSERT ON entry",
        "EXISTS (SELECT 1 FROM entry WHERE id = NEW.id OR reverses_id = NEW.reverses_id)",
        "an entry is never replaced",
    ),
    "entry_no_update": (
        "UPDATE ON entry",
        "OLD.posted OR NEW.id <> OLD.id OR NEW.reverses_id IS NOT OLD.reverses_id",
        "a posted entry never changes; reverse it by another one",
    ),
    "entry_balances": (
        "UPDATE ON entry",
        f"NEW.posted AND NOT OLD.posted AND ({UNBALANCED})",
        "an entry is posted only when it has two legs or more whose sum is 0",
    ),
    "entry_no_delete": ("DELETE ON entry", "OLD.posted", "a posted entry is never removed"),
    "leg_is_whole": ("INSERT ON leg", "typeof(NEW.minor) <> 'integer'", "a leg is a whole number of minor units"),
    "leg_no_addition": (
        "INSERT ON leg",
        "(SELECT posted FROM entry WHERE id = NEW.entry_id)",
        "a posted entry gets no further leg",
    ),
    "leg_no_replace": ("INSERT ON leg", "EXISTS (SELECT 1 FROM leg WHERE id = NEW.id)", "a leg is never replaced"),
    "leg_no_update": ("UPDATE ON leg", "1", "a leg never changes"),
    "leg_no_delete": (
        "DELETE ON leg",
        "(SELECT posted FROM entry WHERE id = OLD.entry_id)",
        "a leg of a posted entry is never removed",
    ),
    "invoice_no_replace": (
        "INSERT ON invoice",
        f"EXISTS (SELECT 1 FROM invoice WHERE {SAME_INVOICE})",  # noqa: S608 - constants above
        "an invoice is never replaced",
    ),
    "invoice_no_update": ("UPDATE ON invoice", "1", "an invoice never changes; cancel it by a credit note"),
    "invoice_no_delete": ("DELETE ON invoice", "1", "an invoice is never removed"),
}

FUNCTIONS = {
    "govern_keep_entry": f"""
        IF TG_OP = 'INSERT' THEN
            IF NEW.posted THEN
                RAISE EXCEPTION 'an entry is posted after its legs are written'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF OLD.posted THEN
            RAISE EXCEPTION 'a posted entry never changes; reverse it by another one'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        IF NEW.id <> OLD.id OR NEW.reverses_id IS DISTINCT FROM OLD.reverses_id THEN
            RAISE EXCEPTION 'an entry keeps its number' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.posted AND ({UNBALANCED}) THEN
            RAISE EXCEPTION 'an entry is posted only when it has two legs or more whose sum is 0'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
    "govern_keep_leg": """
        IF TG_OP = 'UPDATE' THEN
            RAISE EXCEPTION 'a leg never changes' USING ERRCODE = 'integrity_constraint_violation';
        ELSIF TG_OP = 'DELETE' THEN
            PERFORM 1 FROM entry WHERE id = OLD.entry_id AND posted FOR SHARE;
            IF FOUND THEN
                RAISE EXCEPTION 'a leg of a posted entry is never removed'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN OLD;
        END IF;
        -- The lock makes whoever posts the entry meanwhile wait, so no leg slips in unseen.
        PERFORM 1 FROM entry WHERE id = NEW.entry_id FOR SHARE;
        PERFORM 1 FROM entry WHERE id = NEW.entry_id AND posted;
        IF FOUND THEN
            RAISE EXCEPTION 'a posted entry gets no further leg' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
    "govern_never": """
        RAISE EXCEPTION '% is never changed or removed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    """,
}

# By name: when it fires, for what, and which function answers.
POSTGRESQL = {
    "entry_kept": ("INSERT OR UPDATE OR DELETE ON entry", "ROW", "govern_keep_entry"),
    "entry_no_truncate": ("TRUNCATE ON entry", "STATEMENT", "govern_never"),
    "leg_kept": ("INSERT OR UPDATE OR DELETE ON leg", "ROW", "govern_keep_leg"),
    "leg_no_truncate": ("TRUNCATE ON leg", "STATEMENT", "govern_never"),
    "invoice_kept": ("UPDATE OR DELETE ON invoice", "ROW", "govern_never"),
    "invoice_no_truncate": ("TRUNCATE ON invoice", "STATEMENT", "govern_never"),
}


def upgrade() -> None:
    """Install the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for name, (when, condition, refusal) in SQLITE.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    for name, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    for name, (when, level, function) in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} FOR EACH {level} EXECUTE FUNCTION {function}()")
        op.execute(f"ALTER TABLE {when.rsplit(' ', 1)[-1]} ENABLE ALWAYS TRIGGER {name}")


def downgrade() -> None:
    """Remove the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, (when, _level, _function) in POSTGRESQL.items():
        op.execute(f"DROP TRIGGER {name} ON {when.rsplit(' ', 1)[-1]}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}()")
