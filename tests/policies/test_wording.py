from __future__ import annotations

import re

import pytest

from bot.domain.actions import Saying
from bot.domain.findings import Label
from bot.domain.groups import Language
from bot.errors import PolicyError
from policies import SHIPPED_WORDING
from policies.lengths import clusters, shorten, split, utf16_length
from policies.wording import SLOTS, parse_catalogue

TEXT = SHIPPED_WORDING.read_text(encoding="utf-8")
SHIPPED = parse_catalogue(TEXT, "wording.toml")
THAI, ENGLISH = Language.THAI, Language.ENGLISH


def line_of(fragment: str, text: str = TEXT) -> int:
    return text[: text.index(fragment)].count("\n") + 1


def complaint(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        parse_catalogue(text, "wording.toml")
    return str(caught.value)


def with_entry(key: str, thai: str, english: str) -> str:
    """The shipped catalogue with one entry written anew, each language on its own line."""
    pattern = rf"(?ms)^\[{re.escape(key)}\]\n.*?(?=^\[|^#|\Z)"
    entry = f"[{key}]\n{thai}\n{english}\n\n"
    return re.sub(pattern, lambda _: entry, TEXT, count=1)


def test_the_shipped_catalogue_is_version_one() -> None:
    assert SHIPPED.version == 1


@pytest.mark.parametrize("saying", Saying)
def test_every_saying_has_words(saying: Saying) -> None:
    assert any(key.startswith(f"{saying}.") for key in SLOTS)


def test_thai_texts_are_thai_and_english_ones_are_not() -> None:
    thai = re.compile("[\u0e01-\u0e5b]")
    without_words = {"kinds.between", "address.named"}

    for key, language in SHIPPED.texts:
        if key not in without_words:
            is_thai = thai.search(SHIPPED.texts[key, language]) is not None
            assert is_thai is (language is THAI), key


@pytest.mark.parametrize("language", Language)
def test_the_introduction_is_two_sentences_that_name_whom_to_ask(language: Language) -> None:
    said = SHIPPED.say("introduction.text", language, contact="งานไอที โทร 1234")

    assert len(said.split("\n")) == 2
    assert "งานไอที โทร 1234" in said


@pytest.mark.parametrize("language", Language)
def test_the_guideline_is_short_and_names_its_source(language: Language) -> None:
    said = SHIPPED.say("guideline.text", language)

    assert 4 <= len(said.split("\n")) <= 6
    assert "SOP-IT-001" in said
    assert "3.5" in said


@pytest.mark.parametrize("language", Language)
def test_every_label_has_a_name_of_its_own(language: Language) -> None:
    names = {SHIPPED.name_kinds(label, language) for label in Label}

    assert len(names) == len(Label)


@pytest.mark.parametrize(
    ("labels", "thai", "english"),
    [
        ("HN", "เลข HN", "an HN"),
        ("PERSON,HN", "เลข HN และชื่อผู้ป่วย", "an HN and a patient's name"),
        (
            " PERSON, HN,NATIONAL_ID,HN ",
            "เลขบัตรประชาชน, เลข HN และชื่อผู้ป่วย",
            "a citizen number, an HN and a patient's name",
        ),
        ("", "ข้อมูลผู้ป่วย", "patient data"),
        ("FACE", "ข้อมูลผู้ป่วย", "patient data"),
        ("FACE,HN", "เลข HN และข้อมูลผู้ป่วย", "an HN and patient data"),
    ],
)
def test_kinds_are_named_once_and_in_the_order_of_the_ruler(
    labels: str, thai: str, english: str
) -> None:
    assert SHIPPED.name_kinds(labels, THAI) == thai
    assert SHIPPED.name_kinds(labels, ENGLISH) == english


def test_braces_inside_a_parameter_are_only_characters() -> None:
    said = SHIPPED.say("when.date_time", ENGLISH, date="{time}", time="{x}")

    assert said == "on {time} at {x}"


def test_saying_without_a_parameter_names_key_and_parameter() -> None:
    with pytest.raises(PolicyError, match=r"'warning\.sent' was to be said without: when"):
        SHIPPED.say("warning.sent", THAI)


@pytest.mark.parametrize(
    ("text", "fragment", "what"),
    [
        (TEXT.replace("version = 1", "version = 0"), "version =", "'version' must be"),
        (TEXT.replace("version = 1", ""), "#", "'version' must be"),
        (TEXT.replace("[kinds.HN]", "[kinds.HN"), "[kinds.HN\n", "not valid TOML"),
        (TEXT.replace("[kinds.HN]", "[kinds.HM]"), "[kinds.HM]", "unknown key 'kinds.HM'"),
        (TEXT + "[shout.text]\nth = 'a'\n", "[shout.text]", "unknown key 'shout.text'"),
        (TEXT.replace("version = 1", "version = 1\nnote = 2"), "note", "unknown key 'note'"),
        (with_entry("closed.plain", "th = 'ขอบคุณ'", ""), "[closed.plain]", "en' is missing"),
        (with_entry("closed.plain", "th = 'ขอบคุณ'", "en = 3"), "en = 3", "must be a text"),
        (with_entry("closed.plain", "th = ' '", "en = 'x'"), "th = ' '", "must be a text"),
        (
            with_entry("closed.plain", "th = 'ก'", "en = 'x'\nde = 'y'"),
            "de = 'y'",
            "unknown language 'de'",
        ),
        (
            with_entry("closed.plain", "th = 'ขอบคุณ {name}'", "en = 'x {name}'"),
            "th = 'ขอบคุณ {name}'",
            "cannot fill in: name",
        ),
        (
            with_entry("closed.text", "th = 'ขอบคุณ {duration}'", "en = 'Thanks'"),
            "en = 'Thanks'",
            "must contain: duration",
        ),
        (
            with_entry("closed.plain", "th = 'ขอบคุณ {'", "en = 'Thanks'"),
            "th = 'ขอบคุณ {'",
            "a brace that is not part",
        ),
        (
            with_entry("warning.alt", "th = 'ช่วย {when}'", "en = 'Please'"),
            "[warning.alt]",
            "different places by language: when",
        ),
        (
            with_entry("button.guide", "th = 'ดูแนวปฏิบัติเรื่องข้อมูลผู้ป่วยของโรงพยาบาล'", "en = 'Guide'"),
            "th = 'ดูแนวปฏิบัติเรื่อง",
            "letters of at most 20",
        ),
        (
            with_entry("warning.title", f"th = '{'ก' * 201}'", "en = 'x'"),
            "th = 'กกกกก",
            "201 UTF-16 units of at most 200",
        ),
    ],
)
def test_a_broken_catalogue_names_file_and_line(text: str, fragment: str, what: str) -> None:
    said = complaint(text)

    assert said.startswith(f"wording.toml, line {line_of(fragment, text)}: ")
    assert what in said


@pytest.mark.parametrize("key", SLOTS)
def test_every_key_is_needed_in_the_file(key: str) -> None:
    said = complaint(with_entry(key, "", "").replace(f"[{key}]\n", ""))

    assert f"'{key}' is missing" in said


def test_a_missing_key_is_reported_where_its_neighbours_are() -> None:
    text = with_entry("reminder.middle", "", "").replace("[reminder.middle]\n", "")

    assert f"line {line_of('[reminder.early]', text)}: 'reminder.middle'" in complaint(text)


def test_a_label_is_counted_in_letters_as_a_reader_sees_them() -> None:
    assert clusters("ที่นี่น้ำ") == ["ที่", "นี่", "น้ำ"]
    assert utf16_length("ที่นี่น้ำ") == 9
    assert clusters("ก👩‍⚕️👍🏽") == ["ก", "👩‍⚕️", "👍🏽"]


def test_a_long_text_is_cut_between_letters() -> None:
    text = "น้ำ" * 5

    assert split(text, 7) == ["น้ำน้ำ", "น้ำน้ำ", "น้ำ"]
    assert shorten(text, 7) == "น้ำน้ำ…"
    assert shorten(text, 15) == text


def test_a_letter_with_endless_marks_is_cut_all_the_same() -> None:
    parts = split("ก" + "่" * 30, 10)

    assert "".join(parts) == "ก" + "่" * 30
    assert max(utf16_length(part) for part in parts) == 10


def test_a_catalogue_from_before_an_update_is_lent_the_texts_it_lacks() -> None:
    old = re.sub(r"(?ms)^\[(question|thing)\.\w+\]\n.*?(?=^\[|^#|\Z)", "", TEXT)
    old = old.replace("ขอบคุณมากค่ะ เก็บกลับเรียบร้อยแล้ว", "ขอบคุณจากโรงพยาบาลเรา")
    complaint(old)
    lent = parse_catalogue(old, "wording.toml", SHIPPED)

    assert lent.say("thing.picture", THAI) == "ภาพ"
    assert lent.say("closed.plain", THAI) == "ขอบคุณจากโรงพยาบาลเรา"
