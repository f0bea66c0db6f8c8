"""The roll as it would be frozen on a day, and whether the by-laws allow opening with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json import loads

from govern.bodies.queries import get_body_by_id, list_seat_lines
from govern.bodies.rules import BodyKind
from govern.cluster.queries import get_cluster
from govern.counting.rule import Rule, parse_rule
from govern.dues.queries import category_cap, list_standing, weights
from govern.kernel import clock
from govern.kernel.canonical import sha256_hex
from govern.kernel.errors import RuleBrokenError
from govern.members.queries import list_colleges, list_roll
from govern.votes import rules
from govern.votes.models import Motion, RuleProfile, Vote
from govern.votes.queries.records import find_profile_in_force, get_motion, get_profile, votes_of
from govern.votes.rules import RollLine, VoteState, state_of


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a vote now would freeze. ``day``: the record date, in the cluster's zone."""

    motion: Motion
    profile: RuleProfile
    day: date
    closes_at: datetime
    roll: list[RollLine]

    @property
    def rule(self) -> Rule:
        """The rule that would be frozen."""
        return parse_rule(loads(self.profile.rule))


def profile_for_opening(vote: Vote, day: date) -> RuleProfile:
    """The version of the vote's rule that is in force on ``day``; RuleBrokenError before the first."""
    prepared_under = get_profile(vote.profile_id)
    found = find_profile_in_force(prepared_under.code, day)
    if found is None:
        raise RuleBrokenError(f"The rule {prepared_under.name} comes into force on {prepared_under.in_force_from}.")
    return found


def draw_up_roll(profile: RuleProfile, day: date) -> list[RollLine]:
    """Members with standing and votes by code, or the seats of the body by position."""
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


def plan_opening(vote: Vote, *, closes_at: datetime, recusals: Mapping[str, str]) -> Opening:
    """What opening ``vote`` at this instant would freeze; RuleBrokenError or InputError where that is not allowed.

    ``closes_at``: the first instant that is too late; ``recusals``: elector code to ground.
    """
    now, zone = clock.now(), get_cluster().zone
    rules.check_opening(state_of(vote, now), now, closes_at)
    day = clock.local_day(now, zone)
    motion, profile = get_motion(vote.motion_id), profile_for_opening(vote, day)
    roll = rules.recuse(draw_up_roll(profile, day), recusals)
    planned = Opening(motion, profile, day, closes_at, roll)
    cap = category_cap(day.year) if profile.counting == rules.BY_WEIGHT else None
    rules.check_roll(roll, planned.rule, cap)
    last = clock.local_day(closes_at - timedelta(microseconds=1), zone)
    second_call = profile.mandate_days > 0 and _is_second_call(motion)
    rules.check_mandates(roll, days=profile.mandate_days, opens=day, last=last, second_call=second_call)
    return planned


def _is_second_call(motion: Motion) -> bool:
    """Whether a vote on the same text, this motion's or the one it follows, has been held before (domain.md F04c)."""
    earlier = [*votes_of(motion.id), *(votes_of(motion.follows_id) if motion.follows_id else ())]
    same = sha256_hex(motion.text.encode())
    return any(vote.text_hash == same and state_of(vote, clock.now()) is not VoteState.WITHDRAWN for vote in earlier)
