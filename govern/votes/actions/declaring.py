"""Declaring results: the decision, its number, and what other areas do then."""

from collections.abc import Callable, Sequence

from govern.audit.actions import record
from govern.cluster.actions import draw_number
from govern.cluster.queries import get_cluster
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM, Actor
from govern.kernel.canonical import canonical_text, sha256_hex
from govern.votes import queries, rules
from govern.votes.models import Decision, RuleProfile, Vote
from govern.votes.rules import SubjectDraft, VoteState, state_of

SERIES = "decision"
Reaction = Callable[[Decision, Vote, RuleProfile, Sequence[SubjectDraft]], object]
reactions: dict[str, Reaction] = {}
"""What areas above do when a result is declared, in the same transaction; filled through handlers.on_declared."""


def declare(actor: Actor, vote: Vote) -> Decision:
    """Write the result of a closed vote as a numbered decision, dated with the closing; once only.

    A second call returns the first decision. RuleBrokenError before closing. The number belongs to the year of the
    closing in the cluster's zone.
    """
    vote = queries.lock_vote(vote.id)
    state = state_of(vote, clock.now())
    existing = queries.find_decision_of(vote.id) if state is VoteState.DECLARED else None
    if existing is not None:
        return existing
    rules.check_declaring(state)
    decision = _number(actor, vote)
    vote.declared_at = decision.declared_at
    db.session.flush()
    after = {"number": decision.number, "outcome": decision.outcome, "result_hash": decision.result_hash}
    record(actor, "decision.declared", "decision", decision.id, after=after | {"vote": vote.id})
    profile, subjects = queries.get_profile(vote.profile_id), queries.subjects_of(vote.motion_id)
    for react in reactions.values():
        react(decision, vote, profile, subjects)
    return decision


def _number(actor: Actor, vote: Vote) -> Decision:
    if vote.closes_at is None:
        raise AssertionError("a closed vote has a closing time")
    counted = queries.result_of(vote)
    result = canonical_text(counted.to_dict())
    year = clock.local_day(vote.closes_at, get_cluster().zone).year
    sequence = draw_number(SERIES, year)
    decision = Decision(
        number=rules.decision_number(year, sequence),
        year=year,
        sequence=sequence,
        vote_id=vote.id,
        title=queries.get_motion(vote.motion_id).title,
        outcome=counted.outcome,
        result=result,
        result_hash=sha256_hex(result.encode()),
        decided_at=vote.closes_at,
        declared_at=clock.now(),
        declared_by=actor.name,
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def declare_due() -> int:
    """Declare every vote that has closed, in the order of closing, as the clock; returns how many."""
    due = queries.list_undeclared()
    for vote_id in due:
        declare(SYSTEM, queries.get_vote(vote_id))
    return len(due)
