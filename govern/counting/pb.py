"""Reads participatory budgets (.pb, Pabulib): META, PROJECTS and VOTES, each a table separated by semicolons.

Approval votes only. Amounts become minor units (hundredths): an amount with decimals must be a whole number of them.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from govern.counting.document import decode, name_fault
from govern.counting.errors import Faults, refuse
from govern.counting.numbers import MOST_DIGITS, shorten

SECTIONS = {"META": {"key", "value"}, "PROJECTS": {"project_id", "cost"}, "VOTES": {"voter_id", "vote"}}
APPROVAL = ("approval", "choose-1")
_AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?", re.ASCII)
_COUNT = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}", re.ASCII)


@dataclass(slots=True)
class Budget:
    """A participatory budget read whole.

    `budget` and `costs` in minor units; `votes`: how many voters approve exactly that set of projects (by number).
    """

    file: str
    title: str
    budget: int
    projects: tuple[str, ...]
    costs: tuple[int, ...]
    votes: dict[tuple[int, ...], int] = field(default_factory=dict)

    @property
    def voters(self) -> int:
        """Everybody who handed in a vote, an empty one included."""
        return sum(self.votes.values())


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table, by column."""

    where: str
    cells: Mapping[str, str]


def read_pb(data: bytes, file: str) -> Budget:
    """Read the bytes of a .pb file; raise `CountingError` with every fault."""
    faults = Faults(file)
    tables = _tables(decode(data, file), faults)
    meta = _meta(tables["META"], faults)
    costs = _costs(tables["PROJECTS"], faults)
    projects = tuple(costs)
    budget = Budget(file, meta.get("description", ""), _budget(meta, faults), projects, tuple(costs.values()))
    numbers = {project: number for number, project in enumerate(projects)}
    for marks in _votes(tables["VOTES"], numbers, faults):
        budget.votes[marks] = budget.votes.get(marks, 0) + 1
    _check_number(meta, "num_projects", len(tables["PROJECTS"]), faults)
    _check_number(meta, "num_votes", len(tables["VOTES"]), faults)
    if not tables["VOTES"]:
        faults.add("VOTES", "holds no votes", "Check that the file is complete.")
    faults.check()
    return budget


def _tables(text: str, faults: Faults) -> dict[str, list[_Row]]:
    """Return the rows of each section; refuse a file that lacks one or has it twice."""
    tables: dict[str, list[_Row]] = {}
    header: list[str] | None = None
    section = ""
    for number, cells in _lines(text, faults.file):
        where = f"line {number}"
        if len(cells) == 1 and cells[0].upper() in SECTIONS:
            section, header = cells[0].upper(), None
            if section in tables:
                faults.add(where, f"begins {section} a second time", "Keep one section of each name.")
            tables[section] = []
        elif not section:
            raise refuse(faults.file, where, "comes before any section", "Begin the file with META.")
        elif header is None:
            header = [cell.lower() for cell in cells]
            _check_header(section, header, where, faults)
        elif len(cells) > len(header):
            faults.add(where, f"has {len(cells)} fields for {len(header)} columns", "Put texts with ; in quotes.")
        else:
            tables[section].append(_Row(where, dict(zip(header, cells, strict=False))))
    missing = [section for section in SECTIONS if section not in tables]
    if missing:
        raise refuse(
            faults.file, "", f"has no section {' and no section '.join(missing)}", "Check that it is complete."
        )
    return tables


def _check_header(section: str, header: list[str], where: str, faults: Faults) -> None:
    if len(set(header)) < len(header):
        faults.add(where, "names a column twice", "Give each column its own name.")
    missing = sorted(SECTIONS[section].difference(header))
    if missing:
        raise refuse(faults.file, where, f"has no column {' and no column '.join(missing)}", "Name the columns first.")


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", skipinitialspace=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise refuse(file, f"line {reader.line_num}", f"is no table row ({error})", "Check the quotes.") from error


def _meta(rows: list[_Row], faults: Faults) -> dict[str, str]:
    meta: dict[str, str] = {}
    for row in rows:
        key = row.cells.get("key", "").lower()
        if not key:
            faults.add(row.where, "has no key", "Write META as key;value.")
        elif key in meta:
            faults.add(row.where, f"gives {shorten(key)} a second time", "Keep one of them.")
        else:
            meta[key] = row.cells.get("value", "")
    kind = meta.get("vote_type", "")
    if kind.lower() not in APPROVAL:
        said = f"is {shorten(kind)}" if kind else "is missing"
        faults.add("META vote_type", said, "Equal shares counts approval votes.")
    return meta


def _budget(meta: Mapping[str, str], faults: Faults) -> int:
    if "budget" not in meta:
        faults.add("META budget", "is missing", "Add it.")
        return 0
    return _amount(meta["budget"], "META budget", faults)


def _amount(text: str, where: str, faults: Faults) -> int:
    """Return an amount above 0 in minor units."""
    match = _AMOUNT.fullmatch(text)
    if match is None or len(text) > MOST_DIGITS:
        faults.add(where, f"is {shorten(text)}, not an amount such as 1500 or 1500.50", "Write digits only.")
        return 0
    whole, decimals = match[1], (match[2] or "").rstrip("0")
    if len(decimals) > 2:  # noqa: PLR2004 - minor units are hundredths
        faults.add(where, f"is {text}, no whole number of minor units", "Use at most two decimals.")
        return 0
    amount = int(whole) * 100 + int(decimals.ljust(2, "0"))
    if amount == 0:
        faults.add(where, "is 0", "Give an amount above 0.")
    return amount


def _costs(rows: list[_Row], faults: Faults) -> dict[str, int]:
    costs: dict[str, int] = {}
    for row in rows:
        project = row.cells.get("project_id", "")
        wrong = name_fault(project)
        if wrong:
            faults.add(row.where, f"the project_id {wrong}", "Give each project an id.")
        elif project in costs:
            faults.add(row.where, f"project {shorten(project)} stands there twice", "Give each project its own id.")
        else:
            costs[project] = _amount(row.cells.get("cost", ""), f"{row.where}, cost", faults)
    return costs


def _votes(rows: list[_Row], numbers: Mapping[str, int], faults: Faults) -> Iterator[tuple[int, ...]]:
    voters: set[str] = set()
    for row in rows:
        voter = row.cells.get("voter_id", "")
        if not voter:
            faults.add(row.where, "has no voter_id", "Give each voter an id.")
        elif voter in voters:
            faults.add(row.where, f"voter {shorten(voter)} votes a second time", "Keep one vote of each voter.")
        voters.add(voter)
        if "vote" not in row.cells:
            faults.add(row.where, "has no vote", "Leave the field empty for an empty vote.")
        yield _marks(row, numbers, faults)


def _marks(row: _Row, numbers: Mapping[str, int], faults: Faults) -> tuple[int, ...]:
    text = row.cells.get("vote", "")
    marks: set[int] = set()
    for name in (part.strip() for part in text.split(",") if text):
        number = numbers.get(name)
        if number is None:
            faults.add(row.where, f"votes for {shorten(name)}, which is no project", "Use the ids of PROJECTS.")
        elif number in marks:
            faults.add(row.where, f"votes for {shorten(name)} twice", "Name each project once.")
        else:
            marks.add(number)
    return tuple(sorted(marks))


def _check_number(meta: Mapping[str, str], key: str, found: int, faults: Faults) -> None:
    """Hold the number the file announces against what it holds: a file cut off must not be counted."""
    announced = meta.get(key)
    if announced is None:
        return
    if not _COUNT.fullmatch(announced) or int(announced) != found:
        faults.add(f"META {key}", f"is {shorten(announced)}, but the file holds {found}", "Check that it is complete.")
