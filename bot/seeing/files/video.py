"""Video: pictures from the beginning to the end. Sound is not listened to, and that is said."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from bot.domain.sights import Unseen
from bot.seeing.glance import CannotSeeError
from bot.seeing.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.seeing.glance import Glance

# FFmpeg is told what it reads: left to guess, it would follow a list of files to anywhere.
_FORMATS = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"RIFF", "avi"),
    (b"FLV", "flv"),
    (b"\x00\x00\x01", "mpeg"),
    (b"G", "mpegts"),
)
_SECONDS_APART = 2.0
# Frames between the two that can be decoded alone: how far the very last one may lie behind.
_FRAMES_TO_THE_LAST = 120
# Mean difference of two frames, of 255, below which the second shows nothing new.
_ALIKE = 2.5


def read_video(content: bytes, glance: Glance) -> None:
    try:
        container = av.open(io.BytesIO(content), format=_format(content), metadata_errors="replace")
    except av.error.FFmpegError:
        raise CannotSeeError(Unseen.BROKEN) from None
    with container:
        glance.read(Line(text, "title") for text in container.metadata.values())
        if not container.streams.video:
            raise CannotSeeError(Unseen.AUDIO)
        if container.streams.audio:
            glance.leave_sound()
        _see_frames(container, glance)


def _format(content: bytes) -> str:
    return next((name for mark, name in _FORMATS if content.startswith(mark)), "mp4")


def _see_frames(container: Any, glance: Glance) -> None:  # noqa: ANN401 - PyAV's, without types
    stream = container.streams.video[0]
    context = stream.codec_context
    if context.width * context.height > glance.limits.pixels:
        raise CannotSeeError(Unseen.TOO_LARGE)
    context.thread_count = 1
    seen: list[Any] = []
    for at, frame in _frames(container, stream, glance):
        picture = frame.to_ndarray(format="bgr24")
        small = _small(picture)
        if any(np.abs(small - other).mean() < _ALIKE for other in seen):
            continue
        seen.append(small)
        glance.see(np.ascontiguousarray(np.rot90(picture, k=_turns(frame))), f"second {at:.0f}")
    if not seen:
        raise CannotSeeError(Unseen.BROKEN)


def _frames(container: Any, stream: Any, glance: Glance) -> Iterator[tuple[float, Any]]:  # noqa: ANN401 - likewise
    """At each time the nearest frame before it that stands by itself; at the end the very last."""
    last = None
    for at in _times((container.duration or 0) / av.time_base, glance.limits.frames):
        glance.costs.check_time()
        with glance.tolerant():
            container.seek(int(at * av.time_base), backward=True)
            last = next(container.decode(stream), last)
        if last is not None:
            yield last.time or 0.0, last
    if last is not None:
        yield from _very_last(container, stream, last)


def _times(duration: float, most: int) -> Iterator[float]:
    """First, last, and every two seconds between; of a long video so many, evenly."""
    step = max(_SECONDS_APART, duration / max(most - 1, 1))
    at = 0.0
    while at < duration:
        yield at
        at += step
    yield duration


def _very_last(container: Any, stream: Any, last: Any) -> Iterator[tuple[float, Any]]:  # noqa: ANN401 - likewise
    """On from the last frame that stands by itself, as far as that is cheap."""
    frame = None
    try:
        for frame in islice(container.decode(stream), _FRAMES_TO_THE_LAST):  # noqa: B007 - the last
            pass
    except av.error.FFmpegError:
        pass
    if frame is not None and frame is not last:
        yield frame.time or 0.0, frame


def _small(picture: Any) -> Any:  # noqa: ANN401 - likewise
    """A few hundred points, to tell whether anything has changed."""
    rows = np.linspace(0, picture.shape[0] - 1, 48).astype(int)
    columns = np.linspace(0, picture.shape[1] - 1, 48).astype(int)
    return picture[np.ix_(rows, columns)].astype(np.float32)


def _turns(frame: Any) -> int:  # noqa: ANN401 - likewise
    """Phones store upright videos lying down, with a word on how to turn them."""
    return round(getattr(frame, "rotation", 0) / 90) % 4
