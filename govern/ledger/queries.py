"""Balances, derived from posted legs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select

from govern.audit.queries.invariants import missing_triggers
from govern.extensions import db
from govern.kernel.errors import NotFoundError
from govern.kernel.findings import Finding
from govern.ledger.models import Account, Entry, Leg
from govern.ledger.rules import FEWEST_LEGS, AccountKind, LegDraft
from govern.members.queries import member_card

# The row types are offered here for annotations above; the tables themselves stay private to this area.
__all__ = ["Account", "Entry", "Leg"]

TRIGGERS_SQLITE = (
    "entry_begins_unposted",
    "entry_no_replace",
    "entry_no_update",
    "entry_balances",
    "entry_no_delete",
    "leg_is_whole",
    "leg_no_addition",
    "leg_no_replace",
    "leg_no_update",
    "leg_no_delete",
    "invoice_no_replace",
    "invoice_no_update",
    "invoice_no_delete",
)
TRIGGERS_POSTGRESQL = (
    "entry_kept",
    "entry_no_truncate",
    "leg_kept",
    "leg_no_truncate",
    "invoice_kept",
    "invoice_no_truncate",
)
"""The triggers of migration 0003, each named after the table it stands on."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums of an account in one currency, minor units; ``balance`` = ``debit`` - ``credit``."""

    code: str
    name: str
    kind: AccountKind
    currency: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        """Positive when debits prevail."""
        return self.debit - self.credit


def get_entry(entry_id: int) -> Entry:
    """The entry, or NotFoundError."""
    found = db.session.get(Entry, entry_id)
    if found is None:
        raise NotFoundError
    return found


def get_account(code: str) -> Account:
    """The account, or NotFoundError."""
    found = db.session.get(Account, code)
    if found is None:
        raise NotFoundError
    return found


def _posted(until: date | None) -> ColumnElement[bool]:
    joined = and_(Entry.id == Leg.entry_id, Entry.posted.is_(True))
    return joined if until is None else and_(joined, Entry.booked_on <= until)


def balance_of(account: str, *, member_id: int | None = None, until: date | None = None) -> int:
    """Debits minus credits of an account in minor units, of one member if given, up to and including ``until``."""
    statement = select(func.coalesce(func.sum(Leg.minor), 0)).join(Entry, _posted(until))
    statement = statement.where(Leg.account_code == account)
    if member_id is not None:
        statement = statement.where(Leg.member_id == member_id)
    return int(db.session.scalars(statement).one())


def balances_by_member(account: str) -> dict[int, int]:
    """Debits minus credits of an account for each member that has legs there."""
    statement = (
        select(Leg.member_id, func.sum(Leg.minor))
        .join(Entry, _posted(None))
        .where(Leg.account_code == account, Leg.member_id.is_not(None))
        .group_by(Leg.member_id)
    )
    return {member_id: int(total) for member_id, total in db.session.execute(statement) if member_id is not None}


def trial_balance(until: date | None = None) -> Sequence[Balance]:
    """Every account that was booked on, by code; the balances of a currency sum to 0."""
    statement = (
        select(
            Account.code,
            Account.name,
            Account.kind,
            Leg.currency,
            func.sum(case((Leg.minor > 0, Leg.minor), else_=0)),
            func.sum(case((Leg.minor < 0, -Leg.minor), else_=0)),
        )
        .join(Leg, Leg.account_code == Account.code)
        .join(Entry, _posted(until))
        .group_by(Account.code, Account.name, Account.kind, Leg.currency)
        .order_by(Account.code, Leg.currency)
    )
    return [
        Balance(code, name, AccountKind(kind), currency, int(debit), int(credit))
        for code, name, kind, currency, debit, credit in db.session.execute(statement)
    ]


def legs_of(entry: Entry) -> list[LegDraft]:
    """The sides of an entry, debits first as they were written."""
    rows = db.session.scalars(select(Leg).where(Leg.entry_id == entry.id).order_by(Leg.id))
    return [LegDraft(leg.account_code, leg.minor, leg.member_id) for leg in rows]


def select_legs(account: Account) -> Select[Any]:
    """Posted legs of an account with their entries and members, to be ordered and cut by the caller."""
    return (
        select(
            Leg.id,
            Leg.entry_id,
            Leg.minor,
            Leg.currency,
            Entry.booked_on,
            Entry.text,
            member_card.c.name.label("member_name"),
        )
        .join(Entry, _posted(None))
        .outerjoin(member_card, member_card.c.id == Leg.member_id)
        .where(Leg.account_code == account.code)
    )


def run(statement: Select[Any]) -> Sequence[Row[Any]]:
    """Rows of a statement made here and cut to a page by the caller."""
    return db.session.execute(statement).all()


def list_legs(entry: Entry) -> Sequence[Row[Any]]:
    """Both sides of an entry with the names of account and member, as they were written."""
    statement = (
        select(
            Leg.account_code,
            Account.name.label("account_name"),
            Leg.member_id,
            member_card.c.name.label("member_name"),
            Leg.minor,
            Leg.currency,
        )
        .join(Account, Account.code == Leg.account_code)
        .outerjoin(member_card, member_card.c.id == Leg.member_id)
        .where(Leg.entry_id == entry.id)
        .order_by(Leg.id)
    )
    return db.session.execute(statement).all()


def find_reversal(entry: Entry) -> int | None:
    """The number of the entry that reverses this one, or None."""
    return db.session.scalar(select(Entry.id).where(Entry.reverses_id == entry.id))


def select_unbalanced() -> Select[int, str, int]:
    """Posted entries whose legs do not sum to 0 or are fewer than two; the triggers keep this empty."""
    return (
        select(Entry.id, func.coalesce(Leg.currency, ""), func.coalesce(func.sum(Leg.minor), 0))
        .outerjoin(Leg, Leg.entry_id == Entry.id)
        .where(Entry.posted.is_(True))
        .group_by(Entry.id, Leg.currency)
        .having((func.coalesce(func.sum(Leg.minor), 0) != 0) | (func.count(Leg.id) < FEWEST_LEGS))
        .order_by(Entry.id)
    )


def check_books() -> Finding:
    """Every posted entry balances, no written one is left unposted, and the balances of a currency sum to 0."""
    faults = [
        f"Entry {entry_id} does not balance in {currency}: its legs sum to {total}."
        for entry_id, currency, total in db.session.execute(select_unbalanced())
    ]
    unposted = db.session.scalars(select(Entry.id).where(Entry.posted.is_(False)).order_by(Entry.id))
    faults += [f"Entry {entry_id} was written and never posted." for entry_id in unposted]
    sums: Counter[str] = Counter()
    for row in trial_balance():
        sums[row.currency] += row.balance
    faults += [f"The trial balance in {currency} is {total}, not 0." for currency, total in sums.items() if total]
    count = db.session.scalars(select(func.count(Entry.id))).one()
    return Finding("books: entries that balance, trial balance 0", count, tuple(faults))


def check_triggers() -> Finding:
    """The triggers that keep posted entries, their legs and invoices unchanged are there and refuse."""
    expected = TRIGGERS_SQLITE if db.engine.dialect.name == "sqlite" else TRIGGERS_POSTGRESQL
    names = {name: name.split("_", 1)[0] for name in expected}
    return Finding("books: triggers that refuse changes", len(names), missing_triggers(names))


CHECKS = (check_books, check_triggers)
"""What ``govern check`` verifies of the books."""
