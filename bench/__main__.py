"""Measure, print the table, and write RESULTS.md when everything was measured."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bench import report
from bench.ballots import Sizes, ballot_rows
from bench.facts import machine_facts
from bench.figures import Row
from bench.installation import ENGINES, SQLITE, Installation, installed
from bench.pages import Sizes as PageSizes
from bench.pages import page_rows
from bench.recounts import MILLION, counting_rows, recount_rows, verify_rows


@dataclass(frozen=True)
class Choices:
    """What the command line asked for."""

    quick: bool
    million: bool
    only: frozenset[str]

    def wants(self, name: str) -> bool:
        """Whether this part is to be measured."""
        return not self.only or name in self.only


def ballots(inst: Installation, choices: Choices) -> Iterator[Row]:
    """Ballots, and what they cost among many."""
    sizes = Sizes(electors=300 if choices.quick else 1500, stored=1_000_000 if choices.million else 100_000)
    return ballot_rows(inst, sizes, growth=choices.wants("growth") and not choices.quick)


def pages(inst: Installation, choices: Choices) -> Iterator[Row]:
    """Statements, lists, weight and memory."""
    return page_rows(inst, PageSizes(rows=(10, 30), requests=15) if choices.quick else PageSizes())


def recounts(inst: Installation, choices: Choices) -> Iterator[Row]:
    """Motions in the database."""
    return recount_rows(inst, MILLION // (20 if choices.quick else 1))


def counting(inst: Installation, choices: Choices) -> Iterator[Row]:
    """Everything that is counted without a database: once is enough."""
    return counting_rows(inst, MILLION // (20 if choices.quick else 1)) if inst.engine == SQLITE else iter(())


def verify(inst: Installation, choices: Choices) -> Iterator[Row]:
    """The log."""
    return verify_rows(inst, MILLION // (50 if choices.quick else 1))


PARTS: dict[str, Callable[[Installation, Choices], Iterator[Row]]] = {
    "ballot": ballots,
    "pages": pages,
    "recount": recounts,
    "counting": counting,
    "verify": verify,
}


def main(arguments: list[str]) -> int:
    """Measure; 0 when every target is met, 1 otherwise."""
    options = parser().parse_args(arguments)
    choices = Choices(options.quick, options.million, frozenset(options.only.split(",") if options.only else ()))
    facts = machine_facts()
    rows: list[Row] = []
    for name, part in PARTS.items():
        for engine in options.engine.split(",") if options.engine else ENGINES:
            if choices.wants(name):
                began = time.monotonic()
                with installed(engine) as inst:
                    rows += part(inst, choices)
                print(f"{name} on {ENGINES[engine]}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(report.table(rows))
    if not (choices.quick or choices.only or options.engine):
        report.write(rows, facts, datetime.now(UTC).strftime("%d %B %Y"))
    return int(any(row.met is False for row in rows))


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="python3 run.py bench", description=__doc__)
    found.add_argument("--quick", action="store_true", help="small sizes; RESULTS.md stays as it is")
    found.add_argument("--only", default="", metavar="NAME,...", help=f"some of: {', '.join(PARTS)}, growth")
    found.add_argument("--engine", default="", help=" or ".join(ENGINES))
    found.add_argument("--million", action="store_true", help="a million stored ballots instead of 100,000")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
