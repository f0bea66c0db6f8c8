"""The clock of a department: pure computation from stored acts and an instant."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.clock import at_local
from govern.kernel.errors import RuleBrokenError
from govern.reviews import rules
from govern.reviews.rules import Answer, EffectState, Ground, ReviewState

ZONE = "Europe/Lisbon"
DAY_0 = date(2026, 10, 20)  # summer time ends on day 5
NOTIFIED = at_local(DAY_0, datetime(2026, 1, 1, 17, 5).time(), ZONE)  # noqa: DTZ001 - a wall clock time
END = datetime(2026, 11, 5, 0, 0, tzinfo=UTC)


@dataclass
class Stored:
    days: int = 15
    notified_at: datetime = NOTIFIED
    ends_at: datetime = END
    answer: Answer | None = None
    answered_at: datetime | None = None


@dataclass
class Asked:
    asked_at: datetime
    answered_at: datetime | None = None


def on_day(number, hour=12):
    return at_local(DAY_0 + timedelta(days=number), datetime(2026, 1, 1, hour).time(), ZONE)  # noqa: DTZ001


def read(stored, now, *pauses):
    clock = rules.clock_of(stored, pauses, now, ZONE)
    return clock.used, clock.left, clock.last_day


def test_L01_the_end_is_24_00_local_of_the_last_calendar_day():
    assert rules.end_of(NOTIFIED, 15, 0, ZONE) == END
    assert rules.end_of(on_day(0, 0), 15, 0, ZONE) == rules.end_of(on_day(0, 23), 15, 0, ZONE) == END
    assert rules.end_of(NOTIFIED, 15, 0, "Asia/Tokyo") == datetime(2026, 11, 5, 15, 0, tzinfo=UTC)


def test_the_last_second_counts_and_the_next_does_not():
    stored = Stored()
    assert rules.state_of(stored, (), END - timedelta(microseconds=1)) is ReviewState.RUNNING
    assert rules.state_of(stored, (), END) is ReviewState.DEEMED


def test_L03_asked_on_day_6_answered_on_day_13():
    asked, answered = on_day(6), on_day(13)
    waiting, done = Asked(asked), Asked(asked, answered)
    assert read(Stored(), on_day(9), waiting)[:2] == (6, 9)
    assert rules.state_of(Stored(), (waiting,), on_day(40)) is ReviewState.PAUSED
    moved = rules.end_of(NOTIFIED, 15, rules.paused_days((done,), answered, ZONE), ZONE)
    assert moved - END == timedelta(days=7)
    assert read(Stored(ends_at=moved), answered, done) == (6, 9, DAY_0 + timedelta(days=22))
    assert rules.clock_of(Stored(ends_at=moved), (done,), answered, ZONE).moved == 7


def test_I17_the_running_intervals_add_up():
    pauses = (Asked(on_day(2), on_day(5)), Asked(on_day(5), on_day(5, 18)), Asked(on_day(9), on_day(11)))
    moved = rules.paused_days(pauses, on_day(20), ZONE)
    assert moved == 5
    stored = Stored(ends_at=rules.end_of(NOTIFIED, 15, moved, ZONE))
    for day in range(12, 21):
        used, left, last = read(stored, on_day(day), *pauses)
        assert (used, left, last) == (day - 5, 15 - (day - 5), DAY_0 + timedelta(days=20))


def test_L04_silence_is_deemed_and_shows_every_day_used():
    assert read(Stored(), on_day(300)) == (15, 0, DAY_0 + timedelta(days=15))
    assert rules.state_of(Stored(), (), on_day(300)) is ReviewState.DEEMED
    assert rules.is_late(ReviewState.DEEMED)
    assert not rules.is_late(ReviewState.RUNNING)


def test_an_answer_stops_the_clock_where_it_stood():
    stored = Stored(answer=Answer.NO_OBJECTION, answered_at=on_day(4))
    assert read(stored, on_day(200))[:2] == (4, 11)
    paused = Stored(answer=Answer.OBJECTED, answered_at=on_day(9))
    assert read(paused, on_day(200), Asked(on_day(6)))[:2] == (6, 9)


def test_an_objection_needs_a_ground_of_the_list_and_a_remedy():
    with pytest.raises(RuleBrokenError, match="ground"):
        rules.check_answer(ReviewState.RUNNING, Answer.OBJECTED, None, "open call")
    with pytest.raises(RuleBrokenError, match="remove"):
        rules.check_answer(ReviewState.PAUSED, Answer.OBJECTED, Ground.EQUAL_ACCESS, "  ")
    rules.check_answer(ReviewState.RUNNING, Answer.OBJECTED, Ground.EQUAL_ACCESS, "open call")
    rules.check_answer(ReviewState.DEEMED, Answer.NO_OBJECTION, None, "")
    with pytest.raises(RuleBrokenError, match="already"):
        rules.check_answer(ReviewState.OBJECTED, Answer.NO_OBJECTION, None, "")


def test_a_question_needs_a_running_clock():
    for state in set(ReviewState) - {ReviewState.RUNNING}:
        with pytest.raises(RuleBrokenError):
            rules.check_question(state, "Who pays?")
    with pytest.raises(RuleBrokenError, match="want to know"):
        rules.check_question(ReviewState.RUNNING, " ")
    with pytest.raises(RuleBrokenError, match="No question"):
        rules.check_reply(waiting=False, reply="yes")


def test_effect_is_the_worst_of_its_parts():
    good = rules.effect_of(Stored(), ReviewState.DEEMED)
    open_ = rules.effect_of(Stored(), ReviewState.RUNNING)
    held = rules.effect_of(Stored(answered_at=on_day(9)), ReviewState.OBJECTED)
    assert (good.state, good.at) == (EffectState.EFFECTIVE, END)
    assert (open_.state, open_.at) == (EffectState.UNDER_REVIEW, END)
    assert rules.worst([good, held, open_]) == held
    waiting = rules.effect_of(Stored(), ReviewState.PAUSED)
    assert rules.worst([open_, waiting, good]).at is None
    effect = rules.Effect({"L2": open_, "L3": held})
    assert effect.of("L1").state is EffectState.EFFECTIVE
    assert effect.overall is held or effect.overall == held
    assert rules.Effect().overall.state is EffectState.EFFECTIVE


def test_a_liaison_acts_in_its_own_scope_only():
    tourism = Actor(1, "Helena", HatKind.LIAISON, "liaison:1", "T", frozenset({Role.LIAISON}), department_id=1)
    staff = Actor(2, "Petra", HatKind.STAFF, "staff", "S", frozenset({Role.SECRETARIAT}))
    observer = Actor(3, "Ines", HatKind.OFFICE, "office", "O", frozenset({Role.OBSERVER}))
    own, other = SimpleNamespace(department_id=1), SimpleNamespace(department_id=2)
    assert rules.may_answer(tourism, own)
    assert not rules.may_answer(tourism, other)
    assert not rules.may_answer(staff, own)
    assert rules.may_read(tourism, other)
    assert not rules.may_read(observer)
    assert rules.may_reply(staff)
    assert not rules.may_reply(tourism)


def test_transitions_name_every_state():
    assert set(rules.TRANSITIONS) == set(ReviewState)
    assert all(not rules.TRANSITIONS[state] for state in set(ReviewState) - rules.OPEN)
