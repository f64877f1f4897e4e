"""What surrounds a name decides: the same name, with other words around it. Names are invented."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detectors.person import DETECTOR
from bot.detectors.scene import Scene, look_at
from bot.domain.findings import Label, Strength

CARE = "นางดวงแก้ว พิมพา 65 ปี เตียง 4 ปวดแผล"


def found_in(scene: Scene) -> list[str]:
    return [scene.text[found.start : found.end] for found in DETECTOR.find(scene)]


@pytest.mark.parametrize(
    ("with_care", "without"),
    [
        ("นายธีรยุทธ ก้องภพ 45 ปี ไข้สูง", "นายธีรยุทธ ก้องภพ"),
        ("คุณอรพิน เตียง 3 ขอยาแก้ปวด", "คุณอรพิน ฝากร่มไว้"),
        ("ลุงสมนึก เตียง 3 หอบ", "ลุงสมนึก ขายกล้วยทอด"),
        ("ชื่อ ปาริชาติ คนไข้ที่หมอถาม", "ชื่อ ปาริชาติ"),
        ("สมพร ยิ้มแย้ม HN 6601234", "สมพร ยิ้มแย้ม"),
        ("ปราณี เตียง 12 ขอกลับบ้าน", "ปราณี"),
    ],
)
def test_a_name_counts_only_where_somebody_is_a_patient(with_care: str, without: str) -> None:
    assert len(found_in(look_at(with_care))) == 1
    assert found_in(look_at(without)) == []


def test_a_name_split_over_messages_is_read_across_the_seam() -> None:
    assert found_in(look_at("คนไข้ใหม่เตียง 5 ชื่อ\nอรุณี พงษ์เจริญ")) == ["อรุณี พงษ์เจริญ"]
    assert found_in(look_at("ผู้ป่วยที่จะ refer ชื่อนาย\nอนุชิต ก้อนทอง")) == ["อนุชิต ก้อนทอง"]
    assert found_in(look_at("หมอเวรคืนนี้ชื่อ\nหมอกันตพงศ์")) == []


def test_a_mentioned_member_is_no_patient() -> None:
    text = "@คุณอรพิน เตียง 3 ปวดแผล"
    scene = replace(look_at(text), mentions=((0, 9),))
    assert found_in(scene) == []


def test_a_member_called_by_the_given_name_is_no_patient() -> None:
    scene = replace(look_at("คุณอรพิน ดูเคสเตียง 3 ให้ที"), member_names=frozenset({"อรพิน"}))
    assert found_in(scene) == []


def test_a_title_and_a_surname_outweigh_a_member_of_the_same_name() -> None:
    scene = replace(look_at(CARE), member_names=frozenset({"ดวงแก้ว"}))
    assert found_in(scene) == ["ดวงแก้ว พิมพา"]


@pytest.mark.parametrize(
    "text",
    [
        "นายส. นามสกุล จ. อายุ 55 เตียง 3",
        "คุณ *** เตียง 14 ขอพบแพทย์",
        "HN █████ ชื่อ █████ CT พบ PE",
        "เคส ก.ข. 7 ปี ไข้ 5 วัน",
        "นายทดสอบ ระบบ HN 999999999 เตียง 1",
        "ชื่อ-สกุล ____________ HN ______ อายุ ____",
    ],
)
def test_masked_names_dummies_and_empty_forms_name_nobody(text: str) -> None:
    assert found_in(look_at(text)) == []


def test_a_finding_says_why_without_saying_whom() -> None:
    (found,) = DETECTOR.find(look_at(CARE))
    assert found.label is Label.PERSON
    assert found.strength is Strength.CERTAIN
    assert found.reason == "title นาง + given and family name, with bed and age"
    assert "ดวงแก้ว" not in found.reason


@given(st.text(alphabet=st.characters(), max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_an_answer_with_spans_inside_it(text: str) -> None:
    for found in DETECTOR.find(look_at("คนไข้ชื่อ " + text)):
        assert 0 <= found.start < found.end <= len(text) + 10


@pytest.mark.parametrize("before", range(70, 90))
def test_a_name_may_reach_over_the_piece_in_which_a_long_run_is_read(before: int) -> None:
    text = "คนไข้ " + "ก" * before + "วรรณวิสา"
    for found in DETECTOR.find(look_at(text)):
        assert found.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "คนไข้นายก",
        "สมชาย ใจงาม เตียง 5 ",
        "ก ข ค ง จ ",
        "ชื่อ",
        "Mr. Aung ",
        "แม่",
        '"name":"',
        "\n1 ",
        "\ud800คนไข้",
        "หมอสมชาย เตียง 5 ",
        "- วรรณวิสา ไข้\n",
        "ประภาศรี/",
    ],
)
def test_the_cost_of_a_character_does_not_grow_with_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        scene = look_at((piece * length)[:length])
        begun = time.process_time()
        tuple(DETECTOR.find(scene))
        return time.process_time() - begun

    seconds(500)
    short = min(seconds(2_000) for _ in range(3))
    # Ten times the text; a pattern that explodes would take a hundred times as long, each time.
    # What other tests left behind may be swept up during one of them.
    assert min(seconds(20_000) for _ in range(3)) < 40 * short + 0.1
