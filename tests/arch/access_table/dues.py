"""Doors of dues. Invoice 1 of the demo belongs to a member none of the personas acts for."""

READERS = {"secretariat", "treasurer", "auditor"}
STAFF = {"secretariat"}
MEMBERS = {"delegate", "alternate", "dues_contact"}
EVERYBODY = READERS | MEMBERS | {"seat", "chair", "liaison", "observer"}
KEPT = (
    "cancel",
    "cancel_create",
    "reissue",
    "reissue_create",
    "plan",
    "plan_create",
    "joiner",
    "joiner_create",
    "new_payment",
    "create_payment",
    "reverse_payment",
    "reverse_payment_create",
    "open_year",
    "issue",
    "new_tariff",
    "create_tariff",
)
TABLE = {
    "dues.index": ("may_read_ledger", READERS),
    "dues.export": ("may_read_ledger", READERS),
    "dues.go_to_year": ("may_read_ledger", READERS),
    "dues.year": ("may_read_ledger", READERS, {"year_id": 2026}),
    "dues.mine": ("may_read_own_dues", MEMBERS),
    "dues.invoice": ("may_read_invoice", READERS),
    "dues.tariffs": ("may_read_tariffs", EVERYBODY),
    **{f"dues.{name}": ("may_keep_dues", STAFF) for name in KEPT},
}
