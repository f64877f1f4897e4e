"""The parts of the eyes that need no model: places, order, mending, what a code means."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from bot.detectors.engine import DetectingReader, detectors_for
from bot.domain.findings import Label
from bot.seeing.eyes import codes, noise, page
from bot.seeing.eyes.codes import Code
from bot.seeing.eyes.layout import in_blocks, in_rows
from bot.seeing.eyes.letters import Letter
from bot.seeing.eyes.page import Page
from bot.seeing.eyes.reading import Line
from bot.seeing.eyes.strips import Strip, box, directed
from bot.seeing.eyes.turning import Turned, upright

if TYPE_CHECKING:
    from bot.seeing.eyes.models import Picture
    from bot.seeing.eyes.reading import LineReader

READER = DetectingReader(detectors_for(("99-99999",)))


def line(text: str, left: float, top: float, *, slope: float = 0.0, sureness: float = 1.0) -> Line:
    """Letters of ten pixels, twenty high."""
    width = 10.0 * len(text)
    corners = box(left, top, left + width, top + 20).corners
    corners[:, 1] += (corners[:, 0]) * slope
    words, at = [], 0
    for word in text.split(" "):
        letters = (
            Letter(one, (at + i) / len(text), (at + i + 1) / len(text), sureness)
            for i, one in enumerate(word)
        )
        words.append(tuple(letters))
        at += len(word) + 1
    return Line(Strip(corners), tuple(words))


def plain(text: str) -> Page:
    return Page(text, (None,) * len(text))


# --- Strips -----------------------------------------------------------------------------------


def test_corners_in_any_order_become_a_strip_that_begins_at_the_left() -> None:
    mixed = np.array(((110, 30), (10, 10), (10, 30), (110, 10)), np.float32)
    assert directed(mixed).corners.tolist() == [[10, 10], [110, 10], [110, 30], [10, 30]]


def test_a_part_of_a_strip_is_as_slanted_as_the_whole() -> None:
    slanted = Strip(np.array(((0, 0), (100, 10), (100, 30), (0, 20)), np.float32))
    half = slanted.part(0.5, 1.0)
    assert half.corners.tolist() == [[50, 5], [100, 10], [100, 30], [50, 25]]


def test_regions_are_shares_and_stay_within_the_picture() -> None:
    assert box(-5, 0, 50, 20).region((100, 40)).corners == ((0, 0), (0.5, 0), (0.5, 0.5), (0, 0.5))


def test_what_was_turned_is_led_back() -> None:
    picture = np.zeros((40, 100, 3), np.uint8)
    turned = Turned(picture, (box(10, 5, 30, 35),)).by(1)
    assert turned.picture.shape == (100, 40, 3)
    back = turned.back(turned.strips[0]).corners
    assert sorted(back.tolist()) == [[10, 5], [10, 35], [30, 5], [30, 35]]


class Reads:
    """Knows lines by how long they are: how surely each is read upright, and on its head."""

    def __init__(self, upright: dict[int, float], on_its_head: dict[int, float]) -> None:
        self._by_light = {255: upright, 0: on_its_head}

    def read(self, picture: Picture, strip: Strip) -> Line:
        sure = self._by_light[int(picture[0, 0, 0])]
        return line("text", 0, 0, sureness=sure[round(strip.length)])


@pytest.mark.parametrize(
    ("upright_surely", "on_its_head_surely", "quarters"),
    [
        ({"traces": 0.4, "print": 1.0}, {"traces": 0.5, "print": 0.7}, 0),
        ({"traces": 0.4, "print": 0.7}, {"traces": 0.3, "print": 1.0}, 2),
        ({"traces": 0.4, "print": 0.2}, {"traces": 0.5, "print": 0.1}, 2),
        ({"traces": 0.95, "print": 0.0}, {"traces": 0.0, "print": 0.0}, 0),
        ({"traces": 0.7, "print": 0.1}, {"traces": 0.6, "print": 1.0}, 0),
    ],
    ids=["print", "print on its head", "neither is read", "read at once", "the longest are read"],
)
def test_where_the_longest_lines_are_none_others_tell_which_way_is_up(
    upright_surely: dict[str, float], on_its_head_surely: dict[str, float], quarters: int
) -> None:
    """Light at the top left only as it came."""
    picture = np.zeros((400, 600, 3), np.uint8)
    picture[0, 0] = 255
    traces = [box(10, 60 * i, 510, 60 * i + 20) for i in range(4)]
    names = [box(10, 300, 210, 320), box(10, 340, 210, 360)]

    def by_length(sure: dict[str, float]) -> dict[int, float]:
        return {500: sure["traces"], 200: sure["print"]}

    reads = Reads(by_length(upright_surely), by_length(on_its_head_surely))
    turned = upright(picture, [*traces, *names], cast("LineReader", reads))
    assert turned.quarters == quarters


# --- Order ------------------------------------------------------------------------------------


def test_cells_of_a_row_are_read_together_and_far_apart() -> None:
    rows = in_rows([line("6512345", 300, 12), line("HN", 10, 10), line("WARD", 10, 60)])
    assert page.by_rows(rows).text == "HN    |    6512345\nWARD\n"


def test_words_that_stand_close_are_one_cell() -> None:
    assert page.by_rows(in_rows([line("MALEE", 10, 10), line("JAIDEE", 70, 10)])).text == (
        "MALEE JAIDEE\n"
    )


def test_rows_of_a_slanting_photo_stay_together() -> None:
    slope = 0.1
    first = [line("HN LABEL", 0, 0, slope=slope), line("6512345", 400, 0, slope=slope)]
    second = [line("WARD NAME", 0, 40, slope=slope), line("INTENSIVE", 400, 40, slope=slope)]
    rows = in_rows([*second, *first])
    assert [[one.text for one in row] for row in rows] == [
        ["HN LABEL", "6512345"],
        ["WARD NAME", "INTENSIVE"],
    ]


def test_in_blocks_a_number_stands_under_its_heading() -> None:
    lines = [line("HN", 10, 10), line("AGE", 300, 10), line("6512345", 10, 36), line("45", 300, 36)]
    blocks = in_blocks(in_rows(lines))
    assert [[one.text for one in block] for block in blocks] == [["HN", "6512345"], ["AGE", "45"]]


# --- The way back -----------------------------------------------------------------------------


def test_a_finding_leads_back_to_its_part_of_the_line() -> None:
    one = page.by_rows(in_rows([line("HN 6512345", 100, 10)]))
    (span,) = one.spans(one.text.index("6"), one.text.index("5\n") + 1)
    assert span.strip.corners[0].tolist() == [130, 10]
    assert span.strip.corners[2].tolist() == [200, 30]


def test_places_stay_right_when_a_mended_word_has_another_length() -> None:
    one = noise.mended(page.by_rows(in_rows([line("IIN 6512345", 100, 10)])))
    assert one.text == "HN 6512345\n"
    (span,) = one.spans(3, 10)
    assert span.strip.corners[0].tolist() == [140, 10]


def test_the_edge_of_a_box_read_as_a_bar_divides_nothing() -> None:
    assert page.by_rows(in_rows([line("6512|345", 0, 0)])).text == "6512/345\n"


# --- Mending ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("HM 6512345", "HN 6512345"),
        ("HN 65l2345", "HN 6512345"),
        ("HN 65O23B45", "HN 65023845"),
        ("พวะสุนทร", "พว.สุนทร"),
        ("[พว.ธนพล", "พว.ธนพล"),
        ("1 651234567\n2 651234568", "1)  651234567\n2)  651234568"),
        ("1 65-12345\n2 001234/65", "1)  65-12345\n2)  001234/65"),
    ],
)
def test_what_can_only_have_meant_one_thing_is_mended(read: str, meant: str) -> None:
    assert noise.mended(plain(read)).text == meant


@pytest.mark.parametrize(
    "read",
    [
        "BP 120/80 HM 12",
        "Lot A12B345",
        "(ปกปิดข้อมูลแล้ว)",
        "CBC 5S",
        "1 1037 02345 67 8",
        "1 1037-02345-67-8\n2 1037-02345-67-8",
        "1 103702345678",
        "ward 5B bed 12",
    ],
)
def test_everything_else_is_left(read: str) -> None:
    assert noise.mended(plain(read)).text == read


# --- Codes ------------------------------------------------------------------------------------


def found_in(content: str, page_text: str = "", kind: str = "Code128") -> list[Label]:
    code = Code(content, kind, box(0, 0, 10, 10))
    return [finding.label for finding in codes.findings(code, READER, page_text)]


@pytest.mark.parametrize(
    ("content", "beside", "labels"),
    [
        ("HN6512345", "", [Label.HN]),
        ("65-12345", "", [Label.HN]),
        ("6512345", "ชื่อ นางมาลี HN 6512345", [Label.HN]),
        ("6512345", "Name: MALEE  Age 45", [Label.HN]),
        ("6512345", "", []),
        ("6512345", "ครุภัณฑ์เลขที่ 12 ward ICU ชื่อ เครื่องดูดเสมหะ", []),
        ("6512345", "ผู้รับ นางมาลี อายุ", []),
        ("https://his.example/opd?hn=6512345", "", [Label.HN]),
        ("https://meet.example/j/1103702345678", "", []),
        ("WIFI:T:WPA;S:ward;P:1103702345678;;", "", []),
    ],
)
def test_whose_a_code_is(content: str, beside: str, labels: list[Label]) -> None:
    assert found_in(content, beside) == labels


def test_goods_and_payments_are_nobodys() -> None:
    assert found_in("8850999320014", "ชื่อ HN", "EAN13") == []
    assert found_in("000201010211HN6512345", "ชื่อ HN") == []
