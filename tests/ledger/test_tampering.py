"""Somebody who owns the files changes something: it is found, or named as not yet proven.

On a real SQLite database whose triggers are dropped, in a transaction that is undone afterwards.
"""

# ruff: noqa: S608 - the attacker's SQL is put together from the names below

from __future__ import annotations

import argparse
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.cli.ledger import run_export, run_keys
from bot.cli.ledger_verify import _Check
from bot.domain.times import from_milliseconds
from bot.ledger import stranger
from bot.ledger.checkpoint import Checkpoint
from bot.ledger.merkle import Frontier
from bot.storage.ledger_keys import is_signed
from bot.storage.ledger_proofs import newest_signed
from tests.ledger.book import enter, enter_and_seal
from tests.ledger.test_sealing import without_triggers
from tests.storage.stage import Stage, stage_on

SEALED = 17  # with the entry that introduces the key
TAIL = 3
KEPT = 12
BITS = {
    "ledger_entries": {
        "id": 256,
        "kind": 104,
        "version": 60,
        "at": 60,
        "subject": 256,
        "commitment": 256,
    },
    "ledger_leaves": {"position": 60, "entry_id": 256, "leaf": 256},
    "ledger_checkpoints": {
        "size": 60,
        "previous_size": 60,
        "root": 256,
        "at": 60,
        "hospital": 8,
        "key_number": 60,
        "signature": 512,
    },
    "ledger_keys": {"number": 60, "public": 256, "introduced_at": 60, "by_itself": 512},
    "ledger_openings": {"entry_id": 256, "salt": 256, "facts_sealed": 512},
}
ROWS = {
    "ledger_entries": SEALED,
    "ledger_leaves": SEALED,
    "ledger_checkpoints": 4,
    "ledger_keys": 1,
    "ledger_openings": SEALED,
}
ORDER = {
    "ledger_entries": "rowid",
    "ledger_openings": "rowid",
    "ledger_leaves": "position",
    "ledger_checkpoints": "size",
    "ledger_keys": "number",
}


@dataclass
class Attacked:
    """A ledger of 17 places under four checkpoints, three entries behind them, one kept note."""

    stage: Stage
    kept: Path
    folder: Path

    @contextmanager
    def by(self) -> Iterator[Connection]:
        """Whatever is done in here is undone."""
        with self.stage.parts.database.engine.connect() as connection:
            yield connection
            connection.rollback()

    def verdict(self, connection: Connection, kept: Path | None = None) -> tuple[int, list[str]]:
        options = argparse.Namespace(key=None, checkpoint=kept, without_facts=False)
        return stranger.judge(lambda: _Check(self.stage.parts, connection, options).lines())


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder = tmp_path_factory.mktemp("attacked")
    with stage_on(f"sqlite:///{folder}/wongraksa.db") as stage:
        enter_and_seal(stage, 4, 3, 4)
        kept = folder / "kept.txt"
        with stage.parts.database.read() as connection:
            newest = newest_signed(connection)
        assert newest is not None
        assert newest.size == KEPT
        kept.write_text(newest.note, encoding="utf-8")
        enter_and_seal(stage, 5)
        enter(stage, TAIL)
        with stage.parts.database.write() as connection:
            without_triggers(connection)
        attacked = Attacked(stage, kept, folder)
        with stage.parts.database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN")
        yield attacked


unhurried = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def flip(connection: Connection, table: str, column: str, row: int, bit: int) -> bool:
    """One bit of one value where it lies; False where the value has no such bit."""
    order = ORDER[table]
    key, kind, value = connection.exec_driver_sql(
        f"SELECT {order}, typeof({column}), {column} FROM {table} "
        f"ORDER BY {order} LIMIT 1 OFFSET {row}"
    ).one()
    if kind == "integer":
        changed: object = value ^ (1 << bit)
    else:
        raw = bytearray(value.encode() if isinstance(value, str) else value or b"")
        if bit // 8 >= len(raw):
            return False
        raw[bit // 8] ^= 1 << bit % 8
        changed = bytes(raw)
    spelled = "CAST(? AS TEXT)" if kind == "text" else "?"
    try:
        connection.exec_driver_sql(
            f"UPDATE {table} SET {column} = {spelled} WHERE {order} = ?", (changed, key)
        )
    except IntegrityError:  # two rows with one key: the database will not have it
        return False
    return True


def test_untouched_it_holds_and_the_tail_is_named(book: Attacked) -> None:
    with book.by() as connection:
        for kept in (None, book.kept):
            code, lines = book.verdict(connection, kept)
            assert code == 0, lines
            assert any(line.startswith(f"unsealed tail: {TAIL} entries") for line in lines)


@pytest.mark.parametrize("table", BITS)
def test_every_bit_of_a_row_counts(book: Attacked, table: str) -> None:
    row = ROWS[table] // 2
    for column, bits in BITS[table].items():
        for bit in range(0, bits, 1 if bits <= 64 else 7):
            with book.by() as connection:
                if flip(connection, table, column, row, bit):
                    code, lines = book.verdict(connection)
                    assert code == 1, (table, column, bit, lines)


@unhurried
@given(st.data())
def test_a_changed_bit_anywhere_is_found(book: Attacked, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(BITS)))
    column = data.draw(st.sampled_from(sorted(BITS[table])))
    row = data.draw(st.integers(0, ROWS[table] - 1))
    bit = data.draw(st.integers(0, BITS[table][column] - 1))
    with book.by() as connection:
        assume(flip(connection, table, column, row, bit))
        assert book.verdict(connection)[0] == 1


@unhurried
@given(st.data())
def test_a_row_taken_away_is_found(book: Attacked, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(set(BITS) - {"ledger_openings"})))
    row = data.draw(st.integers(0, ROWS[table] - 1))
    order = ORDER[table]
    with book.by() as connection:
        connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE {order} IN "
            f"(SELECT {order} FROM {table} ORDER BY {order} LIMIT 1 OFFSET {row})"
        )
        assert book.verdict(connection)[0] == 1


@unhurried
@given(st.integers(0, SEALED - 1), st.integers(0, SEALED - 1))
def test_two_that_changed_places_are_found(book: Attacked, one: int, other: int) -> None:
    assume(one != other)
    with book.by() as connection:
        for now, then in ((one, -1), (other, one), (-1, other)):
            connection.exec_driver_sql(
                "UPDATE ledger_leaves SET position = ? WHERE position = ?", (then, now)
            )
        code, lines = book.verdict(connection)
        assert code == 1
        assert "changed between here and place" in lines[-1]


@unhurried
@given(st.integers(0, SEALED))
def test_an_entry_put_in_with_all_its_hashes_is_found(book: Attacked, where: int) -> None:
    """By somebody who knows how it is made, but has no key to sign with."""
    with book.by() as connection:
        connection.exec_driver_sql(
            "INSERT INTO ledger_entries (id, kind, version, at, subject, commitment) "
            "VALUES (?, 'member.left', 1, 1785200400000, NULL, ?)",
            ("f" * 32, bytes(32)),
        )
        connection.exec_driver_sql(
            "UPDATE ledger_leaves SET position = -2 - position WHERE position >= ?", (where,)
        )
        connection.exec_driver_sql(
            "UPDATE ledger_leaves SET position = -1 - position WHERE position < 0"
        )
        spelled = "\n".join(
            ("wongraksa entry 1", "f" * 32, "member.left", "1", "1785200400000", "-", "0" * 64)
        )
        connection.exec_driver_sql(
            "INSERT INTO ledger_leaves (position, entry_id, leaf) VALUES (?, ?, ?)",
            (where, "f" * 32, stranger.leaf_of(spelled.encode())),
        )
        code, lines = book.verdict(connection)
        assert code == 1, lines


def cut(connection: Connection, size: int) -> None:
    """As if nothing after this had ever been entered."""
    for statement in (
        f"DELETE FROM ledger_leaves WHERE position >= {size}",
        f"DELETE FROM ledger_checkpoints WHERE size > {size}",
        "DELETE FROM ledger_openings WHERE entry_id NOT IN (SELECT entry_id FROM ledger_leaves)",
        "DELETE FROM ledger_entries WHERE id NOT IN (SELECT entry_id FROM ledger_leaves)",
        "DELETE FROM ledger_unsealed",
    ):
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("size", range(SEALED))
def test_truncation_before_the_kept_checkpoint_is_found(book: Attacked, size: int) -> None:
    with book.by() as connection:
        sizes = {
            row.size for row in connection.exec_driver_sql("SELECT size FROM ledger_checkpoints")
        }
        cut(connection, size)
        with_kept, without = book.verdict(connection, book.kept), book.verdict(connection)
    if size < KEPT:
        assert with_kept[0] == 1
    if size not in sizes and size:
        assert without[0] == 1


def test_what_was_cut_after_the_kept_checkpoint_is_the_window_of_trust(book: Attacked) -> None:
    """The honest limit: this cannot be found, and the documents say so."""
    with book.by() as connection:
        cut(connection, KEPT)
        assert book.verdict(connection, book.kept)[0] == 0


def rewrite(stage: Stage, connection: Connection) -> None:
    """By somebody who has MASTER_KEY too: every hash and every signature is made anew."""
    leaves = (
        connection.exec_driver_sql("SELECT leaf FROM ledger_leaves ORDER BY position")
        .scalars()
        .all()
    )
    (public,) = connection.exec_driver_sql("SELECT public FROM ledger_keys").one()
    origin = f"wongraksa/{hashlib.sha256(public).hexdigest()[:16]}"
    for row in connection.exec_driver_sql("SELECT * FROM ledger_checkpoints").all():
        root = Frontier().grown_by(leaves[: row.size]).root()
        at = from_milliseconds(row.at)
        text = Checkpoint(row.size, row.previous_size, root, at, row.hospital, 1).text(origin)
        signature = stage.parts.ledger_keys.sign(connection, 1, text)
        connection.exec_driver_sql(
            "UPDATE ledger_checkpoints SET root = ?, signature = ? WHERE size = ?",
            (root, signature, row.size),
        )


@pytest.mark.parametrize("position", [0, 5, KEPT - 1, KEPT])
def test_a_ledger_rewritten_with_its_own_key_is_found_up_to_the_kept_checkpoint(
    book: Attacked, position: int
) -> None:
    with book.by() as connection:
        connection.exec_driver_sql(
            "UPDATE ledger_leaves SET leaf = ? WHERE position = ?",
            (
                stranger.leaf_of(
                    b"wongraksa entry 1\n%b\nmember.left\n1\n1\n-\n%b" % (b"f" * 32, b"0" * 64)
                ),
                position,
            ),
        )
        connection.exec_driver_sql(
            "INSERT INTO ledger_entries (id, kind, version, at, subject, commitment) "
            "VALUES (?, 'member.left', 1, 1, NULL, ?)",
            ("f" * 32, bytes(32)),
        )
        (old,) = connection.exec_driver_sql(
            "SELECT entry_id FROM ledger_leaves WHERE position = ?", (position,)
        ).one()
        connection.exec_driver_sql(
            "UPDATE ledger_leaves SET entry_id = ? WHERE position = ?", ("f" * 32, position)
        )
        for table, column in (("ledger_openings", "entry_id"), ("ledger_entries", "id")):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = ?", (old,))
        rewrite(book.stage, connection)
        assert book.verdict(connection)[0] == 0, "nothing inside the database can tell"
        code, lines = book.verdict(connection, book.kept)
    assert code == (1 if position < KEPT else 0)
    if code:
        assert f"rewritten since the checkpoint of {KEPT} entries" in lines[-1]


def test_an_entry_taken_off_the_list_of_those_that_wait_is_found(book: Attacked) -> None:
    with book.by() as connection:
        connection.exec_driver_sql("DELETE FROM ledger_unsealed")
        code, lines = book.verdict(connection)
    assert code == 1
    assert "not on the database's own list" in lines[-1]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("ledger_entries", "at = at + 0.5"),
        ("ledger_entries", "at = 9e999"),
        ("ledger_entries", "version = 1.5"),
        ("ledger_entries", "kind = CAST(kind AS BLOB)"),
        ("ledger_entries", "commitment = CAST(commitment AS TEXT)"),
        ("ledger_entries", "subject = '-' WHERE subject IS NULL"),
        ("ledger_leaves", "leaf = 5"),
        ("ledger_checkpoints", "at = 'x'"),
        ("ledger_checkpoints", "hospital = CAST(hospital AS BLOB)"),
        ("ledger_keys", "by_previous = x'00'"),
        ("ledger_openings", "salt = CAST(salt AS TEXT)"),
    ],
)
def test_a_value_of_another_shape_is_found(book: Attacked, table: str, change: str) -> None:
    """SQLite stores anything in any column; a half of a millisecond is a change as well."""
    with book.by() as connection:
        assert connection.exec_driver_sql(f"UPDATE {table} SET {change}").rowcount
        code, lines = book.verdict(connection)
    assert code == 1, lines


def test_a_time_that_is_no_time_in_the_tail_is_a_fault_of_that_entry(book: Attacked) -> None:
    with book.by() as connection:
        (last,) = connection.exec_driver_sql(
            "UPDATE ledger_entries SET at = 'x' "
            "WHERE rowid = (SELECT max(rowid) FROM ledger_entries) RETURNING id"
        ).one()
        code, lines = book.verdict(connection)
    assert code == 1
    assert last in lines[-1]


def test_a_ledger_shorter_than_its_own_list_of_kept_checkpoints_was_cut_off(
    book: Attacked,
) -> None:
    """Nobody has to bring the checkpoint along: that it was given away is on record here too."""
    with book.by() as connection:
        connection.exec_driver_sql(
            "INSERT INTO ledger_kept (id, size, at, way) VALUES (?, ?, 1785200400000, 'mail')",
            ("e" * 32, SEALED + 2),
        )
        code, lines = book.verdict(connection)
    assert code == 1
    assert f"cut off: a checkpoint of {SEALED + 2} entries was kept elsewhere" in lines[-1]


def test_a_ledger_that_is_gone_is_no_empty_one_to_whoever_knows_its_key(book: Attacked) -> None:
    with book.by() as connection:
        cut(connection, 0)
        connection.exec_driver_sql("DELETE FROM ledger_keys")
        options = argparse.Namespace(key="wongraksa/…", checkpoint=None, without_facts=False)
        check = _Check(book.stage.parts, connection, options)
        code, lines = stranger.judge(check.lines)
    assert code == 1
    assert "the whole ledger is gone" in lines[-1]


# --- the same for a bundle and the verifier that goes along ---------------------------------------


@dataclass
class Bundle:
    content: bytes
    key: str

    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def judge(self, content: bytes) -> int:
        return stranger.judge(lambda: stranger.check_bundle(content, self.key))[0]


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bundle]:
    folder = tmp_path_factory.mktemp("bundle")
    with (
        stage_on(f"sqlite:///{folder}/wongraksa.db") as stage,
        pytest.MonkeyPatch.context() as patch,
    ):
        for module in ("bot.cli.ledger", "bot.cli.common"):
            patch.setattr(f"{module}.migrated_parts", lambda: stage.parts)
        enter_and_seal(stage, 3)
        stage.clock.advance(days=1)
        since = stage.clock.now()
        enter_and_seal(stage, 6)
        options = argparse.Namespace(
            since=since,
            until=since + timedelta(days=1),
            operator="somchai",
            reason="test",
            with_facts=True,
            output=folder / "month.zip",
        )
        run_export(options)
        out = io.StringIO()
        patch.setattr("sys.stdout", out)
        run_keys(options)
        yield Bundle((folder / "month.zip").read_bytes(), out.getvalue().strip())


@unhurried
@given(st.data())
def test_no_bit_of_any_file_of_a_bundle_can_change(bundle: Bundle, data: st.DataObject) -> None:
    files = bundle.files()
    name = data.draw(st.sampled_from(sorted(files)))
    raw = bytearray(files[name])
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    assert bundle.judge(packed({**files, name: bytes(raw)})) in (1, 2)


@unhurried
@given(st.data())
def test_a_damaged_zip_is_refused_or_its_files_are_whole(
    bundle: Bundle, data: st.DataObject
) -> None:
    raw = bytearray(bundle.content)
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    code = bundle.judge(bytes(raw))
    assert code in (0, 1, 2)
    if code == 0:
        assert Bundle(bytes(raw), bundle.key).files() == bundle.files()


@given(st.integers(0, 2_000))
def test_a_bundle_cut_off_anywhere_could_not_be_checked(bundle: Bundle, lost: int) -> None:
    assert bundle.judge(bundle.content) == 0
    assert bundle.judge(bundle.content[: -lost - 1]) == 2


@pytest.mark.parametrize("name", ["about.json", "entries.jsonl", "keys.json", "verify.py"])
def test_a_file_more_or_less_is_refused(bundle: Bundle, name: str) -> None:
    files = bundle.files()
    without = {key: value for key, value in files.items() if key != name}
    assert bundle.judge(packed(without)) in (1, 2)
    assert bundle.judge(packed({**files, "more.txt": b""})) == 1


Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def _releafed(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "leaf": stranger.leaf_of(stranger.leaf_bytes(entry)).hex()}


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries[1:],
        lambda entries: entries[:-1],
        lambda entries: [entries[1], entries[0], *entries[2:]],
        lambda entries: [*entries, {**entries[-1], "position": entries[-1]["position"] + 1}],
        lambda entries: [_releafed({**entries[0], "kind": "member.left"}), *entries[1:]],
        lambda entries: [_releafed({**entries[0], "at": entries[0]["at"] + 1}), *entries[1:]],
        lambda entries: [{**entries[0], "facts": entries[0]["facts"] + " "}, *entries[1:]],
    ],
)
def test_even_with_a_forged_list_of_files_the_tree_tells(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    monkeypatch.setattr(stranger, "_check_manifest", lambda *_given: None)
    files = bundle.files()
    entries = [json.loads(line) for line in files["entries.jsonl"].splitlines()]
    forged = "\n".join(json.dumps(entry) for entry in change(entries)).encode()
    assert bundle.judge(packed(files)) == 0
    assert bundle.judge(packed({**files, "entries.jsonl": forged})) == 1


def test_the_quick_signature_check_is_the_one_that_was_tested() -> None:
    assert _Check.__init__.__globals__["is_signed"] is is_signed


# --- what a stranger's computer does to files, and an enemy to zips ------------------------------


@pytest.mark.parametrize("compression", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_bundle_packed_another_way_and_damaged_could_not_be_checked(
    bundle: Bundle, compression: int
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in bundle.files().items():
            archive.writestr(name, data)
    assert bundle.judge(file.getvalue()) == 0
    damaged = bytearray(file.getvalue())
    damaged[60:64] = b"\xff" * 4
    assert bundle.judge(bytes(damaged)) == 2


@pytest.mark.parametrize("name", ["keys.json", "manifest.txt", "entries.jsonl", "more.bin"])
def test_what_nobody_signed_is_never_unpacked_at_length(
    bundle: Bundle, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten million zeros are ten thousand bytes of zip; a bomb has billions."""
    unpacked: list[int] = []
    whole = zipfile.ZipFile.read

    def counted(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        content = whole(archive, info)
        unpacked.append(len(content))
        return content

    bomb = packed({**bundle.files(), name: b"0" * 10_000_000})
    monkeypatch.setattr(zipfile.ZipFile, "read", counted)
    monkeypatch.setattr(stranger, "_MOST_BYTES", 9_000_000)
    assert bundle.judge(bomb) in (1, 2)
    assert sum(unpacked) < 10_000_000


@pytest.mark.parametrize("prefix", ["", "\ufeff"])
@pytest.mark.parametrize("suffix", ["", "\r\nwongraksa/0123456789abcdef+00000000+" + "A" * 44])
def test_a_key_saved_by_notepad_or_beside_others_is_that_key(
    bundle: Bundle, tmp_path: Path, prefix: str, suffix: str
) -> None:
    file, key = tmp_path / "month.zip", tmp_path / "key.txt"
    file.write_bytes(bundle.content)
    key.write_text(f"{prefix}{bundle.key}{suffix}\n", encoding="utf-8")
    code, lines = stranger.judge(lambda: stranger.check_file(file, str(key), None))
    assert code == 0, lines


def test_a_checkpoint_saved_by_notepad_is_that_checkpoint(book: Attacked, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("\ufeff" + book.kept.read_text(encoding="utf-8"), encoding="utf-8")
    with book.by() as connection:
        assert book.verdict(connection, kept)[0] == 0


# --- the same hands on PostgreSQL -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE ledger_entries SET at = at + 1 WHERE id = '{third}'", "position 2"),
        ("UPDATE ledger_leaves SET leaf = '' WHERE position = 2", "position 2"),
        ("DELETE FROM ledger_leaves WHERE position = 2", "position 2: this place is missing"),
        ("UPDATE ledger_checkpoints SET at = at + 1", "is not signed as it stands"),
        ("UPDATE ledger_openings SET salt = '' WHERE entry_id = '{third}'", "its facts are not"),
        (
            f"INSERT INTO ledger_kept (id, size, at, way) VALUES ('{'e' * 32}', 99, 1, 'mail')",
            "cut off: a checkpoint of 99 entries was kept elsewhere",
        ),
    ],
)
def test_a_superuser_of_postgresql_is_found_out(
    on_postgresql: Stage, statement: str, found: str
) -> None:
    enter_and_seal(on_postgresql, 5)
    options = argparse.Namespace(key=None, checkpoint=None, without_facts=False)
    with on_postgresql.parts.database.engine.connect() as connection:
        assert stranger.judge(_Check(on_postgresql.parts, connection, options).lines)[0] == 0
        third = connection.exec_driver_sql(
            "SELECT entry_id FROM ledger_leaves WHERE position = 2"
        ).scalar_one()
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(statement.format(third=third))
        code, lines = stranger.judge(_Check(on_postgresql.parts, connection, options).lines)
        connection.rollback()
    assert code == 1
    assert found in lines[-1]
