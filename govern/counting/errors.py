"""What is wrong with a file that cannot be counted, said so that somebody can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: in which file, at which line or element, what it is, and what to do about it."""

    file: str
    where: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        """Return one line, e.g. ``vote.json, electors[3].weight: is negative. Give a positive number.``."""
        place = ", ".join(part for part in (self.file, self.where) if part)
        return f"{place}: {self.wrong}. {self.remedy}"


class CountingError(ValueError):
    """The input cannot be counted; `faults` lists every reason found, never empty."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep `faults`; the text of the error is one line for each."""
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(slots=True)
class Faults:
    """Collects the faults of one file, so that all are told at once."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, where: str, wrong: str, remedy: str) -> None:
        """Note one fault. A file with more than `MOST_FAULTS` faults is given up at once with `CountingError`."""
        self.found.append(Fault(self.file, where, wrong, remedy))
        if len(self.found) >= MOST_FAULTS:
            self.found.append(
                Fault(self.file, "", f"more than {MOST_FAULTS} faults, the rest was not read", "Mend these first.")
            )
            raise CountingError(self.found)

    def check(self) -> None:
        """Raise `CountingError` when anything was noted."""
        if self.found:
            raise CountingError(self.found)


def refuse(file: str, where: str, wrong: str, remedy: str) -> CountingError:
    """Return (to be raised) the error for a single fault."""
    return CountingError([Fault(file, where, wrong, remedy)])
