"""Identifiers and opaque tokens, in the forms and lengths seen on the real platform."""

import base64
import random
from dataclasses import dataclass
from uuid import UUID

# Crockford's alphabet, which ULIDs are written in: no I, L, O or U.
ULID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_TIME_LETTERS = 10
ULID_RANDOM_LETTERS = 16

QUOTE_TOKEN_LETTERS = 150
MARK_AS_READ_TOKEN_LETTERS = 192

# Message ids are decimal and grow with time. The pace is that of the published samples, so
# that a sandbox started later never hands out an id of an earlier run.
FIRST_MESSAGE_ID = 620_000_000_000_000_000
FIRST_MESSAGE_AT_MS = 1_785_196_800_000
MESSAGE_IDS_PER_MS = 167_000


def ulid(at_ms: int, rng: random.Random) -> str:
    number = (at_ms << 80) | rng.getrandbits(80)
    letters = ULID_TIME_LETTERS + ULID_RANDOM_LETTERS
    return "".join(ULID_ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(letters)))


def hex_id(prefix: str, rng: random.Random) -> str:
    return f"{prefix}{rng.getrandbits(128):032x}"


def opaque(letters: int, rng: random.Random) -> str:
    return base64.urlsafe_b64encode(rng.randbytes(letters)).decode()[:letters]


@dataclass
class IdMaker:
    """One source of all identifiers, so that a seed repeats a run."""

    rng: random.Random
    _last_message_id: int = 0

    def user(self) -> str:
        return hex_id("U", self.rng)

    def group(self) -> str:
        return hex_id("C", self.rng)

    def room(self) -> str:
        return hex_id("R", self.rng)

    def event(self, at_ms: int) -> str:
        return ulid(at_ms, self.rng)

    def message(self, now_ms: int) -> str:
        since_ms = max(0, now_ms - FIRST_MESSAGE_AT_MS)
        by_time = FIRST_MESSAGE_ID + since_ms * MESSAGE_IDS_PER_MS
        next_id = max(by_time, self._last_message_id + 1) + self.rng.randint(0, 9_999)
        self._last_message_id = next_id
        return str(next_id)

    def reply_token(self) -> str:
        return hex_id("", self.rng)

    def quote_token(self) -> str:
        return opaque(QUOTE_TOKEN_LETTERS, self.rng)

    def mark_as_read_token(self) -> str:
        return opaque(MARK_AS_READ_TOKEN_LETTERS, self.rng)

    def link_token(self) -> str:
        return opaque(32, self.rng)

    def image_set(self) -> str:
        return hex_id("", self.rng).upper() + hex_id("", self.rng).upper()

    def request(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def page(self) -> str:
        return opaque(32, self.rng)

    def rich_menu(self) -> str:
        return hex_id("richmenu-", self.rng)
