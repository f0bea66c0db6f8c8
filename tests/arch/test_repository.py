"""What the repository may hold: no package registry address, no path of one machine, no secret, no endless file."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A lock, a setting or a script that names one of these works in one network only.
REGISTRIES = re.compile(
    r"pypi\.org/simple|pythonhosted\.org|registry\.(npmjs|yarnpkg)\.|--(extra-)?index-url\b|--find-links\b|--trusted-host\b"
)
# Home directories, and scratch places beyond /tmp itself.
MACHINES = re.compile(r"(?<![\w.])/(home|Users)/[a-z][\w.-]*/|(?<![\w.])/(root|work)/|file:///(?!\{)|[A-Z]:\\Users\\")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bxox[abpr]-[0-9A-Za-z-]{10,}"
    r"|\bsk-[A-Za-z0-9]{32,}|://[^/\s:@{}<>]+:[^/\s:@{}<>]{6,}@(?!localhost|127\.0\.0\.1|[\w.-]*example)"
)
# These two speak of such lines in order to find them.
SPEAKING = {"tests/arch/test_repository.py", "tests/arch/test_locks.py"}
LONGEST = 400
# The style sheet is one file on purpose: one request, and its layers are its chapters.
READ_AS_A_WHOLE = {".py", ".html", ".js"}


def committed():
    """Every path that is or would be committed."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return sorted(name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file())


def text_of(name):
    """The text of a file, empty for one that is not text."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.fixture(scope="module")
def texts():
    return {name: text_of(name) for name in committed() if name not in SPEAKING}


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINES, SECRETS], ids=["registries", "machines", "secrets"])
def test_nothing_is_committed_that_belongs_to_one_machine(texts, pattern):
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_place_of_this_checkout_is_named_nowhere(texts):
    assert [name for name, text in texts.items() if len(ROOT.parts) > 2 and f"{ROOT}/" in text] == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRIES, "--extra-index-url https://mirror.example/simple"),
        (REGISTRIES, "https://files.pythonhosted.org/packages/a.whl"),
        (MACHINES, "see /home/anna/govern/run.py"),
        (MACHINES, "open('/root/x')"),
        (SECRETS, "-----BEGIN PRIVATE KEY-----"),
        (SECRETS, "smtp://mailer:correcthorse@mail.somewhere.org"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern, line):
    assert pattern.search(line)


def test_no_file_is_too_long_to_be_read():
    written = [
        name
        for name in committed()
        if name.startswith(("govern/", "tests/", "bench/"))
        and "/vendor/" not in name
        and Path(name).suffix in READ_AS_A_WHOLE
    ]
    lengths = {name: len(text_of(name).splitlines()) for name in written}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_databases_and_backups_are_never_committed():
    unwanted = re.compile(r"\.(sqlite3?|db)(-wal|-shm)?$|^instance/|\.zip$|\.key$|\.pem$|__pycache__|egg-info")
    assert [name for name in committed() if unwanted.search(name)] == []


def contracts(kind):
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return [contract for contract in settings if contract["type"] == kind]


def test_the_tables_of_every_area_are_private():
    private = {contract["protected_modules"][0]: contract["allowed_importers"] for contract in contracts("protected")}
    areas = [path.parent.name for path in sorted((ROOT / "govern").glob("*/models*"))]
    assert private == {f"govern.{area}.models": [f"govern.{area}"] for area in areas}


def test_every_area_keeps_the_order_of_rooms():
    rooms = next(contract for contract in contracts("layers") if contract["containers"] != ["govern"])
    found = ("routes.py", "routes", "models.py", "models", "rules.py", "rules", "actions.py", "actions")
    areas = {path.parent.name for path in (ROOT / "govern").glob("*/*") if path.name in found}
    assert areas <= {container.removeprefix("govern.") for container in rooms["containers"]}
