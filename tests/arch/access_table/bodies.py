"""Doors of bodies. Body 1 of the demo is the assembly."""

EVERYBODY = {
    "delegate",
    "alternate",
    "dues_contact",
    "seat",
    "chair",
    "secretariat",
    "treasurer",
    "auditor",
    "liaison",
    "observer",
}
STAFF = {"secretariat"}
TABLE = {
    "bodies.index": ("may_read", EVERYBODY),
    "bodies.new": ("may_change", STAFF),
    "bodies.create": ("may_change", STAFF),
    "bodies.show": ("may_read_body", EVERYBODY),
    "bodies.new_seat": ("may_change_body", STAFF),
    "bodies.create_seat": ("may_change_body", STAFF),
}
