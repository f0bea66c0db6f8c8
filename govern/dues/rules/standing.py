"""What is open, how late it is, and whether the member may vote. Pure functions of the facts and the day.

Sources: domain.md 5.2 (suspension after 90 days overdue), F04a, and dues-and-ledger.md (payments settle the oldest due
first, whatever order they were recorded in). Amounts in minor units of ``currency``; days are the cluster's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from govern.dues.rules.assessment import day_text, grouped
from govern.kernel.errors import RuleBrokenError

DAYS_TO_PAY = 30
"""An invoice issued too late for the tariff's due day is due this many days after its issue."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


class InvoiceState(StrEnum):
    """State of an invoice on a day, derived."""

    OPEN = "open"
    PART_PAID = "part_paid"
    OVERDUE = "overdue"
    PAID = "paid"
    CANCELLED = "cancelled"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class Policy:
    """After more than so many days overdue the vote is suspended, and later exclusion is proposed."""

    currency: str
    suspend_after_days: int = 90
    exclude_after_days: int = 180


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment of a live invoice; ``what`` names it in a sentence ("second 2026 instalment")."""

    what: str
    due_on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands on a day. ``good``: it may vote as far as dues go.

    ``owed_minor``: everything invoiced and unpaid; ``overdue_minor``: the part whose day has passed; ``credit_minor``:
    what was paid too much. ``reason`` and ``way_out`` are sentences to the member.
    """

    good: bool
    days_overdue: int
    owed_minor: int
    overdue_minor: int
    reason: str
    way_out: str
    credit_minor: int = 0


NOTHING_OWED = Standing(good=True, days_overdue=0, owed_minor=0, overdue_minor=0, reason="Nothing is owed.", way_out="")


def label_of(kind: str, fiscal_year: int, position: int, count: int) -> str:
    """How a sentence names an instalment: ``second 2026 instalment``, ``2026 dues``, ``joining fee``."""
    joining = kind == "joining"
    if count == 1:
        return "joining fee" if joining else f"{fiscal_year} dues"
    nth = ORDINALS[position - 1] if position <= len(ORDINALS) else f"{position}th"
    return f"{nth} instalment of the joining fee" if joining else f"{nth} {fiscal_year} instalment"


def allocate(amounts: Sequence[int], paid_minor: int) -> list[int]:
    """What of ``paid_minor`` falls on each of ``amounts``, which stand in the order of their due days."""
    parts = []
    for amount in amounts:
        part = min(amount, paid_minor)
        parts.append(part)
        paid_minor -= part
    return parts


def standing(dues: Sequence[Due], paid_minor: int, policy: Policy, on: date) -> Standing:
    """Standing on ``on`` from everything invoiced and everything paid until then.

    Payments settle the oldest due day first; days overdue count from the due day of the oldest unpaid instalment.
    """
    ordered = sorted(dues, key=lambda due: due.due_on)
    parts = allocate([due.amount_minor for due in ordered], paid_minor)
    unpaid = [
        (due, due.amount_minor - part) for due, part in zip(ordered, parts, strict=True) if due.amount_minor > part
    ]
    credit = paid_minor - sum(parts)
    if not unpaid:
        return NOTHING_OWED if credit == 0 else _in_credit(credit, policy)
    oldest, open_minor = unpaid[0]
    days = max(0, (on - oldest.due_on).days)
    overdue = sum(open_minor for due, open_minor in unpaid if due.due_on < on)
    return Standing(
        good=days <= policy.suspend_after_days,
        days_overdue=days,
        owed_minor=sum(open_minor for _due, open_minor in unpaid),
        overdue_minor=overdue,
        reason=_reason(oldest, open_minor, policy, on),
        way_out=_way_out(oldest, overdue, policy, on),
    )


def _in_credit(credit: int, policy: Policy) -> Standing:
    reason = f"Nothing is owed; {_money(credit, policy)} was paid in advance and goes to the next invoice."
    return Standing(
        good=True, days_overdue=0, owed_minor=0, overdue_minor=0, reason=reason, way_out="", credit_minor=credit
    )


def _reason(oldest: Due, open_minor: int, policy: Policy, on: date) -> str:
    what = f"The {oldest.what} of {_money(oldest.amount_minor, policy)}"
    days = (on - oldest.due_on).days
    if days <= 0:
        return f"{what} is due {'today' if days == 0 else f'on {day_text(oldest.due_on)}'}."
    rest = "" if open_minor == oldest.amount_minor else f", {_money(open_minor, policy)} of it still open,"
    late = f"{what}{rest} is {days} {'day' if days == 1 else 'days'} late"
    limit = policy.suspend_after_days
    return f"{late}, and the vote is suspended after more than {limit} days." if days > limit else f"{late}."


def _way_out(oldest: Due, overdue_minor: int, policy: Policy, on: date) -> str:
    if oldest.due_on >= on:
        return ""
    pay = f"Pay {_money(overdue_minor, policy)} or ask the secretariat for a payment plan"
    last = oldest.due_on + timedelta(days=policy.suspend_after_days)
    if on > last:
        return f"{pay}; the right to vote returns the day the payment is recorded."
    return f"{pay} by {day_text(last)}; after that day the vote is suspended."


def _money(minor: int, policy: Policy) -> str:
    return f"{policy.currency} {grouped(minor, policy.currency)}"


def due_day(year: int, month: int, day: int, issued_on: date) -> date:
    """The tariff's due day in ``year``, or 30 days after an issue that comes too late for it."""
    return max(date(year, month, day), issued_on + timedelta(days=DAYS_TO_PAY))


def check_instalments(parts: Sequence[tuple[date, int]], amount_minor: int, issued_on: date) -> None:
    """The parts of an invoice are positive, fall due in order, none before the issue, and sum to the invoice."""
    if not parts or any(minor <= 0 for _day, minor in parts):
        raise RuleBrokenError("Every instalment asks for an amount above 0.")
    days = [day for day, _minor in parts]
    if days != sorted(days):
        raise RuleBrokenError("Instalments fall due one after the other.")
    if days[0] < issued_on:
        raise RuleBrokenError(f"No instalment falls due before {day_text(issued_on)}, the day it is agreed.")
    if (total := sum(minor for _day, minor in parts)) != amount_minor:
        raise RuleBrokenError(f"The instalments sum to {total}, the invoice asks for {amount_minor} minor units.")


def state_of(amount_minor: int, paid_minor: int, overdue_minor: int) -> InvoiceState:
    """State of a live invoice from what of it is paid and what is past its day."""
    if paid_minor >= amount_minor:
        return InvoiceState.PAID
    if overdue_minor > 0:
        return InvoiceState.OVERDUE
    return InvoiceState.PART_PAID if paid_minor else InvoiceState.OPEN
