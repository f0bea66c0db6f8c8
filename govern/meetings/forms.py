"""Shape of what is sent about meetings, agendas and minutes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind WTForms 3.3
from wtforms.validators import InputRequired, Length, NumberRange

from govern.kernel import clock
from govern.kernel.errors import InputError
from govern.meetings.queries import Attendance, MeetingFilter, View
from govern.meetings.rules import ItemKind, Mode, Presence

LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
LONGEST_NOTE = 2000
LONGEST_ITEM = 600
"""Minutes of the clock planned for one item."""
MODES = {
    Mode.IN_PERSON: _l("In one room"),
    Mode.ONLINE: _l("Online"),
    Mode.HYBRID: _l("In one room and online"),
}
KINDS = {
    ItemKind.DECISION: _l("Decision"),
    ItemKind.DISCUSSION: _l("Discussion"),
    ItemKind.INFORMATION: _l("Information"),
}
PRESENCES = {
    Presence.INVITED: _l("Not recorded"),
    Presence.PRESENT: _l("Present"),
    Presence.ONLINE: _l("Online"),
    Presence.EXCUSED: _l("Excused"),
    Presence.ABSENT: _l("Absent"),
}
YES, NO = "yes", "no"


class MeetingForm(FlaskForm):
    """When and where a body meets; times are local to the cluster. A meeting may end after midnight."""

    body = SelectField(_l("Who meets"), coerce=int)
    title = StringField(
        _l("Title"), validators=[InputRequired(_l("Give the meeting a title.")), Length(max=LONGEST_TITLE)]
    )
    day = DateField(_l("Day"), validators=[InputRequired(_l("Choose the day."))])
    starts = TimeField(_l("Starts at"), validators=[InputRequired(_l("Say when it starts."))])
    ends = TimeField(_l("Ends at"), validators=[InputRequired(_l("Say when it ends."))])
    mode = SelectField(_l("How people take part"), choices=[SelectChoice(m.value, text) for m, text in MODES.items()])
    place = StringField(_l("Place or link"), validators=[Length(max=LONGEST_TITLE)])

    def offer(self, bodies: Sequence[tuple[int, str]]) -> None:
        """Fill the list of bodies."""
        self.body.choices = [SelectChoice(key, name) for key, name in bodies]

    def period(self, zone: str) -> tuple[datetime, datetime]:
        """Start and end as instants."""
        if self.day.data is None or self.starts.data is None or self.ends.data is None:
            raise InputError("Choose the day, the start and the end.")
        start = clock.at_local(self.day.data, self.starts.data, zone)
        return start, clock.at_local(self.day.data, self.ends.data, zone)


class ItemForm(FlaskForm):
    """An agenda item. The vote is one of the meeting's body, 0 for none."""

    title = StringField(
        _l("Title"), validators=[InputRequired(_l("Say what the item is about.")), Length(max=LONGEST_TITLE)]
    )
    purpose = TextAreaField(
        _l("Purpose"), validators=[InputRequired(_l("Say what the item is for.")), Length(max=LONGEST_NOTE)]
    )
    kind = RadioField(
        _l("Kind"),
        choices=[SelectChoice(kind.value, text) for kind, text in KINDS.items()],
        validators=[InputRequired(_l("Choose decision, discussion or information."))],
    )
    minutes_planned = IntegerField(
        _l("Minutes planned"),
        default=15,
        validators=[NumberRange(min=1, max=LONGEST_ITEM, message=_l("Plan between 1 and 600 minutes."))],
    )
    vote = SelectField(_l("Vote"), coerce=int, default=0)

    def offer(self, votes: Sequence[tuple[int, str]]) -> None:
        """Fill the list of votes."""
        self.vote.choices = [SelectChoice(0, _l("No vote")), *(SelectChoice(key, title) for key, title in votes)]

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {
            "title": self.title.data or "",
            "purpose": self.purpose.data or "",
            "kind": ItemKind(self.kind.data),
            "minutes_planned": self.minutes_planned.data or 0,
            "vote_id": self.vote.data or None,
        }


class VoteForm(FlaskForm):
    """The vote a called decision item is to embed."""

    vote = SelectField(_l("Vote"), coerce=int)

    def offer(self, votes: Sequence[tuple[int, str]]) -> None:
        """Fill the list of votes."""
        self.vote.choices = [SelectChoice(key, title) for key, title in votes]


class CallForm(FlaskForm):
    """The call; the reason is needed for a short notice (a by-law)."""

    short_notice = TextAreaField(_l("Why the notice is shorter"), validators=[Length(max=LONGEST_NOTE)])


class ReasonForm(FlaskForm):
    """Why a meeting is cancelled."""

    reason = TextAreaField(_l("Reason"), validators=[Length(max=LONGEST_NOTE)])


class AttendanceForm(FlaskForm):
    """One choice for each person on the list; ``attendance_form`` adds them."""

    rest = SelectField(
        _l("Everybody not recorded"),
        default="",
        choices=[
            SelectChoice("", _l("Leave open")),
            *(SelectChoice(p.value, text) for p, text in PRESENCES.items() if p is not Presence.INVITED),
        ],
    )

    def mark_field(self, line: Attendance) -> Any:
        """The field of one person."""
        return self[f"p{line.id}"]

    def marks(self, lines: Sequence[Attendance]) -> dict[int, Presence]:
        """What was chosen, by key of the line."""
        rest = Presence(self.rest.data) if self.rest.data else Presence.INVITED
        chosen = {line.id: Presence(self.mark_field(line).data) for line in lines}
        return {key: rest if mark is Presence.INVITED else mark for key, mark in chosen.items()}


def attendance_form(lines: Sequence[Attendance]) -> AttendanceForm:
    """The form for these people, with what is recorded."""
    choices = [SelectChoice(presence.value, text) for presence, text in PRESENCES.items()]
    fields = {f"p{line.id}": SelectField(line.name, choices=choices, default=line.presence.value) for line in lines}
    made: AttendanceForm = type("FilledAttendanceForm", (AttendanceForm,), fields)()
    return made


class GuestForm(FlaskForm):
    """Somebody who was not invited; a member chosen stands for its name."""

    name = StringField(_l("Name"), validators=[InputRequired(_l("Give the name.")), Length(max=LONGEST_TITLE)])
    member = SelectField(_l("Member"), coerce=int, default=0)
    organisation = StringField(_l("Other organisation"), validators=[Length(max=LONGEST_TITLE)])
    presence = SelectField(
        _l("Attendance"),
        choices=[SelectChoice(p.value, text) for p, text in PRESENCES.items() if p is not Presence.INVITED],
    )

    def offer(self, members: Sequence[tuple[int, str]]) -> None:
        """Fill the list of members."""
        self.names: dict[int, str] = dict(members)
        self.member.choices = [SelectChoice(0, _l("No member")), *(SelectChoice(key, name) for key, name in members)]

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        member_id = self.member.data or None
        return {
            "name": self.name.data or "",
            "organisation": self.names[member_id] if member_id else self.organisation.data or "",
            "presence": Presence(self.presence.data),
            "member_id": member_id,
        }


class MinuteForm(FlaskForm):
    """What was said and agreed under one item."""

    minute = TextAreaField(_l("Minutes"), validators=[Length(max=LONGEST_TEXT)])


class CorrectionForm(FlaskForm):
    """What should be corrected, and where; item 0 is the attendance."""

    item = SelectField(_l("Which part"), coerce=int)
    text = TextAreaField(
        _l("What should be corrected"),
        validators=[InputRequired(_l("Say what should be corrected.")), Length(max=LONGEST_NOTE)],
    )

    def offer(self, items: Sequence[tuple[int, str]]) -> None:
        """Fill the list of items."""
        self.item.choices = [*(SelectChoice(key, title) for key, title in items), SelectChoice(0, _l("Attendance"))]


class AnswerForm(FlaskForm):
    """The answer to a correction; nothing is chosen beforehand."""

    accepted = RadioField(
        _l("Your answer"),
        choices=[SelectChoice(YES, _l("Take it over")), SelectChoice(NO, _l("Refuse it"))],
        validators=[InputRequired(_l("Choose take it over, or refuse it."))],
    )
    new_text = TextAreaField(_l("The item as corrected"), validators=[Length(max=LONGEST_TEXT)])
    answer = TextAreaField(_l("Answer to whoever asked"), validators=[Length(max=LONGEST_NOTE)])


def meeting_filter(args: "MultiDict[str, str]") -> MeetingFilter:
    """What the list's address asks for; unknown values fall back to the coming meetings."""
    view = args.get("view", View.COMING.value)
    return MeetingFilter(
        view=View(view) if view in {item.value for item in View} else View.COMING,
        q=args.get("q", "").strip(),
        before=read_cursor(args.get("before", "")),
    )


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """``2026-11-20T09:00:00+00:00.17`` -> (instant, id); None when it is no cursor."""
    instant, _dot, number = text.rpartition(".")
    try:
        found = datetime.fromisoformat(instant), int(number)
    except ValueError:
        return None
    return found if found[0].tzinfo is not None else None
