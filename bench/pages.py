"""Pages at 10, 100 and 1,000 rows: statements, processor time against hello, weight."""

import gzip
from collections.abc import Iterator

from bench import load, material
from bench.browser import Browsers
from bench.figures import Row
from bench.installation import Installation
from bench.serving import Server, serving
from bench.statements import counted
from govern.extensions import db

SIZES = (10, 100, 1000)
PATHS = (
    "/",
    "/votes/",
    "/decisions",
    "/members/",
    "/dues/",
    "/tasks/",
    "/meetings/",
    "/reviews/",
    "/audit/",
    "/people",
)
MOST_STATEMENTS = 8
REQUESTS = 40


def measure(here: Installation) -> Iterator[Row]:
    """Rows of one engine: the installation is empty before."""
    world = material.found_world()
    found: dict[str, list[int]] = {path: [] for path in PATHS}
    for size in SIZES:
        material.add_members(world, size - world.members)
        browsers = Browsers(here.app, world.staff)
        for path in PATHS:
            found[path].append(counted(here.app, "GET", path, browsers.cookie(world.staff)))
    for path, numbers in found.items():
        words = ", ".join(f"{number} at {size}" for number, size in zip(numbers, SIZES, strict=True))
        yield Row(here.label, f"statements of {path}", max(numbers), MOST_STATEMENTS, "at most", "", "", words)
        yield Row(here.label, f"growth of {path}", max(numbers) - min(numbers), 0, "equal")
    yield from _weight(here, world)


def _weight(here: Installation, world: material.World) -> Iterator[Row]:
    browsers = Browsers(here.app, world.staff)
    db.session.remove()
    with serving(here.environment, here.folder) as server:
        connections = server.connect()
        cookie = browsers.cookie(world.staff)
        hello = _cpu(server, connections, load.get("/floor/hello", server.host), REQUESTS * 50)
        page = _cpu(server, connections, load.get("/members/", server.host, cookie), REQUESTS * 4)
        status, answer = connections[0].ask(load.get("/members/", server.host, cookie))
        for connection in connections:
            connection.socket.close()
    weight = len(gzip.compress(answer.partition(b"\r\n\r\n")[2], 6)) / 1024
    told = f"{page * 1000:.1f} ms, answer {status}"
    yield Row(here.label, "member list of 50 rows: CPU / hello", page / hello, 12, "at most", "x", "hello", told)
    yield Row(here.label, "member list, gzip", weight, 15, "at most", "KB")


def _cpu(server: Server, connections: list[load.Connection], request: bytes, times: int) -> float:
    load.run(connections, [request] * 50)
    before = server.cpu()
    load.run(connections, [request] * times)
    return (server.cpu() - before) / times
