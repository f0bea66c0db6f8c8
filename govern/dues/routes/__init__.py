"""URLs of dues: the ledger, a member's own page, invoices, payments, fiscal years, tariffs."""

from flask import Blueprint

bp = Blueprint("dues", __name__, url_prefix="/dues")

from govern.dues.routes import invoices, ledger, payments, years  # noqa: E402 - they hang on bp

__all__ = ["bp", "invoices", "ledger", "payments", "years"]
