"""Life of a motion and a vote. Pure; counting itself lives in govern.counting."""

from enum import StrEnum


class Choice(StrEnum):
    """What an elector can answer to a motion."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class ElectorKind(StrEnum):
    """Who votes: a member organisation (assembly) or a seat (board, panel)."""

    MEMBER = "member"
    SEAT = "seat"


class VoteState(StrEnum):
    """Derived from the clock and the stored acts, never stored."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    DECLARED = "declared"
    WITHDRAWN = "withdrawn"
