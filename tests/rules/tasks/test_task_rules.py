"""Who may do what to a task, and when."""

from datetime import date
from types import SimpleNamespace

import pytest

from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import NotAllowedError, RuleBrokenError
from govern.tasks import rules
from govern.tasks.rules import Deed, TaskState

STAFF = Actor(1, "Petra", HatKind.STAFF, "staff", "Secretariat", frozenset({Role.SECRETARIAT}))
DELEGATE = Actor(2, "Hana", HatKind.MEMBER, "member:5", "Lumen", frozenset({Role.DELEGATE}), member_id=5)
DUES = Actor(3, "Teresa", HatKind.MEMBER, "member:5", "Lumen", frozenset({Role.DUES_CONTACT}), member_id=5)
SEAT = Actor(4, "Irene", HatKind.SEAT, "seat:1", "Chair", frozenset({Role.CHAIR}), seat_id=1)
OBSERVER = Actor(5, "Ines", HatKind.OFFICE, "office", "Observer", frozenset({Role.OBSERVER}))
LIAISON = Actor(6, "Helena", HatKind.LIAISON, "liaison:1", "Tourism", frozenset({Role.LIAISON}), department_id=1)


def test_the_owner_answers_and_nobody_else():
    assert rules.deeds_of(DELEGATE, 5) == rules.OWNER_DEEDS
    assert rules.deeds_of(DELEGATE, 6) == rules.deeds_of(DELEGATE, None) == frozenset()
    assert rules.deeds_of(DUES, 5) == rules.deeds_of(SEAT, 5) == rules.deeds_of(LIAISON, 5) == frozenset()


def test_the_secretariat_does_not_answer_in_a_members_name():
    assert not {Deed.ACCEPT, Deed.DECLINE} & rules.deeds_of(STAFF, 5)
    assert {Deed.ACCEPT, Deed.DECLINE} < rules.deeds_of(STAFF, None)


@pytest.mark.parametrize(
    ("deed", "before", "after"),
    [
        (Deed.ACCEPT, TaskState.OPEN, TaskState.ACCEPTED),
        (Deed.DECLINE, TaskState.ACCEPTED, TaskState.DECLINED),
        (Deed.COMPLETE, TaskState.OPEN, TaskState.DONE),
        (Deed.REOPEN, TaskState.DONE, TaskState.OPEN),
    ],
)
def test_the_owners_moves(deed, before, after):
    assert rules.check_deed(DELEGATE, 5, before, deed, "because") is after


@pytest.mark.parametrize("deed", [Deed.ACCEPT, Deed.DECLINE, Deed.COMPLETE])
def test_an_ended_task_takes_no_answer(deed):
    for state in rules.ENDED:
        with pytest.raises(RuleBrokenError, match=state.value):
            rules.check_deed(DELEGATE, 5, state, deed, "because")


def test_declining_needs_a_reason():
    with pytest.raises(RuleBrokenError, match="Say why"):
        rules.check_deed(DELEGATE, 5, TaskState.OPEN, Deed.DECLINE, "  ")


def test_others_are_refused_by_the_rule_itself():
    with pytest.raises(NotAllowedError):
        rules.check_deed(DELEGATE, 6, TaskState.OPEN, Deed.COMPLETE)


def test_every_state_has_a_way_on():
    for state in TaskState:
        assert any(state in starts for starts, _to in rules.TRANSITIONS.values()), state


def test_overdue_begins_the_day_after():
    due = date(2026, 11, 20)
    assert not rules.is_overdue(TaskState.OPEN, due, due)
    assert rules.is_overdue(TaskState.ACCEPTED, due, date(2026, 11, 21))
    assert not rules.is_overdue(TaskState.DONE, due, date(2026, 11, 21))


def test_who_reads():
    assert all(rules.may_read(actor) for actor in (STAFF, DELEGATE, DUES, SEAT))
    assert not rules.may_read(OBSERVER)
    assert not rules.may_read(LIAISON)
    assert rules.may_answer(DELEGATE, SimpleNamespace(member_id=5))
    assert not rules.may_answer(STAFF, SimpleNamespace(member_id=5))
    assert rules.may_report(STAFF, SimpleNamespace(member_id=5))
