"""Numbers in Thai digits: drawn, cut into signs, and read to the last digit."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from bench.images.paper import FONTS, thai_digits
from bot.seeing.eyes import glyphs
from bot.seeing.eyes.glyphs import Ink
from bot.seeing.eyes.letters import Word, text_of
from bot.seeing.eyes.models import Picture
from bot.seeing.eyes.reading import LineReader
from bot.seeing.eyes.strips import box
from bot.seeing.eyes.thai import ThaiReader
from bot.seeing.eyes.thai_digits import DIGITS, MODEL, ThaiDigitReader
from bot.seeing.picture import PictureLook
from tests.seeing import drawn
from tests.seeing.test_picture import CITIZEN, eyes

READER = ThaiDigitReader()
FACES = ("Garuda", "Laksaman", "Loma", "Norasi", "Sawasdee", "TlwgTypo", "Umpush", "Waree")


def line(text: str, face: str = "Loma", size: int = 36, *, is_light: bool = False) -> Picture:
    """One line of print, as high as the reader wants it."""
    font = ImageFont.truetype(str(FONTS / f"{face}.ttf"), size)
    left, top, right, bottom = font.getbbox(text)
    margin = size // 4
    paper, shade = ("black", "white") if is_light else ("white", "black")
    size_of = (round(right - left) + 2 * margin, round(bottom - top) + 2 * margin)
    sheet = Image.new("RGB", size_of, paper)
    ImageDraw.Draw(sheet).text((margin - left, margin - top), text, shade, font)
    picture, scale = drawn.as_picture(sheet), glyphs.HEIGHT / size_of[1]
    size_of = (round(size_of[0] * scale), glyphs.HEIGHT)
    return np.asarray(cv2.resize(picture, size_of, interpolation=cv2.INTER_AREA), np.uint8)


def read(picture: Picture) -> str:
    return text_of(READER.read(picture))


def numbers(look: PictureLook) -> set[str]:
    return {number.value for number in look.numbers}


# --- The line alone ---------------------------------------------------------------------------


@pytest.mark.parametrize("face", FACES)
def test_most_numbers_are_read_to_the_last_digit(face: str) -> None:
    """Where Tesseract's Thai model gets none: it knows five of the ten digits."""
    chance = random.Random(face)
    said = ["".join(chance.choices(DIGITS, k=9)) for _ in range(20)]
    right = sum(read(line(number, face)) == number for number in said)
    assert right >= 15


def test_each_digit_is_known() -> None:
    assert read(line(DIGITS)) == DIGITS


def test_light_print_on_a_dark_screen_is_read_too() -> None:
    assert read(line("๖๕๐๐๑๒๓๔", is_light=True)) == "๖๕๐๐๑๒๓๔"


def test_digits_that_are_all_equally_wide_or_stand_in_boxes_are_one_number() -> None:
    assert read(line("๔๔๘๕๔๙๕๖๙", "TlwgTypo")) == "๔๔๘๕๔๙๕๖๙"
    assert read(line("๔ ๘ ๕ ๔ ๙ ๕")) == "๔๘๕๔๙๕"


@pytest.mark.parametrize("text", ["๖๕-๐๐๑๒๓๔", "๑๒๓๔๕/๖๕", "๑ ๑๐๓๗ ๐๒๓๔๕ ๖๗ ๘"])
def test_strokes_and_gaps_stay_where_they_were(text: str) -> None:
    assert read(line(text)) == text


@pytest.mark.parametrize("text", ["HN 6500123", "HN xxx123", "โรงพยาบาลบ้านทุ่ง", "ward 5B", "๑๒"])
def test_what_is_no_number_in_thai_digits_is_left_to_the_others(text: str) -> None:
    assert read(line(text)) == ""


def test_every_digit_keeps_its_place() -> None:
    picture = line("HN ๖๕๐๐๑๒๓๔")
    (word,) = READER.read(picture)
    starts = [letter.start for letter in word]
    assert starts == sorted(starts)
    assert 0.2 < starts[0] < 0.5
    assert 0.9 < word[-1].end <= 1.0


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_strip_holds_nothing(shade: int) -> None:
    assert READER.read(np.full((glyphs.HEIGHT, 300, 3), shade, np.uint8)) == ()


def test_a_strip_in_which_nobody_sees_a_letter_is_an_empty_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ThaiReader, "read", lambda _, __: ())
    blank = np.full((100, 400, 3), 255, np.uint8)
    assert LineReader().read(blank, box(10, 20, 300, 60)).words == ()


def test_noise_holds_nothing_and_harms_nothing() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (glyphs.HEIGHT, 400, 3)).astype(np.uint8)
    assert READER.read(noise) == ()


def test_the_model_is_small_enough_to_be_made_again_and_looked_at() -> None:
    assert MODEL.stat().st_size < 150_000


# --- Cutting ----------------------------------------------------------------------------------


def test_two_digits_that_touch_are_cut_and_offered_as_one_as_well() -> None:
    shade = np.zeros((glyphs.HEIGHT, 60), np.float32)
    shade[20:44, 5:25] = shade[20:44, 27:47] = 1.0
    shade[42:44, 25:27] = 1.0
    first, second = glyphs.pieces(Ink(shade, 20, 44))
    assert [(one.start, one.parts) for one in first] == [(5, 1)], "so wide is no sign at all"
    assert [one.end for one in second] == [47]


# --- The whole picture ------------------------------------------------------------------------


def test_a_hospital_number_in_thai_digits_is_the_number_that_is_searched_for() -> None:
    look = eyes().look_at(drawn.paper(("นางมาลี ศรีสมบูรณ์", thai_digits("HN 6712345"))))
    assert numbers(look) == {"6712345"}
    assert "HN ๖๗๑๒๓๔๕" in look.text


def test_a_citizen_number_in_thai_digits_is_found_by_its_check_digit() -> None:
    spaced = f"{CITIZEN[0]} {CITIZEN[1:5]} {CITIZEN[5:10]} {CITIZEN[10:12]} {CITIZEN[12]}"
    sheet = drawn.paper(("หนังสือแสดงความยินยอม", f"เลขประจำตัว {thai_digits(spaced)}"), 34, 900)
    assert CITIZEN in numbers(eyes().look_at(sheet))
    assert CITIZEN in numbers(eyes().look_at(drawn.as_photo(sheet)))


def test_without_thai_digits_nobody_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: ThaiDigitReader, __: Picture) -> tuple[Word, ...]:
        pytest.fail("there are none")

    monkeypatch.setattr(ThaiDigitReader, "read", refuse)
    assert numbers(eyes().look_at(drawn.paper(drawn.WRISTBAND))) == {"6712345"}
