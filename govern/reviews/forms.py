"""Shape of what is sent about reviews."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind WTForms 3.3
from wtforms.validators import InputRequired, Length

from govern.kernel.actor import Actor
from govern.reviews.queries import ReviewFilter, Show
from govern.reviews.rules import Answer, Ground, acts_as_liaison

LONGEST = 4000
ASK = "ask"
GROUNDS = {
    Ground.PUBLIC_MONEY: _l("Eligibility of public money"),
    Ground.LICENCE_LAW: _l("Licence law"),
    Ground.COMPETITION_LAW: _l("Competition law"),
    Ground.EQUAL_ACCESS: _l("Equal access"),
    Ground.PROCEDURE: _l("Procedure"),
}


class AnswerForm(FlaskForm):
    """What a department says; nothing is chosen beforehand. An objection also needs ground and remedy (a by-law)."""

    answer = RadioField(
        _l("Your answer"),
        choices=[
            SelectChoice(Answer.NO_OBJECTION.value, _l("No objection")),
            SelectChoice(ASK, _l("Ask for information")),
            SelectChoice(Answer.OBJECTED.value, _l("Object")),
        ],
        validators=[InputRequired(_l("Choose no objection, ask for information, or object."))],
    )
    remark = TextAreaField(_l("Remark or question"), validators=[Length(max=LONGEST)])
    ground = SelectField(
        _l("Ground"),
        default="",
        choices=[
            SelectChoice("", _l("Choose a ground")),
            *(SelectChoice(ground.value, label) for ground, label in GROUNDS.items()),
        ],
    )
    remedy = TextAreaField(_l("What would remove the objection"), validators=[Length(max=LONGEST)])

    @property
    def chosen_ground(self) -> Ground | None:
        """The ground of the objection, None while none is chosen."""
        return Ground(self.ground.data) if self.ground.data else None


class ReplyForm(FlaskForm):
    """The cluster's reply to a question."""

    reply = TextAreaField(_l("Reply"), validators=[Length(max=LONGEST)])


def review_filter(args: "MultiDict[str, str]", actor: Actor) -> ReviewFilter:
    """What the register's address asks for; unknown values fall back to everything.

    A liaison's own running clocks stand above the register, so it opens on all reviews.
    """
    show = args.get("show", Show.ALL.value if acts_as_liaison(actor) else Show.RUNNING.value)
    return ReviewFilter(
        show=Show(show) if show in {item.value for item in Show} else Show.ALL,
        department_id=args.get("department", type=int),
        q=args.get("q", "").strip(),
    )
