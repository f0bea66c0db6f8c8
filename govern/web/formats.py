"""How money, days and instants are written for people: one place, in the reader's language and the cluster's zone.

House style: "EUR 12,000.00", "Tue 24 Nov 2026", "Tue 24 Nov 2026, 16:00", "in 3 days". Templates use the filters
installed here; other code takes ``current()``. Nothing here computes with floats.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, get_timezone
from flask_babel import gettext as _
from markupsafe import Markup

from govern.kernel import clock
from govern.kernel.money import exponent

DAY = "EEE d MMM y"
HOUR = "HH:mm"
MINUTES_PER_HOUR = 60
HOURS_SHOWN = 24
# format_timedelta leaves the wished unit only above this many of the next larger one: never.
ALWAYS = 10**9
FILTERS = (
    "amount",
    "money",
    "number",
    "day",
    "day_short",
    "month_short",
    "day_number",
    "hour",
    "moment",
    "moment_text",
)


@dataclass(frozen=True, slots=True)
class Formats:
    """Writes values in ``locale``; instants are shown in ``zone``."""

    locale: Locale
    zone: tzinfo

    def amount(self, minor: int, currency: str) -> str:
        """``minor`` units of ``currency`` as a grouped number without the code: "12,000.00"; decimals by ISO 4217."""
        places = exponent(currency)
        return str(format_decimal(Decimal(minor).scaleb(-places), _pattern(places), self.locale))

    def money(self, minor: int, currency: str) -> str:
        """``minor`` units of ``currency`` with its ISO 4217 code, kept on one line: "EUR 12,000.00"."""
        return f"{currency}\N{NO-BREAK SPACE}{self.amount(minor, currency)}"

    def number(self, value: int) -> str:
        """A whole number with the language's grouping."""
        return str(format_decimal(value, "#,##0", self.locale))

    def day(self, value: date) -> str:
        """A calendar day: "Tue 24 Nov 2026"; of an instant, the day it has in the zone."""
        return str(format_date(self.local(value), DAY, self.locale))

    def day_short(self, value: date) -> str:
        """The same without weekday and year: "24 Nov"."""
        return str(format_date(self.local(value), "d MMM", self.locale))

    def month_short(self, value: date) -> str:
        """The month alone: "Nov"."""
        return str(format_date(self.local(value), "LLL", self.locale))

    def day_number(self, value: date) -> str:
        """The day of the month alone: "24"."""
        return str(format_date(self.local(value), "d", self.locale))

    def hour(self, value: datetime) -> str:
        """The time of an aware instant in the zone: "16:00"."""
        return str(format_datetime(value, HOUR, self.zone, self.locale))

    def moment_text(self, value: datetime) -> str:
        """An aware instant as plain text: "Tue 24 Nov 2026, 16:00"."""
        return f"{self.day(value)}, {self.hour(value)}"

    def moment(self, value: datetime) -> Markup:
        """An aware instant as a ``<time>`` element whose machine value carries the zone's offset."""
        shown = value.astimezone(self.zone).isoformat(timespec="minutes")
        return Markup('<time datetime="{}">{}</time>').format(shown, self.moment_text(value))

    def until(self, value: date, now: datetime) -> str:
        """Distance from ``now`` in words: "in 3 days", "2 days ago"; below a day for instants "in 5 hours".

        Days are counted on the calendar of the zone, as people count them: tomorrow is "in 1 day" even 2 hours ahead,
        unless the value is an instant less than 24 hours away.
        """
        if isinstance(value, datetime):
            minutes = (value - now) // timedelta(minutes=1)
            if abs(minutes) < MINUTES_PER_HOUR:
                return self._distance(timedelta(minutes=minutes), "minute") if minutes else _("now")
            if abs(minutes) < HOURS_SHOWN * MINUTES_PER_HOUR:
                hours = abs(minutes) // MINUTES_PER_HOUR
                return self._distance(timedelta(hours=hours if minutes > 0 else -hours), "hour")
        days = (self.local(value) - self.local(now)).days
        return self._distance(timedelta(days=days), "day") if days else _("today")

    def local(self, value: date) -> date:
        """The calendar day: a date as it is, an aware instant in the zone."""
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def _distance(self, delta: timedelta, unit: Literal["minute", "hour", "day"]) -> str:
        return str(format_timedelta(delta, granularity=unit, threshold=ALWAYS, add_direction=True, locale=self.locale))


def _pattern(places: int) -> str:
    return "#,##0." + "0" * places if places else "#,##0"


def current() -> Formats:
    """The formats of this request: the reader's language, the cluster's zone. Outside a request English and UTC."""
    return _formats(str(get_locale() or "en"), get_timezone())


@lru_cache(maxsize=100)
def _formats(locale: str, zone: tzinfo) -> Formats:
    return Formats(Locale.parse(locale), zone)


def init_app(app: Flask) -> None:
    """Install the template filters; an absent value (None) is shown as nothing."""

    def install(name: str) -> None:
        def write(value: object, *args: object) -> object:
            return "" if value is None else getattr(current(), name)(value, *args)

        app.add_template_filter(write, name)

    for name in FILTERS:
        install(name)
    app.add_template_filter(lambda value: "" if value is None else current().until(value, clock.now()), "until")
