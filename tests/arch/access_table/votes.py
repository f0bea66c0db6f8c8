"""Doors of votes. Vote 1 of the demo is V6a, a declared vote of the assembly; open ones are tried on their own."""

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
INSIDE = {"delegate", "alternate", "dues_contact", "seat", "chair", "secretariat", "auditor"}
STAFF = {"secretariat"}
TABLE = {
    "votes.index": ("may_read", EVERYBODY),
    "votes.rule_list": ("may_read", EVERYBODY),
    "votes.new_rule": ("may_manage", STAFF),
    "votes.create_rule": ("may_manage", STAFF),
    "votes.new": ("may_manage", STAFF),
    "votes.create": ("may_manage", STAFF),
    "votes.show": ("may_see", EVERYBODY),
    "votes.cast": ("may_cast", {"delegate", "alternate", "seat", "chair"}),
    "votes.roll": ("may_see_roll", INSIDE),
    "votes.count_file": ("may_see_ballots", INSIDE),
    "votes.edit": ("may_manage_prepared", set()),
    "votes.update": ("may_manage_prepared", set()),
    "votes.opening": ("may_manage_prepared", set()),
    "votes.check": ("may_manage_prepared", set()),
    "votes.open_now": ("may_manage_prepared", set()),
    "votes.ask_withdraw": ("may_withdraw", set()),
    "votes.withdraw": ("may_withdraw", set()),
    "votes.declare": ("may_declare", {"secretariat", "chair"}),
}
