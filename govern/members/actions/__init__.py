"""What is done to the register of members. Each action checks, changes, records; it flushes and never commits."""

from govern.members.actions.people import appoint_representative, end_representative, replace_representative
from govern.members.actions.register import (
    add_category,
    add_college,
    add_licence,
    add_member,
    add_site,
    change_category,
    change_college,
    change_member,
    end_licence,
    move_member,
    remove_site,
    report_units,
)

__all__ = [
    "add_category",
    "add_college",
    "add_licence",
    "add_member",
    "add_site",
    "appoint_representative",
    "change_category",
    "change_college",
    "change_member",
    "end_licence",
    "end_representative",
    "move_member",
    "remove_site",
    "replace_representative",
    "report_units",
]
