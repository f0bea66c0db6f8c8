"""One history of migrations, up and down on both engines; afterwards the tables are the models and triggers stand."""

import uuid

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import BigInteger, inspect

from govern import config
from govern.app import create_app
from govern.audit.queries.invariants import check_triggers
from govern.extensions import Model, db


@pytest.fixture
def empty(engine_name, request, tmp_path):
    """An application whose database holds nothing."""
    if engine_name == "sqlite":
        url = f"sqlite:///{tmp_path / 'govern.db'}"
    else:
        server, name = request.getfixturevalue("postgres_server"), f"m_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = server.replace("/postgres?", f"/{name}?")
    settings = {"GOVERN_INSTANCE": str(tmp_path), "GOVERN_DATABASE_URL": url, "GOVERN_SECRET_KEY": "t" * 40}
    app = create_app(config.load(settings, mode="test"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def migrate(how, **to):
    how(directory=str(config.MIGRATIONS), **to)


def tables():
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def triggers():
    lite = db.engine.dialect.name == "sqlite"
    known = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    statement = known if lite else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with db.engine.connect() as connection:
        return set(connection.exec_driver_sql(statement).scalars())


def functions():
    if db.engine.dialect.name == "sqlite":
        return set()
    statement = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    with db.engine.connect() as connection:
        return set(connection.exec_driver_sql(statement).scalars())


def differences():
    """What a new migration would have to change, as Alembic sees it."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        return compare_metadata(context, Model.metadata)


@pytest.mark.usefixtures("empty")
def test_up_down_and_up_again():
    migrate(upgrade)
    made, guarded, helping = tables(), triggers(), functions()
    assert made == set(Model.metadata.tables)
    assert differences() == []
    assert not check_triggers().faults
    db.session.remove()

    migrate(downgrade, revision="base")
    assert tables() == triggers() == functions() == set()

    migrate(upgrade)
    assert (tables(), triggers(), functions()) == (made, guarded, helping)
    assert differences() == []


@pytest.mark.usefixtures("app")
def test_migrating_twice_changes_nothing():
    before = triggers()
    db.session.remove()
    migrate(upgrade)
    assert triggers() == before


@pytest.mark.usefixtures("empty")
def test_step_by_step_every_version_can_be_left_again():
    migrate(upgrade)
    everything = triggers()
    for _ in range(2):
        migrate(downgrade, revision="-1")
    assert triggers() < everything
    migrate(upgrade)
    assert triggers() == everything


def test_every_amount_has_room_for_64_bits():
    """Minor units: 32 bits end at 21 million euros, and in some currencies at the price of a house."""
    amounts = [
        column
        for table in Model.metadata.tables.values()
        for column in table.columns
        if column.name == "minor" or column.name.endswith("_minor")
    ]
    assert len(amounts) > 10
    assert [str(column) for column in amounts if not isinstance(column.type, BigInteger)] == []
