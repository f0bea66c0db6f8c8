"""Doors of the desk."""

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
NUMBER = {"decision_id": "2026-001"}
TABLE = {
    "desk.home": ("may_open_home", EVERYBODY),
    "desk.decisions": ("may_read_register", EVERYBODY),
    "desk.decision": ("may_read_register", EVERYBODY, NUMBER),
    "desk.search": ("may_read_register", EVERYBODY),
    "desk.help": ("public: help must be readable before signing in", None),
    "desk.accessibility": ("public: an accessibility statement is for everybody", None),
    "desk.privacy": ("public: a privacy notice is for everybody", None),
    "static": ("public: style, script and icons", None),
}
