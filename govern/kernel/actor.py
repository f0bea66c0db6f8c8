"""Who is acting. Business code receives an Actor, never flask_login.current_user.

One person may wear several hats (representative of a member, holder of a board seat, staff). An Actor wears exactly one
of them: the roles are those of that hat alone, so nobody carries a right from one chair into another.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What an appointment lets a person do."""

    DELEGATE = "delegate"
    ALTERNATE = "alternate"
    DUES_CONTACT = "dues_contact"
    MEMBER_ADMIN = "member_admin"
    SEAT = "seat"
    CHAIR = "chair"
    SECRETARIAT = "secretariat"
    TREASURER = "treasurer"
    AUDITOR = "auditor"
    LIAISON = "liaison"
    OBSERVER = "observer"
    ADMIN = "admin"


class HatKind(StrEnum):
    """As what a person acts."""

    MEMBER = "member"
    SEAT = "seat"
    STAFF = "staff"
    OFFICE = "office"
    LIAISON = "liaison"
    NONE = "none"


VOTING_ROLES = frozenset({Role.DELEGATE, Role.ALTERNATE, Role.SEAT, Role.CHAIR})
STAFF_ROLES = frozenset({Role.SECRETARIAT, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person under one hat. Ids are database keys; ``None`` where the hat has none."""

    user_id: int
    name: str
    hat: HatKind = HatKind.NONE
    hat_key: str = "none"
    label: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    member_id: int | None = None
    seat_id: int | None = None
    body_id: int | None = None
    department_id: int | None = None

    def has(self, *roles: Role) -> bool:
        """True when the hat now worn gives at least one of ``roles``."""
        return not self.roles.isdisjoint(roles)

    @property
    def signature(self) -> str:
        """How the record names this person: "Petra Lund, Secretariat"."""
        return f"{self.name}, {self.label}" if self.label else self.name

    @property
    def is_staff(self) -> bool:
        """True for the secretariat and the administrator."""
        return not self.roles.isdisjoint(STAFF_ROLES)


SYSTEM = Actor(user_id=0, name="Govern", hat=HatKind.NONE, label="the clock")
"""The actor of what the clock does by itself (closing, deeming); user 0 exists in no table and can never sign in."""
