"""Recounts and the verification of the log, at sizes a cluster never reaches."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import Any

from sqlalchemy import insert, select, update

from bench import material
from bench.figures import Row
from bench.installation import Installation
from govern import database
from govern.audit.actions import record, seal
from govern.audit.queries.verification import verify_log
from govern.counting.ballots import parse_ballots
from govern.counting.irv import count_irv
from govern.counting.pb import read_pb
from govern.counting.shares import count_equal_shares
from govern.counting.stv_scottish import count_stv_scottish
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM
from govern.votes.models import Ballot, Elector, RollBlock, Vote
from govern.votes.queries import get_vote, result_of
from govern.votes.rules import Choice

OPTIONS = tuple("ABCDEFGHIJ")
MILLION = 1_000_000
CHOICES = (Choice.YES, Choice.NO, Choice.ABSTAIN, Choice.YES, Choice.YES)
CHUNK = 10_000


def measure(here: Installation, entries: int) -> Iterator[Row]:
    """Rows that need a database: the named count in SQL, and ``entries`` of the log."""
    for _ in range(entries):
        record(SYSTEM, "bench.entry", "bench", 1, after={"value": "x" * 40})
    db.session.commit()
    while seal():
        db.session.commit()
    db.session.commit()
    database.set_mode(database.READ)
    seconds, report = timed(verify_log)
    database.set_mode(database.WRITE)
    per_million = seconds / entries * MILLION
    told = f"{entries:,} entries in {seconds:.2f} s, {len(report.faults)} faults"
    yield Row(here.label, "verify 1,000,000 log entries", per_million, 2, "at most", "s", "scaled", told)


def pure(ballots: int) -> Iterator[Row]:
    """Rows that need none: ranked counts of ``ballots`` papers, and a participatory budget."""
    orders = list(permutations(OPTIONS, 5))
    piles = [
        {"count": ballots // len(orders) + (index < ballots % len(orders)), "ranking": [[name] for name in order]}
        for index, order in enumerate(orders)
    ]
    data = {"format": "govern-ballots/1", "options": list(OPTIONS), "ballots": piles}
    read = parse_ballots(data)
    words = f"{ballots:,} papers, {len(orders):,} different"
    yield Row("counting", "IRV", timed(lambda: count_irv(read, 1))[0], 1, "at most", "s", "", words)
    yield Row("counting", "Scottish STV", timed(lambda: count_stv_scottish(read, 3))[0], 3, "at most", "s", "", words)
    budget = read_pb(participatory(100, 10_000), "bench.pb")
    seconds = timed(lambda: count_equal_shares(budget))[0]
    yield Row("counting", "equal shares, exact", seconds, 2, "at most", "s", "", "100 projects, 10,000 voters")


def participatory(projects: int, voters: int) -> bytes:
    """A .pb file whose votes are spread by a fixed rule."""
    lines = ["META", "key;value", "description;bench", f"num_projects;{projects}", f"num_votes;{voters}"]
    lines += ["budget;1000000", "vote_type;approval", "PROJECTS", "project_id;cost"]
    lines += [f"p{number};{10_000 + 731 * (number % 37)}" for number in range(projects)]
    lines += ["VOTES", "voter_id;vote"]
    for voter in range(voters):
        approved = sorted({(voter * step + voter // 7) % projects for step in range(3, 13)})
        lines.append(f"v{voter};{','.join(f'p{number}' for number in approved)}")
    return ("\n".join(lines) + "\n").encode()


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Wall seconds of one call, and what it gave."""
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def stored(here: Installation, ballots: int) -> Iterator[Row]:
    """The result of a motion over ``ballots`` stored ballots, counted in SQL from the roll's blocks."""
    world = material.found_world()
    material.add_members(world, 6)
    vote = material.open_vote(world, "Large")
    like = list(db.session.scalars(select(Elector).where(Elector.vote_id == vote).order_by(Elector.id)))
    for start in range(0, ballots, CHUNK):
        _fill(vote, like, start, min(CHUNK, ballots - start))
    share = ballots // len(like)
    db.session.execute(update(RollBlock).where(RollBlock.vote_id == vote).values(electors=RollBlock.electors + share))
    db.session.execute(update(Vote).where(Vote.id == vote).values(closes_at=clock.now()))
    db.session.commit()
    seconds, result = timed(lambda: result_of(get_vote(vote)))
    told = f"{ballots:,} ballots in {seconds * 1000:.0f} ms, {result.outcome}"
    scaled = seconds * MILLION / ballots
    yield Row(here.label, "recount of 1,000,000 ballots in SQL", scaled, 0.3, "at most", "s", "scaled", told)


def _fill(vote: int, like: Sequence[Elector], start: int, count: int) -> None:
    """Electors like those the opening froze, and a ballot of each; they differ by their code only."""
    electors = [
        {
            "vote_id": vote,
            "code": f"X{number}",
            "label": f"Elector {number}",
            "kind": like[number % len(like)].kind,
            "college": like[number % len(like)].college,
            "category": like[number % len(like)].category,
            "weight": 1,
            "block": like[number % len(like)].block,
        }
        for number in range(start, start + count)
    ]
    ids = list(db.session.scalars(insert(Elector).returning(Elector.id, sort_by_parameter_order=True), electors))
    told = {"vote_id": vote, "cast_at": clock.now(), "salt": "s", "receipt": "r"}
    ballots = [
        told
        | {
            "elector_id": key,
            "block": row["block"],
            "choice": CHOICES[index % len(CHOICES)],
            "user_id": start + index + 100,
        }
        for index, (key, row) in enumerate(zip(ids, electors, strict=True))
    ]
    db.session.execute(insert(Ballot), ballots)
