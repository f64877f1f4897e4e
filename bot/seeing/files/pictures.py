"""Still and moving pictures, each frame or page as the eyes take it."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from bot.domain.sights import Unseen
from bot.seeing.files.decoding import decoded
from bot.seeing.glance import CannotSeeError
from bot.seeing.limits import Limits
from bot.seeing.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bot.seeing.glance import Glance

# Alpha below which nothing is drawn; the mean of letters that only black paper shows.
_SEE_THROUGH, _NEARLY_WHITE = 128, 200
_NOTES = frozenset(("comment", "Comment", "Title", "Description", "Subject"))
# Of EXIF: the description, and what Windows calls title, comment, subject and keywords.
_NOTE_TAGS = (0x010E, 0x9C9B, 0x9C9C, 0x9C9F, 0x9C9E)
# Not MPO: behind the photo a phone stores its depth, or the same photo smaller.
_PAGED = ("TIFF", "GIF", "WEBP", "PNG", "HEIF")


def read_picture(content: bytes, glance: Glance) -> None:
    pillow_heif.register_heif_opener()
    with warnings.catch_warnings(), _opened(content) as picture:
        warnings.simplefilter("ignore")
        with glance.tolerant():
            glance.read(_notes(picture))
        count = getattr(picture, "n_frames", 1) if picture.format in _PAGED else 1
        word = "page" if picture.format == "TIFF" else "picture"
        for i in _chosen(count, glance):
            picture.seek(i)
            _check_size(picture, glance)
            glance.see(as_colours(picture), f"{word} {i + 1}" if count > 1 else "")


def first_picture(content: bytes) -> NDArray[np.uint8] | None:
    """What a safe copy is made of; None for what is no picture."""
    pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(content) as picture:
                is_small = picture.width * picture.height <= Limits().pixels
                return as_colours(picture) if is_small else None
    except Exception:  # noqa: BLE001 - of what is broken, libraries raise anything
        return None


def _notes(picture: Image.Image) -> Iterator[Line]:
    """What a device or a program has written beside the picture; nobody sees it in the picture."""
    written = [value for name, value in picture.info.items() if name in _NOTES]
    exif = picture.getexif()
    written += [exif.get(tag) for tag in _NOTE_TAGS]
    for value in written:
        text = decoded(value) if isinstance(value, bytes) else value
        if isinstance(text, str) and text.strip("\0 \n"):
            yield Line(text.replace("\0", " ").strip(), "note beside the picture")


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content))
    except Image.DecompressionBombError:
        raise CannotSeeError(Unseen.TOO_LARGE) from None
    except UnidentifiedImageError:
        raise CannotSeeError(Unseen.BROKEN) from None


def _chosen(count: int, glance: Glance) -> Iterator[int]:
    """All pages where there are few, else evenly from the first to the last."""
    most = glance.limits.frames
    if count <= most:
        yield from range(count)
        return
    glance.miss(Unseen.TOO_LARGE)
    yield from (round(i * (count - 1) / (most - 1)) for i in range(most))


def _check_size(picture: Image.Image, glance: Glance) -> None:
    if picture.width * picture.height > glance.limits.pixels:
        raise CannotSeeError(Unseen.TOO_LARGE)


def as_colours(picture: Image.Image) -> NDArray[np.uint8]:
    """Upright as its maker meant it, on paper where it is see-through."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = _on_paper(upright.convert("RGBA"))
    if upright.mode in ("F", "I") or upright.mode.startswith("I;16"):
        upright = _of_measurements(upright)
    return np.asarray(upright.convert("RGB"))[:, :, ::-1].copy()


def _on_paper(picture: Image.Image) -> Image.Image:
    """White; or black, where what is drawn is nearly white itself."""
    drawn = np.asarray(picture).reshape(-1, 4)
    drawn = drawn[drawn[:, 3] > _SEE_THROUGH]
    is_light = drawn.size > 0 and float(drawn[:, :3].mean()) > _NEARLY_WHITE
    paper = Image.new("RGBA", picture.size, "black" if is_light else "white")
    return Image.alpha_composite(paper, picture)


def _of_measurements(picture: Image.Image) -> Image.Image:
    """Numbers of any size: from the smallest, which is black, to the largest."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    least, span = values.min(), np.ptp(values) or 1.0
    return Image.fromarray(((values - least) * (255 / span)).astype(np.uint8))
