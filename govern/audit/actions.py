"""Append to the log, and seal what was appended. Nothing else in Govern writes it, and the database refuses changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from secrets import token_hex
from typing import Any

import structlog
from sqlalchemy import insert, text

from govern.audit import queries
from govern.audit.keys import mac_key, signing_key
from govern.audit.models import AuditEntry, AuditHead, AuditSeal
from govern.audit.rules.entries import code_of, payload_of
from govern.audit.rules.heads import fingerprint, public_bytes, sign_head
from govern.audit.rules.merkle import HASH_BYTES, Frontier, leaf_hash
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM, Actor
from govern.kernel.errors import RuleBrokenError
from govern.prepared import Prepared, Work

SALT_BYTES = 16
SEALED_AT_ONCE = 500
"""Entries sealed in one transaction: a few milliseconds of the write lock, so that no ballot waits for the sealer."""

# Any number will do; it only has to be the same in every worker.
_SEALER_LOCK = 622_006_962

_ENTRY = [column.name for column in AuditEntry.__table__.c if column.name != "id"]
# Every action pays for its entry. Inline: nobody reads the new key.
_APPEND = Prepared(insert(AuditEntry.__table__).inline(), _ENTRY)  # type: ignore[arg-type]  # a Table, called FromClause

log = structlog.get_logger()


def record(  # noqa: PLR0913 - the fields of an entry
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: int | str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    work: Work | None = None,
) -> None:
    """Append what ``actor`` did to an object, in the caller's transaction (``work``, or else the session's).

    ``action`` is ``noun.past_verb``; ``before`` and ``after`` hold the values that changed (never a ballot's content).
    """
    at = clock.now()
    payload = payload_of(
        at, actor, action, object_kind, object_id, before=before, after=after, salt=token_hex(SALT_BYTES)
    )
    values = {
        "at": at,
        "user_id": actor.user_id,
        "hat": actor.hat_key,
        "actor_name": actor.name,
        "action": action,
        "object_kind": object_kind,
        "object_id": str(object_id),
        "payload": payload,
        "mac": code_of(mac_key(), payload),
    }
    _APPEND.run(values, work)


def seal(limit: int = SEALED_AT_ONCE) -> int:
    """Put up to ``limit`` entries into the tree, sign the new head, and return how many there were.

    Whoever gets ``limit`` back calls again. An entry whose code does not fit, or that repeats another one, is left out
    and reported by the verification. RuleBrokenError when the last head itself does not hold: nothing is built on it.
    """
    _be_the_only_sealer()
    key = signing_key()
    key_id = fingerprint(public_bytes(key))
    last = queries.find_latest_head_row()
    if last is not None and last.key_id != key_id:
        record(SYSTEM, "audit_key.changed", "audit_key", key_id, before={"key": last.key_id}, after={"key": key_id})
    found = list(islice(_sealable(queries.list_unsealed(queries.settled_entry_id())), limit))
    if not found:
        return 0
    frontier = _frontier_of(last)
    start = frontier.size
    frontier.extend([leaf for _, leaf in found])
    db.session.execute(
        insert(AuditSeal),
        [{"position": start + n, "entry_id": entry, "leaf_hash": leaf} for n, (entry, leaf) in enumerate(found)],
    )
    head = sign_head(key, frontier.size, frontier.root(), clock.now())
    db.session.execute(
        insert(AuditHead).values(
            size=head.size,
            root=head.root,
            signed_at=head.signed_at,
            key_id=head.key_id,
            public_key=head.public_key,
            peaks=b"".join(frontier.peaks),
            signature=head.signature,
        )
    )
    return len(found)


def _be_the_only_sealer() -> None:
    """On PostgreSQL two workers would give out the same positions; on SQLite the write lock is enough."""
    if db.engine.dialect.name != "sqlite":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALER_LOCK})


def _sealable(entries: Iterable[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    """(id, leaf hash) of those entries that Govern itself wrote, each once."""
    secret = mac_key()
    for chunk in _chunks(entries):
        leaves = [leaf_hash(payload) for _, payload, _ in chunk]
        taken = queries.sealed_among(leaves)
        for (entry_id, payload, code), leaf in zip(chunk, leaves, strict=True):
            if code != code_of(secret, payload) or leaf in taken:
                log.error("an audit entry is not sealed: Govern did not write it", entry=entry_id)
                continue
            taken.add(leaf)
            yield entry_id, leaf


def _chunks(entries: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rest = iter(entries)
    while chunk := list(islice(rest, SEALED_AT_ONCE)):
        yield chunk


def _frontier_of(last: AuditHead | None) -> Frontier:
    if last is None:
        return Frontier()
    peaks = [last.peaks[at : at + HASH_BYTES] for at in range(0, len(last.peaks), HASH_BYTES)]
    frontier = Frontier(last.size, peaks) if len(peaks) == last.size.bit_count() else None
    if frontier is None or frontier.root() != last.root:
        raise RuleBrokenError(
            f"The signed head of {last.size} entries was altered; nothing is sealed. Run govern check."
        )
    return frontier
