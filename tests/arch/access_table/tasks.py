"""Doors of tasks. Task 1 of the demo belongs to another member than the delegate's and the alternate's."""

READERS = {
    "delegate",
    "alternate",
    "dues_contact",
    "seat",
    "chair",
    "secretariat",
    "treasurer",
    "auditor",
}
STAFF = {"secretariat"}
TABLE = {
    "tasks.index": ("may_read", READERS),
    "tasks.new": ("may_assign", STAFF),
    "tasks.create": ("may_assign", STAFF),
    "tasks.show": ("may_read", READERS),
    "tasks.accept": ("may_answer", set()),
    "tasks.decline": ("may_answer", set()),
    "tasks.complete": ("may_report", STAFF),
    "tasks.reopen": ("may_report", STAFF),
    "tasks.cancel": ("may_assign", STAFF),
    "tasks.reassign": ("may_assign", STAFF),
}
