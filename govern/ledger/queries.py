"""Balances, derived from posted legs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from govern.extensions import db
from govern.kernel.errors import NotFoundError
from govern.ledger.models import Account, Entry, Leg
from govern.ledger.rules import FEWEST_LEGS, AccountKind, LegDraft

# The row types are offered here for annotations above; the tables themselves stay private to this area.
__all__ = ["Account", "Entry", "Leg"]


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
