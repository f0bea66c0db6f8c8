"""The locks name every package with its hashes and no registry; they follow from the lists beside them."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
# Needed by the installation itself, never imported.
INSTALLERS = {"setuptools", "uv", "wheel"}
# Used where it is there: an SQLite newer than the system's.
OPTIONAL = {"pysqlite3"}


def wanted(name):
    """The lines of a list of wishes, without comments and references."""
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return {line for line in lines if line and not line.startswith("-")}


def locked(name):
    """Package -> its lines in a lock."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text())
    return {entry.split("==")[0]: entry for entry in entries}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_hashes(name):
    for package, entry in locked(name).items():
        assert re.match(r"[a-z0-9-]+==[0-9][\w.]*( ; [^\\]+)? \\\n", entry), package
        hashes = re.findall(r"^ {4}--hash=sha256:[0-9a-f]{64}", entry, re.M)
        assert hashes, package
        rest = [line for line in entry.splitlines()[1:] if not re.match(r" {4}(--hash=sha256:[0-9a-f]{64}|#)", line)]
        assert rest == [], package


@pytest.mark.parametrize("name", [*LOCKS, "requirements.in", "requirements-dev.in"])
def test_no_lock_names_an_address(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host| @ |^-[if] ", text, re.M)


def test_the_development_lock_contains_the_runtime_lock():
    runtime, development = (locked(name) for name in LOCKS)
    assert {name: entry.split("    #")[0] for name, entry in runtime.items()} == {
        name: entry.split("    #")[0] for name, entry in development.items() if name in runtime
    }


def test_the_metadata_and_the_list_of_wishes_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(project["dependencies"]) | INSTALLERS == wanted("requirements.in")


@pytest.mark.parametrize(("lock", "wishes"), list(zip(LOCKS, ("requirements.in", "requirements-dev.in"), strict=True)))
def test_every_wish_is_locked(lock, wishes):
    names = {re.split(r"[\[=<>]", wish)[0] for wish in wanted(wishes)}
    assert names <= set(locked(lock))


def imported(*folders):
    """The top-level modules that are not of the standard library and not ours."""
    names = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"govern", "tests", "bench"} - OPTIONAL


@pytest.mark.parametrize(
    ("lock", "folders"), [("requirements.txt", ["govern", "migrations"]), ("requirements-dev.txt", ["tests", "bench"])]
)
def test_what_the_code_imports_is_locked(lock, folders):
    normal = {
        name: {re.sub(r"[-_.]+", "-", of).lower() for of in ofs} for name, ofs in packages_distributions().items()
    }
    packages = set(locked(lock))
    assert [name for name in sorted(imported(*folders)) if not normal.get(name, set()) & packages] == []
