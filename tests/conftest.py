"""Every test runs against a real database made by the real migrations: an SQLite file, and a PostgreSQL server."""

import os
import shutil
import uuid
from datetime import UTC, datetime

import psycopg
import pytest
from flask_migrate import upgrade

from govern import config, database
from govern.app import create_app
from govern.demo.seed import seed_demo
from govern.extensions import db
from govern.kernel import clock
from tests.client import CheckedClient
from tests.pgserver import temp_postgres

D = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""The seeding day of the demo story in the examples of the design."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything is said to be there, a test that skips itself has failed."""
    return _nothing_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """The same for a whole file."""
    return _nothing_skipped((yield))


def _nothing_skipped(report):
    if report.skipped and os.environ.get("GOVERN_REQUIRE_ALL") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although GOVERN_REQUIRE_ALL is set: {report.longrepr[2]}"
    return report


def _settings(instance, url):
    return config.load(
        {"GOVERN_INSTANCE": str(instance), "GOVERN_DATABASE_URL": url, "GOVERN_SECRET_KEY": "t" * 40}, mode="test"
    )


def make_app(instance, url):
    app = create_app(_settings(instance, url))
    app.config["WTF_CSRF_ENABLED"] = False  # tests/areas/test_csrf.py switches it on
    app.test_client_class = CheckedClient
    return app


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    app = make_app(folder, f"sqlite:///{folder / 'govern.db'}")
    with app.app_context():
        upgrade(directory=str(config.MIGRATIONS))
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        db.engine.dispose()
    return folder / "govern.db"


@pytest.fixture(scope="session")
def postgres_server():
    with temp_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server, tmp_path_factory):
    name = f"template_{uuid.uuid4().hex[:8]}"
    url = _postgres_database(postgres_server, name, None)
    app = make_app(tmp_path_factory.mktemp("pg"), url)
    with app.app_context():
        upgrade(directory=str(config.MIGRATIONS))
        db.session.remove()
        db.engine.dispose()
    return name


def _postgres_database(server, name, template):
    plain = server.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        tail = f' TEMPLATE "{template}"' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{tail}')
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=os.environ.get("GOVERN_TEST_ENGINES", "sqlite,postgresql").split(","))
def engine_name(request):
    return request.param


@pytest.fixture
def database_url(engine_name, request, tmp_path):
    if engine_name == "sqlite":
        path = tmp_path / "govern.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    template = request.getfixturevalue("postgres_template")
    return _postgres_database(request.getfixturevalue("postgres_server"), f"t_{uuid.uuid4().hex[:12]}", template)


@pytest.fixture
def app(database_url, tmp_path):
    app = make_app(tmp_path, database_url)
    database.set_mode(database.WRITE)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def lite_app(sqlite_template, tmp_path):
    """An app on SQLite only, for what does not depend on the engine."""
    path = tmp_path / "govern.db"
    shutil.copy(sqlite_template, path)
    app = make_app(tmp_path, f"sqlite:///{path}")
    database.set_mode(database.WRITE)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def at_d():
    """The clock stands at D."""
    with clock.frozen_at(D):
        yield D


@pytest.fixture(scope="session")
def demo_file(sqlite_template, tmp_path_factory):
    """A seeded SQLite file with its keys beside it; copy the folder before writing to it."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, folder / "govern.db")
    app = make_app(folder, f"sqlite:///{folder / 'govern.db'}")
    database.set_mode(database.WRITE)
    with app.app_context():
        seed_demo()
        db.session.remove()
        db.engine.dispose()
    return folder / "govern.db"


@pytest.fixture
def demo_app(demo_file, tmp_path):
    """An app on a copy of the seeded demo."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_file.parent, folder)
    app = make_app(folder, f"sqlite:///{folder / 'govern.db'}")
    database.set_mode(database.WRITE)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
