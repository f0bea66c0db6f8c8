"""Keyset paging: the next page starts after the last row shown, so its cost does not grow with the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from flask import request
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from govern.web.access import LARGEST_KEY

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; ``older`` and ``newer`` are the cursors of the neighbours, None where there is none."""

    rows: Sequence[Any]
    older: str | None
    newer: str | None


def _cursor(text: str) -> int:
    """A key out of the address, never beyond what the database can compare with."""
    return max(-1, min(int(text), LARGEST_KEY))


def keyset(
    statement: Select[Any], column: InstrumentedAttribute[int], *, size: int = PAGE_SIZE
) -> tuple[Select[Any], bool]:
    """Order ``statement`` by ``column`` descending, cut at the request's cursor (``?before=ID`` or ``?after=ID``).

    Returns the statement (asking for one row more than ``size``) and whether it runs backwards.
    """
    before, after = request.args.get("before", type=_cursor), request.args.get("after", type=_cursor)
    if after is not None:
        return statement.where(column > after).order_by(None).order_by(column.asc()).limit(size + 1), True
    if before is not None:
        statement = statement.where(column < before)
    return statement.order_by(None).order_by(column.desc()).limit(size + 1), False


def cut(rows: Sequence[Any], *, backwards: bool, size: int = PAGE_SIZE, key: str = "id") -> Page:
    """The page out of the rows ``keyset`` asked for; ``key`` may be a path such as ``Decision.id``."""
    more, kept = len(rows) > size, list(rows[:size])
    if backwards:
        kept.reverse()
    read = attrgetter(key)
    first, last = (str(read(kept[0])), str(read(kept[-1]))) if kept else (None, None)
    came = request.args.get("before") is not None
    return Page(kept, last if (backwards or more) else None, first if (more if backwards else came) else None)
