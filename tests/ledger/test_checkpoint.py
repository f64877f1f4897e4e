"""Checkpoints are notes as others write them; the shipped Ed25519 agrees with OpenSSL's."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot.ledger import stranger
from bot.ledger.checkpoint import Checkpoint, LedgerKey, note, one_line, origin_of
from bot.storage.ledger_keys import is_signed

# The example of a note in the documentation of Go's sumdb/note, with its key.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""  # noqa: E501 - published so

# RFC 8032, 7.1, tests 1 to 3: public key, message, signature.
OF_THE_RFC = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SECRET.public_key().public_bytes_raw()
AT = datetime(2026, 11, 21, 4, 54, 28, 123_000, tzinfo=UTC)


def signed(checkpoint: Checkpoint) -> str:
    text = checkpoint.text(origin_of(PUBLIC))
    return note(text, origin_of(PUBLIC), PUBLIC, SECRET.sign(text.encode()))


CHECKPOINT = Checkpoint(5120, 5000, bytes(range(32)), AT, "โรงพยาบาลตัวอย่าง", 1)


@pytest.mark.parametrize(("public", "message", "signature"), OF_THE_RFC)
def test_the_signatures_of_the_rfc_are_genuine(public: str, message: str, signature: str) -> None:
    given_ones = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert stranger.is_signed(*given_ones)
    assert not stranger.is_signed(given_ones[0], given_ones[1] + b"x", given_ones[2])


def test_a_note_published_by_others_is_genuine() -> None:
    read = stranger.read_note(PUBLISHED_NOTE)
    public = base64.b64decode(PUBLISHED_KEY.split("+", 2)[2])[1:]
    assert read.is_signed_by(public)
    assert not stranger.read_note(PUBLISHED_NOTE.replace("don't", "do")).is_signed_by(public)


def test_our_key_is_written_as_others_write_theirs() -> None:
    public = base64.b64decode(PUBLISHED_KEY.split("+", 2)[2])[1:]
    assert LedgerKey(1, public, AT).name("PeterNeumann") == PUBLISHED_KEY


@given(st.binary(max_size=64), st.integers(0, 8 * 64 - 1))
def test_both_answers_to_is_it_signed_are_the_same(message: bytes, bit: int) -> None:
    good = SECRET.sign(message)
    spoilt = bytearray(good)
    spoilt[bit // 8] ^= 1 << bit % 8
    assert stranger.is_signed(PUBLIC, message, good)
    assert stranger.is_signed(PUBLIC, message, bytes(spoilt)) is False
    assert is_signed(PUBLIC, message, bytes(spoilt)) is False


def test_what_is_no_key_at_all_signs_nothing() -> None:
    for public in (b"", bytes(31), b"\xff" * 32, (2).to_bytes(32, "little")):
        assert not stranger.is_signed(public, b"", SECRET.sign(b""))


def test_a_checkpoint_reads_as_it_was_written() -> None:
    read = stranger.read_checkpoint(signed(CHECKPOINT))
    assert (read.origin, read.size, read.root) == (origin_of(PUBLIC), 5120, bytes(range(32)))
    assert (read.hospital, read.time) == ("โรงพยาบาลตัวอย่าง", "2026-11-21T04:54:28.123Z")
    assert (read.previous_size, read.key_number) == (5000, 1)
    assert read.note.is_signed_by(PUBLIC)


def test_a_checkpoint_that_went_through_mail_is_still_genuine() -> None:
    through_mail = signed(CHECKPOINT).replace("\n", "\r\n") + "\r\n"
    assert stranger.read_checkpoint(through_mail).note.is_signed_by(PUBLIC)


def test_a_checkpoint_cut_anywhere_is_no_checkpoint() -> None:
    whole = signed(CHECKPOINT)
    for end in range(len(whole) - 1):
        with pytest.raises(stranger.CannotCheckError):
            stranger.read_checkpoint(whole[:end])


def test_no_bit_of_a_checkpoint_can_change() -> None:
    whole = signed(CHECKPOINT).encode()
    genuine = stranger.read_checkpoint(whole.decode()).note
    for bit in range(8 * len(whole)):
        raw = bytearray(whole)
        raw[bit // 8] ^= 1 << bit % 8
        try:
            read = stranger.read_checkpoint(raw.decode()).note
        except (stranger.CannotCheckError, UnicodeDecodeError):
            continue
        assert read.is_signed_by(PUBLIC, is_signed) is (read == genuine)


@pytest.mark.parametrize("name", ["a\nsize 9", "a\r\n\n— x y", "a\u2028b", "  a   b "])
def test_a_hospital_name_never_makes_a_second_line(name: str) -> None:
    assert len(one_line(name).splitlines()) == 1
    assert one_line("\n ") == "-"


def test_the_shipped_verifier_needs_nothing_but_python() -> None:
    source = Path(stranger.__file__).read_text(encoding="utf-8")
    assert "import bot" not in source
    assert "from bot" not in source
    assert "cryptography" not in source
