"""Only what LINE signed with a secret of ours is read at all."""

from __future__ import annotations

import base64
import hmac

import pytest

from bot.line.signature import is_signed

# Published by LINE: platform-facts 1.1.
SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
OTHER_SECRET = "0123456789abcdef0123456789abcdef"


def test_the_example_that_line_published_is_accepted() -> None:
    assert is_signed(BODY, SIGNATURE, [SECRET])


def test_one_changed_byte_of_the_body_is_refused() -> None:
    assert not is_signed(BODY + b" ", SIGNATURE, [SECRET])


def test_another_secret_is_refused() -> None:
    assert not is_signed(BODY, SIGNATURE, [OTHER_SECRET])


@pytest.mark.parametrize("secrets", [[SECRET, OTHER_SECRET], [OTHER_SECRET, SECRET]])
def test_during_rotation_both_secrets_are_accepted(secrets: list[str]) -> None:
    assert is_signed(BODY, SIGNATURE, secrets)
    other = base64.b64encode(hmac.digest(OTHER_SECRET.encode(), BODY, "sha256")).decode()
    assert is_signed(BODY, other, secrets)


def test_without_any_secret_nothing_is_accepted() -> None:
    assert not is_signed(BODY, SIGNATURE, [])


@pytest.mark.parametrize(
    "garbled",
    [
        None,
        "",
        "=",
        "====",
        SIGNATURE[:-1],
        SIGNATURE[1:],
        SIGNATURE.swapcase(),
        f" {SIGNATURE}",
        f"{SIGNATURE}\n",
        SIGNATURE * 2,
        "ลายเซ็น",
        "\xff\xfe",
        "\ud800",
        "\x00" * 44,
        hmac.digest(SECRET.encode(), BODY, "sha256").hex(),
        "A" * 100_000,
    ],
)
def test_a_missing_or_garbled_signature_is_refused(garbled: str | None) -> None:
    assert not is_signed(BODY, garbled, [SECRET])


def test_bytes_that_are_no_text_are_checked_like_any_others() -> None:
    body = b"\xff\xfe\x00\x80"
    signature = base64.b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()
    assert is_signed(body, signature, [SECRET])
    assert not is_signed(b"\xff\xfe\x00\x81", signature, [SECRET])
