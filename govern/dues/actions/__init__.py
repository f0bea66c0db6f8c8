"""What is done to dues. Each action checks, changes, books, records; it flushes and never commits."""

from govern.dues.actions.invoicing import agree_plan, cancel_invoice, charge_joiner, issue_invoices, reissue_invoice
from govern.dues.actions.payments import record_payment, reverse_payment
from govern.dues.actions.tariffs import adopt_tariff, draft_tariff, open_year, reassess

__all__ = [
    "adopt_tariff",
    "agree_plan",
    "cancel_invoice",
    "charge_joiner",
    "draft_tariff",
    "issue_invoices",
    "open_year",
    "reassess",
    "record_payment",
    "reissue_invoice",
    "reverse_payment",
]
