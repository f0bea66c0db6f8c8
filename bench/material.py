"""Members, people, sign-ins and votes in numbers: rows written at once, votes opened by real actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, LargeBinary, bindparam, insert, text

from bench.browser import Person
from govern.accounts.keys import new_token, token_hash
from govern.accounts.models import Appointment, SignInSession, User
from govern.bodies.models import Body
from govern.bodies.rules import BodyKind
from govern.cluster.models import Cluster
from govern.database import Instant
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.members.models import Category, College, Member
from govern.members.rules import MemberStatus
from govern.votes import actions
from govern.votes.models import Vote
from govern.votes.queries import get_profile

SINCE = date(2020, 1, 1)
COLLEGES, CATEGORIES = 3, 6
HEADS = {"count": "heads", "base": "cast"}
RULE = {
    "criteria": [
        HEADS | {"name": "Two thirds of the members", "threshold": "2/3", "comparison": "at_least"},
        HEADS | {"name": "The first college", "within": "college:C0", "threshold": "1/2", "comparison": "more_than"},
    ],
    "quorum": [{"count": "heads", "share": "1/2"}, {"count": "heads", "share": "1/3", "within": "each_college"}],
}

# Both engines understand this; one statement for a million rows. The electors are like those of the roll's blocks.
MORE_ELECTORS = """
INSERT INTO elector (vote_id, code, label, kind, college, category, weight, block, entitled, reason, recused,
                     recusal_ground, casting)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count),
     b AS (SELECT *, row_number() OVER (ORDER BY number) - 1 AS place FROM roll_block
           WHERE vote_id = :vote AND NOT recused)
SELECT :vote, 'X' || i, 'Organisation ' || i, kind, college, category, weight, number, true, '', false, '', false
FROM n JOIN b ON b.place = n.i % (SELECT count(*) FROM b)
"""
LONGER_BLOCKS = """
UPDATE roll_block SET electors = (
    SELECT count(*) FROM elector WHERE elector.vote_id = roll_block.vote_id AND elector.block = roll_block.number
) WHERE vote_id = :vote
"""
MORE_BALLOTS = """
INSERT INTO ballot (elector_id, vote_id, block, choice, cast_at, user_id, salt, receipt)
SELECT id, vote_id, block, CASE id % 10 WHEN 0 THEN 'abstain' WHEN 1 THEN 'no' WHEN 2 THEN 'no' ELSE 'yes' END, :now,
       id + 100000000, '0123456789abcdef0123456789abcdef', '0123-4567-89AB-CDEF'
FROM elector WHERE vote_id = :vote AND code LIKE 'X%'
"""
MORE_ENTRIES = """
INSERT INTO audit_entry (at, user_id, hat, actor_name, action, object_kind, object_id, payload, mac)
SELECT cast_at, user_id, 'member:1', 'Delegate', 'ballot.stored', 'vote', CAST(vote_id AS TEXT), :payload, :payload
FROM ballot WHERE vote_id = :vote AND user_id > 100000000
"""
PAYLOAD = b"x" * 450
TYPES: dict[str, Any] = {"vote": Integer(), "count": Integer(), "now": Instant(), "payload": LargeBinary()}


@dataclass
class World:
    """A cluster with one assembly, one rule and somebody of the secretariat."""

    categories: list[int]
    profile: int
    staff: Person
    actor: Actor
    members: int = 0


def found_world() -> World:
    """The cluster before its first member; commits."""
    db.session.add(Cluster(id=1, name="Bench cluster", zone="Europe/Lisbon", currency="EUR"))
    colleges = [College(code=f"C{n}", name=f"College {n}") for n in range(COLLEGES)]
    db.session.add_all(colleges)
    db.session.flush()
    categories = [
        Category(code=f"K{n}", name=f"Category {n}", college_id=colleges[n % COLLEGES].id) for n in range(CATEGORIES)
    ]
    assembly = Body(code="GA", name="General assembly", kind=BodyKind.ASSEMBLY)
    db.session.add_all([*categories, assembly])
    db.session.flush()
    staff = _people(1, "Secretary", [{"kind": HatKind.STAFF, "role": Role.SECRETARIAT, "title": "Secretariat"}])[0]
    actor = Actor(staff.user_id, "Secretary 1", HatKind.STAFF, "staff", "Secretariat", frozenset({Role.SECRETARIAT}))
    profile = actions.adopt_profile(
        actor,
        code="bench",
        name="Two thirds",
        body=assembly,
        rule=RULE,
        counting="heads",
        opening_days=14,
        review_days=15,
        source="Statutes, article 1",
        in_force_from=SINCE,
    )
    key = profile.id
    db.session.commit()
    return World([category.id for category in categories], key, staff, actor)


def add_members(world: World, count: int) -> list[Person]:
    """``count`` members with one signed-in delegate each; commits."""
    first = world.members + 1
    world.members += count
    rows = [
        {
            "code": f"M{number:07}",
            "name": f"Organisation {number}",
            "category_id": world.categories[number % CATEGORIES],
            "status": MemberStatus.ACTIVE,
            "joined_on": SINCE,
        }
        for number in range(first, first + count)
    ]
    ids = _insert(Member, rows)
    people = _people(first, "Delegate", [{"kind": HatKind.MEMBER, "role": Role.DELEGATE, "member_id": i} for i in ids])
    db.session.commit()
    return people


def open_vote(world: World, title: str) -> int:
    """A vote of the assembly on a new motion, open for thirty days; its key. Commits."""
    motion = actions.draft_motion(world.actor, title=title, text="The assembly decides.", mover="Board", subjects=[])
    vote: Vote = actions.prepare_vote(world.actor, motion, get_profile(world.profile))
    actions.open_vote(world.actor, vote, closes_at=clock.now() + timedelta(days=30))
    key = vote.id
    db.session.commit()
    return key


def store_ballots(vote: int, count: int, *, logged: bool = True) -> None:
    """``count`` more electors on the roll of ``vote``, each with a ballot and, when ``logged``, a log entry; commits.

    The log entries are the right size and otherwise meaningless: nothing here verifies them.
    """
    values = {"vote": vote, "count": count, "now": clock.now(), "payload": PAYLOAD}
    steps = [MORE_ELECTORS, LONGER_BLOCKS, MORE_BALLOTS, *([MORE_ENTRIES] if logged else [])]
    for step in steps:
        asked = text(step)
        typed = [bindparam(name, type_=kind) for name, kind in TYPES.items() if f":{name}" in step]
        db.session.execute(asked.bindparams(*typed), {name: values[name] for name in TYPES if f":{name}" in step})
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def _people(first: int, name: str, posts: Sequence[dict[str, Any]]) -> list[Person]:
    """People with one appointment and one session each, numbered from ``first``."""
    now = clock.now()
    users = _insert(
        User,
        [
            {"name": f"{name} {n}", "email": f"{name.lower()}{n}@example.org", "created_at": now}
            for n in range(first, first + len(posts))
        ],
    )
    held = {"valid_from": SINCE, "recorded_at": now}
    _insert(Appointment, [post | held | {"user_id": user} for user, post in zip(users, posts, strict=True)])
    return sign_in(users)


def sign_in(users: Sequence[int]) -> list[Person]:
    """A session of thirty days for each; commits nothing."""
    now = clock.now()
    people = [Person(user, new_token()) for user in users]
    session = {"created_at": now, "expires_at": now + timedelta(days=30), "method": "password"}
    _insert(SignInSession, [session | {"token_hash": token_hash(p.token), "user_id": p.user_id} for p in people])
    return people


def _insert(model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert many rows at once; their keys in the same order."""
    if not rows:
        return []
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))
