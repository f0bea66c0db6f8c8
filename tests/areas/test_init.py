"""A new installation: founded by one command, entered by the link it prints."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from govern import config, database
from govern.accounts.models import Appointment, SignInLink, User
from govern.app import create_app
from govern.audit.models import AuditEntry
from govern.cli.checking import check
from govern.cli.founding import department, init
from govern.cluster.models import Cluster, Department
from govern.extensions import db
from govern.kernel.actor import Role
from govern.kernel.errors import RuleBrokenError
from tests.client import CheckedClient

ANSWERS = {
    "--name": "Lake Health Cluster",
    "--zone": "Europe/Zurich",
    "--currency": "chf",
    "--admin-email": "Ada@Example.org",
    "--admin-name": "Ada Keller",
}


@pytest.fixture
def environment(database_url, tmp_path, monkeypatch):
    """Settings of a production installation; on SQLite its folder is still empty."""
    folder = tmp_path / "new"
    env = {"GOVERN_INSTANCE": str(folder), "GOVERN_SECRET_KEY": "t" * 40, "GOVERN_ORIGIN": "https://govern.example.org"}
    if database_url.startswith("postgresql"):
        env["GOVERN_DATABASE_URL"] = database_url
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GOVERN_MODE", raising=False)
    return env


def run(answers=ANSWERS, *, typed=None, **changed):
    given = answers | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    arguments = [text for pair in given.items() if pair[1] is not None for text in pair]
    result = CliRunner().invoke(init, arguments, input=typed)
    database.set_mode(database.WRITE)
    return result


def link_in(result):
    return re.search(r"https://govern\.example\.org(/invitations/\S+)", result.stdout).group(1)


@pytest.fixture
def installed(environment):
    """(what the command printed, the application)."""
    result = run()
    assert result.exit_code == 0, result.output
    app = create_app(config.load(environment, mode="test"))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = CheckedClient
    with app.app_context():
        database.set_mode(database.WRITE)
        yield result, app
        db.session.remove()
        db.engine.dispose()


def test_the_cluster_and_its_first_administrator_are_there(installed):
    result, _app = installed
    assert "Lake Health Cluster is founded" in result.stdout
    cluster = db.session.get(Cluster, 1)
    assert (cluster.zone, cluster.currency, cluster.locale) == ("Europe/Zurich", "CHF", "en")
    user = db.session.scalars(select(User)).one()
    assert (user.email, user.name, user.password_hash) == ("ada@example.org", "Ada Keller", None)
    assert set(db.session.scalars(select(Appointment.role))) == {Role.ADMIN, Role.SECRETARIAT}
    told = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert told == ["cluster.founded", "user.added", "appointment.made", "appointment.made", "invitation.made"]
    db.session.rollback()
    checked = CliRunner().invoke(check)
    database.set_mode(database.WRITE)
    assert checked.exit_code == 0, checked.output


def test_the_link_lets_in_once_and_the_pages_of_an_empty_cluster_open(installed):
    result, app = installed
    path = link_in(result)
    client = app.test_client()
    assert "Ada Keller" in client.get(path).text
    password = "long enough for a lake"
    assert client.post(path, data={"name": "Ada Keller", "password": password}).status_code == 303
    for page in ("/", "/members/", "/bodies/", "/votes/", "/meetings/", "/dues/", "/ledger/", "/people", "/decisions"):
        assert client.get(page).status_code == 200, page
    assert app.test_client().get(path).status_code == 410
    signed_in = app.test_client()
    answer = signed_in.post("/sign-in", data={"email": "ada@example.org", "password": password})
    assert answer.status_code == 303


def test_run_again_founds_nothing_and_makes_a_new_link_for_an_administrator(installed):
    first, _app = installed
    plain = run({})
    assert plain.exit_code == 0
    assert "founded already" in plain.stdout
    assert "/invitations/" not in plain.stdout
    again = run({}, admin_email="ada@example.org")
    assert link_in(again) != link_in(first)
    open_links = db.session.scalars(select(SignInLink).where(SignInLink.used_at.is_(None))).all()
    assert len(open_links) == 1
    db.session.rollback()  # the command writes in a transaction of its own
    stranger = run({}, admin_email="eve@example.org")
    assert isinstance(stranger.exception, RuleBrokenError)
    assert len(db.session.scalars(select(Cluster)).all()) == 1


@pytest.mark.usefixtures("installed")
def test_a_department_is_added_once():
    db.session.rollback()
    results = [CliRunner().invoke(department, ["Health", "Department of Health"]) for _ in range(2)]
    assert "Department of Health can be named" in results[0].stdout
    assert "already" in str(results[1].exception)
    assert list(db.session.scalars(select(Department.code))) == ["health"]


@pytest.mark.usefixtures("environment")
def test_what_is_not_given_is_asked_for_until_it_can_be_right():
    typed = "Lake Health Cluster\nZurich\nEurope/Zurich\nfrancs\nCHF\nada\nada@example.org\nAda Keller\n"
    result = run({}, typed=typed)
    assert result.exit_code == 0, result.output
    assert "Zurich is no time zone" in result.output
    assert "francs is no currency" in result.output
    assert "/invitations/" in result.output


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"currency": "XXY"}, "no currency"),
        ({"admin_email": "ada"}, "no e-mail address"),
        ({"admin_name": " "}, "not empty"),
        ({"locale": "tlh"}, "no translation"),
        ({"zone": None}, "give --zone"),
    ],
)
def test_a_wrong_answer_is_wrong_usage_and_founds_nothing(environment, changed, told):
    result = run(**changed)
    assert result.exit_code == 2
    assert told in result.output
    app = create_app(config.load(environment, mode="test"))
    with app.app_context():
        assert db.session.get(Cluster, 1) is None
        db.session.remove()
        db.engine.dispose()
