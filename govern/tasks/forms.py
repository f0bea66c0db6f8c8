"""Shape of what is sent about tasks."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind WTForms 3.3
from wtforms.validators import InputRequired, Length

from govern.kernel.actor import Actor
from govern.tasks.queries import Show, TaskFilter
from govern.tasks.rules import answers_for

LONGEST = 2000


class NoteForm(FlaskForm):
    """A remark or reason in free words; whether it is needed depends on the deed."""

    note = TextAreaField(_l("Note"), validators=[Length(max=LONGEST)])


class OwnerForm(FlaskForm):
    """Who owns a task and by when it is due; an empty owner is the secretariat."""

    owner = SelectField(_l("Owner"), coerce=int)
    due_on = DateField(_l("Due"), validators=[InputRequired(_l("Give a due day."))])

    def offer(self, owners: list[tuple[int, str]]) -> None:
        """Fill the list of owners: the secretariat (0) first."""
        self.owner.choices = [SelectChoice(0, _l("Secretariat")), *(SelectChoice(key, name) for key, name in owners)]

    @property
    def member_id(self) -> int | None:
        """The chosen member, None for the secretariat."""
        return self.owner.data or None


class ReassignForm(OwnerForm):
    """A new owner, with a word to them."""

    note = TextAreaField(_l("Note to the new owner"), validators=[Length(max=LONGEST)])


class TaskForm(OwnerForm):
    """A new task."""

    title = StringField(_l("What has to be done"), validators=[InputRequired(_l("Say what has to be done."))])
    detail = TextAreaField(_l("Details"), validators=[Length(max=LONGEST)])


def task_filter(args: "MultiDict[str, str]", actor: Actor) -> TaskFilter:
    """What the list's address asks for; unknown values fall back to what the present hat has to do."""
    owner = args.get("owner", "mine" if actor.is_staff or answers_for(actor) else "all")
    show = args.get("show", Show.TO_DO.value)
    return TaskFilter(
        mine=owner == "mine",
        show=Show(show) if show in {item.value for item in Show} else Show.TO_DO,
        q=args.get("q", "").strip(),
        after=read_cursor(args.get("after", "")),
    )


def read_cursor(text: str) -> tuple[date, int] | None:
    """``2026-11-20.17`` -> (day, id); None when it is no cursor."""
    day, _dot, number = text.partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
