# ruff: noqa: S608 - the statements are made of the constants below
"""The audit log only grows: the database itself refuses to change or remove what is in it.

SQLite: INSERT OR REPLACE removes the old row without firing DELETE triggers unless recursive_triggers is on, and whoever
opens the file by hand has it off; so a row that would collide is refused before it is inserted.
PostgreSQL: TRUNCATE passes row triggers, so a statement trigger stands against it; ENABLE ALWAYS keeps all of them awake
in a session that plays replica.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# table: what a new row may not share with an old one
TABLES = {
    "audit_entry": "id = NEW.id",
    "audit_seal": "position = NEW.position OR entry_id = NEW.entry_id OR leaf_hash = NEW.leaf_hash",
    "audit_head": "size = NEW.size",
}


def upgrade() -> None:
    """Install the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def downgrade() -> None:
    """Remove the triggers."""
    lite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for what in ("update", "delete", "replace" if lite else "truncate"):
            on = "" if lite else f" ON {table}"
            op.execute(f"DROP TRIGGER {table}_no_{what}{on}")
    if not lite:
        op.execute("DROP FUNCTION govern_append_only()")


def _upgrade_sqlite() -> None:
    for table, same in TABLES.items():
        refusal = f"SELECT RAISE(ABORT, '{table} only grows: its rows are never changed or removed');"
        for what in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} BEGIN {refusal} END")
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN {refusal} END"
        )


def _upgrade_postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION govern_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% only grows: its rows are never changed or removed', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END
        $$
        """
    )
    for table in TABLES:
        for what, level in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            name = f"{table}_no_{what}"
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} "
                f"FOR EACH {level} EXECUTE FUNCTION govern_append_only()"
            )
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
