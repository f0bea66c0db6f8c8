"""Two people at one review at once. PostgreSQL only: on SQLite writers stand in line from their first read."""

import threading
from contextvars import copy_context
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from govern.extensions import db
from govern.kernel import clock
from govern.kernel.errors import RuleBrokenError
from govern.reviews import actions, queries
from govern.reviews.models import Review, ReviewPause
from govern.reviews.rules import Answer, Ground
from tests.areas.test_reviews import _world, on_day, review

SOON = 5


@pytest.fixture(params=["postgresql"])
def engine_name(request):
    return request.param


@pytest.fixture
def world(app):
    with on_day(0):
        found = _world()
    db.session.commit()
    return found | {"app": app}


def test_a_reply_does_not_overwrite_the_one_sent_meanwhile(world):
    with on_day(2):
        pause = actions.ask(world["tourism"], review(world, "tourism", "L2"), "Which nights?")
        db.session.commit()
        pause = db.session.get(ReviewPause, pause.id)
        with db.engine.begin() as other:
            other.execute(
                text("UPDATE review_pause SET reply = 'The first', answered_at = :at WHERE id = :id"),
                {"at": clock.now(), "id": pause.id},
            )
        with pytest.raises(RuleBrokenError, match="No question is waiting"):
            actions.reply(world["staff"], pause, "The second")
        db.session.rollback()
    assert db.session.scalars(select(ReviewPause.reply)).one() == "The first"


def during_deeming(world, act):
    """Run ``act`` in time, let the worker come while it is not committed yet; returns how many clocks it deemed."""
    line = review(world, "tourism", "L2")
    end, deemed = line.ends_at, []

    def work():
        with world["app"].app_context(), clock.frozen_at(end):
            deemed.append(actions.record_deemings())
            db.session.commit()
            db.session.remove()

    with clock.frozen_at(end - timedelta(milliseconds=1)):
        act(line)
        db.session.flush()
        worker = threading.Thread(target=copy_context().run, args=(work,))
        worker.start()
        worker.join(1)
        db.session.commit()
    worker.join(SOON)
    with clock.frozen_at(end):
        assert db.session.get(Review, line.id).deeming_recorded_at is None
    return deemed


def test_an_objection_of_the_last_moment_is_not_told_as_silence(world):
    def objects(line):
        actions.answer(
            world["tourism"], line, answer=Answer.OBJECTED, ground=Ground.PROCEDURE, remedy="Ask the assembly."
        )

    assert during_deeming(world, objects) == [6]


def test_a_question_of_the_last_moment_is_not_told_as_silence(world):
    assert during_deeming(world, lambda line: actions.ask(world["tourism"], line, "Which nights?")) == [6]
    assert queries.list_unrecorded_deemings() == []
