"""Exact numbers as they stand in files: integers, or strings with a decimal or a fraction. Never floats."""

import re
from fractions import Fraction

MOST_DIGITS = 15
_NUMBER = re.compile(r"(-?)([0-9]+)(?:/([0-9]+)|\.([0-9]+))?", re.ASCII)
_WORDS = {
    Fraction(1, 2): "half",
    Fraction(1, 3): "one third",
    Fraction(2, 3): "two thirds",
    Fraction(1, 4): "one quarter",
    Fraction(3, 4): "three quarters",
    Fraction(1): "all",
}


class NumberFormatError(ValueError):
    """The value is not an exact number this engine reads; the text says why, without a subject: ``is ...``."""


class InexactNumber(str):
    """A JSON number that is not an integer of at most `MOST_DIGITS` digits, kept as written so that it can be named."""

    __slots__ = ()


def parse_number(value: object) -> Fraction:
    """Read an integer, or a text such as ``7``, ``5/2``, ``-3`` or ``12.50``; raise `NumberFormatError` on all else."""
    if isinstance(value, InexactNumber):
        raise NumberFormatError(_inexact(value))
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**MOST_DIGITS:
            raise NumberFormatError(f"has more than {MOST_DIGITS} digits")
        return Fraction(value)
    if isinstance(value, str):
        return _parse_text(value)
    raise NumberFormatError(f"is {kind_of(value)}, not a number")


def parse_whole(value: object) -> int:
    """Read an integer written as one (no string, no boolean); raise `NumberFormatError` on all else."""
    if isinstance(value, str) and not isinstance(value, InexactNumber):
        raise NumberFormatError("is a text, not a whole number")
    return parse_number(value).numerator


def _parse_text(text: str) -> Fraction:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise NumberFormatError(f"is {shorten(text)}, not a number such as 7, 5/2 or 0.5")
    sign, whole, below, decimals = match.groups()
    if max(len(part or "") for part in (whole, below, decimals)) > MOST_DIGITS:
        raise NumberFormatError(f"has more than {MOST_DIGITS} digits")
    if below is not None and int(below) == 0:
        raise NumberFormatError("divides by zero")
    number = Fraction(f"{whole}.{decimals}") if decimals is not None else Fraction(int(whole), int(below or 1))
    return -number if sign else number


def _inexact(written: str) -> str:
    if re.fullmatch(r"-?[0-9]+", written):
        return f"has more than {MOST_DIGITS} digits"
    return f"is {shorten(written)}, a number with a point or exponent, which would not stay exact"


def kind_of(value: object) -> str:
    """Name the JSON type of `value` for a sentence: ``a list``, ``true or false``, ``empty (null)``."""
    if value is None:
        return "empty (null)"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, InexactNumber | int):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def shorten(text: str, most: int = 40) -> str:
    """Quote `text` for a message: at most `most` characters, and nothing a terminal would act on."""
    cut = text if len(text) <= most else text[: most - 3] + "..."
    return f'"{cut}"' if cut.isprintable() else f'"{ascii(cut)[1:-1]}"'


def exact(number: Fraction | int) -> str:
    """Return the reduced fraction as text: ``7`` or ``5/2``."""
    return str(Fraction(number))


def exact_int(number: Fraction | int) -> int | str:
    """Return an int where the number is whole, else the reduced fraction as text."""
    number = Fraction(number)
    return number.numerator if number.denominator == 1 else str(number)


def decimals(scaled: int, places: int) -> str:
    """Return an integer scaled by ``10**places`` as a decimal text: 53600000 with 5 places gives ``536.00000``."""
    whole, rest = divmod(abs(scaled), 10**places)
    return f"{'-' if scaled < 0 else ''}{whole}.{rest:0{places}d}"


def short_decimals(scaled: int, places: int) -> str:
    """Return a scaled integer for a sentence, without zeros at the end: 53600000 with 5 places gives ``536``."""
    return decimals(scaled, places).rstrip("0").removesuffix(".")


def readable(number: Fraction | int) -> str:
    """Return the number for a sentence: ``29``, ``15 1/3``, ``2/3``."""
    number = Fraction(number)
    whole, rest = divmod(number.numerator, number.denominator)
    if rest == 0:
        return str(whole)
    part = f"{rest}/{number.denominator}"
    return f"{whole} {part}" if whole else part


def share_words(share: Fraction) -> str:
    """Return a share for a sentence: ``two thirds`` where there is a word, else ``3/5``."""
    return _WORDS.get(share, exact(share))
