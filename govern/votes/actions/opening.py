"""Preparing, opening and withdrawing votes."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from json import loads

from sqlalchemy import insert

from govern.audit.actions import record
from govern.bodies.queries import get_body_by_id, list_seat_lines
from govern.bodies.rules import BodyKind
from govern.cluster.queries import get_cluster
from govern.counting.rule import parse_rule
from govern.dues.queries import category_cap, list_standing, weights
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.canonical import digest, sha256_hex
from govern.kernel.errors import RuleBrokenError
from govern.members.queries import list_colleges, list_roll
from govern.votes import queries, rules
from govern.votes.models import Elector, Motion, RuleProfile, Vote
from govern.votes.rules import RollLine, VoteState, state_of


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


def draw_up_roll(profile: RuleProfile, day: date) -> list[RollLine]:
    """The roll as it would be frozen on ``day``, by code: members with standing and votes, or seats."""
    body = get_body_by_id(profile.body_id)
    if body.kind is BodyKind.ASSEMBLY:
        return _members(day, by_weight=profile.counting == rules.BY_WEIGHT)
    return _seats(body.id, day)


def _members(day: date, *, by_weight: bool) -> list[RollLine]:
    standing = list_standing(day)
    votes = weights(day.year) if by_weight else {}
    return [
        rules.member_line(member, standing[member.id], votes.get(member.id, 0) if by_weight else 1)
        for member in list_roll(day)
    ]


def _seats(body_id: int, day: date) -> list[RollLine]:
    colleges = {college.id: college.code for college in list_colleges()}
    return [
        rules.seat_line(
            line.seat.id,
            line.seat.label,
            college=colleges.get(line.seat.college_id or 0),
            member_id=line.seat.member_id,
            votes=line.seat.votes,
            held=bool(line.holders),
            is_chair=line.seat.is_chair,
        )
        for line in list_seat_lines(body_id, day)
    ]


def profile_for_opening(vote: Vote, day: date) -> RuleProfile:
    """The version of the vote's rule that is in force on ``day``; RuleBrokenError before the first."""
    prepared_under = queries.get_profile(vote.profile_id)
    found = queries.find_profile_in_force(prepared_under.code, day)
    if found is None:
        raise RuleBrokenError(f"The rule {prepared_under.name} comes into force on {prepared_under.in_force_from}.")
    return found


def check_roll(profile: RuleProfile, roll: list[RollLine], day: date) -> None:
    """RuleBrokenError when nobody could vote, or a category is above its cap (domain.md I19)."""
    cap = category_cap(day.year) if profile.counting == rules.BY_WEIGHT else None
    rules.check_roll(roll, parse_rule(loads(profile.rule)), cap)


def open_vote(actor: Actor, vote: Vote, *, closes_at: datetime, recusals: Mapping[str, str] | None = None) -> None:
    """Freeze rule, text, roll, standing and weights now (the record date is today in the cluster's zone), and open.

    ``closes_at``: the first instant that is too late; ``recusals``: elector code to ground. RuleBrokenError or
    InputError when the by-laws or the input do not allow it; nothing is written then.
    """
    now, zone = clock.now(), get_cluster().zone
    vote = queries.lock_vote(vote.id)
    rules.check_opening(state_of(vote, now), now, closes_at)
    day = clock.local_day(now, zone)
    motion, profile = queries.get_motion(vote.motion_id), profile_for_opening(vote, day)
    roll = rules.recuse(draw_up_roll(profile, day), recusals or {})
    check_roll(profile, roll, day)
    second_call = profile.mandate_days > 0 and _is_second_call(motion)
    last = closes_at - timedelta(microseconds=1)
    rules.check_mandates(
        roll, days=profile.mandate_days, opens=day, last=clock.local_day(last, zone), second_call=second_call
    )
    _freeze(vote, motion, profile)
    vote.record_date, vote.opens_at, vote.closes_at = day, now, closes_at
    db.session.flush()
    electors = [_elector(vote.id, line) for line in roll]
    db.session.execute(insert(Elector), electors)
    record(actor, "vote.opened", "vote", vote.id, after=_opened(vote, profile, roll, electors))


def _freeze(vote: Vote, motion: Motion, profile: RuleProfile) -> None:
    vote.profile_id, vote.body_id, vote.counting = profile.id, profile.body_id, profile.counting
    vote.rule, vote.rule_hash = profile.rule, sha256_hex(profile.rule.encode())
    vote.text, vote.text_hash = motion.text, sha256_hex(motion.text.encode())


def _is_second_call(motion: Motion) -> bool:
    """Whether a vote on the same text, this motion's or the one it follows, has been held before (domain.md F04c)."""
    earlier = [*queries.votes_of(motion.id), *(queries.votes_of(motion.follows_id) if motion.follows_id else ())]
    same = sha256_hex(motion.text.encode())
    return any(vote.text_hash == same and state_of(vote, clock.now()) is not VoteState.WITHDRAWN for vote in earlier)


def _elector(vote_id: int, line: RollLine) -> dict[str, object]:
    values = asdict(line)
    del values["needs_mandate"]
    return values | {"vote_id": vote_id}


def _opened(
    vote: Vote, profile: RuleProfile, roll: list[RollLine], electors: list[dict[str, object]]
) -> dict[str, object]:
    return {
        "rule": profile.code,
        "version": profile.version,
        "rule_hash": vote.rule_hash,
        "text_hash": vote.text_hash,
        "roll_hash": digest(electors),
        "record_date": vote.record_date,
        "closes_at": vote.closes_at,
        "entitled": sum(line.entitled and not line.recused for line in roll),
        "recused": {line.code: line.recusal_ground for line in roll if line.recused},
    }


def withdraw_vote(actor: Actor, vote: Vote, *, reason: str = "") -> None:
    """Take back a vote that has not closed; RuleBrokenError afterwards. Ballots cast so far are never counted."""
    vote = queries.lock_vote(vote.id)
    rules.check_withdrawing(state_of(vote, clock.now()))
    vote.withdrawn_at = clock.now()
    db.session.flush()
    record(actor, "vote.withdrawn", "vote", vote.id, after={"reason": reason.strip()})
