"""What every detector promises, and what the engine makes of all of them together."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot.detectors
from bot.detectors.engine import ALL_DETECTORS, DetectingReader
from bot.detectors.mask import BLOCK, excerpt, masked, patient_numbers, safe_rewrite
from bot.detectors.scene import Detector
from bot.domain.findings import Finding, Label
from bot.ports import TextContext

READER = DetectingReader()
CITIZEN_NUMBER = "1-2810-46451-27-4"  # invented; its check digit is right


def found(text: str, *earlier: str, mentions: tuple[tuple[int, int], ...] = ()) -> list[str]:
    assessment = READER.assess(text, TextContext(earlier, mentions))
    return [text[finding.start : finding.end] for finding in assessment.findings]


def findings(text: str) -> tuple[Finding, ...]:
    return READER.assess(text, TextContext()).findings


# --- every detector -------------------------------------------------------------------------------


def detectors_in_files() -> Iterator[tuple[str, object]]:
    for module in iter_modules(bot.detectors.__path__):
        for name, value in vars(import_module(f"bot.detectors.{module.name}")).items():
            is_one = name.isupper() and not name.startswith("_") and hasattr(value, "find")
            if is_one and isinstance(getattr(value, "label", None), Label):
                yield f"{module.name}.{name}", value


def test_every_detector_of_every_file_is_in_the_one_list() -> None:
    missing = [name for name, one in detectors_in_files() if one not in ALL_DETECTORS]
    assert missing == []
    assert len(list(detectors_in_files())) > 0


def named(detector: Detector) -> str:
    return f"{detector.label.value.lower()}-{type(detector).__name__}"


EXAMPLES = [
    pytest.param(one, text, value, id=f"{named(one)}-{number}")
    for one in ALL_DETECTORS
    for number, (text, value) in enumerate(getattr(one, "must_find", ()))
]
LOOK_ALIKES = [
    pytest.param(one, text, id=f"{named(one)}-{number}")
    for one in ALL_DETECTORS
    for number, text in enumerate(getattr(one, "must_leave", ()))
]


@pytest.mark.parametrize(("detector", "text", "value"), EXAMPLES)
def test_what_a_detector_must_find_is_found(detector: Detector, text: str, value: str) -> None:
    spans = [text[f.start : f.end] for f in findings(text) if f.label is detector.label]
    assert value in spans


@pytest.mark.parametrize(("detector", "text"), LOOK_ALIKES)
def test_what_a_detector_must_leave_is_left(detector: Detector, text: str) -> None:
    assert [f for f in findings(text) if f.label is detector.label] == []


def test_every_finding_has_a_reason_without_a_value() -> None:
    for finding in findings(f"HN 650012345 เลขบัตร {CITIZEN_NUMBER}"):
        assert finding.reason
        assert "65001" not in finding.reason
        assert "46451" not in finding.reason


# --- offsets lead back to what was written --------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("HN ๖๕๐๐๑๒๓๔๕ ค่ะ", "๖๕๐๐๑๒๓๔๕"),
        ("HN ６５００１２３４５ ค่ะ", "６５００１２３４５"),
        ("\u200bHN 650012345", "650012345"),
        ("HN 65\u200b0012345", "65\u200b0012345"),
        ("🏥🚑 HN 650012345 🙏", "650012345"),
        ("ผู้ป่วย\u00a0HN\u00a0650012345", "650012345"),
        (f"เลขบัตร {CITIZEN_NUMBER}".replace("-", "\u2011"), CITIZEN_NUMBER.replace("-", "\u2011")),
        ("\ud83d HN 650012345", "650012345"),
        ("a\x00b HN 650012345", "650012345"),
    ],
)
def test_a_span_covers_what_was_written_however_it_was_written(text: str, value: str) -> None:
    assert value in found(text)


@pytest.mark.parametrize("beside", ["เคส", "ค่ะ", "(", "\n", "🙏"])
def test_thai_letters_and_signs_beside_a_number_hide_nothing(beside: str) -> None:
    assert "650012345" in found(f"{beside}HN 650012345{beside}")


# --- threads --------------------------------------------------------------------------------------


def test_what_was_split_over_two_messages_is_found_at_the_second() -> None:
    assert found("650012345", "ขอผล K หน่อย hn") == ["650012345"]
    assert found("650012345") == []


def test_a_date_of_birth_that_was_asked_for_comes_in_pieces_of_messages() -> None:
    asked = "วันเกิดน้องเตียง 9 ที่หมอถามจะคิด dose"
    assert found("17 พ.ย.", asked) == []
    assert found("2563", asked, "17 พ.ย.") == ["2563"]
    assert found("17/11/2568", "นัดน้องเตียง 9 มาเมื่อไร") == []


@pytest.mark.parametrize(
    ("earlier", "text", "wanted"),
    [
        (["DOB เตียง 7?"], "อ่านได้ละ ๑๒ มี.ค. ๒๕๐๔", "๑๒ มี.ค. ๒๕๐๔"),
        (["นัดประชุมวันเกิดเหตุคนไข้ตกเตียง"], "12/3/2568", ""),
        (["เบอร์ลูกคนไข้ห้อง 3", "ศูนย์แปดหนึ่ง"], "เจ็ดเจ็ดสี่ สองหนึ่งศูนย์เก้า", "เจ็ดเจ็ดสี่ สองหนึ่งศูนย์เก้า"),
        (["เลขบัตรป้าห้อง 2", "34 701 002"], "886 19", "886 19"),
        (["กรมธรรม์คนไข้ห้อง 8 อ่านไม่ออก"], "ML-2568-T-00441", "ML-2568-T-00441"),
        (["6120774 lap chole\n6699013 hernia"], "คอลัมน์แรก HN นะ", "คอลัมน์แรก HN นะ"),
    ],
)
def test_numbers_that_are_said_in_several_messages(
    earlier: list[str], text: str, wanted: str
) -> None:
    assert found(text, *earlier) == ([wanted] if wanted else [])


def test_what_stands_in_the_earlier_message_only_is_not_found_again() -> None:
    assert found("ขอบคุณค่ะ", "HN 650012345") == []


def test_a_citizen_number_broken_over_two_messages_ends_in_the_second() -> None:
    assert found("46451-27-4", "เลขบัตร 1-2810-") == ["46451-27-4"]


def test_a_finding_of_the_message_itself_is_not_doubled_by_its_thread() -> None:
    assert found("HN 650012345", "HN 650012346", "สวัสดี") == ["650012345"]


def test_a_name_may_be_all_of_a_message_that_answers_or_goes_before() -> None:
    assert found("ประภาศรี", "เตียง 16 คนไข้ชื่อ") == ["ประภาศรี"]
    assert found("นามสกุล ศรีพรหมทอง", "คนไข้คนแรกชื่อมงคล แผลฉีก") == ["ศรีพรหมทอง"]
    assert found("ผักกาด", "เตียง 16 คนไข้ขอกินข้าวกับ") == []


def test_an_address_goes_on_behind_other_talk() -> None:
    said = ("คนไข้ติดเตียง ถังต้องไปส่งที่", "77/3 ซ.วัดใหม่", "ได้ แต่ถอยออก")
    assert found("ถ.เลียบคลอง ต.ปากน้ำ", *said) == ["ถ.เลียบคลอง ต.ปากน้ำ"]
    assert found("ถ.เลียบคลอง ต.ปากน้ำ", "คนไข้ติดเตียง", "ได้ แต่ถอยออก") == []


# --- mentions -------------------------------------------------------------------------------------


def test_a_mention_is_never_patient_data_and_the_rest_of_the_text_is() -> None:
    text = "@HN 650012345 ฝากดู HN 650012346"
    assert found(text, mentions=((0, 13),)) == ["650012346"]


def test_a_mention_that_covers_only_a_part_hides_nothing() -> None:
    assert found("HN 650012345", mentions=((3, 6),)) == ["650012345"]


# --- masks ----------------------------------------------------------------------------------------


TALK = f"คนไข้เตียง 5 HN ๖๕๐๐๑๒๓๔๕ บัตร {CITIZEN_NUMBER} ฝากตามผล"


def test_a_mask_hides_what_was_found_and_keeps_the_rest() -> None:
    said = masked(TALK, findings(TALK))
    assert len(said) == len(TALK)
    assert "๖๕๐๐๑๒๓๔๕" not in said
    assert CITIZEN_NUMBER not in said
    assert said.startswith("คนไข้เตียง 5 HN ")
    assert said.endswith("ฝากตามผล")


def test_a_rewrite_says_what_was_there_and_not_what_it_was() -> None:
    said = safe_rewrite(TALK, findings(TALK))
    assert "(ดูในระบบ)" in said
    assert "(เลขบัตรปกปิด)" in said
    assert not any(digit in said for digit in ("๖๕๐", "2810", "46451"))
    assert READER.assess(said, TextContext()).findings == ()


def test_an_excerpt_is_short() -> None:
    assert len(excerpt("ก" * 5000, ())) == 300


def test_overlapping_findings_leave_no_end_uncovered() -> None:
    outer, inner, beyond = (
        Finding(2, 12, Label.HN),
        Finding(4, 6, Label.PHONE),
        Finding(10, 15, Label.NATIONAL_ID),
    )
    assert masked("0123456789abcdefgh", (beyond, inner, outer)) == "01" + BLOCK * 13 + "fgh"
    assert safe_rewrite("0123456789abcdefgh", (inner, outer)) == "01(ดูในระบบ)cdefgh"


def test_four_ways_to_write_a_number_are_one_patient() -> None:
    ways = ["HN 650012345", "H.N. ๖๕๐๐๑๒๓๔๕", "hn ６５００１２３４５", "HN 65\u200b0012345"]
    numbers = {patient_numbers(text, findings(text)) for text in ways}
    assert len(numbers) == 1
    assert "650012345" not in repr(numbers)


# --- anything at all ------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["HN ", "hn", "๖๕๐", "650012345", CITIZEN_NUMBER, "-", "\n", " ", "\u200b", "คนไข้", "ชื่อ ", "🏥"]
)
TALKS = st.text(max_size=80) | st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(text=TALKS, earlier=st.lists(TALKS, max_size=2), at=st.integers(0, 90))
@example(text="\ud800\udc00HN 650012345", earlier=[], at=0)
@example(text="HN 6500/12810.46451274", earlier=[], at=0)
def test_whatever_is_said_spans_lie_within_it_in_order_and_apart(
    text: str, earlier: list[str], at: int
) -> None:
    context = TextContext(tuple(earlier), ((at, at + 3),))
    spans = READER.assess(text, context).findings

    position = 0
    for finding in spans:
        assert position <= finding.start < finding.end <= len(text)
        position = finding.end
    assert len(masked(text, spans)) == len(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join))
@example("650012345650012345650012345:5650012345HN ")
def test_what_was_found_is_in_neither_mask_nor_rewrite(text: str) -> None:
    spans = findings(text)
    hidden = masked(text, spans)
    for finding in spans:
        assert BLOCK in hidden[finding.start : finding.end]
        assert text[finding.start : finding.end] not in hidden
    assert READER.assess(text, TextContext()).findings == spans


@pytest.mark.parametrize(
    "text", ["1" * 5000, "HN " * 1666, "1-" * 2500, "hn 6500 " * 625, "ก" * 5000]
)
def test_five_thousand_characters_are_no_burden(text: str) -> None:
    start = perf_counter()
    findings(text)
    assert perf_counter() - start < 2  # a generous bound: nothing here may be quadratic


def test_the_list_of_detectors_can_be_chosen() -> None:
    assert DetectingReader(()).assess("HN 650012345", TextContext()).findings == ()
    assert inspect.signature(DetectingReader).parameters["detectors"].default is ALL_DETECTORS
