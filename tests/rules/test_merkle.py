"""The tree against the definitions of RFC 6962, written out here a second time in the plainest way."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.audit.rules import merkle
from govern.audit.rules.merkle import Frontier, Tree

MOST = 70


def plain_root(data):
    """MTH of section 2.1, over the leaves' contents."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = plain_split(len(data))
    return hashlib.sha256(b"\x01" + plain_root(data[:k]) + plain_root(data[k:])).digest()


def plain_split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def plain_path(m, data):
    """PATH of section 2.1.1."""
    if len(data) == 1:
        return []
    k = plain_split(len(data))
    if m < k:
        return [*plain_path(m, data[:k]), plain_root(data[k:])]
    return [*plain_path(m - k, data[k:]), plain_root(data[:k])]


def plain_proof(m, data, *, known=True):
    """SUBPROOF of section 2.1.2."""
    n = len(data)
    if m == n:
        return [] if known else [plain_root(data)]
    k = plain_split(n)
    if m <= k:
        return [*plain_proof(m, data[:k], known=known), plain_root(data[k:])]
    return [*plain_proof(m - k, data[k:], known=False), plain_root(data[:k])]


def contents(count):
    return [b"entry %d" % number for number in range(count)]


def hashed(data):
    return [merkle.leaf_hash(item) for item in data]


def test_a_tree_of_three_by_hand():
    def sha(data):
        return hashlib.sha256(data).digest()

    a, b, c = (sha(b"\x00" + letter) for letter in (b"a", b"b", b"c"))
    assert merkle.root_of(hashed([b"a", b"b", b"c"])) == sha(b"\x01" + sha(b"\x01" + a + b) + c)


def test_the_empty_tree_and_the_tree_of_one_empty_leaf():
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root_of(hashed([b""])).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@pytest.mark.parametrize("size", range(MOST))
def test_roots_and_proofs_are_those_of_the_definitions(size):
    data = contents(size)
    tree = Tree(hashed(data))
    root = plain_root(data)
    assert tree.root() == merkle.root_of(hashed(data)) == root
    for position in range(size):
        path = tree.inclusion(position)
        assert path == plain_path(position, data)
        assert merkle.includes(root, merkle.leaf_hash(data[position]), position, size, path)
    for first in range(1, size + 1):
        path = tree.consistency(first)
        assert path == plain_proof(first, data)
        assert merkle.extends(first, plain_root(data[:first]), size, root, path)


def test_proofs_in_a_former_size_of_the_tree():
    data = contents(50)
    tree = Tree(hashed(data))
    assert tree.root(37) == plain_root(data[:37])
    assert tree.inclusion(20, 37) == plain_path(20, data[:37])
    assert tree.consistency(20, 37) == plain_proof(20, data[:37])


@given(st.lists(st.integers(0, 40), max_size=8))
def test_growing_in_any_steps_gives_the_same_tree(steps):
    frontier = Frontier()
    leaves = hashed(contents(sum(steps)))
    for step in steps:
        # Every step goes on from what a database would have kept.
        frontier = Frontier(frontier.size, frontier.peaks)
        frontier.extend(leaves[frontier.size : frontier.size + step])
    assert frontier.size == len(leaves)
    assert frontier.root() == plain_root(contents(len(leaves)))
    assert len(frontier.peaks) == len(leaves).bit_count()


def test_peaks_that_do_not_fit_the_size_are_refused():
    with pytest.raises(ValueError, match="2 peaks"):
        Frontier(3, [b"x" * 32])


@settings(max_examples=300)
@given(st.data())
def test_a_changed_inclusion_proof_never_holds(data):
    size = data.draw(st.integers(1, MOST))
    tree = Tree(hashed(contents(size)))
    position = data.draw(st.integers(0, size - 1))
    leaf, path, root = merkle.leaf_hash(b"entry %d" % position), tree.inclusion(position), tree.root()
    what = data.draw(st.sampled_from(["leaf", "position", "size", "path", "longer", "shorter"]))
    if what == "leaf":
        assert not merkle.includes(root, merkle.leaf_hash(b"other"), position, size, path)
    elif what == "position":
        other = data.draw(st.integers(-1, size + 1).filter(lambda p: p != position))
        assert not merkle.includes(root, leaf, other, size, path)
    elif what == "size":
        # The same path may lead to the same root under another size; the signed head is what fixes the size.
        other = data.draw(st.integers(0, position))
        assert not merkle.includes(root, leaf, position, other, path)
    elif what == "path" and path:
        turn = data.draw(st.integers(0, len(path) - 1))
        path[turn] = merkle.leaf_hash(path[turn])
        assert not merkle.includes(root, leaf, position, size, path)
    elif what == "shorter" and path:
        assert not merkle.includes(root, leaf, position, size, path[:-1])
    else:
        assert not merkle.includes(root, leaf, position, size, [*path, root])


@settings(max_examples=300)
@given(st.data())
def test_a_rewritten_beginning_is_never_consistent(data):
    size = data.draw(st.integers(2, MOST))
    first = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, first - 1))
    kept = contents(size)
    rewritten = [*kept[:changed], b"rewritten", *kept[changed + 1 :]]
    old_root, tree = plain_root(kept[:first]), Tree(hashed(rewritten))
    assert not merkle.extends(first, old_root, size, tree.root(), tree.consistency(first))
    honest = Tree(hashed(kept))
    path = honest.consistency(first)
    assert not merkle.extends(first, old_root, size, honest.root(), [*path, old_root])
    assert not merkle.extends(first, old_root, size, honest.root(), path[:-1])


def test_consistency_at_the_ends():
    tree = Tree(hashed(contents(5)))
    assert merkle.extends(5, tree.root(), 5, tree.root(), [])
    assert not merkle.extends(5, tree.root(4), 5, tree.root(), [])
    assert merkle.extends(0, merkle.EMPTY_ROOT, 5, tree.root(), [])
    assert not merkle.extends(6, tree.root(), 5, tree.root(), [])
    assert not merkle.extends(3, tree.root(3), 5, tree.root(), [])


@pytest.mark.parametrize("ask", [lambda t: t.inclusion(5), lambda t: t.inclusion(0, 6), lambda t: t.consistency(3, 2)])
def test_proofs_outside_the_tree_are_refused(ask):
    with pytest.raises(IndexError):
        ask(Tree(hashed(contents(5))))
