"""Shapes of what is typed on the pages of dues. Amounts are typed in major units with a dot."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from govern.dues.rules import Band, Scale
from govern.kernel.errors import InputError
from govern.kernel.money import major_text, parse_major

LONG = 300
AMOUNT = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


def typed(field: Field) -> str:
    """What was typed into a text field, without spaces around it."""
    return str(field.data or "").strip()


def a_day(field: Field) -> date:
    """The day of a date field that must be filled (the form was validated)."""
    day: date = field.data
    return day


def a_number(field: Field) -> int:
    """The whole number of a field that must be filled (the form was validated)."""
    number: int = field.data
    return number


def minor_of(text: str, currency: str) -> int:
    """Minor units of a typed amount; a comma may group thousands ("1,250.00") and nothing else."""
    plain = text.replace(",", "") if AMOUNT.fullmatch(text) else text
    return parse_major(plain, currency)


def amounts_of(scale: Scale) -> tuple[int, int, int]:
    """Fixed part, price and cap of a scale."""
    return scale.fixed_minor, scale.per_unit_minor, scale.cap_minor


class PaymentForm(FlaskForm):
    """Money that came in."""

    member = StringField(_l("From"), [InputRequired(_l("Type the code of the member or the number of its invoice."))])
    amount = StringField(_l("Amount"), [InputRequired(_l("Type the amount, such as 225.00."))])
    received_on = DateField(_l("Received on"), [InputRequired(_l("Choose the day it came in."))])
    reference = StringField(_l("Reference"), [Length(max=LONG)])


class ReasonForm(FlaskForm):
    """From which day, and why."""

    on = DateField(_l("Day"), [InputRequired(_l("Choose the day."))])
    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Say why.")), Length(max=LONG)])


class PlanForm(FlaskForm):
    """The parts of an invoice, one a line, and the document that agrees them."""

    parts = TextAreaField(_l("Instalments"), [InputRequired(_l("Write one instalment a line."))])
    on = DateField(_l("Agreed on"), [InputRequired(_l("Choose the day it was agreed."))])
    document = StringField(_l("Document"), [InputRequired(_l("Name the document that agrees the plan."))])

    def read(self, currency: str) -> list[tuple[date, int]]:
        """(due day, minor units) of each line "2027-01-31 225.00"; InputError naming the lines that are not so."""
        parts, faults = [], []
        for number, line in enumerate(typed(self.parts).splitlines(), 1):
            words = line.split()
            try:
                day, amount = words
                parts.append((date.fromisoformat(day), minor_of(amount, currency)))
            except (ValueError, InputError):
                faults.append(
                    _("Line %(number)s is not a day and an amount, such as 2027-01-31 225.00.", number=number)
                )
        if faults:
            raise InputError(faults)
        return parts


class IssueForm(FlaskForm):
    """The day on which invoices are issued."""

    issued_on = DateField(_l("Day of issue"), [InputRequired(_l("Choose the day of issue."))])


class PlainForm(FlaskForm):
    """A form of one button: only the token."""


class TariffForm(FlaskForm):
    """A dues scale: one line per category, one line per weight band."""

    name = StringField(_l("Name"), [InputRequired(_l("Type a name, such as Tariff 2027.")), Length(max=LONG)])
    from_year = IntegerField(
        _l("From year"), [InputRequired(_l("Type the first fiscal year.")), NumberRange(1900, 2200)]
    )
    adopted_by = StringField(_l("Adopted by"), [InputRequired(_l("Name the decision.")), Length(max=LONG)])
    scales = TextAreaField(_l("Scales"), [InputRequired(_l("Write one category a line."))])
    bands = TextAreaField(_l("Votes by dues"), [InputRequired(_l("Write one band a line."))])

    def fill(
        self, scales: Mapping[int, Scale], bands: Sequence[Band], categories: Sequence[Any], currency: str
    ) -> None:
        """Begin with these scales and bands."""
        self.scales.data = "\n".join(
            " ".join([category.code, *(major_text(minor, currency) for minor in amounts_of(scales[category.id]))])
            for category in categories
            if category.id in scales
        )
        limits = ["-" if band.below_minor is None else major_text(band.below_minor, currency) for band in bands]
        self.bands.data = "\n".join(f"{limit} {band.votes}" for limit, band in zip(limits, bands, strict=True))

    def read_scales(self, categories: Sequence[Any], currency: str) -> list[tuple[Any, str, int, int, int]]:
        """(category, unit, fixed, per unit, cap) of each line "HOS 2000 12 8000"; the unit is the category's."""
        by_code = {category.code.casefold(): category for category in categories}
        scales, faults = [], []
        for number, line in enumerate(typed(self.scales).splitlines(), 1):
            try:
                code, fixed, price, cap = line.split()
                category = by_code[code.casefold()]
                scales.append((category, category.unit, *(minor_of(word, currency) for word in (fixed, price, cap))))
            except (ValueError, KeyError, InputError):
                faults.append(
                    _("Line %(number)s is not a category and three amounts: HOS 2000 12 8000.", number=number)
                )
        if faults:
            raise InputError(faults)
        return scales

    def read_bands(self, currency: str) -> list[tuple[int | None, int]]:
        """(dues below, votes) of each line "1000 1"; the last line "- 4" is the top band."""
        bands: list[tuple[int | None, int]] = []
        faults = []
        for number, line in enumerate(typed(self.bands).splitlines(), 1):
            try:
                below, votes = line.split()
                bands.append((None if below == "-" else minor_of(below, currency), int(votes)))
            except (ValueError, InputError):
                faults.append(_("Line %(number)s of the votes is not a limit and a number: 1000 1.", number=number))
        if faults:
            raise InputError(faults)
        return bands
