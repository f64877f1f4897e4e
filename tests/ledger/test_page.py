"""The printed page, as a browser prints it and a telephone reads it."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import sync_playwright

from bot.cli.checkpoint_page import page_of
from tests.browser import launch
from tests.ledger.test_checkpoint import AT, CHECKPOINT, signed

_A4_POINTS = (595, 842)


@pytest.mark.browser
# The browser's own loop stays behind in its thread after it has been closed.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_page_fits_one_sheet_and_its_code_reads_as_the_checkpoint(tmp_path: Path) -> None:
    note = signed(CHECKPOINT)
    path = tmp_path / "page.html"
    path.write_text(page_of(note, key="wongraksa/0+1+A", at=AT), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(device_scale_factor=2)
        page.goto(path.as_uri())
        code = Image.open(io.BytesIO(page.locator("svg").screenshot()))
        sheet = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        browser.close()
    (found,) = zxingcpp.read_barcodes(code)
    assert found.text == note
    assert len(sheet) == 1
    assert tuple(map(round, sheet[0].get_size())) == _A4_POINTS
    assert "21 พ.ย. 2569" in sheet[0].get_textpage().get_text_range()


def test_a_hospitals_name_cannot_bring_markup_along() -> None:
    note = signed(CHECKPOINT).replace("โรงพยาบาลตัวอย่าง", "<script>alert(1)</script>")
    assert "<script" not in page_of(note, key="wongraksa/0+1+A", at=AT)
