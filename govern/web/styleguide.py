"""The page that shows every component, with invented content: for those who build pages and for the picture tests."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind WTForms 3.3
from wtforms.validators import InputRequired

from govern.kernel import clock
from govern.web.access import public
from govern.web.forms import say
from govern.web.pages import page

bp = Blueprint("web", __name__)


def _choices(*texts: str) -> list[Any]:
    return [SelectChoice(text, text) for text in texts]


class SampleForm(FlaskForm):
    """One field of each kind; nothing typed here goes anywhere."""

    title = StringField(
        "Title", validators=[InputRequired("Enter a title")], description="As it will stand in the register."
    )
    amount = StringField("Amount", validators=[InputRequired("Enter an amount, such as 1200.00")])
    due = DateField("Due day", validators=[InputRequired("Enter the day it is due")])
    tier = SelectField("Tier", choices=_choices("Hospital, tier A", "Clinic, tier B", "Hotel, tier C"))
    choice = RadioField(
        "Your vote",
        choices=_choices("For", "Against", "Abstain"),
        validators=[InputRequired("Choose For, Against or Abstain")],
    )
    reason = TextAreaField("Reason", description="Other members can read it after the vote closes.")
    interest = BooleanField("I have an interest to declare")
    send = SubmitField("Send")


def refused_sample() -> SampleForm:
    """The form as it comes back empty, with a message at every field; its ids differ from the first form's."""
    form = SampleForm(MultiDict(), prefix="refused-", meta={"csrf": False})
    form.validate()
    return form


@bp.route("/styleguide", methods=["GET", "POST"])
@public("shows the components with invented content; reads and writes no record")
def styleguide() -> Response:
    """Every component; sending the form shows a refusal (422) or a flash."""
    form = SampleForm()
    if form.validate_on_submit():
        say(_("The form is in order."), href=url_for("web.styleguide"), href_text=_("See it again"))
        return redirect(url_for("web.styleguide"), 303)
    today: date = clock.now().date()
    return page("styleguide/index.html", form=form, refused=refused_sample(), now=clock.now(), today=today)
