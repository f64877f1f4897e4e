"""Numbers of one visit, admission, referral or specimen, with their label."""

from __future__ import annotations

import re

from bot.detectors import excuses
from bot.detectors.detector import ShapeDetector
from bot.detectors.labelled import LabelledNumber, Shape
from bot.detectors.words import Words
from bot.domain.findings import Label

DETECTOR = LabelledNumber(
    label=Label.VISIT_NO,
    names=Words(
        r"""
        (?:วิ[ซสช]ิ[ทต]|วีซิ[ทต]|แอดมิ[ทตด]|แอดมิชชั่น|แล็?[บปพ]|รีเฟอร์)\s?(?:นัมเบอร์|นัมเบ้อ|โน(?![ก-๙])|ไอดี)
        |เลข(?:ที่)?\s?er(?![a-z])|เลข(?:ที่)?ภายใน(?=[\s:.=]{0,3}\d{2}[-/]?\d{4})
        |วี\.?\s?เอ็?น(?![ก-๙])|เอ\.?\s?เอ็?น(?![ก-๙])|(?:วี|เอ|แอล)\s?เอ็?น(?=เปิด|ซ้ำ|เก่า|ใหม่|เดิม|ผิด|ของ|ที่|คนไข้|คือ|ค้าง)|แอล\.?\s?เอ็?น(?![ก-๙])|อ\.\s?น\.(?<![ก-๙เ]อ\.น\.)
        |เลข(?:ที่)?\s?(?:เอ็?กซเรย์|ฟิล์ม|x-?ray|film|visit|admit|admission|encounter|accession|sample|lab|specimen|refer|แล็บ|แลป|แล็ป|แลบ|วิสิต|วิซิท|แอดมิท|รีเฟอร์|ผู้ป่วยใน
          |คนไข้ใน
          |รับเข้า|รับบริการ|เข้ารับบริการ|ครั้งที่มา|สิ่งส่งตรวจ|หลอด(?:เลือด)?|ส่งตัว|ใบส่งตัว|ส่งต่อ|ใบส่งต่อ|การรักษา)
        |(?:ชิ้นเนื้อ|พยาธิ|สไลด์|สไลด์ชิ้นเนื้อ|บล็อก)(?=\s?(?:[a-z]{1,3}\d{2}-\d{3}|\d{2}[-/]\d{4}|\d{6}-\d|\d{8}))
        |ชิ้นเนื้อ\s?(?:เลขที่|เลข|หมายเลข)|แล็บ\s?(?:เลขที่|หมายเลข)|แลป\s?(?:เลขที่|หมายเลข)|พยาธิ\s?(?:เลขที่|เลข)
        |สิ่งส่งตรวจ\s?(?:เลขที่|เลข|หมายเลข)|หลอด(?:เลือด)?\s?(?:เลขที่|หมายเลข)
        |รหัส\s?(?:visit|admit|lab|specimen|refer|แล็บ|แลป|แล็ป|แลบ|วิสิต|สิ่งส่งตรวจ|รับบริการ|การรักษา)
        |ใบ(?:ส่งตัว|ส่งต่อ|รีเฟอร์|\s?refer)\s?(?:เลขที่|เลข|หมายเลข|(?:ref\.?\s?)?no\.?)?
        |ทะเบียน(?:\s?refer|ส่งต่อ)\s?(?:เลขที่|เลข|หมายเลข|no\.?)?
        """,
        r"""
        0008,0050\)?(?:\s?sh)?(?=\s?\[)|v[\s.\-_]{0,2}n|a[\s.\-_]{0,2}n(?!ti|ca|a-)|l[\s.\-_]{0,2}n|q\s?visit|visit(?=\s\d{6})|specimen(?=\s[a-z]{0,3}\d{6})
        |visit[\s_\-]?(?:no|number|id|num|\#)\.?|admi(?:ssion|t)[\s_\-]?(?:no|number|id|num|\#)\.?
        |encounter[\s_\-]?(?:no|number|id|\#)\.?|episode[\s_\-]?(?:no|number|id|\#)\.?
        |accession(?:[\s_\-]?(?:no|number|num))?|acc\s?(?:no|\#)\.?|acc\.?(?=[\s:=]{1,3}(?:[a-z]{1,2}\d{2,6}-?\d{3}|\d{2}-\d{5}|\d{6}-\d))|lab[\s_\-]?(?:no|number|id|num
          |\#)\.?
        |patho(?:logy)?\s?(?:no|number|\#|เลขที่)\.?
        |(?:(?:surg(?:ical)?\.?\s)?path(?:o(?:logy)?)?\.?|biopsy|bx|cyto(?:logy)?|frozen|pap|slides?|block)
          (?:\s?(?:report|result|no\.?|\#))?(?=[\s:]{1,2}(?:[a-z]{1,3}\d{2}-\d{3}|\d{2}[-/.]\d{4}|\d{6}-\d|\d{8}))
        |surg(?:ical|ery)?\.?\s(?:no|number|\#)\.?(?=[\s:]{1,3}[a-z]{0,3}\d{2}-?\d{3})
        |ref_?no(?=["']?\s?[:=]["']?\d[^\n]{0,200}(?:pname|fname|"pid"|"hn"|"cid"|diag))
        |specimen[\s_\-]?(?:no|number|id|num|\#)\.?|req(?:uest)?[\s_\-]?(?:no|number|id|num|\#)\.?
        |x\.?n(?=[\s:.\#]{0,3}\d{2}-?\d{3})|(?:x-?ray|film|ipd)\s?(?:no|number|id|\#)\.?
        |sample[\s_\-]?(?:no|number|id|num|\#)\.?|refer(?:ral)?(?:[\s_\-]?(?:no|number|id|num|\#))?
        """,
        latin_needs=(
            "vn",
            "0008,0050",
            "surg",
            "path",
            "refno",
            "ref_no",
            "an",
            "ln",
            "v.",
            "a.",
            "l.",
            "v n",
            "a n",
            "l n",
            "v-n",
            "a-n",
            "l-n",
            "v_n",
            "visit",
            "admi",
            "encounter",
            "episode",
            "acc",
            "lab",
            "specimen",
            "req",
            "sample",
            "patho",
            "xn",
            "x.n",
            "ray",
            "film",
            "ipd",
            "biops",
            "bx",
            "cyto",
            "frozen",
            "pap",
            "slide",
            "block",
            "refer",
        ),
        ending=r"(?![a-z]{3}|[a-z]{1,2}(?![a-z0-9\-]))",
    ),
    shape=Shape(least=5, most=16, behind_words=6, behind_anything=7),
    is_excused=lambda scene, value: excuses.is_phone(scene.text[value.start : value.end]),
    reason="visit, admission, referral or specimen label",
    counts_alike=True,
    must_find=(
        ("VN2409180077 ลืมคิดค่า CT", "2409180077"),
        ("AN 67-004412 ยังไม่ลง dx", "67-004412"),
        ("LN 6709180234 เตียง 12", "6709180234"),
        ("ทะเบียน refer R67-11482 ชาย 55", "R67-11482"),
        ("Accession CT24090007812 ของเตียง 8", "CT24090007812"),
        ("AN ๖๗๐๐๔๔๑๒", "๖๗๐๐๔๔๑๒"),
        ("Surgical pathology S67-04418 ออกแล้ว", "S67-04418"),
        ("ชิ้นเนื้อ SP66-10274 ขอ IHC เพิ่ม", "SP66-10274"),
        ("bx: C67-00318 รอย้อม", "C67-00318"),
        ("X-ray no. 67-11820 ของเตียง 3", "67-11820"),
        ("Surgical no. S68-04471\nName: pending\nmargin free", "S68-04471"),
        ("XN 6711820 ขอ film เก่า", "6711820"),
        ("เลขเอกซเรย์ 67-11820", "67-11820"),
        ("surg path S67-10992", "S67-10992"),
        ("AN 68PSY00713 ครบกำหนด", "68PSY00713"),
        ("LN68B-04417 ขวดแรกขึ้น", "68B-04417"),
        ("VN B 241120·0733 เลื่อน", "B 241120·0733"),
        ("คืนแฟ้ม 67-018845 (AN) ด้วย", "67-018845"),
        ("(0008,0050) SH [CT24090007812]", "CT24090007812"),
        ("วีเอ็นซ้ำ 68110300271 กับ 68110300388 คนไข้คนเดียว", "68110300388"),
        ("เอเอ็นที่ค้างสรุป 68 0 0 2 7 1 4", "68 0 0 2 7 1 4"),
        ("VN เช้า 6811030271 ปิดแล้ว บ่ายเปิดใหม่ 6811030388", "6811030388"),
        ("VN 6811030271 ลงสิทธิผิด แก้ใหม่เป็น 6811030388", "6811030388"),
    ),
    must_leave=(
        "สถิติ AN เดือนนี้ 1,204 ราย",
        "ทีมดูงาน VN 12 ท่าน",
        "LN 3/18 positive",
        "ventilator SN 2208-AN-00614 เตียง 3 alarm ตลอด",
        "เครื่อง ABG S/N 4410-LN-00772 เสีย",
        "วีเอ็นของเวียดนามไม่ใช่เลขคนไข้ 680011",
        "anti-HCV 2567001 kit ใหม่",
        "anti-HBs titer 100200 mIU",
        "block L2-3 ก่อนผ่า",
        "film 3 แผ่น x-ray 12 ราย",
        "LN class IV ให้ pulse methyl 3 วัน",
        "VN วันนี้เปิดไปแล้ว 212 ราย",
        "วิธีกรอก VN: ปีเดือนวัน เช่น 6709180001",
        "an 80-year-old man",
        "surgical no. of cases 120 this month",
    ),
)

# 'S68-4417' on a line of its own: so laboratories of pathology number, whatever word they use.
_OF_PATHOLOGY = (
    *("พยาธิ", "ชิ้นเนื้อ", "สไลด์", "patho", "biops", "histo", "cyto", "frozen", "surg path", " path "),
    *("carcinoma", "malignan", "free margin", "ihc", "slide", "her2"),
)
PATHOLOGY = ShapeDetector(
    label=Label.VISIT_NO,
    shape=re.compile(
        r"(?<![0-9A-Za-z\-])(?P<value>(?:S|SP|SN|SS|C|CY|CN|F|FNA|G)[0-9]{2}-[0-9]{4,6})(?![0-9A-Za-z\-])"
    ),
    reason="number of a specimen, in talk of pathology",
    wakes_on=_OF_PATHOLOGY,
    must_find=(("ใบพยาธิหายไปสองใบ:\nS68-4410 breast\nS68-4417 thyroid", "S68-4417"),),
    must_leave=("ส่ง S68-4410 ไปซ่อม", "น้ำยาพยาธิ lot S68-4410 หมด"),
)
