"""Kinds of organs, and who may change them. Pure."""

from enum import StrEnum
from typing import Protocol

from govern.kernel.actor import Actor, HatKind
from govern.kernel.errors import RuleBrokenError


class Stored(Protocol):
    """Anything with a database key: a member, a college."""

    @property
    def id(self) -> int:
        """The key."""


class BodyKind(StrEnum):
    """What an organ is. Electors of the assembly are members, of every other body its voting seats."""

    ASSEMBLY = "assembly"
    BOARD = "board"
    COMMITTEE = "committee"
    PANEL = "panel"
    APPEAL = "appeal"


def check_seat(kind: BodyKind, *, votes: bool, is_chair: bool, has_chair: bool) -> None:
    """Refuse seats where members vote themselves, a second chair, and a chair without a vote."""
    if kind is BodyKind.ASSEMBLY:
        raise RuleBrokenError("In the assembly every member votes itself, so it has no seats. Add the seat to a board.")
    if is_chair and has_chair:
        raise RuleBrokenError("This body already has a chair. Add the seat without the chair.")
    if is_chair and not votes:
        raise RuleBrokenError("The chair's seat has a vote. Mark the seat as voting, or leave out the chair.")


def may_read(actor: Actor) -> bool:
    """Everybody who acts as something in the cluster reads who sits where."""
    return actor.hat is not HatKind.NONE


def may_change(actor: Actor) -> bool:
    """Bodies and seats follow the statutes; the secretariat writes them down."""
    return actor.is_staff


def may_read_body(actor: Actor, _body: object) -> bool:
    """As for the list."""
    return may_read(actor)


def may_change_body(actor: Actor, _body: object) -> bool:
    """As for the list."""
    return may_change(actor)
