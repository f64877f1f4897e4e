"""Home addresses, down to the house, moo, soi, village or building."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import address_latin, excuses
from bot.detectors.address_parts import LONE_VILLAGE, Part, is_fine, row_at
from bot.detectors.address_starts import WORDS, start_of
from bot.detectors.address_words import SAID_WORDS
from bot.detectors.owner import Owner, owner_of
from bot.detectors.scene import Places
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_INTRODUCES = re.compile(
    r"(?:บ้าน\s?เลข\s?ที่|เลขที่(?:บ้าน)?|บล\.|บ้าน(?=\s?[0-9])|ที่อยู่|house\s?no\.?|no\.)[\s:]{0,3}"
    r"|(?:[ก-๙]{0,14}?(?:อยู่|พัก)(?:ที่)?)?คอนโด (?=[ก-๙])|[ก-๙]{0,14}?(?:อยู่|พัก)(?:ที่)?(?=คอนโด)",
    re.IGNORECASE,
)
_PLACE_OF_WORK = re.compile(
    r"(?:คลัง|ส่งของ(?![^\n]{0,14}(?:บ้าน|คนไข้|ผู้ป่วย|ญาติ))|ส่งเอกสาร"
    r"|สปสช|สปส|สั่งซื้อ|จัดซื้อ|เสนอราคา|ผู้ขาย|ผู้จำหน่าย|โรงพยาบาล|ร้าน|งานเลี้ยง"
    # No part of 'ใครพอ', 'การพา', and no hospital that somebody comes from or goes to.
    r"|(?<!จาก)(?<!จาก )(?<!ไป)(?<!มา)รพ(?!\.?\s?สต)"
    r"(?:\.|(?![ก-๙])|(?=เรา|นี้|ใหม่|ปลายทาง|จังหวัด|อำเภอ|ศูนย์|เก่า|ใกล้|รัฐ|เอกชน))"
    r"|ตึก(?:สังคม|อุบัติเหตุ|อำนวยการ|บริการ|ส่งเสริม|ฉุกเฉิน|พัสดุ)[ก-๙]{0,16}"
    r"|งานแต่ง|งานศพ(?![^\n]{0,20}ที่บ้าน)|งานบวช|ประชุม|บริษัท|บจก|หจก|วัด|สำนักงาน|คลินิก|โรงแรม|โรงเรียน|รร\.|รง\.|สสจ|อบต|เทศบาล|ใบกำกับ|ศาลา|ห้องประชุม|(?:ที่|ลาน)จอดรถ|อบรม|สถานที่(?!เกิด|รับ|ที่)"
    r"|(?:พ่นยุง|พ่นหมอกควัน|สำรวจลูกน้ำ)(?![^\n]{0,24}(?:คนไข้|ผู้ป่วย|ผป|บ้าน|เคส|ราย))"
    r"|ออกหน่วย|(?:ห้อง|บ้าน|หอ)พัก(?:บุคลากร|(?:นักศึกษา|นศ\.?)\s?(?:แพทย์|พยาบาล)|แพทย์|พยาบาล|เจ้าหน้าที่|จนท|ญาติ|เวร))[^\n]{0,24}\Z",
    re.IGNORECASE,
)
# A parcel, a meal, a paper that is sent to where people work.
_SENT_TO_WORK = re.compile(
    r"(?:shopee|lazada|tiktok|พัสดุ|จ่าหน้า(?=[^\n]{0,24}(?:หน่วย|ภาควิชา|คณะ|ห้องปฏิบัติการ|สถาบัน|er|opd|icu|ตึก|วอร์ด|ward|แผนก|กลุ่มงาน|พี่|หมอ|พยาบาล))|หน้ากล่อง|บนกล่อง|ไรเดอร์|แกร็บ|สั่งข้าว|สั่งของ|ส่งเอกสาร|ประชุม|(?:(?<![a-z])opd|ipd|icu|กลุ่มงาน|แผนก)(?=[^\n]{0,24}(?:ชั้น|อาคาร|ตึก)))"
    r"(?:(?!คนไข้|ผู้ป่วย|ผป|ญาติ|เยี่ยม)[^\n]){0,60}\Z",
    re.IGNORECASE,
)
# Right before a number these name what stands there; 'behind the market' somebody lives.
_A_PLACE = re.compile(
    r"(?<!หลัง)(?<!ข้าง)(?<!หน้า)(?<!ใกล้)(?<!แถว)(?<!ติด)(?<!ใน)(?<!ริม)"
    r"(?:ธนาคาร|ตลาด|สนาม|ปั๊ม|ค่ายทหาร|สวนน้ำ|รีสอร์ท|โรงแรม|ที่พักทีม|สาขา|โกดัง|ไปรษณีย์(?!ให้|ตี|ถึง|ไป|มา|กลับ)|อู่|บ้านพักรับรอง|ลานจอด|หน่วยเลือกตั้ง|ฌาปน|เมรุ|สุสาน"
    r"|โรงงาน|สถานี(?!ไฟ)|บ้าน(?:พี่(?!สาว|ชาย|เขย|สะใภ้|น้อง)|หมอ|อาจารย์|หัวหน้า)|ห้องแล็บ)"
    r"(?:(?!คนไข้|ผู้ป่วย|ญาติ|เคส)[ก-๙]){0,16} ?(?:ตั้งอยู่|อยู่|ที่อยู่|เลขที่)?(?:ที่)? ?\Z"
)
# 'ไป บมจ.…ประกันภัย 252/18 …': what has its own door.
_OF_A_COMPANY = re.compile(
    r"(?:(?:บมจ|บลจ)\.? ?(?!อยู่|พัก)[ก-๙]{2,30}|จก\.|จำกัด|มหาชน\)?"
    r"|(?:ประกัน(?:ภัย|ชีวิต)|สินไหม)(?!คนไข้|ผู้ป่วย)[ก-๙]{0,16}"
    r"|(?:(?<![ก-๙])|(?<=ส่ง)|(?<=ไป)|(?<=ถึง)|(?<=ที่))(?:กรม(?!ธรรม)|ศาล(?!า|เจ้า)|สำนักงาน|สนง\.?|สถานสงเคราะห์|สถานคุ้มครอง)[ก-๙]{2,20})"
    r"(?: ?จก\.?)? ?(?:ตั้งอยู่|เลขที่)? ?\Z"
)
_SENT_REACH = 90
_PLACE_REACH = 40
_FETCHED = re.compile("ไรเดอร์|แกร็บ|พัสดุ|หน้ากล่อง|บนกล่อง")
_OF_THEM = re.compile("ญาติ|คนไข้|ผู้ป่วย|ผป|ส่งยา|รับยา")
_FLOOR = re.compile(
    r"(?:(?:อาคาร|ตึก|โซน|บล็อก|ชั้น|ห้อง)(?:ที่)? {0,2}[A-Z]?[0-9]{0,4}[A-Z]?(?:/[0-9]{1,3})?"
    r"[ ,]{0,3}){2,6}"
)
_PRESSURE = re.compile(r"(?:ความดัน|บีพี|bp)[\sก-๙]{0,6}\Z", re.IGNORECASE)
_LIVES = re.compile(
    r"(?:ไม่มี(?:บ้าน)?เลขที่|กลับ|อยู่|พัก|อาศัย|ที่อยู่|บ้าน|addr(?:ess)?|จุดรับ|jud rub"
    r"|รับ(?:เคส|คนไข้|ผู้ป่วย)[^\n]{0,12})(?:แถวๆ?|ละแวก|ตรง|ใน)?[\s:ที่]{0,4}\Z",
    re.IGNORECASE,
)
_IS_COUNTED_BEFORE = re.compile(
    r"(?:(?:ม\.|หมู่(?:ที่)?) ?[0-9]{1,2} ?[=:(\-]|วันที่|wk|week|สัปดาห์(?:ที่)?"
    r"|ชั้น|ห้อง|ประตู|ช่อง|โต๊ะ|เคาน์เตอร์|(?<![a-z])(?:hi|ci|bi)|ตึก|(?<![a-z])opd|(?<!ไม่)ได้|ครบ|เหลือ|ยอด|รวม|เป้า|ทั้งหมด"
    r"|(?<![0-9])[0-9]{1,4} ?(?:จาก|ใน|เต็ม)|หมู่(?:ที่)?"
    r"|(?<!ติด)เตียง|ข้อ|(?:ราย|คน)ที่|ลำดับ|คิว|วอร์ด|bed|ward|อายุ) {0,2}\Z",
    re.IGNORECASE,
)
_IS_COUNTED_BEHIND = re.compile(
    r" {0,2}(?:(?:จาก|ใน|เต็ม) ?[0-9]|[,/]? ?(?:หมู่(?:ที่)?|ม\.) ?[0-9]|หลัง(?!ที่)"
    r"|ครัวเรือน|ครอบครัว|%)"
)
# 'ม.4 88/120 ม.5 45/60'
_IS_TALLIED_BEFORE = re.compile(
    r"(?:ม\.|หมู่(?:ที่)?) ?[0-9]{1,2} {1,2}[0-9]{1,4}(?:/[0-9]{1,4})?[%,;]? {0,2}\Z"
)
_COUNT_REACH, _TALLY_REACH = 24, 60
_TALLY = r"(?:ม\.|หมู่(?:ที่)?) ?[0-9]{1,2} {1,2}[0-9]{1,4}(?![0-9/])[^\n]{0,32}"
_TALLY_ABOVE = re.compile(rf"(?:\A|\n|[ก-๙]) {{0,2}}{_TALLY}\n {{0,2}}\Z")
_TALLY_BELOW = re.compile(rf"[^\n]{{0,32}}\n {{0,2}}{_TALLY}(?:\n|\Z)")
_OF_AN_OFFICE = re.compile(
    r"(?:สต\.?|อนามัย|โรงเรียน|รร\.?|วัด|ศูนย์[ก-๙]{0,12}|ศาลา|ตลาด|สถานี|ทีม|อสม\.?|กำนัน"
    r"|ผู้ใหญ่|ผญบ\.?|ด่าน) ?\Z"
)
_NAME_REACH = 40
_WHOSE_HOUSE = re.compile(
    r"\A(?:(?:บ้าน|บ\.)(?:ของ)? ?)?\Z"
    r"|(?:ยาย|ตา|ลุง|ป้า|น้า|อา|ปู่|ย่า|พ่อ|แม่|พี่|น้อง|คุณ|นาย|นาง|สาว"
    r"|ใหญ่|เฒ่า|แก่|อุ้ย|หลวง|เจ๊|เฮีย|ผัว|เมีย|ลูก|หลาน|พะตี|ก๊ะ|บัง|แบ|โต๊ะ|ของ) ?\Z"
)
_WHOLE = 3
_DOORS = frozenset(("house", "building", "hut", "looks"))
_NTH_HOUSES = ("หลังที่", "หลังแรก", "หลังสุดท้าย")


@dataclass(frozen=True, slots=True)
class AddressDetector:
    """Parts in a row, fine enough to find the door, and said of somebody in care."""

    label: Label = Label.ADDRESS
    digits_least: int = 1
    wakes_on: tuple[str, ...] = (*WORDS, *address_latin.WORDS)
    must_find: tuple[tuple[str, str], ...] = (
        ("คนไข้ บ้านเลขที่ 45/2 ม.7 บ้านโนนหินแห่ ต.หนองบัวบาน ใครว่าง", "45/2 ม.7 บ้านโนนหินแห่ ต.หนองบัวบาน"),
        ("ผู้ป่วยอยู่ หอพักศิริโชติ ห้อง 306 ซ.ร่วมใจ 12 ค่ะ", "หอพักศิริโชติ ห้อง 306 ซ.ร่วมใจ 12"),
        ("คนไข้บ้านอยู่ ชุมชนริมคลองแปดวา ซอย 5 บ้านเลขที่ 77", "ชุมชนริมคลองแปดวา ซอย 5 บ้านเลขที่ 77"),
        ("ผป. ที่อยู่ ม.4 บ.คำแคน เลขที่ 61 พ่นหมอกควัน", "ม.4 บ.คำแคน เลขที่ 61"),
        (
            "ผู้ป่วย\nที่อยู่: 299/41 ม.5 ซ.สุขสันต์ ต.บ้านสวน อ.เมือง จ.ชลบุรี 20000",
            "299/41 ม.5 ซ.สุขสันต์ ต.บ้านสวน อ.เมือง จ.ชลบุรี 20000",
        ),
        ("khonkhai yu ban nong bua, moo 4, Mae Chan kin ya mot", "ban nong bua, moo 4, Mae Chan"),
        ("เยี่ยมบ้านแม่ใหญ่อ่อนศรี 44 ม.2 บ.โคกหวาย แผลกดทับ", "44 ม.2 บ.โคกหวาย"),
        ("ปวดอก ให้ไปที่ บ้านพุเตย เลขที่ 12 หมู่ 4 คนไข้รอ", "บ้านพุเตย เลขที่ 12 หมู่ 4"),
        ("เยี่ยมบ้านรายที่ 3 หมู่ 2 บ้านท่าข้าม เลขที่ 18/3 แผลกดทับ", "หมู่ 2 บ้านท่าข้าม เลขที่ 18/3"),
        ("บ้านคนไข้อยู่\nซอย 5\nเลขที่ 12/4", "ซอย 5\nเลขที่ 12/4"),
        ("แก้ที่อยู่คนไข้ HN 6512346 จาก 12 ม.3 ต.ศิลา", "12 ม.3 ต.ศิลา"),
        ("นางคำปัน บ้านห้วยฮี้ ท้อง 34 wk", "บ้านห้วยฮี้"),
        ("ผู้ป่วยติดเตียง 9 ซ.ตลาดเก่า หาดใหญ่ ขอถังออกซิเจน", "9 ซ.ตลาดเก่า หาดใหญ่"),
        ("คนไข้ย้ายไป คอนโดไลฟ์ อโศก ห้อง 1904 ชั้น 19", "คอนโดไลฟ์ อโศก ห้อง 1904 ชั้น 19"),
        ("ส่งยาคนไข้ 199 ถ.สุรวงศ์ บางรัก สาทร กทม", "199 ถ.สุรวงศ์ บางรัก สาทร กทม"),
        ("คนไข้จิตเวชอยู่ ม.3 หลังที่สี่ถัดจากโรงสี", "ม.3 หลังที่สี่ถัดจากโรงสี"),
        ("คนไข้ทำงาน บมจ. อยู่ 252/18 ซ.รัชดา 4 ห้วยขวาง", "252/18 ซ.รัชดา 4 ห้วยขวาง"),
        ("คนไข้คนเดิมที่บ้าน 31/448 ม.รัตนาวดี ซอย 9/2", "31/448 ม.รัตนาวดี ซอย 9/2"),
        ("คนไข้แกอยู่ ซ.ประชาร่วมใจ 4 บ้าน 61/2 มารับเองไม่ได้", "ซ.ประชาร่วมใจ 4 บ้าน 61/2"),
        ("คนไข้อยู่คอนโด เดอะเลควิว ตึก C ห้อง 2207", "เดอะเลควิว ตึก C ห้อง 2207"),
        ("รับเคส บ้านไม้สองชั้นหลังคาแดง เลขที่ 3/1 หมู่ 9", "3/1 หมู่ 9"),
        ("ส่งของที่บ้านคนไข้ 19/44 ซ.เทศบาล 7", "19/44 ซ.เทศบาล 7"),
        (
            "ญาติคนไข้ให้ไรเดอร์มารับยา ที่อยู่ส่ง คอนโดบ้านสวนธน ตึก C ห้อง 1409",
            "คอนโดบ้านสวนธน ตึก C ห้อง 1409",
        ),
        (
            "คนไข้วัณโรค บ้านเลขที่ 22 ป็อก 7B เขต C ศูนย์พักพิงบ้านแม่หละ ต.แม่หละ",
            "22 ป็อก 7B เขต C ศูนย์พักพิงบ้านแม่หละ ต.แม่หละ",
        ),
        ("คนไข้ติดเตียง บ้านเลขที่ 18 หมู่ 7 บ้านห้วยน้ำอุ่นเลยโรงสีไป", "18 หมู่ 7 บ้านห้วยน้ำอุ่น"),
        ("คนไข้พักอยู่ หอแก้วตา ห้อง 212 ซ.สุขใจ 4 มากับเพื่อน", "หอแก้วตา ห้อง 212 ซ.สุขใจ 4"),
        ("คนไข้อยู่หอศรีนวล ชั้น 3 ห้อง 307", "หอศรีนวล ชั้น 3 ห้อง 307"),
        (
            "pt at Villa 12, Baan Suan Lom, 41/9 Moo 2, Rawai",
            "Villa 12, Baan Suan Lom, 41/9 Moo 2, Rawai",
        ),
        ("คนเจ็บอยู่ 14/2 ม.6 บือแนปีแน ต.ลำใหม่ อ.เมือง", "14/2 ม.6 บือแนปีแน ต.ลำใหม่ อ.เมือง"),
        (
            "คนไข้ หมู่บ้านสมใจธานี 4 เลขที่ 12/88 ถ.เลี่ยงเมือง ต.บ้านใหม่",
            "หมู่บ้านสมใจธานี 4 เลขที่ 12/88 ถ.เลี่ยงเมือง ต.บ้านใหม่",
        ),
        (
            "เยี่ยมคนไข้ 61/2 หมู่ 3 ต.ท่าช้าง อ.เมือง จ.น่าน 55000 ข้างโรงเรียนเก่า",
            "61/2 หมู่ 3 ต.ท่าช้าง อ.เมือง จ.น่าน 55000",
        ),
    )
    must_leave: tuple[str, ...] = (
        "ไข้เลือดออกขึ้นเยอะที่ ต.หนองแวง",
        "ที่อยู่ส่งของ: คลังยา รพ. 99 ม.1 ถ.มิตรภาพ ต.ศิลา",
        "งานเลี้ยง ร้านครัวริมบึง 245/7 ถ.รอบบึง ซอย 3",
        "ส่ง biopsy คนไข้ จ่าหน้า หน่วยโลหิตวิทยา ชั้น 4 เลขที่ 9 ถ.ราชวิถี แขวงทุ่งพญาไท",
        "ยอดฉีดวัคซีนไข้หวัดใหญ่\nม.1 52\nม.2 47\nม.5 61",
        "ผู้ป่วยหมู่ 7 มา 3 ราย",
        "คนไข้เตียง 5 ห้อง 12 ตึก 4 ชั้น 3",
        "ค่าตอบแทน อสม. 1,500 หมู่ 4 ได้ครบ ไข้เลือดออก 2",
        "คัดกรองเบาหวาน ม.2 ได้ 45/60 ม.3 ฉีดแล้ว 120 จาก 150 ม.6 ยังไม่เริ่ม",
        "เป้าวัคซีนไข้หวัดใหญ่ ม.1 200 ม.2 180 ม.3 150 คน",
        "นางคำปันนัดฉีดยาที่ รพ.สต.บ้านห้วยฮี้",
        "พ่นยุง หมู่ 2 ซอย 3 ซอย 5 บ้านเลขที่ 10-45 วันพุธ ไข้เลือดออกระบาด",
        "เอกสารเคลมคนไข้ส่งไป บมจ.ร่มเย็นประกันภัย 118/9 ชั้น 12 ถ.พระราม 9 ห้วยขวาง 10310",
        "เคลมคนไข้ บ.เมืองทองประกันชีวิต จก. 45/12 ถ.สาทรเหนือ สีลม บางรัก กทม",
        "สารที่คนไข้กินมา ส่งกรมวิทย์ 88/7 ซ.ติวานนท์ 14 ต.ตลาดขวัญ นนทบุรี",
        "เคลมคนไข้ส่ง บ.ร่มไทรประกันภัย 1115 ถ.พระราม 3 แขวงช่องนนทรี",
        "คนไข้เด็กถูกทำร้าย โทร พม. 1300 บ้านพักเด็กและครอบครัว",
        "คนไข้ติดเตียงอยู่คนเดียว ซอยแคบ ม.7 รถเข้าไม่ได้",
        "ward 5 ซอยหลัง รพ. น้ำรั่ว ย้ายคนไข้",
        "ไข้เลือดออก ม.4 88/120 ม.5 45/60",
        "บ้านพักผู้ป่วย หลังที่ 3 ห้อง 5 ว่างแล้ว",
        "ตรวจสุขภาพ รง.ปลากระป๋อง 99 หมู่ 2 ต.ท่าจีน คนงาน 450 คน เจอไข้ 3",
        "เจอเคสหัด หมู่ 2, หมู่ 5, หมู่ 7 อย่างละราย",
        "คนไข้เตียง 12 บ้านหนองแวงเดียวกับเตียง 9",
        "พรบ.เบื้องต้น 30,000 เสียชีวิต 500,000 ผู้ป่วยเบิกได้",
        "แผนเยี่ยมบ้านสัปดาห์หน้า จ. หมู่ 3 อ. หมู่ 5 พฤ. หมู่ 9 คนไข้ติดเตียง",
        "แม่บ้านถามว่าห้อง 603 คนไข้กลับวันไหน",
        "ออกเยี่ยมบ้านบ่ายนี้ไปบ้านห้วยน้ำอุ่นกับดงมะตื๋นรถ2คัน",
        "ลูกน้ำ HI 12 CI 4 หมู่ 5 ไข้เลือดออก",
        "ของคนไข้ฝากไว้ลิ้นชักเคาน์เตอร์ อาคาร B ชั้น 14",
        "ไปตึกสังคมสงเคราะห์ใหม่: เข้าประตู 4 ถนนราชดำเนิน เลขที่ 118 คนไข้หลงทาง",
        "ห้องพักแพทย์ แฟลต 3 ห้อง 212 คนไข้บ่นเสียงดัง",
        "น้องฝากครรภ์อายุ 16 อยู่ ม.4 แม่พามาเอง",
        "คนไข้หอบ ห้อง 4 ชั้น 3 ตึก 2",
        "lasix stat แล้วออก 300 หอบเท่าเดิม คนไข้ห้อง 5",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        found = list(self._whole(scene))
        yield from found
        for start, end in _said_later(scene, found) if found else ():
            yield self._finding(start, end)

    def _whole(self, scene: Scene) -> Iterator[Finding]:
        for span in address_latin.find(scene.text, scene.cues.heard):
            if self._is_free(scene, *span) and _is_of_a_home(scene, *span):
                yield self._finding(*span)
        for parts in self._rows(scene):
            start, end = _without_introduction(scene.text, parts[0].start), parts[-1].end
            if self._is_free(scene, start, end) and _is_somebodys(scene, parts, start, end):
                yield self._finding(start, end)
        for start, end in _lone_villages(scene) if scene.patients else ():
            if self._is_free(scene, start, end):
                yield self._finding(start, end)

    def _rows(self, scene: Scene) -> Iterator[list[Part]]:
        position, start = 0, start_of(scene.cues.heard)
        while (begin := start.search(scene.text, position)) is not None:
            parts = row_at(scene.text, begin.start())
            if not is_fine(parts):
                position = begin.start() + 1
                continue
            end = parts[-1].end
            parts = _without_counts(scene.text, parts)
            position = max(end, parts[-1].end)
            parts = _without_a_way(_without_names(scene, parts))
            if is_fine(parts) and not _is_only_a_floor(scene.text, parts):
                yield _without_looks(scene.text, parts)

    def _is_free(self, scene: Scene, start: int, end: int) -> bool:
        if scene.is_taken_by_number(start, end) or excuses.is_teaching(scene, start):
            return False
        sent = _SENT_TO_WORK.search(scene.text, max(0, start - _SENT_REACH), start)
        if sent and not _is_sent_home(scene.text, sent):
            return False
        if "ทับ" in scene.text[start:end] and _PRESSURE.search(
            scene.text, max(0, start - 16), start
        ):
            return False
        before = scene.text[max(0, start - _PLACE_REACH) : start]
        return not any(place.search(before) for place in (_A_PLACE, _OF_A_COMPANY, _PLACE_OF_WORK))

    def _finding(self, start: int, end: int) -> Finding:
        reason = "home address, with words of a patient"
        return Finding(start, end, self.label, Strength.LIKELY, reason)


def _is_sent_home(text: str, sent: re.Match[str]) -> bool:
    """'ญาติขอยา ให้ไรเดอร์มารับ ที่อยู่ส่ง …': fetched here, and brought to a patient."""
    line = text.rfind("\n", 0, sent.start()) + 1
    return (
        _FETCHED.match(sent[0]) is not None
        and _OF_THEM.search(text, line, sent.start()) is not None
    )


def _is_only_a_floor(text: str, parts: list[Part]) -> bool:
    """'อาคาร B ชั้น 14': a building that has only a letter or a number, as those of hospitals."""
    written = text[parts[0].start : parts[-1].end]
    return _FLOOR.fullmatch(written) is not None


def _without_looks(text: str, parts: list[Part]) -> list[Part]:
    """'บ้านไม้หลังคาแดง เลขที่ 3/1 หมู่ 9': where the number is known, looks lead to it."""
    is_known = len(parts) > 1 and parts[0].kind == "looks" and parts[1].kind == "house"
    is_apart = is_known and text.startswith(("เลขที่", "บ้านเลขที่"), parts[1].start)
    return parts[1:] if is_apart and is_fine(parts[1:]) else parts


def _is_of_a_home(scene: Scene, start: int, end: int) -> bool:
    owner = owner_of(scene, start, end)
    return owner is Owner.PATIENT or (owner is not Owner.PUBLIC and scene.cues.is_care_talk)


def _is_somebodys(scene: Scene, parts: list[Part], start: int, end: int) -> bool:
    """A patient's; where no house is named, only if somebody is said to live there."""
    text = scene.text
    has_door = any(_is_a_door(text, part) for part in parts) or _has_a_room(text, parts)
    if has_door or _LIVES.search(scene.text[max(0, start - 16) : start]):
        return _is_of_a_home(scene, start, end)
    if owner_of(scene, start, end) is not Owner.PATIENT:
        return False
    is_by_a_landmark = any(part.kind == "landmark" for part in parts)
    if is_by_a_landmark and any(start - 40 < cue.end <= start for cue in scene.cues.patient):
        return True
    return scene.has_patient_at(max(0, start - 60), start)


def _is_a_door(text: str, part: Part) -> bool:
    return part.kind in _DOORS or text.startswith(_NTH_HOUSES, part.start)


def _has_a_room(text: str, parts: list[Part]) -> bool:
    """'ชุมชนริมทาง ซอย 3 ห้อง 9': a room in a soi is a door, too."""
    is_lived_in = any(part.kind in ("soi", "village") for part in parts)
    return is_lived_in and any(text.startswith("ห้อง", part.start) for part in parts)


def _without_counts(text: str, parts: list[Part]) -> list[Part]:
    """'ม.4 ได้ 61/97 ม.9', 'หมู่ 5 120 ราย': what was counted in a moo is no house."""
    house = next((part for part in parts if part.kind == "house"), None)
    if house is None or not text[house.start].isdigit():
        return parts
    first = parts[0]
    if first.kind == "moo" and _is_a_tally(text, first, house):
        return parts[:1]
    before = text[max(0, first.start - _COUNT_REACH) : first.start]
    if house is first and _IS_COUNTED_BEFORE.search(before):
        return row_at(text, parts[1].start)
    if first.kind == "moo" and _IS_TALLIED_BEFORE.search(before):
        return parts[1:]
    is_counted = _IS_COUNTED_BEHIND.match(text, house.end) or excuses.is_counted(text, house.end)
    return parts[:-1] if house is parts[-1] and is_counted else parts


def _is_a_tally(text: str, moo: Part, house: Part) -> bool:
    """'ม.1 41', and on the next line 'ม.2 66': what was counted, moo by moo."""
    if not text[house.start : house.end].isdigit():
        return False
    before = text[max(0, moo.start - _TALLY_REACH) : moo.start]
    behind = text[house.end : house.end + _TALLY_REACH]
    return bool(_TALLY_ABOVE.search(before) or _TALLY_BELOW.match(behind))


def _lone_villages(scene: Scene) -> Iterator[tuple[int, int]]:
    """'นาง… บ้านห้วยโป่ง': a village by its name alone, on the line of a patient with a name."""
    for village in LONE_VILLAGE.finditer(scene.text):
        start, end = village.span()
        near = _on_its_line(scene.text, start, end)
        is_of_an_office = _OF_AN_OFFICE.search(scene.text, max(0, start - 16), start)
        if is_of_an_office is None and scene.has_patient_at(*near):
            yield start, end


def _said_later(scene: Scene, found: list[Finding]) -> Iterator[tuple[int, int]]:
    """A later message of its own with the road and the tambon of an address said before."""
    known = Places(found)
    for seam in scene.seams:
        parts = row_at(scene.text, seam + 1)
        end = parts[-1].end if len(parts) > 1 else 0
        is_whole = end > 0 and scene.text[end : end + 1] in ("", "\n")
        if is_whole and known.overlap(0, seam) and not known.overlap(seam, end):
            yield seam + 1, end


def _on_its_line(text: str, start: int, end: int) -> tuple[int, int]:
    """So far around these characters as their line goes, and no further than a name is heard."""
    first, last = max(0, start - _NAME_REACH), end + _NAME_REACH
    line_end = text.find("\n", end, last)
    return max(first, text.rfind("\n", first, start) + 1), last if line_end < 0 else line_end


def _without_names(scene: Scene, parts: list[Part]) -> list[Part]:
    """'บ้านยายบัว 44 ม.2': somebody's house is no village; one in 'บ้านพุเตย' is no name."""
    first = parts[0]
    inside = [f.start for f in scene.patients if first.start <= f.start < first.end]
    if first.kind != "village" or not inside:
        return parts
    is_house = _WHOSE_HOUSE.search(scene.text[first.start : min(inside)]) is not None
    return parts[1:] if is_house else parts


def _without_a_way(parts: list[Part]) -> list[Part]:
    """'… จ.พะเยา 56000 ติดโรงสีเก่า': behind the province a landmark only helps to find it."""
    is_told = len(parts) > _WHOLE and parts[-1].kind == "landmark"
    return parts[:-1] if is_told and parts[-2].kind in ("province", "postcode") else parts


def _without_introduction(text: str, start: int) -> int:
    introduction = _INTRODUCES.match(text, start)
    return introduction.end() if introduction else start


DETECTOR = AddressDetector()
# Numbers that are said in words need no digit, but words that are rarer.
SAID_ALOUD = AddressDetector(
    digits_least=0,
    wakes_on=SAID_WORDS,
    must_find=(("คนไข้อยู่ ร้อยสิบสองทับห้าหมู่สิบบ้านหัวคลองยาว", "ร้อยสิบสองทับห้าหมู่สิบบ้านหัวคลองยาว"),),
    must_leave=("คนไข้สองหมู่บ้านนี้ฉีดครบแล้ว", "คนไข้ BP ร้อยหกสิบทับหนึ่งร้อย ให้มาวัดซ้ำ"),
)
