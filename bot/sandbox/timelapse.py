"""Weeks of plausible hospital chatter in a minute, with the timestamps of those weeks.

All names and numbers are invented: the numbers come from a random generator.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.sandbox.cast import CLUB_ID, HOSPITAL_ID, NETWORK_ID, STUDENTS_ID, WARD_ID
from bot.sandbox.clock import DAY_MS, HOUR_MS, MINUTE_MS
from bot.sandbox.messages import Message
from bot.sandbox.platform import Platform

MOST_WEEKS = 8
REST_MS = 2 * HOUR_MS
BACKLOG = 3

QUIET = {
    WARD_ID: (
        "ประชุมส่งเวร 15.30 น. ที่เคาน์เตอร์ค่ะ",
        "เตียง 7 ขอผลแล็บรอบบ่ายด้วยนะคะ",
        "ยา Ceftriaxone มาถึงแล้วครับ",
        "ขอแลกเวรวันเสาร์ค่ะ ใครว่างบ้าง",
        "เตียงว่าง 2 เตียง ชาย 1 หญิง 1 ค่ะ",
        "พรุ่งนี้ round 8.00 น. ครับ",
    ),
    CLUB_ID: (
        "พรุ่งนี้ 5.30 น. สวนหน้ารพ. ครับ",
        "วันนี้ 6 โล 42 นาที เหนื่อยแต่สนุก",
        "ใครลงงานมินิมาราธอนบ้างคะ",
        "ฝนตก งดวิ่งนะครับ",
        "เสื้อชมรมตัวละ 250 บาทค่ะ",
    ),
    HOSPITAL_ID: (
        "ขอเชิญประชุมใหญ่วันศุกร์ 13.00 น. ห้องประชุมชั้น 5",
        "ลิฟต์ตัวที่ 2 ปิดซ่อมถึงเที่ยงค่ะ",
        "รับสมัครจิตอาสางานวันมหิดลค่ะ",
        "ที่จอดรถอาคาร B เต็มแล้วนะครับ",
    ),
    NETWORK_ID: (
        "วันนี้รับ refer ได้ 3 เคสครับ โทรประสานก่อนนะครับ",
        "รถ refer ออกแล้วค่ะ ถึงประมาณ 40 นาที",
        "เคสชาย 65 ปี STEMI ถึง ER แล้วครับ",
        "ICU เต็มค่ะ ขอเลื่อนเป็นพรุ่งนี้เช้า",
    ),
    STUDENTS_ID: (
        "พรุ่งนี้ topic เรื่อง sepsis นะครับ",
        "ส่ง log book ภายในวันศุกร์ค่ะ",
        "ขอบคุณอาจารย์มากค่ะ",
    ),
}
SLIPS = (
    "ฝากตามผล HN {hn} ด้วยค่ะ",
    "คนไข้ชื่อ {name} HN {hn} จะ admit คืนนี้นะคะ",
    "เลขบัตร {citizen} เช็กสิทธิให้หน่อยค่ะ",
    "{name} เลขบัตรประชาชน {citizen} ย้ายจากเตียง 4",
    "HN {hn} ผล CT ออกแล้วครับ ฝากหมอดู",
)
CLEANED = "คนไข้เตียง 5 ฝากตามผลด้วยค่ะ (ส่งเลขทางระบบ HIS แล้ว)"
FIRST_NAMES = ("สมหมาย", "บุญเรือน", "วิเชียร", "มาลัย", "ประยูร", "ทองใบ", "อำพร", "สุดใจ")
LAST_NAMES = ("แก้วมณีโชติ", "ศรีทองพันธุ์", "บุญประเสริฐกุล", "วงศ์เรืองชัย", "ภู่ระย้าแก้ว")
# No province has this code, so a number with it can be nobody's.
NO_PROVINCE = (9, 9)
THREE_WEEKS = 3


def check_digit(twelve: Sequence[int]) -> int:
    total = sum(digit * weight for digit, weight in zip(twelve, range(13, 1, -1), strict=True))
    return (11 - total % 11) % 10


def citizen_number(rng: random.Random) -> str:
    """Invented, with a right check digit, written as on the card."""
    digits = [rng.randint(1, 8), *NO_PROVINCE, *(rng.randint(0, 9) for _ in range(9))]
    d = "".join(str(digit) for digit in [*digits, check_digit(digits)])
    return f"{d[0]}-{d[1:5]}-{d[5:10]}-{d[10:12]}-{d[12]}"


@dataclass(frozen=True)
class Line:
    """One thing said, and what its sender does about it later."""

    at_ms: int
    group_id: str
    text: str
    is_slip: bool = False
    remedy: str = ""
    """unsend, edit, or nothing."""
    remedy_after_ms: int = 0


def script(rng: random.Random, weeks: int, until_ms: int) -> list[Line]:
    days = range(weeks * 7, 0, -1)
    lines = [line for day in days for line in _day(rng, until_ms - day * DAY_MS)]
    return sorted((line for line in lines if line.at_ms < until_ms), key=lambda line: line.at_ms)


def _day(rng: random.Random, start_ms: int) -> Iterator[Line]:
    for group_id, said in QUIET.items():
        for _ in range(rng.randint(1, 3)):
            yield Line(start_ms + _working_time(rng), group_id, rng.choice(said))
    for _ in range(rng.choices((0, 1, 2), (3, 4, 2))[0]):
        yield _slip(rng, start_ms + _working_time(rng))


def _working_time(rng: random.Random) -> int:
    return rng.randint(0, 11 * HOUR_MS)


def _slip(rng: random.Random, at_ms: int) -> Line:
    group_id = rng.choice((CLUB_ID, CLUB_ID, HOSPITAL_ID, STUDENTS_ID, NETWORK_ID, WARD_ID))
    words = rng.choice(SLIPS).format(
        hn=f"{rng.randint(55, 68)}{rng.randint(10000, 99999)}",
        name=f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}",
        citizen=citizen_number(rng),
    )
    remedy = rng.choices(("unsend", "edit", ""), (6, 1, 2))[0]
    after_ms = rng.randint(1, 25) * MINUTE_MS
    return Line(at_ms, group_id, words, is_slip=True, remedy=remedy, remedy_after_ms=after_ms)


@dataclass
class Timelapse:
    """Plays a script through the platform, as fast as the bot keeps up, and says how far it is."""

    platform: Platform
    weeks: int = THREE_WEEKS
    seed: int | None = None
    done: int = 0
    total: int = 0
    is_running: bool = False
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        rng = random.Random(self.seed)  # noqa: S311 - invents chatter, no secrets
        now_ms = self.platform.world.now_ms()
        weeks = max(1, min(self.weeks, MOST_WEEKS))
        lines = script(rng, weeks, now_ms - REST_MS)
        self.total, self.is_running = len(lines), True
        threading.Thread(target=self._run, args=(rng, lines), daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self, rng: random.Random, lines: Sequence[Line]) -> None:
        try:
            for line in lines:
                if self._stopping.is_set():
                    return
                self._play(rng, line)
                self.done += 1
        finally:
            self.is_running = False
            self.platform.world.journal.note("switch")

    def _play(self, rng: random.Random, line: Line) -> None:
        chat = self.platform.world.chats.get(line.group_id)
        if chat is None or not chat.members:
            return
        speaker = rng.choice(chat.members)
        answered = len(self.platform.bot_messages(chat))
        message = self.platform.say(chat, speaker, line.text, at_ms=line.at_ms)
        self._until(lambda: self.platform.world.courier.pending() <= BACKLOG, seconds=5)
        if line.is_slip and chat.has_bot:
            self._remedy(line, message, answered)

    def _remedy(self, line: Line, message: Message, answered: int) -> None:
        """The sender reads the warning first, where one comes."""
        self._until(lambda: len(self.platform.bot_messages(line.group_id)) > answered, seconds=1.5)
        at_ms = line.at_ms + line.remedy_after_ms
        if line.remedy == "unsend":
            self.platform.unsend(message, at_ms=at_ms)
        elif line.remedy == "edit":
            self.platform.edit(message, CLEANED, at_ms=at_ms)

    def _until(self, is_so: Callable[[], bool], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_so() and time.monotonic() < deadline and not self._stopping.is_set():
            time.sleep(0.01)
