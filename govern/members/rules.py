"""What a member may be and become. Pure."""

from enum import StrEnum


class MemberStatus(StrEnum):
    """Where a member stands. Suspension of the vote for unpaid dues is derived (dues), never stored here."""

    APPLICANT = "applicant"
    ADMITTED = "admitted"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RESIGNED = "resigned"
    EXCLUDED = "excluded"
