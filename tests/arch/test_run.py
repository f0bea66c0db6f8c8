"""run.py: one clear sentence for every obstacle, nothing installed twice, nothing left half done."""

import ast
import importlib.util
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "run.py"


class BecameError(Exception):
    """What would have replaced the process."""


class Steps(list):
    def __init__(self):
        super().__init__()
        self.fails = {}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run.py as a module, pointed at an empty copy of the project."""
    spec = importlib.util.spec_from_file_location("run_under_test", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "govern-stamp")
    return module


@pytest.fixture
def steps(run, monkeypatch):
    """Every command the installation starts; ``fails`` maps a word of a command to what that command then says."""
    recorded = Steps()

    def attempt(command):
        recorded.append(" ".join(command))
        if "-m venv" in recorded[-1]:
            run.PYTHON.parent.mkdir(parents=True)
            run.PYTHON.symlink_to(sys.executable)
        return next((said for word, said in recorded.fails.items() if word in recorded[-1]), None)

    def execv(program, command):
        raise BecameError(command)

    monkeypatch.setattr(run, "attempt", attempt)
    monkeypatch.setattr(run.os, "execv", execv)
    monkeypatch.setattr(run, "DEFAULT_PORT", 0)  # never taken
    monkeypatch.delenv("GOVERN_INSTANCE", raising=False)
    return recorded


def started(run, *arguments):
    """The command run.py becomes."""
    with pytest.raises(BecameError) as caught:
        run.main(list(arguments))
    return caught.value.args[0]


def refused(run, capsys, *arguments):
    """The sentence run.py ends with."""
    assert run.main(list(arguments)) == 1
    return capsys.readouterr().err.strip().splitlines()[-1]


def test_an_old_python_gets_a_sentence():
    ast.parse(SOURCE.read_text(), feature_version=(3, 6))
    old = "import sys, runpy; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (old)'; sys.argv = ['', 'help'];"
    done = subprocess.run(
        [sys.executable, "-c", f"{old} runpy.run_path({str(SOURCE)!r}, run_name='__main__')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Govern needs Python 3.11 or newer, and this is Python 3.9.2")
    assert len(done.stderr.splitlines()) == 1


def test_help_works_from_any_directory(tmp_path):
    done = subprocess.run([sys.executable, SOURCE, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "python3 run.py test" in done.stdout
    assert not list(tmp_path.iterdir())


def test_an_unknown_command_is_wrong_usage(run, capsys):
    assert run.main(["tset"]) == 2
    assert "There is no command 'tset'" in capsys.readouterr().err


def test_first_start_installs_by_uv_from_the_lock_and_serves_the_demo(run, steps):
    command = started(run)
    assert command[-3:] == ["-m", "govern", "demo"]
    assert [re.sub(r".*-m (\S+).*", r"\1", step) for step in steps] == ["venv", "pip", "uv", "uv"]
    assert "--require-hashes" in steps[1]
    assert (run.VENV / "uv.txt").read_text().startswith("uv==")
    assert steps[2].endswith(f"--require-hashes -r {run.HERE}/requirements.txt")
    assert steps[3].endswith(f"--no-deps --no-build-isolation -e {run.HERE}")
    assert run.os.environ["GOVERN_INSTANCE"] == str(run.HERE / "instance")


def test_second_start_starts_nothing_else(run, steps):
    started(run)
    steps.clear()
    started(run, "govern", "count", "a.blt")
    assert steps == []


def test_arguments_without_a_command_are_the_demos(run, steps, monkeypatch):
    monkeypatch.setattr(run, "refuse_taken_port", lambda arguments: None)
    assert started(run, "--port", "8123")[-3:] == ["demo", "--port", "8123"]


def test_the_tools_are_installed_only_when_wanted(run, steps):
    started(run)
    steps.clear()
    started(run, "bench")
    assert any("requirements-dev.txt" in step for step in steps)
    steps.clear()
    started(run)
    assert steps == []


def test_a_renewal_that_was_cut_off_is_repaired_as_well(run, steps, capsys):
    started(run)
    with (run.HERE / "requirements.txt").open("a") as lock:
        lock.write("# another\n")
    steps.fails = {"requirements.txt": "Killed"}
    refused(run, capsys)
    steps.fails = {}
    steps.clear()
    started(run)
    assert "-m venv" in steps[0]


def test_a_changed_lock_is_installed_into_what_is_there(run, steps):
    started(run, "bench")
    steps.clear()
    with (run.HERE / "requirements-dev.txt").open("a") as lock:
        lock.write("# another\n")
    with (run.HERE / "requirements.txt").open("a") as lock:
        lock.write("# another\n")
    started(run)
    assert not any("-m venv" in step for step in steps)
    assert any("requirements-dev.txt" in step for step in steps), "the tools are renewed with the rest"


@pytest.mark.parametrize("where", ["venv", "requirements.txt", "-e "])
def test_a_start_that_was_cut_off_is_repaired_by_the_next(run, steps, capsys, where):
    steps.fails = {where: "Killed"}
    assert "Killed" in refused(run, capsys)
    run.VENV.joinpath("half").touch()
    steps.fails = {}
    steps.clear()
    started(run)
    assert "-m venv" in steps[0], "made anew, since nobody knows what is whole"
    assert not run.VENV.joinpath("half").exists()


def test_pip_takes_over_where_uv_cannot_be_had_or_fails(run, steps):
    steps.fails = {"uv.txt": "no wheel for this system"}
    started(run)
    assert [step for step in steps if "-m uv" in step] == []
    run.STAMP.unlink()
    steps.clear()
    steps.fails = {"-m uv": "error sending request"}
    started(run)
    assert sum("-m pip install" in step for step in steps) == 3


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one the lock names"),
        ("Failed to establish a new connection: Temporary failure in name resolution", "check the network"),
        ("ERROR: Could not find a version that satisfies the requirement flask==3.1.3", "check the network"),
        ("[Errno 13] Permission denied: '/usr/lib'", "No write permission"),
    ],
)
def test_every_known_failure_has_its_sentence(run, steps, capsys, said, sentence):
    steps.fails = {"requirements.txt": said}
    assert sentence in refused(run, capsys)


def test_an_unknown_failure_shows_the_last_words(run, steps, capsys):
    steps.fails = {"requirements.txt": "first\nsomething new"}
    assert refused(run, capsys) == "something new"


def test_a_python_without_venv_says_what_to_install(run, steps, capsys, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name))
    assert "apt install python3-venv" in refused(run, capsys)
    assert not run.VENV.exists()


def test_a_directory_of_somebody_else_is_named(run, steps, capsys, monkeypatch):
    monkeypatch.setattr(run.os, "access", lambda place, mode: False)
    assert refused(run, capsys).startswith(f"No write permission in {run.HERE}")


@pytest.mark.parametrize("form", ["--port {}", "--port={}"])
def test_a_taken_port_is_said_before_any_work(run, steps, capsys, form):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = refused(run, capsys, "demo", *form.format(port).split())
    assert sentence.startswith(f"Port {port} is in use")
    assert f"--port {port + 1}" in sentence
    assert steps == []


def test_what_fails_in_the_checks_fails_the_test_run(run, monkeypatch, capsys):
    monkeypatch.setattr(run, "provide", lambda lock: None)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "CHECKS", {"good": ("-c", ""), "bad": ("-c", "print('line 7'); raise SystemExit(3)")})
    assert run.main(["check"]) == 1
    said = capsys.readouterr().out
    assert "--- bad\nline 7" in said
    assert "checks: failed: bad" in said
    assert run.main(["test", "--version"]) == 1
