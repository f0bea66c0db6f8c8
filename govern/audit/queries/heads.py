"""All signed heads, for those who prove that the log only grew."""

from collections.abc import Sequence

from sqlalchemy import select

from govern.audit.models import AuditHead
from govern.extensions import db


def list_head_sizes(up_to: int) -> Sequence[int]:
    """Sizes of the signed heads of at most ``up_to`` entries, rising."""
    return db.session.scalars(select(AuditHead.size).where(AuditHead.size <= up_to).order_by(AuditHead.size)).all()
