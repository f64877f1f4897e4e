"""What one look may cost."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The first four are settings. The others hold back files that are made to grow: none of
    them is reached by what clinicians send."""

    seconds: float = 60
    memory_mb: int = 1500
    content_mb: int = 50
    pages: int = 30
    """Pages, pictures and frames of one file that are looked at as pictures."""
    text_pages: int = 500
    characters: int = 3_000_000
    members: int = 1000
    """Files in an archive, parts of a document."""
    unpacked_mb: int = 256
    part_mb: int = 48
    """One unpacked part, which is held in memory as a whole."""
    nesting: int = 3
    pixels: int = 50_000_000
    """Of one picture: cameras of phones make 12 to 50 million."""
    frames: int = 10
    """Of one video or moving picture."""
