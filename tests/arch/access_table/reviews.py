"""Doors of reviews. Review 1 of the demo belongs to the first department, whose liaison is the persona."""

READERS = {
    "delegate",
    "alternate",
    "dues_contact",
    "seat",
    "chair",
    "secretariat",
    "treasurer",
    "auditor",
    "liaison",
}
TABLE = {
    "reviews.index": ("may_read", READERS),
    "reviews.show": ("may_read", READERS),
    "reviews.answer": ("may_answer", {"liaison"}),
    "reviews.reply": ("may_reply", {"secretariat"}),
    "reviews.certificate": ("may_read", READERS),
}
