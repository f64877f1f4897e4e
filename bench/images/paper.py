"""A sheet to write on: text in Thai fonts, tables, stamps; and invented people to write about."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/truetype/tlwg")
Color = tuple[int, int, int]
BLACK: Color = (25, 25, 30)
GREY: Color = (120, 120, 125)
BLUE: Color = (20, 60, 160)
RED: Color = (180, 30, 30)
WHITE: Color = (255, 255, 255)

GIVEN = [
    "สมหมาย",
    "ประภาพร",
    "วิเชียร",
    "อรทัย",
    "กิตติศักดิ์",
    "บุญเรือน",
    "ณัฐวุฒิ",
    "พิมพ์ชนก",
    "สุรชัย",
    "ลำพูน",
    "จิราพร",
    "ธนพล",
    "นงลักษณ์",
    "ปราโมทย์",
    "วรรณา",
    "ชัยวัฒน์",
    "รัตนา",
    "เอกชัย",
    "มาลี",
    "สุนทร",
]
FAMILY = [
    "แก้วประเสริฐ",
    "ศรีสุวรรณ์",
    "ทองคำแท้",
    "จันทร์หอม",
    "บุญมาก",
    "วงศ์ไพศาล",
    "คำแหง",
    "สายสมร",
    "รุ่งเรืองกิจ",
    "พึ่งบุญ",
    "ใจกว้าง",
    "มั่นคง",
    "อินทร์แก้ว",
    "แสนสุข",
    "ปานเพชร",
    "ชูศรี",
]
LATIN = ("Somchai Kaewprasert", "Malee Chanhom", "Aung Kyaw Min", "John Whitfield", "Nok Saensuk")


@cache
def font(size: int, face: str = "Loma", *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{face}{'-Bold' if bold else ''}.ttf"), size)


def citizen_number(chance: random.Random) -> str:
    digits = [chance.randint(1, 8), *(chance.randint(0, 9) for _ in range(11))]
    weighted = sum(digit * weight for digit, weight in zip(digits, range(13, 1, -1), strict=True))
    return "".join(map(str, [*digits, (11 - weighted % 11) % 10]))


def spaced(number: str) -> str:
    return f"{number[0]} {number[1:5]} {number[5:10]} {number[10:12]} {number[12]}"


def thai_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


class Chance(random.Random):
    """Chance that remembers who came up, and what was written of them."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.people: list[Person] = []
        self.said: list[str] = []


@dataclass
class Person:
    """A patient who does not exist."""

    chance: random.Random

    def __post_init__(self) -> None:
        chance = self.chance
        if isinstance(chance, Chance):
            chance.people.append(self)
        self.title = chance.choice(("นาย", "นาง", "น.ส."))
        self.given, self.family = chance.choice(GIVEN), chance.choice(FAMILY)
        self.latin = chance.choice(LATIN)
        self.age = chance.randint(18, 92)
        self.hn = f"{chance.randint(55, 69)}{chance.randint(10_000, 9_999_999):07d}"[:9]
        self.an = f"69{chance.randint(10_000, 99_999):06d}"
        self.citizen = citizen_number(chance)
        self.phone = (
            f"08{chance.randint(1, 9)}-{chance.randint(100, 999)}-{chance.randint(1000, 9999)}"
        )
        self.born = (
            f"{chance.randint(1, 28)}/{chance.randint(1, 12):02d}/{chance.randint(2480, 2550)}"
        )

    @property
    def name(self) -> str:
        return f"{self.title}{self.given} {self.family}"


@dataclass
class Sheet:
    """A picture being drawn. `y` is where the next line goes."""

    chance: random.Random
    size: tuple[int, int]
    ground: Color = WHITE
    face: str = "Loma"
    y: int = 24
    left: int = 30
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", self.size, self.ground)
        self.pen = ImageDraw.Draw(self.image)

    def line(self, text: str, size: int = 26, color: Color = BLACK, *, bold: bool = False) -> None:
        self.at(self.left, self.y, text, size, color, bold=bold)
        self.y += int(size * 1.7)

    def middle(self, text: str, size: int = 32, color: Color = BLACK) -> None:
        width = self.pen.textlength(text, font(size, self.face, bold=True))
        self.at(int((self.size[0] - width) / 2), self.y, text, size, color, bold=True)
        self.y += int(size * 1.8)

    def at(
        self, x: int, y: int, text: str, size: int = 26, color: Color = BLACK, *, bold: bool = False
    ) -> None:
        if isinstance(self.chance, Chance):
            self.chance.said.append(text)
        self.pen.text((x, y), text, color, font(size, self.face, bold=bold))

    def rule(self, color: Color = GREY) -> None:
        self.pen.line((self.left, self.y, self.size[0] - self.left, self.y), color, 2)
        self.y += 12

    def table(
        self, heads: list[str], rows: list[list[str]], widths: list[int], size: int = 22
    ) -> None:
        height = int(size * 1.9)
        for number, row in enumerate([heads, *rows]):
            x = self.left
            for cell, width in zip(row, widths, strict=True):
                fill = (228, 234, 244) if number == 0 else None
                self.pen.rectangle((x, self.y, x + width, self.y + height), fill, GREY)
                self.at(x + 8, self.y + 6, cell, size, bold=number == 0)
                x += width
            self.y += height
        self.y += 14

    def paste(self, picture: Image.Image, x: int, y: int) -> None:
        self.image.paste(picture, (x, y))

    def boxes(self, x: int, y: int, digits: str, size: int = 26) -> None:
        """One digit a box, as on forms."""
        for digit in digits:
            self.pen.rectangle((x, y, x + size + 4, y + size + 10), WHITE, GREY)
            self.at(x + 7, y + 3, digit, size)
            x += size + 6
