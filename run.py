#!/usr/bin/env python3
"""Start Govern, or work on it, with nothing but Python 3.11.

    python3 run.py                  the demo on http://127.0.0.1:8000 (the same as: python3 run.py demo)
    python3 run.py demo --port 8001
    python3 run.py test [ARGS]      the checks, then every test; ARGS go to pytest
    python3 run.py check            ruff, mypy, import-linter and djlint alone
    python3 run.py bench [ARGS]     the benchmarks
    python3 run.py govern ARGS      any command of Govern, for example: govern count FILE --method irv

The first start makes .venv beside this file and installs the locked packages into it; later starts only
compare a stamp.
"""

# Parsed by every Python 3 that is likely to meet it, so that an old one gets a sentence instead of a syntax error.
import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the very case it is here for
    sys.exit(
        f"Govern needs Python 3.11 or newer, and this is Python {sys.version.split()[0]}: install a newer one, and "
        "start with it, for example python3.11 run.py"
    )
if os.name != "posix":
    sys.exit("Govern runs on Linux and macOS; on Windows, start it inside WSL.")

import errno
import fcntl
import hashlib
import importlib.util
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "govern-stamp"
UNFINISHED = "unfinished"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
DEFAULT_PORT = 8000
USAGE_ERROR = 2
# What the interpreter of the environment is called with.
CHECKS = {
    "ruff check": ("-m", "ruff", "check", "."),
    "ruff format": ("-m", "ruff", "format", "--check", "."),
    "mypy": ("-m", "mypy"),
    "import-linter": ("-c", "from importlinter.cli import lint_imports_command as command; command()"),
    "djlint": ("-m", "djlint", "govern/templates", "--lint", "--quiet"),
}
# Signs in what installers and the system say, and what the reader can do about it. The first match wins.
CAUSES = (
    (r"No space left on device|os error 28", "The disk is full: free about 500 MB and start again."),
    (r"Permission denied|Read-only file system", "No write permission below {here}: start as that directory's owner."),
    (
        r"THESE PACKAGES DO NOT MATCH|[Hh]ash mismatch",
        "A downloaded package is not the one the lock names, so it was not used: check the package index of your pip.",
    ),
    (
        r"(?i)connection|resolution|unreachable|max retries|timed out|dns error|certificate|error sending request"
        r"|could not find a version|no matching distribution|could not fetch",
        "The packages cannot be downloaded: check the network (proxy and package index of your pip) and start again.",
    ),
)


class StopError(Exception):
    """The one sentence that tells why there is no start, and what to do."""


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit status is that of what was started."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("demo", [])
    if command in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if command.startswith("-"):
        command, rest = "demo", arguments
    if command not in COMMANDS:
        print(f"There is no command {command!r}.\n{__doc__}", file=sys.stderr)
        return USAGE_ERROR
    try:
        return COMMANDS[command](rest)
    except StopError as stop:
        print(stop, file=sys.stderr)
    except OSError as error:
        print(cause_of(str(error)) or f"{error.strerror}: {error.filename}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


def demo(arguments: list[str]) -> int:
    """Seed the story when the instance is empty, and serve it."""
    refuse_taken_port(arguments)
    return govern(["demo", *arguments])


def govern(arguments: list[str]) -> int:
    """Become the ``govern`` command: files are named from the caller's directory, signals reach it directly.

    The data stay beside run.py whatever directory it is called from, unless a setting says otherwise.
    """
    provide(RUNTIME)
    os.environ.setdefault("GOVERN_INSTANCE", str(HERE / "instance"))
    become([str(PYTHON), "-P", "-m", "govern", *arguments])


def bench(arguments: list[str]) -> int:
    """Become the benchmark run."""
    provide(DEVELOPMENT)
    os.chdir(HERE)
    become([str(PYTHON), "-m", "bench", *arguments])


def check(_arguments: list[str]) -> int:
    """Run the tools that read the code, all at once; 0 when none has anything to say."""
    provide(DEVELOPMENT)
    started = time.monotonic()
    running = {name: start_tool(options) for name, options in CHECKS.items()}
    failed = [name for name, process in running.items() if not passes(name, process)]
    outcome = f"failed: {', '.join(failed)}" if failed else f"{', '.join(CHECKS)} hold"
    print(f"checks: {outcome} ({time.monotonic() - started:.1f} s)", flush=True)
    return 1 if failed else 0


def test(arguments: list[str]) -> int:
    """Check, then run the tests; one fault in either and the status is not 0."""
    checked = check([])
    # Asked for a part, one process is quicker than starting several.
    spread = [] if arguments or cores() == 1 else ["-n", str(min(cores(), 4)), "--dist", "loadfile"]
    tested = subprocess.run([PYTHON, "-m", "pytest", *spread, *arguments], cwd=HERE, check=False).returncode
    if checked:
        print("The checks above failed.", file=sys.stderr)
    return tested or checked


COMMANDS = {"demo": demo, "test": test, "check": check, "bench": bench, "govern": govern}


def become(command: list[str]) -> NoReturn:
    """Replace this process, so that Ctrl+C and a supervisor's signals need no passing on."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606 - a fixed interpreter, no shell wanted


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_tool(options: tuple[str, ...]) -> subprocess.Popen[str]:
    """Start one checking tool of the environment in the project's directory."""
    return subprocess.Popen([PYTHON, *options], cwd=HERE, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def passes(name: str, process: subprocess.Popen[str]) -> bool:
    """Wait for a tool; what it says is shown only when it found something."""
    said, _ = process.communicate()
    if process.returncode:
        print(f"--- {name}\n{said}", flush=True)
    return process.returncode == 0


def refuse_taken_port(arguments: list[str]) -> None:
    """Say before any work that the demo's port is taken; a port that is no number is the command's to refuse."""
    wanted = str(DEFAULT_PORT)
    for position, argument in enumerate(arguments):
        if argument.startswith("--port="):
            wanted = argument.partition("=")[2]
        elif argument == "--port" and position + 1 < len(arguments):
            wanted = arguments[position + 1]
    if not wanted.isdigit():
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted)))
        except OverflowError:
            return
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StopError(
                    f"Port {wanted} is in use by another program: stop it, or choose another port, for example "
                    f"python3 run.py demo --port {int(wanted) + 1}"
                ) from error
            raise StopError(f"Port {wanted} cannot be used: choose one from 1024 to 65535.") from error


def provide(lock: str) -> None:
    """Make sure .venv holds what ``lock`` names; nothing at all is started when it already does.

    The development lock contains the runtime lock, so either satisfies a plain start.
    """
    enough = (RUNTIME, DEVELOPMENT) if lock == RUNTIME else (DEVELOPMENT,)
    if is_current(enough):
        return
    refuse_read_only()
    with open(__file__, "rb") as turn:
        # Two first starts at once: the second waits and finds the work done. The lock passes to the installers, so that
        # one left behind by a killed start is waited for as well.
        fcntl.flock(turn, fcntl.LOCK_EX)
        os.set_inheritable(turn.fileno(), True)
        if not is_current(enough):
            install(DEVELOPMENT if lock == RUNTIME and was_for_development() else lock)


def stamp_for(lock: str) -> str:
    """What the stamp holds when ``lock`` is installed: it changes with the locks, the place and the interpreter."""
    digest = hashlib.sha256()
    for name in (lock, "pyproject.toml"):
        digest.update((HERE / name).read_bytes())
    digest.update(f"{HERE}\n{os.path.realpath(PYTHON)}".encode())
    return f"{lock} {digest.hexdigest()}"


def is_current(locks: tuple[str, ...]) -> bool:
    """Whether one of ``locks`` is completely installed."""
    said = read_stamp()
    return bool(said) and PYTHON.exists() and said in [stamp_for(lock) for lock in locks]


def read_stamp() -> str:
    """The stamp's text, empty when there is none."""
    try:
        return STAMP.read_text()
    except FileNotFoundError:
        return ""


def was_for_development() -> bool:
    """Whether the tools were there before: a changed lock then renews them as well."""
    return read_stamp().startswith(DEVELOPMENT)


def refuse_read_only() -> None:
    """Say at once that nothing can be installed here."""
    for place in (HERE, VENV):
        if place.exists() and not os.access(place, os.W_OK):
            raise StopError(f"No write permission in {place}: start as its owner, or copy the project elsewhere.")


def install(lock: str) -> None:
    """Install ``lock`` and the package itself. The stamp comes last: a start cut off is repaired by the next."""
    say("Preparing Govern, once: the packages go into .venv beside run.py and nowhere else.")
    if read_stamp() == UNFINISHED or not answers("import pip"):
        make_environment()
    STAMP.write_text(UNFINISHED)
    installer = fast_installer() or slow_installer()
    say("Installing the locked packages.")
    packages = ["--require-hashes", "-r", str(HERE / lock)]
    package = ["--no-deps", "--no-build-isolation", "-e", str(HERE)]
    for what in (packages, package):
        said = attempt([*installer, *what])
        if said is not None and installer != slow_installer():
            # uv does not read the settings of pip (an index of the house, certificates): pip may well succeed.
            installer = slow_installer()
            said = attempt([*installer, *what])
        if said is not None:
            raise StopError(explain(said))
    STAMP.write_text(stamp_for(lock))


def make_environment() -> None:
    """A fresh .venv with pip in it, in place of a missing or half-made one."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise StopError(
                "This Python cannot make a virtual environment: install the package for it, on Debian and Ubuntu with "
                "apt install python3-venv"
            )
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    STAMP.write_text(UNFINISHED)
    said = attempt([sys.executable, "-m", "venv", str(VENV)])
    if said is not None:
        raise StopError(explain(said))


def answers(statement: str) -> bool:
    """Whether the environment's interpreter starts and can do this."""
    return PYTHON.exists() and attempt([str(PYTHON), "-c", statement]) is None


def slow_installer() -> list[str]:
    """Install by pip, which is always there."""
    return [str(PYTHON), "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check", "--retries", "2"]


def fast_installer() -> list[str] | None:
    """Install by uv in the locked version, or None where it cannot be had for this system."""
    only = VENV / "uv.txt"
    only.write_text(lock_entry("uv"))
    said = attempt([*slow_installer(), "--require-hashes", "-r", str(only)])
    if said is None:
        return [str(PYTHON), "-m", "uv", "pip", "install", "-q", "--python", str(PYTHON)]
    return None


def lock_entry(name: str) -> str:
    """The lines of one package in the runtime lock, with its hashes."""
    taken: list[str] = []
    for line in (HERE / RUNTIME).read_text().splitlines():
        if line.startswith(f"{name}==") or (taken and line.startswith("    --hash")):
            taken.append(line)
        elif taken:
            break
    return "\n".join(taken) + "\n"


def attempt(command: list[str]) -> str | None:
    """Run quietly: None when it went well, else everything it said."""
    # A user's habits must not reach into the environment; certificates are those the system trusts, as pip has it.
    settings = {**os.environ, "PIP_USER": "0", "PYTHONNOUSERSITE": "1"}
    settings.setdefault("UV_SYSTEM_CERTS", "1")
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX"):
        settings.pop(name, None)
    done = subprocess.run(command, cwd=HERE, env=settings, text=True, capture_output=True, close_fds=False, check=False)
    return None if done.returncode == 0 else done.stdout + done.stderr


def cause_of(said: str) -> str | None:
    """The sentence for a known cause in what a program said, else None."""
    for signs, sentence in CAUSES:
        if re.search(signs, said):
            return sentence.format(here=HERE)
    return None


def explain(said: str) -> str:
    """One sentence on a failed installation; the end of what was said when the cause is not known."""
    last = "\n".join(said.strip().splitlines()[-8:])
    return cause_of(said) or f"The environment could not be made; the installer's last words:\n{last}"


def say(sentence: str) -> None:
    """Tell the waiting reader. On standard error: standard output belongs to the command that follows."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
