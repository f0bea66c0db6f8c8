"""One gunicorn of its own: two gthread workers with four threads each, watched through /proc."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import load

HERE = Path(__file__).parent.parent
WORKERS, THREADS, CLIENTS = 2, 4, 16
START_SECONDS = 30
STOP_SECONDS = 20
TICKS = os.sysconf("SC_CLK_TCK")
MOST_TRIES = 400
APPLICATION = "bench.server:make_app()"


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    address: load.Address
    workers: tuple[int, ...]

    @property
    def host(self) -> str:
        """What stands in the Host header."""
        return f"{self.address[0]}:{self.address[1]}"

    def cpu(self) -> float:
        """Processor seconds the workers have used so far."""
        return sum(cpu_of(pid) for pid in self.workers)

    def resident(self) -> list[float]:
        """Resident megabytes of each worker."""
        return [resident_of(pid) for pid in self.workers]

    def connect(self, clients: int = CLIENTS) -> list[load.Connection]:
        """Kept-alive connections, the same number to each worker: whoever accepts is left to chance otherwise."""
        wanted = dict.fromkeys(self.workers, clients // len(self.workers))
        taken: list[load.Connection] = []
        spare: list[load.Connection] = []
        asking = load.get("/floor/worker", self.host)
        for _ in range(MOST_TRIES):
            connection = load.Connection(self.address)
            pid = worker_behind(connection, asking)
            if wanted[pid]:
                wanted[pid] -= 1
                taken.append(connection)
            else:
                spare.append(connection)  # kept open, so that its worker is not the idle one that accepts next
            if len(taken) == clients:
                break
        for connection in spare:
            connection.socket.close()
        # Neighbours in the list belong to different workers.
        return taken


@contextmanager
def serving(environment: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """Start gunicorn with these settings, yield it when it answers, stop it afterwards; RuntimeError with its log."""
    address = ("127.0.0.1", free_port())
    log = folder / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", APPLICATION, *options(address)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=HERE, env={**os.environ, **environment}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield Server(address, wait_for_workers(process, address, log))
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def options(address: load.Address) -> Sequence[str]:
    """Gunicorn's command line behind the application's name."""
    given = {
        "worker-class": "gthread",
        "workers": str(WORKERS),
        "threads": str(THREADS),
        "bind": f"{address[0]}:{address[1]}",
        "keep-alive": "600",
        "log-level": "warning",
    }
    return [part for name, value in given.items() for part in (f"--{name}", value)]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_workers(process: subprocess.Popen[bytes], address: load.Address, log: Path) -> tuple[int, ...]:
    """The process ids of the workers once every one of them has answered."""
    until = time.monotonic() + START_SECONDS
    asking = load.get("/floor/worker", f"{address[0]}:{address[1]}")
    seen: set[int] = set()
    open_ones = []
    while process.poll() is None and time.monotonic() < until and len(seen) < WORKERS:
        try:
            connection = load.Connection(address)
            open_ones.append(connection)
            seen.add(worker_behind(connection, asking))
        except ConnectionError:
            time.sleep(0.05)
    for connection in open_ones:
        connection.socket.close()
    if len(seen) < WORKERS:
        raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
    return tuple(sorted(seen))


def worker_behind(connection: load.Connection, asking: bytes) -> int:
    """The process that serves this connection."""
    return int(connection.ask(asking)[1].rpartition(b"\r\n")[2])


def cpu_of(pid: int) -> float:
    """Processor seconds, user and system, of a process and all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_of(pid: int) -> float:
    """Resident megabytes (2^20 bytes) of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
