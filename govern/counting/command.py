"""The command `govern count` without its wiring: a file, a method and options in; exit status and texts out."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from govern.counting.ballots import Ballots, read_ballots
from govern.counting.blt import read_blt
from govern.counting.collecting import collector_paused
from govern.counting.condorcet import count_schulze
from govern.counting.document import read_bytes
from govern.counting.electors import read_motion
from govern.counting.errors import CountingError, Faults, refuse
from govern.counting.irv import count_irv
from govern.counting.motion import count_motion
from govern.counting.numbers import shorten
from govern.counting.pb import read_pb
from govern.counting.ranked_pairs import count_ranked_pairs
from govern.counting.result import CountResult
from govern.counting.shares import Utility, count_equal_shares
from govern.counting.single import count_approval, count_plurality, count_score
from govern.counting.stv_meek import count_stv_meek
from govern.counting.stv_scottish import count_stv_scottish

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


class Result(Protocol):
    """What every count yields."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The arithmetic in sentences."""

    def to_dict(self) -> dict[str, object]:
        """Return the public result object."""


@dataclass(frozen=True, slots=True)
class Options:
    """The command's options as given; None where one was not."""

    seats: int | None = None
    tie_order: list[str] | None = None
    strength: str = "winning"
    utility: str = "cost"
    completion: str = "none"


COUNTERS: dict[str, Callable[[Ballots, int], CountResult]] = {
    "plurality": count_plurality,
    "approval": count_approval,
    "score": count_score,
    "irv": count_irv,
    "stv-scottish": count_stv_scottish,
    "stv-meek": count_stv_meek,
}
PAIRED = {"schulze": count_schulze, "ranked-pairs": count_ranked_pairs}
METHODS = ("motion", *COUNTERS, *PAIRED, "equal-shares")
CHOICES = {"strength": ("winning", "margin"), "utility": ("cost", "count"), "completion": ("none", "add1")}


def run(  # noqa: PLR0913 - the options of the public command, one to one
    file: str,
    method: str,
    *,
    seats: int | None = None,
    tie_order: list[str] | None = None,
    strength: str = "winning",
    utility: str = "cost",
    completion: str = "none",
    as_json: bool = False,
) -> tuple[int, str, str]:
    """Count `file` by `method`; return exit status (0 done, 1 refused, 2 wrong usage), standard output and error texts.

    Every fault of the input is one line of the error text; nothing is then on standard output.
    """
    options = Options(seats, tie_order, strength, utility, completion)
    wrong = _wrong_usage(method, options)
    if wrong:
        return WRONG_USAGE, "", f"{wrong}\n"
    try:
        result = count_file(file, method, options)
    except CountingError as error:
        return REFUSED, "", f"{error}\n"
    return DONE, f"{_as_json(result) if as_json else _as_text(result)}\n", ""


@collector_paused()
def count_file(file: str, method: str, options: Options) -> Result:
    """Read and count one file; raise `CountingError` with every fault."""
    data = read_bytes(file)
    if method == "motion":
        _expect(file, method, (".json",))
        motion = read_motion(data, file)
        try:
            return count_motion(motion.rule, motion.electors)
        except CountingError as error:
            raise CountingError([replace(fault, file=file) for fault in error.faults]) from error
    if method == "equal-shares":
        return _count_budget(data, file, options)
    _expect(file, method, (".json", ".blt"))
    ballots = read_blt(data, file) if file.lower().endswith(".blt") else read_ballots(data, file)
    if options.tie_order is not None:
        ballots.tie_order = _tie_order(options.tie_order, ballots.options, file)
    seats = options.seats or ballots.seats or 1
    if method in PAIRED:
        return PAIRED[method](ballots, seats, "margin" if options.strength == "margin" else "winning")
    return COUNTERS[method](ballots, seats)


def _count_budget(data: bytes, file: str, options: Options) -> CountResult:
    _expect(file, "equal-shares", (".pb",))
    budget = read_pb(data, file)
    order = _tie_order(options.tie_order or [], budget.projects, file)
    utility: Utility = "count" if options.utility == "count" else "cost"
    return count_equal_shares(budget, order, utility, "add1" if options.completion == "add1" else "none")


def _wrong_usage(method: str, options: Options) -> str:
    if method not in METHODS:
        return f"There is no method {shorten(method)}. Use one of {', '.join(METHODS)}."
    if options.seats is not None and options.seats < 1:
        return f"--seats is {options.seats}. Give a number from 1 on."
    for name, choices in CHOICES.items():
        if getattr(options, name) not in choices:
            return f"--{name} is {shorten(getattr(options, name))}. Use one of {', '.join(choices)}."
    if method == "motion" and (options.seats is not None or options.tie_order is not None):
        return "A motion has no --seats and no --tie-order; its rule says what a tie means."
    if method == "equal-shares" and options.seats is not None:
        return "Equal shares has no --seats; the budget says how much is selected."
    return ""


def _expect(file: str, method: str, endings: tuple[str, ...]) -> None:
    if not file.lower().endswith(endings):
        raise refuse(file, "", f"is not a file that {method} counts", f"Use {' or '.join(endings)}.")


def _tie_order(given: list[str], options: tuple[str, ...], file: str) -> tuple[int, ...]:
    """Return the options named by ``--tie-order A,B,C``; a name may itself hold commas."""
    faults = Faults(file)
    numbers = {name: number for number, name in enumerate(options)}
    found: dict[int, None] = {}
    parts = list(given)
    while parts:
        name, used = _longest_name(parts, numbers)
        del parts[:used]
        if name not in numbers:
            faults.add("--tie-order", f"{shorten(name)} is not an option", "Name the options as in the file.")
        elif numbers[name] in found:
            faults.add("--tie-order", f"{shorten(name)} stands there twice", "Name each option once.")
        else:
            found[numbers[name]] = None
    faults.check()
    return tuple(found)


def _longest_name(parts: list[str], numbers: dict[str, int]) -> tuple[str, int]:
    for used in range(len(parts), 0, -1):
        name = ",".join(parts[:used]).strip()
        if name in numbers:
            return name, used
    return parts[0].strip(), 1


def _as_json(result: Result) -> str:
    return json.dumps(result.to_dict(), ensure_ascii=True)


def _as_text(result: Result) -> str:
    said = list(result.steps)
    if isinstance(result, CountResult):
        said.append(f"Winners: {', '.join(result.winners) or 'none'}.")
        said += [f"Open tie: {', '.join(tied)}." for tied in result.ties]
    return "\n".join(said)
