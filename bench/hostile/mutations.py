"""Valid files, damaged: cut off, overwritten, spliced, with lengths that lie."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]


def cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content))]


def cut_at_the_front(content: bytes, random: Random) -> bytes:
    return content[random.randrange(1, len(content)) :]


def flip_bits(content: bytes, random: Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(random.randint(1, 40)):
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    return bytes(damaged)


def overwrite(content: bytes, random: Random) -> bytes:
    """A block of noughts, of ones, or of noise."""
    start = random.randrange(len(content))
    length = random.randint(1, max(1, len(content) // 4))
    block = random.choice((b"\0" * length, b"\xff" * length, random.randbytes(length)))
    return content[:start] + block + content[start + length :]


def lie_about_a_length(content: bytes, random: Random) -> bytes:
    """Four bytes near the beginning become the largest number, or the largest with a sign."""
    at = random.randrange(min(len(content), 600))
    number = random.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f"))
    return content[:at] + number + content[at + 4 :]


def repeat_a_part(content: bytes, random: Random) -> bytes:
    start = random.randrange(len(content))
    end = random.randint(start, len(content))
    return content[:end] + content[start:end] * random.randint(1, 50) + content[end:]


def swap_parts(content: bytes, random: Random) -> bytes:
    first, second = sorted(random.sample(range(len(content) + 1), 2))
    return content[second:] + content[first:second] + content[:first]


def insert_noise(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + random.randbytes(random.randint(1, 2000)) + content[at:]


MUTATIONS: tuple[Mutation, ...] = (
    cut,
    cut_at_the_front,
    flip_bits,
    flip_bits,
    overwrite,
    lie_about_a_length,
    lie_about_a_length,
    repeat_a_part,
    swap_parts,
    insert_noise,
)
