"""Documents that identify a patient, as wards, laboratories and counters have them."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from bench.images.paper import (
    BLUE,
    GREY,
    RED,
    WHITE,
    Person,
    Sheet,
    font,
    spaced,
    thai_digits,
)

Draw = Callable[[random.Random], Image.Image]


def wristband(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1000, 250))
    sheet.line(person.name, 40, bold=True)
    sheet.line(f"HN {person.hn}   AN {person.an}   อายุ {person.age} ปี", 34)
    sheet.line("แพ้ยา: Penicillin   หอผู้ป่วยอายุรกรรมชาย", 28, RED)
    return sheet.image


def wristband_latin(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1000, 230))
    sheet.line(f"{person.latin.upper()}   M/{person.age}Y", 40, bold=True)
    sheet.line(f"HN: {person.hn}  DOB 12/03/1961", 34)
    code = barcode(person.hn, "Code128", 420, 70)
    sheet.paste(code, 540, 140)
    return sheet.image


def lab_slip(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1000, 1250), face="Garuda")
    sheet.middle("ใบรายงานผลทางห้องปฏิบัติการ")
    sheet.line(f"ชื่อ-สกุล {person.name}      HN {person.hn}")
    sheet.line(f"อายุ {person.age} ปี   แพทย์ผู้สั่ง พญ.สุดา   LN 69{chance.randint(100000, 999999)}")
    sheet.rule()
    rows = [[name, f"{chance.uniform(1, 90):.1f}", unit] for name, unit in LAB]
    sheet.table(["รายการ", "ผล", "หน่วย"], rows, [420, 260, 240])
    return sheet.image


LAB = [
    ("Hemoglobin", "g/dL"),
    ("WBC", "10^3/uL"),
    ("Platelet", "10^3/uL"),
    ("Creatinine", "mg/dL"),
    ("BUN", "mg/dL"),
    ("Potassium", "mmol/L"),
    ("Sodium", "mmol/L"),
    ("AST", "U/L"),
    ("ALT", "U/L"),
]


def drug_label(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (760, 420), face="Norasi")
    sheet.middle("โรงพยาบาลบ้านทุ่ง  ห้องยาผู้ป่วยนอก", 26)
    sheet.line(f"{person.name}   HN {person.hn}", 30, bold=True)
    sheet.line("Metformin 500 mg  #60", 28)
    sheet.line("รับประทานครั้งละ 1 เม็ด หลังอาหาร เช้า เย็น", 26)
    sheet.line("รักษาเบาหวาน   วันที่ 21/11/2569", 24, GREY)
    return sheet.image


def appointment_card(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (900, 560), (252, 246, 230), "Sawasdee")
    sheet.middle("ใบนัดผู้ป่วย")
    sheet.line(f"ชื่อ {person.name}", 30)
    sheet.line(f"เลขที่โรงพยาบาล (HN) {person.hn}", 30)
    sheet.line("นัดพบแพทย์ คลินิกโรคไต วันที่ 3 ธ.ค. 2569 เวลา 09.00 น.", 26)
    sheet.line("งดน้ำและอาหารหลังเที่ยงคืน", 26, RED)
    return sheet.image


def citizen_card(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1010, 640), (206, 224, 240), "Waree")
    sheet.line("บัตรประจำตัวประชาชน  Thai National ID Card", 30, BLUE, bold=True)
    sheet.left = 330
    sheet.line("เลขประจำตัวประชาชน", 22)
    sheet.line(spaced(person.citizen), 38, bold=True)
    sheet.left = 60
    sheet.line(f"ชื่อตัวและชื่อสกุล  {person.name}", 32, bold=True)
    sheet.line(f"เกิดวันที่ {chance.randint(1, 28)} ม.ค. {chance.randint(2490, 2540)}", 28)
    sheet.line(f"ที่อยู่ {chance.randint(1, 300)}/4 หมู่ที่ 5 ต.บ้านใหม่ อ.เมือง จ.นครสวรรค์", 26)
    return sheet.image


def his_screen(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1280, 760), (236, 240, 246), "TlwgTypo")
    sheet.pen.rectangle((0, 0, 1280, 48), (30, 80, 140))
    sheet.at(20, 8, "ระบบเวชระเบียนผู้ป่วยนอก", 26, WHITE, bold=True)
    sheet.y = 70
    for name, value in (
        ("HN", person.hn),
        ("ชื่อ-นามสกุล", person.name),
        ("เลขบัตรประชาชน", person.citizen),
        ("วันเกิด", person.born),
        ("โทรศัพท์", person.phone),
        ("สิทธิ", "บัตรทอง"),
    ):
        sheet.at(40, sheet.y, name, 24)
        sheet.pen.rectangle((260, sheet.y - 4, 760, sheet.y + 36), WHITE, GREY)
        sheet.at(270, sheet.y, value, 24)
        sheet.y += 54
    sheet.line("อาการสำคัญ: ไข้ ไอ 3 วัน  วินิจฉัย: Pneumonia", 24)
    return sheet.image


def opd_card(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (900, 1200), (250, 250, 240), "Kinnari")
    sheet.middle("OPD CARD  บัตรตรวจโรคผู้ป่วยนอก")
    sheet.line(f"H.N. {person.hn[:2]}-{person.hn[2:]}", 36, bold=True)
    sheet.line(f"ชื่อผู้ป่วย {person.name}   อายุ {person.age} ปี", 30)
    sheet.rule()
    for text in (
        "CC: ปวดท้องมา 2 วัน",
        "PE: T 37.8 BP 130/80 P 92",
        "Dx: Acute gastritis",
        "Rx: Omeprazole 20 mg",
    ):
        sheet.line(text, 28)
    return sheet.image


def referral_letter(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1000, 1350), face="Norasi")
    sheet.middle("แบบส่งตัวผู้ป่วย (Referral)")
    sheet.line("เรียน แพทย์ผู้ตรวจ โรงพยาบาลศูนย์", 26)
    sheet.line(f"ขอส่งผู้ป่วยชื่อ {person.name} อายุ {person.age} ปี", 28)
    sheet.line(f"เลขประจำตัวประชาชน {spaced(person.citizen)}", 28)
    sheet.line(f"HN {person.hn}  เลขที่ใบส่งตัว {chance.randint(1000, 9999)}/2569", 28)
    for text in (
        "ประวัติ: แน่นหน้าอก 2 ชั่วโมง เหงื่อแตก ใจสั่น",
        "EKG: ST elevation V2-V4",
        "การรักษาที่ให้: ASA 300 mg, Clopidogrel 300 mg",
        "เหตุผลที่ส่ง: เกินศักยภาพ ขอสวนหัวใจ",
    ):
        sheet.line(text, 26)
    return sheet.image


def specimen_label(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (640, 330))
    sheet.line(f"{person.given} {person.family}", 32, bold=True)
    sheet.line(f"HN {person.hn}  WARD 5B", 30)
    sheet.line("EDTA Blood  CBC   21/11/69 06:10", 24)
    sheet.paste(barcode(person.hn, "Code128", 520, 90), 30, 210)
    return sheet.image


def barcode_only(chance: random.Random) -> Image.Image:
    """A sticker whose code says more than its print."""
    person = Person(chance)
    sheet = Sheet(chance, (620, 420))
    sheet.line("สติกเกอร์ผู้ป่วย  WARD 7A", 28)
    sheet.paste(barcode(f"HN:{person.hn}", "QRCode", 280, 280), 160, 110)
    return sheet.image


def whiteboard(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1300, 900), (246, 248, 246), "Purisa")
    sheet.middle("กระดานหอผู้ป่วย 4", 40, BLUE)
    for bed in range(1, 7):
        person = Person(chance)
        sheet.line(f"เตียง {bed}  {person.name}  HN {person.hn}", 36, (20, 40, 120))
    return sheet.image


def queue_list(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1000, 900))
    sheet.middle("รายชื่อผู้ป่วยนัดผ่าตัด 22/11/2569")
    people = [Person(chance) for _ in range(7)]
    rows = [[str(n), one.hn, one.name, "Cataract OS"] for n, one in enumerate(people, 1)]
    sheet.table(["ลำดับ", "HN", "ชื่อ-สกุล", "หัตถการ"], rows, [90, 200, 420, 220])
    return sheet.image


def vaccination_card(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (900, 640), (235, 248, 235), "Umpush")
    sheet.middle("สมุดบันทึกการรับวัคซีน")
    sheet.line(f"ชื่อ ด.ช.{person.given} {person.family}", 30)
    sheet.line(f"เลขบัตรประชาชน {person.citizen}", 30)
    sheet.table(
        ["วัคซีน", "วันที่", "Lot"],
        [["MMR", "12/05/2569", "AB1234"], ["JE", "30/07/2569", "JX8821"]],
        [300, 260, 240],
    )
    return sheet.image


def insurance_form(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1000, 900), face="Garuda")
    sheet.middle("แบบฟอร์มเรียกร้องค่าสินไหม")
    sheet.line(f"ชื่อผู้ป่วย {person.name}", 28)
    sheet.line("เลขประจำตัวประชาชน", 28)
    sheet.boxes(360, sheet.y - 48, person.citizen, 30)
    sheet.line(f"HN {person.hn}   วันที่เข้ารักษา 18/11/2569", 28)
    sheet.line("ค่าห้อง 12,000.00   ค่ายา 3,450.50", 26)
    return sheet.image


def xray_with_name(chance: random.Random) -> Image.Image:
    person = Person(chance)
    image = chest(chance)
    pen = ImageDraw.Draw(image)
    pen.text((20, 16), f"{person.latin.upper()}  HN {person.hn}", (230, 230, 230), font(28))
    pen.text((20, 54), f"M {person.age}Y  21/11/2026", (230, 230, 230), font(24))
    return image


def ekg_with_name(chance: random.Random) -> Image.Image:
    person = Person(chance)
    image = ekg(chance)
    pen = ImageDraw.Draw(image)
    pen.rectangle((10, 8, 640, 92), (255, 250, 250))
    pen.text((20, 12), f"Name: {person.latin}   ID: {person.hn}", (20, 20, 20), font(26))
    pen.text((20, 50), f"HN {person.hn}  25 mm/s 10 mm/mV", (20, 20, 20), font(24))
    return image


def ultrasound_with_name(chance: random.Random) -> Image.Image:
    person = Person(chance)
    image = ultrasound(chance)
    pen = ImageDraw.Draw(image)
    pen.text((20, 14), f"{person.latin}  HN:{person.hn}", (220, 220, 220), font(26))
    return image


def handwritten_note(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (900, 620), (255, 252, 200), "Purisa")
    for text in (
        "ฝากส่งเวรดึกค่ะ",
        f"คุณ{person.given} {person.family} เตียง 12",
        f"HN {person.hn}",
        "NPO หลังเที่ยงคืน เช้าไป OR",
    ):
        sheet.line(text, 38, (30, 40, 110))
    return sheet.image


def chat_screenshot(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (760, 1300), (140, 171, 216))
    y = 60
    for text in (
        "พี่คะ ฝากดูเคสหน่อย",
        f"{person.name}",
        f"HN {person.hn}",
        "K 6.2 ค่ะ",
        "รับทราบ เดี๋ยวไปดู",
    ):
        width = int(sheet.pen.textlength(text, font(28))) + 44
        sheet.pen.rounded_rectangle((60, y, 60 + width, y + 64), 22, WHITE)
        sheet.at(82, y + 10, text, 28)
        y += 96
    return sheet.image


def prescription(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (900, 1100), face="Laksaman")
    sheet.middle("ใบสั่งยา  Prescription")
    sheet.line(f"ผู้ป่วย: {person.name}   เลขที่ รพ. {person.hn}", 28)
    for drug in ("Amlodipine 5 mg 1x1 pc", "Losartan 50 mg 1x1 pc", "Simvastatin 20 mg 1xhs"):
        sheet.line(drug, 28)
    sheet.line("แพทย์ นพ.วรวิทย์", 26, GREY)
    return sheet.image


def consent_form(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1000, 1300), face="Norasi")
    sheet.middle("หนังสือแสดงความยินยอมรับการผ่าตัด")
    sheet.line(f"ข้าพเจ้า {person.name} อายุ {person.age} ปี", 28)
    sheet.line(f"เลขประจำตัวประชาชน {thai_digits(spaced(person.citizen))}", 28)
    for text in ("ได้รับการอธิบายจากแพทย์ถึงวิธีการผ่าตัด", "ความเสี่ยงและภาวะแทรกซ้อน", "จึงลงนามไว้เป็นหลักฐาน"):
        sheet.line(text, 26)
    return sheet.image


def discharge_summary(chance: random.Random) -> Image.Image:
    person = Person(chance)
    sheet = Sheet(chance, (1000, 1350), face="Waree")
    sheet.middle("สรุปการจำหน่ายผู้ป่วย")
    sheet.line(f"HN {person.hn}   AN {person.an}", 28)
    sheet.line(f"ชื่อ-สกุล {person.name}", 28)
    sheet.line(f"โทร {person.phone}  (ผู้ป่วย)", 26)
    for text in (
        "Principal dx: Community acquired pneumonia",
        "LOS 5 วัน  Status: improved",
        "F/U 2 wk คลินิกอายุรกรรม",
    ):
        sheet.line(text, 26)
    return sheet.image


# --- Pictures without print ----------------------------------------------------------------------


def chest(chance: random.Random) -> Image.Image:
    """Two dark lungs in a bright body, as an X-ray of the chest."""
    side = 900
    y, x = np.mgrid[0:side, 0:side] / side
    body = np.exp(-(((x - 0.5) / 0.42) ** 4)) * 150
    for middle in (0.33, 0.67):
        lung = np.exp(-(((x - middle) / 0.13) ** 2 + ((y - 0.45) / 0.27) ** 2) * 1.6)
        body = body - lung * 105
    body = body + np.exp(-(((x - 0.5) / 0.06) ** 2)) * 70
    for number in range(8):
        rib = 0.17 + number * 0.075
        curve = np.abs(y - rib - 0.25 * (x - 0.5) ** 2)
        body = body + np.exp(-((curve / 0.008) ** 2)) * 22
    grain = np.random.default_rng(chance.randint(0, 2**31)).normal(0, 4, (side, side))
    grey = np.clip(body + grain, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).filter(ImageFilter.GaussianBlur(1.2)).convert("RGB")


def ultrasound(chance: random.Random) -> Image.Image:
    """A fan of speckle on black."""
    width, height = 1000, 760
    y, x = np.mgrid[0:height, 0:width]
    x, y = x - width / 2, y - 60
    far, angle = np.hypot(x, y), np.abs(np.arctan2(x, np.maximum(y, 1)))
    fan = (angle < 0.72) & (far > 60) & (far < 640) & (y > 0)
    generator = np.random.default_rng(chance.randint(0, 2**31))
    speckle = np.asarray(
        Image.fromarray(generator.integers(0, 255, (height, width), np.uint8)).filter(
            ImageFilter.GaussianBlur(1.6)
        ),
        np.float32,
    )
    speckle = np.clip((speckle - 110) * 4 + 90, 0, 255)
    hole = np.hypot(x - chance.uniform(-80, 80), y - 300) < chance.uniform(60, 110)
    grey = np.where(fan, np.where(hole, speckle * 0.1, speckle * (0.9 - far / 1100)), 0)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).convert("RGB")


def ekg(chance: random.Random) -> Image.Image:
    """Pink squares with black traces."""
    width, height = 1300, 860
    image = Image.new("RGB", (width, height), (255, 246, 246))
    pen = ImageDraw.Draw(image)
    for step, color in ((10, (250, 214, 214)), (50, (240, 160, 160))):
        for place in range(0, width, step):
            pen.line((place, 0, place, height), color)
        for place in range(0, height, step):
            pen.line((0, place, width, place), color)
    beat = chance.randint(90, 150)
    for lead in range(4):
        middle = 190 + lead * 180
        points = [(x, middle - _beat(x % beat / beat) * 90) for x in range(0, width, 2)]
        pen.line(points, (20, 20, 25), 3)
    return image


def _beat(phase: float) -> float:
    waves = (
        (0.2, 0.03, 0.18),
        (0.38, 0.012, -0.15),
        (0.41, 0.012, 1.0),
        (0.44, 0.012, -0.3),
        (0.65, 0.05, 0.3),
    )
    return float(
        sum(height * np.exp(-(((phase - at) / width) ** 2)) for at, width, height in waves)
    )


def barcode(text: str, kind: str, width: int, height: int) -> Image.Image:
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    picture = Image.fromarray(np.asarray(code.to_image(scale=4)))
    return picture.convert("RGB").resize((width, height), Image.Resampling.NEAREST)


IDENTIFYING: tuple[Draw, ...] = (
    wristband,
    wristband_latin,
    lab_slip,
    drug_label,
    appointment_card,
    citizen_card,
    his_screen,
    opd_card,
    referral_letter,
    specimen_label,
    barcode_only,
    whiteboard,
    queue_list,
    vaccination_card,
    insurance_form,
    xray_with_name,
    ekg_with_name,
    ultrasound_with_name,
    handwritten_note,
    chat_screenshot,
    prescription,
    consent_form,
    discharge_summary,
)
