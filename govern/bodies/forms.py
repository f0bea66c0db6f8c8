"""Shape of what is sent about bodies and seats."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind WTForms 3.3
from wtforms.validators import InputRequired, Length, NumberRange

from govern.bodies.rules import BodyKind

LONGEST = 200
MOST_SEATS = 1000
KINDS = {
    BodyKind.ASSEMBLY: _l("Assembly: members vote"),
    BodyKind.BOARD: _l("Board"),
    BodyKind.COMMITTEE: _l("Committee"),
    BodyKind.PANEL: _l("Panel"),
    BodyKind.APPEAL: _l("Appeal body"),
}


class BodyForm(FlaskForm):
    """A new body."""

    code = StringField(_l("Code"), validators=[InputRequired(_l("Give a short code, such as BOARD.")), Length(max=20)])
    name = StringField(_l("Name"), validators=[InputRequired(_l("Give the name.")), Length(max=LONGEST)])
    kind = SelectField(_l("Kind"), choices=[SelectChoice(kind.value, text) for kind, text in KINDS.items()])


class SeatForm(FlaskForm):
    """A new seat of a body."""

    position = IntegerField(
        _l("Number"), validators=[InputRequired(_l("Give the seat's number.")), NumberRange(1, MOST_SEATS)]
    )
    label = StringField(_l("Name of the seat"), validators=[InputRequired(_l("Name the seat.")), Length(max=LONGEST)])
    member = SelectField(_l("Belongs to"), coerce=int)
    college = SelectField(_l("College"), coerce=int)
    votes = BooleanField(_l("This seat has a vote"), default=True)
    is_chair = BooleanField(_l("This seat presides"))

    def offer(self, members: Sequence[tuple[int, str]], colleges: Sequence[tuple[int, str]]) -> None:
        """Fill the lists; 0 stands for none."""
        self.member.choices = [SelectChoice(0, _l("Nobody: an independent"))]
        self.member.choices += [SelectChoice(key, name) for key, name in members]
        self.college.choices = [SelectChoice(0, _l("None"))] + [SelectChoice(key, name) for key, name in colleges]
