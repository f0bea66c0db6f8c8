"""The self-checks pass on a sound record and name the row after each kind of tampering."""

from datetime import timedelta

import pytest

from govern.extensions import db
from govern.kernel.canonical import sha256_hex
from govern.votes import actions
from govern.votes.models import Ballot, Decision, Elector, Vote
from govern.votes.queries import invariants
from tests.areas import votes_material as story
from tests.areas.votes_material import NO, YES

pytestmark = pytest.mark.usefixtures("app", "at_d")


@pytest.fixture
def decided(app, at_d):
    """A declared vote with a recused elector and a changed ballot, and an open one."""
    house = story.found(members=["M01", "M02", "M03", "M10", "M20"])
    profile = story.adopt(house, story.simple(), counting="heads")
    vote = story.open_now(house, story.prepare(house, profile, title="First"), recusals={"M20": "supplier"})
    for code, choice in (("M01", NO), ("M02", YES), ("M03", NO), ("M01", YES)):
        actions.cast_ballot(house.delegate(code), vote, choice)
    with story.after_closing(vote):
        decision = actions.declare(house.staff, vote)
    actions.cast_ballot(house.delegate("M10"), story.open_now(house, story.prepare(house, profile)), YES)
    db.session.flush()
    return house, vote, decision


def faults():
    return [fault for check in invariants.CHECKS for fault in check().faults]


@pytest.mark.usefixtures("decided")
def test_a_sound_record_passes():
    found = [check() for check in invariants.CHECKS]
    assert [finding.count for finding in found] == [4, 4, 2, 6, 1, 1]
    assert faults() == []


def update(model, where, **values):
    db.session.execute(db.update(model).where(where).values(**values))


def test_a_changed_ballot_is_found(decided):
    _house, vote, decision = decided
    elector = db.session.scalars(db.select(Elector).where(Elector.code == "M01", Elector.vote_id == vote.id)).one()
    update(Ballot, Ballot.elector_id == elector.id, choice=NO)
    assert faults() == [
        f"Vote {vote.id}: the ballot of M01 is not the one that the audit log recorded.",
        f"Decision {decision.number}: the stored result is not what the ballots give.",
    ]


def test_a_removed_ballot_is_found(decided):
    _house, vote, _decision = decided
    elector = db.session.scalars(db.select(Elector).where(Elector.code == "M03", Elector.vote_id == vote.id)).one()
    db.session.execute(db.delete(Ballot).where(Ballot.elector_id == elector.id))
    assert f"Vote {vote.id}: the ballot of M03 is in the audit log and not among the ballots." in faults()


@pytest.mark.parametrize("late", [True, False])
def test_a_ballot_outside_the_opening_is_found(decided, late):
    _house, vote, _decision = decided
    outside = vote.closes_at if late else vote.opens_at - timedelta(microseconds=1)
    update(Ballot, Ballot.vote_id == vote.id, cast_at=outside)
    assert sum("not while the vote was open" in fault for fault in faults()) == 3


def test_a_changed_rule_text_or_roll_is_found(decided):
    _house, vote, _decision = decided
    update(Vote, Vote.id == vote.id, text="Something else", text_hash=sha256_hex(b"Something else"))
    assert faults() == [f"Vote {vote.id}: its text is not the one that was frozen at opening."]
    update(Elector, db.and_(Elector.vote_id == vote.id, Elector.code == "M20"), recused=False)
    assert f"Vote {vote.id}: its roll is not the one that was frozen at opening." in faults()


def test_a_ballot_counted_elsewhere_is_found(decided):
    _house, vote, _decision = decided
    elector = db.session.scalars(db.select(Elector).where(Elector.code == "M10", Elector.vote_id == vote.id)).one()
    update(Ballot, Ballot.vote_id == vote.id, block=elector.block)
    assert sum("is counted in another block" in fault for fault in faults()) == 3


def test_a_ballot_of_a_recused_elector_is_found(decided):
    _house, vote, _decision = decided
    update(Elector, db.and_(Elector.vote_id == vote.id, Elector.code == "M02"), recused=True)
    assert any("the ballot of M02 was cast without a right to vote" in fault for fault in faults())


def test_a_gap_in_the_numbers_is_found(decided):
    update(Decision, Decision.id == decided[2].id, sequence=3, number="2026-003")
    assert faults() == ["Decision 2026-001 is missing.", "Decision 2026-002 is missing."]
