from __future__ import annotations

import pytest

from bot.detectors.names.amid_words import (
    is_of_a_place_or_code,
    name_amid_words,
    places_amid_words,
)
from bot.detectors.names.setting import Setting
from bot.detectors.scene import look_at


def seen(text: str) -> list[str]:
    setting = Setting(look_at(text))
    names = (name_amid_words(setting, place) for place in places_amid_words(setting))
    return [text[name.start : name.end] for name in names]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("แดงตกเตียงเมื่อตีสาม หัวโน", "แดง"),
        ("เย็บคิ้วบอล 5 เข็มแล้วครับ", "บอล"),
        ("ผลเลือดวราภรณ์ออกแล้ว", "วราภรณ์"),
        ("Thongsavanh เลยขอกลับด้วย", "Thongsavanh"),
        ("รับใหม่ Takeshi Morinaga fx femur", "Takeshi Morinaga"),
        ("ขอ vitals orathai q1h tonight", "orathai"),
        ("พร้อมพงษ์มารอตั้งแต่ตีห้า", "พร้อมพงษ์"),
        ("รับลำเพยจากเอกซเรย์กลับตึกที", "ลำเพย"),
    ],
)
def test_words_that_people_are_called_by_are_seen_where_nothing_leads_to_them(
    text: str, name: str
) -> None:
    assert name in seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "กลับบ้านกันได้แล้ว ต่อไป",  # words of every second sentence
        "NSS 500 ml loading then DTX ICU",
        "Steven Johnson syndrome",
        "เครื่อง Drager Evita เสีย",
        "",
    ],
)
def test_what_is_no_name_is_not_even_asked_about(text: str) -> None:
    assert not {"กัน", "ต่อ", "NSS", "DTX", "ICU", "Steven", "Drager"} & set(
        " ".join(seen(text)).split()
    )


@pytest.mark.parametrize(
    ("text", "word", "is_so"),
    [
        ("ไปรับคนไข้ที่หมู่บ้านลลิตา", "ลลิตา", True),
        ("ไปรับคนไข้ชื่อลลิตา", "ลลิตา", False),
        ("KTB-AX-77-01 pt OPD", "KTB-AX", True),
        ("Takeshi-san pt OPD", "Takeshi", False),
    ],
)
def test_places_and_codes_are_called_after_somebody(text: str, word: str, is_so: bool) -> None:  # noqa: FBT001
    start = text.index(word)
    assert is_of_a_place_or_code(text, start, start + len(word)) is is_so


@pytest.mark.parametrize("first", ["ſ", "\u212a", "İ", "É", "ß", "\u0301", "a" * 39])
def test_letters_that_only_lower_case_makes_latin_begin_no_name_elsewhere(first: str) -> None:
    assert isinstance(seen(f"คนไข้ {first}omchai เตียง 4 Kanokporn{first}Omchai"), list)
