"""Amounts as people type them."""

import pytest

from govern.kernel.errors import InputError
from govern.kernel.money import parse_major


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1234.50", "EUR", 123450),
        (" 12 ", "EUR", 1200),
        (".5", "EUR", 50),
        ("7.", "EUR", 700),
        ("1.50", "JPY", None),
        ("1.00", "JPY", 1),
        ("1.234", "KWD", 1234),
        ("-3.10", "EUR", -310),
        ("9999999999999.99", "EUR", 999_999_999_999_999),
    ],
)
def test_plain_amounts(typed, currency, minor):
    if minor is None:
        with pytest.raises(InputError, match="more decimals"):
            parse_major(typed, currency)
    else:
        assert parse_major(typed, currency) == minor


@pytest.mark.parametrize(
    "typed", ["", ".", "1e400000", "1e30", "1_000", "1,000", "NaN", "Infinity", "٣", "12.5.0", "--1", "1" + "0" * 13]
)
def test_what_is_no_amount_is_refused_at_once(typed):
    """1e400000 used to be computed to its last digit, holding the write lock for twenty seconds."""
    with pytest.raises(InputError):
        parse_major(typed, "EUR")
