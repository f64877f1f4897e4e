"""The page in a real browser, as a newcomer uses it."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from bot.sandbox.cast import CLUB_ID, WARD_ID, Cast, assemble
from bot.sandbox.clock import MINUTE_MS
from bot.sandbox.inspection import Inspection
from bot.sandbox.messages import Message
from bot.sandbox.platform import Platform
from bot.sandbox.server import SandboxServer
from bot.sandbox.web.app import Face, make_app
from tests.browser import SIZES, launch
from tests.sandbox.harness import TOKEN, LineSandbox, channel
from tests.sandbox.standin_bot import StandinBot, standin_bot

STORY_ENDS = ".caption[data-state=done], .caption[data-state=stuck]"

pytestmark = [
    pytest.mark.browser,
    # The browser's own loop stays behind in its thread after it has been closed.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass
class Visit:
    page: Page
    line: LineSandbox
    bot: StandinBot
    cast: Cast
    complaints: list[str]

    def open(self, chat_id: str) -> None:
        back = self.page.locator("#back")
        if back.is_visible():
            back.click()
        self.page.click(f'[data-chat="{chat_id}"]')
        expect(self.page.locator("#words")).to_be_visible()

    def write(self, words: str) -> None:
        self.page.fill("#words", words)
        self.page.press("#words", "Enter")

    def said(self, chat_id: str, count: int) -> list[Message]:
        self.line.wait_until(lambda: len(self.line.platform.messages(chat_id)) >= count)
        return self.line.platform.messages(chat_id)

    def choose(self, words: str) -> None:
        """An entry of the menu at the last own message."""
        self.page.locator(".row.mine .bubble").last.click(button="right")
        self.page.get_by_role("menuitem").filter(has_text=words).click()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


on_phone_and_desktop = pytest.mark.parametrize("visit", SIZES, indirect=True)


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Visit]:
    width, height = SIZES[getattr(request, "param", "desktop")]
    platform = Platform(channel(), seed=3)
    cast = assemble(platform)
    inspection = Inspection("http://127.0.0.1:1/unknown", TOKEN)
    server = SandboxServer(platform, app=make_app(platform, Face(inspection=inspection)))
    with server, standin_bot(LineSandbox(platform, server)) as bot:
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complain(complaints, said.type, said.text))
        page.goto(f"{server.url}/?pace=0.05")
        page.wait_for_selector(".chat-item")
        yield Visit(page, bot.line, bot, cast, complaints)
        context.close()
    assert complaints == []


def complain(complaints: list[str], kind: str, words: str) -> None:
    if kind in {"error", "warning"}:
        complaints.append(words)


@on_phone_and_desktop
def test_the_story_ends_with_the_loop_closed(visit: Visit) -> None:
    visit.page.click("#story")
    visit.page.wait_for_selector(STORY_ENDS, timeout=30_000)
    expect(visit.page.locator(".caption")).to_have_attribute("data-state", "done")
    kinds = [event["type"] for event in visit.bot.seen]
    assert kinds == ["message", "postback", "unsend", "message"]
    assert visit.line.platform.messages(CLUB_ID)[0].is_unsent
    assert visit.line.problems() == []


@on_phone_and_desktop
def test_after_the_story_the_last_card_begins_below_the_caption(visit: Visit) -> None:
    visit.page.click("#story")
    visit.page.wait_for_selector(STORY_ENDS, timeout=30_000)
    last = visit.line.platform.bot_messages(CLUB_ID)[-1].message_id
    visit.page.wait_for_timeout(300)
    card = visit.page.locator(f'.row[data-id="{last}"]').bounding_box()
    caption = visit.page.locator(".caption").bounding_box()
    assert card is not None
    assert caption is not None
    assert card["y"] >= caption["y"] + caption["height"]


def test_told_again_at_once_the_story_has_another_sender_and_shows_the_slip(visit: Visit) -> None:
    for _ in range(2):
        visit.page.click("#story")
        visit.page.wait_for_selector(STORY_ENDS, timeout=30_000)
        expect(visit.page.locator(".caption")).to_have_attribute("data-state", "done")
        visit.page.click(".caption >> text=ปิด")
    slips = [one for one in visit.line.platform.messages(CLUB_ID) if one.is_unsent]
    assert len({one.sender for one in slips}) == len(slips) == 2
    about = visit.page.locator("#panel-event")
    shown = visit.line.platform.world.event_ids_by_message[slips[-1].message_id][0]
    expect(about).to_contain_text(shown)


def test_the_quota_that_is_on_is_marked(visit: Visit) -> None:
    visit.page.click("#tab-world")
    pressed = visit.page.locator('#panel-world button[aria-pressed="true"]')
    expect(pressed).to_have_text("ไม่จำกัด")
    visit.page.click("text=จำกัด 300")
    expect(pressed).to_have_text("จำกัด 300")


def test_the_story_says_when_nothing_answers(visit: Visit) -> None:
    visit.line.set_webhook("http://127.0.0.1:1/nobody")
    visit.page.route("**/story.js", impatient)
    visit.page.reload()
    visit.page.click("#story")
    visit.page.wait_for_selector(STORY_ENDS, timeout=30_000)
    expect(visit.page.locator(".caption")).to_contain_text("บอทยังไม่ตอบ")


def impatient(route: Any) -> None:  # noqa: ANN401 - Playwright's route
    answer = route.fetch()
    hurried = answer.text().replace("PATIENCE_MS = 20_000", "PATIENCE_MS = 500")
    route.fulfill(response=answer, body=hurried)


@on_phone_and_desktop
def test_a_text_is_said_with_a_mention(visit: Visit) -> None:
    visit.open(WARD_ID)
    visit.page.focus("#words")
    visit.page.keyboard.type("ฝาก @หมอ")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.type("ด้วยค่ะ")
    visit.page.keyboard.press("Enter")
    content = visit.said(WARD_ID, 1)[0].content
    assert content["text"] == "ฝาก @หมอต้น Med ด้วยค่ะ"
    mentionee = content["mention"]["mentionees"][0]
    assert mentionee["userId"] == visit.cast["ton"].user_id
    assert (mentionee["index"], mentionee["length"]) == (4, 11)
    expect(visit.page.locator(".row.mine .mention")).to_have_text("@หมอต้น Med")


@on_phone_and_desktop
def test_a_message_is_edited_and_taken_back(visit: Visit) -> None:
    visit.open(WARD_ID)
    visit.write("ผิด")
    visit.said(WARD_ID, 1)
    visit.choose("แก้ไข")
    visit.page.fill("#words", "ถูก")
    visit.page.press("#words", "Enter")
    expect(visit.page.locator(".row.mine .meta")).to_contain_text("แก้ไขแล้ว")
    visit.choose("ยกเลิกการส่ง")
    visit.page.get_by_role("button", name="ยกเลิกการส่ง", exact=False).last.click()
    expect(visit.page.locator(".notice")).to_contain_text("ยกเลิกการส่งข้อความ")
    assert visit.said(WARD_ID, 1)[0].is_unsent


def test_what_is_older_than_an_hour_cannot_be_taken_back(visit: Visit) -> None:
    an_hour_ago = visit.line.platform.world.now_ms() - 61 * MINUTE_MS
    visit.line.platform.say(WARD_ID, visit.cast["aom"], "เมื่อวาน", at_ms=an_hour_ago)
    visit.open(WARD_ID)
    visit.page.locator(".row.mine .bubble").click(button="right")
    menu = visit.page.locator("#menu")
    expect(menu).to_contain_text("ตอบกลับ")
    expect(menu).not_to_contain_text("ยกเลิกการส่ง")


def test_deleting_is_no_unsending(visit: Visit) -> None:
    visit.open(WARD_ID)
    visit.write("ยังอยู่")
    visit.said(WARD_ID, 1)
    visit.choose("ลบ")
    visit.page.locator("dialog .main").click()
    expect(visit.page.locator(".row")).to_have_count(0)
    assert not visit.said(WARD_ID, 1)[0].is_unsent


def test_a_message_is_answered_with_a_quote(visit: Visit) -> None:
    visit.open(WARD_ID)
    visit.write("คำถาม")
    visit.said(WARD_ID, 1)
    visit.choose("ตอบกลับ")
    visit.write("คำตอบ")
    question, answer = visit.said(WARD_ID, 2)
    assert answer.content["quotedMessageId"] == question.message_id
    expect(visit.page.locator(".quoted")).to_contain_text("คำถาม")


def test_somebody_else_speaks(visit: Visit) -> None:
    visit.open(WARD_ID)
    visit.page.click("#speaker")
    visit.page.get_by_role("menuitem").filter(has_text="บอย เภสัช").click()
    visit.write("ยามาแล้วครับ")
    assert visit.said(WARD_ID, 1)[0].sender == visit.cast["boy"].user_id


@on_phone_and_desktop
def test_somebody_joins_and_leaves(visit: Visit) -> None:
    visit.open(WARD_ID)
    visit.page.click("#speaker")
    visit.page.get_by_role("menuitem").filter(has_text="เก่ง ไอที").click()
    expect(visit.page.locator(".notice")).to_contain_text("เก่ง ไอที เข้าร่วมกลุ่ม")
    visit.page.click("#members")
    visit.page.get_by_role("button", name="ออกจากกลุ่ม").last.click()
    expect(visit.page.locator(".notice").last).to_contain_text("ออกจากกลุ่ม")
    types = [event["type"] for event in visit.bot.seen]
    visit.line.wait_until(lambda: len(visit.bot.seen) >= 2)
    assert {"memberJoined", "memberLeft"} >= set(types)


def test_pictures_and_files_are_sent(visit: Visit) -> None:
    visit.open(WARD_ID)
    picture = FilePayload(name="x.png", mimeType="image/png", buffer=png())
    paper = FilePayload(name="ผล.pdf", mimeType="application/pdf", buffer=b"%PDF")
    visit.page.set_input_files("#attach", [picture])
    expect(visit.page.locator(".plain img")).to_be_visible()
    visit.page.set_input_files("#attach", [paper])
    expect(visit.page.locator(".file")).to_contain_text("ผล.pdf")
    assert [message.kind for message in visit.said(WARD_ID, 2)] == ["image", "file"]


def png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * 8 for _ in range(8)))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@on_phone_and_desktop
def test_buttons_of_a_bubble_work(visit: Visit) -> None:
    visit.open(CLUB_ID)
    visit.write("HN 6512047")
    visit.page.get_by_role("button", name="แจ้งว่าตรวจผิด").click()
    visit.line.wait_until(lambda: visit.bot.seen[-1]["type"] == "postback")
    assert visit.bot.seen[-1]["postback"] == {"data": "wrong"}
    visit.page.get_by_role("button", name="ดูแนวปฏิบัติ").click()
    link = visit.page.locator("dialog a")
    expect(link).to_have_attribute("href", "https://example.org/guide")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_quick_replies_work_and_vanish(visit: Visit) -> None:
    visit.open(WARD_ID)
    visit.write("เมนู")
    visit.page.get_by_role("button", name="เลือกเวลา").click()
    visit.page.locator("dialog .main").click()
    visit.line.wait_until(lambda: visit.bot.seen[-1]["type"] == "postback")
    assert visit.bot.seen[-1]["postback"]["params"] == {"datetime": "2026-07-28T18:30"}
    visit.page.get_by_role("button", name="ขอบคุณ").click()
    expect(visit.page.locator("#quick-replies")).to_be_hidden()
    assert visit.bot.line.platform.messages(WARD_ID)[-1].content["text"] == "ขอบคุณค่ะ"


@on_phone_and_desktop
def test_the_inspector_shows_the_webhook_and_the_calls(visit: Visit) -> None:
    visit.open(CLUB_ID)
    visit.write("HN 6512047")
    if visit.page.locator("#open-inspector").is_visible():
        visit.page.click("#open-inspector")
    panel = visit.page.locator("#panel-event")
    expect(panel.locator(".pill.good").first).to_contain_text("200")
    expect(panel).to_contain_text("ผลิตภัณฑ์ไม่ตอบ")
    expect(panel).to_contain_text("POST /message/reply")


def test_a_fault_is_put_on_order(visit: Visit) -> None:
    visit.open(CLUB_ID)
    if visit.page.locator("#open-inspector").is_visible():
        visit.page.click("#open-inspector")
    visit.page.click("#tab-world")
    visit.page.get_by_role("button", name="ให้เกิดหนึ่งครั้ง").click()
    expect(visit.page.locator("#panel-world .card")).to_contain_text("/v2/bot/message/reply")
    assert len(visit.line.platform.world.faults.standing()) == 1


def test_a_private_chat_needs_friendship(visit: Visit) -> None:
    visit.open(WARD_ID)
    visit.page.click("#speaker")
    visit.page.get_by_role("menuitem").filter(has_text="ฝน พยาบาล").click()
    visit.open(visit.cast["fon"].user_id)
    visit.page.get_by_role("button", name="เพิ่มเพื่อน").click()
    visit.line.wait_until(lambda: bool(visit.bot.seen))
    assert visit.bot.seen[-1]["type"] == "follow"
    expect(visit.page.locator("#reply-to")).to_be_hidden()


def test_the_page_needs_nothing_from_elsewhere(visit: Visit) -> None:
    answer = visit.page.goto(visit.line.url)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
