"""Recounts and the verification of the log at sizes a cluster never reaches, beside what reading that much costs."""

import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from random import Random
from secrets import token_hex
from typing import Any

from sqlalchemy import insert, text, update

from bench import material
from bench.figures import Row
from bench.installation import Installation
from govern import database
from govern.audit.actions import seal
from govern.audit.keys import mac_key
from govern.audit.models import AuditEntry
from govern.audit.queries.verification import verify_log
from govern.audit.rules.entries import code_of, payload_of
from govern.counting.ballots import Ballots, Pile
from govern.counting.irv import count_irv
from govern.counting.pb import Budget
from govern.counting.shares import count_equal_shares
from govern.counting.stv_scottish import count_stv_scottish
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM
from govern.votes.models import Vote
from govern.votes.queries import get_vote, result_of

MILLION = 1_000_000
OPTIONS = tuple("ABCDEFGHIJ")
SEATS = 3
SQL, IRV, STV, SHARES, VERIFY = 0.3, 1.0, 3.0, 2.0, 2.0
CHUNK = 10_000
TIMES = 3
PROJECTS, VOTERS, APPROVED, MINOR = 100, 10_000, 10, 100


def recount_rows(inst: Installation, ballots: int) -> Iterator[Row]:
    """The result of a motion over ``ballots`` stored ballots, by college and weight."""
    world = material.found_world()
    material.add_members(world, material.CATEGORIES * material.COLLEGES)
    vote = material.open_vote(world, "Large")
    material.store_ballots(vote, ballots, logged=False)
    db.session.execute(update(Vote).where(Vote.id == vote).values(closes_at=clock.now()))
    db.session.commit()
    scan = text("SELECT choice, count(*) FROM ballot WHERE vote_id = :vote GROUP BY choice")
    floor, counted = fastest(lambda: db.session.execute(scan, {"vote": vote}).all())
    found = get_vote(vote)
    seconds, result = fastest(lambda: result_of(found))
    yes = sum(number for choice, number in counted if choice == "yes")
    if result.criteria[0].yes != yes:
        raise RuntimeError(f"the result has {result.criteria[0].yes} votes in favour, the ballots {yes}")
    yield Row(
        "Recounts",
        f"{ballots:,} ballots of a motion in SQL, {inst.label}",
        seconds,
        SQL,
        "at most",
        "s",
        floor=f"a bare GROUP BY of the same rows {floor:.2f} s",
        detail=f"{yes:,} in favour, {result.outcome}",
    )


def counting_rows(_inst: Installation, papers: int) -> Iterator[Row]:
    """Counts of ranked papers and of a participatory budget; they need no database."""
    ballots = ranked(papers)
    floor, _first = fastest(lambda: first_preferences(ballots))
    words = f"{papers:,} papers, {len(ballots.rankings):,} different"
    beside = f"adding up first preferences {floor:.2f} s"
    for name, target, act in (
        ("instant run-off", IRV, lambda: count_irv(ballots, 1)),
        ("Scottish STV, 10 candidates for 3 seats", STV, lambda: count_stv_scottish(ballots, SEATS)),
    ):
        seconds, result = fastest(act)
        told = f"{words}; elected {', '.join(result.winners)}"
        yield Row("Recounts", f"{papers:,} ballots by {name}", seconds, target, "at most", "s", beside, told)
    budget = participatory()
    floor, _sums = fastest(lambda: [len(marks) * number for marks, number in budget.votes.items()])
    seconds, result = fastest(lambda: count_equal_shares(budget))
    yield Row(
        "Recounts",
        f"equal shares, {PROJECTS} projects, {VOTERS:,} voters, exact",
        seconds,
        SHARES,
        "at most",
        "s",
        floor=f"walking over the votes {floor * 1000:.1f} ms",
        detail=f"{len(result.winners)} projects selected",
    )


def verify_rows(inst: Installation, entries: int) -> Iterator[Row]:
    """Every entry of the log, its seal, every signed head."""
    key = mac_key()
    for start in range(0, entries, CHUNK):
        db.session.execute(insert(AuditEntry), [entry(key, n) for n in range(start, min(start + CHUNK, entries))])
    db.session.commit()
    while seal():
        db.session.commit()
    db.session.commit()
    database.set_mode(database.READ)
    floor, _ = fastest(hash_everything)
    seconds, report = fastest(verify_log)
    database.set_mode(database.WRITE)
    if not report.holds or report.sealed != entries:
        raise RuntimeError(f"{report.sealed} sealed entries, {len(report.faults)} faults")
    yield Row(
        "The log",
        f"verifying {entries:,} sealed entries, {inst.label}",
        seconds,
        VERIFY * entries / MILLION,
        "at most",
        "s",
        floor=f"reading and hashing the same entries {floor:.2f} s",
        detail=f"{report.heads:,} signed heads, no fault",
    )


def entry(key: bytes, number: int) -> dict[str, Any]:
    """A log entry as an action would write it."""
    now = clock.now()
    after = {"elector": f"M{number:07}", "commitment": token_hex(32)}
    payload = payload_of(now, SYSTEM, "ballot.cast", "vote", 1, before=None, after=after, salt=token_hex(16))
    return {
        "at": now,
        "user_id": SYSTEM.user_id,
        "hat": SYSTEM.hat_key,
        "actor_name": SYSTEM.name,
        "action": "ballot.cast",
        "object_kind": "vote",
        "object_id": "1",
        "payload": payload,
        "mac": code_of(key, payload),
    }


def hash_everything() -> bytes:
    """The least a verification does: read every payload in order and hash it."""
    whole = sha256()
    with database.short_read() as connection:
        rows = connection.execution_options(yield_per=CHUNK).exec_driver_sql(
            "SELECT payload FROM audit_entry ORDER BY id"
        )
        for (payload,) in rows:
            whole.update(sha256(b"\0" + payload).digest())
    return whole.digest()


def ranked(papers: int) -> Ballots:
    """Papers of voters who like options near one they prefer, and rank some of them; the same in every run."""
    chance = Random(20_270_101)  # noqa: S311 - a fixed sequence is what is wanted
    rankings: dict[tuple[tuple[int, ...], ...], Pile] = {}
    count = len(OPTIONS)
    for number in range(papers):
        first = min(chance.randrange(count), chance.randrange(count))
        others = sorted(range(count), key=lambda option: abs(option - first) + 5 * chance.random())
        order = (first, *[option for option in others if option != first][: chance.randrange(8)])
        ranking = tuple((option,) for option in order)
        pile = rankings.get(ranking)
        if pile is None:
            rankings[ranking] = Pile(1, f"ballots[{number}]")
        else:
            pile.weight += 1
    return Ballots("bench", OPTIONS, rankings=rankings, tie_order=tuple(range(count)))


def first_preferences(ballots: Ballots) -> dict[int, Any]:
    """The least any ranked count does."""
    totals: dict[int, Any] = dict.fromkeys(range(len(ballots.options)), 0)
    for ranking, pile in ballots.rankings.items():
        totals[ranking[0][0]] += pile.weight
    return totals


def participatory() -> Budget:
    """Votes that approve some projects near each other, and some from anywhere; the same in every run."""
    chance = Random(20_270_102)  # noqa: S311 - a fixed sequence is what is wanted
    names = tuple(f"P{number:03}" for number in range(PROJECTS))
    costs = tuple((10_000 + 731 * (number % 37)) * MINOR for number in range(PROJECTS))
    budget = Budget("bench", "", 1_000_000 * MINOR, names, costs)
    for _ in range(VOTERS):
        home = chance.randrange(PROJECTS)
        near = {(home + chance.randrange(12)) % PROJECTS for _ in range(APPROVED - 3)}
        marks = tuple(sorted(near | {chance.randrange(PROJECTS) for _ in range(3)}))
        budget.votes[marks] = budget.votes.get(marks, 0) + 1
    return budget


def fastest(act: Callable[[], Any]) -> tuple[float, Any]:
    """Wall seconds of the fastest of three calls, and what the last gave: other work only ever makes it slower."""
    times, found = [], None
    for _ in range(TIMES):
        began = time.perf_counter()
        found = act()
        times.append(time.perf_counter() - began)
    return min(times), found
