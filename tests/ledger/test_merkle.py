"""The tree is that of RFC 9162, by its own definition and by hashes worked out by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ledger import stranger
from bot.ledger.merkle import Frontier, Tree, leaf_hash, node_hash
from bot.ledger.stranger import DoesNotHoldError

# printf '' | sha256sum; printf '\0' | sha256sum; printf '\0a' | sha256sum; then
# (printf '\1'; printf '%s' A B | xxd -r -p) | sha256sum for a, b and ab, c.
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
OF_NOTHING = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
A = "022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c"
AB = "b137985ff484fb600db93107c77b0365c80d78f5b429ded0fd97361d077999eb"
ABC = "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1"


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return node_hash(by_definition(leaves[:cut]), by_definition(leaves[cut:]))


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


@pytest.mark.parametrize(
    ("data", "root"),
    [([], EMPTY), ([b""], OF_NOTHING), ([b"a"], A), ([b"a", b"b"], AB), ([b"a", b"b", b"c"], ABC)],
)
def test_roots_that_were_worked_out_by_hand(data: list[bytes], root: str) -> None:
    leaves = [leaf_hash(one) for one in data]
    assert Frontier().grown_by(leaves).root().hex() == root
    assert Tree(leaves).root(len(leaves)).hex() == root


@given(st.integers(0, 70), st.integers(0, 70))
def test_growing_in_two_steps_gives_the_root_of_the_definition(one: int, other: int) -> None:
    leaves = leaves_of(one + other)
    grown = Frontier().grown_by(leaves[:one]).grown_by(leaves[one:])
    apart = stranger.Growing()
    for leaf in leaves:
        apart.add(leaf)
    assert (grown.size, grown.root()) == (one + other, by_definition(leaves))
    assert (apart.size, apart.root()) == (one + other, by_definition(leaves))


def test_what_appending_needs_stays_small() -> None:
    assert len(Frontier().grown_by(leaves_of(1000)).hashes) == (1000).bit_count()


@given(st.data())
def test_every_leaf_can_be_proved_and_no_other_in_its_place(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    position = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(80)
    tree, root = Tree(leaves), by_definition(leaves[:size])
    proof = tree.inclusion(position, size)
    stranger.check_inclusion(leaves[position], position, size, proof, root)
    for wrong in (position - 1, position + 1, size):
        with pytest.raises(DoesNotHoldError):
            stranger.check_inclusion(leaves[position], wrong, size, proof, root)
    for spoilt in (proof[:-1], [*proof, root], [root, *proof[1:]]):
        if spoilt != proof:
            with pytest.raises(DoesNotHoldError):
                stranger.check_inclusion(leaves[position], position, size, spoilt, root)


@given(st.data())
def test_an_older_tree_can_be_proved_to_begin_a_newer_one(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 70))
    old = data.draw(st.integers(1, new))
    leaves = leaves_of(80)
    proof = Tree(leaves).consistency(old, new)
    before, after = (old, by_definition(leaves[:old])), (new, by_definition(leaves[:new]))
    stranger.check_consistency(before, after, proof)
    rewritten = [leaf_hash(b"another"), *leaves[1:]]
    with pytest.raises(DoesNotHoldError):
        stranger.check_consistency((old, by_definition(rewritten[:old])), after, proof)
    with pytest.raises(DoesNotHoldError):
        stranger.check_consistency(before, after, [*proof, before[1]])
    if proof:
        with pytest.raises(DoesNotHoldError):
            stranger.check_consistency(before, after, proof[:-1])


@given(st.data())
def test_some_leaves_and_the_cover_give_the_root(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    chosen = sorted(data.draw(st.sets(st.integers(0, size - 1))))
    leaves = leaves_of(80)
    cover = Tree(leaves).cover(chosen, size)
    shown = [(position, leaves[position]) for position in chosen]
    assert stranger.root_by_cover(shown, size, cover) == by_definition(leaves[:size])
    with pytest.raises(DoesNotHoldError):
        stranger.root_by_cover(shown, size, [*cover, cover[0] if cover else leaves[0]])
    if cover:
        with pytest.raises(DoesNotHoldError):
            stranger.root_by_cover(shown, size, cover[:-1])


def test_a_month_in_one_piece_needs_few_hashes() -> None:
    leaves = leaves_of(10_000)
    assert len(Tree(leaves).cover(range(4_000, 7_000), 10_000)) < 2 * 14
