"""Casting a ballot: until when, by whom, how often, at what cost - and in a crowd."""

import threading
from contextvars import copy_context
from datetime import UTC, datetime, timedelta

import pytest

from govern import database
from govern.accounts.actions import end_appointment
from govern.accounts.models import Appointment
from govern.audit.models import AuditEntry
from govern.bodies.rules import BodyKind
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import NotAllowedError, NotFoundError, RuleBrokenError
from govern.members.rules import MemberStatus
from govern.votes import actions, queries, rules
from govern.votes.models import Ballot, Elector
from govern.votes.rules import VoteState
from tests import factories
from tests.areas import votes_material as story
from tests.areas.votes_material import ABSTAIN, NO, YES
from tests.client import counted_statements

TICK = timedelta(microseconds=1)
pytestmark = pytest.mark.usefixtures("at_d")


def opened(house, **given):
    return story.open_now(house, story.prepare(house, story.adopt(house, story.simple())), **given)


def ballots(vote):
    rows = db.session.execute(db.select(Elector.code, Ballot.choice).join(Ballot).where(Ballot.vote_id == vote.id))
    return dict(rows.all())


@pytest.mark.usefixtures("app")
def test_the_last_microsecond_counts_and_the_next_does_not():
    house = story.found(members=["M01", "M02"], weights=False)
    vote = opened(house)
    with clock.frozen_at(vote.closes_at - TICK):
        actions.cast_ballot(house.delegate("M01"), vote, YES)
    for instant in (vote.closes_at, vote.closes_at + TICK):
        with clock.frozen_at(instant):
            assert rules.state_of(vote, clock.now()) is VoteState.CLOSED
            for code in ("M01", "M02"):
                with pytest.raises(RuleBrokenError, match="has closed"):
                    actions.cast_ballot(house.delegate(code), vote, NO)
    assert ballots(vote) == {"M01": YES}


@pytest.mark.usefixtures("app")
def test_changing_replaces_the_one_ballot_and_leaves_two_entries_without_the_choice():
    house = story.found(members=["M01", "M02"], weights=False)
    vote = opened(house)
    receipts = [actions.cast_ballot(house.delegate("M01"), vote, choice) for choice in (YES, NO)]
    ballot = db.session.scalars(db.select(Ballot)).one()
    assert (ballot.choice, ballot.receipt) == (NO, receipts[1])
    committed = rules.commitment(vote.id, "M01", NO, ballot.salt)
    assert rules.receipt(committed) == ballot.receipt
    entries = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action.like("ballot.%"))).all()
    assert [entry.action for entry in entries] == ["ballot.cast", "ballot.replaced"]
    assert committed.encode() in entries[1].payload
    assert not any(word in entry.payload for entry in entries for word in (b'"yes"', b'"no"', ballot.salt.encode()))


@pytest.mark.usefixtures("app")
def test_an_alternate_may_replace_the_delegates_ballot():
    house = story.found(members=["M01"], weights=False)
    vote = opened(house)
    actions.cast_ballot(house.delegate("M01"), vote, YES)
    house.delegates["M01"] = factories.delegate(house.members["M01"], role=Role.ALTERNATE)
    actions.cast_ballot(house.delegate("M01", Role.ALTERNATE), vote, ABSTAIN)
    assert ballots(vote) == {"M01": ABSTAIN}


@pytest.mark.usefixtures("app")
def test_one_person_votes_for_one_member():
    house = story.found(members=["M01", "M02"], weights=False)
    vote = opened(house)
    actions.cast_ballot(house.delegate("M01"), vote, YES)
    house.delegates["M02"] = house.delegates["M01"]
    with pytest.raises(RuleBrokenError, match="already cast the vote of Member M01"):
        actions.cast_ballot(house.delegate("M02"), vote, YES)
    actions.cast_ballot(house.delegate("M01"), vote, NO)
    assert ballots(vote) == {"M01": NO}


@pytest.mark.usefixtures("app")
def test_those_without_a_vote_are_told_why():
    house = story.found(members=["M01", "M02", "M19"], weights=False, board=True)
    vote = opened(house, recusals={"M02": "supplier"})
    contact = factories.actor_of(
        house.delegates["M01"], HatKind.MEMBER, Role.DUES_CONTACT, member_id=house.members["M01"].id
    )
    refusals = {
        "suspended": house.delegate("M19"),
        "recused from this vote .supplier": house.delegate("M02"),
        "on the roll": house.seat("chair"),
        "nobody on the roll": contact,
    }
    for message, actor in refusals.items():
        with pytest.raises(NotAllowedError, match=message):
            actions.cast_ballot(actor, vote, YES)
    joined = factories.member(factories.category("NEW", "New", None), "M31")
    house.members["M31"], house.delegates["M31"] = joined, factories.delegate(joined)
    with pytest.raises(NotAllowedError, match="frozen when it opened"):
        actions.cast_ballot(house.delegate("M31"), vote, YES)
    assert ballots(vote) == {}


@pytest.mark.usefixtures("app")
def test_before_opening_and_unknown_votes():
    house = story.found(members=["M01"], weights=False)
    vote = story.prepare(house, story.adopt(house, story.simple()))
    with pytest.raises(RuleBrokenError, match="not opened yet"):
        actions.cast_ballot(house.delegate("M01"), vote, YES)
    with pytest.raises(NotFoundError):
        actions.cast_by_key(house.delegate("M01"), vote.id + 1, YES)


@pytest.mark.usefixtures("app")
def test_no_figure_by_answer_before_closing():
    house = story.found(members=["M01", "M02"], weights=False)
    vote = opened(house)
    actions.cast_ballot(house.delegate("M01"), vote, YES)
    for read in (queries.result_of, queries.groups_of, queries.count_file, queries.list_named_ballots):
        with pytest.raises(RuleBrokenError, match="hidden until the vote has closed"):
            read(vote)
    turnout = queries.turnout_of(vote)
    assert (turnout.heads, turnout.heads_entitled, turnout.votes, turnout.votes_entitled) == (1, 2, 1, 2)


@pytest.mark.usefixtures("app")
def test_casting_takes_three_statements_beside_the_sign_in():
    house = story.found(members=["M01"], weights=False)
    vote = opened(house)
    actor, vote_id = house.delegate("M01"), vote.id
    for choice in (YES, NO):
        with counted_statements() as seen:
            actions.cast_by_key(actor, vote_id, choice)
        assert len(seen) == 3, "\n".join(seen)


@pytest.mark.usefixtures("app")
def test_f04a_paying_after_opening_counts_for_the_next_vote():
    house = story.found(members=["M01", "M02", "M19"], weights=False)
    profile = story.adopt(house, story.simple())
    first = story.open_now(house, story.prepare(house, profile))
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        house.members["M19"].status = MemberStatus.ACTIVE
        with pytest.raises(NotAllowedError):
            actions.cast_ballot(house.delegate("M19"), first, YES)
        second = story.open_now(house, story.prepare(house, profile, title="The next"))
        actions.cast_ballot(house.delegate("M19"), second, YES)
    assert ballots(second) == {"M19": YES}


def doors(house, vote, *codes):
    """The vote's address, and (user key, hat key) of each delegate: objects do not outlive a request."""
    people = [(house.delegates[code].id, f"member:{house.members[code].id}") for code in codes]
    return f"/votes/{vote.id}", *people


def test_the_route_casts_in_four_statements_and_shows_the_receipt(app):
    house = story.found(members=["M01", "M02"], weights=False)
    address, delegate = doors(house, opened(house), "M01")
    client = app.test_client().as_user(*delegate)
    answer = client.post(f"{address}/ballots", data={"choice": "yes"})
    assert answer.status_code == 303
    assert len(client.statements) <= 4, "\n".join(client.statements)
    page = client.get(answer.location)
    receipt = db.session.scalars(db.select(Ballot.receipt)).one()
    assert receipt in page.text
    assert "You voted For" in page.text


def test_without_a_choice_everything_stays_and_the_page_says_what_to_do(app):
    house = story.found(members=["M01", "M02"], weights=False)
    address, delegate = doors(house, opened(house), "M01")
    client = app.test_client().as_user(*delegate)
    for form in ({}, {"choice": "maybe"}):
        answer = client.post(f"{address}/ballots", data=form)
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
        assert "Choose For, Against or Abstain" in answer.text
    assert db.session.scalars(db.select(Ballot)).all() == []


def test_s33_a_replaced_delegate_loses_the_vote_at_once_and_its_ballot_stays(app):
    house = story.found(members=["M04", "M05"], weights=False)
    vote = opened(house)
    address, (user_id, hat) = doors(house, vote, "M04")
    staff, member_id = house.staff, house.members["M04"].id
    client = app.test_client().as_user(user_id, hat)
    assert client.post(f"{address}/ballots", data={"choice": "yes"}).status_code == 303
    appointment = db.session.scalars(db.select(Appointment).where(Appointment.user_id == user_id)).one()
    end_appointment(staff, appointment, document="Letter of 20 November")
    new = factories.user("New delegate")
    factories.appointment(new, HatKind.MEMBER, Role.DELEGATE, member_id=member_id)
    new_id = new.id
    assert client.post(f"{address}/ballots", data={"choice": "no"}).status_code == 403
    assert db.session.scalars(db.select(Ballot.choice)).all() == [YES]
    page = app.test_client().as_user(new_id, hat).get(address)
    assert "You voted For" in page.text


def test_closing_is_decided_at_the_request(app):
    house = story.found(members=["M01", "M02"], weights=False)
    vote = opened(house)
    address, delegate = doors(house, vote, "M01")
    with clock.frozen_at(vote.closes_at):
        answer = app.test_client().as_user(*delegate).post(f"{address}/ballots", data={"choice": "yes"})
        assert answer.status_code == 409
        assert "has closed" in answer.text
    assert db.session.scalars(db.select(Ballot)).all() == []


def test_sixteen_at_once_leave_one_ballot_for_each_elector(app):
    house = story.found(members=["M01", "M02", "M03", "M04"], weights=False)
    vote = opened(house)
    # Four people for each member: all of them cast and change at the same time.
    jobs = [(factories.delegate(member).id, member.id) for member in house.members.values() for _ in range(4)]
    vote_id, expected = vote.id, set(house.members)
    db.session.commit()
    barrier, failures = threading.Barrier(len(jobs)), []

    def cast(user_id, member_id):
        roles = frozenset({Role.ALTERNATE})
        actor = Actor(user_id=user_id, name="x", hat=HatKind.MEMBER, roles=roles, member_id=member_id)
        with app.app_context():
            database.set_mode(database.WRITE)
            barrier.wait()
            for choice in (YES, NO, ABSTAIN):
                try:
                    actions.cast_by_key(actor, vote_id, choice)
                    db.session.commit()
                except Exception as error:
                    failures.append(error)
                    db.session.rollback()
            db.session.remove()

    # Each thread works in a copy of this context: the clock stands still there too.
    threads = [threading.Thread(target=copy_context().run, args=(cast, *job)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    rows = db.session.execute(db.select(Elector.code, Ballot.choice).join(Ballot)).all()
    assert len(rows) == len(expected)
    assert {code for code, _choice in rows} == expected
    entries = db.session.scalar(db.select(db.func.count()).where(AuditEntry.action.like("ballot.%")))
    assert entries == len(jobs) * 3


@pytest.mark.usefixtures("app")
def test_a_ballot_that_waited_beyond_the_deadline_is_too_late(monkeypatch):
    house = story.found(members=["M01"], weights=False)
    vote = opened(house)
    late = vote.closes_at
    found = queries.find_paper

    def slow(actor, vote_id, work):
        paper = found(actor, vote_id, work)
        monkeypatch.setattr(clock, "now", lambda: late)
        return paper

    monkeypatch.setattr(queries, "find_paper", slow)
    with pytest.raises(RuleBrokenError, match="has closed"):
        actions.cast_ballot(house.delegate("M01"), vote, YES)


@pytest.mark.usefixtures("app")
def test_needs_you_lists_what_waits_for_this_hat():
    house = story.found(members=["M01", "M02", "M03"], weights=False)
    vote = opened(house, recusals={"M03": "supplier"})
    actions.cast_ballot(house.delegate("M02"), vote, YES)

    def waiting(actor):
        statement = queries.needs_you(actor)
        return [] if statement is None else [tuple(row) for row in db.session.execute(statement)]

    assert waiting(house.delegate("M01")) == [("vote", vote.id, "A motion", "Member M01", vote.closes_at, None)]
    assert waiting(house.delegate("M01", Role.ALTERNATE)) == waiting(house.delegate("M01"))
    assert waiting(house.delegate("M02")) == waiting(house.delegate("M03")) == waiting(house.staff) == []
    with clock.frozen_at(datetime(2027, 6, 1, tzinfo=UTC)):
        assert waiting(house.delegate("M01")) == []
        assert waiting(house.staff) == [("declare", vote.id, "A motion", "Rule rule", vote.closes_at, None)]
        body = factories.body("BOARD", "Board", BodyKind.BOARD)
        chair = factories.actor_of(
            factories.user(), HatKind.SEAT, Role.CHAIR, seat_id=factories.seat(body, 1, "Chair").id, body_id=body.id
        )
        assert waiting(chair) == waiting(house.staff)
