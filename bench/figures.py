"""The arithmetic behind the table: percentiles, medians of paired ratios, verdicts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Sense = Literal["at least", "at most", "equal", "shown"]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` within which at least ``share`` of them lie (nearest rank); ValueError without any."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    rank = -(-len(ordered) * round(share * 1000) // 1000)  # the ceiling, without a float's dust
    return ordered[max(rank, 1) - 1]


def paired(values: Sequence[float], floors: Sequence[float]) -> float:
    """The median of value / floor over repetitions taken side by side; ValueError when they are not pairs."""
    return median(value / floor for value, floor in zip(values, floors, strict=True))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    ``value`` is compared with ``target`` in the ``sense`` given; ``shown`` says nothing is promised. ``unit`` stands
    behind both; ``floor`` and ``detail`` are words for the reader.
    """

    group: str
    name: str
    value: float
    target: float = 0
    sense: Sense = "shown"
    unit: str = ""
    floor: str = ""
    detail: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.sense == "shown":
            return None
        if self.sense == "equal":
            return self.value == self.target
        return self.value >= self.target if self.sense == "at least" else self.value <= self.target

    @property
    def verdict(self) -> str:
        """One word."""
        return {None: "", True: "met", False: "MISSED"}[self.met]
