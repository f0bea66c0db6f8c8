"""From understood rows to what becomes of the register: what is created, changed, unchanged, refused. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from govern.members.rules.cells import MEMBER_FIELDS, key_of, recognise, understand
from govern.members.rules.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken: which field, and why."""

    row: int
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """A member as the register has it. ``values``: the fields of ``MEMBER_FIELDS``; ``units``: by year."""

    id: int
    code: str
    category: str
    values: Mapping[str, Any]
    units: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class KnownCategory:
    """A category the register has."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A member to be created (``member_id`` None) or changed; ``category`` is a code, None to leave it."""

    row: int
    member_id: int | None
    code: str
    category: str | None
    values: Mapping[str, Any]
    units: tuple[int, int] | None


@dataclass(slots=True)
class Plan:
    """What an import will do; nothing is written yet."""

    created: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    new_categories: dict[str, str] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()

    def report(self) -> dict[str, Any]:
        """The public report of interfaces.md, with the categories that appear and the columns nobody reads."""
        return {
            "created": len(self.created),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "refused": [{"row": r.row, "field": r.field, "why": r.why} for r in self.refused],
            "new_categories": sorted(self.new_categories.values()),
            "ignored_columns": list(self.ignored_columns),
        }


def plan_import(
    sheet: Sheet,
    given: Mapping[str, str],
    *,
    members: Sequence[Known],
    categories: Sequence[KnownCategory],
    year: int,
) -> Plan:
    """What importing ``sheet`` does to the register; declared units without a year are for ``year``."""
    columns = recognise(sheet.headers, given)
    plan = Plan(ignored_columns=columns.ignored)
    planner = _Planner(plan, members, categories, year)
    for number, cells in sheet.rows:
        values, faults = understand({name: cells[place] for name, place in columns.index.items()})
        if faults:
            plan.refused.extend(Refused(number, name, why) for name, why in faults)
        else:
            planner.take(number, values)
    return plan


class _Planner:
    """Compares rows with the register, one after the other."""

    def __init__(self, plan: Plan, members: Sequence[Known], categories: Sequence[KnownCategory], year: int) -> None:
        self.plan, self.year = plan, year
        self.by_code = {key_of(member.code): member for member in members}
        self.by_name: dict[str, list[Known]] = {}
        for member in members:
            self.by_name.setdefault(key_of(member.values["name"]), []).append(member)
        self.categories = {key_of(word): c.code for c in categories for word in (c.name, c.code)}
        self.category_codes = {c.code for c in categories}
        self.seen: dict[str, int] = {}
        self.last, self.width = _last_code(member.code for member in members)

    def take(self, row: int, values: dict[str, Any]) -> None:
        """Plan one understood row."""
        fault = self._fault(values)
        known, doubt = (None, None) if fault else self._known(values)
        fault = fault or doubt
        if fault is None and known is None and "category" not in values:
            fault = ("category", "a new member needs a category")
        if fault is not None:
            self.plan.refused.append(Refused(row, *fault))
            return
        for key in _keys(values):
            self.seen[key] = row
        if known is None:
            self._create(row, values)
        else:
            self._change(row, values, known)

    def _fault(self, values: dict[str, Any]) -> tuple[str, str] | None:
        if "name" not in values and "code" not in values:
            return "name", "no name"
        earlier = [(key, self.seen[key]) for key in _keys(values) if key in self.seen]
        if earlier:
            key, first = earlier[0]
            name = key.split(":", 1)[0]
            return name, f"{values[name]!r} stands in row {first} already"
        return None

    def _known(self, values: dict[str, Any]) -> tuple[Known | None, tuple[str, str] | None]:
        same_name = self.by_name.get(key_of(values.get("name", "")), [])
        if "code" in values:
            found = self.by_code.get(key_of(values["code"]))
            if found is None and same_name:
                return None, ("code", f"{values['name']!r} is in the register as {same_name[0].code}")
            if found is None and "name" not in values:
                return None, ("name", f"nobody has the code {values['code']!r}, and a new member needs a name")
            return found, None
        if len(same_name) > 1:
            codes = ", ".join(member.code for member in same_name)
            return None, ("name", f"several members have this name ({codes}); add a column with the code")
        return (same_name[0] if same_name else None), None

    def _create(self, row: int, values: dict[str, Any]) -> None:
        code = values.get("code")
        if code is None:
            self.last += 1
            code = f"M{self.last:0{self.width}}"
        kept = {name: values[name] for name in MEMBER_FIELDS if name in values}
        self.plan.created.append(Change(row, None, code, self._category(values["category"]), kept, self._units(values)))

    def _change(self, row: int, values: dict[str, Any], known: Known) -> None:
        kept = {n: values[n] for n in MEMBER_FIELDS if n in values and values[n] != known.values[n]}
        category = self._category(values["category"]) if "category" in values else known.category
        units = self._units(values)
        if units is not None and known.units.get(units[0]) == units[1]:
            units = None
        if not kept and category == known.category and units is None:
            self.plan.unchanged += 1
            return
        moved = category if category != known.category else None
        self.plan.changed.append(Change(row, known.id, known.code, moved, kept, units))

    def _units(self, values: dict[str, Any]) -> tuple[int, int] | None:
        return (values.get("year", self.year), values["units"]) if "units" in values else None

    def _category(self, word: str) -> str:
        found = self.categories.get(key_of(word))
        if found is None:
            found = _free_code(word, self.category_codes)
            self.category_codes.add(found)
            self.categories[key_of(word)] = found
            self.plan.new_categories[found] = word
        return found


def _keys(values: Mapping[str, Any]) -> list[str]:
    return [f"{name}:{key_of(values[name])}" for name in ("code", "name") if name in values]


def _free_code(word: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    base = "-".join(re.findall(r"[A-Z0-9]+", plain.upper()))[:36] or "CATEGORY"
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)


def _last_code(codes: Iterable[str]) -> tuple[int, int]:
    """The highest number of codes like M024 and how many digits they have; new codes go on from there."""
    numbers = [match[1] for code in codes if (match := re.fullmatch(r"M(\d+)", code))]
    return (max(map(int, numbers)), max(map(len, numbers))) if numbers else (0, 3)
