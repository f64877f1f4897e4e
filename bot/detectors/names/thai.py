"""Reads a name in Thai script from a given place: where it ends and how sure that is."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from bot.detectors.names.lexicon import lexicon
from bot.detectors.names.likeness import (
    Reading,
    is_listed,
    is_plain_word,
    may_end,
    read_name,
    read_name_at,
    whole_margin,
    words_cost,
    words_of,
)
from bot.detectors.names.patterns import RUN, listed

# Letters set apart so that nobody finds them: ส ม ช า ย, ก.ม.ล. There must be several in a row,
# each a letter with its marks.
SPACED = re.compile(r"(?:[ก-๎]{1,4}[ .\-_*•·/]{1,3}){3,60}[ก-๎]{1,4}(?![ก-๎])")
_CONSONANT = re.compile("[ก-ฮ]")
_APART = re.compile(r"[ .\-_*•·/]+")
_FEWEST_LETTERS = 5
# What else is written so when nobody should find it: the number of a bed.
_OF_CARE = re.compile("เตียง|คนไข้|ผู้ป่วย|เลข|บัตร|เบอร์|โทร")
# The rest of a run must be words; letters that make none belong to the name.
_TOO_DEAR_FOR_WORDS = 330
_SHORT_WORDS_ARE_DEAR = 400
_LONGEST_REST = 14
_LONGEST_TOKEN = 26
# How much dearer the whole run may be as one name than a name with words behind it.
_WHOLE_GIVEN = 300
_WHOLE_FAMILY = 1200
_FAR_BACK = 24
_LETTERS_BEFORE = re.compile(rf"{RUN.pattern}\Z")
# A word alone between blanks behind a given name of the lists is mostly the family name.
_AFTER_A_NAME = 900
# What people say of a person goes on with these; few family names begin so.
_CONTINUES = re.compile(
    "(?:วัน(?:จันทร์(?!เพ็ญ|ทร)|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์|อาทิตย์)|วัด(?:ป่า|บ้าน|โพธิ์|ใหม่|เก่า|ใน|นอก|ที่)|ค่ะ|คะ|ครับ|คับ|จ้า|นะ|น้า|เด้อ|แล้ว|ด้วย|หน่อย|กับ|และ|หรือ|แต่|ที่|ซึ่ง|ว่า|จะ|ยัง|ไม่|ไม|ได้|ให้|"
    "ขอ|มา|ไป|เป็น|คือ|อยู่(?:เตียง|ห้อง|ตึก|ที่|ไหน|ครับ|ค่ะ)|เข้า|ออก(?:จาก|มา|ไป)|กำลัง|เพิ่ง|เริ่ม|"
    "ต้อง|ควร|อยาก|มี|ชื่อ|นามสกุล|สอน|บรรยาย|ถาม|บอก|แจ้ง|โทร|ฝาก|ตาม(?:ผล|นัด|ใบ|บัตร|ชื่อ|ที่|หา|หมอ|รถ|มา|ไป|ติด|ตัว)|รอ|รับ|ส่ง|"
    "นัด|เลื่อน|ย้าย|กลับ|เตียง|ห้อง|ตึก|วอร์ด|อายุ|เพศ|เกิด(?!แก้ว|ทอง|ศรี|สุข|ผล|แก่น|ลาภ|มงคล|พง|บุญ|นาค|น้อย|เพ็ง|เกตุ|วัน)|เบอร์|เลข|บัตร|บ้าน(?!สวน|นา)|หมู่(?:ที่|\\d|"
    "บ้าน)|ตำบล|อำเภอ|จังหวัด|สิทธิ|โรค|อาการ|ผล|ปวด|เจ็บ|ไข้|แผล|ไอ(?![ก-ฮ])|หอบ|เหนื่อย|ชัก|ซึม|"
    "ล้ม|ท้อง(?!คำ)|ถ่าย|ปัสสาวะ|เลือด|เจาะ|ฉีด|กิน|ทาน|ดื่ม|นอน|พา(?:มา|ไป|กลับ|เข้า|ส่ง|ขึ้น|ลง)|ลุก|เดิน|พูด|แพ้|ผ่า|ตัด|ใส่|ถอด|คลอด|"
    "ครรภ์|เสียชีวิต|ตาย|ติดเชื้อ|ติดเตียง|มะเร็ง|เบาหวาน|ความดัน|ไต|ตับ|ปอด|หัวใจ|สมอง|กระดูก|แขน|ขา|"
    "มือ|เท้า|ข้อ|เข่า|สะโพก|หลัง|คอ(?![ก-ฮ])|ตา(?:บอด|มัว|ซ้าย|ขวา|เหลือง|ต้อ)|หู(?:อื้อ|หนวก)|"
    "ยา(?:ที่|ตัว|เก่า|เดิม|ใหม่|ขาด)|เคส|คนไข้|ผู้ป่วย|ญาติ|ลูก(?:สาว|ชาย|เขย)|สามี|ภรรยา|เมีย|ผัว|"
    "แม่(?:ชื่อ|เบอร์|มา|พา)|หมอ|พยาบาล|วันนี้|พรุ่ง|เมื่อ|ตอน|เช้า|บ่าย|เย็น|ดึก|คืน|คลินิก|รพ|โรง|แผนก|"
    "งาน|ฝ่าย|การเงิน|เภสัช|ชาว|สัญชาติ|คน|ตัว(?:เหลือง|บวม|เอง)|อ่อนแรง|รู้|จำ(?!ปา|ปี|นง|เริญ|"
    "เนียร|รัส|รูญ|ลอง)|ตรวจ|ตก|ถูก|โดน|หาย|หนี|หยุด|ขาด|หมด|ค้าง|เหลือ|อีก|เค้า|เขา|"
    "แก(?![้่ก-ฮะ-ู])|ของ|ใน|จาก|ถึง|โดย|เพื่อ|เพราะ|ถ้า|ก่อน|พ่น|ดูด|ดูแล|รักษา|พัก(?:ที่|ห้อง|ฟื้น)|มัด|"
    "อย่า|น้ำ(?:นม|คาวปลา|หนัก|เกลือ|เดิน|ลาย|มูก)|โอน|เลี้ยง|เด็ก(?=[ก-ฮเ-ไ]{2})|ช่าง(?=แอร์|ไฟ|ประปา|ซ่อม|เครื่อง|คอม|$)|ยาม(?!า)|กู้ภัย|ล่าม|ปฏิเสธ|ดิ้น|โวย|บ่น|ร้อง|ยืน(?:ยัน|ไม่)|เปลี่ยน|เปิด|ปิด|เอา|ช่วย|ลง(?:ทะเบียน|ชื่อ|ผล)|ขึ้น|ข้างเตียง|ปี|ขวบ|"
    "เดือน|บุตร|บิดา|มารดา|หลาน|ทำ(?:แผล|กายภาพ|ct|บัตร)|"
    "มดลูก|ปาก(?:มดลูก|แตก|เบี้ยว|เขียว|แห้ง)|ม้าม|เส้น(?:ตัน|แตก|เลือด|เปราะ|หลุด|ฟอก)|เต้า(?:คัด|นม)|ทารก|คิว(?:แรก|ที่|สุดท้าย|\\d|$)|จริงๆ|ถอน(?:ฟัน|สาย|\\d|$)|"
    "ข้าวเหนียว|ข้าวต้ม|ฟีด|ผม(?!หอม)|เขียน(?:ว่า|ชื่อ|ใหม่|ใบ|ผิด|โน)|ฝั่ง|ฉัน(?:เพล|เช้า|ข้าว)|ปั่น(?:ละเอียด|ผสม)|กันมั้ย|กันไหม|ถ่ม|รถ(?:วัด|รับ|ส่ง|พยาบาล|กู้|มูลนิธิ|ล้ม|ชน)|ก้อน(?:ที่|ตี้|เนื้อ|โต|ยุบ)|ตู้(?:อบ|ยา|เย็น)|"
    "บิน(?:มา|ไป|กลับ|จาก)|เจอ|ลม(?:รั่ว|ชัก|พิษ)|เพิ่น|เปิ้น|บ่(?![องา])|หื้อ|ฮ้อง|กิ๋น|ปิ๊ก|เน้อ|ตี้|บ่แม่น|เบิ่ง|ไผ|ใผ|"
    "ลา(?:ป่วย|กิจ|คลอด|พัก|ออก)|ส่องกล้อง|ฟอก(?:ไต|เลือด)|ล้าง(?:ไต|แผล|ท้อง)|ขี่|ขับ(?:รถ|มอ)|ซ้อนท้าย|เย็บ|ช็อ[กค]|เอกซเรย์|พร้อมเพย์)"
)
_BETWEEN = re.compile(r"[ \t]{1,3}|_{1,3}|,(?=[ก-ฮเ-ไ])")
_FAMILY_PRIOR = 450
_GOING_ON = 100
_UNLIKELY = 150
# Words that end many family names, and stand alone behind a name only before a blank.
_FAMILY_TAILS = frozenset(
    listed(
        "และ รักษา ผล ขา งาน ไทย มา มี ดี คง ตา ใจ คน ชาย หญิง บ้าน ใหม่ ออก ไต เจ็บ ทอง คำ เจริญ"
        " มาลา มาลี มาลัย มาศ สกุล เย็น มีสุข มีชัย มีศรี นอก"
    )
)
# After a kinship word the talk goes on with what the person does, more often than with a surname.
_PRONOUN = re.compile("แก(?!้|่|ล|ร)|เพิ่น|เปิ้น|เค้า|เขา|มัน")
_SPOKEN_PRONOUN = re.compile("เพิ่น|เปิ้น|เค้า$|เขา$")
_SHORTEST_NAME = 2
_COMES_OR_GOES = ("มา", "ไป")
# นช.มานพ ล.: the family name as an initial.
_FAMILY_INITIAL = re.compile(r" (?![มตอจถซบ]\.\s?[0-9ก-๎]|ป\.\s?[0-9])[ก-ฮ]\.(?![ก-๎A-Za-z])")
_NICKNAME_BEHIND = re.compile(r" ?\((?:เฮีย|เจ๊|น้อง|พี่|ป้า|ลุง|ยาย|ตา|หนู|ชื่อเล่น ?)?([ก-๎]{2,8}?)\)")
_OF_PLACE = re.compile(
    r"\s{1,2}ณ(?: |(?=[ก-ฮเ-ไ]))\s?(?P<place>[ก-ฮเ-๎ะ-ฺ]{2,20}?)"
    r"(?=อายุ|เตียง|ห้อง|เกิด|โทร|มา|เป็น|ไข้|เจาะ|[^ก-๎]|$)"
)
_DOUBLE_NAME = re.compile(r"-([ก-ฮเ-ไ][ก-๎]{2,20})(?![ก-๎])")
_NAME_BEHIND = re.compile(rf" ?[,/] ?({RUN.pattern})(?=[ ,/\n]|$)")
_NAME_BEFORE = re.compile(rf"(?<![ก-๎])({RUN.pattern}) ?[,/] ?\Z")
_MOST_PARTS = 4
_PARTICLE = re.compile("(?:อะ|อ่ะ|ค่ะ|คะ|ครับ|คับ|นะ|จ้า|จ้ะ|น้า|ละ|แหละ|เอง|ด้วย|ว่ะ|ที)+$")
# How many given names go on behind one that is a name by itself: 'วิเชียร|ชัย', 'นิตยา|ภรณ์'. None
# of them begins a word of talk.
_FURTHER_ON = re.compile(
    "ชัย|ศรี(?!ษะ)|รัตน์|ศักดิ์|วรรณ(?:[าี]|(?![ก-ฮะ-ู]))|ภรณ์|นภา|นิภา|ภา(?![ก-ฮะ-ู])|กานดา|ธิดา|ดนัย|นาฏ|วดี|วงศ์|พงษ์|พงศ์|พันธุ?์|"
    "ทิพย์|มาศ|ลักษณ์|วัลย์|ฤดี|ฤทัย|เพ็ญ|พิศ(?!วง|ดู)|ฉวี|เกียรติ|ยุทธ|รังสี|จิตต์|ฟ้า(?!ผ่า|ทะลาย|ร้อง)|แก้ว(?!น้ำ|ยา|หู)|จันทร์|นงค์"
)
_DEAREST_REST = 360
# What the North, the East and the South say at the end belongs to no name.
_PARTICLE_OF_DIALECT = re.compile("(?:พ่อง|ตั๊ว|เน้อ|เด้อ|แหน่|บ่|หวา)+$")
_SHORTEST_BEFORE_DIALECT = 3
# 'อ้ายเหน่งตี้เพิ่งออก': the North's 'who'.
_WHO = "ตี้"
_LONGEST_NICKNAME = 8
_LONGEST_UNHEARD_OF = 12
_COMMON = 900
_BEDS = ("อายุ", "ห้อง", "คิว")
_NO_PART = ("เตียง", "ตึก", "จริงๆ", "คุ้มวัด", "คุ้มเหนือ", "คุ้มใต้", "คุ้มกลาง")
_NUMBER = re.compile(r"[ ]?\d")
_SHORTEST_FAMILY = 3
_CALLED_BY_AGE = ("น้อง", "พี่", "ลุง", "ป้า")
_SHORT_FAMILY = 5
_SHORT_PART = 4
# Words that follow a name in every other message. As family names they are too rare to count.
_NEVER_FAMILY = frozenset(
    listed(
        "ศรีนครินทร์ ศิริราช รามา รามาธิบดี จุฬาลงกรณ์ มหาราช สวนดอก สรรพสิทธิ์ พระมงกุฎ ภูมิพล วชิระ ราชวิถี "
        "เด็ก ทารก คนเจ็บ คนแก่ ผู้สูงอายุ วัยรุ่น แรงงาน ต่างด้าว ชายไทย หญิงไทย ดาราอั้ง ปะหล่อง ไทใหญ่ ไทยใหญ่ "
        "ปกาเกอะญอ ลาหู่ มูเซอ อาข่า ลีซู ลีซอ เมี่ยน เย้า ลัวะ คะฉิ่น โรฮิงญา มลายู เมียนมา กัมพูชา "
        "มกรา กุมภา เมษา พฤษภา มิถุนา กรกฎา สิงหา กันยา ตุลา พฤศจิกา "
        "เลขา กัน ยาม ภารโรง คนสวน แม่บ้าน ครัว เปล ขับรถ ข้าง ข้างบ้าน หน้า คน เดียว แก่ แก่ๆ หลง "
        "กัด ใหญ่ๆ น้อยๆ เลข สกุล นามสกุล ชื่อ อ่ะ อะ เนอะ นะคะ ก็ เรา เอา อย่า ห้าม มุสลิม อิสลาม คริสต์ พุทธ "
        "โรงเรียน บ้านๆ ยาง เพิ่น เปิ้น เค้า เขา แก มัน ท่าน ว่าง คล้าย เดียวกัน อายุ เตียง ห้อง เพศ ชาย "
        "หญิง นาง นาย แม่ พ่อ ลูก ยาย ตา ญาติ คนไข้ ผู้ป่วย ผป บ้าน โรค วอร์ด ตึก สิทธิ รพ นัด นอน มา ไป "
        "ขอ ได้ ให้ ไม่ ยัง แล้ว กับ และ หรือ คือ พร้อมเพย์ ตึกชาย ตึกหญิง"
        " วันจันทร์ วันอังคาร วันพุธ วันพฤหัส วันศุกร์ วันเสาร์ วันอาทิตย์"
        " หน่วยไต หน่วยงาน หน่วยตรวจ พาส พาสปอร์ต ล่าม แพทย์ เภสัช ตำรวจ กู้ภัย เจ้าหน้าที่ จนท หัวหน้า"
        " วันเกิด เอเอ็น เอชเอ็น เฮชเอ็น เฮสเอ็น วีเอ็น แอลเอ็น"
        " ที่ จะ ว่า มี เป็น วันนี้ พรุ่งนี้ เมื่อวาน ตอนนี้ ค่ะ คะ ครับ จ้า นะ ด้วย หน่อย อยู่ เข้า ออก ยา ไข้ ปวด "
        "แผล ผล ส่ง รับ เบอร์ โทร ไลน์ เกิด หมู่ ต่อ เดิม ใหม่ พี่ น้อง หมอ"
        " พยาบาล ติด เสีย ตาย คลอด ผ่า ใส่ ถอด กิน แพ้ หนัก สูง ต่ำ วัน เดือน ปี ขวบ เช้า บ่าย ดึก ด่วน รอ "
        "เคส ครู อสม บุตร ภรรยา สามี มารดา บิดา หลาน พม่า ลาว เขมร กะเหรี่ยง ม้ง ไทย จีน"
        " ซ้าย ขวา ตรวจ เจาะ เลือด นับ เม็ด ขวด เข็ม กระดูก สมอง ปอด ตับ ไต หัวใจ ท้อง ขา แขน หัว คอ "
        "หลัง มือ เท้า สะโพก เข่า ตาซ้าย ตาขวา"
    )
)

# And these, which somebody may well be called: 'ลุงดำ', 'ยายสาย'.
_NEVER_BEHIND = _NEVER_FAMILY | frozenset(
    listed(
        "สาย ชั้น คิว ถอน ปั่น เหลือง เบอ จริง จืด ดำ ขาว ออมสิน กรุงไทย กสิกร ต่อที ตู้ เขียน "
        "ทำแผล เครื่อง โซน แม่น แน่ เลย ซีด บวม ทุกคน อีกคน"
    )
)


# Whoever is born in it may be called so: น้องเมษา.
_MONTHS = frozenset(listed("มกรา กุมภา มีนา เมษา พฤษภา มิถุนา กรกฎา สิงหา กันยา ตุลา ธันวา"))


class Leaning(Enum):
    """How much the word before a name lets one expect a family name behind it."""

    NONE = 0
    KIN = 1
    FORMAL = 2


class Name(NamedTuple):
    """A name read: its end, its parts, and how much likelier it is than ordinary words."""

    start: int
    end: int
    parts: int
    margin: int
    is_listed: bool
    is_plain: bool
    is_of_borders: bool = False


def read(
    text: str,
    start: int,
    prior: int,
    cue_start: int | None = None,
    *,
    leaning: Leaning = Leaning.NONE,
) -> Name | None:
    """The name that begins at `start`, if with this prior it is likelier than mere words.

    `cue_start` is where a cue word begins that is glued to it.
    """
    spaced = _read_spaced(text, start)
    if spaced is not None:
        return spaced
    run = RUN.match(text, start)
    if run is None:
        return None
    run_end = _before_bed(text, start, run.end())
    first = _read_run(text, start if cue_start is None else cue_start, start, run_end)
    if not first.length or first.margin + prior < 0:
        return None
    end = start + to_the_end_of_a_given_name(text[start:run_end], first.length)
    end = start + _before_pronoun(text[start:end])
    end = start + _before_particle(text[start:end], is_glued=end < run_end)
    end = start + _before_verb(text, start, end)
    end = start + _before_a_word_said_twice(text[start:end])
    name = text[start:end]
    is_a_month = name in _MONTHS and leaning is not Leaning.NONE and cue_start is not None
    if (
        not name
        or (name in _NEVER_FAMILY and not is_a_month)
        or _PRONOUN.match(name)
        or text.startswith("ๆ", end)
    ):
        return None
    found = Name(
        start,
        end,
        1,
        first.margin,
        is_listed(name),
        is_plain_word(name),
        is_of_borders=name in lexicon().borders,
    )
    return _with_family(text, found, leaning=leaning) if end == run.end() else found


def to_the_end_of_a_given_name(letters: str, length: int) -> int:
    """'วิเชียรชัยย้ายไป': a name of the lists goes on where one of the usual endings follows."""
    further = _FURTHER_ON.match(letters, length)
    if further is None or not is_listed(letters[:length]) or not may_end(letters, further.end()):
        return length
    rest = letters[further.end() :]
    is_talk = words_cost(rest) <= _DEAREST_REST * len(rest)
    return further.end() if is_talk else length


def _before_particle(name: str, *, is_glued: bool) -> int:
    """'ชื่อพลอยอะ': what is said at the end of a sentence is none of a nickname."""
    if name.endswith(_WHO) and is_glued:
        name = name.removesuffix(_WHO)
    plain = _PARTICLE_OF_DIALECT.sub("", name)
    if _SHORTEST_BEFORE_DIALECT <= len(plain) < len(name):
        return len(plain)
    bare = _PARTICLE.sub("", name)
    is_name = bare in lexicon().nicknames or is_listed(bare)
    return len(bare) if is_name and not is_listed(name) else len(name)


def _before_pronoun(name: str) -> int:
    """'พ่อใหญ่แดงเพิ่นเจ็บท้อง': what the North and the East say for 'he' ends a name."""
    pronoun = _SPOKEN_PRONOUN.search(name, _SHORTEST_NAME)
    return pronoun.start() if pronoun is not None else len(name)


def _before_verb(text: str, start: int, end: int) -> int:
    """'แก้วมาเจาะ', 'บุญไปฟอก': 'comes' and 'goes' belong to what one does there."""
    name = text[start:end]
    if not name.endswith(_COMES_OR_GOES) or not goes_on(text[end : end + _LONGEST_NICKNAME]):
        return end - start
    given = name[:-2]
    is_name = given in lexicon().nicknames or is_listed(given)
    return len(given) if is_name and len(given) >= _SHORTEST_NAME else end - start


def _before_a_word_said_twice(letters: str) -> int:
    """'จีมินจริงๆ', 'หลงๆ': what is said twice is a word, and no part of a name."""
    at = letters.find("ๆ")
    if at < 0:
        return len(letters)
    *_, (first, _, _) = words_of(letters[:at]) or [(0, 0, False)]
    return first


def _before_bed(text: str, start: int, end: int) -> int:
    """'ทองม้วนเตียง 7', 'สีทาเตียงริมส้วม': where one lies is no part of a name."""
    for word in _NO_PART:
        at = text.find(word, start + 2, end)
        if at > 0:
            return at
    for word in _BEDS:
        at = text.rfind(word, start + 2, end)
        if at > 0 and _NUMBER.match(text, end):
            return at
    return end


def read_nickname(text: str, start: int) -> Name | None:
    """Behind 'ชื่อ' one plain word is a nickname: กะทิ, ถุงแป้ง."""
    run = RUN.match(text, start)
    if run is None:
        return None
    word = _PARTICLE.sub("", run[0])
    if word in _NEVER_FAMILY or _CONTINUES.match(word) or len(word) > _LONGEST_NICKNAME:
        return None
    if not is_plain_word(word):
        return None
    found = Name(start, start + len(word), 1, 0, is_listed=False, is_plain=True)
    return found if word != run[0] else _with_family(text, found, leaning=Leaning.NONE)


def read_called(text: str, start: int, *, is_named: bool) -> Name | None:
    """'ชื่อเล่นว่าแตนร้องหาแม่', 'ย่าแฉล้มไม่ยอมกิน': a name that is a word, and then what one does.

    Behind 'ชื่อ' any plain word may be one; elsewhere it must be a nickname or a listed given name.
    """
    run = RUN.match(text, start)
    letters = run[0] if run is not None else ""
    is_named = is_named and not goes_on(letters)
    for length in range(min(_LONGEST_NICKNAME, len(letters)), _SHORTEST_NAME, -1):
        word, rest = letters[:length], letters[length:]
        is_rare = lexicon().words.get(word, _COMMON) >= _COMMON
        is_name = word in lexicon().nicknames or (is_listed(word) and is_rare)
        is_word = is_named and is_plain_word(word) and bool(rest)
        if (is_name or is_word) and (not rest or goes_on(rest)):
            if word in _NEVER_FAMILY:
                return None
            return Name(start, start + length, 1, 0, is_listed=is_name, is_plain=True)
    return None


def read_to_the_blank(text: str, start: int) -> Name | None:
    """'ชื่อ มึเอ๊ะพอ ไม่มี…': letters between blanks that are no words are all of the name."""
    run = RUN.match(text, start)
    if run is None or not (_SHORTEST_FAMILY <= len(run[0]) <= _LONGEST_UNHEARD_OF):
        return None
    is_set_off = text[start - 1 : start] == " " and text[run.end() : run.end() + 1] in {" ", ""}
    words = words_of(run[0])
    is_made_of_words = all(is_known for _, _, is_known in words)
    if not is_set_off or is_made_of_words or any(goes_on(run[0][at:]) for at, _, _ in words):
        return None
    return Name(start, run.end(), 1, 0, is_listed=False, is_plain=False)


def is_in_a_date(text: str, name: Name) -> bool:
    """'4 มีนา'."""
    is_a_month = text[name.start : name.end] in _MONTHS
    return is_a_month and text[max(0, name.start - 2) : name.start].rstrip()[-1:].isdigit()


def goes_on(words: str) -> bool:
    """Whether this begins as talk about somebody does, rather than as a family name."""
    return _CONTINUES.match(words) is not None


def stands_behind_words(text: str, at: int) -> bool:
    """Whether the letters before are words: there is no ตา in a name that goes on behind it."""
    before = text[_start_of_run(text, at) : at]
    return words_cost(before) <= _TOO_DEAR_FOR_WORDS * len(before) + _SHORT_WORDS_ARE_DEAR


def starts_inside(text: str, start: int) -> bool:
    """Whether Thai letters stand directly before, so that no word need begin here."""
    return start > 0 and RUN.match(text, start - 1) is not None


def is_among_names(text: str, start: int, end: int) -> bool:
    """'บุญธรรม, วิไล, สุกรี': what stands beside it, behind a comma, is a given name."""
    beside = _NAME_BEHIND.match(text, end) or _NAME_BEFORE.search(
        text, max(0, start - _FAR_BACK), start
    )
    return beside is not None and is_listed(beside[1]) and not is_plain_word(beside[1])


def _read_run(text: str, cue_start: int, start: int, run_end: int) -> Reading:
    run_start = _start_of_run(text, cue_start)
    run = text[run_start:run_end]
    reading = read_name_at(run, cue_start - run_start, start - run_start)
    return _whole(reading, text[start:run_end], _WHOLE_GIVEN)


def _start_of_run(text: str, at: int) -> int:
    """Where the letters before begin; no further back than tells whether a word begins here."""
    letters = _LETTERS_BEFORE.search(text, max(0, at - _FAR_BACK), at)
    return letters.start() if letters else at


def _whole(reading: Reading, run: str, leaning: int) -> Reading:
    """People set a blank behind a name: a short rest that could belong to it does."""
    rest = run[reading.length :]
    if not rest or not reading.length or (rest in _NEVER_FAMILY and rest not in _FAMILY_TAILS):
        return reading
    if rest.startswith("เป็น"):
        return reading
    if len(rest) < _LONGEST_REST and words_cost(rest) > _TOO_DEAR_FOR_WORDS * len(rest):
        return Reading(len(run), reading.margin)
    if len(run) > _LONGEST_TOKEN or (_CONTINUES.match(rest) and rest not in _FAMILY_TAILS):
        return reading
    longer = whole_margin(run) + leaning >= read_name(run).margin
    return Reading(len(run), reading.margin) if longer else reading


def with_family(text: str, name: Name) -> Name:
    """The name with the family name behind it, if one follows."""
    return _with_family(text, name, leaning=Leaning.NONE)


def _with_family(text: str, name: Name, *, leaning: Leaning) -> Name:
    while name.parts < _MOST_PARTS:
        longer = _one_more(text, name, leaning=leaning)
        if longer is None:
            break
        name = longer
    return _with_double_name(text, name) if name.parts > 1 else name


def _with_double_name(text: str, name: Name) -> Name:
    """'วสุพล เจริญ-ยิ่งยศ': two family names joined by a hyphen."""
    double = _DOUBLE_NAME.match(text, name.end)
    if double is None or goes_on(double[1]):
        return name
    return name._replace(end=double.end())


def _one_more(text: str, name: Name, *, leaning: Leaning) -> Name | None:
    """The name with one more part: a nickname in brackets, an initial, a place, a family name."""
    for pattern in (_NICKNAME_BEHIND, _OF_PLACE, _FAMILY_INITIAL):
        match = pattern.match(text, name.end)
        if match is not None and (pattern is not _NICKNAME_BEHIND or _is_nickname(match[1])):
            return name._replace(end=match.end(), parts=name.parts + 1)
    gap = _BETWEEN.match(text, name.end)
    run = RUN.match(text, gap.end()) if gap is not None else None
    if run is None or not _may_continue(text[name.start : name.end], run[0], name.parts):
        return None
    return _with_run(name, run, leaning=leaning)


def _is_nickname(word: str) -> bool:
    return word in lexicon().nicknames


def _with_run(name: Name, run: re.Match[str], *, leaning: Leaning) -> Name | None:
    reading = _whole(read_name(run[0]), run[0], _WHOLE_FAMILY)
    family = run[0][: reading.length]
    if _is_somebody_else(family) or "ๆ" in family:
        return None
    if family in _NEVER_BEHIND or len(family) < _SHORTEST_FAMILY - (family in lexicon().borders):
        return None
    if reading.margin + _prior_of(family, run[0], name, leaning=leaning) < 0:
        return None
    return name._replace(
        end=run.start() + reading.length,
        parts=name.parts + 1,
        margin=name.margin + max(0, reading.margin) + _FAMILY_PRIOR,
    )


def _is_somebody_else(word: str) -> bool:
    """'ฝ้าย พี่เปล': whom one calls 'พี่' or 'ลุง' is the next person, unless a family is called so."""
    return word.startswith(_CALLED_BY_AGE) and word not in lexicon().family


def _may_continue(so_far: str, run: str, parts: int) -> bool:
    """After given and family name only short Burmese and Malay parts go on."""
    if parts == 1:
        return True
    borders = lexicon().borders
    words = so_far.split()
    if run in borders and all(word in borders or _is_short(word) for word in words):
        return True
    is_word = is_plain_word(run) or run in _NEVER_FAMILY or goes_on(run)
    return not borders.isdisjoint(words) and all(map(_is_short, (*words, run))) and not is_word


def _is_short(word: str) -> bool:
    return len(word) <= _SHORT_PART


def _prior_of(family: str, run: str, name: Name, *, leaning: Leaning) -> int:
    known = lexicon()
    is_of_borders = name.is_of_borders and family in known.borders
    if is_of_borders or family in known.family or family.startswith("แซ่"):
        return _FAMILY_PRIOR
    if _CONTINUES.match(run) or len(run) > _LONGEST_TOKEN:
        return _GOING_ON
    if leaning is Leaning.KIN:
        return _GOING_ON if family == run and not _PRONOUN.match(run) else -_UNLIKELY
    if leaning is Leaning.FORMAL and family == run:
        return _AFTER_A_NAME
    if family in known.nicknames or len(family) < _SHORT_FAMILY:
        return -_UNLIKELY
    return _AFTER_A_NAME if name.is_listed and family == run else _FAMILY_PRIOR


def _read_spaced(text: str, start: int) -> Name | None:
    match = SPACED.match(text, start)
    if match is None:
        return None
    end = match.start() + _letters_apart(match[0])
    letters = _APART.sub("", text[start:end])
    if len(letters) < _FEWEST_LETTERS or _OF_CARE.search(letters):
        return None
    margin = read_name(letters).margin
    return Name(start, end, 2 if margin > 0 else 1, margin, is_listed=False, is_plain=False)


def _letters_apart(spaced: str) -> int:
    """How far the pieces are single letters with their marks."""
    end = 0
    for piece in re.finditer("[ก-๎]+", spaced):
        if len(_CONSONANT.findall(piece[0])) > 1:
            break
        end = piece.end()
    return end
