"""Shapes of what is typed on the account pages."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from govern.accounts import rules
from govern.kernel.actor import Role

LONGEST_NAME = 120
LONGEST_CODE = 40

ROLE_NAMES = {
    Role.DELEGATE: _l("delegate"),
    Role.ALTERNATE: _l("alternate delegate"),
    Role.DUES_CONTACT: _l("dues contact"),
    Role.MEMBER_ADMIN: _l("administrator of a member"),
    Role.SEAT: _l("holder of a seat"),
    Role.CHAIR: _l("chair"),
    Role.SECRETARIAT: _l("secretariat"),
    Role.ADMIN: _l("administrator of the system"),
    Role.TREASURER: _l("treasurer"),
    Role.AUDITOR: _l("auditor"),
    Role.OBSERVER: _l("observer"),
    Role.LIAISON: _l("liaison of a ministry"),
}
THEMES = {"auto": _l("As the device"), "light": _l("Light"), "dark": _l("Dark")}


def typed(field: Field) -> str:
    """What was typed into a text field ("" when the browser left it out)."""
    return str(field.data or "")


def filled(message: str) -> list[object]:
    """The field must hold something; otherwise ``message`` says what to do."""
    return [InputRequired(message)]


def an_email(_form: FlaskForm, field: Field) -> None:
    """Refuse what cannot be an e-mail address."""
    if not rules.looks_like_email(field.data or ""):
        raise ValidationError(_l("Type an e-mail address like name@example.org."))


class SignInForm(FlaskForm):
    """Address and password."""

    email = StringField(_l("E-mail address"), [*filled(_l("Type your e-mail address.")), an_email])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password, or ask for a link instead."))])
    next = HiddenField()


class LinkForm(FlaskForm):
    """Where to send a link; the password field of the same page is not read."""

    email = StringField(_l("E-mail address"), [*filled(_l("Type your e-mail address.")), an_email])
    next = HiddenField()


class CodeForm(FlaskForm):
    """A code of an authenticator, or a recovery code."""

    code = StringField(_l("Code"), [*filled(_l("Type the code.")), Length(max=LONGEST_CODE)])


class PlainForm(FlaskForm):
    """A form of one button: only the token."""


class EndSessionForm(FlaskForm):
    """Which session to end: its number, or ``others`` for all but this one."""

    session = StringField(validators=[Regexp(r"^(others|\d{1,18})$", message=_l("Choose a device of the list."))])


class ProfileForm(FlaskForm):
    """What a person says about itself."""

    name = StringField(_l("Your name"), [*filled(_l("Type your name.")), Length(max=LONGEST_NAME)])
    theme = SelectField(_l("Colours"))
    locale = SelectField(_l("Language"))

    def offer(self, languages: Mapping[str, str]) -> "ProfileForm":
        """Offer these languages (code -> name); "" is the cluster's."""
        self.theme.choices = {value: str(label) for value, label in THEMES.items()}
        self.locale.choices = dict(languages)
        return self


class PasswordForm(FlaskForm):
    """A new password, and the present one where there is one."""

    current = PasswordField(_l("Present password"))
    password = PasswordField(_l("New password"), filled(_l("Type a new password.")))


class AcceptForm(FlaskForm):
    """Accept an invitation, with a password or without."""

    name = StringField(_l("Your name"), [*filled(_l("Type your name.")), Length(max=LONGEST_NAME)])
    password = PasswordField(_l("Password"))


class InvitationForm(FlaskForm):
    """Whom to invite, as what, for whom."""

    email = StringField(_l("E-mail address"), [*filled(_l("Type the person's e-mail address.")), an_email])
    name = StringField(_l("Full name"), [*filled(_l("Type the person's name.")), Length(max=LONGEST_NAME)])
    role = SelectField(_l("Role"), filled(_l("Choose a role.")))
    target = SelectField(_l("For"))
    document = StringField(_l("Appointment document"), [Length(max=300)])


class EndForm(FlaskForm):
    """Why an appointment ends."""

    document = StringField(_l("Document"), [Length(max=300)])
