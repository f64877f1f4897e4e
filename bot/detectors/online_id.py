"""LINE ids, Facebook names and the like of patients and relatives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.owner import is_patients
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_URL = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:facebook\.com|fb\.com|fb\.me|m\.me|instagram\.com"
    r"|line\.me/ti/p|tiktok\.com|t\.me|twitter\.com|x\.com)/[@~\w.\-?=/]+[\w]",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@])@[A-Za-z][A-Za-z0-9._\-]{3,40}(?<![.\-])")
_NAMES = re.compile(
    r"""(?:ไอดี|id|ชื่อ|แอด|บัญชี|user(?:name)?)?\s?(?:คอมเมน[ตท]์?\s?จาก|คอมเม้น[ตท]?์?\s?จาก|โปรไฟล์|ไลน์|ไลน์?ไอดี|(?<![a-z])line(?![a-z])
      |เฟส(?:บุ๊?[คก])?|เฟซ(?:บุ๊?[คก])?|(?<![a-z])(?:fb|facebook|ig|instagram|tiktok|telegram|wechat
      |we\s?chat|kakao(?:talk)?|twitter)(?![a-z])|ไอจี|ติ๊กต็?อก|วีแชท|อินสตาแกรม|เมสเซนเจอร์|messenger)
        (?:[ :.=\-"'(/\n]|(?:ไอดี|id|ส่วนตัว|ของ|คนไข้|ผู้ป่วย|ญาติ|แก|เค้า|เขา|เจ้าตัว|ไว้|ให้|ชื่อ|ว่า|คือ|เป็น|ค่ะ
          |คะ|ครับ|นะ|ที่|ลูกสาว|ลูกชาย|ลูกเขย|ลูกสะใภ้|ลูก|แม่|พ่อ|ผัว|เมีย|สามี|ภรรยา|แฟน|พี่สาว|พี่ชาย|น้องสาว
          |น้องชาย|ใช้
          |name))*""",
    re.VERBOSE | re.IGNORECASE,
)
_ID = re.compile(r"@?[A-Za-z0-9][A-Za-z0-9._\-]{2,40}(?<![.\-])")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'’\-]+(?: (?:& )?[A-Z][A-Za-z.'’\-]*){1,5}")
# Up to four Thai words are a display name, until the sentence goes on.
_GOES_ON = (
    r"(?:โพ|ทัก|แชท|เป็น|ส่ง|ลง|คอม|แท็|รีวิว|บอก|ว่า|นะ|ค่ะ|ครับ|ด่า|ร้อง|ถาม|ไม่|ยัง|ของ|ติด|โทร|คน|ทีม|เปลี่ยน|ใช้"
    r"|มา|ไป|แล้ว|ฝาก|รบกวน|ช่วย|พี่|หมอ|ญาติ|ใคร|เฟส|เฟซ|ไลน์)"
)
_THAI_NAME = re.compile(rf"(?!{_GOES_ON})[ก-๙]{{2,20}}(?: (?!{_GOES_ON})[ก-๙]{{2,20}}){{0,3}}")
_QUOTED = re.compile(r"[\"'“‘]([^\"'”’\n]{2,40})[\"'”’]")
_FACEBOOK = re.compile(r"เฟส|เฟซ|fb|facebook|จาก|โปรไฟล์", re.IGNORECASE)
_NAMED = re.compile(r"ชื่อ|name", re.IGNORECASE)
_LONG_WORD = 5
_PLAIN_WORDS = frozenset(
    (
        *("line", "ไลน์", "group", "oa", "official", "chat", "call", "ward", "notify", "today"),
        *("id", "fb", "facebook", "live", "page", "post", "messenger", "web", "app", "https"),
        *("http", "www", "com", "video", "share", "link"),
    )
)


@dataclass(frozen=True, slots=True)
class OnlineIdDetector:
    """Addresses of profiles, @handles, and what stands behind 'ไอดีไลน์' or 'ชื่อเฟส'."""

    label: Label = Label.ONLINE_ID
    digits_least: int = 0
    wakes_on: tuple[str, ...] = (
        "@",
        "ไลน์",
        "ไลน",
        "line",
        "เฟส",
        "เฟซ",
        "fb",
        "facebook",
        "ig",
        "ไอจี",
        "tiktok",
        "ติ๊ก",
        "คอมเม",
        "โปรไฟล์",
        "wechat",
        "we chat",
        "kakao",
        "telegram",
        ".me/",
        ".com/",
        "วีแชท",
        "twitter",
        "insta",
        "อินสตา",
        "messenger",
        "เมสเซน",
    )
    must_find: tuple[tuple[str, str], ...] = (
        ("คนไข้ให้ไอดีไลน์ไว้ lungchai_2499 เดี๋ยวแอด", "lungchai_2499"),
        ("ทักเฟสคนไข้ facebook.com/kwang.j.9 ยังไม่อ่าน", "facebook.com/kwang.j.9"),
        ("ลูกสะใภ้คนไข้ ชื่อเฟส Nong Aum Lukmae ทักมา", "Nong Aum Lukmae"),
        ("โทรหาคนไข้ ถ้าไม่รับลองไลน์ @pa.somboon", "@pa.somboon"),
    )
    must_leave: tuple[str, ...] = (
        "แอด LINE OA โรงพยาบาล @nongphairat_opd เพื่อเช็คคิว",
        "แจ้งในไลน์ group ward ได้เลย",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        last = 0
        for start, end in sorted(set(_proposals(scene.text)), key=lambda span: (span[0], -span[1])):
            if start < last or scene.is_taken_by_number(start, end):
                continue
            if not excuses.is_teaching(scene, start) and is_patients(scene, start, end):
                last = end
                reason = "online id beside words of a patient or relative"
                yield Finding(start, end, self.label, Strength.LIKELY, reason)


def _proposals(text: str) -> Iterator[tuple[int, int]]:
    for shape in (_URL, _HANDLE):
        for match in shape.finditer(text):
            yield match.span()
    for name in _NAMES.finditer(text):
        span = _named(text, name)
        if span is not None:
            yield span


def _named(text: str, name: re.Match[str]) -> tuple[int, int] | None:
    quoted = _QUOTED.match(text, name.end() - 1) or _QUOTED.match(text, name.end())
    if quoted:
        return quoted.span(1)
    is_display_name = bool(_FACEBOOK.search(name[0])) or bool(_NAMED.search(name[0]))
    latin = _LATIN_NAME.match(text, name.end())
    if latin and is_display_name:
        return latin.span()
    handle = _ID.match(text, name.end())
    if handle is not None and _looks_chosen(handle[0]):
        return handle.span()
    thai = _THAI_NAME.match(text, name.end())
    if thai and is_display_name and _NAMED.search(name[0]) and _FACEBOOK.search(name[0]):
        return thai.span()
    return None


def _looks_chosen(handle: str) -> bool:
    """Somebody's own id, not a word of the sentence."""
    if handle.lower() in _PLAIN_WORDS or handle.isdigit():
        return False
    return handle[0] == "@" or any(not c.isalpha() for c in handle) or len(handle) >= _LONG_WORD


DETECTOR = OnlineIdDetector()
