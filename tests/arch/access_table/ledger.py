"""Doors of the books: read by those who keep and audit them."""

READERS = {"secretariat", "treasurer", "auditor"}
TABLE = {
    "ledger.index": ("may_read_books", READERS),
    "ledger.account": ("may_read_books", READERS, {"account_id": "1000"}),
    "ledger.show": ("may_read_books", READERS),
}
