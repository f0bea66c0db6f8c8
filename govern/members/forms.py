"""Shapes of what is typed on the pages of members. By-laws are in rules, never here."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from govern.kernel.actor import Role
from govern.members.rules import MEMBER_ROLES, MemberStatus

SHORT, LONG = 40, 300
STATUS_NAMES = {
    MemberStatus.APPLICANT: _l("Applicant"),
    MemberStatus.ADMITTED: _l("Admitted"),
    MemberStatus.ACTIVE: _l("Active"),
    MemberStatus.SUSPENDED: _l("Suspended"),
    MemberStatus.RESIGNED: _l("Resigned"),
    MemberStatus.EXCLUDED: _l("Excluded"),
}
ROLE_NAMES = {
    Role.DELEGATE: _l("Delegate"),
    Role.ALTERNATE: _l("Alternate"),
    Role.DUES_CONTACT: _l("Dues contact"),
    Role.MEMBER_ADMIN: _l("Administrator"),
}
ROLE_MEANINGS = {
    Role.DELEGATE.value: _l("Casts the member's vote and speaks for it. One person at a time."),
    Role.ALTERNATE.value: _l("Stands in for the delegate, in the order of the ranks."),
    Role.DUES_CONTACT.value: _l("Sees what is owed and gets the invoices. No vote."),
    Role.MEMBER_ADMIN.value: _l("Keeps the member's own people and data up to date. No vote."),
}


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


def an_email(_form: FlaskForm, field: Field) -> None:
    """Refuse what cannot be an e-mail address."""
    name, at, host = typed(field).rpartition("@")
    if not (at and name and "." in host and " " not in typed(field)):
        raise ValidationError(_l("Type an e-mail address like name@example.org."))


class MemberForm(FlaskForm):
    """The fields of a member organisation."""

    name = StringField(_l("Name"), [InputRequired(_l("Type the name of the organisation.")), Length(max=LONG)])
    code = StringField(_l("Code"), [InputRequired(_l("Type a code, such as M25.")), Length(max=SHORT)])
    category = SelectField(_l("Category"), [InputRequired(_l("Choose a category."))])
    joined_on = DateField(_l("Joined on"), [Optional()])
    website = StringField(_l("Website"), [Length(max=LONG)])
    email = StringField(_l("E-mail address"), [Optional(), an_email])
    address = TextAreaField(_l("Address"), [Length(max=LONG)])
    country = StringField(_l("Country"), [Length(max=SHORT)])
    public_body = BooleanField(_l("Public body"))
    needs_mandate = BooleanField(_l("Votes only with a resolution of its own council"))
    start_up = BooleanField(_l("Start-up"))

    def offer(self, categories: Iterable[Any]) -> "MemberForm":
        """Offer these categories."""
        self.category.choices = {"": _("Choose a category")} | {c.code: c.name for c in categories}
        return self

    def values(self) -> dict[str, Any]:
        """Everything but the category, as ``add_member`` and ``change_member`` take it."""
        texts = ("name", "code", "website", "email", "address", "country")
        flags = ("joined_on", "public_body", "needs_mandate", "start_up")
        return {name: typed(self[name]) for name in texts} | {name: self[name].data for name in flags}


class NewMemberForm(MemberForm):
    """A member with the status it begins with."""

    status = SelectField(_l("Status"))


class StatusForm(FlaskForm):
    """Where the member stands from a day on, and why."""

    status = SelectField(_l("New status"), [InputRequired(_l("Choose the new status."))])
    on = DateField(_l("From"), [InputRequired(_l("Choose the day it takes effect."))])
    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Say why: the decision, the letter or the rule."))])


class RepresentativeForm(FlaskForm):
    """Who acts for the member, as what, from when, by which document."""

    email = StringField(_l("E-mail address"), [InputRequired(_l("Type the person's e-mail address.")), an_email])
    name = StringField(_l("Full name"), [Length(max=LONG)])
    role = SelectField(_l("Role"), [InputRequired(_l("Choose a role."))])
    rank = IntegerField(_l("Order among the alternates"), [Optional(), NumberRange(1, 99)])
    valid_from = DateField(_l("First day"), [InputRequired(_l("Choose the first day."))])
    valid_to = DateField(_l("Last day"), [Optional()])
    document = StringField(_l("Document"), [InputRequired(_l("Name the document that appoints this person."))])

    def offer(self) -> "RepresentativeForm":
        """Offer the four roles, in the reader's language."""
        self.role.choices = {role.value: str(ROLE_NAMES[role]) for role in MEMBER_ROLES}
        return self


class ReplaceForm(FlaskForm):
    """Who takes over, from when, by which document."""

    email = StringField(_l("E-mail address"), [InputRequired(_l("Type the person's e-mail address.")), an_email])
    name = StringField(_l("Full name"), [Length(max=LONG)])
    valid_from = DateField(_l("First day"), [InputRequired(_l("Choose the first day."))])
    document = StringField(_l("Document"), [InputRequired(_l("Name the document that appoints this person."))])


class EndForm(FlaskForm):
    """Why an appointment ends."""

    document = StringField(_l("Document"), [InputRequired(_l("Name the document that ends the appointment."))])


class UnitsForm(FlaskForm):
    """The declared figure of a year."""

    year = IntegerField(_l("Year"), [InputRequired(_l("Type the year."))])
    units = IntegerField(_l("Count"), [InputRequired(_l("Type a whole number."))])
    evidence = StringField(_l("Evidence"), [Length(max=LONG)])


class LicenceForm(FlaskForm):
    """A licence or accreditation."""

    number = StringField(_l("Number"), [InputRequired(_l("Type the number of the licence.")), Length(max=SHORT)])
    issuer = StringField(_l("Issued by"), [Length(max=LONG)])
    scope = StringField(_l("What it allows"), [Length(max=LONG)])
    valid_from = DateField(_l("First day"), [Optional()])
    valid_to = DateField(_l("Last day"), [Optional()])


class LicenceEndForm(FlaskForm):
    """The last day of a licence."""

    valid_to = DateField(_l("Last day"), [InputRequired(_l("Choose the last day."))])


class SiteForm(FlaskForm):
    """A place where the member works."""

    name = StringField(_l("Name"), [InputRequired(_l("Type the name of the place.")), Length(max=LONG)])
    address = StringField(_l("Address"), [Length(max=LONG)])
    inside_territory = BooleanField(_l("Inside the territory of the cluster"), default=True)


class PlainForm(FlaskForm):
    """A form of one button: only the token."""


class CollegeForm(FlaskForm):
    """A voting chamber."""

    code = StringField(_l("Code"), [InputRequired(_l("Type a code, such as I.")), Length(max=SHORT)])
    name = StringField(_l("Name"), [InputRequired(_l("Type the name of the college.")), Length(max=LONG)])


class CategoryForm(FlaskForm):
    """A kind of member."""

    code = StringField(_l("Code"), [InputRequired(_l("Type a code, such as HOS.")), Length(max=SHORT)])
    name = StringField(_l("Name"), [InputRequired(_l("Type the name of the category.")), Length(max=LONG)])
    unit = StringField(_l("What its dues count"), [Length(max=SHORT)])
    college = SelectField(_l("College"))

    def offer(self, colleges: Iterable[Any]) -> "CategoryForm":
        """Offer these colleges."""
        self.college.choices = {"": _("None: its members have no vote")} | {c.code: c.name for c in colleges}
        return self


class UploadForm(FlaskForm):
    """A file of members."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a CSV or XLSX file."))])
    mapping = TextAreaField(_l("Map of columns"), [Length(max=4000)])


class ApplyForm(FlaskForm):
    """Whether to go on without refused rows."""

    skip_refused = BooleanField(_l("Go on without the refused rows"))
