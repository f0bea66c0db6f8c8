"""Reads of the log: lists, heads, proofs. ``verification`` recomputes all of it, ``invariants`` are its self-checks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, exists, func, select

from govern.audit.models import AuditEntry, AuditHead, AuditSeal
from govern.audit.rules.heads import Head
from govern.audit.rules.merkle import Tree
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.errors import NotFoundError

LONGEST_TRANSACTION = timedelta(hours=1)
ENTRY_KEY = AuditEntry.id
HASH_KEY = AuditSeal.position
_FETCHED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for in the log; empty means everything. ``action`` may be only its beginning ("vote")."""

    action: str = ""
    object_kind: str = ""
    object_id: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Proof that an entry stands under a head: its payload is leaf ``position``; ``path`` leads to the head's root."""

    entry_id: int
    position: int
    payload: bytes
    path: tuple[bytes, ...]


def list_entries(filters: Filters) -> Select[*tuple[Any, ...]]:
    """Entries as ``id, at, actor_name, action, object_kind, object_id, payload, position`` (None while waiting).

    To be paged by ``ENTRY_KEY``.
    """
    statement = select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.actor_name,
        AuditEntry.action,
        AuditEntry.object_kind,
        AuditEntry.object_id,
        AuditEntry.payload,
        AuditSeal.position,
    ).outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
    if filters.action:
        statement = statement.where(AuditEntry.action.startswith(filters.action.lower(), autoescape=True))
    if filters.object_kind:
        statement = statement.where(AuditEntry.object_kind == filters.object_kind)
    if filters.object_id:
        statement = statement.where(AuditEntry.object_id == filters.object_id)
    if filters.person:
        statement = statement.where(AuditEntry.actor_name.icontains(filters.person, autoescape=True))
    return statement.order_by(AuditEntry.id.desc())


def list_hashes() -> Select[*tuple[Any, ...]]:
    """Sealed entries as ``id`` (the position) and ``leaf_hash``, nothing else; to be paged by ``HASH_KEY``."""
    return select(AuditSeal.position.label("id"), AuditSeal.leaf_hash).order_by(AuditSeal.position.desc())


def run(statement: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of one of the statements above, cut to a page."""
    return db.session.execute(statement).all()


def get_entry(entry_id: int) -> Row[AuditEntry, int | None, bytes | None]:
    """One entry with its seal: (AuditEntry, position, leaf_hash), the last two None while it waits."""
    found = db.session.execute(
        select(AuditEntry, AuditSeal.position, AuditSeal.leaf_hash)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditEntry.id == entry_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def find_latest_head() -> Head | None:
    """The newest signed head, or None before the first seal."""
    found = find_latest_head_row()
    return None if found is None else head_of(found)


def find_latest_head_row() -> AuditHead | None:
    """The same as its row, with the peaks the next seal goes on from."""
    return db.session.scalars(select(AuditHead).order_by(AuditHead.size.desc()).limit(1)).one_or_none()


def head_of(row: AuditHead) -> Head:
    """A head as the pure rules know it."""
    return Head(row.size, row.root, row.signed_at, row.key_id, row.public_key, row.signature)


def find_head_covering(position: int) -> Head | None:
    """The first signed head under which the entry at ``position`` stands, or None."""
    statement = select(AuditHead).where(AuditHead.size > position).order_by(AuditHead.size).limit(1)
    found = db.session.scalars(statement).one_or_none()
    return None if found is None else head_of(found)


def find_last_entry(action: str) -> Row[int, datetime, str] | None:
    """(id, at, object_id) of the newest entry with this action, or None."""
    return db.session.execute(
        select(AuditEntry.id, AuditEntry.at, AuditEntry.object_id)
        .where(AuditEntry.action == action)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()


def find_oldest_unsealed() -> datetime | None:
    """Since when the first entry that is still to be sealed waits, or None when all are."""
    sealed = exists().where(AuditSeal.entry_id == AuditEntry.id)
    statement = (
        select(AuditEntry.at).where(AuditEntry.id > settled_entry_id(), ~sealed).order_by(AuditEntry.id).limit(1)
    )
    return db.session.scalar(statement)


def newest_instant() -> datetime | None:
    """When the newest entry says it was written."""
    return db.session.scalar(select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1))


def list_entry_ids(objects: Mapping[str, Iterable[int | str]]) -> Sequence[int]:
    """Ids of the entries about these objects (kind -> keys), in order: what an export of a decision contains."""
    found: set[int] = set()
    for kind, keys in objects.items():
        wanted = sorted({str(key) for key in keys})
        for at in range(0, len(wanted), _FETCHED_AT_ONCE):
            chunk = wanted[at : at + _FETCHED_AT_ONCE]
            statement = select(AuditEntry.id).where(AuditEntry.object_kind == kind, AuditEntry.object_id.in_(chunk))
            found.update(db.session.scalars(statement))
    return sorted(found)


def prove(entry_ids: Iterable[int]) -> tuple[Head | None, list[Inclusion]]:
    """The newest head and the proof of each of these entries under it; entries that still wait are left out.

    Reads every leaf hash once, whatever the number of entries.
    """
    head = find_latest_head()
    wanted = set(entry_ids)
    if head is None or not wanted:
        return head, []
    tree = load_tree(head.size)
    found: list[Inclusion] = []
    for chunk in _chunked(sorted(wanted)):
        rows = db.session.execute(
            select(AuditEntry.id, AuditSeal.position, AuditEntry.payload)
            .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
            .where(AuditEntry.id.in_(chunk), AuditSeal.position < head.size)
            .order_by(AuditSeal.position)
        )
        found += [Inclusion(row.id, row.position, row.payload, tuple(tree.inclusion(row.position))) for row in rows]
    return head, found


def load_tree(size: int) -> Tree:
    """The tree of the first ``size`` leaves, for proofs of inclusion and of consistency."""
    statement = select(AuditSeal.leaf_hash).where(AuditSeal.position < size).order_by(AuditSeal.position)
    return Tree(db.session.scalars(statement).all())


def settled_entry_id() -> int:
    """No entry up to this id will ever be sealed unless it is already; 0 before the first seal."""
    return db.session.scalar(settled_statement()) or 0


def settled_statement() -> Select[int]:
    """Selects ``settled_entry_id``; no row before the first seal.

    On SQLite writers stand in line, so ids are committed in order. PostgreSQL may commit a lower id later, as long as
    a transaction lasts: entries under a head signed more than an hour ago are safely past that.
    """
    statement = select(AuditSeal.entry_id).order_by(AuditSeal.entry_id.desc()).limit(1)
    if db.engine.dialect.name != "sqlite":
        before = clock.now() - LONGEST_TRANSACTION
        old = select(func.max(AuditHead.size)).where(AuditHead.signed_at <= before).scalar_subquery()
        statement = statement.where(AuditSeal.position < func.coalesce(old, 0))
    return statement


def list_unsealed(after: int) -> Iterator[Row[int, bytes, bytes]]:
    """(id, payload, mac) of entries above id ``after`` that have no seal, in order, read as they are asked for."""
    sealed = exists().where(AuditSeal.entry_id == AuditEntry.id)
    statement = (
        select(AuditEntry.id, AuditEntry.payload, AuditEntry.mac)
        .where(AuditEntry.id > after, ~sealed)
        .order_by(AuditEntry.id)
        .execution_options(yield_per=_FETCHED_AT_ONCE)
    )
    with db.session.execute(statement) as rows:
        yield from rows


def sealed_among(leaves: Sequence[bytes]) -> set[bytes]:
    """Those of ``leaves`` that are in the tree already."""
    found: set[bytes] = set()
    for chunk in _chunked(leaves):
        found.update(db.session.scalars(select(AuditSeal.leaf_hash).where(AuditSeal.leaf_hash.in_(chunk))))
    return found


def _chunked(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(items), _FETCHED_AT_ONCE):
        yield items[at : at + _FETCHED_AT_ONCE]
