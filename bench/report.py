"""The table on the terminal, and bench/RESULTS.md."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from bench.figures import Row

RESULTS = Path(__file__).parent / "RESULTS.md"
TEN, HUNDRED = 10, 100
HEADINGS = ("what", "value", "target", "verdict", "beside", "detail")
SIGNS = {"at least": ">= ", "at most": "<= ", "equal": "= ", "shown": ""}
INTRODUCTION = """# What Govern costs

Written by `python3 run.py bench`; do not edit. Absolute figures do not travel from one machine to another, so every row
stands beside its floor: the least the same machine needs in the same run, in the same processes. The floor of a page
is a bare Flask route that says hello; the floor of a ballot is a bare Flask route that stores one row durably through
the raw driver, as fast as that can honestly be done (`bench/floor.py` says how writers queue). Ratios are medians of
three repetitions in which floor and application take turns.

16 connections ask as fast as they are answered; every ballot is cast by an elector of its own with a session cookie and
a form token of its own, and later changed by the same elector. Whatever else the machine did then is in the figures.
"""


def number(value: float, unit: str) -> str:
    """A figure with as many digits as say something."""
    digits = 0 if value == int(value) or abs(value) >= HUNDRED else 2 if abs(value) < TEN else 1
    return f"{value:,.{digits}f}{f' {unit}' if unit else ''}"


def cells(row: Row) -> tuple[str, ...]:
    """The texts of one line."""
    target = "" if row.sense == "shown" else SIGNS[row.sense] + number(row.target, row.unit)
    return (row.name, number(row.value, row.unit), target, row.verdict, row.floor, row.detail)


def table(rows: Sequence[Row]) -> str:
    """For the terminal: columns of even width, one block for each group."""
    texts = [cells(row) for row in rows]
    widths = [max(len(text[column]) for text in [*texts, HEADINGS]) for column in range(4)]
    lines = []
    for group, members in groupby(rows, key=lambda row: row.group):
        lines += ["", group]
        for row in members:
            shown = cells(row)
            columns = [text.ljust(width) for text, width in zip(shown[:4], widths, strict=True)]
            lines.append("  ".join(["", *columns, "; ".join(text for text in shown[4:] if text)]).rstrip())
    return "\n".join(lines)


def write(rows: Sequence[Row], facts: Mapping[str, str], when: str) -> None:
    """Write RESULTS.md; ``when`` is the day."""
    parts = [INTRODUCTION, f"\nTaken on {when}.\n"]
    parts += [f"\n- {label}: {value}" for label, value in facts.items()]
    missed = [row for row in rows if row.met is False]
    judged = sum(row.met is not None for row in rows)
    parts.append(f"\n\n{judged - len(missed)} of {judged} targets met.\n")
    for group, members in groupby(rows, key=lambda row: row.group):
        parts.append(f"\n## {group}\n\n| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}\n")
        parts += [f"| {' | '.join(cells(row))} |\n" for row in members]
    RESULTS.write_text("".join(parts))
