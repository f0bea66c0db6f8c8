"""Life of meetings and minutes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from govern.bodies.rules import BodyKind
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.canonical import digest
from govern.kernel.errors import InputError, NotAllowedError, RuleBrokenError

FORMAT = "govern-minutes/1"
CORRECTION_DAYS = 10
"""Days for corrections after circulation; silence is consent (domain.md 5.6 and 6.3)."""
SOON_DAYS = 14
"""A called meeting is shown among what needs people this many days ahead."""
NOTICE_DAYS: Mapping[BodyKind, int] = dict.fromkeys(BodyKind, 7)
"""Full days between the call and the meeting, by kind of body; a shorter notice needs a reason for the record."""
VAGUE = frozenset({"any other business", "aob", "other", "other business", "other matters", "miscellaneous", "varia"})
"""Titles that hide what will be talked about (meetings-and-standards.md 4, rules 1 and 2)."""
CORRECTING_ROLES = (Role.DELEGATE, Role.ALTERNATE, Role.MEMBER_ADMIN, Role.SEAT, Role.CHAIR)


class Mode(StrEnum):
    """How people take part."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class ItemKind(StrEnum):
    """What an agenda item is for."""

    DECISION = "decision"
    DISCUSSION = "discussion"
    INFORMATION = "information"


class Presence(StrEnum):
    """How somebody attended; "invited" until it is recorded."""

    INVITED = "invited"
    PRESENT = "present"
    ONLINE = "online"
    EXCUSED = "excused"
    ABSENT = "absent"


class MinutesState(StrEnum):
    """Minutes are written, circulated for corrections, approved; then nothing changes them."""

    DRAFT = "draft"
    CIRCULATED = "circulated"
    APPROVED = "approved"


class MeetingState(StrEnum):
    """Derived from the stored acts and the clock, never stored. Held: from its start on."""

    PREPARED = "prepared"
    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


CAME = frozenset({Presence.PRESENT, Presence.ONLINE})


class Acts(Protocol):
    """The stored acts a meeting's state follows from."""

    @property
    def called_at(self) -> datetime | None:
        """When the notice went out."""

    @property
    def cancelled_at(self) -> datetime | None:
        """When it was cancelled."""

    @property
    def starts_at(self) -> datetime:
        """When it starts."""


class Head(Protocol):
    """What decides who may read and change a meeting."""

    @property
    def body_id(self) -> int:
        """The body that meets."""

    @property
    def body_kind(self) -> BodyKind:
        """Assembly (members meet) or another body (seats meet)."""

    @property
    def state(self) -> MeetingState:
        """Where the meeting stands now."""

    @property
    def called(self) -> bool:
        """Whether it was ever called."""

    @property
    def minutes_state(self) -> MinutesState:
        """Where its minutes stand."""


class Planned(Protocol):
    """What of an agenda item the call looks at."""

    @property
    def position(self) -> int:
        """Its number."""

    @property
    def purpose(self) -> str:
        """What it is for."""


class Minuted(Protocol):
    """What of an agenda item circulating looks at."""

    @property
    def position(self) -> int:
        """Its number."""

    @property
    def minute(self) -> str:
        """What was minuted."""

    @property
    def vote_id(self) -> int | None:
        """The vote it embeds."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody the notice goes to; ``organisation`` is the member's name or the seat's label."""

    user_id: int
    name: str
    email: str
    locale: str
    organisation: str
    member_id: int | None


def state_of(meeting: Acts, now: datetime) -> MeetingState:
    """Where the meeting stands at ``now``."""
    if meeting.cancelled_at is not None:
        return MeetingState.CANCELLED
    if meeting.called_at is None:
        return MeetingState.PREPARED
    return MeetingState.HELD if meeting.starts_at <= now else MeetingState.CALLED


# -- Before the meeting


def check_period(starts_at: datetime, ends_at: datetime) -> None:
    """A meeting ends after it starts, within the same day and night."""
    if ends_at <= starts_at:
        raise InputError("The meeting must end after it starts.")
    if ends_at - starts_at > timedelta(hours=24):
        raise InputError("A meeting lasts a day at most. Plan one meeting for each day.")


def check_prepared(state: MeetingState) -> None:
    """Date, place and agenda are fixed by the call."""
    if state is not MeetingState.PREPARED:
        raise RuleBrokenError(f"The meeting is {state.value}; its agenda no longer changes.")


def check_item(title: str) -> None:
    """An item says what it is about."""
    if title.strip().rstrip(".:").casefold() in VAGUE:
        raise RuleBrokenError(f"“{title.strip()}” does not say what will be discussed. Name the subject.")


def notice_days(kind: BodyKind, called_on: date, meets_on: date) -> tuple[int, int]:
    """(days of notice given, days asked for), counted in the cluster's calendar."""
    return (meets_on - called_on).days, NOTICE_DAYS[kind]


def check_call(  # noqa: PLR0913 - all that a call rests on
    state: MeetingState,
    kind: BodyKind,
    *,
    called_on: date,
    meets_on: date,
    items: Sequence[Planned],
    participants: int,
    short_notice: str,
) -> None:
    """A call needs an agenda that says why, somebody to invite, and notice in time or a reason for less."""
    check_prepared(state)
    given, asked = notice_days(kind, called_on, meets_on)
    if given < 0:
        raise RuleBrokenError("The day of the meeting has passed. Change its date first.")
    if not items:
        raise RuleBrokenError("The agenda is empty. Add at least one item before you call the meeting.")
    bare = [str(item.position) for item in items if not item.purpose.strip()]
    if bare:
        raise RuleBrokenError(f"Say what the items are for: {', '.join(bare)} have no purpose yet.")
    if not participants:
        raise RuleBrokenError("Nobody can be invited: no seat of this body is held and no member has a delegate.")
    if given < asked and not short_notice.strip():
        raise RuleBrokenError(
            f"{asked} days of notice are asked for, and this call gives {given}. "
            "Choose a later day, or state why the notice is shorter; the reason is kept."
        )


def check_cancelling(state: MeetingState, reason: str) -> None:
    """A meeting is cancelled before it starts, with a reason."""
    if state not in {MeetingState.PREPARED, MeetingState.CALLED}:
        raise RuleBrokenError(f"The meeting is {state.value}; it can no longer be cancelled.")
    if not reason.strip():
        raise RuleBrokenError("Say why the meeting is cancelled. The reason is sent to everybody invited.")


# -- Minutes


def check_minutable(state: MeetingState, minutes: MinutesState) -> None:
    """Minutes and attendance are written from the start of a meeting until they are circulated."""
    if state is not MeetingState.HELD:
        raise RuleBrokenError("Minutes are taken once the meeting has started.")
    if minutes is MinutesState.APPROVED:
        raise RuleBrokenError("The minutes are approved; nothing changes them any more.")
    if minutes is MinutesState.CIRCULATED:
        raise RuleBrokenError("The minutes are circulated. Their text changes only by answering a correction.")


def check_attendance(state: MeetingState, minutes: MinutesState, *, corrected: bool) -> None:
    """Attendance changes while minutes are written; once circulated only where a correction to it was accepted."""
    if minutes is MinutesState.CIRCULATED and corrected:
        return
    check_minutable(state, minutes)


def check_tasks(state: MeetingState, minutes: MinutesState) -> None:
    """Tasks belong to the minutes and are assigned until these are approved."""
    if state is not MeetingState.HELD:
        raise RuleBrokenError("Tasks come out of a meeting once it has started.")
    if minutes is MinutesState.APPROVED:
        raise RuleBrokenError("The minutes are approved. Assign the task from the list of tasks instead.")


def check_circulating(
    state: MeetingState, minutes: MinutesState, items: Sequence[Minuted], presences: Sequence[Presence]
) -> None:
    """Minutes go out when every item and every person is accounted for; a vote's result speaks for its item."""
    check_minutable(state, minutes)
    bare = [str(item.position) for item in items if not item.minute.strip() and item.vote_id is None]
    if bare:
        raise RuleBrokenError(f"Write the minutes of every item first: {', '.join(bare)} are empty.")
    unmarked = sum(1 for presence in presences if presence is Presence.INVITED)
    if unmarked:
        raise RuleBrokenError(f"Record who was there first: {unmarked} of {len(presences)} people have no entry yet.")


def last_day_for_corrections(circulated_on: date) -> date:
    """The last day on which a correction is taken; both days in the cluster's calendar."""
    return circulated_on + timedelta(days=CORRECTION_DAYS)


def check_asking(minutes: MinutesState, until: date | None, today: date, text: str) -> None:
    """Corrections are asked for while the window runs."""
    if minutes is MinutesState.APPROVED:
        raise RuleBrokenError("The minutes are approved; nothing changes them any more.")
    if minutes is not MinutesState.CIRCULATED or until is None:
        raise RuleBrokenError("The minutes are not circulated yet.")
    if today > until:
        raise RuleBrokenError(f"Corrections were taken until {until.isoformat()}.")
    if not text.strip():
        raise RuleBrokenError("Say what should be corrected.")


def check_answering(minutes: MinutesState, *, answered: bool, accepted: bool, answer: str, lacks_text: bool) -> None:
    """A correction is answered once; refusing needs a reason, accepting the corrected text where an item has one."""
    if minutes is not MinutesState.CIRCULATED:
        raise RuleBrokenError(f"The minutes are {minutes.value}; corrections are answered while they are circulated.")
    if answered:
        raise RuleBrokenError("This correction has been answered already.")
    if accepted and lacks_text:
        raise RuleBrokenError("Write the corrected text of the item.")
    if not accepted and not answer.strip():
        raise RuleBrokenError("Say why the correction is not taken over. Whoever asked for it reads the reason.")


def check_approving(
    minutes: MinutesState, *, until: date | None, today: date, unanswered: int, undeclared: Sequence[int]
) -> None:
    """Minutes are approved when the window is over, every correction answered and every embedded vote declared."""
    if minutes is MinutesState.APPROVED:
        raise RuleBrokenError("The minutes are approved already.")
    if minutes is not MinutesState.CIRCULATED or until is None:
        raise RuleBrokenError("Circulate the minutes before they are approved.")
    if unanswered:
        raise RuleBrokenError(f"Answer the corrections first: {unanswered} wait.")
    if undeclared:
        places = ", ".join(str(position) for position in undeclared)
        raise RuleBrokenError(f"Declare the result of the vote on item {places} first; the minutes rest on it.")
    if today <= until:
        raise RuleBrokenError(
            f"Corrections can be asked for until {until.isoformat()}. Approve the minutes after that."
        )


def minutes_hash(content: Mapping[str, object]) -> str:
    """Hash of the canonical content of the minutes."""
    return digest({"format": FORMAT, **content})


# -- Who may


def acts(actor: Actor, *_: object) -> bool:
    """Everybody who acts as something in the cluster has a list of meetings, which shows what it may read."""
    return actor.hat is not HatKind.NONE


def may_manage(actor: Actor, *_: object) -> bool:
    """The secretariat prepares, calls and writes."""
    return actor.is_staff


def chairs(actor: Actor, meeting: Head) -> bool:
    """A chair presides over its own body and over the assembly."""
    return actor.has(Role.CHAIR) and (actor.body_id == meeting.body_id or meeting.body_kind is BodyKind.ASSEMBLY)


def takes_part(actor: Actor, body_id: int, kind: BodyKind) -> bool:
    """People of the body: every representative and seat holder for the assembly, the holders of its seats elsewhere."""
    if kind is BodyKind.ASSEMBLY:
        return actor.hat in {HatKind.MEMBER, HatKind.SEAT}
    return actor.hat is HatKind.SEAT and actor.body_id == body_id


def listens(actor: Actor, kind: BodyKind) -> bool:
    """Liaisons and officers (the observer among them) follow the assembly; auditors follow every body."""
    if actor.has(Role.AUDITOR):
        return True
    return kind is BodyKind.ASSEMBLY and actor.hat in {HatKind.LIAISON, HatKind.OFFICE}


def may_read(actor: Actor, meeting: Head) -> bool:
    """A called meeting is read by its body and those who follow it; before the call by secretariat and chair."""
    if actor.is_staff or chairs(actor, meeting):
        return True
    follows = takes_part(actor, meeting.body_id, meeting.body_kind) or listens(actor, meeting.body_kind)
    return meeting.called and follows


def may_read_minutes(actor: Actor, meeting: Head) -> bool:
    """Drafts: secretariat and chair; circulated: the people of the body and auditors too; approved: all who may read
    the meeting."""
    if actor.is_staff or chairs(actor, meeting):
        return True
    if meeting.minutes_state is MinutesState.APPROVED:
        return may_read(actor, meeting)
    if meeting.minutes_state is MinutesState.CIRCULATED:
        return takes_part(actor, meeting.body_id, meeting.body_kind) or actor.has(Role.AUDITOR)
    return False


def may_ask_correction(actor: Actor, meeting: Head) -> bool:
    """Representatives and seat holders of the body ask for corrections to minutes they can read."""
    if not actor.has(*CORRECTING_ROLES) or not takes_part(actor, meeting.body_id, meeting.body_kind):
        return False
    return may_read_minutes(actor, meeting)


def may_approve(actor: Actor, meeting: Head) -> bool:
    """The chair or the secretariat."""
    return actor.is_staff or chairs(actor, meeting)


def check_may_ask(actor: Actor, meeting: Head) -> None:
    """NotAllowedError for whoever does not belong to the body."""
    if not may_ask_correction(actor, meeting):
        raise NotAllowedError("Corrections are asked for by the people of the body that met.")
