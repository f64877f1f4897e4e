"""Pictures of the sandbox for the README: `make run` in one window, `make screenshots` in another.

Plays the story at phone and desktop width and keeps what a newcomer sees in docs/images/.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import SIZES, launch

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"


def main(sandbox_url: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{sandbox_url}/?pace=2")
            play(page, name)
            page.close()
        browser.close()


def play(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("เล่าเรื่องตัวอย่าง")).first.click()
    page.get_by_text("ช่วยเก็บข้อความนี้กลับหน่อยนะคะ").last.wait_for(timeout=60_000)
    page.wait_for_timeout(700)  # until the chat has scrolled to it
    page.screenshot(path=IMAGES / f"{name}-warning.png")
    page.locator(".caption[data-state=done]").wait_for(timeout=90_000)
    page.wait_for_timeout(700)
    page.screenshot(path=IMAGES / f"{name}-closed.png")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8081")
