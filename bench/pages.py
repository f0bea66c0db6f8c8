"""Every page: how many statements it sends at 10, 100 and 1,000 rows; lists beside hello; weight; memory."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from werkzeug.routing import Rule

from bench import filling, load
from bench.browser import Browsers
from bench.figures import Row, paired
from bench.installation import Installation
from bench.serving import Server, serving
from bench.statements import asked
from govern.extensions import db

MOST_STATEMENTS = 8
LIST_50, LIST_500 = 12.0, 65.0
MEMORY = {"sqlite": 75.0, "postgresql": 85.0}
LISTS = {"/members/": "members", "/tasks/": "tasks", "/decisions": "decisions", "/votes/": "votes", "/audit/": "log"}
TEN_PAGES = [f"/members/?page={number}" for number in range(1, 11)]
KILO = 1000
HTML_LIST, HTML_OTHER, CSS, JS, FIRST_VIEW, FIRST_REQUESTS = 15, 8, 12, 20, 60, 6
REPETITIONS = 3
VALUES = {"decision_id": "1990-0001", "account_id": "1000", "year_id": None}
LEFT_OUT = ("/static/", "/sign-in", "/invitations/", "/styleguide")


@dataclass(frozen=True)
class Sizes:
    """Further rows of everything at each measurement, and requests in one turn."""

    rows: Sequence[int] = (10, 100, 1000)
    requests: int = 60


def page_rows(inst: Installation, sizes: Sizes) -> Iterator[Row]:
    """The rows of one engine."""
    story = filling.tell()
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for size in sizes.rows:
        story.grow(size)
        _ask_everything(inst, story, seen)
    yield from _statement_rows(inst, sizes, seen)
    with serving(inst.environment, inst.folder) as server:
        browsers = Browsers(inst.app, story.people["secretariat"])
        cookie = browsers.cookie(story.people["secretariat"])
        db.session.remove()
        yield from _list_rows(inst, server, cookie, sizes)
        yield from _weight_rows(inst, server, cookie)
        yield Row(
            f"Pages, {inst.label}",
            "resident memory of a worker after all this",
            max(server.resident()),
            MEMORY[inst.engine],
            "at most",
            "MB",
            detail="the floor's own code included",
        )


def _ask_everything(inst: Installation, story: filling.Story, seen: dict[tuple[str, str], list[int]]) -> None:
    """Ask for every page as every persona; those that are no page for a persona are left out."""
    for persona, person in story.people.items():
        cookie = Browsers(inst.app, person).cookie(person)
        for path in _paths(inst):
            found = asked(inst.app, "GET", path, cookie)
            if found.is_page:
                seen[persona, path].append(found.statements)


def _paths(inst: Installation) -> list[str]:
    adapter = inst.app.url_map.bind("127.0.0.1")
    rules = [rule for rule in inst.app.url_map.iter_rules() if rule.methods and "GET" in rule.methods]
    built = {adapter.build(rule.endpoint, _arguments(rule)) for rule in rules if not rule.rule.startswith(LEFT_OUT)}
    return sorted(built)


def _arguments(rule: Rule) -> dict[str, object]:
    return {name: VALUES.get(name) or 1 for name in rule.arguments}


def _statement_rows(inst: Installation, sizes: Sizes, seen: dict[tuple[str, str], list[int]]) -> Iterator[Row]:
    group = f"Pages, {inst.label}"
    whole = {key: counts for key, counts in seen.items() if len(counts) == len(sizes.rows)}
    worst = max(whole, key=lambda key: max(whole[key]))
    uneven = {key: counts for key, counts in whole.items() if len(set(counts)) > 1}
    rows = ", ".join(f"{size:,}" for size in sizes.rows)
    yield Row(
        group,
        "SQL statements of any page",
        max(max(counts) for counts in whole.values()),
        MOST_STATEMENTS,
        "at most",
        detail=f"{len({path for _persona, path in whole})} pages as {len({p for p, _ in whole})} roles; "
        f"most: {worst[1]} as {worst[0]}",
    )
    yield Row(
        group,
        f"pages whose statements differ at {rows} further rows",
        len(uneven),
        0,
        "equal",
        detail="; ".join(f"{path} as {persona}: {counts}" for (persona, path), counts in list(uneven.items())[:5]),
    )
    for (persona, path), counts in sorted(whole.items(), key=lambda item: item[0][1]):
        if persona == "secretariat" and (path in LISTS or path.rstrip("/").count("/") == 1):
            yield Row(
                group,
                f"SQL statements of {path}",
                max(counts),
                MOST_STATEMENTS,
                "at most",
                detail=f"{', '.join(map(str, counts))} at {rows} further rows",
            )


def _list_rows(inst: Installation, server: Server, cookie: str, sizes: Sizes) -> Iterator[Row]:
    group = f"Pages, {inst.label}"
    connections = server.connect()
    hello = load.get("/floor/hello", server.host)
    for path, name in LISTS.items():
        ratios, floor, own = _beside(server, connections, hello, [load.get(path, server.host, cookie)], sizes.requests)
        yield Row(
            group,
            f"list of 50 {name}: processor time : hello's",
            ratios,
            LIST_50,
            "at most",
            floor=f"hello {floor:.0f} us",
            detail=f"{own / KILO:.1f} ms",
        )
    ten = [load.get(path, server.host, cookie) for path in TEN_PAGES]
    ratio, floor, own = _beside(server, connections, hello, ten, sizes.requests // 3)
    yield Row(
        group,
        "500 members, as ten pages of 50: processor time : hello's",
        ratio * len(ten),
        LIST_500,
        "at most",
        floor=f"hello {floor:.0f} us",
        detail=f"{own * len(ten) / KILO:.1f} ms; no page shows more than 50 to 100 rows",
    )


def _beside(
    server: Server, connections: Sequence[load.Connection], hello: bytes, asking: Sequence[bytes], times: int
) -> tuple[float, float, float]:
    """The paired ratio of processor time, and both in microseconds; RuntimeError when a page is not answered."""
    load.run(connections, list(asking) * 8)
    floors, owns = [], []
    for _ in range(REPETITIONS):
        floors.append(_microseconds(server, connections, [hello] * times * 20))
        owns.append(_microseconds(server, connections, list(asking) * times))
    return paired(owns, floors), median(floors), median(owns)


def _microseconds(server: Server, connections: Sequence[load.Connection], requests: Sequence[bytes]) -> float:
    before = server.cpu()
    outcome = load.run(connections, requests)
    if set(outcome.statuses) != {200}:
        raise RuntimeError(f"a page was answered with {sorted(outcome.statuses)}")
    return (server.cpu() - before) / len(requests) * 1e6


def _weight_rows(inst: Installation, server: Server, cookie: str) -> Iterator[Row]:
    """What travels, as gzip or brotli would send it: pages are compressed by the proxy in front, files here."""
    group = f"Weight, {inst.label}"
    connection = server.connect(2)[0]

    def weigh(path: str) -> tuple[float, str]:
        status, answer = connection.ask(load.get(path, server.host, cookie))
        if status != 200:  # noqa: PLR2004 - the one good answer
            raise RuntimeError(f"{path} was answered with {status}")
        body = answer.partition(b"\r\n\r\n")[2]
        return len(gzip.compress(body, 6)) / KILO, body.decode(errors="replace")

    heaviest = max((weigh(path)[0], path) for path in LISTS)
    yield Row(group, "heaviest list, gzip", heaviest[0], HTML_LIST, "at most", "KB", detail=heaviest[1])
    home, html = weigh("/")
    yield Row(group, "home, gzip", home, HTML_OTHER, "at most", "KB")
    files = sorted(set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html)))
    weights = {path: weigh(path)[0] for path in files}
    css = sum(weight for path, weight in weights.items() if ".css" in path)
    scripts = sum(weight for path, weight in weights.items() if ".js" in path)
    yield Row(group, "style, gzip", css, CSS, "at most", "KB")
    yield Row(group, "scripts, gzip", scripts, JS, "at most", "KB")
    yield Row(group, "first view, gzip", home + sum(weights.values()), FIRST_VIEW, "at most", "KB")
    yield Row(group, "requests of the first view", 1 + len(files), FIRST_REQUESTS, "at most")
