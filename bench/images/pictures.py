"""The pictures of the bench: each kind as a screenshot and as a photo, and what they say."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

from bench.images import camera, hospital
from bench.images.harmless import HARMLESS, MEDICAL
from bench.images.hospital import Draw
from bench.images.paper import Chance

# Photographs in scikit-image's wheel, which may be used freely. Nobody's package has patients.
_FACES = ("astronaut.png",)
_FACELESS = (
    "chelsea.png",
    "coffee.png",
    "hubble_deep_field.jpg",
    "rocket.jpg",
    "coins.png",
    "brick.png",
)
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
TEXT_RICH = frozenset(
    (
        "lab_slip", "his_screen", "opd_card", "referral_letter", "queue_list", "insurance_form",
        "discharge_summary", "consent_form", "textbook_page", "timetable", "drug_lots",
    )
)  # fmt: skip
TEXTLESS = frozenset(("landscape", "food", "night_photo", "grey_building", "photograph"))


class Wanted(StrEnum):
    IDENTIFIERS = "identifiers"
    MEDICAL = "medical"
    FACE = "face"
    NONE = "none"


@dataclass(frozen=True)
class Drawn:
    """`numbers`: hospital and citizen numbers that are printed in it."""

    kind: str
    way: str
    wanted: Wanted
    content: bytes
    numbers: frozenset[str] = frozenset()


def all_pictures(seeds: Sequence[int]) -> Iterator[Drawn]:
    for seed in seeds:
        for wanted, draws in (
            (Wanted.IDENTIFIERS, hospital.IDENTIFYING),
            (Wanted.MEDICAL, MEDICAL),
            (Wanted.NONE, HARMLESS),
        ):
            for draw in draws:
                yield from _both_ways(draw, wanted, seed)
    yield from _photographs()


def _both_ways(draw: Draw, wanted: Wanted, seed: int) -> Iterator[Drawn]:
    name = draw.__name__
    chance = Chance(f"{seed} {name}")
    image = draw(chance)
    numbers = _printed(chance)
    yield Drawn(name, "screenshot", wanted, camera.screenshot(image), numbers)
    yield Drawn(name, "photo", wanted, camera.photo(image, chance), numbers)


def _printed(chance: Chance) -> frozenset[str]:
    said = "".join(filter(str.isdigit, " ".join(chance.said).translate(_THAI_DIGITS)))
    numbers = {number for person in chance.people for number in (person.hn, person.citizen)}
    return frozenset(number for number in numbers if number in said)


def _photographs() -> Iterator[Drawn]:
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "data"
    for wanted, files in ((Wanted.FACE, _FACES), (Wanted.NONE, _FACELESS)):
        for file in files:
            image = Image.open(folder / file).convert("RGB")
            large = image.resize((1500, round(1500 * image.height / image.width)))
            jpeg = io.BytesIO()
            large.save(jpeg, "JPEG", quality=85)
            kind = "person" if wanted is Wanted.FACE else "photograph"
            yield Drawn(kind, "photo", wanted, jpeg.getvalue())
