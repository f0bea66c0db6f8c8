"""Runs the one migration history on SQLite (batch mode) and on PostgreSQL, each in one transaction."""

from typing import Any

from alembic import context
from flask import current_app

extension = current_app.extensions["migrate"]
db = extension.db


def run() -> None:
    """Upgrade or downgrade the application's database."""
    with db.engine.connect() as connection:
        lite = db.engine.dialect.name == "sqlite"
        if lite:  # on the raw connection: inside a transaction this PRAGMA would silently do nothing
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        arguments: dict[str, Any] = dict(extension.configure_args)
        arguments.update(render_as_batch=True, compare_type=True, compare_server_default=False)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            transaction_per_migration=False,
            **arguments,
        )
        with context.begin_transaction():
            context.run_migrations()
            if lite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration breaks foreign keys: {broken[:5]}")
        if connection.in_transaction():
            connection.commit()
        if lite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("The migrations need a database; printing SQL only is not supported.")
run()
