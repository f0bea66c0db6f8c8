"""Meetings and minutes through their actions."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from govern.audit.models import AuditEntry
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.errors import InputError, NotAllowedError, RuleBrokenError
from govern.meetings import actions, queries
from govern.meetings.rules import ItemKind, MinutesState, Presence
from govern.notifications.models import Mail
from govern.tasks import actions as tasks
from govern.tasks.queries import tasks_of
from govern.votes import actions as votes
from govern.votes.models import Decision
from govern.votes.rules import Choice
from tests.areas.meetings_material import START, circulated, found, hold, minute, plan

AFTER = START + timedelta(hours=3)


@pytest.fixture
def house(app, at_d):
    return found()


def titles(meeting):
    return [(item.position, item.title) for item in queries.list_items(meeting.id)]


def mails(prefix):
    statement = select(Mail.to, Mail.subject).where(Mail.key.startswith(prefix)).order_by(Mail.id)
    return db.session.execute(statement).all()


def test_the_agenda_is_ordered_until_the_call(house):
    meeting = plan(house)
    third = actions.add_item(house["staff"], meeting, title="Reserve", kind=ItemKind.DISCUSSION, purpose="Agree.")
    actions.move_item(house["staff"], third, up=True)
    actions.move_item(house["staff"], third, up=True)
    actions.move_item(house["staff"], third, up=True)
    assert titles(meeting) == [(1, "Reserve"), (2, "Room for the secretariat"), (3, "Calendar")]
    actions.move_item(house["staff"], third, up=False)
    assert [title for _n, title in titles(meeting)] == ["Room for the secretariat", "Reserve", "Calendar"]
    actions.remove_item(house["staff"], queries.list_items(meeting.id)[0])
    assert titles(meeting) == [(1, "Reserve"), (2, "Calendar")]
    actions.change_item(
        house["staff"], third, title="Reserve 2027", kind=third.kind, purpose="Agree.", minutes_planned=5, vote_id=None
    )
    actions.call_meeting(house["staff"], meeting)
    for refused in (
        lambda: actions.move_item(house["staff"], third, up=True),
        lambda: actions.remove_item(house["staff"], third),
        lambda: actions.add_item(house["staff"], meeting, title="Late", kind=ItemKind.DISCUSSION),
    ):
        with pytest.raises(RuleBrokenError, match="no longer changes"):
            refused()


def test_the_call_invites_seat_holders_once_and_tells_them(house):
    meeting = plan(house)
    actions.call_meeting(house["staff"], meeting)
    invited = [(line.name, line.organisation, line.presence) for line in queries.list_attendance(meeting.id)]
    assert invited == [
        ("Irene", "independent chair", Presence.INVITED),
        ("Hana", "Clinic M01", Presence.INVITED),
        ("Owen", "Clinic M02", Presence.INVITED),
    ]
    sent = mails("meeting-called")
    assert len(sent) == 3
    assert sent[0].subject == "Notice: Board meeting, Mon 30 Nov 2026, 14:00 (Europe/Lisbon)"
    letter = db.session.scalars(select(Mail.text).where(Mail.key.startswith("meeting-called"))).first()
    assert "1. Room for the secretariat\n   Choose between two offers." in letter
    logged = db.session.scalars(select(AuditEntry.action).where(AuditEntry.object_kind == "meeting")).all()
    assert logged == ["meeting.planned", "meeting.called"]


def test_the_assembly_invites_the_delegates_of_its_members(house):
    meeting = plan(house, body=house.assembly)
    actions.call_meeting(house["staff"], meeting)
    assert [line.name for line in queries.list_attendance(meeting.id)] == ["Hana", "Owen", "Grace"]
    assert {line.member_id for line in queries.list_attendance(meeting.id)} == set(house.members.values())


def test_a_short_notice_needs_a_reason_that_is_kept(house, at_d):
    meeting = plan(house, start=at_d + timedelta(days=3))
    with pytest.raises(RuleBrokenError, match="gives 3"):
        actions.call_meeting(house["staff"], meeting)
    actions.call_meeting(house["staff"], meeting, short_notice="All holders agreed.")
    assert meeting.short_notice == "All holders agreed."
    later = plan(house)
    actions.call_meeting(house["staff"], later, short_notice="not needed")
    assert later.short_notice == ""


def test_a_cancelled_meeting_tells_whoever_was_invited(house):
    meeting = plan(house)
    actions.call_meeting(house["staff"], meeting)
    with pytest.raises(RuleBrokenError, match="Say why"):
        actions.cancel_meeting(house["staff"], meeting, reason=" ")
    actions.cancel_meeting(house["staff"], meeting, reason="No quorum to be expected.")
    assert len(mails("meeting-cancelled")) == 3
    assert queries.find_next_meeting(house["chair"]) is None


def test_attendance_takes_alternates_and_guests(house):
    with clock.frozen_at(AFTER):
        meeting = hold(house)
        line = queries.list_attendance(meeting.id)[0]
        actions.record_attendance(house["staff"], meeting, {line.id: Presence.EXCUSED, 9999: Presence.ABSENT})
        guest = {"name": "Ana Brito", "organisation": "Agency", "presence": Presence.ONLINE}
        added = actions.add_attendee(house["staff"], meeting, **guest)
        with pytest.raises(InputError, match="on the list already"):
            actions.add_attendee(house["staff"], meeting, **guest)
        assert [each.presence for each in queries.list_attendance(meeting.id)] == [
            Presence.EXCUSED,
            Presence.INVITED,
            Presence.INVITED,
            Presence.ONLINE,
        ]
        actions.remove_attendee(house["staff"], added)
        assert len(queries.list_attendance(meeting.id)) == 3


def test_minutes_wait_for_the_meeting_and_for_everything_to_be_there(house):
    meeting = plan(house)
    actions.call_meeting(house["staff"], meeting)
    item = queries.list_items(meeting.id)[0]
    with pytest.raises(RuleBrokenError, match="once the meeting has started"):
        actions.write_minute(house["staff"], item, "Too early.")
    with clock.frozen_at(AFTER):
        with pytest.raises(RuleBrokenError, match="1, 2 are empty"):
            actions.circulate(house["staff"], meeting)
        minute(house, meeting)
        actions.circulate(house["staff"], meeting)
    assert meeting.minutes_state is MinutesState.CIRCULATED
    assert meeting.corrections_until == date(2026, 12, 10)
    assert len(mails("minutes-circulated")) == 3


def test_a_task_out_of_an_item_knows_where_it_comes_from(house):
    with clock.frozen_at(AFTER):
        meeting = hold(house)
        item = queries.list_items(meeting.id)[1]
        due = date(2026, 12, 15)
        actions.assign_task(house["staff"], item, title="Send the dates", due_on=due, member_id=house.members["M03"])
        task = tasks_of("agenda_item", item.id)[0].Task
        tasks.reassign(house["staff"], task, member_id=house.members["M01"], due_on=date(2027, 1, 10))
        [agreed] = queries.get_item_line(house["staff"], item).agreed
    assert (agreed.title, agreed.owner, agreed.due_on) == ("Send the dates", "Clinic M03", due)
    [row] = tasks_of("agenda_item", item.id)
    assert (row.Task.title, row.owner, row.Task.source_label) == (
        "Send the dates",
        "Clinic M01",
        "Board meeting, item 2: Calendar",
    )


def test_a_correction_changes_the_text_and_keeps_both(house):
    with clock.frozen_at(AFTER):
        meeting = circulated(house)
        item = queries.list_items(meeting.id)[0]
        with pytest.raises(NotAllowedError):
            actions.ask_correction(house["grace"], meeting, text="I was not there", item=item)
        asked = actions.ask_correction(house["hana_seat"], meeting, text="Offer B, not A.", item=item)
        assert len(mails("correction-asked")) == 1
        with pytest.raises(RuleBrokenError, match="Their text changes only by answering a correction"):
            actions.write_minute(house["staff"], item, "Behind their backs.")
        with pytest.raises(RuleBrokenError, match="corrected text"):
            actions.answer_correction(house["staff"], asked, accepted=True)
        actions.answer_correction(house["staff"], asked, accepted=True, new_text="Offer B was chosen.")
        assert (asked.text_before, asked.text_after) == ("Minutes of Room for the secretariat.", "Offer B was chosen.")
        assert item.minute == "Offer B was chosen."
        with pytest.raises(RuleBrokenError, match="answered already"):
            actions.answer_correction(house["staff"], asked, accepted=False, answer="no")
        people = actions.ask_correction(house["chair"], meeting, text="Owen was online.")
        line = queries.list_attendance(meeting.id)[2]
        with pytest.raises(RuleBrokenError):
            actions.record_attendance(house["staff"], meeting, {line.id: Presence.ONLINE})
        actions.answer_correction(house["staff"], people, accepted=True)
        actions.record_attendance(house["staff"], meeting, {line.id: Presence.ONLINE})
    with clock.frozen_at(AFTER + timedelta(days=11)), pytest.raises(RuleBrokenError, match="until 2026-12-10"):
        actions.ask_correction(house["chair"], meeting, text="too late")


def test_I11_approved_minutes_never_change(house):
    with clock.frozen_at(AFTER):
        meeting = circulated(house)
        asked = actions.ask_correction(house["chair"], meeting, text="A word.", item=queries.list_items(meeting.id)[0])
        with pytest.raises(RuleBrokenError, match="1 wait"):
            actions.approve(house["staff"], meeting)
        actions.answer_correction(house["staff"], asked, accepted=False, answer="The recording says otherwise.")
        with pytest.raises(RuleBrokenError, match="until 2026-12-10"):
            actions.approve(house["staff"], meeting)
    with clock.frozen_at(AFTER + timedelta(days=11)):
        actions.approve(house["chair"], meeting)
        item, line = queries.list_items(meeting.id)[0], queries.list_attendance(meeting.id)[0]
        for refused in (
            lambda: actions.write_minute(house["staff"], item, "Later."),
            lambda: actions.record_attendance(house["staff"], meeting, {line.id: Presence.ABSENT}),
            lambda: actions.remove_attendee(house["staff"], line),
            lambda: actions.circulate(house["staff"], meeting),
            lambda: actions.approve(house["staff"], meeting),
            lambda: actions.ask_correction(house["chair"], meeting, text="Later.", item=item),
            lambda: actions.assign_task(house["staff"], item, title="T", due_on=date(2026, 12, 30), member_id=None),
        ):
            with pytest.raises(RuleBrokenError):
                refused()
    assert len(meeting.minutes_hash) == 64
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "minutes.approved")).one()
    assert meeting.minutes_hash in entry.payload.decode()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE agenda_item SET minute = 'Offer A was chosen.'",
        "UPDATE attendance SET presence = 'absent'",
        "UPDATE meeting SET approved_by = 'Nobody'",
        "DELETE FROM attendance",
        "UPDATE action_item SET owner = 'Clinic M02'",
    ],
)
def test_I11_whoever_changes_approved_minutes_is_found_out(house, change):
    with clock.frozen_at(AFTER):
        meeting = circulated(house)
        item = queries.list_items(meeting.id)[0]
        due = date(2026, 12, 15)
        actions.assign_task(house["staff"], item, title="Sign the lease", due_on=due, member_id=house.members["M01"])
    with clock.frozen_at(AFTER + timedelta(days=11)):
        actions.approve(house["staff"], meeting)
    assert queries.check_minutes().faults == ()
    db.session.flush()
    db.session.execute(text(change))
    db.session.expire_all()
    found_out = queries.check_minutes()
    assert found_out.count == 1
    assert f"minutes of meeting {meeting.id} (Board meeting) no longer match" in found_out.faults[0]


def vote_on(house, *, recusals=None):
    """An open vote of the board on an admission, closing after an hour."""
    rule = {
        "criteria": [
            {"name": "seats", "count": "heads", "base": "cast", "threshold": "1/2", "comparison": "more_than"}
        ],
        "quorum": [],
    }
    profile = votes.adopt_profile(
        house["staff"],
        code="admission",
        name="Admission",
        body=house.board,
        rule=rule,
        counting="heads",
        opening_days=0,
        review_days=0,
        source="article 7",
        in_force_from=date(2020, 1, 1),
    )
    motion = votes.draft_motion(house["staff"], title="Admit X", text="X is admitted.", mover="Board", subjects=[])
    vote = votes.prepare_vote(house["staff"], motion, profile)
    votes.open_vote(house["staff"], vote, closes_at=clock.now() + timedelta(hours=1), recusals=recusals or {})
    return vote


def test_a_decision_item_embeds_its_vote_and_waits_for_its_declaration(house):
    with clock.frozen_at(START + timedelta(minutes=5)):
        meeting = hold(house)
        decision_item, other = queries.list_items(meeting.id)
        vote = vote_on(house)
        with pytest.raises(InputError, match="Only a decision item"):
            actions.attach_vote(house["staff"], other, vote.id)
        actions.attach_vote(house["staff"], decision_item, vote.id)
        with pytest.raises(RuleBrokenError, match="has its vote already"):
            actions.attach_vote(house["staff"], decision_item, vote.id)
        votes.cast_ballot(house["chair"], vote, Choice.YES)
    with clock.frozen_at(AFTER):
        minute(house, meeting)
        actions.circulate(house["staff"], meeting)
        [row] = queries.items_of_vote(vote.id)
        assert (row.meeting_id, row.meeting_title, row.title, row.minutes_state) == (
            meeting.id,
            "Board meeting",
            "Room for the secretariat",
            "circulated",
        )
        assert row.minute == ""  # not approved, and nobody in particular reads
        assert queries.items_of_vote(vote.id, house["grace"]) == []
        for name in ("hana_seat", "chair", "staff"):
            assert queries.items_of_vote(vote.id, house[name])[0].minute == "Minutes of Room for the secretariat."
    with clock.frozen_at(AFTER + timedelta(days=11)):
        with pytest.raises(RuleBrokenError, match="item 1 first"):
            actions.approve(house["staff"], meeting)
        decision = votes.declare(house["staff"], vote)
        actions.approve(house["staff"], meeting)
        assert queries.items_of_vote(vote.id)[0].minute == "Minutes of Room for the secretariat."
        assert queries.check_minutes().faults == ()
        db.session.execute(db.update(Decision).where(Decision.id == decision.id).values(result_hash="0" * 64))
        assert len(queries.check_minutes().faults) == 1


def test_an_item_embeds_votes_of_its_own_body(house):
    vote = vote_on(house)
    meeting = plan(house, body=house.assembly)
    with pytest.raises(RuleBrokenError, match="another body"):
        actions.add_item(house["staff"], meeting, title="Admission", kind=ItemKind.DECISION, vote_id=vote.id)


def test_I5_the_recused_see_no_papers_of_the_item(house):
    seat = house.seats["hana_seat"]
    with clock.frozen_at(START + timedelta(minutes=5)):
        meeting = hold(house)
        vote = vote_on(house, recusals={f"S{seat}": "competitor"})
        actions.attach_vote(house["staff"], queries.list_items(meeting.id)[0], vote.id)
        hidden = {name: queries.list_item_lines(house[name], meeting.id)[0].hidden for name in house.hats}
    assert hidden == {
        "staff": False,
        "hana": True,
        "hana_seat": True,
        "owen": False,
        "owen_seat": False,
        "grace": False,
        "chair": False,
    }
