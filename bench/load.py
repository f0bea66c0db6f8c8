"""A small load generator: prebuilt requests over kept-alive connections, one loop in this process.

It does as little as it can per request, so that the server is what is measured; ``Outcome.own_share`` shows how much of
a processor it needed itself. Each connection asks again as soon as it has its answer (a closed loop).
"""

import gc
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.figures import percentile

BUFFER = 65536
PATIENCE_SECONDS = 60
Address = tuple[str, int]


@dataclass
class Outcome:
    """What a run saw: the seconds each request took, the answers by status, and the generator's own processor time."""

    seconds: float = 0.0
    own_cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """How many came."""
        return len(self.latencies)

    def add(self, other: "Outcome") -> None:
        """Count the run ``other`` as part of this one."""
        self.seconds += other.seconds
        self.own_cpu += other.own_cpu
        self.latencies += other.latencies
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    @property
    def own_share(self) -> float:
        """The part of one processor the generator used: near 1 it is the generator that is measured."""
        return self.own_cpu / self.seconds

    def at(self, share: float) -> float:
        """Milliseconds within which ``share`` of the requests were answered."""
        return percentile(self.latencies, share) * 1000


class Connection:
    """One kept-alive connection working through its share of the requests."""

    def __init__(self, address: Address) -> None:
        """Connect."""
        self.socket = socket.create_connection(address, timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.started = 0.0

    def send(self, request: bytes) -> None:
        """Ask."""
        self.buffer = b""
        self.started = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """Take what has come: the status once the answer is complete, else None."""
        data = self.socket.recv(BUFFER)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.buffer += data
        return complete(self.buffer)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """One question outside a run: status, and the whole answer."""
        self.send(request)
        while (status := self.receive()) is None:
            pass
        return status, self.buffer


def complete(answer: bytes) -> int | None:
    """The status of an HTTP answer once all of it is there, else None."""
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return None
    lower = head.lower()
    at = lower.find(b"\r\ncontent-length:")
    wanted = int(lower[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return int(head[9:12]) if len(body) >= wanted else None


def run(connections: Sequence[Connection], requests: Sequence[bytes]) -> Outcome:
    """Send every request once, each over the connection that is free first; returns what was seen."""
    outcome = Outcome()
    waiting = iter(requests)
    working = list(connections[: len(requests)])
    selector = selectors.DefaultSelector()
    for connection in working:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    gc.collect()
    gc.disable()
    began, own = time.perf_counter(), time.process_time()
    try:
        for connection in working:
            connection.send(next(waiting))
        _listen(selector, waiting, len(working), outcome)
    finally:
        gc.enable()
        selector.close()
    outcome.seconds, outcome.own_cpu = time.perf_counter() - began, time.process_time() - own
    return outcome


def _listen(selector: selectors.BaseSelector, waiting: Iterator[bytes], working: int, outcome: Outcome) -> None:
    latencies, statuses = outcome.latencies, outcome.statuses
    while working:
        for key, _events in selector.select(PATIENCE_SECONDS) or _silent():
            connection = key.data
            status = connection.receive()
            if status is None:
                continue
            latencies.append(time.perf_counter() - connection.started)
            statuses[status] = statuses.get(status, 0) + 1
            request = next(waiting, None)
            if request is not None:
                connection.send(request)
            else:
                selector.unregister(connection.socket)
                working -= 1


def _silent() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError(f"the server did not answer for {PATIENCE_SECONDS} seconds")


def get(path: str, host: str, cookie: str = "", *, accept: str = "") -> bytes:
    """A GET request as bytes; ``accept`` names the encodings taken."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"Accept-Encoding: {accept}"] if accept else []
    lines += [f"Cookie: {cookie}"] if cookie else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, host: str, body: str = "", cookie: str = "") -> bytes:
    """A form POST as bytes."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body.encode())}",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
