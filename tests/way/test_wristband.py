"""The whole way with the real eyes: a photo of a wristband, the warning, and its safe copy."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.domain.buttons import Button, encode
from bot.domain.sights import LookOutcome
from bot.sandbox.people import Friendship
from bot.storage.tables import identifier_tokens, incident_messages, incidents
from tests.way.product import CITIZEN_NUMBER, Product, running_product

BASE = "https://guard.hospital.example"
HN = "650012345"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    url = f"sqlite:///{tmp_path}/wongraksa.db"
    with running_product(url, public_base_url=BASE, line_timeout_seconds=5.0) as running:
        yield running
        running.parts.looker.close()


def wristband() -> bytes:
    """Invented, on plain paper; with a place in its metadata, as a phone writes it."""
    paper = Image.new("RGB", (1200, 420), "white")
    draw = ImageDraw.Draw(paper)
    draw.rectangle((20, 20, 1180, 400), outline="black", width=4)
    lines = (f"HN: {HN}", f"ID {CITIZEN_NUMBER}", "Ward 5  Bed 12")
    for number, line in enumerate(lines):
        draw.text((60, 60 + 110 * number), line, fill="black", font=ImageFont.load_default(size=72))
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    out = BytesIO()
    paper.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


@pytest.mark.timeout(300)
def test_a_wristband_earns_a_warning_and_its_sender_gets_a_safe_copy(product: Product) -> None:
    nurse = product.platform.add_person("พยาบาลนก", friendship=Friendship.FRIEND)
    club = product.platform.add_group("ชมรมวิ่ง", [nurse])
    product.platform.follow(nurse)
    product.platform.send_image(club, nurse, wristband())
    product.settle()

    assert product.looked() == [("identifiers", None, "incident")]
    (message,) = product.rows(incident_messages)
    assert {"HN", "NATIONAL_ID"} <= set(message.labels.split(","))
    assert product.count(identifier_tokens) >= 2
    said = " ".join(product.line.texts(club))
    assert "ภาพที่ส่งเมื่อ" in said
    assert HN not in said

    (incident,) = product.rows(incidents)
    product.platform.postback(club, nurse, encode(Button.COPY, incident.token))
    product.settle()
    copy = _fetched(product)
    assert not Image.open(BytesIO(copy)).getexif()
    again = product.parts.looker.look(copy)
    assert again.outcome is LookOutcome.NONE


def _fetched(product: Product) -> bytes:
    (push,) = product.line.calls("/v2/bot/message/push")
    address = push.json["messages"][1]["originalContentUrl"]
    answer = product.client.get(address.removeprefix(BASE))
    assert answer.status_code == 200
    return bytes(answer.data)
