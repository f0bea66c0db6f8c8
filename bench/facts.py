"""What the figures were taken on: enough to judge them by, nothing that names a machine or a place on it."""

import os
import platform
import sqlite3
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.pgserver import find_binaries

SYNCS = 200


def machine_facts() -> dict[str, str]:
    """Label -> value, in the order to be shown."""
    return {
        "Processor": f"{_processor()}, {len(os.sched_getaffinity(0))} usable",
        "Memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "Load when it began": f"{os.getloadavg()[0]:.1f} (1 minute), {os.getloadavg()[2]:.1f} (15 minutes)",
        "Disk": f"{_file_system()}, one durable 4 KiB write {_sync_milliseconds():.2f} ms (median)",
        "System": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": f"{sqlite3.sqlite_version}, WAL, synchronous FULL",
        "PostgreSQL": f"{_postgresql()}, default settings for durability",
        "Server": f"gunicorn {version('gunicorn')}, 2 gthread workers with 4 threads each",
        "Flask, SQLAlchemy": f"{version('flask')}, {version('sqlalchemy')}",
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _file_system() -> str:
    """The kind of file system the throw-away databases lie on."""
    where = Path(tempfile.gettempdir()).resolve()
    best, kind = "", "unknown"
    for line in Path("/proc/mounts").read_text().splitlines():
        _device, mount, found, *_rest = line.split()
        if where.is_relative_to(mount) and len(mount) > len(best):
            best, kind = mount, found
    return kind


def _sync_milliseconds() -> float:
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(SYNCS):
            began = time.perf_counter()
            os.pwrite(file.fileno(), os.urandom(4096), 0)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times) * 1000


def _postgresql() -> str:
    binaries = find_binaries()
    if binaries is None:
        return "none found"
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2]
