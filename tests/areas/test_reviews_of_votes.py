"""From a real vote to the departments' clocks: counted, declared, reviewed, all in one transaction."""

import pytest

from govern.extensions import db
from govern.kernel import clock
from govern.reviews import queries
from govern.reviews.models import Review
from govern.reviews.rules import EffectState
from govern.votes import actions
from govern.votes.rules import SubjectDraft
from tests import factories
from tests.areas import votes_material as story

pytestmark = pytest.mark.usefixtures("app", "at_d")


def declared(house, tourism, choice):
    subjects = [
        SubjectDraft("budget_line", "L1", "Office", 100, {}),
        SubjectDraft("budget_line", "L2", "Campaign", 100, {tourism.id: 100}),
    ]
    vote = story.open_now(house, story.prepare(house, story.adopt(house, story.simple()), subjects=subjects))
    story.cast_all(house, vote, choice)
    with story.after_closing(vote):
        return actions.declare(house.staff, vote)


def test_L01_declaring_an_adopted_motion_starts_the_clocks():
    house, tourism = story.found(members=["M01", "M02"], weights=False), factories.department()
    decision = declared(house, tourism, story.YES)
    (review,) = queries.reviews_of(decision.id)
    assert (review.subject_code, review.department_id, review.minor) == ("L2", tourism.id, 100)
    assert review.notified_at == decision.declared_at
    with clock.frozen_at(review.notified_at):
        effect = queries.states_of([decision.id])[decision.id]
        assert effect.of("L1").state is EffectState.EFFECTIVE
        assert effect.of("L2").state is EffectState.UNDER_REVIEW


def test_a_rejected_motion_starts_none():
    house, tourism = story.found(members=["M01", "M02"], weights=False), factories.department()
    decision = declared(house, tourism, story.NO)
    assert decision.outcome == "rejected"
    assert queries.reviews_of(decision.id) == []


def test_a_declaration_that_is_undone_takes_its_clocks_along():
    house, tourism = story.found(members=["M01", "M02"], weights=False), factories.department()
    db.session.commit()
    declared(house, tourism, story.YES)
    db.session.rollback()
    assert db.session.query(Review).count() == 0
