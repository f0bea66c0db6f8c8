"""What is done to rules, motions and votes."""

from govern.votes.actions.casting import cast_ballot, cast_by_key
from govern.votes.actions.declaring import declare, declare_due
from govern.votes.actions.motions import adopt_profile, draft_motion, revise_motion
from govern.votes.actions.opening import (
    change_profile,
    check_roll,
    draw_up_roll,
    open_vote,
    prepare_vote,
    profile_for_opening,
    withdraw_vote,
)

__all__ = [
    "adopt_profile",
    "cast_ballot",
    "cast_by_key",
    "change_profile",
    "check_roll",
    "declare",
    "declare_due",
    "draft_motion",
    "draw_up_roll",
    "open_vote",
    "prepare_vote",
    "profile_for_opening",
    "revise_motion",
    "withdraw_vote",
]
