"""Life of a task. Pure."""

from enum import StrEnum


class TaskState(StrEnum):
    """Stored state; overdue is derived from the due day, never stored."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    CANCELLED = "cancelled"
