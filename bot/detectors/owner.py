"""Whose a phone, an account, an address is: the nearest word that says so, before or behind."""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.words import Cue, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.cues import Cues
    from bot.detectors.scene import Scene


class Owner(StrEnum):
    PATIENT = "patient"
    STAFF = "staff"
    PUBLIC = "public"
    UNKNOWN = "unknown"


class _Anchor(NamedTuple):
    start: int
    end: int
    owner: Owner
    is_asked: bool = False


# A hospital, a shop, a fund: numbers of work, known to everybody. A fixed line behind a place of
# work is the place's.
_PUBLIC = Words(
    r"""เบอร์(?:กลาง|ภายใน|รพ|โรงพยาบาล|ward|วอร์ด|ห้อง|ตึก|ศูนย์|หน่วย|สำนักงาน|อนามัย|แลป|แล็บ|แผนก|ฉุกเฉิน
      |สายด่วน|แท็กซี่|วิน|แกร็บ|grab|ไรเดอร์|ขนส่ง|ร้าน|ครัว|แม่บ้าน|สภ|ตำรวจ|สถานทูต|กงสุล|มูลนิธิ|เทศบาล|อบต|ด่าน|ตม\.)|สายด่วน|โอเปอเรเตอร์
      |ศูนย์\s?(?:รับ|สั่ง|ประสาน|refer|รีเฟอร์|ส่งต่อ|ซ่อม|บริการ|เปล|นเรนทร)|(?:เจ้า|ที่)ประจำ|เจ้าเดิม|ด่าน(?=[^\n]{0,12}\d)|ตม\.(?=[^\n]{0,12}\d)|กองทุน|บริจาค|สวัสดิการ|มูลนิธิ
        |กองกลาง|ชมรม|สหกรณ์|ค่าเสื้อ|ลงขัน|ทำบุญ|กฐิน|ผ้าป่า
      |รถ\s?(?:refer|รีเฟอร์|พยาบาล|ฉุกเฉิน|ambulance|ems|ราชการ|รพ|ตู้รพ|กู้ชีพ|เวร|หลวง|มูลนิธิ|เรา(?!เอง)|ทีม|ส่วนกลาง)|รถ(?:ตู้|กระบะ|บัส|บรรทุก)\s?(?:ของ)?(?:หน่วย|รพ|โรงพยาบาล|แผนก|ฝ่าย|งาน|ศูนย์|ไต|กู้ชีพ|เรา(?!เอง)|ราชการ|อบต|เทศบาล)|ทะเบียน(?:รถ)?(?:ของ)?เรา(?!เอง)|งานเลี้ยง
        |เลี้ยงส่ง|เลี้ยงรุ่น|ประชุม|อบรม|สัมมนา|จัดงาน|งานแต่ง|งานบวช|งานศพ(?![^\n]{0,20}ที่บ้าน)
      |บัญชี\s?(?:กลาง|รวม|รพ|โรงพยาบาล|กองทุน|มูลนิธิ|บริษัท|ร้าน|หน่วย|ward|วอร์ด|ตึก|แผนก|กลุ่มงาน|พี่|หมอ|อ\.|น้อง|ชมรม)
      |คลังยา|ที่อยู่ส่งของ|ที่อยู่\s?รพ|ที่อยู่โรงพยาบาล|ส่งของที่(?!บ้าน|คนไข้)|ออกใบกำกับ|ใบเสร็จในนาม|(?:ไลน์|เพจ)\s?(?:ของ)?เรา(?!เอง)|ไลน์\s?(?:oa|ออฟฟิ|ทางการ|แจ้งซ่อม|รพ|ร้าน|ช่าง|หน่วย|บริษัท)|เจ้าของรถ(?!เอง)|(?:ไปยัง|โอนเข้า|เข้าบัญชี)\s?(?:รพ|โรงพยาบาล|มูลนิธิ|กองทุน)|(?:ชื่อบัญชี|พร้อมเพย์)\s?(?:มูลนิธิ|กองทุน|รพ|โรงพยาบาล|บริษัท|ร้าน)
      |(?:กู้ภัย|พลเมืองดี|อาสา|ตำรวจ|ครู|แท็กซี่|ผู้ใหญ่บ้าน|คนขับ[ก-๙]{0,8})(?:ที่)?(?:พา|นำ|เจอ|พบ|ไปส่ง|มาส่ง)
        (?:คนไข้|ผู้ป่วย|คนท้อง|คนเจ็บ|คนป่วย|เด็ก|แก|เขา|ส่ง)?(?:มา)?(?:ส่ง)?
      |(?:กาชาด|สปสช|ป้อม(?:ยาม|\s?รปภ)?|ศูนย์พิษ|ศูนย์ดำรงธรรม)(?=[^\n]{0,20}\d)
      |(?:เลื่อนนัด|นัดหมาย|จองคิว|สอบถาม|แจ้งปัญหา|ร้องเรียน)(?:ได้)?(?:ที่|ทาง)?\s?(?:โทร\.?|เบอร์)?[\s:]{0,2}(?=0[2-57])
      |(?:ธุรการ|เลขา(?:นุการ|ฯ|ท่าน)?)(?=[^\n]{0,24}\d)
      |พลเมืองดี|วินมอ[ก-๙]{0,12}(?=เบอร์|\s?ทะเบียน|\s?คัน)|(?:ตัวแทน|ผู้แทน)(?:บริษัท|ประกัน|ขาย|จำหน่าย|เครื่อง|ยา)|(?:ร|ด|พ|จ|ส)\.(?:ต|ส)\.(?:[อทต]\.)?(?=\s?0[2-9])
      |ตำรวจ(?=[^\n]{0,24}\d)|สภ\.(?=[^\n]{0,12}\d)|กู้ภัย(?=[^\n]{0,12}\d)|เทศบาล(?=[^\n]{0,12}\d)
        |อบต(?=[^\n]{0,12}\d)|สสจ(?=[^\n]{0,12}\d)|สสอ(?=[^\n]{0,12}\d)
        |ร้อยเวร(?=[^\n]{0,12}\d)
      |เข้า\s?(?:รพ\.?|โรงพยาบาล)(?=\s?(?:กรุงไทย|กสิกร|ไทยพาณิชย์|กรุงเทพ|ออมสิน|ธ\.|scb|ktb|kbank|ttb|\d{3}-\d))
      |(?:นักสังคม|นักจิต|นักโภชนา|นักเทคนิค|นักรังสี|นักวิชาการ|รถรับจ้าง|รถเหมา)(?=[^\n]{0,24}\d)
      |คู่กรณี|เพจ(?:ดัง|ข่าว|\s?รพ|โรงพยาบาล|ร้าน|หน่วยงาน)|สำนักข่าว|นักข่าว
      |(?:ผู้ใหญ่บ้าน|ผญบ|กำนัน|ครู(?:ประจำชั้น|ใหญ่|เวร|ที่ปรึกษา))(?=[^\n]{0,12}\d)
      |โทร(?:เข้ามา|มา|เข้า)(?:ที่|เบอร์)(?=\s?0[2-57])
      |(?:รพ(?!\.?ส)|โรงพยาบาล|คลินิก|อนามัย|แล็บ|แลป|วอร์ด|ห้อง(?:ยา|บัตร|คลอด|ฉุกเฉิน|แล็บ)|การเงิน|เวชระเบียน
        |ธนาคารเลือด|ศูนย์|สำนักงาน|กรม|กระทรวง|ประกันสังคม|สปสช|สปส|สถานทูต|กงสุล|บริษัท|โรงงาน|โรงเรียน)[^\s0-9]{0,16}\s?(?:โทร\.?\s?)?(?=0[2-57])""",
    r"call\s?center|fax(?=[\s:.]{0,3}0[0-9])|fax[^\n0-9]{0,30}?(?:ที่|ไป|มา|เข้า)(?=\s?0[2-57])|swift|hospital\s?(?:acct|account)|hotline|switchboard|operator|ambulance|service|supervisor|manager|coordinator|officer|liaison|secretary|on\s?call|fellow|chief\sresident|attending|(?:(?:front|help)\s?desk|reception|concierge)(?=[^\n0-9]{0,12}\+?0)|our\s(?:line|page|facebook|ig)|line\s?(?:oa|official)|oa|official",
)
_EXTENSION = re.compile(
    r"\s{0,2}(?:ต่อ|ext\.?|กด|\#|x)\s{0,2}"
    r"(?:\d{1,5}(?!\d)|ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)",
    re.IGNORECASE,
)
_DEPARTMENT = re.compile(
    r"\s{0,2}(?:ต่อ|ext\.?)\s{0,2}(?:(?:admission|er|icu|opd|ward|lab)(?![a-z])|ห้อง|แผนก|วอร์ด|ตึก|การเงิน"
    r"|ประชาสัมพันธ์|โอเปอ|หน่วย|คลินิก)",
    re.IGNORECASE,
)
_KIN_OF = (
    r"\s?(?:ของ|คุณ|ที่|ส่วนตัว)?\s?(?:แม่|พ่อ|ลูก|ยาย|ตา(?![มยกร])|ปู่|ย่า|ลุง|ป้า|น้า|อา(?!จารย์|คาร|หาร)|หลาน|เด็ก|ทารก|ผู้(?:สูงอายุ|พิการ|ใช้บริการ|สัมผัส|ติดเชื้อ|กักตัว)|เจ้าตัว|เค้า|เขา|เพิ่น|เปิ้น|แก)"
    r"(?!บ้าน|น้อง|ค้า|ยา|จ้าง|ฝึก|เวร|ศิษย์|มือ)"
)
_KIN_SAID = (
    r"\s?(?:เบอร์|โทร|ไลน์|ไอดี|ชื่อ|ให้(?:ไว้|เบอร์)?|ฝาก|แจ้ง|บอก|ขอ(?!ง)|ถาม|อยาก|รับสาย|คือ|ติดต่อ"
    r"|มาเฝ้า|เฝ้า|ลืม|พามา|มารับ|ไม่ยอม|ร้องไห้|กังวล|เป็นห่วง)"
)
_KIN = Words(
    "|".join(
        (
            *(
                word + _KIN_OF
                for word in (
                    "เบอร?์?",
                    "ไอดี",
                    "รถ",
                    "มอไซค?์?",
                    "มอเตอร์ไซค์",
                    "กระบะ",
                    "เก๋ง",
                    "โทร(?:หา|ตาม|ถาม|แจ้ง|บอก|เตือน)?",
                    "ติดต่อ",
                    "ไลน์",
                    "มือถือ",
                    "พร้อมเพย์",
                    "บัญชี",
                    "ของ",
                )
            ),
            *(
                word + _KIN_SAID
                for word in ("แม่", "พ่อ", "ลูก", "ยาย", "ตา", "ปู่", "ย่า", "หลาน", "เจ้าตัว", "แก", "เค้า")
            ),
            *(
                word + r"(?=[\s:=(]{0,3}\+?\d)"
                for word in ("แม่", "พ่อ", "ลูก", "ยาย", "หลาน", "ผัว", "เมีย")
            ),
            r"ผู้รับ(?=\s?:|\s?(?:ชื่อ|โทร|เบอร์)|\s?0[689])",
            r"คนแจ้ง|คนโทร(?:แจ้ง|มา)|ผู้โทรแจ้ง",
            r"ผู้(?:ตัดสินใจ|มีอำนาจตัดสินใจ|เฝ้า(?:ไข้)?|พามา)",
        )
    ),
    r"emergency\s?contact|next\sof\skin|(?:to|msisdn|recipient|receiver)(?=[\"']?[=:][\"']?\+?\d)",
)
# What the records hold is a patient's, whatever else is said.
_OF_RECORD = Words(
    r"เบอร์(?:โทร)?\s?(?:ใน|ตาม|หน้า|จาก)\s?(?:ระบบ|แฟ้ม|บัตร|เวชระเบียน|ประวัติ|ใบส่งตัว|ใบนัด|ทะเบียน)"
)
# Who works here, or is called for work: behind what leads to them, or right before a number.
# Elsewhere in a message they say nothing of whose a number is.
_ROLE = (
    r"(?:ยาม|ไอที|it(?![a-z])|lab(?![a-z])|แล็?[บป]|โภชนา|คนสวน|จัดซื้อ|การเงิน|พัสดุ|ผู้รับเหมา|วิสัญญี|สังคมสงเคราะห์|เซลล?์?(?![ก-ฮ])|เซลล์น้ำยา"
    r"|เด็กฝึก|เด็กเวร|นศ\.?พ|นักศึกษา(?:แพทย์|พยาบาล|ฝึก)|chief|intern|extern|resident|fellow|staff|operator|คนส่ง|คนรับซื้อ|วิศวกร|ผู้ตรวจ(?!ครรภ์)"
    r"|กรรมการ|คณะกรรมการ|ที่ปรึกษา|ผู้ประสาน|พนง|ลูกจ้าง|คนงาน|จ่ายกลาง|งานประกัน|งานสิทธิ|นิติกร|เวชระเบียน|ประชาสัมพันธ์|โรงแรม|วัด|แม่บ้าน"
    r"|ห้อง(?:ยา|บัตร|แล็บ|แลป|เอ็?กซเรย์|ผ่า|คลอด|ฉุกเฉิน|เวร|เบิก|ซัก|จ่าย|ประชุม|พักแพทย์)|แท็กซี่|หน่วย|ครัว|ประธาน|ไปรษณีย์|รถรับจ้าง|ธุรการ|เลขา"
    r"|ครู(?!อาจ)|ผู้ใหญ่บ้าน|ผญบ|กำนัน|นายก|กู้ภัย|มูลนิธิ|สภ\.|ฝ่าย|แผนก|กลุ่มงาน|สำนักงาน|โรงพิมพ์|ซักฟอก|อู่|ผู้จัดการ|ผจก|เสมียน|แม่ค้า|พ่อค้า"
    r"|วิทยากร|โค้ช|สัปเหร่อ|มัคนายก|สื่อ|ทีม"
    r"|วารสาร|ศูนย์(?!พักพิง)|สมาคม|บริษัท|กองบรรณา|สถานทูต|hr(?![a-z])|ประกัน(?!สังคม|ของ|คน|ผู้|กลุ่ม))"
)
_LEADS_TO_WORK = (
    r"(?:เบอร์|โทร(?:หา|ตาม|แจ้ง|ถาม|บอก)?|ติดต่อ|ไลน์|บัญชี|พร้อมเพย์|มือถือ|ประสาน|ปรึกษา|อีเมล์?|เมล์?"
    r"|ส่ง(?:ไฟล์|เคส|ผล|รูป)?(?:ไป(?:ที่|ยัง)?|ให้)|รถ(?:เก๋ง|กระบะ|ตู้)?)"
)
_AT_WORK = Words(
    rf"{_LEADS_TO_WORK}(?:ของ|ที่|ทาง|กับ|พี่|คุณ|น้อง|ลุง)?\s?{_ROLE}"
    rf"|{_ROLE}(?:(?!คนไข้|ผู้ป่วย|ญาติ|(?<!ป)ลูก|สามี|ภรรยา|เบอร์|โทร|เมล|ส่ง|ทาง|ขอ|นะ|ค่ะ|คะ|ครับ)[ก-๙.]){{0,14}}"
    r"(?=[\s:]{0,3}(?:โทร\.?|เบอร์|ไลน์)?[\s:.]{0,2}(?:0[2-9]|\+66)|\s?(?:ที่)?\s?[a-z0-9._\-]{2,30}@)"
)
_WHO_LIES_THERE = ("คนไข้", "ผู้ป่วย", "ผป.", "ผป", "ญาติ", "เคส", "คนไข้ ", "ผู้ป่วย ", "เคส ", "เป็น")
# Who is cared for without being called a patient: enough to say whose a number is.
_CARED_FOR = Words(
    r"""คนป่วย|คนท้อง|พระอาพาธ|แม่หลังคลอด|มารดาหลังคลอด|คน(?:ชัก|หมดสติ|แก่ติดเตียง)
      |คนที่(?:ล้ม|ชัก|หมดสติ|ถูก(?:รถ|งู|หมา|แทง|ยิง)|โดน(?:รถ|งู|หมา|แทง|ยิง)|จมน้ำ|ตกจาก|กินยา|ป่วย|ผ่า|นัดผ่า|มาตรวจ|มาฉีด|แพ้|ติดเตียง|ล้างไต|ฟอก)
      |ราย(?=วัณโรค|tb|ไข้|โควิด|มะเร็ง|stroke|ตั้งครรภ์)"""
)
# 'คนไข้ของหมอเอก' is the patient; 'ฝากพี่นกโทรหา …' asks somebody, and the number is another's.
_WHOSE_PATIENT = re.compile(r"(?:คนไข้|ผู้ป่วย|ผป\.?|เคส|case)\s?(?:ของ|คุณ)?\s?\Z", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"(?:ให้|ฝาก|ขอ|รบกวน|เรียน|แจ้ง|บอก|ถาม|ปรึกษา|consult|วาน|ช่วย|cc|ถึง|ส่ง)\s?(?:ทีม|คุณ|ท่าน|รอง|ทาง)?\s?\Z",
    re.IGNORECASE,
)
# 'รอหมอสามชั่วโมง', 'หมอไม่มาดู': somebody's doctor, and nobody who is to be called.
_SPOKEN_OF = re.compile(
    r"(?:(?<!โทร)(?<!โทรไป)(?<!ปรึก)(?:หา|พบ|เจอ)|กับ|รอ|ด่า|ต่อว่า|โทษ|ฟ้อง|ขอบคุณ|ชม|ทำร้าย|กลัว) ?\Z"
)
_DOES_NOT = re.compile(r" ?(?:ก็)?(?:ยัง)?ไม่")
# Who is no patient, whoever is 'he' behind them: 'ร้อยเวร … เบอร์เค้า 08…'.
_OFFICIAL = Words(
    r"""ร้อยเวร|ตำรวจ|ตร\.|ผู้หมวด|ผู้กอง|สารวัตร|สภ\.|นักข่าว|เซลส?์?|ล่าม|ช่าง|แม่บ้าน|รปภ|ยาม(?=ประตู|หน้า|ตึก|ที่|ชื่อ|\s)
      |แม่ค้า|พ่อค้า|คนขาย|ไรเดอร์|วินมอ|คนส่ง""",
)
_REACHED_BY = ("เบอ", "โทร", "ติดต่อ", "ไลน์", "ไอดี", "มือถือ", "พร้อมเพย์", "บัญชี")
_SOMEBODY_IN_CARE = re.compile("(?<!ตึก)(?<!หอ)(?<!ห้อง)(?:คนไข้|ผู้ป่วย|ผป|ญาติ|เตียง)")
# 'บริษัทประกันของคนไข้' is a company, not the patient.
_OF_OTHERS = re.compile(r"(?:บริษัท|ร้าน|โรงเรียน|ที่ทำงาน|หมอ|พยาบาล|แพทย์|หน่วยงาน)[^\s]{0,12}ของ\Z")
# 'ขวางทางเข็นคนไข้', 'กองทุนผู้ป่วยยากไร้': patients in general.
_INSTITUTION = re.compile(
    r"มูลนิธิ|กองทุน|รพ\.?|โรงพยาบาล|วัด|ชมรม|สมาคม|กาชาด|ศูนย์|โครงการ|หน่วย|บริจาค(?:เลือด|โลหิต|อวัยวะ|ร่างกาย|ดวงตา)"
)
_IN_GENERAL = re.compile(
    r"(?:(?:เข็น|ขน(?:ย้าย)?|(?:รับ-?|รับจ้าง|เหมา)ส่ง)(?: ?[A-Za-z]{2,8})? ?"
    r"|(?:กองทุน|มูลนิธิ|ชมรม|สมาคม|บริจาค|ข่าว)(?:เพื่อ|ช่วย|ให้)?"
    r"|(?:ซื้อ|จัดหา|สมทบ|บริจาค|ขอ|เช่า|ยืม)(?:เตียง|รถเข็น|อุปกรณ์|เครื่อง|ที่นอน)|หอ|ตึก|สำหรับ|ช่วยเหลือ)\Z"
)
# '081… คนไข้โทรถามได้': who may call it, and not whose it is.
_MAY_CALL = re.compile(
    r" ?(?:เอง|ก็|สามารถ|มา){0,2}(?:โทร|ติดต่อ|เรียก|ใช้|สอบถาม|ถาม|เช่า|แอด|จอง|นัด)[ก-๙]{0,10}ได้"
    r"(?![ก-๙]{0,6} ?(?:ที่|ทาง|เบอร์|โทร|[0-9+(]))"
)
_ASKS_FOR_RECORDS = re.compile(
    r"ขอ(?:รับ)?(?:ผล(?:เลือด|แล็?[บป]|lab|ตรวจ|ct|mri|x-?ray|ชิ้นเนื้อ|อ่าน)|ประวัติการรักษา|ใบรับรองแพทย์|ใบแพทย์"
    r"|ฟิล์ม|สำเนา(?:ประวัติ|เวช)|เวชระเบียน|ใบนัด|เลื่อนนัด)"
)
_CALL_BACK = re.compile(r"โทรกลับ|ติดต่อกลับ|โทรหา|โทรตาม|จาก")
_CALLED = re.compile(r"เบอร์|โทร|ติดต่อ|ที่ทำงาน|ออฟฟิศ|สำนักงาน")
_NAMED_FOR = ("เบอร์", "เบอร์ ", "เบอร์ของ", "มือถือ", "ไลน์", "พร้อมเพย์", "บัญชี")
# '081… พขร.ชัย': who answers is named right behind.
_WITH_A_TITLE = ("พขร", "นพ.", "พญ.", "ภก.", "ภญ.", "พว.", "ทพ.", "ทพญ.")
_SELLS = ("ร้าน", "บริษัท", "บจก", "ช่าง", "เซลส์", "ผู้แทนยา")
# '042-991-220 เบอร์เวรด่าน'.
_IS_OF = re.compile(r"[ (]{0,2}(?:นี่|คือ|เป็น)?(?:เบอร์|ของ) ?")
_NAMED_AS = ("เบอร์", "ไลน์")
_DESK = 32
_BESIDE = 3
_TIED = 12
_TOLD_OF = 140
_LINE = 60


def owner_of(scene: Scene, start: int, end: int) -> Owner:
    """The owner named right behind; else the nearest named before; else the nearest behind."""
    anchors = _anchors_of(scene)
    before = _nearest_before(anchors, scene.text, start)
    if _DEPARTMENT.match(scene.text, end):
        return Owner.PUBLIC
    if _EXTENSION.match(scene.text, end) and not _is_said_of_kin(scene.text, before, start):
        return Owner.PUBLIC
    behind = next(iter(anchors[bisect_left(anchors, (end,)) :][:1]), None)
    is_tied = before is not None and start - before.end <= _tie_of(scene.text, before)
    if behind and not is_tied and _is_beside(scene.text, end, behind):
        return behind.owner
    nearest = before or behind
    return nearest.owner if nearest else Owner.UNKNOWN


def _tie_of(text: str, anchor: _Anchor) -> int:
    """'เบอร์ล่ามกะเหรี่ยง(พอช.) 08…': said to be hers, whoever is spoken of behind."""
    is_named = text.endswith(_NAMED_FOR, 0, anchor.start) or text.startswith(_SELLS, anchor.start)
    return _DESK if anchor.owner is Owner.STAFF and is_named else _TIED


def _is_said_of_kin(text: str, before: _Anchor | None, start: int) -> bool:
    """'ลูกชายคนไข้ เบอร์ที่ทำงาน 02… ต่อ 12': a switchboard, and a relative's desk behind it."""
    if before is None or before.owner is not Owner.PATIENT:
        return False
    return start - before.end <= _DESK and _CALLED.search(text, before.start, start) is not None


def is_patients(scene: Scene, start: int, end: int) -> bool:
    return owner_of(scene, start, end) is Owner.PATIENT


def is_patients_or_asks(scene: Scene, start: int, end: int) -> bool:
    """A patient's; or, where nobody is named, of who asks for results or records."""
    owner = owner_of(scene, start, end)
    if owner is not Owner.UNKNOWN:
        return owner is Owner.PATIENT
    line = max(scene.text.rfind("\n", 0, start) + 1, start - _LINE)
    return _ASKS_FOR_RECORDS.search(scene.cues.lower, line, start) is not None


def speaks_of_somebody(cues: Cues) -> bool:
    """Whether the words speak of a patient or a relative, and not of patients at large."""
    return bool(_anchors_in_words(cues).patients)


def _nearest_before(anchors: list[_Anchor], text: str, start: int) -> _Anchor | None:
    for i in range(bisect_left(anchors, (start,)) - 1, -1, -1):
        anchor = anchors[i]
        if _is_given_to_somebody(anchors, i, text):
            continue
        if not (anchor.is_asked and _asks_for_another(text, anchor, start)):
            # 'ลูกสะใภ้คนไข้': two words in one place; the one that ends last is the nearer.
            return max(anchors[max(0, i - 2) : i + 1], key=_end) if i else anchor
    return None


def _is_given_to_somebody(anchors: list[_Anchor], i: int, text: str) -> bool:
    """'ลูกคนไข้เปิดรับบริจาค …' asks for one; a foundation asks for all."""
    start = anchors[i].start
    if not text.startswith("บริจาค", start) or _INSTITUTION.search(
        text, max(0, start - _DESK), start + _DESK
    ):
        return False
    first = next((anchor for anchor in anchors if anchor.owner is Owner.PATIENT), None)
    return first is not None and first.start < start


def _end(anchor: _Anchor) -> tuple[int, bool]:
    return anchor.end, anchor.owner is Owner.PATIENT


def _asks_for_another(text: str, anchor: _Anchor, start: int) -> bool:
    gap = start - anchor.end
    return gap > _TIED or _CALL_BACK.search(text, anchor.end, start) is not None


def _is_beside(text: str, end: int, anchor: _Anchor) -> bool:
    """'0812345678 (ลูกสาว)', or the name of the account behind its number."""
    gap = text[end : min(anchor.start, end + _LINE)]
    if _IS_OF.fullmatch(gap) or (gap.isspace() and text.startswith(_NAMED_AS, anchor.start)):
        return True
    if gap.isspace() and text.startswith(_WITH_A_TITLE, anchor.start):
        return True
    if "\n" in gap or len(gap.strip(" ()-:,/")) > _BESIDE:
        return gap.strip(" ()-:,").startswith("ชื่อบัญชี")
    return anchor.owner is Owner.PATIENT or "(" in gap


def _anchors_of(scene: Scene) -> list[_Anchor]:
    """Worked out once for what was found so far: a long list of numbers asks many times."""
    known = scene.__dict__.get("_anchors")
    if known is None:
        known = scene.__dict__["_anchors"] = sorted(_anchors(scene))
    return known


def _anchors(scene: Scene) -> Iterator[_Anchor]:
    words = _anchors_in_words(scene.cues)
    yield from words.patients
    yield from words.public
    for finding in scene.found:  # an address or a phone that was a patient's is one too
        yield _Anchor(finding.start, finding.end, Owner.PATIENT)
    for anchor in words.staff:
        if not scene.is_taken(anchor.start, anchor.end):
            yield anchor
    if scene.found or _is_of_care(scene.cues):
        officials = _OFFICIAL.find(scene.cues.lower, scene.cues.heard)
        for cue in _KIN.find(scene.cues.lower, scene.cues.heard):
            is_official = officials and _is_of_an_official(scene, officials, cue)
            yield _Anchor(*cue, Owner.STAFF if is_official else Owner.PATIENT)


def _is_of_care(cues: Cues) -> bool:
    return cues.speaks_of_a_patient or cues.is_care_talk or cues.is_accident


def _is_of_an_official(scene: Scene, officials: tuple[Cue, ...], cue: Cue) -> bool:
    """The last who was spoken of is neither patient nor relative, and so 'his phone' is not."""
    text, i = scene.text, bisect_left(officials, (cue.start,)) - 1
    if (
        i < 0
        or cue.start - officials[i].end > _TOLD_OF
        or not text.startswith(_REACHED_BY, cue.start)
    ):
        return False
    official = officials[i]
    if _ADDRESSED.search(text[max(0, official.start - 16) : official.start]):
        return False
    if scene.has_patient_at(0, cue.start):
        return False
    return _SOMEBODY_IN_CARE.search(text, official.end, cue.start) is None


class _InWords(NamedTuple):
    """What the words say, whatever else was found."""

    patients: list[_Anchor]
    public: list[_Anchor]
    staff: list[_Anchor]


def _anchors_in_words(cues: Cues) -> _InWords:
    """Worked out once for a text: every detector that runs after a finding asks anew."""
    known: _InWords | None = cues.__dict__.get("_anchors_in_words")
    if known is None:
        further = (words.find(cues.lower, cues.heard) for words in (_OF_RECORD, _CARED_FOR))
        of_patients = (*cues.patient, *cues.relative, *cues.bed, *chain.from_iterable(further))
        known = cues.__dict__["_anchors_in_words"] = _InWords(
            [_Anchor(*cue, Owner.PATIENT) for cue in of_patients if not _is_of_others(cues, cue)],
            [_Anchor(*cue, Owner.PUBLIC) for cue in _PUBLIC.find(cues.lower, cues.heard)],
            [*_staff(cues), *_at_work(cues)],
        )
    return known


def _is_of_others(cues: Cues, cue: Cue) -> bool:
    before = cues.text[max(0, cue.start - 24) : cue.start]
    if _IN_GENERAL.search(before) or _MAY_CALL.match(cues.text, cue.end):
        return True
    return before.endswith("ของ") and _OF_OTHERS.search(before) is not None


def _staff(cues: Cues) -> Iterator[_Anchor]:
    can_ask = cues.speaks_of_a_patient
    for cue in cues.staff:
        before = cues.text[max(0, cue.start - 16) : cue.start]
        if not _WHOSE_PATIENT.search(before):
            is_asked = can_ask and _ADDRESSED.search(before) is not None
            is_asked = is_asked or _is_only_spoken_of(cues.text, before, cue)
            is_asked = is_asked and not cues.text.startswith(_SELLS, cue.start)
            yield _Anchor(*cue, Owner.STAFF, is_asked)


def _at_work(cues: Cues) -> Iterator[_Anchor]:
    """'คนไข้ห้องคลอด เบอร์ 06…' is a patient's, wherever she lies."""
    for cue in _AT_WORK.find(cues.lower, cues.heard):
        if not cues.text.endswith(_WHO_LIES_THERE, 0, cue.start):
            yield _Anchor(*cue, Owner.STAFF)


def _is_only_spoken_of(text: str, before: str, cue: Cue) -> bool:
    return bool(_SPOKEN_OF.search(before) or _DOES_NOT.match(text, cue.end))
