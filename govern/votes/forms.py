"""Shape of what is sent about motions, rules and votes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from json import JSONDecodeError, dumps, loads
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind WTForms 3.3
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from govern.kernel import clock
from govern.kernel.errors import InputError
from govern.kernel.money import major_text, parse_major
from govern.votes.rules import BY_HEADS, BY_WEIGHT, Choice, SubjectDraft

SPARE_ROWS = 2
LONGEST_TITLE = 200
LONGEST_TEXT = 100_000
LONGEST_CODE = 40
MOST_DAYS = 3650
KINDS = {
    "budget_line": _l("Budget line"),
    "standard": _l("Standard"),
    "admission": _l("Admission"),
    "other": _l("Something else"),
}
CHOICES = {Choice.YES: _l("For"), Choice.NO: _l("Against"), Choice.ABSTAIN: _l("Abstain")}


class Department(Protocol):
    """A department as the form offers it."""

    @property
    def id(self) -> int:
        """Key."""

    @property
    def name(self) -> str:
        """Name."""


class BallotForm(FlaskForm):
    """The one question of a motion."""

    choice = RadioField(_l("Your vote"), choices=[SelectChoice(c.value, text) for c, text in CHOICES.items()])


def read_choice(text: str | None) -> Choice | None:
    """The answer, or None when there is none that the ballot offers."""
    return Choice(text) if text in set(Choice) else None


class SubjectRow(Form):
    """One thing a motion touches; departments' shares are added for each department."""

    kind = SelectField(_l("Kind"), choices=[SelectChoice(key, text) for key, text in KINDS.items()])
    code = StringField(_l("Code"), validators=[Length(max=LONGEST_CODE)])
    title = StringField(_l("Title"), validators=[Length(max=LONGEST_TITLE)])
    own = StringField(_l("Own share"))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered in the row."""
        return not any(field.data for field in self if field.short_name != "kind")


class MotionForm(FlaskForm):
    """A motion and the rule it is put to the vote under. Made by ``motion_form``."""

    title = StringField(
        _l("Question"), validators=[InputRequired(_l("Write the question.")), Length(max=LONGEST_TITLE)]
    )
    text = TextAreaField(
        _l("Text to be decided"), validators=[InputRequired(_l("Write the text.")), Length(max=LONGEST_TEXT)]
    )
    mover = StringField(_l("Proposed by"), validators=[Length(max=LONGEST_TITLE)])
    profile = SelectField(_l("Rule"), validators=[InputRequired(_l("Choose the rule."))])
    follows = HiddenField()
    subjects: "FieldList[Any]"

    def drafts(self, currency: str) -> list[SubjectDraft]:
        """The rows that were filled in; InputError naming the row for an amount that is none."""
        faults: list[str] = []
        found = [
            _draft(row.form, at, currency, faults)
            for at, row in enumerate(self.subjects.entries, 1)
            if not row.form.is_blank
        ]
        if faults:
            raise InputError(faults)
        return found


def _draft(row: SubjectRow, at: int, currency: str, faults: list[str]) -> SubjectDraft:
    def minor(text: str | None) -> int:
        try:
            return parse_major(text or "0", currency)
        except InputError as refused:
            faults.extend(_("Subject %(row)s: %(fault)s", row=at, fault=fault) for fault in refused.faults)
            return 0

    shares = {
        int(field.short_name.removeprefix("share_")): minor(field.data)
        for field in row
        if field.short_name.startswith("share_") and field.data and field.data.strip()
    }
    code, title = (row.code.data or "").strip(), (row.title.data or "").strip()
    return SubjectDraft(row.kind.data, code, title, minor(row.own.data), shares)


def motion_form(
    departments: Sequence[Department], profiles: Sequence[tuple[str, str]], data: Mapping[str, Any] | None = None
) -> MotionForm:
    """The form with the rules on offer (code, name), an amount for each department in every row, and spare rows."""
    rows = len(data.get("subjects", ())) if data else 0
    shares = {f"share_{department.id}": StringField(department.name) for department in departments}
    row = type("SubjectRowHere", (SubjectRow,), shares)
    subjects: FieldList[Any] = FieldList(FormField(row), min_entries=rows + SPARE_ROWS)
    form: MotionForm = type("MotionFormHere", (MotionForm,), {"subjects": subjects})(data=data)
    # Nothing is chosen beforehand: the wrong rule is noticed too late to be changed.
    form.profile.choices = [SelectChoice("", _l("Choose a rule")), *(SelectChoice(key, text) for key, text in profiles)]
    return form


def subject_data(drafts: Sequence[SubjectDraft], currency: str) -> list[dict[str, str]]:
    """Stored subjects as the rows of the form hold them."""
    return [
        {"kind": draft.kind, "code": draft.code, "title": draft.title, "own": major_text(draft.own_minor, currency)}
        | {f"share_{key}": major_text(minor, currency) for key, minor in draft.shares.items()}
        for draft in drafts
    ]


class OpeningForm(FlaskForm):
    """When a vote closes, in the cluster's zone, and who is recused."""

    closes_on = DateField(_l("Last day of voting"), validators=[InputRequired(_l("Give the last day of voting."))])
    closes_at = TimeField(_l("Closing time"), validators=[Optional()])
    recusals = TextAreaField(_l("Recused"), validators=[Length(max=LONGEST_TEXT)])

    def closing(self, zone: str) -> datetime:
        """The first instant that is too late: the time given, or 24:00 of the day."""
        day = self.closes_on.data
        if day is None:
            raise InputError(_("Give the last day of voting."))
        return clock.at_local(day, self.closes_at.data, zone) if self.closes_at.data else clock.end_of_day(day, zone)

    def recused(self) -> dict[str, str]:
        """Elector code to ground, from lines of a code and a ground."""
        lines = [line.split(maxsplit=1) for line in (self.recusals.data or "").splitlines() if line.strip()]
        return {line[0].rstrip(":,"): line[1] if len(line) > 1 else "" for line in lines}


class ReasonForm(FlaskForm):
    """Why something is done."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(_l("Give the reason.")), Length(max=2000)])


class RuleForm(FlaskForm):
    """A by-law as data."""

    code = StringField(_l("Code"), validators=[InputRequired(_l("Give a short code.")), Length(max=LONGEST_CODE)])
    name = StringField(_l("Name"), validators=[InputRequired(_l("Give the name.")), Length(max=LONGEST_TITLE)])
    source = StringField(_l("Where it stands"), validators=[Length(max=LONGEST_TITLE)])
    body = SelectField(_l("Who decides"), coerce=int)
    counting = RadioField(
        _l("Votes of each elector"),
        choices=[
            SelectChoice(BY_HEADS, _l("One each")),
            SelectChoice(BY_WEIGHT, _l("By the dues of the year")),
        ],
        default=BY_HEADS,
    )
    rule = TextAreaField(_l("Rule"), validators=[InputRequired(_l("Enter the rule."))])
    opening_days = IntegerField(
        _l("Usual days of voting"), validators=[InputRequired(), NumberRange(1, MOST_DAYS)], default=14
    )
    review_days = IntegerField(
        _l("Days for a department's review"), validators=[InputRequired(), NumberRange(0, MOST_DAYS)], default=15
    )
    mandate_days = IntegerField(
        _l("Least days for members that need a resolution"),
        validators=[InputRequired(), NumberRange(0, MOST_DAYS)],
        default=0,
    )
    in_force_from = DateField(_l("In force from"), validators=[InputRequired(_l("Give the first day."))])

    def offer(self, bodies: Sequence[tuple[int, str]]) -> None:
        """Fill the list of bodies."""
        self.body.choices = [SelectChoice(key, name) for key, name in bodies]

    def parsed_rule(self) -> dict[str, Any]:
        """The rule object; InputError when it is not a JSON object."""
        try:
            found = loads(self.rule.data or "")
        except JSONDecodeError as error:
            said = _("The rule is not JSON: line %(line)s, column %(column)s.", line=error.lineno, column=error.colno)
            raise InputError(said) from error
        if not isinstance(found, dict):
            raise InputError(_("The rule must be one JSON object, from { to }."))
        return found


SIMPLE_MAJORITY = dumps(
    {
        "criteria": [
            {"name": "Majority", "count": "heads", "base": "cast", "threshold": "1/2", "comparison": "more_than"}
        ],
        "quorum": [{"count": "heads", "share": "1/2", "comparison": "at_least"}],
        "tie": "rejected",
    },
    indent=2,
)
"""What the form for a new rule starts with."""
