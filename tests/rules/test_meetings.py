"""The life of meetings and minutes, without a database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from govern.bodies.rules import BodyKind
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import InputError, NotAllowedError, RuleBrokenError
from govern.meetings import rules
from govern.meetings.rules import MeetingState, MinutesState, Presence

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = date(2026, 11, 20)
GA, BOARD = 1, 2


@dataclass
class Item:
    position: int = 1
    purpose: str = "Decide"
    minute: str = ""
    vote_id: int | None = None


@dataclass
class Stored:
    called_at: datetime | None = None
    cancelled_at: datetime | None = None
    starts_at: datetime = NOW


@dataclass
class Head:
    body_id: int = BOARD
    body_kind: BodyKind = BodyKind.BOARD
    called: bool = True
    state: MeetingState = MeetingState.HELD
    minutes_state: MinutesState = MinutesState.DRAFT


ASSEMBLY = {"body_id": GA, "body_kind": BodyKind.ASSEMBLY}


def actor(hat, *roles, **given):
    return Actor(user_id=1, name="A", hat=hat, roles=frozenset(roles), **given)


DELEGATE = actor(HatKind.MEMBER, Role.DELEGATE, member_id=1)
DUES_CONTACT = actor(HatKind.MEMBER, Role.DUES_CONTACT, member_id=1)
SEAT = actor(HatKind.SEAT, Role.SEAT, seat_id=1, body_id=BOARD)
OTHER_SEAT = actor(HatKind.SEAT, Role.SEAT, seat_id=9, body_id=3)
CHAIR = actor(HatKind.SEAT, Role.SEAT, Role.CHAIR, seat_id=2, body_id=BOARD)
STAFF = actor(HatKind.STAFF, Role.SECRETARIAT)
AUDITOR = actor(HatKind.OFFICE, Role.AUDITOR)
OBSERVER = actor(HatKind.OFFICE, Role.OBSERVER)
LIAISON = actor(HatKind.LIAISON, Role.LIAISON, department_id=1)
NOBODY = actor(HatKind.NONE)
EVERYBODY = (DELEGATE, DUES_CONTACT, SEAT, OTHER_SEAT, CHAIR, STAFF, AUDITOR, OBSERVER, LIAISON, NOBODY)


@pytest.mark.parametrize(
    ("stored", "state"),
    [
        (Stored(), MeetingState.PREPARED),
        (Stored(called_at=NOW, starts_at=NOW + timedelta(seconds=1)), MeetingState.CALLED),
        (Stored(called_at=NOW, starts_at=NOW), MeetingState.HELD),
        (Stored(called_at=NOW, cancelled_at=NOW), MeetingState.CANCELLED),
        (Stored(starts_at=NOW - timedelta(days=1)), MeetingState.PREPARED),
    ],
)
def test_the_state_follows_from_acts_and_clock(stored, state):
    assert rules.state_of(stored, NOW) is state


AGENDA = (Item(),)


def call(days=7, reason="", items=AGENDA, participants=3, state=MeetingState.PREPARED):
    rules.check_call(
        state,
        BodyKind.BOARD,
        called_on=TODAY,
        meets_on=TODAY + timedelta(days=days),
        items=items,
        participants=participants,
        short_notice=reason,
    )


def test_notice_is_counted_in_full_days():
    call(days=7)
    with pytest.raises(RuleBrokenError, match="7 days of notice are asked for, and this call gives 6"):
        call(days=6)
    call(days=0, reason="All holders agreed by telephone.")
    with pytest.raises(RuleBrokenError, match="has passed"):
        call(days=-1, reason="never mind")


def test_a_call_needs_an_agenda_with_purposes_and_somebody_to_invite():
    with pytest.raises(RuleBrokenError, match="agenda is empty"):
        call(items=())
    with pytest.raises(RuleBrokenError, match="2, 3 have no purpose"):
        call(items=(Item(1), Item(2, " "), Item(3, "")))
    with pytest.raises(RuleBrokenError, match="Nobody can be invited"):
        call(participants=0)
    with pytest.raises(RuleBrokenError, match="no longer changes"):
        call(state=MeetingState.CALLED)


@pytest.mark.parametrize("title", ["Any other business", "AOB", " other matters. ", "Varia"])
def test_an_item_names_its_subject(title):
    with pytest.raises(RuleBrokenError, match="does not say"):
        rules.check_item(title)
    rules.check_item("Other clinics in the region")


def test_a_meeting_ends_after_it_starts():
    rules.check_period(NOW, NOW + timedelta(hours=24))
    with pytest.raises(InputError):
        rules.check_period(NOW, NOW)
    with pytest.raises(InputError):
        rules.check_period(NOW, NOW + timedelta(hours=24, seconds=1))


def test_minutes_go_out_when_items_and_people_are_accounted_for():
    here = [Presence.PRESENT, Presence.ABSENT]

    def circulate(items, presences=here, state=MeetingState.HELD, minutes=MinutesState.DRAFT):
        rules.check_circulating(state, minutes, items, presences)

    circulate([Item(minute="Agreed."), Item(2, vote_id=4)])
    with pytest.raises(RuleBrokenError, match="2 are empty"):
        circulate([Item(minute="Agreed."), Item(2, minute=" ")])
    with pytest.raises(RuleBrokenError, match="1 of 3 people"):
        circulate([Item(minute="Agreed.")], [*here, Presence.INVITED])
    with pytest.raises(RuleBrokenError, match="once the meeting has started"):
        circulate([Item(minute="Agreed.")], state=MeetingState.CALLED)
    with pytest.raises(RuleBrokenError, match="are circulated"):
        circulate([Item(minute="Agreed.")], minutes=MinutesState.CIRCULATED)


def test_corrections_are_taken_for_ten_days():
    until = rules.last_day_for_corrections(TODAY)
    assert until == date(2026, 11, 30)
    rules.check_asking(MinutesState.CIRCULATED, until, until, "21 days, not 14")
    for wrong in (
        (MinutesState.CIRCULATED, until, until + timedelta(days=1), "late"),
        (MinutesState.CIRCULATED, until, TODAY, "  "),
        (MinutesState.DRAFT, None, TODAY, "early"),
        (MinutesState.APPROVED, until, TODAY, "never"),
    ):
        with pytest.raises(RuleBrokenError):
            rules.check_asking(*wrong)


def test_a_correction_is_answered_once_with_a_text_or_a_reason():
    def answer(minutes=MinutesState.CIRCULATED, *, answered=False, accepted=True, text="", lacks=False):
        rules.check_answering(minutes, answered=answered, accepted=accepted, answer=text, lacks_text=lacks)

    answer()
    answer(accepted=False, text="The recording says 14.")
    for given in (
        {"answered": True},
        {"lacks": True},
        {"accepted": False},
        {"minutes": MinutesState.APPROVED},
    ):
        with pytest.raises(RuleBrokenError):
            answer(**given)


def test_minutes_are_approved_when_nothing_is_open():
    def approve(minutes=MinutesState.CIRCULATED, today=date(2026, 12, 1), unanswered=0, undeclared=()):
        until = date(2026, 11, 30)
        rules.check_approving(minutes, until=until, today=today, unanswered=unanswered, undeclared=undeclared)

    approve()
    with pytest.raises(RuleBrokenError, match="until 2026-11-30"):
        approve(today=date(2026, 11, 30))
    with pytest.raises(RuleBrokenError, match="2 wait"):
        approve(unanswered=2)
    with pytest.raises(RuleBrokenError, match="item 1, 3"):
        approve(undeclared=(1, 3))
    for minutes in (MinutesState.DRAFT, MinutesState.APPROVED):
        with pytest.raises(RuleBrokenError):
            approve(minutes)


def test_after_approval_nothing_changes():
    held, approved = MeetingState.HELD, MinutesState.APPROVED
    for refused in (
        lambda: rules.check_minutable(held, approved),
        lambda: rules.check_tasks(held, approved),
        lambda: rules.check_attendance(held, approved, corrected=True),
        lambda: rules.check_circulating(held, approved, [], []),
    ):
        with pytest.raises(RuleBrokenError):
            refused()
    rules.check_tasks(held, MinutesState.CIRCULATED)
    rules.check_attendance(held, MinutesState.CIRCULATED, corrected=True)
    with pytest.raises(RuleBrokenError):
        rules.check_attendance(held, MinutesState.CIRCULATED, corrected=False)


def test_the_hash_tells_any_change():
    content = {"items": [{"minute": "Agreed."}]}
    assert rules.minutes_hash(content) == rules.minutes_hash({"items": [{"minute": "Agreed."}]})
    assert rules.minutes_hash(content) != rules.minutes_hash({"items": [{"minute": "Agreed"}]})


def who(rule, **head):
    return {each for each in EVERYBODY if rule(each, Head(**head))}


def test_who_reads_meetings():
    assert who(rules.may_read) == {SEAT, CHAIR, STAFF, AUDITOR}
    assert who(rules.may_read, called=False) == {CHAIR, STAFF}
    assert who(rules.may_read, **ASSEMBLY) == set(EVERYBODY) - {NOBODY}
    assert who(rules.may_read, called=False, **ASSEMBLY) == {CHAIR, STAFF}


def test_who_reads_minutes():
    circulated, approved = MinutesState.CIRCULATED, MinutesState.APPROVED
    assert who(rules.may_read_minutes) == {CHAIR, STAFF}
    assert who(rules.may_read_minutes, minutes_state=circulated) == {SEAT, CHAIR, STAFF, AUDITOR}
    assert who(rules.may_read_minutes, minutes_state=approved) == {SEAT, CHAIR, STAFF, AUDITOR}
    inside = {DELEGATE, DUES_CONTACT, SEAT, OTHER_SEAT, CHAIR, STAFF, AUDITOR}
    assert who(rules.may_read_minutes, minutes_state=circulated, **ASSEMBLY) == inside
    assert who(rules.may_read_minutes, minutes_state=approved, **ASSEMBLY) == inside | {OBSERVER, LIAISON}


def test_who_asks_for_corrections_and_who_approves():
    circulated = {"minutes_state": MinutesState.CIRCULATED}
    assert who(rules.may_ask_correction, **circulated) == {SEAT, CHAIR}
    assert who(rules.may_ask_correction, **circulated, **ASSEMBLY) == {DELEGATE, SEAT, OTHER_SEAT, CHAIR}
    assert who(rules.may_ask_correction) == {CHAIR}
    with pytest.raises(NotAllowedError):
        rules.check_may_ask(DELEGATE, Head(**circulated))
    assert who(rules.may_approve) == {CHAIR, STAFF}
    assert who(rules.may_approve, **ASSEMBLY) == {CHAIR, STAFF}
    assert who(rules.may_approve, body_id=3) == {STAFF}
