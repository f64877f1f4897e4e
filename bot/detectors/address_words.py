"""The words of which the parts of a Thai address are made: pieces of patterns, not patterns."""

from __future__ import annotations

# Where nobody puts a blank, a name ends at the next part, or at words with which people go on.
_NEXT_PART = r"(?:ต|อ|จ|ถ|ซ|ม|บ)\.|ตำบล|อำเภอ|จังหวัด|แขวง|หมู่(?=ที่|[0-9])|ซอย|ถนน"
_GOES_ON = (
    r"รถ(?:ตู้|เข้า|ยนต์|กระบะ|มอ|พยาบาล|ลง|จอด)|เข้า(?:ไม่|ซอย|ทาง|ไป|มา)|ไม่(?!้)|ญาติ|คนไข้|ผู้ป่วย|ค่ะ|ครับ|นะ(?:คะ|ครับ)"
    r"|โทร|เบอร์|ไป(?:เยี่ยม|ส่ง|รับ|พรุ่ง|บ่าย|เช้า|ทำ|ดู|กัน|แล้ว|หา)|ขอ(?:เจาะ|ออก|ยา|คน|รถ|ให้|ช่วย|ถัง|ทีม)|เสร็จ|แล้ว|ใคร|ช่วย|ฝาก"
    r"|อยู่(?:กับ|คนเดียว|แล้ว|ไหม)|ให้|ด้วย|พรุ่งนี้|วันนี้|เมื่อ(?:วาน|คืน|เช้า)|ตอนนี้|ยัง|หน่อย|เพราะ|บอก|ย้าย|ขาย"
)
_LETTER = rf"(?:(?!{_NEXT_PART}|{_GOES_ON})[ก-๙])"
REST = rf"{_LETTER}{{0,30}}"
# A village may stand bare behind its moo: most are named after a place in the land.
VILLAGE_BARE = (
    r"(?:ห้วย|ปาง|ดอย|หนอง|โนน|โคก|ทุ่ง|แม่(?=[ก-ฮเ-ไ][ก-๙]{1,12}(?![ก-๙]))|ท่า|สัน|ดอน|นา|คลอง|บาง|ป่า|วัง|เขา|ควน|ละ|บึง"
    r"|หัว|ปาก|ผา|น้ำ|สวน|ไร่|คำ|โพธิ์?|โป่ง|ศรี|เวียง|เชียง|ป๊อก|ดง|นิคม|สะพาน)"
    r"(?!พยาบาล|ตัว|ใจ|ล้าง|ยา|หนัก|สูง|เกลือ|ตาล|เรียน|ฝน)[ก-๙]{2,24}"
)
NAME = rf"(?!{_GOES_ON})[ก-๙A-Za-z](?:{_LETTER}|[A-Za-z\-]){{0,40}}"
# 'อสม. 2,000', '5 กม.', 'กทม.': the end of another abbreviation.
MOO_SHORT = r"ม\.(?<![กชซมต]ม\.)(?<!อสม\.)(?<!กทม\.)(?<!ครม\.)(?<!ตร\.ม\.)"
_SAID_DIGIT = r"(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|ศูนย์|เอ็ด|ยี่)"
SAID_NUMBER = rf"(?:(?:{_SAID_DIGIT}|สิบ|ร้อย)\s?){{1,7}}"
# 'ร้อยสิบสองทับห้า': a number in words is a house's only with its stroke, or behind its label.
SAID_HOUSE = rf"{SAID_NUMBER}ทับ\s?{SAID_NUMBER}"
_SAID_ENDS = ("หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "เอ็ด", "สิบ", "ร้อย")
# 'ร้อยแปดหมู่หก': of ten and more, the moo right behind it.
SAID_BEFORE_MOO = (
    rf"(?:{_SAID_DIGIT}){{0,3}}(?:สิบ|ร้อย)(?:{_SAID_DIGIT}|สิบ){{0,4}}"
    rf"(?=\s?หมู่\s?(?:ที่\s?)?(?:[0-9]|{_SAID_DIGIT}|สิบ))"
)
SAID_STROKES = tuple(word + stroke for word in _SAID_ENDS for stroke in ("ทับ", " ทับ"))
# With one of these an address may be said without any digit.
SAID_MOOS = tuple(f"{word}{moo}" for word in _SAID_ENDS for moo in ("หมู่", " หมู่"))
SAID_WORDS = (
    *SAID_STROKES,
    *SAID_MOOS,
    *(
        f"{label}{number}"
        for label in ("เลขที่", "เลขที่ ", "หมู่", "หมู่ ", "หมู่ที่", "ห้องที่")
        for number in _SAID_ENDS
    ),
)
HOUSE_NUMBER = (
    r"[0-9]{1,4}(?:\s?(?:/|\(?ทับ\)?)\s?[0-9]{1,4}){0,2}(?![0-9]|[.:][0-9]{2}|\s?-\s?[0-9])"
)
SMALL_NUMBER = (
    r"(?:[0-9]{1,2}(?![0-9]|,[0-9]{1,2}(?![0-9/]))"
    r"|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|(?:ยี่)?สิบ(?:เอ็ด|สอง|สาม|สี่|ห้า)?)"
)
# Blocks of flats by the names that builders give them: they need no word for what they are.
BRANDS = (
    r"ลุมพินี|ศุภาลัย|ยูดีไลท์|แอสปาย|ไอดีโอ|รีเจ้นท์|ดีคอนโด|พลัม|เดอะ|นิช|เมโทร|ลากูน่า|เอื้ออาทร"
    r"|การเคหะ|ไลฟ์|แกรนด์|วิลล่า|ริทึ่ม|ชีวาทัย|เซ็นทริค|โนเบิล|ยูนิโอ|เอลลิโอ|ลิฟวิ่ง|พาร์ค"
)
ENDINGS = (
    r"เพลส|เพลซ|ทาวเวอร์|เรสซิเดนซ์|เรสซิเดนท์|ปาร์ค|พาร์ค|คอนโด|แมนชั่น|คอร์ท|การ์เด้น|เฮาส์|อพาร์ทเม้นท์|แคมปัส"
)
IN_A_BUILDING = r"(?:ตึก|อาคาร|ชั้น|ห้อง|บล็อก|โซน)\s{0,2}[0-9A-Za-z]"
BRANDED = (
    rf"(?:(?:{BRANDS})[ก-๙]{{0,24}}|[ก-๙]{{2,20}}? ?(?:{ENDINGS})(?: [ก-๙]{{2,16}})?)"
    r"(?: [0-9]{1,2})?"
    rf"(?=\s{{0,2}}{IN_A_BUILDING})"
)
SIDES = ("ท้าย", "หลัง", "ข้าง", "หน้า", "ตรงข้าม", "ติด", "ใกล้", "ริม", "กลาง")
BESIDE = f"(?:{'|'.join(SIDES)})"
LANDMARKS = (
    r"วัด|โรงเรียน|รร\.|กูโบร์|มัสยิด|ตลาด|ปั๊ม|โรงสี|โรงน้ำแข็ง|ศาลเจ้า|ศาลา|สถานี|สะพาน|คลอง|โรงงาน|ร้าน|อบต|เซเว่น"
    r"|ไปรษณีย์|อนามัย|ป่าช้า|บึง|แม่น้ำ|ทางรถไฟ|สวน|ไร่|ฝาย|ประปา|โบสถ์|หอกระจายข่าว"
)
# 'หลังที่สองเลยศาลา…': the houses of a row are counted from something that everybody knows.
NTH_HOUSE = (
    rf"หลัง(?:ที่\s?{SMALL_NUMBER}|แรก|สุดท้าย)(?:ซ้ายมือ|ขวามือ)?"
    rf"(?: ?(?:เลย|ถัดจาก|ก่อนถึง|นับจาก|จาก|{BESIDE})(?:{LANDMARKS}){REST})?"
)
HUTS = ("ขนำ", "กระท่อม", "กระต๊อบ", "เถียงนา", "ห้างนา", "เพิงพัก", "เพิงหลัง", "เพิงข้าง", "แพพัก")
