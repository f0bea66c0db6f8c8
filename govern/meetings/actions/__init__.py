"""What is done to meetings, agendas and minutes. Each action: check, change, record."""

from govern.meetings.actions.agenda import (
    add_item,
    attach_vote,
    change_item,
    change_meeting,
    move_item,
    plan_meeting,
    remove_item,
)
from govern.meetings.actions.calling import call_meeting, cancel_meeting
from govern.meetings.actions.corrections import answer_correction, ask_correction
from govern.meetings.actions.minutes import (
    add_attendee,
    approve,
    assign_task,
    circulate,
    record_attendance,
    remove_attendee,
    write_minute,
)

__all__ = [
    "add_attendee",
    "add_item",
    "answer_correction",
    "approve",
    "ask_correction",
    "assign_task",
    "attach_vote",
    "call_meeting",
    "cancel_meeting",
    "change_item",
    "change_meeting",
    "circulate",
    "move_item",
    "plan_meeting",
    "record_attendance",
    "remove_attendee",
    "remove_item",
    "write_minute",
]
