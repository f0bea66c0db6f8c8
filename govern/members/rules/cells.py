"""What the headings and the cells of a member file mean. Pure.

Nothing is guessed: what cannot be read with certainty is refused with its field and why. An empty cell says nothing.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from govern.kernel.errors import InputError
from govern.members.rules.sheet import Cell

MOST_UNITS = 1_000_000
LONGEST = 300
MONTHS = 12
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "organisation",
        "organization",
        "member",
        "member name",
        "company",
        "company name",
        "institution",
        "organisation name",
        "organization name",
        "legal name",
        "entity",
    ),
    "code": (
        "code",
        "id",
        "no",
        "number",
        "member code",
        "member id",
        "member no",
        "member number",
        "membership number",
    ),
    "category": (
        "category",
        "tier",
        "type",
        "class",
        "level",
        "group",
        "membership",
        "membership type",
        "membership level",
        "membership tier",
        "member type",
        "category name",
    ),
    "joined_on": (
        "joined",
        "joined on",
        "join date",
        "date joined",
        "member since",
        "since",
        "start date",
        "start",
        "membership start",
        "entry date",
    ),
    "website": ("website", "web site", "web", "url", "homepage", "home page", "site"),
    "email": ("email", "e mail", "mail", "email address", "e mail address", "contact email"),
    "address": ("address", "postal address", "street address"),
    "country": ("country", "country code", "state country"),
    "public_body": ("public body", "public", "public sector", "public money"),
    "start_up": ("start up", "startup", "is start up", "is startup"),
    "needs_mandate": ("needs mandate", "needs council resolution", "council resolution"),
    "units": ("units", "unit count", "count", "beds", "licensed beds", "rooms", "employees", "staff", "headcount"),
    "year": ("year", "units year", "fiscal year"),
}
YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0", "-"})
TEXTS = ("name", "code", "category", "website", "email", "address", "country")
FLAGS = ("public_body", "start_up", "needs_mandate")
MEMBER_FIELDS = ("name", "joined_on", "website", "email", "address", "country", *FLAGS)


@dataclass(frozen=True, slots=True)
class Columns:
    """Field -> index of its column; headings that say nothing to us are left out of the import."""

    index: Mapping[str, int]
    ignored: tuple[str, ...]


def key_of(text: str) -> str:
    """How names are compared: letters and digits only, whatever their case, width or spacing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded.replace("_", " ")))


def recognise(headers: Sequence[str], given: Mapping[str, str]) -> Columns:
    """Which column holds which field: by its heading, or as ``given`` says (field -> heading, or heading -> field)."""
    wanted = _wanted(headers, given)
    index: dict[str, int] = {}
    ignored, faults = [], []
    for place, heading in enumerate(headers):
        name = wanted.get(key_of(heading)) or _meaning(heading, taken=set(wanted.values()))
        if name is None:
            ignored.append(heading or f"column {place + 1}")
        elif name in index:
            faults.append(
                f"The columns {headers[index[name]]!r} and {heading!r} both mean {name}. Say which with a map."
            )
        else:
            index[name] = place
    if "name" not in index:
        faults.append(
            'No column holds the name. Give it the heading "name", or say which one it is: {"name": "heading"}.'
        )
    if faults:
        raise InputError(faults)
    return Columns(index, tuple(ignored))


def _wanted(headers: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    known = {key_of(heading) for heading in headers}
    wanted, faults = {}, []
    for left, right in given.items():
        name, heading = (left, right) if left in HEADINGS else (right, left)
        if name not in HEADINGS:
            faults.append(f"The map names {left!r} and {right!r}; fields are {', '.join(HEADINGS)}.")
        elif key_of(heading) not in known:
            faults.append(f"The map names a column {heading!r} that the file does not have.")
        else:
            wanted[key_of(heading)] = name
    if faults:
        raise InputError(faults)
    return wanted


def _meaning(heading: str, taken: set[str]) -> str | None:
    key = key_of(heading)
    return next((name for name, words in HEADINGS.items() if key in words and name not in taken), None)


def understand(cells: Mapping[str, Cell]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Typed values of the cells that say something, and what could not be read as (field, why)."""
    values: dict[str, Any] = {}
    faults = []
    for name, cell in cells.items():
        if cell == "":
            continue
        try:
            values[name] = _read(name, cell)
        except InputError as fault:
            faults.append((name, str(fault)))
    return values, faults


def _read(name: str, cell: Cell) -> Any:
    if name == "joined_on":
        return cell if isinstance(cell, date) else read_day(cell)
    text = cell.isoformat() if isinstance(cell, date) else cell
    if name in FLAGS:
        return _read_flag(text)
    if name in {"units", "year"}:
        return _read_count(text, 1900 if name == "year" else 0, 2200 if name == "year" else MOST_UNITS)
    if len(text) > LONGEST:
        raise InputError(f"longer than {LONGEST} characters")
    return text


def _read_flag(text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise InputError(f"{text!r} is neither yes nor no")
    return word in YES


def _read_count(text: str, least: int, most: int) -> int:
    digits = text.replace(" ", "").replace(",", "") if re.fullmatch(r"\d{1,3}([ ,]\d{3})*", text) else text
    if not digits.isascii() or not digits.isdigit() or not least <= int(digits) <= most:
        raise InputError(f"{text!r} is not a whole number from {least} to {most:,}")
    return int(digits)


def read_day(text: str) -> date:
    """A day written 2026-05-31, 2026/05/31, 31.05.2026 or 31/05/2026; InputError when it could be two days."""
    head = text.split("T", 1)[0].split(" ", 1)[0]
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(head, pattern).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    parts = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", head)
    if parts is None:
        raise InputError(f"{text!r} is not a day. Write it as 2026-05-31.")
    low, high = sorted((int(parts[1]), int(parts[2])))
    if low != high <= MONTHS:
        raise InputError(f"{text!r} can mean two days. Write it as 2026-05-31.")
    try:
        return date(int(parts[3]), low, high)
    except ValueError:
        raise InputError(f"{text!r} is not a day. Write it as 2026-05-31.") from None
