"""A newcomer starts the product, opens the page, plays the story and taps every button."""

from __future__ import annotations

import os
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bench.processes import Process
from tests.browser import SIZES, launch
from tests.services.server import free_port, wait_until
from tests.way.test_processes import ROOT, _answers
from tests.way.test_wristband import wristband

CLUB = "Ca1d0c0de5a4db0c5000000000000002b"
AOM = "U" + b"aom".hex().ljust(32, "0")
# Invented; the check digit is right.
SLIP = "คนไข้เตียง 3 HN 650098761 เลขบัตร 1-2810-46451-27-4 ขอ lab ด่วน"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def sandbox_url(tmp_path: Path) -> Iterator[str]:
    """`python -m bot run`, as `make run` calls it, in a folder where nothing is yet."""
    port, sandbox_port = free_port(), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SANDBOX_PORT": str(sandbox_port),
    }
    command = [sys.executable, "-m", "bot", "run", "--port", str(port)]
    process = Process("product", command, environment, tmp_path)
    process.start()
    try:
        wait_until(lambda: _answers(port), 30)
        wait_until(lambda: _is_approved(environment, tmp_path), 60)
        yield f"http://127.0.0.1:{sandbox_port}"
    finally:
        process.stop()


def _is_approved(environment: dict[str, str], directory: Path) -> bool:
    """The groups have invited the bot, and the ward is approved."""
    listing = Process(
        "list", [sys.executable, "-m", "bot", "group", "list"], environment, directory
    )
    listing.log.unlink(missing_ok=True)
    listing.start()
    wait_until(lambda: not listing.is_running(), 30)
    said = listing.log.read_text()
    return said.count("approved until") == 2 and "social" in said


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, sandbox_url: str) -> Iterator[Page]:
    width, height = SIZES[request.param]
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": width, "height": height})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{sandbox_url}/?pace=0.2")
        page.wait_for_selector(".chat-item")
        yield page
        browser.close()
        assert complaints == []


def test_the_story_shows_a_warning_and_ends_with_the_loop_closed(page: Page) -> None:
    page.get_by_role("button", name=re.compile("เล่าเรื่องตัวอย่าง")).first.click()
    expect(page.locator("body")).to_contain_text("ช่วยเก็บข้อความนี้กลับหน่อยนะคะ", timeout=60_000)
    expect(page.locator(".caption[data-state=done]")).to_be_visible(timeout=90_000)

    expect(page.locator("body")).to_contain_text("ขอบคุณมากค่ะ เก็บกลับแล้วใน")


def test_every_button_of_a_warning_answers_and_the_unsend_closes_the_loop(page: Page) -> None:
    page.click(f'[data-chat="{CLUB}"]')
    _say(page, SLIP)
    chat = page.locator("#messages, main").first
    expect(chat).to_contain_text("ช่วยเก็บข้อความนี้กลับหน่อยนะคะ", timeout=30_000)
    for label, answer in (
        ("ยกเลิกการส่งแล้ว", "รับทราบแล้ว"),
        ("ดูแนวปฏิบัติ", "SOP-IT-001"),
        ("แจ้งว่าตรวจผิด", "จดไว้แล้วว่าอาจตรวจผิด"),
    ):
        page.get_by_role("button", name=label).last.click()
        expect(chat).to_contain_text(answer, timeout=30_000)
    page.locator(".row.mine .bubble").last.click(button="right")
    page.get_by_role("menuitem").filter(has_text="ยกเลิกการส่ง").click()
    _confirm(page)
    _say(page, "ขอโทษค่ะ")
    expect(chat).to_contain_text("เก็บกลับแล้วใน", timeout=30_000)


@pytest.mark.timeout(240)
def test_a_photo_dropped_into_a_group_earns_a_warning_and_its_masked_copy_is_shown(
    page: Page,
) -> None:
    page.click(f'[data-chat="{CLUB}"]')
    chat = page.locator("#messages, main").first
    expect(chat).to_contain_text("ชมรมวิ่งโรงพยาบาล")  # it is open: before, a drop goes nowhere
    _drop(page, wristband())
    expect(page.locator(".row.mine").last).to_be_visible(timeout=30_000)
    expect(chat).to_contain_text("ช่วยเก็บภาพนี้กลับหน่อยนะคะ", timeout=90_000)
    page.get_by_role("button", name="ขอภาพฉบับปกปิด").last.click()
    _go_back(page)
    page.click(f'[data-chat="{AOM}"]')
    expect(chat).to_contain_text("ภาพฉบับปกปิดอยู่ด้านล่างค่ะ", timeout=60_000)
    copy = page.locator(".plain img").last
    copy.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth === 1200", arg=copy.element_handle())


def _drop(page: Page, photo: bytes) -> None:
    """As a hand does it: with the file, onto the chat."""
    page.evaluate(
        """([photo]) => {
            const bytes = Uint8Array.from(atob(photo), (one) => one.charCodeAt(0));
            const dropped = new DataTransfer();
            dropped.items.add(new File([bytes], "wristband.jpg", { type: "image/jpeg" }));
            const event = new DragEvent("drop", { dataTransfer: dropped, bubbles: true });
            document.querySelector(".chat").dispatchEvent(event);
        }""",
        [b64encode(photo).decode()],
    )


def _go_back(page: Page) -> None:
    """On a phone one chat fills the screen."""
    back = page.locator("#back")
    if back.is_visible():
        back.click()


def _say(page: Page, words: str) -> None:
    page.fill("#words", words)
    page.press("#words", "Enter")


def _confirm(page: Page) -> None:
    confirm = page.get_by_role("dialog").get_by_role("button", name=re.compile("ยกเลิกการส่ง"))
    if confirm.count():
        confirm.first.click()
