"""Lists of meetings, and what they ask of whom."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from govern.bodies.rules import BodyKind
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.meetings import actions, queries
from govern.meetings.models import AgendaItem
from govern.meetings.rules import ItemKind
from tests import factories as make
from tests.areas.meetings_material import START, found, minute, plan

AFTER = START + timedelta(hours=3)


@pytest.fixture
def house(app, at_d):
    return found()


def test_needs_you_and_the_next_meeting(house, at_d):
    def needs(name):
        statement = queries.needs_you(house[name])
        return sorted((row.kind, row.title, row.due_on) for row in db.session.execute(statement))

    plan(house, title="Not called")
    board, assembly = plan(house), plan(house, body=house.assembly, start=START + timedelta(days=1), title="Assembly")
    far = plan(house, body=house.assembly, start=at_d + timedelta(days=15), title="Far away")
    for meeting in (board, assembly, far):
        actions.call_meeting(house["staff"], meeting)
    assert needs("grace") == [("meeting", "Assembly", None)]
    assert needs("hana_seat") == needs("staff") == [("meeting", "Assembly", None), ("meeting", "Board meeting", None)]
    assert queries.find_next_meeting(house["grace"]).id == assembly.id
    assert queries.find_next_meeting(house["chair"]).id == board.id
    liaison = make.actor_of(make.user(), HatKind.LIAISON, Role.LIAISON, department_id=1)
    assert queries.find_next_meeting(liaison).id == assembly.id
    observer = make.actor_of(make.user(), HatKind.OFFICE, Role.OBSERVER)
    assert queries.needs_you(observer) is None
    assert queries.needs_you(make.actor_of(make.user())) is None
    with clock.frozen_at(AFTER):
        minute(house, board)
        actions.circulate(house["staff"], board)
        until = date(2026, 12, 10)
        assert ("minutes", "Board meeting", until) in needs("owen_seat")
        assert not [row for row in needs("staff") + needs("grace") if row[0] == "minutes"]
        asked = actions.ask_correction(house["chair"], board, text="A word.")
        assert ("minutes", "Board meeting", until) in needs("staff")
        actions.answer_correction(house["staff"], asked, accepted=False, answer="No.")
        assert not [row for row in needs("staff") if row[0] == "minutes"]
    with clock.frozen_at(AFTER + timedelta(days=11)):
        assert not [row for row in needs("owen_seat") if row[0] == "minutes"]
        assert ("minutes", "Board meeting", until) in needs("staff")


def test_lists_show_what_may_be_read(house, at_d):
    committee = make.body("STD", "Standards committee", BodyKind.COMMITTEE)
    seat = make.seat(committee, 1, "Standards committee: chair")
    make.seat_holder(seat, "Ivo")
    planned, board = plan(house, title="Planned"), plan(house)
    assembly = plan(house, body=house.assembly, title="Assembly 100%")
    closed = plan(house, body=committee, title="Committee")
    for meeting in (board, assembly, closed):
        actions.call_meeting(house["staff"], meeting)

    def listed(actor, **given):
        return {meeting.title for meeting, _body in queries.list_meetings(actor, **given)}

    everything = {planned.title, board.title, assembly.title, closed.title}
    assert listed(house["staff"]) == everything
    assert listed(house["chair"]) == everything - {closed.title}
    assert listed(house["owen_seat"]) == {board.title, assembly.title}
    assert listed(house["grace"]) == {assembly.title}
    auditor = make.actor_of(make.user(), HatKind.OFFICE, Role.AUDITOR)
    assert listed(auditor) == everything - {planned.title}
    assert listed(make.actor_of(make.user(), HatKind.LIAISON, Role.LIAISON)) == {assembly.title}
    assert listed(make.actor_of(make.user())) == set()
    assert listed(house["staff"], q="standards") == {closed.title}
    assert listed(house["staff"], q="100%") == {assembly.title}
    assert queries.count_views(house["staff"]) == (4, 0)
    with clock.frozen_at(START + timedelta(hours=2)):
        assert queries.count_views(house["staff"]) == (0, 4)


def test_positions_hold_on_both_engines(house):
    meeting = plan(house, agenda=())
    for number in range(12):
        actions.add_item(house["staff"], meeting, title=f"Item {number}", kind=ItemKind.DISCUSSION, purpose="P")
    for item in list(queries.list_items(meeting.id))[::3]:
        actions.remove_item(house["staff"], item)
    positions = db.session.scalars(select(AgendaItem.position).order_by(AgendaItem.position)).all()
    assert positions == list(range(1, 9))
