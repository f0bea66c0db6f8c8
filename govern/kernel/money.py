"""Money: integer minor units with an ISO 4217 currency. There is no float and no Decimal in the books."""

import re
from dataclasses import dataclass
from fractions import Fraction

from govern.kernel.errors import InputError

# ISO 4217 exponents that are not 2; every other currency has two decimals.
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

# Plain digits only: what else a number parser takes (1e400000, 1_000, other scripts' digits) is a slip or an attack.
_AMOUNT = re.compile(r"([+-]?)(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?")
LONGEST_WHOLE = 13
"""Digits before the decimal point: with three decimals still within the database's 64 bits."""


def exponent(currency: str) -> int:
    """Decimal places of ``currency``: 2 unless ISO 4217 says 0 or 3."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """``minor`` integer minor units of ``currency``."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        """Sum of two amounts of one currency."""
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)


def major_text(minor: int, currency: str) -> str:
    """``53042_00`` EUR -> ``"53042.00"``: plain digits with a dot, for files and formulas."""
    places = exponent(currency)
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def parse_major(text: str, currency: str) -> int:
    """Minor units of a plain amount such as ``"1234.50"``; InputError when it is no amount or has too many decimals."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise InputError(f"{text[:40]!r} is not an amount. Write digits with a dot, such as 1234.50.")
    sign, whole, decimals = found.groups(default="")
    places, decimals = exponent(currency), decimals.rstrip("0")
    if len(decimals) > places:
        raise InputError(f"{text[:40]!r} has more decimals than {currency} has ({places}).")
    if len(whole) > LONGEST_WHOLE:
        raise InputError(f"{text[:40]!r} is more money than any cluster has.")
    return int(f"{sign}{whole or 0}{decimals.ljust(places, '0')}")


def round_half_up(amount: Fraction) -> int:
    """Nearest whole minor unit, halves away from zero (the rounding the dues rules of domain.md 2.4 state)."""
    sign = -1 if amount < 0 else 1
    return sign * int((abs(amount) * 2 + 1) // 2)
