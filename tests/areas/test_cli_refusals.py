"""Commands in an installation that is not ready, or with a file that cannot be: one sentence and status 1."""

import pytest

from govern import cli


@pytest.fixture
def told(tmp_path, monkeypatch, capsys):
    """Run a command as from a shell; returns (status, standard error)."""
    monkeypatch.setenv("GOVERN_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("GOVERN_MODE", "test")

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["govern", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, capsys.readouterr().err.strip()

    return run


@pytest.mark.parametrize(
    "command", ["export --all out.zip", "export --decision 2026-001 out.zip", "work --once", "work"]
)
def test_without_a_database(told, command):
    assert told(*command.split()) == (1, "There is no database yet. Make one with: govern init")


@pytest.mark.parametrize("command", ["check", "export --all out.zip", "work --once"])
def test_with_a_database_that_does_not_answer(told, monkeypatch, command):
    monkeypatch.setenv("GOVERN_DATABASE_URL", "postgresql://govern:Wr0ngSecret@127.0.0.1:9/govern")
    status, said = told(*command.split())
    assert status == 1
    assert said.startswith("The database does not answer: ")
    assert len(said.splitlines()) == 1
    assert "Wr0ngSecret" not in said


def test_serve_makes_no_key_of_a_demonstration(told, monkeypatch, tmp_path):
    monkeypatch.setenv("GOVERN_MODE", "demo")
    status, said = told("serve")
    assert status == 1
    assert "GOVERN_SECRET_KEY must hold" in said
    assert not (tmp_path / "instance").exists()
