"""The demo story, and as many more rows as wanted of everything that some page lists."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import insert, select

from bench.browser import Person
from bench.material import sign_in
from govern.accounts.models import Appointment, User
from govern.audit.models import AuditEntry
from govern.demo.seed import seed_demo
from govern.dues.models import Assessment, Instalment, Invoice, Payment
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM, HatKind, Role
from govern.ledger.actions import post_entry
from govern.ledger.rules import BANK, RECEIVABLES, LegDraft
from govern.meetings.models import AgendaItem, Meeting
from govern.members.models import Member
from govern.reviews.models import Review
from govern.tasks.models import Task, TaskEvent
from govern.votes.models import Decision, Motion, Vote

PERSONAS = {
    "secretariat": (HatKind.STAFF, Role.SECRETARIAT),
    "delegate": (HatKind.MEMBER, Role.DELEGATE),
    "liaison": (HatKind.LIAISON, Role.LIAISON),
    "treasurer": (HatKind.OFFICE, Role.TREASURER),
}
Each = Callable[[int], Any]


@dataclass
class Story:
    """The demo with people of several roles signed in; ``rows`` more of everything have been added so far."""

    people: dict[str, Person] = field(default_factory=dict)
    rows: int = 0

    def grow(self, rows: int) -> None:
        """Add until there are ``rows`` more of everything than the story has; commits."""
        first, count = self.rows + 1, rows - self.rows
        self.rows = rows
        _add(first, count)
        db.session.commit()


def tell() -> Story:
    """Seed the demo and sign one person of each role in; commits."""
    seed_demo()
    story = Story()
    for name, (kind, role) in PERSONAS.items():
        wanted = select(Appointment.user_id).where(Appointment.kind == kind, Appointment.role == role)
        user = db.session.scalars(wanted.order_by(Appointment.id).limit(1)).one()
        story.people[name] = sign_in([user])[0]
    db.session.commit()
    return story


def _add(first: int, count: int) -> None:
    numbers = range(first, first + count)
    members = _copies(Member, numbers, code=lambda n: f"B{n:05}", name=lambda n: f"Further member {n}")
    users = _copies(User, numbers, email=lambda n: f"further{n}@example.org", name=lambda n: f"Further person {n}")
    of = {name: dict(zip(numbers, keys, strict=True)) for name, keys in (("member", members), ("user", users))}
    role = select(Appointment).where(Appointment.kind == HatKind.MEMBER, Appointment.role == Role.DELEGATE)
    _copies(Appointment, numbers, role, user_id=of["user"].get, member_id=of["member"].get)
    motions = dict(zip(numbers, _copies(Motion, numbers, title=lambda n: f"Further motion {n}"), strict=True))
    decided = select(Vote).join(Decision, Decision.vote_id == Vote.id)
    votes = dict(zip(numbers, _copies(Vote, numbers, decided, motion_id=motions.get), strict=True))
    decisions = _copies(
        Decision,
        numbers,
        number=lambda n: f"1990-{n:04}",
        year=lambda _n: 1990,
        sequence=lambda n: n,
        vote_id=votes.get,
        title=lambda n: f"Further decision {n}",
    )
    _copies(Review, numbers, decision_id=dict(zip(numbers, decisions, strict=True)).get)
    own = db.session.scalars(select(Member.id).order_by(Member.id).limit(1)).one()
    tasks = _copies(Task, numbers, title=lambda n: f"Further task {n}", member_id=lambda n: own if n % 2 else None)
    _copies(TaskEvent, numbers, task_id=dict(zip(numbers, tasks, strict=True)).get)
    meetings = _copies(Meeting, numbers, title=lambda n: f"Further meeting {n}")
    _copies(AgendaItem, numbers, meeting_id=dict(zip(numbers, meetings, strict=True)).get, vote_id=lambda _n: None)
    _books(numbers, of["member"])
    _copies(AuditEntry, numbers, payload=lambda n: f"{n} {token_hex(16)}".encode())


def _books(numbers: range, member_of: dict[int, int]) -> None:
    """An assessment, an invoice in one part and a payment for each further member, booked."""
    like = db.session.scalars(select(Invoice).order_by(Invoice.id).limit(1)).one()
    year, currency, minor, day = like.fiscal_year, like.currency, like.amount_minor, like.issued_on
    entries = {n: _booked(member_of[n], minor, currency) for n in numbers}
    _copies(Assessment, numbers, member_id=member_of.get, year=lambda _n: year)
    invoices = _copies(
        Invoice,
        numbers,
        number=lambda n: f"B-{n:05}",
        sequence=lambda n: 100_000 + n,
        member_id=member_of.get,
        entry_id=entries.get,
    )
    _copies(Instalment, numbers, invoice_id=dict(zip(numbers, invoices, strict=True)).get)
    _copies(Payment, numbers, member_id=member_of.get, entry_id=entries.get, received_on=lambda _n: day)


def _booked(member: int, minor: int, currency: str) -> int:
    legs = [LegDraft(BANK, minor), LegDraft(RECEIVABLES, -minor, member)]
    day = (clock.now() - timedelta(days=30)).date()
    return post_entry(SYSTEM, booked_on=day, text="Further", source="bench", currency=currency, legs=legs).id


def _copies(model: Any, numbers: range, like: Any = None, **each: Each) -> list[int]:
    """Rows like the first one of ``like`` (of the table by default) but for the columns in ``each``; their keys."""
    mapper: Any = model.__mapper__
    key = mapper.primary_key[0].name
    wanted: Any = select(model) if like is None else like
    found = db.session.scalars(wanted.order_by(getattr(model, key)).limit(1)).one()
    same = {column.key: getattr(found, column.key) for column in mapper.column_attrs if column.key != key}
    rows = [same | {name: make(n) for name, make in each.items()} for n in numbers]
    if not rows:
        return []
    statement = insert(model).returning(getattr(model, key), sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))
