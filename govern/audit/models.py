"""The audit log: entries, their places in the tree, signed heads. Triggers refuse update and delete on all three."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant
from govern.extensions import Model


class AuditEntry(Model):
    """One thing that happened. ``payload`` is the canonical JSON that is hashed; other columns repeat it for lists."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_object", "object_kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int]
    hat: Mapped[str]
    actor_name: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    object_kind: Mapped[str]
    object_id: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)


class AuditSeal(Model):
    """The place of an entry in the RFC 6962 tree: leaf ``position`` (from 0) with its hash.

    No two leaves are equal (each payload carries its own salt), so a copy of a sealed entry cannot be sealed again.
    """

    __tablename__ = "audit_seal"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class AuditHead(Model):
    """A tree head: ``size`` leaves have this ``root``, signed with Ed25519 at an instant.

    ``peaks`` are the roots of the complete subtrees, largest first, 32 bytes each: what the next seal goes on from.
    """

    __tablename__ = "audit_head"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime] = mapped_column(Instant)
    key_id: Mapped[str]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    peaks: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
