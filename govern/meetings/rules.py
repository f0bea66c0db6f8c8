"""Life of meetings and minutes. Pure."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What an agenda item is for."""

    DECISION = "decision"
    DISCUSSION = "discussion"
    INFORMATION = "information"


class Presence(StrEnum):
    """How somebody attended."""

    PRESENT = "present"
    ONLINE = "online"
    EXCUSED = "excused"
    ABSENT = "absent"


class MinutesState(StrEnum):
    """Minutes are written, circulated for corrections, approved; then nothing changes them."""

    DRAFT = "draft"
    CIRCULATED = "circulated"
    APPROVED = "approved"
