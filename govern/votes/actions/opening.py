"""Preparing, opening and withdrawing votes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert

from govern.audit.actions import record
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.canonical import digest, sha256_hex
from govern.kernel.errors import RuleBrokenError
from govern.votes import queries, rules
from govern.votes.models import Elector, Motion, RollBlock, RuleProfile, Vote
from govern.votes.queries import Opening
from govern.votes.rules import Block, RollLine, VoteState, block_of, state_of


def prepare_vote(actor: Actor, motion: Motion, profile: RuleProfile) -> Vote:
    """Put ``motion`` to the body of ``profile``; RuleBrokenError while another vote on it is prepared or open."""
    pending = {VoteState.PREPARED, VoteState.OPEN}
    now = clock.now()
    if any(state_of(vote, now) in pending for vote in queries.votes_of(motion.id)):
        raise RuleBrokenError("A vote on this motion is prepared or open already.")
    vote = Vote(
        motion_id=motion.id, profile_id=profile.id, body_id=profile.body_id, counting=profile.counting, created_at=now
    )
    db.session.add(vote)
    db.session.flush()
    after = {"motion": motion.id, "rule": profile.code, "version": profile.version}
    record(actor, "vote.prepared", "vote", vote.id, after=after)
    return vote


def change_profile(actor: Actor, vote: Vote, profile: RuleProfile) -> None:
    """Put a prepared vote under another rule, and so perhaps to another body."""
    if state_of(vote, clock.now()) is not VoteState.PREPARED:
        raise RuleBrokenError("This vote has opened, so its rule is fixed.")
    if vote.profile_id == profile.id:
        return
    before = {"rule": vote.profile_id}
    vote.profile_id, vote.body_id, vote.counting = profile.id, profile.body_id, profile.counting
    db.session.flush()
    record(actor, "vote.rule_changed", "vote", vote.id, before=before, after={"rule": profile.id})


def open_vote(actor: Actor, vote: Vote, *, closes_at: datetime, recusals: Mapping[str, str] | None = None) -> None:
    """Freeze rule, text, roll, standing and weights now (the record date is today in the cluster's zone), and open.

    ``closes_at``: the first instant that is too late; ``recusals``: elector code to ground. RuleBrokenError or
    InputError when the by-laws or the input do not allow it; nothing is written then.
    """
    vote = queries.lock_vote(vote.id)
    planned = queries.plan_opening(vote, closes_at=closes_at, recusals=recusals or {})
    _freeze(vote, planned)
    db.session.flush()
    electors = [_elector(vote.id, line) for line in planned.roll]
    record(actor, "vote.opened", "vote", vote.id, after=_opened(vote, planned, electors))
    _store(vote.id, planned.roll, electors)


def _freeze(vote: Vote, planned: Opening) -> None:
    profile, text = planned.profile, planned.motion.text
    vote.profile_id, vote.body_id, vote.counting = profile.id, profile.body_id, profile.counting
    vote.rule, vote.rule_hash = profile.rule, sha256_hex(profile.rule.encode())
    vote.text, vote.text_hash = text, sha256_hex(text.encode())
    vote.record_date, vote.opens_at, vote.closes_at = planned.day, clock.now(), planned.closes_at


def _store(vote_id: int, roll: list[RollLine], electors: list[dict[str, object]]) -> None:
    """The roll line by line, and added up into blocks of like electors."""
    numbers: dict[Block | None, int | None] = {None: None}
    counts = Counter(filter(None, map(block_of, roll)))
    for number, (block, count) in enumerate(counts.items(), 1):
        numbers[block] = number
        db.session.add(RollBlock(vote_id=vote_id, number=number, electors=count, **block._asdict()))
    db.session.flush()
    rows = [elector | {"block": numbers[block_of(line)]} for line, elector in zip(roll, electors, strict=True)]
    db.session.execute(insert(Elector), rows)


def _elector(vote_id: int, line: RollLine) -> dict[str, object]:
    values = asdict(line)
    del values["needs_mandate"]
    return values | {"vote_id": vote_id}


def _opened(vote: Vote, planned: Opening, electors: list[dict[str, object]]) -> dict[str, object]:
    return {
        "rule": planned.profile.code,
        "version": planned.profile.version,
        "rule_hash": vote.rule_hash,
        "text_hash": vote.text_hash,
        "roll_hash": digest(electors),
        "record_date": vote.record_date,
        "closes_at": vote.closes_at,
        "entitled": sum(line.entitled and not line.recused for line in planned.roll),
        "recused": {line.code: line.recusal_ground for line in planned.roll if line.recused},
    }


def withdraw_vote(actor: Actor, vote: Vote, *, reason: str = "") -> None:
    """Take back a vote that has not closed; RuleBrokenError afterwards. Ballots cast so far are never counted."""
    vote = queries.lock_vote(vote.id)
    rules.check_withdrawing(state_of(vote, clock.now()))
    vote.withdrawn_at = clock.now()
    db.session.flush()
    record(actor, "vote.withdrawn", "vote", vote.id, after={"reason": reason.strip()})
