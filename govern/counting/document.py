"""Reads a JSON file strictly, and its elements with a name for each, so that every fault can be placed."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from govern.counting.errors import Faults, refuse
from govern.counting.numbers import (
    MOST_DIGITS,
    InexactNumber,
    NumberFormatError,
    kind_of,
    parse_number,
    parse_whole,
    shorten,
)

MOST_BYTES = 1 << 30
LONGEST_NAME = 500
REQUIRED: Any = object()


def read_bytes(path: str) -> bytes:
    """Return the content of the file at `path`; refuse what cannot be opened, is empty or is larger than 1 GiB."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the name is not a file name"
        raise refuse(path, "", f"cannot be read ({why})", "Check the name and that you may read it.") from error
    if len(data) > MOST_BYTES:
        raise refuse(path, "", "is larger than 1 GiB", "Group identical ballots with a count.")
    if not data.strip():
        raise refuse(path, "", "is empty", "Check that it was written to the end.")
    return data


def decode(data: bytes, file: str) -> str:
    """Return `data` as text; UTF-8 only, a byte order mark is allowed."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse(
            file, f"line {line}", f"byte {error.start} is not valid UTF-8", "Save the file as UTF-8."
        ) from error


def name_fault(text: str) -> str | None:
    """Say what makes `text` unfit as a name (``is ...``), or None: empty, too long, control or broken characters."""
    if not text.strip():
        return "is empty"
    if len(text) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if text.isprintable():
        return None
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        return f"is {shorten(text)}, with control characters or broken characters in it"
    return None


class _Doubled(dict[str, Any]):
    """An object in which a key stood more than once."""

    doubled: tuple[str, ...] = ()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    seen: set[str] = set()
    found = _Doubled(plain)
    found.doubled = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value] # set.add is None: "first time"
    return found


def _integer(text: str) -> int | InexactNumber:
    return InexactNumber(text) if len(text.lstrip("-")) > MOST_DIGITS else int(text)


def parse_json(data: bytes, file: str) -> dict[str, Any]:
    """Return the one object in `data`; refuse broken JSON, doubled keys, deep nesting and anything but an object.

    Numbers that are not integers of reasonable size come back as `InexactNumber`: whoever reads the element names it.
    """
    text = decode(data, file)
    try:
        value = json.loads(
            text, object_pairs_hook=_pairs, parse_int=_integer, parse_float=InexactNumber, parse_constant=InexactNumber
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise refuse(file, where, f"is not JSON ({error.msg})", "Check that the file is complete.") from error
    except RecursionError as error:
        raise refuse(file, "", "is nested too deeply", "Write it as the format says: a few levels.") from error
    if not isinstance(value, dict):
        raise refuse(file, "", f"holds {kind_of(value)}, not an object", 'Begin it with {"format": ...}.')
    faults = Faults(file)
    _find_doubled(value, faults)
    faults.check()
    return value


def _find_doubled(value: dict[str, Any], faults: Faults) -> None:
    pending: list[tuple[str, Any]] = [("", value)]
    while pending:
        where, element = pending.pop()
        if isinstance(element, dict):
            if isinstance(element, _Doubled):
                for key in element.doubled:
                    faults.add(join(where, key), "stands there more than once", "Keep one of them.")
            pending.extend(
                (join(where, key), inner) for key, inner in element.items() if isinstance(inner, dict | list)
            )
        else:
            pending.extend(
                (f"{where}[{n}]", inner) for n, inner in enumerate(element) if isinstance(inner, dict | list)
            )


def join(where: str, key: str) -> str:
    """Return the place of `key` inside the element at `where`."""
    shown = key if key.isidentifier() and len(key) <= LONGEST_NAME else shorten(key)
    return f"{where}.{shown}" if where else shown


@dataclass(frozen=True, slots=True)
class Node:
    """One object of a file with its place; its readers note a fault and return a harmless value, so reading goes on."""

    data: dict[str, Any]
    where: str
    faults: Faults

    def only(self, allowed: Sequence[str]) -> None:
        """Note every key that is not in `allowed`: a misspelt key must not drop a rule or a vote silently."""
        for key in self.data:
            if key not in allowed:
                self.note(key, "is not known here", "Use " + ", ".join(allowed) + ".")

    def note(self, key: str, wrong: str, remedy: str) -> None:
        """Note a fault at `key`."""
        self.faults.add(join(self.where, key), wrong, remedy)

    def _get(self, key: str, default: Any) -> tuple[bool, Any]:
        if key in self.data:
            return True, self.data[key]
        if default is REQUIRED:
            self.note(key, "is missing", "Add it.")
        return False, None if default is REQUIRED else default

    def name(self, key: str, default: Any = REQUIRED, *, null: bool = False) -> Any:
        """Read a text of one line; None only where `null` allows it."""
        given, value = self._get(key, default)
        if not given or (value is None and null):
            return value if given or value is not None or default is not REQUIRED else ""
        if not isinstance(value, str) or isinstance(value, InexactNumber):
            self.note(key, f"is {kind_of(value)}, not a text", "Write it in quotes.")
            return ""
        wrong = name_fault(value)
        if wrong:
            self.note(key, wrong, "Write it as one line of text.")
        return "" if wrong else value

    def title(self) -> str:
        """Read the document's title, which may be missing or empty."""
        return "" if self.data.get("title", "") == "" else str(self.name("title"))

    def choice(self, key: str, options: Sequence[str], default: Any = REQUIRED, *, null: bool = False) -> Any:
        """Read one of `options`; None only where `null` allows it."""
        given, value = self._get(key, default)
        if not given or (value is None and null):
            return value
        if not isinstance(value, str) or isinstance(value, InexactNumber) or value not in options:
            shown = shorten(value) if isinstance(value, str) else kind_of(value)
            self.note(key, f"is {shown}", "Use " + ", ".join(options) + (" or null." if null else "."))
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        _, value = self._get(key, default)
        if not isinstance(value, bool):
            self.note(key, f"is {kind_of(value)}", "Use true or false.")
            return default
        return value

    def whole(self, key: str, default: Any = REQUIRED, *, least: int = 1) -> int:
        """Read an integer of at least `least`."""
        given, value = self._get(key, default)
        if not given:
            return least if value is None else int(value)
        try:
            number = parse_whole(value)
        except NumberFormatError as error:
            self.note(key, str(error), f"Use a whole number from {least} on.")
            return least
        if number < least:
            self.note(key, f"is {number}", f"Use a whole number from {least} on.")
        return max(number, least)

    def number(self, key: str, default: Any = REQUIRED, *, null: bool = False) -> Any:
        """Read an exact number of any sign; None only where `null` allows it, and where a fault was noted."""
        given, value = self._get(key, default)
        if not given or (value is None and null):
            return value
        try:
            return parse_number(value)
        except NumberFormatError as error:
            self.note(key, str(error), 'Use an integer or a text such as "5/2".')
            return None

    def share(self, key: str, default: Any = REQUIRED, *, null: bool = False) -> Any:
        """Read a share from 0 to 1 as a Fraction; None only where `null` allows it."""
        number = self.number(key, default, null=null)
        if isinstance(number, Fraction) and not 0 <= number <= 1:
            self.note(key, f"is {shorten(str(self.data[key]))}, not a share", "Use a share from 0 to 1, such as 2/3.")
        return number

    def items(self, key: str, default: Any = REQUIRED) -> list[Any]:
        """Read a list."""
        _, value = self._get(key, default)
        if isinstance(value, list):
            return value
        if key in self.data:
            self.note(key, f"is {kind_of(value)}, not a list", "Use [ ... ].")
        return []

    def inner(self, key: str, default: Any = REQUIRED) -> "Node | None":
        """Read an object."""
        _, value = self._get(key, default)
        if isinstance(value, dict):
            return Node(value, join(self.where, key), self.faults)
        if key in self.data:
            self.note(key, f"is {kind_of(value)}, not an object", "Use { ... }.")
        return None

    def nodes(self, key: str, default: Any = REQUIRED) -> list["Node"]:
        """Read a list of objects."""
        found: list[Node] = []
        for number, value in enumerate(self.items(key, default)):
            place = f"{join(self.where, key)}[{number}]"
            if isinstance(value, dict):
                found.append(Node(value, place, self.faults))
            else:
                self.faults.add(place, f"is {kind_of(value)}, not an object", "Use { ... }.")
        return found
