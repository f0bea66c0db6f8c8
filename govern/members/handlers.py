"""What the pages of members show of dues, which lie above this area: govern.areas hands the readers in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from govern.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class DuesReader:
    """Readers of dues: a member's standing on a day, who is late on a day, the invoices and payments an actor may see.

    A standing has good, days_overdue, owed_minor, overdue_minor, credit_minor, reason, way_out; a late one
    days_overdue, overdue_minor, suspended.
    """

    standing_of: Callable[[int, date], Any]
    list_late: Callable[[date], Mapping[int, Any]]
    list_invoices: Callable[[Actor, int], Sequence[Any]]
    list_payments: Callable[[Actor, int], Sequence[Any]]


_readers: list[DuesReader] = []


def show_dues(reader: DuesReader) -> None:
    """Let the pages of members read dues through ``reader``."""
    _readers[:] = [reader]


def find_dues() -> DuesReader | None:
    """The reader handed in, or None in an installation without dues."""
    return _readers[0] if _readers else None
