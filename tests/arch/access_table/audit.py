"""Doors of the audit log."""

READERS = {"seat", "chair", "secretariat", "auditor"}
HASHES = READERS | {"liaison", "observer"}
TABLE = {
    "audit.index": ("may_see_hashes", HASHES),
    "audit.show": ("may_read_entry", READERS, {"entry_id": 1}),
    "audit.verify": ("may_see_hashes", HASHES),
    "audit.head": ("may_see_hashes", HASHES),
}
