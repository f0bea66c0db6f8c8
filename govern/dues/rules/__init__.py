"""What dues are, what standing follows from them, and who may see which. Pure."""

from govern.dues.rules.assessment import (
    Assessable,
    Band,
    Computation,
    Line,
    Scale,
    Terms,
    assess_all,
    category_shares,
    check_bands,
    check_category_cap,
    check_scale,
    compute,
    joining_fee,
    lines_of,
    plural,
    votes_for,
)
from govern.dues.rules.standing import (
    Due,
    InvoiceState,
    Policy,
    Standing,
    allocate,
    check_instalments,
    due_day,
    label_of,
    standing,
    state_of,
)
from govern.kernel.actor import Actor, HatKind, Role

__all__ = [
    "Assessable",
    "Band",
    "Computation",
    "Due",
    "InvoiceState",
    "Line",
    "Policy",
    "Scale",
    "Standing",
    "Terms",
    "allocate",
    "assess_all",
    "category_shares",
    "check_bands",
    "check_category_cap",
    "check_instalments",
    "check_scale",
    "compute",
    "due_day",
    "joining_fee",
    "label_of",
    "lines_of",
    "may_keep_dues",
    "may_read_invoice",
    "may_read_ledger",
    "may_read_own_dues",
    "may_read_tariffs",
    "plural",
    "standing",
    "state_of",
    "votes_for",
]


def may_keep_dues(actor: Actor, *_objects: object) -> bool:
    """Only the secretariat opens years, issues invoices and records payments."""
    return actor.is_staff


def may_read_ledger(actor: Actor, *_objects: object) -> bool:
    """Everybody's dues are read by the secretariat, the treasurer and the auditors (domain.md 6.4)."""
    return actor.is_staff or actor.has(Role.TREASURER, Role.AUDITOR)


def may_read_tariffs(_actor: Actor) -> bool:
    """Everybody signed in reads the dues scale; it is published to all members."""
    return True


def may_read_own_dues(actor: Actor) -> bool:
    """Under the hat of a member, every kind of representative reads what that member owes."""
    return actor.hat is HatKind.MEMBER and actor.member_id is not None


def may_read_invoice(actor: Actor, invoice: object) -> bool:
    """The member's own people, and who reads the ledger. ``invoice`` has a ``member_id``."""
    own = may_read_own_dues(actor) and actor.member_id == getattr(invoice, "member_id", None)
    return own or may_read_ledger(actor)
