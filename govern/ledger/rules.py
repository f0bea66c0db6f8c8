"""The chart of accounts and what a balanced entry is. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from govern.kernel.actor import Actor, Role
from govern.kernel.errors import RuleBrokenError

FEWEST_LEGS = 2


class AccountKind(StrEnum):
    """What an account holds; assets and expenses grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"
    EQUITY = "equity"


BANK = "1000"
RECEIVABLES = "1100"
PREPAYMENTS = "2100"
DUES_INCOME = "4000"
JOINING_FEES = "4100"
CHART = (
    (BANK, "Bank", AccountKind.ASSET),
    (RECEIVABLES, "Receivables from members", AccountKind.ASSET),
    (PREPAYMENTS, "Prepayments by members", AccountKind.LIABILITY),
    (DUES_INCOME, "Dues", AccountKind.INCOME),
    (JOINING_FEES, "Joining fees", AccountKind.INCOME),
)
"""The accounts dues need; (code, name, kind). Receivables and prepayments are kept per member."""


@dataclass(frozen=True, slots=True)
class LegDraft:
    """One side of an entry to be written: debit positive, credit negative, in minor units."""

    account: str
    minor: int
    member_id: int | None = None


def check_balanced(legs: Sequence[LegDraft]) -> None:
    """At least two legs, none of them 0, their sum 0. The database checks the same again when the entry is posted."""
    if len(legs) < FEWEST_LEGS:
        raise RuleBrokenError("An entry needs at least two legs.")
    if any(leg.minor == 0 for leg in legs):
        raise RuleBrokenError("A leg of 0 books nothing.")
    if total := sum(leg.minor for leg in legs):
        raise RuleBrokenError(f"The legs do not balance: their sum is {total}, not 0.")


def opposite(legs: Sequence[LegDraft]) -> list[LegDraft]:
    """The legs that undo ``legs``."""
    return [LegDraft(leg.account, -leg.minor, leg.member_id) for leg in legs]


def sums_by_account(legs: Sequence[LegDraft]) -> dict[str, int]:
    """Net amount of each account touched."""
    sums: Counter[str] = Counter()
    for leg in legs:
        sums[leg.account] += leg.minor
    return dict(sums)


def may_read_books(actor: Actor, *_objects: object) -> bool:
    """The books are read by the secretariat, the treasurer and the auditors (domain.md 6.4)."""
    return actor.is_staff or actor.has(Role.TREASURER, Role.AUDITOR)
