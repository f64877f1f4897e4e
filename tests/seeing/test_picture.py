"""The eyes, with their real models, on a few pictures."""

from __future__ import annotations

import io
import os
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from bot.detectors.engine import DetectingReader, detectors_for
from bot.domain.findings import Label
from bot.domain.sights import Sight, SightKind
from bot.seeing.eyes import covering, medical, pieces
from bot.seeing.files.pictures import first_picture
from bot.seeing.picture import Eyes, PictureLook
from tests.seeing import drawn

if TYPE_CHECKING:
    from bot.seeing.eyes.models import Picture

os.environ.setdefault("OMP_THREAD_LIMIT", "1")
GPS, ORIENTATION = 0x8825, 0x0112
# A citizen number whose check digit is right, and nobody's.
CITIZEN = "1103702345678"


@cache
def eyes() -> Eyes:
    return Eyes(DetectingReader(detectors_for(())))


@cache
def wristband() -> PictureLook:
    return eyes().look_at(drawn.paper(drawn.WRISTBAND), "page 3")


def kinds(picture: Picture) -> set[SightKind]:
    return {sight.kind for sight in eyes().look_at(picture).sights}


def hospital_number(look: PictureLook) -> Sight:
    (sight,) = [sight for sight in look.sights if sight.label is Label.HN]
    assert sight.region is not None
    return sight


# --- Text -------------------------------------------------------------------------------------


def test_a_number_in_a_picture_is_found_with_its_label_mask_and_place() -> None:
    sight = hospital_number(wristband())
    assert (sight.kind, sight.masked, sight.place) == (SightKind.IDENTIFIER, "████345", "page 3")
    assert sight.region is not None
    left, top = sight.region.corners[0]
    right, bottom = sight.region.corners[2]
    # Third line of three, behind its label; all of it in shares of the picture.
    assert 0.08 < left < 0.15
    assert 0.2 < right < 0.32
    assert 0.55 < top < bottom < 0.95


def test_thai_names_are_read() -> None:
    assert "มาลี ศรีสมบูรณ์" in wristband().text
    assert Label.PERSON in {sight.label for sight in wristband().sights}


def test_numbers_are_handed_on_to_be_hashed_and_not_shown() -> None:
    assert "6712345" in {number.value for number in wristband().numbers}
    assert "6712345" not in repr(wristband())


def test_a_photo_from_the_side_is_read_as_well() -> None:
    look = eyes().look_at(drawn.as_photo(drawn.paper(drawn.WRISTBAND, 36, 900)))
    assert "6712345" in {number.value for number in look.numbers}


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turned_pictures_are_read_and_places_are_those_of_the_picture_as_it_came(
    quarters: int,
) -> None:
    turned = np.ascontiguousarray(np.rot90(drawn.paper(drawn.WRISTBAND), quarters))
    sight, upright = hospital_number(eyes().look_at(turned)), hospital_number(wristband())
    assert sight.region is not None
    assert upright.region is not None
    expected = np.array(upright.region.corners)
    for _ in range(quarters):
        expected = np.stack((expected[:, 1], 1 - expected[:, 0]), axis=1)
    assert np.abs(np.array(sight.region.corners) - expected).max() < 0.04


def test_a_single_line_of_small_print_on_a_large_photo_is_read() -> None:
    photo = Image.new("RGB", (3000, 4000), (200, 200, 200))
    font = ImageFont.load_default(size=44)
    ImageDraw.Draw(photo).text((400, 3000), "HN: 650012345", fill="black", font=font)
    assert hospital_number(eyes().look_at(drawn.as_picture(photo))).region is not None


def long_chat(where: int, length: int = 9000) -> Picture:
    """A screenshot of many screens, with a wristband's lines at one place of it."""
    chat = np.full((length, 1000, 3), 235, np.uint8)
    band = drawn.paper(drawn.WRISTBAND)
    chat[where : where + band.shape[0], 100 : 100 + band.shape[1]] = band
    return chat


@pytest.mark.parametrize("where", [1960, 8200])
def test_a_long_screenshot_is_read_in_pieces_also_where_they_meet(where: int) -> None:
    look = eyes().look_at(long_chat(where))
    region = hospital_number(look).region
    assert region is not None
    top, bottom = (f([y for _, y in region.corners]) * 9000 for f in (min, max))
    assert where < top < bottom < where + 260


def test_a_long_one_that_lies_is_read_as_well() -> None:
    strip = np.full((600, 7000, 3), 235, np.uint8)
    band = drawn.paper(drawn.WRISTBAND)
    strip[100 : 100 + band.shape[0], 6100 : 6100 + band.shape[1]] = band
    assert hospital_number(eyes().look_at(strip)).region is not None


def test_of_a_long_screenshot_the_copy_is_covered_and_legible() -> None:
    chat = long_chat(1960, 5000)
    menu = drawn.paper(drawn.MENU)
    chat[4000 : 4000 + menu.shape[0], 100 : 100 + menu.shape[1]] = menu
    copy = eyes().copy(drawn.jpeg(chat))
    assert copy is not None
    after = drawn.as_picture(Image.open(io.BytesIO(copy)))
    look = eyes().look_at(after)
    assert not look.sights
    assert "ข้าวมันไก่" in look.text


def test_of_the_longest_there_are_only_so_many_pieces() -> None:
    for shape in ((40_000, 30), (30, 40_000), (40_000, 1000), (100, 100), (2200, 2000)):
        cut = list(pieces.pieces(pieces.sized(np.zeros((*shape, 3), np.uint8))))
        assert 1 <= len(cut) <= 10
        assert all(max(one.picture.shape[:2]) <= pieces.LONGEST for one in cut)


def test_a_menu_holds_nothing() -> None:
    look = eyes().look_at(drawn.paper(drawn.MENU))
    assert "ข้าวมันไก่" in look.text
    assert (look.sights, look.numbers) == ((), ())


def test_an_address_is_one_only_where_its_lines_stand_together() -> None:
    """Signs on a map: a kilometre and a street, with a hospital near by."""
    letter = drawn.paper(("ผู้ป่วย นางมาลี ศรีสมบูรณ์", "บ้านเลขที่ 45/2 หมู่ 7", "ถนนพหลโยธิน"))
    apart = ("กม. 12", "", "", "ถนนพหลโยธิน", "", "", "โรงพยาบาลบ้านทุ่ง")
    assert Label.ADDRESS in {sight.label for sight in eyes().look_at(letter).sights}
    assert kinds(drawn.paper(apart)) == set()


def test_a_masked_number_stays_quiet() -> None:
    assert kinds(drawn.paper(("เคสปรึกษา", "HN xxx456 นาย ส. อายุ 65 ปี"))) == set()


def test_a_picture_too_small_to_hold_anything_is_left() -> None:
    assert eyes().look_at(np.zeros((5, 5, 3), np.uint8)).sights == ()


# --- Codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("HN:6712345", zxingcpp.BarcodeFormat.QRCode),
        ('{"hn": "6712345", "name": "Malee"}', zxingcpp.BarcodeFormat.QRCode),
    ],
)
def test_a_code_that_carries_a_patients_number_is_found_at_its_place(
    content: str, kind: zxingcpp.BarcodeFormat
) -> None:
    picture = drawn.under(drawn.paper(drawn.MENU), drawn.code(content, kind))
    sight = hospital_number(eyes().look_at(picture))
    assert sight.region is not None
    assert min(y for _, y in sight.region.corners) > 0.5


def test_a_bare_number_in_a_code_counts_beside_a_patient() -> None:
    bars = drawn.code("6712345", zxingcpp.BarcodeFormat.Code128)
    tube = drawn.paper(("Specimen: EDTA Blood", "Ward ICU  Sex: F"))
    plate = drawn.paper(("ครุภัณฑ์โรงพยาบาล", "S/N 7440-001 Ward ICU"))
    assert kinds(drawn.under(tube, bars)) == {SightKind.IDENTIFIER}
    assert kinds(drawn.under(plate, bars)) == set()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("https://meet.example.com/j/1103702345678", zxingcpp.BarcodeFormat.QRCode),
        ("00020101021129370016A000000677010111" + CITIZEN, zxingcpp.BarcodeFormat.QRCode),
        ("8850999320014", zxingcpp.BarcodeFormat.EAN13),
    ],
    ids=["a meeting", "a payment", "goods"],
)
def test_codes_of_everything_else_are_nothing(content: str, kind: zxingcpp.BarcodeFormat) -> None:
    assert kinds(drawn.code(content, kind)) == set()


# --- Faces, and what looks medical --------------------------------------------------------------


def test_a_face_is_found_where_it_is() -> None:
    (sight,) = eyes().look_at(drawn.photograph("astronaut.png")).sights
    assert (sight.kind, sight.label) == (SightKind.FACE, None)
    assert sight.region is not None
    x, y = np.array(sight.region.corners).mean(axis=0)
    assert 0.35 < x < 0.5
    assert 0.1 < y < 0.35


@pytest.mark.parametrize("name", ["chelsea.png", "coffee.png", "hubble_deep_field.jpg", "moon.png"])
def test_a_cat_coffee_and_the_night_sky_are_nothing(name: str) -> None:
    assert kinds(drawn.photograph(name)) == set()


def test_an_x_ray_is_asked_about() -> None:
    assert kinds(drawn.chest()) == {SightKind.MEDICAL}


@pytest.mark.parametrize("degrees", [0, 4, -7])
@pytest.mark.parametrize("pitch", [18, 36])
def test_an_ekg_is_asked_about_whichever_way_it_was_photographed(pitch: int, degrees: int) -> None:
    sheet = drawn.ekg(pitch)
    assert medical.medical_kind(drawn.turned(sheet, degrees), 0) == "EKG"
    assert medical.medical_kind(drawn.as_photo(drawn.turned(sheet, degrees)), 0) == "EKG"


def test_red_lines_in_one_direction_are_no_ekg() -> None:
    """A ruled page with a scribble: all that is missing is the other half of the squares."""
    sheet = drawn.ekg()
    ruled = np.where(sheet[:, :1].max(axis=2, keepdims=True) < 250, sheet[:, :1], 255)
    traces = sheet.max(axis=2, keepdims=True) < 60
    page = np.where(traces, sheet, np.broadcast_to(ruled, sheet.shape)).astype(np.uint8)
    assert medical.medical_kind(page, 0) is None


# --- The safe copy ------------------------------------------------------------------------------


def test_in_the_safe_copy_nothing_is_found_and_nothing_travels_along() -> None:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (13.0, 45.0, 0.0)}
    copy = eyes().copy(drawn.jpeg(drawn.paper(drawn.WRISTBAND), exif))
    assert copy is not None
    opened = Image.open(io.BytesIO(copy))
    assert (opened.format, dict(opened.getexif())) == ("JPEG", {})
    look = eyes().look_at(drawn.as_picture(opened))
    assert (look.sights, look.numbers) == ((), ())
    assert "โรงพยาบาลวงรักษา" in look.text, "what identifies nobody stays readable"


def test_the_safe_copy_shows_no_face_and_little_of_what_was_there() -> None:
    before = drawn.photograph("astronaut.png")
    copy = eyes().copy(drawn.jpeg(before))
    assert copy is not None
    after = drawn.as_picture(Image.open(io.BytesIO(copy)))
    assert SightKind.FACE not in kinds(after)
    face = (slice(80, 190), slice(180, 270))
    detail = [
        float(np.abs(np.diff(one[face].astype(int), axis=1)).mean()) for one in (before, after)
    ]
    assert detail[1] < 0.3 * detail[0]


def test_a_photo_that_lies_on_its_side_by_its_exif_is_upright_in_the_copy() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    copy = eyes().copy(drawn.jpeg(drawn.paper(drawn.MENU), exif))
    assert copy is not None
    assert Image.open(io.BytesIO(copy)).size == (drawn.paper(drawn.MENU).shape[0], 760)


def test_a_copy_is_light_enough_for_a_preview_in_line_and_as_large_as_that_allows() -> None:
    dice = np.random.default_rng(3)
    for noise in (0, 25, 255):
        grain = dice.integers(0, noise + 1, (2048, 2048, 3), dtype=np.uint8)
        copy = covering.as_jpeg(grain)
        assert 0 < len(copy) <= 1_000_000
        assert Image.open(io.BytesIO(copy)).width >= (2048 if noise < 255 else 1000)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from((b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"BM")),
)
def test_there_is_no_copy_of_noise_and_no_error_either(noise: bytes, beginning: bytes) -> None:
    picture = first_picture(beginning + noise)
    assert picture is None or picture.ndim == 3
