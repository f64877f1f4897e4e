"""Pictures that identify nobody, as groups are full of; and medical ones to ask about."""

from __future__ import annotations

import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.images.hospital import Draw, barcode, chest, ekg, ultrasound
from bench.images.paper import BLUE, GIVEN, GREY, RED, WHITE, Sheet, font


def _page(
    chance: random.Random, title: str, lines: tuple[str, ...], face: str = "Loma"
) -> Image.Image:
    sheet = Sheet(chance, (1000, 220 + 56 * len(lines)), face=face)
    sheet.middle(title)
    for text in lines:
        sheet.line(text, 28)
    return sheet.image


def menu(chance: random.Random) -> Image.Image:
    return _page(
        chance,
        "เมนูอาหารกลางวัน",
        ("ข้าวผัดกุ้ง 60 บาท", "ก๋วยเตี๋ยวเรือ 45 บาท", "ส้มตำไทย 40 บาท", "โทรสั่ง 055-123-456"),
        "Sawasdee",
    )


def staff_roster(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1000, 620))
    sheet.middle("ตารางเวรพยาบาล เดือนธันวาคม 2569")
    names = chance.sample(GIVEN, 6)
    rows = [[f"พว.{name}", *(chance.choice("ชบดO") for _ in range(6))] for name in names]
    sheet.table(["ชื่อ", "1", "2", "3", "4", "5", "6"], rows, [330, *([95] * 6)])
    return sheet.image


def meeting_slide(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1280, 720), (24, 60, 110), "Sawasdee")
    sheet.middle("ประชุมคณะกรรมการคุณภาพ ครั้งที่ 11/2569", 42, WHITE)
    for text in ("ตัวชี้วัด: อัตราการล้างมือ 87%", "อัตราติดเชื้อ CAUTI 1.2 ต่อ 1,000 วัน", "แผนปรับปรุงไตรมาส 1"):
        sheet.line(text, 34, WHITE)
    return sheet.image


def purchase_slip(chance: random.Random) -> Image.Image:
    return _page(
        chance,
        "ใบเสร็จรับเงิน",
        (
            "เลขประจำตัวผู้เสียภาษี 0105558000017",
            f"เลขที่ {chance.randint(100000, 999999)}",
            "กระดาษ A4 5 รีม 550.00",
            "รวม 588.50 บาท",
        ),
        "TlwgTypo",
    )


def meeting_qr(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (700, 820))
    sheet.middle("สแกนเพื่อเข้าประชุม", 36)
    sheet.paste(
        barcode("https://meet.example.org/j/9274610385?pwd=abc", "QRCode", 460, 460), 120, 130
    )
    return sheet.image


def poster(chance: random.Random) -> Image.Image:
    return _page(
        chance,
        "ล้างมือ 7 ขั้นตอน",
        ("ฝ่ามือถูฝ่ามือ", "ฝ่ามือถูหลังมือ", "ซอกนิ้ว ข้อนิ้ว", "สายด่วน 1669 ตลอด 24 ชั่วโมง"),
        "Umpush",
    )


def route_map(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1000, 800), (236, 234, 222))
    for _ in range(14):
        points = [(chance.randint(0, 1000), chance.randint(0, 800)) for _ in range(3)]
        sheet.pen.line(points, chance.choice(((255, 220, 120), WHITE, (190, 210, 190))), 14)
    for text in ("โรงพยาบาลบ้านทุ่ง", "ถนนพหลโยธิน", "ตลาดสด", "กม. 12"):
        sheet.at(chance.randint(20, 700), chance.randint(20, 740), text, 26)
    return sheet.image


def landscape(chance: random.Random) -> Image.Image:
    y, x = np.mgrid[0:800, 0:1200]
    hills = 420 + 70 * np.sin(x / 150 + chance.uniform(0, 6)) + 30 * np.sin(x / 47)
    sky = np.stack([120 + y * 0.15, 170 + y * 0.1, 235 - y * 0.05], -1)
    land = np.stack([40 + x * 0.02, 110 - y * 0.05, 50 + y * 0.01], -1)
    grain = np.random.default_rng(chance.randint(0, 2**31)).normal(0, 6, (800, 1200, 1))
    picture = np.where((y > hills)[:, :, None], land, sky) + grain
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def food(chance: random.Random) -> Image.Image:
    image = Image.new("RGB", (1000, 800), (120, 80, 50))
    pen = ImageDraw.Draw(image)
    pen.ellipse((150, 60, 850, 760), (240, 240, 235))
    for _ in range(180):
        x, y, size = chance.randint(280, 700), chance.randint(200, 600), chance.randint(10, 46)
        tone = chance.choice(((200, 60, 30), (80, 150, 50), (235, 200, 120), (150, 90, 40)))
        pen.ellipse((x, y, x + size, y + size), tone)
    return image.filter(ImageFilter.GaussianBlur(2))


def night_photo(chance: random.Random) -> Image.Image:
    """Dark, with lamps: black borders and grey alone make no X-ray."""
    generator = np.random.default_rng(chance.randint(0, 2**31))
    image = Image.fromarray(
        np.clip(generator.normal(14, 6, (800, 1100, 3)), 0, 255).astype(np.uint8)
    )
    pen = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, size = chance.randint(0, 1100), chance.randint(100, 500), chance.randint(4, 18)
        pen.ellipse((x, y, x + size, y + size), (250, 220, chance.randint(120, 220)))
    return image.filter(ImageFilter.GaussianBlur(2))


def grey_building(chance: random.Random) -> Image.Image:
    image = Image.new("L", (1000, 800), 200)
    pen = ImageDraw.Draw(image)
    pen.rectangle((150, 200, 850, 800), 110)
    for row in range(6):
        for column in range(9):
            pen.rectangle(
                (180 + column * 72, 230 + row * 90, 225 + column * 72, 290 + row * 90),
                chance.randint(30, 90),
            )
    return image.filter(ImageFilter.GaussianBlur(1.5)).convert("RGB")


def empty_form(chance: random.Random) -> Image.Image:
    return _page(
        chance,
        "ใบนัดผู้ป่วย",
        (
            "ชื่อ-สกุล ................................",
            "HN ____________",
            "เลขประจำตัวประชาชน □□□□□□□□□□□□□",
            "วันนัด ...../...../..... เวลา ........ น.",
        ),
        "Garuda",
    )


def equipment_plate(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (760, 420), (210, 212, 216))
    for text in (
        "INFUSION PUMP",
        "MODEL TE-171",
        f"SN {chance.randint(10_000_000, 99_999_999)}",
        "MFG 2021-05  220V~ 50Hz",
        "เลขครุภัณฑ์ 6515-023-0001/64",
    ):
        sheet.line(text, 32)
    return sheet.image


def drug_lots(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1000, 560))
    sheet.middle("รายการยาใกล้หมดอายุ")
    rows = [
        [drug, f"{chance.choice('ABKX')}{chance.randint(100000, 999999)}", "03/2570"]
        for drug in ("Ceftriaxone 1 g", "Heparin 5000 U", "KCl 20 mEq")
    ]
    sheet.table(["ยา", "Lot", "Exp"], rows, [420, 280, 200])
    return sheet.image


def kpi_chart(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1100, 700))
    sheet.middle("จำนวนผู้ป่วยนอกรายเดือน 2569")
    for month in range(10):
        height = chance.randint(120, 420)
        sheet.pen.rectangle((80 + month * 100, 620 - height, 140 + month * 100, 620), BLUE)
        sheet.at(80 + month * 100, 590 - height, str(height * 21), 22)
    return sheet.image


def timetable(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1000, 560))
    sheet.middle("กำหนดการอบรม CPR")
    rows = [
        ["08.30", "ลงทะเบียน"],
        ["09.00", "บรรยาย โดย นพ.วิชาญ"],
        ["13.00", "ฝึกปฏิบัติ ห้อง 201"],
        ["16.00", "สอบ"],
    ]
    sheet.table(["เวลา", "เรื่อง"], rows, [200, 700])
    return sheet.image


def parcel_label(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (760, 520))
    number = f"TH{chance.randint(10**10, 10**11 - 1)}B"
    sheet.line("ผู้รับ: ฝ่ายพัสดุ โรงพยาบาลบ้านทุ่ง", 28)
    sheet.line(f"Tracking {number}", 30, bold=True)
    sheet.paste(barcode(number, "Code128", 600, 120), 60, 240)
    return sheet.image


def teaching_slide(chance: random.Random) -> Image.Image:
    return _page(
        chance,
        "ตัวอย่างการกรอกเวชระเบียน",
        ("ตัวอย่าง: นายทดสอบ ระบบ  HN 999999999", "ห้ามใช้ข้อมูลผู้ป่วยจริงในการสอน", "เคสชายไทย 65 ปี STEMI"),
    )


def masked_slip(chance: random.Random) -> Image.Image:
    return _page(
        chance,
        "เคสปรึกษา (ปกปิดข้อมูลแล้ว)",
        ("HN xxx456  นาย ส.", "อายุ 65 ปี ไข้ 3 วัน", "Plt 45,000  Hct 48%"),
    )


def news_screenshot(chance: random.Random) -> Image.Image:
    return _page(
        chance,
        "ข่าวเด่นวันนี้",
        ("นายกรัฐมนตรีเปิดงานวันสาธารณสุข", "คาดฝนตกหนักภาคเหนือ 60% ของพื้นที่", "ราคาน้ำมันลด 50 สตางค์"),
        "Waree",
    )


def textbook_page(chance: random.Random) -> Image.Image:
    return _page(
        chance,
        "Chapter 12  Heart failure",
        (
            "Heart failure is a clinical syndrome with",
            "dyspnea, fatigue and fluid retention.",
            "NYHA class I-IV; LVEF < 40% (HFrEF)",
            "Furosemide 20-40 mg IV, page 214",
            "ISBN 978-616-123-456-9",
        ),
        "Norasi",
    )


def meme(chance: random.Random) -> Image.Image:
    image = landscape(chance)
    ImageDraw.Draw(image).text((150, 620), "วันศุกร์แล้ว สู้ๆ นะทุกคน", WHITE, font(64, bold=True))
    return image


def product_barcode(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (620, 420))
    sheet.line("น้ำยาล้างมือ 450 ml", 30)
    sheet.paste(barcode("885123456789", "EAN13", 420, 180), 80, 150)
    return sheet.image


def bed_board(chance: random.Random) -> Image.Image:
    sheet = Sheet(chance, (1000, 600), (246, 248, 246), "Purisa")
    sheet.middle("สถานะเตียง ICU", 40, BLUE)
    for bed in range(1, 6):
        sheet.line(
            f"เตียง {bed}  {chance.choice(('ว่าง', 'Sepsis on NE', 'post op CABG', 'รอย้าย'))}",
            34,
            RED if bed == 2 else GREY,
        )
    return sheet.image


HARMLESS: tuple[Draw, ...] = (
    menu,
    staff_roster,
    meeting_slide,
    purchase_slip,
    meeting_qr,
    poster,
    route_map,
    landscape,
    food,
    night_photo,
    grey_building,
    empty_form,
    equipment_plate,
    drug_lots,
    kpi_chart,
    timetable,
    parcel_label,
    teaching_slide,
    masked_slip,
    news_screenshot,
    textbook_page,
    meme,
    product_barcode,
    bed_board,
)

# Nobody's name in them: a question to the sender, never an accusation.
MEDICAL: tuple[Draw, ...] = (chest, ultrasound, ekg)
