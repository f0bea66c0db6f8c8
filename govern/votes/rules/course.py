"""The course of a vote from a draft to a decision, and the ballot on its way. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from govern.kernel.canonical import sha256_hex
from govern.kernel.errors import InputError, NotAllowedError, RuleBrokenError

RECEIPT_GROUPS = 4


class Choice(StrEnum):
    """What an elector can answer to a motion."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class VoteState(StrEnum):
    """Derived from the clock and the stored acts, never stored."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    DECLARED = "declared"
    WITHDRAWN = "withdrawn"


class Dates(Protocol):
    """The stored acts a vote's state follows from."""

    @property
    def opens_at(self) -> datetime | None:
        """When it opened."""

    @property
    def closes_at(self) -> datetime | None:
        """The first instant that is too late."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was withdrawn."""

    @property
    def declared_at(self) -> datetime | None:
        """When its result was declared."""


@dataclass(frozen=True, slots=True)
class SubjectDraft:
    """What a motion touches. ``own_minor``: the cluster's share; ``shares``: each department's, by its id.

    Minor units of the cluster's currency; a share of 0 puts the subject before that department without its money.
    """

    kind: str
    code: str
    title: str
    own_minor: int = 0
    shares: Mapping[int, int] = field(default_factory=dict)


def state_of(vote: Dates, now: datetime) -> VoteState:
    """Where the vote stands at ``now``: past its deadline it is closed, whatever any job did."""
    if vote.withdrawn_at is not None:
        return VoteState.WITHDRAWN
    if vote.declared_at is not None:
        return VoteState.DECLARED
    if vote.opens_at is None or vote.closes_at is None:
        return VoteState.PREPARED
    return VoteState.OPEN if now < vote.closes_at else VoteState.CLOSED


def check_opening(state: VoteState, now: datetime, closes_at: datetime) -> None:
    """Only a prepared vote opens, and it closes later than it opens."""
    if state is not VoteState.PREPARED:
        raise RuleBrokenError(f"This vote is {state.value}; only a prepared vote can be opened.")
    if closes_at <= now:
        raise InputError("The closing time has passed. Choose a later day or hour.")


def check_subjects(subjects: Sequence[SubjectDraft]) -> None:
    """Each subject has a kind, a code of its own and a title, and no negative amount."""
    faults = [f"Subject {at}: give a code and a title." for at, s in enumerate(subjects, 1) if not (s.code and s.title)]
    codes = [subject.code for subject in subjects if subject.code]
    faults += [f"The code {code} stands for two subjects." for code in sorted({c for c in codes if codes.count(c) > 1})]
    faults += [
        f"{subject.code}: an amount cannot be negative."
        for subject in subjects
        if min(subject.own_minor, *subject.shares.values(), 0) < 0
    ]
    if faults:
        raise InputError(faults)


def check_open(state: VoteState) -> None:
    """Ballots are cast while the vote is open; the server's clock decides, at the request."""
    if state is VoteState.PREPARED:
        raise RuleBrokenError("This vote has not opened yet.")
    if state is VoteState.WITHDRAWN:
        raise RuleBrokenError("This vote was withdrawn. No ballot can be cast.")
    if state is not VoteState.OPEN:
        raise RuleBrokenError("This vote has closed. No ballot can be cast or changed any more.")


def check_elector(*, on_roll: bool, entitled: bool, reason: str, recused: bool, ground: str) -> None:
    """NotAllowedError, saying why and what to do, for whoever has no vote here."""
    if not on_roll:
        raise NotAllowedError("You act for nobody on the roll of this vote. The roll was frozen when it opened.")
    if not entitled:
        raise NotAllowedError(reason)
    if recused:
        raise NotAllowedError(f"You are recused from this vote ({ground}). You can contest this with the secretariat.")


def check_withdrawing(state: VoteState) -> None:
    """A vote is withdrawn before it closes; a result, once there, stays."""
    if state not in {VoteState.PREPARED, VoteState.OPEN}:
        raise RuleBrokenError(f"This vote is {state.value}; it can no longer be withdrawn.")


def check_declaring(state: VoteState) -> None:
    """A result is declared after closing."""
    if state is VoteState.PREPARED:
        raise RuleBrokenError("This vote has not opened yet, so there is no result to declare.")
    if state is VoteState.OPEN:
        raise RuleBrokenError("This vote is still open. Its result can be declared once it has closed.")
    if state is VoteState.WITHDRAWN:
        raise RuleBrokenError("This vote was withdrawn, so there is no result to declare.")


def check_closed(state: VoteState) -> None:
    """Figures by answer leave the area after closing only (T5)."""
    if state not in {VoteState.CLOSED, VoteState.DECLARED}:
        raise RuleBrokenError("How the votes fell stays hidden until the vote has closed.")


def commitment(vote_id: int, elector: str, choice: Choice, salt: str) -> str:
    """What the audit log keeps of a ballot: a hash that says nothing without the salt."""
    return sha256_hex(f"{salt}|{vote_id}|{elector}|{choice.value}".encode())


def receipt(committed: str) -> str:
    """The code a voter keeps: the first 16 characters of the commitment, in groups of four."""
    return "-".join(committed[at * 4 : at * 4 + 4] for at in range(RECEIPT_GROUPS)).upper()


def decision_number(year: int, sequence: int) -> str:
    """``2026-014``."""
    return f"{year}-{sequence:03}"
