"""Reads of people, of what they may act as, and of how they sign in."""

from govern.accounts.keys import token_hash
from govern.accounts.models import Appointment, User
from govern.accounts.queries.people import (
    DemoPerson,
    find_user_by_email,
    get_appointment,
    get_appointment_label,
    get_user,
    list_demo_appointments,
    list_demo_people,
    list_holders,
    list_mandates,
    list_representatives,
    list_seat_holders,
    list_targets,
    people_statement,
)
from govern.accounts.queries.signed_in import Hat, SignedIn, hat_of, load_signed_in, valid_on
from govern.accounts.queries.ways_in import count_recovery_codes, find_link, get_session, list_sessions

# The row types are offered here for annotations above; the tables themselves stay private to this area.
__all__ = [
    "Appointment",
    "DemoPerson",
    "Hat",
    "SignedIn",
    "User",
    "count_recovery_codes",
    "find_link",
    "find_user_by_email",
    "get_appointment",
    "get_appointment_label",
    "get_session",
    "get_user",
    "hat_of",
    "list_demo_appointments",
    "list_demo_people",
    "list_holders",
    "list_mandates",
    "list_representatives",
    "list_seat_holders",
    "list_sessions",
    "list_targets",
    "load_signed_in",
    "people_statement",
    "token_hash",
    "valid_on",
]
