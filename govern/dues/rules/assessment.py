"""How much a member owes for a year, line by line, and how many votes that gives. Pure; amounts in minor units.

Sources: domain.md 2.4 and 2.5 (parameters real clusters vary), 5.2 (tariff), F04b (half-year), S01 (cap), S02.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from govern.kernel.errors import RuleBrokenError
from govern.kernel.money import major_text, round_half_up

MOST_UNITS = 1_000_000
HALF = Fraction(1, 2)
WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a computation: a sentence, and the amount it contributes (None when it only explains)."""

    text: str
    minor: int | None


@dataclass(frozen=True, slots=True)
class Scale:
    """What members of one category pay: fixed part + units x price, at most the cap (0 = no cap)."""

    unit: str
    fixed_minor: int
    per_unit_minor: int
    cap_minor: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a tariff says beside its scales.

    ``half_after``: (month, day); who joins later in its first year pays half. None: everybody pays the whole year.
    ``start_up_years``: how many annual fees have start-up relief.
    """

    currency: str
    half_after: tuple[int, int] | None = (7, 1)
    start_up_years: int = 3


@dataclass(frozen=True, slots=True)
class Assessable:
    """What the computation reads of a member."""

    member_id: int
    code: str
    name: str
    category_id: int
    category: str
    joined_on: date | None
    start_up: bool
    units: int | None


@dataclass(frozen=True, slots=True)
class Computation:
    """The lines that explain ``amount_minor``."""

    lines: tuple[Line, ...]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Band:
    """Dues below ``below_minor`` give ``votes``; None is the top band."""

    below_minor: int | None
    votes: int


def lines_of(computation: str) -> list[Line]:
    """The lines of a computation as it is kept (JSON list of {"text", "minor"})."""
    return [Line(line["text"], line["minor"]) for line in json.loads(computation)]


def plural(unit: str, count: int) -> str:
    """``licensed room or chair``, 8 -> ``licensed rooms or chairs``."""
    return unit if count == 1 or not unit else " or ".join(f"{part}s" for part in unit.split(" or "))


def grouped(minor: int, currency: str) -> str:
    """``2160_00`` EUR -> ``2,160.00``."""
    whole, dot, decimals = major_text(minor, currency).partition(".")
    return f"{int(whole):,}{dot}{decimals}"


def has_relief(member: Assessable, year: int, terms: Terms) -> bool:
    """Start-up relief holds for the first ``start_up_years`` annual fees, counted from the year of joining."""
    return member.start_up and member.joined_on is not None and year - member.joined_on.year + 1 <= terms.start_up_years


def joins_late(member: Assessable, year: int, terms: Terms) -> bool:
    """Joined in ``year`` after the day from which half the fee is due."""
    joined = member.joined_on
    if terms.half_after is None or joined is None or joined.year != year:
        return False
    return (joined.month, joined.day) > terms.half_after


def fault_of(member: Assessable, scale: Scale | None, year: int, terms: Terms) -> str | None:
    """Why the member cannot be assessed and what to do about it, or None (S02: opening a year stops with this)."""
    who = f"{member.code} {member.name}"
    if scale is None:
        return f"{who}: the tariff has no rule for the category {member.category}. Add one, or change the category."
    if scale.per_unit_minor == 0 or has_relief(member, year, terms):
        return None
    what = plural(scale.unit, 2) or "units"
    if member.units is None:
        return f"{who}: no count of {what} for {year}. Record it on the member's page, then open the year again."
    if not 1 <= member.units <= MOST_UNITS:
        return f"{who}: {member.units} {what} for {year} is not possible. Correct it on the member's page."
    return None


def compute(member: Assessable, scale: Scale, year: int, terms: Terms) -> Computation:
    """What the member owes for ``year``. Call ``fault_of`` first; parts are halved before the cap, halves round up."""
    relief, late = has_relief(member, year, terms), joins_late(member, year, terms)
    lines: list[Line] = []
    share = (HALF if relief else WHOLE) * (HALF if late else WHOLE)
    fixed = _part(lines, f"Fixed part {grouped(scale.fixed_minor, terms.currency)}", scale.fixed_minor, share, terms)
    total = fixed
    if relief:
        nth = year - (member.joined_on or date(year, 1, 1)).year + 1
        lines.append(
            Line(
                f"Start-up relief, annual fee {nth} of {terms.start_up_years}: half the fixed part, no variable part",
                None,
            )
        )
    elif scale.per_unit_minor:
        units = member.units or 0
        price = grouped(scale.per_unit_minor, terms.currency)
        whole = units * scale.per_unit_minor
        text = f"{units:,} {plural(scale.unit, units)} x {price} = {grouped(whole, terms.currency)}"
        total += _part(lines, text, whole, HALF if late else WHOLE, terms)
    if late and member.joined_on:
        lines.append(Line(f"Joined on {day_text(member.joined_on)}: half of each part for the first year", None))
    return _capped(lines, total, scale.cap_minor, terms, rounded=share != WHOLE)


def assess_all(
    members: Iterable[Assessable], scales: Mapping[int, Scale], year: int, terms: Terms
) -> tuple[list[tuple[Assessable, Computation]], list[str]]:
    """Every computation that can be made, and one fault for every member whose data do not allow one."""
    done: list[tuple[Assessable, Computation]] = []
    faults = []
    for member in members:
        scale = scales.get(member.category_id)
        fault = fault_of(member, scale, year, terms)
        if fault is not None or scale is None:
            faults.append(fault or member.code)
        else:
            done.append((member, compute(member, scale, year, terms)))
    return done, faults


def _part(lines: list[Line], text: str, whole: int, share: Fraction, terms: Terms) -> int:
    amount = round_half_up(whole * share)
    if share != WHOLE:
        text = f"{text}, of which {share} = {grouped(amount, terms.currency)}"
    lines.append(Line(text, amount))
    return amount


def _capped(lines: list[Line], total: int, cap: int, terms: Terms, *, rounded: bool) -> Computation:
    if not cap:
        lines.append(Line("No cap in this category", None))
    elif total > cap:
        lines.append(Line(f"Cap {grouped(cap, terms.currency)} reached", cap - total))
    else:
        lines.append(Line(f"Cap {grouped(cap, terms.currency)} not reached", None))
    lines.append(Line("Halves of a minor unit are rounded up" if rounded else "No rounding needed", None))
    return Computation(tuple(lines), min(total, cap) if cap else total)


def joining_fee(member: Assessable, scale: Scale, year: int, terms: Terms, count: int) -> Computation:
    """``count`` full annual fees, whatever the day of joining (F04b)."""
    whole_year = Terms(terms.currency, None, terms.start_up_years)
    fee = compute(member, scale, year, whole_year)
    if count == 1:
        return fee
    more = Line(f"{count} annual fees of {grouped(fee.amount_minor, terms.currency)}", (count - 1) * fee.amount_minor)
    return Computation((*fee.lines, more), count * fee.amount_minor)


def check_scale(scale: Scale) -> None:
    """Amounts of a scale are not negative, and a cap does not lie below the fixed part."""
    if min(scale.fixed_minor, scale.per_unit_minor, scale.cap_minor) < 0:
        raise RuleBrokenError("Amounts of a tariff are not negative.")
    if scale.cap_minor and scale.cap_minor < scale.fixed_minor:
        raise RuleBrokenError("A cap below the fixed part would make every member pay the cap. Raise the cap.")


def check_bands(bands: Sequence[Band]) -> None:
    """Bands rise, in limit and in votes, and end in one open top band."""
    limits = [band.below_minor for band in bands]
    if not bands or limits[-1] is not None or None in limits[:-1]:
        raise RuleBrokenError("The last band of the weight table has no limit, all others have one.")
    known = [limit for limit in limits if limit is not None]
    if known != sorted(set(known)) or any(limit <= 0 for limit in known):
        raise RuleBrokenError("The limits of the weight table rise from band to band.")
    votes = [band.votes for band in bands]
    if votes != sorted(votes) or min(votes) < 0:
        raise RuleBrokenError("Higher dues never give fewer votes.")


def votes_for(amount_minor: int, bands: Sequence[Band]) -> int:
    """Votes of a member whose yearly dues are ``amount_minor`` (``bands`` rising, as ``check_bands`` wants them)."""
    return next(band.votes for band in bands if band.below_minor is None or amount_minor < band.below_minor)


def category_shares(votes: Iterable[tuple[str, int]]) -> dict[str, int]:
    """(category, votes) of each member -> votes of each category."""
    sums: Counter[str] = Counter()
    for category, count in votes:
        sums[category] += count
    return dict(sums)


def check_category_cap(votes_by_category: dict[str, int], cap: Fraction | None) -> None:
    """No category holds more than ``cap`` of all votes (S01, I19); the message names category, weight and limit."""
    total = sum(votes_by_category.values())
    if cap is None or total == 0:
        return
    over = {name: votes for name, votes in votes_by_category.items() if votes > cap * total}
    if over:
        shares = "; ".join(f"{name} would hold {votes} of {total} votes" for name, votes in sorted(over.items()))
        raise RuleBrokenError(f"{shares}. No category may hold more than {cap} of the votes, here {cap * total}.")


def day_text(day: date) -> str:
    """``Tue 24 Nov 2026``."""
    return f"{day:%a} {day.day} {day:%b %Y}"
