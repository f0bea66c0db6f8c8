"""Recompute the whole log: every entry, its seal, every signed head, and a witness where somebody brings one.

What is found, and how the row is named:

- an entry's payload does not give the leaf hash of its seal: its code (HMAC) says which of the two changed;
- a repeated column does not say what the payload says;
- a seal without its entry names the entry that is gone, a gap in the positions the seal that is gone;
- an entry with a wrong code, a copy of another entry, or one without a seal before sealed ones was slipped in;
- a head that does not fit the tree tells where to look: the codes of all entries since the last head that fits;
- a witness larger than the log shows that the end was cut off, one that does not fit that history was rewritten.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select

from govern import database
from govern.audit.keys import mac_key, signing_key
from govern.audit.models import AuditEntry, AuditHead, AuditSeal
from govern.audit.queries import head_of, settled_statement
from govern.audit.queries.columns import list_altered, list_unclear
from govern.audit.rules.entries import Fault, code_of
from govern.audit.rules.heads import Head, fingerprint, is_signed, public_bytes
from govern.audit.rules.merkle import Frontier, leaf_hash

MOST_FAULTS = 100
ROWS_AT_ONCE = 5_000

# Plain SQL and few columns: a million rows have two seconds.
_PLAIN = (
    "SELECT s.leaf_hash, e.payload FROM audit_seal s JOIN audit_entry e ON e.id = s.entry_id "
    "WHERE s.position >= {start:d} AND s.position < {end:d} ORDER BY s.position"
)
_CLOSER = (
    "SELECT s.position, s.entry_id, s.leaf_hash, e.payload, e.mac FROM audit_seal s "
    "LEFT JOIN audit_entry e ON e.id = s.entry_id "
    "WHERE s.position >= {start:d} AND s.position < {end:d} ORDER BY s.position"
)
_WAITING = (
    "SELECT e.id, e.payload, e.mac FROM audit_entry e WHERE e.id {side} {settled:d} "
    "AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id) ORDER BY e.id"
)
_CODES = (
    "SELECT e.id, e.payload, e.mac FROM audit_seal s JOIN audit_entry e ON e.id = s.entry_id "
    "WHERE s.position >= {start:d} ORDER BY s.position"
)


@dataclass(slots=True)
class LogReport:
    """What a verification saw. ``waiting`` entries have a code and no seal yet; ``hidden`` faults are not listed."""

    sealed: int = 0
    waiting: int = 0
    heads: int = 0
    head: Head | None = None
    witness: Head | None = None
    faults: list[Fault] = field(default_factory=list)
    hidden: int = 0

    @property
    def entries(self) -> int:
        """Entries looked at."""
        return self.sealed + self.waiting

    @property
    def holds(self) -> bool:
        """True when nothing was found."""
        return not self.faults


def verify_log(witness: Head | None = None) -> LogReport:
    """Verify everything in a reading transaction of its own; ``witness`` is a head kept elsewhere.

    At most ``MOST_FAULTS`` are listed. One pass over the rows, a few thousand in memory at a time.
    """
    with ThreadPoolExecutor(1) as beside, database.short_read() as connection:
        # The database compares columns while this thread hashes.
        unclear = beside.submit(copy_context().run, list_unclear)
        if connection.dialect.name == "postgresql":  # all statements below must see the same rows
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        verifier = _Verifier(connection, witness)
        verifier.run()
        verifier.add(list_altered(connection, unclear.result()))
        return verifier.report


@dataclass(slots=True)
class _Checkpoint:
    """A size at which the tree must have a known root."""

    size: int
    root: bytes
    missed: Callable[[], None]


class _Verifier:
    """One verification: walks the seals in order and grows the tree as it goes."""

    def __init__(self, connection: Connection, witness: Head | None) -> None:
        self.connection = connection
        self.driver = connection.connection.cursor()  # plain tuples: a million of them
        self.key = mac_key()
        self.report = LogReport(witness=witness)
        self.frontier = Frontier()
        self.named: set[int] = set()
        self.position = 0
        self.gap = False
        self.good_size = 0
        self.misfit = False
        self.matched = 0
        self.checkpoints: list[_Checkpoint] = []

    def run(self) -> None:
        """Look at everything, in the order that lets later parts lean on earlier ones."""
        self._read_heads()
        places, entries, settled = self.connection.execute(
            select(
                select(func.coalesce(func.max(AuditSeal.position) + 1, 0)).scalar_subquery(),
                select(func.count()).select_from(AuditEntry).scalar_subquery(),
                func.coalesce(settled_statement().scalar_subquery(), 0),
            )
        ).one()
        for start in range(0, places, ROWS_AT_ONCE):
            self._grow(self._leaves_of(start, min(start + ROWS_AT_ONCE, places)))
        self.report.sealed = self.frontier.size
        self._check_ends()
        if self.misfit or self.gap:
            self._check_codes_since(self.good_size)
        self._check_waiting(settled, entries)

    def add(self, faults: Iterable[Fault]) -> None:
        """Note each fault, unless its entry is named already."""
        for fault in faults:
            self._fault(fault.text, fault.entry_id)

    # -- heads

    def _read_heads(self) -> None:
        rows = self.connection.execute(select(AuditHead.__table__).order_by(AuditHead.size)).all()
        heads = [head_of(row) for row in rows]  # type: ignore[arg-type]  # a Core row has the model's attributes
        self.report.heads = len(heads)
        for head in heads:
            if not is_signed(head):
                self._fault(f"The signed head of {head.size} entries was altered: its signature does not hold.")
            self.checkpoints.append(_Checkpoint(head.size, head.root, self._head_misses(head)))
        if heads:
            self.report.head = heads[-1]
            own = fingerprint(public_bytes(signing_key()))
            if heads[-1].key_id != own:
                self._fault(
                    f"The newest head was signed with the key {heads[-1].key_id[:16]}, this installation has "
                    f"{own[:16]}. If you changed the key yourself, run govern work --once to sign with the new one."
                )
        if witness := self.report.witness:
            self.checkpoints.append(_Checkpoint(witness.size, witness.root, self._witness_misses(witness)))
            self.checkpoints.sort(key=lambda checkpoint: checkpoint.size)

    def _head_misses(self, head: Head) -> Callable[[], None]:
        def tell() -> None:
            if not self.misfit:
                self._fault(
                    f"The signed head of {head.size} entries does not fit them; "
                    f"up to {self.good_size} they are as signed."
                )
            self.misfit = True

        return tell

    def _witness_misses(self, witness: Head) -> Callable[[], None]:
        def tell() -> None:
            self._fault(
                f"The witness of {witness.signed_at:%Y-%m-%d %H:%M} UTC does not fit: history among the first "
                f"{witness.size} entries was rewritten after it was signed."
            )

        return tell

    def _grow(self, leaves: Sequence[bytes]) -> None:
        while self.checkpoints and self.checkpoints[0].size <= self.frontier.size + len(leaves):
            checkpoint = self.checkpoints.pop(0)
            cut = checkpoint.size - self.frontier.size
            self.frontier.extend(leaves[:cut])
            leaves = leaves[cut:]
            if self.frontier.root() == checkpoint.root:
                self.good_size = checkpoint.size
            elif not self.gap:  # without all leaves no root can be computed
                checkpoint.missed()
        self.frontier.extend(leaves)

    def _check_ends(self) -> None:
        """The tree must end where the last head does."""
        size, last = self.frontier.size, self.report.head
        signed = last.size if last else 0
        if size > signed:
            rows = self.connection.execute(
                select(AuditSeal.entry_id).where(AuditSeal.position >= signed).order_by(AuditSeal.position)
            )
            for row in rows:
                self._fault(f"Entry {row.entry_id} has a seal but stands under no signed head.", row.entry_id)
        if size < signed and not self.gap:
            self._fault(f"The newest head was signed over {signed} entries; only {size} have a seal.")
        witness = self.report.witness
        if witness and witness.size > size:
            self._fault(
                f"The witness of {witness.signed_at:%Y-%m-%d %H:%M} UTC knows {witness.size} entries, the log has "
                f"{size}: its end was cut off."
            )

    # -- sealed entries

    def _leaves_of(self, start: int, end: int) -> list[bytes]:
        """The leaf hashes at positions ``start`` to ``end``; a part that is not plainly right is read row by row."""
        self.driver.execute(_PLAIN.format(start=start, end=end))
        rows = self.driver.fetchall()
        leaves = [sha256(b"\x00" + payload).digest() for _, payload in rows]
        if len(rows) == end - start and leaves == [leaf for leaf, _ in rows]:
            self.matched += len(rows)
            self.position = end
            return leaves
        leaves = []
        for place, entry_id, leaf, payload, code in self._read(_CLOSER.format(start=start, end=end)):
            self._check_place(place, entry_id)
            leaves.append(self._judge(entry_id, leaf, payload, code))
            self.position = place + 1
        return leaves

    def _check_place(self, place: int, entry_id: int) -> None:
        for missing in range(self.position, min(place, self.position + MOST_FAULTS)):
            self._fault(f"The seal at position {missing} is gone.")
        if place < self.position:
            self._fault(f"Entry {entry_id} is sealed at position {place}, which is taken: it was slipped in.", entry_id)
        self.gap |= place != self.position

    def _judge(self, entry_id: int, leaf: bytes, payload: bytes | None, code: bytes) -> bytes:
        """Whether the entry is the one that was sealed; returns the leaf hash that was signed, most likely."""
        if payload is None:
            self._fault(f"Entry {entry_id} is gone, its seal is still there.", entry_id)
            return leaf
        self.matched += 1
        found = leaf_hash(payload)
        if found == leaf:
            return leaf
        if code == code_of(self.key, payload):
            self._fault(f"The seal of entry {entry_id} was altered, or the entry was replaced.", entry_id)
            return found
        self._fault(f"Entry {entry_id} was altered after it was sealed.", entry_id)
        return leaf

    def _check_codes_since(self, start: int) -> None:
        """Name the entries whose code does not fit, and the numbers that are missing, from position ``start`` on."""
        last = 0 if start == 0 else None  # ids count from 1
        # One row more than suspected, to see what is missing right behind it.
        for entry_id, payload, code in self._read(_CODES.format(start=max(start - 1, 0))):
            if code != code_of(self.key, payload):
                self._fault(f"Entry {entry_id} was altered or slipped in: its code does not fit.", entry_id)
            if last is not None and entry_id > last + 1 and self.misfit:
                gone = f"{last + 1}" if entry_id == last + 2 else f"{last + 1} to {entry_id - 1}"
                self._fault(f"There is no entry {gone} among those that do not fit their head.", last + 1)
            last = entry_id

    # -- entries that wait

    def _check_waiting(self, settled: int, entries: int) -> None:
        seen: dict[bytes, int] = {}
        for rows in self._parts(_WAITING.format(side=">", settled=settled)):
            self._check_tail(rows, seen)
        if entries > self.matched + self.report.waiting:
            for entry_id, *_rest in self._read(_WAITING.format(side="<=", settled=settled)):
                self._fault(f"Entry {entry_id} stands before sealed entries but has no seal: slipped in.", entry_id)

    def _check_tail(self, rows: Sequence[Any], seen: dict[bytes, int]) -> None:
        leaves = [leaf_hash(payload) for _, payload, _ in rows]
        sealed = self._entries_with(leaves)
        for (entry_id, payload, code), leaf in zip(rows, leaves, strict=True):
            first = sealed.get(leaf) or seen.setdefault(leaf, entry_id)
            if code != code_of(self.key, payload):
                self._fault(f"Entry {entry_id} was altered or slipped in: its code does not fit.", entry_id)
            elif first != entry_id:
                self._fault(f"Entry {entry_id} was slipped in: it is a copy of entry {first}.", entry_id)
            self.report.waiting += 1

    def _entries_with(self, leaves: Sequence[bytes]) -> dict[bytes, int]:
        statement = select(AuditSeal.leaf_hash, AuditSeal.entry_id).where(AuditSeal.leaf_hash.in_(leaves))
        return {row.leaf_hash: row.entry_id for row in self.connection.execute(statement)} if leaves else {}

    # -- plumbing

    def _parts(self, statement: str) -> Iterator[Sequence[Any]]:
        options = {"stream_results": True, "max_row_buffer": ROWS_AT_ONCE}
        with self.connection.execution_options(**options).exec_driver_sql(statement) as result:
            yield from result.partitions(ROWS_AT_ONCE)

    def _read(self, statement: str) -> Iterator[Any]:
        for rows in self._parts(statement):
            yield from rows

    def _fault(self, text: str, entry_id: int | None = None) -> None:
        if entry_id is not None:
            if entry_id in self.named:
                return
            self.named.add(entry_id)
        if len(self.report.faults) < MOST_FAULTS:
            self.report.faults.append(Fault(text, entry_id))
        else:
            self.report.hidden += 1


def fault_texts(report: LogReport) -> Iterable[str]:
    """One sentence per fault, and one for those not listed."""
    yield from (fault.text for fault in report.faults)
    if report.hidden:
        yield f"And {report.hidden} more of this kind."
