"""What is done to rules, motions and votes."""

from govern.votes.actions.casting import cast_ballot, cast_by_key
from govern.votes.actions.declaring import declare, declare_due
from govern.votes.actions.motions import adopt_profile, draft_motion, revise_motion
from govern.votes.actions.opening import (
    change_profile,
    open_vote,
    prepare_vote,
    withdraw_vote,
)

__all__ = [
    "adopt_profile",
    "cast_ballot",
    "cast_by_key",
    "change_profile",
    "declare",
    "declare_due",
    "draft_motion",
    "open_vote",
    "prepare_vote",
    "revise_motion",
    "withdraw_vote",
]
