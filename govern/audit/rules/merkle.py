"""The Merkle tree of RFC 6962, section 2.1, with SHA-256. Pure; hashes are 32 raw bytes.

A tree over ``n`` leaves splits at the largest power of two below ``n``. Its complete subtrees can be kept as a short
list of *peaks*, left to right, one for each 1 in the binary form of ``n``: enough to append and to name the root.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf that holds ``data``: a zero byte in front, so that no leaf passes for a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def largest_power_below(size: int) -> int:
    """Largest power of two smaller than ``size`` (>= 2): where a tree of that size splits."""
    return 1 << ((size - 1).bit_length() - 1)


class Frontier:
    """A tree that only grows: append leaves, ask for the root. Holds one hash per 1 bit of its size."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Go on from ``size`` leaves with these ``peaks``, largest subtree first; ValueError when they do not fit."""
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(self.peaks)}")

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Append leaf hashes, hashing the largest aligned blocks level by level."""
        at, end = 0, len(leaves)
        while at < end:
            block = 1 << ((end - at).bit_length() - 1)
            if self.size:
                block = min(block, self.size & -self.size)
            self._push(complete_root(leaves[at : at + block]), block)
            at += block

    def root(self) -> bytes:
        """Root of all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def _push(self, subtree: bytes, leaves: int) -> None:
        level, old = leaves, self.size
        while old & level:
            subtree = node_hash(self.peaks.pop(), subtree)
            level <<= 1
        self.peaks.append(subtree)
        self.size += leaves


def complete_root(leaves: Sequence[bytes]) -> bytes:
    """Root over a number of leaf hashes that is a power of two."""
    level = leaves
    while len(level) > 1:
        level = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


class Tree:
    """A whole tree in memory, for proofs. 64 bytes of hashes per leaf, hashed once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """``leaves``: the leaf hashes in order."""
        self.size = len(leaves)
        self._levels: list[Sequence[bytes]] = [leaves]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            whole = below[: len(below) & ~1]
            self._levels.append([node_hash(a, b) for a, b in zip(whole[::2], whole[1::2], strict=True)])

    def root(self, size: int | None = None) -> bytes:
        """Root over the first ``size`` leaves, all when None."""
        size = self.size if size is None else size
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, position: int, size: int | None = None) -> list[bytes]:
        """Audit path of the leaf at ``position`` in the tree of the first ``size`` leaves, lowest neighbour first.

        IndexError when there is no such leaf.
        """
        size = self.size if size is None else size
        if not 0 <= position < size <= self.size:
            raise IndexError(f"no leaf {position} in a tree of {size}")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + largest_power_below(end - start)
            if position < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, first: int, size: int | None = None) -> list[bytes]:
        """Proof that the tree of ``first`` leaves is the beginning of the tree of ``size`` leaves.

        IndexError unless 0 <= first <= size <= leaves. Empty where nothing needs proof (first is 0 or size).
        """
        size = self.size if size is None else size
        if not 0 <= first <= size <= self.size:
            raise IndexError(f"no trees of {first} and {size} leaves")
        if first in {0, size}:
            return []
        path: list[bytes] = []
        start, end, known = 0, size, True
        while first < end:
            middle = start + largest_power_below(end - start)
            if first <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start, known = middle, False
        # The verifier knows the root of the first tree; any other subtree of it has to be shown.
        return ([] if known else [self._range(start, end)]) + path[::-1]

    def _range(self, start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + largest_power_below(count)
        return node_hash(self._range(start, middle), self._range(middle, end))


def root_from_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that ``path`` leads to from ``leaf``, or None when the path cannot belong to that place."""
    if not 0 <= position < size:
        return None
    here, last, found = position, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            found = node_hash(neighbour, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, neighbour)
        here, last = here >> 1, last >> 1
    return found if last == 0 else None


def includes(root: bytes, leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bool:
    """Whether ``path`` proves that ``leaf`` stands at ``position`` in the tree of ``size`` leaves with ``root``."""
    return root_from_inclusion(leaf, position, size, path) == root


def extends(first: int, first_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether ``path`` proves that the tree (``size``, ``root``) begins with the tree (``first``, ``first_root``)."""
    if not 0 <= first <= size:
        return False
    if first == size:
        return first_root == root and not path
    if first == 0:
        return first_root == EMPTY_ROOT and not path
    shown = [first_root, *path] if first & (first - 1) == 0 else list(path)
    return bool(shown) and _roots_from_consistency(first, size, shown) == (first_root, root)


def _roots_from_consistency(first: int, size: int, shown: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """(root of the first tree, root of the second) that the shown subtrees lead to, or None."""
    here, last = first - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = shown[0]
    for subtree in shown[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            old, new = node_hash(subtree, old), node_hash(subtree, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, subtree)
        here, last = here >> 1, last >> 1
    return (old, new) if last == 0 else None
