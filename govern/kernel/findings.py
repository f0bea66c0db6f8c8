"""What a self-check of the record found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: its ``name`` for people, the ``count`` of things looked at, one sentence per fault.

    A fault says which row, what is wrong with it, and what to do where there is something to do.
    """

    name: str
    count: int
    faults: Sequence[str] = ()


Check = Callable[[], Finding]
"""A self-check reads the database and changes nothing. govern.areas lists all of them in CHECKS."""
