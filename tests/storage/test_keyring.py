"""Keys: one for each day or month, wrapped by MASTER_KEY, and nothing opens out of its place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.errors import SealBrokenError
from bot.storage.keyring import Key, KeyKind, keyed_hash, seal, unseal
from bot.storage.tables import keys
from tests.storage.stage import Stage

KEY = bytes(range(32))


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_was_sealed_opens_in_its_place(plain: bytes, place: bytes) -> None:
    assert unseal(KEY, seal(KEY, plain, place), place) == plain


def test_sealing_twice_looks_different() -> None:
    assert seal(KEY, b"hn 650012345", b"inbox:1") != seal(KEY, b"hn 650012345", b"inbox:1")


@pytest.mark.parametrize("length", [0, 1, 7, 8, 11, 12, 13, 27, 28, 30])
def test_a_shortened_seal_is_broken(length: int) -> None:
    with pytest.raises(SealBrokenError):
        unseal(KEY, seal(KEY, b"hn", b"inbox:1")[:length][:29], b"inbox:1")


def test_a_seal_with_one_bit_changed_is_broken_wherever_the_bit_is() -> None:
    sealed = seal(KEY, b"hn 650012345", b"inbox:1")
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealBrokenError):
            unseal(KEY, bytes(changed), b"inbox:1")


def test_a_seal_moved_to_another_row_is_broken_and_says_only_the_room() -> None:
    with pytest.raises(SealBrokenError, match=r"^inbox$"):
        unseal(KEY, seal(KEY, b"hn 650012345", b"inbox:1"), b"inbox:2")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBrokenError):
        unseal(bytes(32), seal(KEY, b"hn", b"inbox:1"), b"inbox:1")


def test_parts_of_a_keyed_hash_cannot_slide_into_each_other() -> None:
    assert keyed_hash(KEY, "lane", "C1", "U1") != keyed_hash(KEY, "lane", "C1U", "1")
    assert keyed_hash(KEY, "lane", "C1", "") != keyed_hash(KEY, "lane", "C1")
    assert keyed_hash(KEY, "\ud800") != keyed_hash(KEY, "\ud801")


def test_a_key_shows_its_period_and_never_its_bytes() -> None:
    assert repr(Key(uuid4(), "2026-07-28", KEY)) == "Key(2026-07-28)"


def test_days_and_months_begin_at_midnight_in_bangkok(stage: Stage) -> None:
    ring = stage.parts.keys
    stage.clock.at = datetime(2026, 7, 31, 16, 59, 59, tzinfo=UTC)
    assert (ring.day().period, ring.month().period) == ("2026-07-31", "2026-07")
    stage.clock.advance(seconds=1)
    assert (ring.day().period, ring.month().period) == ("2026-08-01", "2026-08")
    assert len({row.id for row in stage.rows(keys)}) == 4


def test_keys_stay_the_same_for_another_process(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    other = stage.another().keys
    assert (other.day(), other.month()) == (stage.parts.keys.day(), stage.parts.keys.month())
    assert {row.kind for row in stage.rows(keys)} == set(KeyKind)
    assert len(stage.rows(keys)) == len(KeyKind)


def test_stored_keys_are_wrapped(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    day = stage.parts.keys.day()
    assert all(day.value not in row.wrapped for row in stage.rows(keys))


def test_a_wrong_master_key_opens_no_key(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    with pytest.raises(SealBrokenError):
        stage.another(bytes(32)).keys.day()


def test_wrapped_keys_cannot_change_places(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    wrapped = {row.kind: row.wrapped for row in stage.rows(keys)}
    with stage.parts.database.write() as connection:
        swap = update(keys).where(keys.c.kind == "day").values(wrapped=wrapped["month"])
        connection.execute(swap)
    with pytest.raises(SealBrokenError):
        stage.another().keys.day()


def test_a_key_that_is_gone_says_so(stage: Stage) -> None:
    with stage.parts.database.read() as connection:
        for key_id in (None, uuid4()):
            with pytest.raises(SealBrokenError):
                stage.parts.keys.by_id(connection, key_id)


def test_many_who_need_a_new_key_at_once_get_the_same_one(stage: Stage) -> None:
    rings = [stage.parts.keys, *(stage.another().keys for _ in range(3))]
    start = Barrier(8)

    def ask(number: int) -> Key:
        start.wait()
        return rings[number % 4].day()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(8)))
    assert len(found) == 1
    assert len(stage.rows(keys)) == 1
