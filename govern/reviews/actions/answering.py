"""What departments and the secretariat say."""

from collections.abc import Callable

from govern.audit.actions import record
from govern.cluster.queries import get_cluster
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.errors import NotAllowedError
from govern.reviews import queries, rules
from govern.reviews.actions import mails
from govern.reviews.models import LateReaction, Review, ReviewPause
from govern.reviews.queries import ReviewLine
from govern.reviews.rules import Answer, Ground

Reaction = Callable[[Actor, ReviewLine], object]
reactions: dict[str, Reaction] = {}
"""What areas above do when a department objects, in the same transaction; filled through handlers.on_objected."""


def answer(  # noqa: PLR0913 - the parts of an answer
    actor: Actor,
    review: Review,
    *,
    answer: Answer,
    ground: Ground | None = None,
    remark: str = "",
    remedy: str = "",
) -> LateReaction | None:
    """Record the department's answer; after the end it is only kept and returned as late, without effect (L04).

    NotAllowedError for another department; RuleBrokenError for an objection without ground or remedy, or a second one.
    """
    _own_scope(actor, review)
    review = queries.lock_review(review.id)
    now = clock.now()
    state = rules.state_of(review, queries.pauses_of(review.id), now)
    rules.check_answer(state, answer, ground, remedy)
    objected = answer is Answer.OBJECTED
    if rules.is_late(state):
        return _keep_late(actor, review, answer, ground if objected else None, remark.strip() or remedy.strip())
    review.answer, review.answered_at, review.answered_by = answer, now, actor.signature
    review.ground, review.remedy = (ground, remedy.strip()) if objected else (None, "")
    review.remark = remark.strip()
    db.session.flush()
    after = {"answer": answer, "ground": review.ground, "remark": review.remark, "remedy": review.remedy}
    record(actor, "review.answered", "review", review.id, before={"state": state}, after=after)
    if objected:
        _tell_objection(actor, review)
    return None


def ask(actor: Actor, review: Review, question: str) -> ReviewPause:
    """Ask the cluster for information: the clock stands still until the reply."""
    _own_scope(actor, review)
    review = queries.lock_review(review.id)
    now = clock.now()
    rules.check_question(rules.state_of(review, queries.pauses_of(review.id), now), question)
    pause = ReviewPause(review_id=review.id, asked_at=now, asked_by=actor.signature, question=question.strip())
    db.session.add(pause)
    db.session.flush()
    record(actor, "review.paused", "review", review.id, after={"question": pause.question})
    mails.asked(queries.get_line(review.id), pause)
    return pause


def reply(actor: Actor, pause: ReviewPause, reply: str) -> None:
    """Answer a department's question: the clock goes on, its end moves by the days it stood still (L03)."""
    if not rules.may_reply(actor):
        raise NotAllowedError("The secretariat answers the departments' questions.")
    review = queries.lock_review(pause.review_id)
    pauses = queries.pauses_of(review.id)
    rules.check_reply(waiting=pause.answered_at is None and review.answer is None, reply=reply)
    before = review.ends_at
    pause.answered_at, pause.answered_by, pause.reply = clock.now(), actor.signature, reply.strip()
    zone = get_cluster().zone
    moved = rules.paused_days(pauses, pause.answered_at, zone)
    review.ends_at = rules.end_of(review.notified_at, review.days, moved, zone)
    db.session.flush()
    after = {"reply": pause.reply, "ends_at": review.ends_at}
    record(actor, "review.resumed", "review", review.id, before={"ends_at": before}, after=after)
    mails.replied(queries.get_line(review.id), pause)


def _own_scope(actor: Actor, review: Review) -> None:
    if not rules.may_answer(actor, review):
        raise NotAllowedError("This clock belongs to another department. You can read it, not answer it.")


def _keep_late(actor: Actor, review: Review, answer: Answer, ground: Ground | None, remark: str) -> LateReaction:
    late = LateReaction(
        review_id=review.id, at=clock.now(), by=actor.signature, answer=answer, ground=ground, remark=remark
    )
    db.session.add(late)
    db.session.flush()
    after = {"answer": answer, "ground": ground, "remark": remark}
    record(actor, "review.reacted_late", "review", review.id, after=after)
    return late


def _tell_objection(actor: Actor, review: Review) -> None:
    line = queries.get_line(review.id)
    mails.objected(line)
    for react in reactions.values():
        react(actor, line)
