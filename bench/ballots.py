"""Casting a ballot over HTTP, beside the bare durable insert and beside hello; and what it costs among many ballots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import func, select, text

from bench import load
from bench.browser import Browsers, Person
from bench.figures import Row, paired
from bench.installation import Installation
from bench.material import World, add_members, found_world, open_vote, store_ballots
from bench.serving import Server, serving
from bench.statements import counted
from govern.audit.models import AuditEntry
from govern.extensions import db
from govern.votes.models import Ballot

RATIO = {"sqlite": 0.55, "postgresql": 0.30}
CPU = {"sqlite": 6.0, "postgresql": 8.0}
TAIL, TAIL_TO_HELLO, GROWTH, STATEMENTS, GENERATOR = 4.0, 3.0, 1.25, 5, 0.8
REPETITIONS, BLOCKS = 3, 4
WARM = 100
STORED, REDIRECTED = 200, 303


@dataclass
class Sizes:
    """How much is done: electors of one repetition, and ballots stored before the last measurement."""

    electors: int = 1500
    stored: int = 100_000


@dataclass
class Repetition:
    """Outcomes of one repetition by kind, and the workers' processor seconds for each."""

    outcomes: dict[str, load.Outcome] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def add(self, kind: str, outcome: load.Outcome, cpu: float) -> None:
        """One block of requests of a kind."""
        if kind in self.outcomes:
            self.outcomes[kind].add(outcome)
        else:
            self.outcomes[kind] = outcome
        self.cpu[kind] = self.cpu.get(kind, 0.0) + cpu

    def microseconds(self, kind: str) -> float:
        """Processor time of the workers for one request."""
        return self.cpu[kind] / self.outcomes[kind].answers * 1e6


class Casting:
    """Electors, their votes, and the requests they send."""

    def __init__(self, inst: Installation, server: Server, people: Sequence[Person]) -> None:
        """``people`` have a vote in every vote that is asked for."""
        self.server = server
        self.connections = server.connect()
        self.people = people
        self.browsers = Browsers(inst.app, people[0])
        db.session.remove()
        self.inserted = 0

    def forms(self, vote: int, people: Sequence[Person], choice: str) -> list[bytes]:
        """One ballot from each of ``people``."""
        return [
            load.post(f"/votes/{vote}/ballots", self.server.host, body, cookie)
            for cookie, body in (self.browsers.form(person, choice=choice) for person in people)
        ]

    def hello(self, count: int) -> list[bytes]:
        """The floor of any request."""
        return [load.get("/floor/hello", self.server.host)] * count

    def insert(self, count: int) -> list[bytes]:
        """The floor of a ballot."""
        self.inserted += count
        return [load.post("/floor/insert", self.server.host)] * count

    def repetition(self, vote: int, people: Sequence[Person]) -> Repetition:
        """Each of ``people`` casts once, then changes; as many bare inserts and hellos; all in turns."""
        done = Repetition()
        ballots = self.forms(vote, people, "yes") + self.forms(vote, people, "no")
        size = len(ballots) // BLOCKS
        for block in range(BLOCKS):
            part = ballots[block * size :] if block == BLOCKS - 1 else ballots[block * size : (block + 1) * size]
            turns = {"hello": self.hello(size), "insert": self.insert(size), "ballot": part}
            # Whoever goes first in one block goes last in the next.
            for kind in list(turns)[:: -1 if block % 2 else 1]:
                before = self.server.cpu()
                outcome = load.run(self.connections, turns[kind])
                done.add(kind, outcome, self.server.cpu() - before)
        return done


def ballot_rows(inst: Installation, sizes: Sizes, *, growth: bool) -> Iterator[Row]:
    """The rows of one engine; ``growth`` stores many ballots and measures again."""
    world = found_world()
    people = add_members(world, sizes.electors * REPETITIONS + WARM)
    vote = open_vote(world, "The first vote")
    yield _statements(inst, vote, people[-1])
    with serving(inst.environment, inst.folder) as server:
        casting = Casting(inst, server, people)
        casting.repetition(vote, people[-WARM:])
        parts = [people[n * sizes.electors : (n + 1) * sizes.electors] for n in range(REPETITIONS)]
        done = [casting.repetition(vote, part) for part in parts]
        yield from _rows(inst, done)
        yield _lost(inst, vote, people, done, casting.inserted)
        yield Row(_group(inst), "memory of a worker after it", max(server.resident()), unit="MB")
        if growth:
            yield _growth(inst, world, casting, done, sizes.stored)


def _group(inst: Installation) -> str:
    return f"A ballot, {inst.label}"


def _rows(inst: Installation, done: Sequence[Repetition]) -> Iterator[Row]:
    group = _group(inst)
    rate = {kind: [part.outcomes[kind].per_second for part in done] for kind in done[0].outcomes}
    cpu = {kind: [part.microseconds(kind) for part in done] for kind in done[0].outcomes}
    middle, last = (
        {kind: [part.outcomes[kind].at(share) for part in done] for kind in done[0].outcomes} for share in (0.5, 0.99)
    )
    p50, p99 = median(middle["ballot"]), median(last["ballot"])
    yield Row(
        group,
        "ballots per second : bare durable inserts per second",
        paired(rate["ballot"], rate["insert"]),
        RATIO[inst.engine],
        "at least",
        floor=f"insert {median(rate['insert']):,.0f}/s, hello {median(rate['hello']):,.0f}/s",
        detail=f"{median(rate['ballot']):,.0f}/s",
    )
    yield Row(
        group,
        "p99 : p50 at 16 connections",
        paired(last["ballot"], middle["ballot"]),
        TAIL,
        "at most",
        detail=f"p50 {p50:.1f} ms, p99 {p99:.1f} ms",
    )
    yield Row(
        group,
        "p99 : p99 of hello",
        paired(last["ballot"], last["hello"]),
        floor=f"hello p50 {median(middle['hello']):.1f} ms, p99 {median(last['hello']):.1f} ms",
        detail=f"insert p99 {median(last['insert']):.1f} ms",
    )
    yield Row(
        group,
        "processor time of the workers : hello's",
        paired(cpu["ballot"], cpu["hello"]),
        CPU[inst.engine],
        "at most",
        floor=f"hello {median(cpu['hello']):.0f} us, insert {median(cpu['insert']):.0f} us",
        detail=f"{median(cpu['ballot']):.0f} us",
    )
    yield Row(
        group,
        "load generator's share of a processor at hello",
        median(part.outcomes["hello"].own_share for part in done),
        GENERATOR,
        "at most",
        detail="at 1 the generator would be what is measured",
    )


def _statements(inst: Installation, vote: int, person: Person) -> Row:
    cookie, body = Browsers(inst.app, person).form(person, choice="yes")
    seen = counted(inst.app, "POST", f"/votes/{vote}/ballots", cookie, body)
    return Row(_group(inst), "SQL statements of a ballot", seen, STATEMENTS, "at most")


def _lost(inst: Installation, vote: int, people: Sequence[Person], done: Sequence[Repetition], inserted: int) -> Row:
    """Acknowledged and not there afterwards, there twice, or not acknowledged."""
    wrong = sum(
        count
        for part in done
        for kind, outcome in part.outcomes.items()
        for status, count in outcome.statuses.items()
        if status != (REDIRECTED if kind == "ballot" else STORED)
    )
    ballots = db.session.scalar(select(func.count()).where(Ballot.vote_id == vote)) or 0
    changed = db.session.scalar(select(func.count()).where(AuditEntry.action == "ballot.replaced")) or 0
    first = db.session.scalar(select(func.count()).where(AuditEntry.action == "ballot.cast")) or 0
    floor = db.session.scalar(text("SELECT count(*) FROM bench_floor")) or 0
    db.session.rollback()
    electors = len(people)
    missing = abs(electors - ballots) + abs(electors - first) + abs(electors + 1 - changed) + abs(inserted - floor)
    return Row(
        _group(inst),
        "errors, and rows lost or doubled",
        wrong + missing,
        0,
        "equal",
        detail=f"{ballots:,} electors cast and changed, {first + changed:,} log entries",
    )


def _growth(inst: Installation, world: World, casting: Casting, before: Sequence[Repetition], stored: int) -> Row:
    vote = open_vote(world, "The vote with many ballots")
    store_ballots(vote, stored)
    casting.repetition(vote, casting.people[-WARM:])
    size = (len(casting.people) - WARM) // REPETITIONS
    after = [casting.repetition(vote, casting.people[n * size : (n + 1) * size]) for n in range(REPETITIONS)]
    costs = [_cost(before), _cost(after)]
    return Row(
        _group(inst),
        f"cost with {stored:,} ballots stored : with {size * REPETITIONS:,}",
        costs[1] / costs[0],
        GROWTH,
        "at most",
        floor=f"one ballot costs {costs[0]:.2f} bare inserts, then {costs[1]:.2f}",
        detail=f"{median(part.outcomes['ballot'].per_second for part in after):,.0f}/s, "
        f"{median(part.microseconds('ballot') for part in after):.0f} us of processor time",
    )


def _cost(done: Sequence[Repetition]) -> float:
    """A ballot in bare inserts of its own repetition."""
    return paired(
        [part.outcomes["insert"].per_second for part in done], [part.outcomes["ballot"].per_second for part in done]
    )
