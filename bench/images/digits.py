"""`python -m bench.images.digits`: makes the model of Thai digits, and tells how well it reads.

It is taught by drawn lines, in the fonts of the Debian packages fonts-thai-tlwg, fonts-noto-core
and fonts-arundina. `--new FOLDER` tells how it reads fonts that it was not taught, `--kept` leaves
the model as it is.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.images import camera
from bot.seeing.eyes import glyphs
from bot.seeing.eyes.thai_digits import DIGITS, MODEL, OTHER, SIGNS, Model, ThaiDigitReader

_FONTS = Path("/usr/share/fonts/truetype")
_TAUGHT = tuple(_FONTS / name for name in ("tlwg", "noto", "arundina"))
_THAI = "กขคงจฉชซญณดตถทธนบปผฝพฟมยรลวศษสหอฮะาเแโใไๆ"
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LINES, _SHARES, _SEED = 12_000, 8, 1
_HIDDEN, _ROUNDS, _BATCH, _PACE = 128, 14, 256, 2e-3
# Of what is no digit, so much is enough to know it by.
_OTHERS_KEPT = 0.2
# How much of a digit a piece has to cover, and no more than it; less is a bad cut, between is
# neither.
_WHOLE, _HALF, _TOUCHED = 0.72, 0.55, 0.25

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Drawn:
    """`signs`: each with where it begins and ends, in pixels."""

    line: Array
    signs: tuple[tuple[str, float, float], ...]

    @property
    def digits(self) -> str:
        return "".join(sign for sign, _, _ in self.signs if sign in DIGITS)


def main() -> None:
    options = _options()
    if not options.kept:
        _write(_taught(_fonts(options.taught)))
    for name, folders in (("taught", options.taught), ("new", options.new)):
        for face in _fonts(folders):
            shares = [_read_right(face, is_photo=is_photo) for is_photo in (False, True)]
            print(f"{name} {face.stem}: drawn {shares[0]:.2f}, as in a photo {shares[1]:.2f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.images.digits", description=__doc__)
    parser.add_argument("--taught", type=Path, nargs="+", default=_TAUGHT)
    parser.add_argument("--new", type=Path, nargs="+", default=())
    parser.add_argument("--kept", action="store_true")
    return parser.parse_args()


def _fonts(folders: Sequence[Path]) -> list[Path]:
    """Those with Thai digits; of the Noto family that is one in fifty."""
    found = (file for folder in folders for file in sorted(folder.rglob("*")))
    fonts = [file for file in found if file.suffix in {".ttf", ".woff2"}]
    return [file for file in fonts if "noto" not in file.parts or "Thai-" in file.name]


# --- Lines ------------------------------------------------------------------------------------


def _number(chance: random.Random, *, plain: bool) -> str:
    def digits(count: int) -> str:
        return "".join(chance.choices(DIGITS, k=count))

    citizen = [digits(count) for count in (1, 4, 5, 2, 1)]
    ways = [digits(chance.randint(5, 13)), " ".join(citizen), " ".join(digits(6))]
    if not plain:
        ways += [f"{digits(2)}-{digits(6)}", f"{digits(5)}/{digits(2)}", "-".join(citizen)]
    return chance.choice(ways)


def _text(chance: random.Random) -> str:
    """Numbers behind what stands before numbers, and lines without any."""
    number = _number(chance, plain=False)
    thai, latin = "".join(chance.choices(_THAI, k=8)), "".join(chance.choices(_LATIN, k=8))
    arabic = "".join(chance.choices("0123456789", k=9))
    behind = (number, f"HN {number}", f"HN: {number}", f"{thai} {number}", f"{latin} {number}")
    return chance.choice((*behind, *behind, f"HN xxx{arabic[:3]}", f"{arabic}()OoOo", thai))


@cache
def _font(face: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face), size)


def _draw(chance: random.Random, face: Path, text: str) -> Drawn:
    font = _font(face, chance.choice((20, 24, 28, 34, 44, 56)))
    _, first, _, last = font.getbbox(DIGITS)
    tall = last - first
    top = first - tall * chance.uniform(0.15, 0.6)
    bottom = last + tall * chance.uniform(0.1, 0.45)
    track, edge = chance.choice((0, 0, 0, 0.1, 0.25)) * tall, tall / 2
    width = sum(font.getlength(sign) + track for sign in text) + 2 * edge
    ground = chance.choice((255, 250, 230))
    image = Image.new("RGB", (round(width), round(bottom - top)), (ground, ground, ground - 10))
    pen, at, signs = ImageDraw.Draw(image), edge, []
    shade = chance.choice((20, 20, 60, 110))
    for sign in text:
        pen.text((round(at), round(-top)), sign, (shade, shade, shade), font)
        left, _, right, _ = font.getbbox(sign)
        signs += [(sign, round(at) + left, round(at) + right)] if sign != " " else []
        at += font.getlength(sign) + track
    return Drawn(np.asarray(image)[:, :, ::-1].copy(), tuple(signs))


def _seen(chance: random.Random, drawn: Drawn, *, is_photo: bool, stretch: float = 1.0) -> Drawn:
    """As it is cut out of a screenshot or of a photo."""
    line = drawn.line
    high = line.shape[0]
    if is_photo:
        scale = min(1.5, chance.uniform(20, 46) / high)
        line = _scaled(line, scale * stretch, scale)
        line = camera.as_photographed(_slanted(line, chance), chance)
    width = round(line.shape[1] * glyphs.HEIGHT / line.shape[0])
    how = cv2.INTER_AREA if line.shape[0] > glyphs.HEIGHT else cv2.INTER_CUBIC
    done = cv2.resize(line, (width, glyphs.HEIGHT), interpolation=how)
    grown = width / drawn.line.shape[1]
    signs = tuple((sign, start * grown, end * grown) for sign, start, end in drawn.signs)
    return Drawn(done, signs)


def _scaled(line: Array, across: float, down: float) -> Array:
    how = cv2.INTER_AREA if down < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(line, None, fx=across, fy=down, interpolation=how))


def _slanted(line: Array, chance: random.Random) -> Array:
    high, wide = line.shape[:2]
    down, across = chance.uniform(-0.01, 0.01), chance.uniform(-0.06, 0.06)
    way = np.array([[1, across, -across * high / 2], [down, 1, -down * wide / 2]], np.float32)
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(line, way, (wide, high), borderMode=edge))


# --- Teaching ---------------------------------------------------------------------------------


def _taught(faces: Sequence[Path]) -> Model:
    shares = [(_SEED * 100 + number, tuple(faces)) for number in range(_SHARES)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        parts = list(pool.map(_examples, shares))
    pieces, names = (np.concatenate(some) for some in zip(*parts, strict=True))
    print(f"{len(names)} pieces, {int((names < OTHER).sum())} of them whole signs", flush=True)
    return _fitted(pieces, names)


def _examples(share: tuple[int, Sequence[Path]]) -> tuple[Array, Array]:
    seed, faces = share
    chance = random.Random(seed)
    named = []
    for _ in range(_LINES // _SHARES):
        drawn = _draw(chance, chance.choice(faces), _text(chance))
        is_photo, stretch = chance.random() < 0.6, chance.uniform(0.85, 1.2)
        named += list(_named(chance, _seen(chance, drawn, is_photo=is_photo, stretch=stretch)))
    pieces, names = zip(*named, strict=True)
    return np.stack(pieces), np.array(names)


def _named(chance: random.Random, drawn: Drawn) -> Iterator[tuple[Array, int]]:
    ink = glyphs.ink_of(drawn.line.astype(np.uint8))
    for some in glyphs.pieces(ink) if ink else ():
        for piece in some:
            name = _name(piece, drawn)
            if name is not None and (name < OTHER or chance.random() < _OTHERS_KEPT):
                assert ink is not None
                yield glyphs.features(ink, piece), name


def _name(piece: glyphs.Piece, drawn: Drawn) -> int | None:
    """Which sign it is; OTHER where it is none, or half of one, or two; None where nobody knows."""
    touched = [
        (sign, start, end)
        for sign, start, end in drawn.signs
        if min(end, piece.end) - max(start, piece.start) > _TOUCHED * (end - start)
    ]
    if len(touched) != 1 or touched[0][0] not in SIGNS:
        return OTHER
    sign, start, end = touched[0]
    both = min(end, piece.end) - max(start, piece.start)
    share = both / (max(end, piece.end) - min(start, piece.start))
    if share > _WHOLE:
        return SIGNS.index(sign)
    return OTHER if share < _HALF else None


def _fitted(pieces: Array, names: Array) -> Model:
    """One hidden layer, by Adam."""
    chance = np.random.default_rng(_SEED)
    sizes = (pieces.shape[1], _HIDDEN, OTHER + 1)
    model = Model(*_beginning(sizes, chance))
    means, spreads = ([np.zeros_like(part) for part in model] for _ in range(2))
    steps = _ROUNDS * (len(names) // _BATCH)
    for step in range(1, steps + 1):
        some = chance.integers(0, len(names), _BATCH)
        pace = _PACE * (1 + np.cos(np.pi * step / steps)) / 2
        slopes = _slopes(model, pieces[some], names[some])
        for part, slope, mean, spread in zip(model, slopes, means, spreads, strict=True):
            mean[:] = mean + 0.1 * (slope - mean)
            spread[:] = spread + 0.001 * (slope * slope - spread)
            first, second = mean / (1 - 0.9**step), spread / (1 - 0.999**step)
            part[:] = part - pace * first / (np.sqrt(second) + 1e-8)
    return model


def _beginning(sizes: tuple[int, int, int], chance: np.random.Generator) -> Iterator[Array]:
    for before, behind in pairwise(sizes):
        yield chance.normal(0, np.sqrt(2 / before), (before, behind)).astype(np.float32)
        yield np.zeros(behind, np.float32)


def _slopes(model: Model, pieces: Array, names: Array) -> tuple[Array, Array, Array, Array]:
    hidden = np.maximum(pieces @ model.inner + model.inner_bias, 0)
    wrong = model.chances(pieces)
    wrong[np.arange(len(names)), names] -= 1
    wrong /= len(names)
    before = (wrong @ model.outer.T) * (hidden > 0)
    return pieces.T @ before, before.sum(axis=0), hidden.T @ wrong, wrong.sum(axis=0)


def _write(model: Model) -> None:
    parts = {name: part.astype(np.float16) for name, part in model._asdict().items()}
    np.savez_compressed(MODEL, **parts)


# --- Measuring --------------------------------------------------------------------------------


def _read_right(face: Path, *, is_photo: bool, lines: int = 40) -> float:
    """Of numbers alone on their lines, the share that is right to the last digit."""
    reader, chance = ThaiDigitReader(), random.Random(f"{_SEED} measured")
    right = 0
    for _ in range(lines):
        drawn = _draw(chance, face, _number(chance, plain=True))
        words = reader.read(_seen(chance, drawn, is_photo=is_photo).line.astype(np.uint8))
        right += "".join(letter.text for word in words for letter in word) == drawn.digits
    return right / lines


if __name__ == "__main__":
    main()
