"""The non-objection clock of a department. Pure."""

from enum import StrEnum


class Answer(StrEnum):
    """What a department can say before its clock ends; silence is not an answer but a result."""

    NO_OBJECTION = "no_objection"
    OBJECTED = "objected"


class Ground(StrEnum):
    """The closed list of grounds for an objection (domain.md 3.2)."""

    PUBLIC_MONEY = "public_money"
    LICENCE_LAW = "licence_law"
    COMPETITION_LAW = "competition_law"
    EQUAL_ACCESS = "equal_access"
    PROCEDURE = "procedure"


class ReviewState(StrEnum):
    """Derived from the stored acts and the clock."""

    RUNNING = "running"
    PAUSED = "paused"
    NO_OBJECTION = "no_objection"
    DEEMED = "deemed"
    OBJECTED = "objected"
