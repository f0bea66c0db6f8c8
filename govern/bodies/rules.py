"""Kinds of organs. Pure."""

from enum import StrEnum


class BodyKind(StrEnum):
    """What an organ is. Electors of the assembly are members, of every other body its voting seats."""

    ASSEMBLY = "assembly"
    BOARD = "board"
    COMMITTEE = "committee"
    PANEL = "panel"
    APPEAL = "appeal"
