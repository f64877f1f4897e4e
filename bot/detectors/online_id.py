"""LINE ids, Facebook names and the like of patients and relatives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.names.lexicon import lexicon
from bot.detectors.owner import is_patients_or_asks
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
    r"""(?:ไอดี|id|ชื่อ|แอด|บัญชี|user(?:name)?)?\s?(?:เพจ(?=\s?ชื่อ|\s?["“'])|(?<=ชื่อ)เพจ(?!\s?(?:โรง|รพ|ร้าน|หน่วย|เรา|ใหม่|เดิม))|(?<=เจ้าของ)เพจ|แอค(?:เคา[ทน]์?|หลุม)?(?=\s?ชื่อ)|คอมเมน[ตท]์?\s?จาก|คอมเม้น[ตท]?์?\s?จาก|โปรไฟล์|ไลน์|ไลน์?ไอดี|ไอดี(?!อะไร|ไหน|อื่น)|(?<![a-z])line(?![a-z])
      |เฟส(?:บุ๊?[คก])?|เฟซ(?:บุ๊?[คก])?|(?<![a-z])(?:fb|facebook|ig|instagram|tiktok|telegram|whats\s?app|viber|zalo|signal(?=\s?(?:id|ของ|คนไข้|ญาติ))|wechat
      |we\s?chat|kakao(?:talk)?|twitter
      |youtube|discord)(?![a-z])|ยูทู[บป]|ดิสคอร์ด|ไอจี|ติ๊กต[็่]?อก|วีแชท|เทเลแกรม|ว[อา][ทต]ส์?แอ[ปพ]|ซาโล|คา(?:เคา|ทก)(?:ทอล์?ค)?|อินสตาแกรม|เมสเซนเจอร์|messenger)
        (?:[ :.=\-"'(/\n]|(?:เตียง|ห้อง|bed)[ ]?[0-9]{1,4}(?![0-9])
          |(?:ไอดี|id|ส่วนตัว|ของ|คนไข้|ผู้ป่วย|ญาติ|แก|เค้า|เขา|เจ้าตัว|ไว้|ให้|ว่า|คือ|เป็น|ค่ะ
          |ชื่อ(?!เฟส|เฟซ|ไลน์|ไอจี|line|fb)|คะ|ครับ|นะ|ที่|ลูกสาว|ลูกชาย|ลูกเขย|ลูกสะใภ้|ลูก|(?:แม่|พ่อ)(?!น้อง|[ก-ฮ](?!ื่อ|นไข))|ผัว|เมีย|สามี|ภรรยา|แฟน|พี่สาว|พี่ชาย|น้องสาว
          |น้องชาย|ใช้|(?:ติด)?ตาม(?=\s?(?:ใช้)?ชื่อ)|ติดต่อ(?=\s?(?:ใช้)?ชื่อ)
          |ได้|แล้ว|เลย|เอง|มา|หน่อย|แอด|ทัก|add|name))*""",
    re.VERBOSE | re.IGNORECASE,
)
# The last characters may stand apart: 'p-o-m_4 5 1'.
_ID = re.compile(
    r"@?[A-Za-z0-9][A-Za-z0-9._\-]{2,40}(?<![.\-])(?:(?: [0-9]){2,8}(?![0-9])|#[0-9]{4}(?![0-9]))?"
)
# 'เอ บี ขีดล่าง สองห้า': an id as it is said over the phone.
_LETTER_SAID = (
    r"(?:ดับเบิล ?ยู|เอ็?กซ์|เอ็?[มนชสฟ]|เอ[ชสฟ]|แอล|อาร์|วาย|แซ[ดต]|คิว|ไอ|เอ|บี|ซี|ดี|อี|จี|เจ|เค|โอ|พี|ที|ยู|วี)"
)
_SIGN_SAID = r"(?:ขีด(?:ล่าง|กลาง|เส้นใต้|บน)?|อันเดอร์ ?สกอร์|จุด|ดอท|แอท)"
_DIGIT_SAID = r"(?:ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|(?<![0-9])[0-9]{1,8}(?![0-9]))"
# Each piece begins and ends where no other could: what is ambiguous takes for ever.
_LATIN_SAID = r"(?<![A-Za-z])[A-Za-z]{1,12}(?![A-Za-z])"
_PIECE_SAID = rf"(?:{_LETTER_SAID}|{_SIGN_SAID}|{_DIGIT_SAID}|{_LATIN_SAID})"
_SAID = re.compile(
    rf"{_PIECE_SAID}(?: ?{_PIECE_SAID}){{0,12}} ?{_SIGN_SAID}(?: ?{_PIECE_SAID}){{1,12}}"
    rf"|{_LETTER_SAID}(?: {_LETTER_SAID}){{1,8}}(?: ?{_DIGIT_SAID}){{2,8}}"
)
# 'ใช้ชื่อ Nok.88 หน้าโปรไฟล์': the word comes behind.
_NAMED_BEFORE = re.compile(
    r"ชื่อ ?(?P<value>[A-Za-z][A-Za-z0-9._\-]{2,40}(?<![.\-])) ?"
    r"(?:(?:หน้า|ใน|ตรง|บน|ที่) ?)?(?:โปรไฟล์|ไลน์|เฟส|เฟซ|line|facebook|fb|ไอจี|ig)(?![a-z])",
    re.IGNORECASE,
)
# Up to four Thai words are a display name, until the sentence goes on.
# 'คนไข้', 'คนนี้', and no 'คนเลี้ยงวัว', as people call themselves.
_SOME = r"คน(?=ไข้|นี้|นั้น|ที่|เดียว|ใน|ไหน|ละ|ดู|โพส|เขียน|ของ|มา|แชร์|ตาม|คอม|แรก|หลัง|อื่น| |\n|\Z)"
_GOES_ON = (
    rf"(?:โพ|ทัก|แชท|เป็น|ส่ง|ลง|คอม|แท็|รีวิว|บอก|ว่า|นะ|ค่ะ|ครับ|ด่า|ร้อง|ถาม|ไม่|ยัง|ของ|ติด|โทร|{_SOME}|ทีม|เปลี่ยน|ใช้"
    rf"|มา|ไป|แล้ว|อย่าง|รูป|ขอ(?!น)|แจ้ง|เลื่อน|อยาก|ให้|เพียง|เท่านั้น|ทั้ง|แทน|ด้วยกัน|เพิ่ง|กำลัง|เข้า(?:ไป|มา|ได้|ไม่)|ตอบ|อ่าน|เห็น|ดู|รีบ|โวย|อวย|บล็อก|กด|โดน|พิมพ์|ไลฟ์|ถ่าย|เล่า|ขู่|แฉ|ลบ|เม้น|พูด|หลอก|โกรธ|หัวหน้า|วอร์ด|รพ|แม่ของ|ได้(?!ใจ|ดี)|แต่(?!ง)|เบอร์|เพจ|แคป|ยอม|ตั้ง|หรือ|และ|ก็|จะ|ทำ(?=แผล|งาน|อะไร|ให้|ไม)|ชอบมา|ฝาก|รบกวน|ช่วย|พี่|หมอ|ญาติ|ใคร|เฟส|เฟซ|ไลน์)"
)
_THAI_WORD = rf"(?!{_GOES_ON})[ก-๙]{{2,24}}(?![ก-๙])(?:[♡♥★☆✿❀][ก-๙]{{2,20}}(?![ก-๙]))?"
_LATIN_WORD = r"[A-Z][A-Za-z.'’\-]*(?:[0-9]{1,4}(?![0-9]))?"
_THAI_NAME = re.compile(rf"{_THAI_WORD}(?: (?:{_THAI_WORD}|{_LATIN_WORD}|ณ {_THAI_WORD})){{0,3}}")
_LATIN_NAME = re.compile(
    rf"[A-Z][A-Za-z.'’\-]+(?: (?:& )?{_LATIN_WORD}){{0,5}}(?: (?P<thai>{_THAI_WORD})(?= |$|\n))?"
)
_COMMON_WORD = 1000
_AFTER_NAMED = re.compile(
    r".*(?:ชื่อ(?!โปรไฟล์|เฟส|เฟซ|ไลน์|ไอจี|เพจ|แอค)|name)(?:ว่า|คือ|เป็น)?[ :=\"'(]*",
    re.IGNORECASE | re.DOTALL,
)
_SAID_REACH = 24
_OPENING = re.compile(r"[\"'“‘]")
_QUOTED = re.compile(r"(?:[\"“](?P<double>[^\"”\n]{2,48})[\"”]|['‘](?P<single>[^'’\n]{2,40})['’])")
# 'เฟซแม่เด็กที่นัดวันนี้ชื่อ "…"': some words on.
_QUOTED_FURTHER = re.compile(rf"[^\n\"“'‘]{{0,44}}?ชื่อ(?:ว่า)? ?{_QUOTED.pattern}")
# 'แชท OA เด้งเข้า "…" ถามผล …': who writes to the hospital, and what only patients ask.
_WHO_WRITES = re.compile(
    rf"(?:แช[ทต]|(?<![a-z])(?:oa|inbox|dm)(?![a-z])|อินบ็?อก|กล่องข้อความ|เพจ)"
    rf"(?:(?!กลุ่ม|ว่า|ข่าว|ร้าน|หัวข้อ|ประกาศ|เมนู|ปุ่ม|คำ|หมอ|พี่|พยาบาล|กับ)[ก-๙A-Za-z. ]){{0,28}}"
    rf"{_QUOTED.pattern} ?"
    r"(?:ทัก|พิมพ์|ส่ง|แจ้ง|มา|เข้า|แชท|ข้อความ|ไลน์|เรื่อง|จะ|อยาก| ){0,4}"
    r"(?:ถาม|ขอ(?!ง)|เลื่อน|ปรึกษา|รูป|ฟัง|รู้|ทวง|ตาม|อ่าน)[^\n\"“]{0,14}?"
    r"(?:ผล|นัด|แผล|ยา(?!ม)|อาการ|ประวัติ|ใบรับรอง|ใบแพทย์|ตัวเอง|คิว|แม่|พ่อ|ลูก|สามี|lab|pap|x-?ray|ct|mri)",
    re.IGNORECASE,
)
_NO_WRITER = re.compile("ขอ|เอกสาร|ระบบ|โปร|แจ้ง|พี่|หมอ|พยาบาล|เลื่อน|นัด|ผล|ใบ")
# 'ติดต่อได้ทางเฟส …': what stands behind is how somebody is called there.
_REACHED_THROUGH = re.compile(r"(?:ติดต่อ|ทัก|ตาม|คุย|หา|เจอ)[ก-๙]{0,8} ?(?:ทาง|ผ่าน)\Z")
_A_DESK = re.compile("แผนก|ห้อง|ตึก|ฝ่าย|งาน|หน่วย|ศูนย์|คลินิก|โรงพยาบาล|กลุ่ม|เพจ|ร้าน|บริษัท|แอด|ส่วนตัว")
_FACEBOOK = re.compile(r"เฟส|เฟซ|fb|facebook|จาก|โปรไฟล์|เพจ|แอค", re.IGNORECASE)
_NAMED = re.compile(r"ชื่อ|name", re.IGNORECASE)
# 'ไลน์ชื่ออะไร' asks.
_ASKED = re.compile("อะไร|ไร|ไหน|เดิม|เดียวกัน|กลุ่ม|ผู้ใช้|ที่|นี้|นั้น|จริง|ตัวเอง")
_LONG_WORD = 5
# 'ไลน์ของลูกชายคนไข้ห้อง 12 นะคะ kenji_b.t': some words on, what only an id looks like.
_LIKE_AN_ID = re.compile(
    r"(?<![A-Za-z0-9@._/\-])@?[A-Za-z][A-Za-z0-9]{0,20}(?:[._][A-Za-z0-9]{1,20}){1,4}(?![A-Za-z0-9@._])"
    r"|(?<![A-Za-z0-9@._/\-])[a-z]{4,16}[0-9]{2,6}[a-z]{0,4}(?![A-Za-z0-9@._])"
)
_PHONE_AS_ID = re.compile(r"0[689][0-9]{8}(?![0-9])")
_AND = re.compile(r" ?(?:/|,|&|กับ|และ) ?")
_ID_REACH = 45
_OF_WORK = re.compile(
    r"(?<![ก-๙])หมอ(?!น)|พยาบาล|เภสัช|ข่าว|support|helpdesk|admin|(?<![a-z])(?:it|dr|prof)[._]|hosp|clinic|opd|ward|official|pharm|center|nurse",
    re.IGNORECASE,
)
_A_FILE = re.compile(r"\.(?:pdf|jpe?g|png|xlsx?|docx?|pptx?|mp4|csv|zip)$", re.IGNORECASE)
# '🌷ป้าน้อย🌷': a display name between its ornaments.
_ORNAMENT = r"[^\w\sก-๛\x00-\x7f]{1,4}"
_ORNAMENTS = re.compile(_ORNAMENT)
_ORNATE = re.compile(
    rf"{_ORNAMENT} ?[ก-๛A-Za-z][ก-๛A-Za-z0-9 .]{{0,28}}[ก-๛A-Za-z0-9.] ?{_ORNAMENT}"
)
_PLAIN_WORDS = frozenset(
    (
        *("line", "ไลน์", "group", "oa", "official", "chat", "call", "ward", "notify", "today"),
        *("id", "fb", "facebook", "live", "page", "post", "messenger", "web", "app", "https"),
        *("http", "www", "com", "video", "share", "link"),
        *("after", "before", "about", "again", "please", "until", "instead", "message", "messages"),
        *("number", "account", "because", "there", "their", "where", "which", "would", "anytime"),
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
        "เพจ",
        "ไอดี",
        "แอค",
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
        "whats",
        "viber",
        "zalo",
        "signal",
        "เทเลแกรม",
        "วอท",
        "วอต",
        "วาท",
        "วาต",
        "ซาโล",
        "คาเคา",
        "คาทก",
        "oa",
        "inbox",
        "แชท",
        "แชต",
        "อินบ",
        "กล่องข้อความ",
        "youtube",
        "ยูทู",
        "discord",
        "ดิสคอร์ด",
    )
    must_find: tuple[tuple[str, str], ...] = (
        ("คนไข้ให้ไอดีไลน์ไว้ lungchai_2499 เดี๋ยวแอด", "lungchai_2499"),
        ("ทักเฟสคนไข้ facebook.com/kwang.j.9 ยังไม่อ่าน", "facebook.com/kwang.j.9"),
        ("ลูกสะใภ้คนไข้ ชื่อเฟส Nong Aum Lukmae ทักมา", "Nong Aum Lukmae"),
        ("โทรหาคนไข้ ถ้าไม่รับลองไลน์ @pa.somboon", "@pa.somboon"),
        ("ไลน์ญาติคนไข้ พี เอส ขีดล่าง 45 แอดได้เลย", "พี เอส ขีดล่าง 45"),
        ("ไลน์ลูกคนไข้ ไอดี ting_tong 4 1 7 ค่ะ", "ting_tong 4 1 7"),
        ("คนไข้ทักมาทางเพจ ใช้ชื่อ Mim.Mii77 ในเฟส", "Mim.Mii77"),
        ("ญาติคนไข้ส่งรูปมา ไลน์ชื่อ แม่น้องใบบัว ค่ะ", "แม่น้องใบบัว"),
        ('เฟสลูกสาวคนไข้ชื่อ "แก้มบุ๋ม ณ โคราช" ทักมา', "แก้มบุ๋ม ณ โคราช"),
        ('คนไข้มีช่อง YouTube "MayMay Vlog" ถ่ายในวอร์ด', "MayMay Vlog"),
        ("discord คนไข้ wolf#8812", "wolf#8812"),
        ("คนไข้มีแต่เฟส ชื่อเฟส น้องไผ่ ใจเกเร ทักเรื่องเปลี่ยนสายสวนแล้ว", "น้องไผ่ ใจเกเร"),
        ('น้องที่โดนงูกัดโพสต์เฟซ ชื่อเฟซ "ไอซ์\'ซี่ คนเหงา" ญาติยังไม่มา', "ไอซ์'ซี่ คนเหงา"),
        ('เฟซพ่อเด็กที่ต้องมาฉีดเข็มสามชื่อ "หนุ่มนา บ่าวไทบ้าน" ทักไปแล้ว', "หนุ่มนา บ่าวไทบ้าน"),
        ('แชท OA เด้งเข้า "หญิงเล็ก ร้านข้าวแกง🌶" ถามผล pap smear ตัวเอง', "หญิงเล็ก ร้านข้าวแกง🌶"),
        ('มี inbox จาก "ปูเป้ ขนมจีนแม่หมู" ขอเลื่อนนัดตา', "ปูเป้ ขนมจีนแม่หมู"),
        ("คนไข้วัณโรคย้ายไปแล้ว ติดต่อได้ทางเฟส หล้า คนสันป่า ทักไปแล้ว", "หล้า คนสันป่า"),
        ("คนไข้ hep B ให้ทักทางไลน์ น้อย ท่าเรือ เท่านั้น", "น้อย ท่าเรือ"),
        ("LINE ญาติคนไข้ stroke ห้อง 2 minaung_dawei7 ส่งคลิปให้ที", "minaung_dawei7"),
        ("พ่อคนไข้ขอพบลูก เฟส Somkid Raiphet แต่ศาลสั่งห้าม", "Somkid Raiphet"),
        ("ลูกชายคนไข้ถามค่ารักษา เฟส Lomnao Inthanon99 ทักมา", "Lomnao Inthanon99"),
        ("ติ๊กต่อกแม่คนไข้ชื่อ mewmew_nan ถ่ายในห้อง", "mewmew_nan"),
        ("ไลน์คนไข้ pa_som56 / bird.wing_9 / 0819920441 แอดแล้ว", "0819920441"),
        ("ญาติคนไข้ ชื่อไลน์ KwAnG🌸 ขอคุย", "KwAnG🌸"),
        ("คนไข้ทักมา ชื่อโปรไฟล์ ต้อม มอไซค์แดง ขอเลื่อน", "ต้อม มอไซค์แดง"),
        ("แม่คนไข้ ชื่อเฟส Aom Aom ชอบปลูกผัก เพิ่งทักมา", "Aom Aom ชอบปลูกผัก"),
        ("คนไข้หนีกลับ ขอเฟซไว้ตาม ใช้ชื่อ นุ่น ลมหนาว", "นุ่น ลมหนาว"),
        ("คนไข้ที่โวย เฟสแกชื่อ น้าติ๊ก สายบุญ ณ ท่าวัง ไลฟ์อยู่", "น้าติ๊ก สายบุญ ณ ท่าวัง"),
        ("ญาติคนไข้ไม่มีเบอร์ มีแต่ไลน์ ชื่อไลน์ น้าติ๊ก ขายผ้า ทักแล้ว", "น้าติ๊ก ขายผ้า"),
    )
    must_leave: tuple[str, ...] = (
        "แอด LINE OA โรงพยาบาล @nongphairat_opd เพื่อเช็คคิว",
        "แจ้งในไลน์ group ward ได้เลย",
        "คนไข้ถามว่าไลน์ชื่ออะไร",
        'เพจข่าว "เมืองน่านวันนี้" ถามเรื่องคิวฉีดวัคซีน',
        'แชทเพจเด้ง "ขอบคุณหมอห้อง 4" คนไข้ชมมา',
        'แชทกลุ่ม "ER รักกัน" ถามผลเลือดคนไข้เตียง 4',
        'ในแชท OA ขึ้นข้อความว่า "นอกเวลาทำการ" ถามคิวคนไข้ไม่ได้',
        "คนไข้ติดต่อทางไลน์ แผนกตา ได้เลย",
        "แจ้งผลคนไข้ ติดต่อผ่านไลน์ ไม่ตอบ",
        "แอดไลน์แจ้งซ่อม @fixit.nph เตียงคนไข้เสีย",
        "daughter of bed 7 wants no WhatsApp after 11 pm",
        "ไลน์ทางการ @nongphai_hospital แอดรับคิวคนไข้",
        "ญาติคนไข้แอดไลน์ @clinic.tb.9 ได้",
        "เพจดังลงข่าวคนไข้ ตามไปดูที่ facebook.com/newsbigbang",
        "ญาติคนไข้ให้แอดไลน์ไว้ แต่จำชื่อไม่ได้",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        last, asking = 0, set(_who_write(scene.text))
        proposals = asking.union(_proposals(scene.text))
        for start, end in sorted(proposals, key=lambda span: (span[0], -span[1])):
            if start < last or scene.is_taken_by_number(start, end):
                continue
            if _OF_WORK.search(scene.text, start, end) or excuses.is_teaching(scene, start):
                continue
            if (
                (start, end) in asking
                or scene.has_patient_at(start, end)
                or is_patients_or_asks(scene, start, end)
            ):
                last = end
                reason = "online id beside words of a patient or relative"
                yield Finding(start, end, self.label, Strength.LIKELY, reason)


def _who_write(text: str) -> Iterator[tuple[int, int]]:
    for match in _WHO_WRITES.finditer(text):
        which = "double" if match["double"] else "single"
        if _NO_WRITER.match(match[which]) is None:
            yield match.span(which)


def _proposals(text: str) -> Iterator[tuple[int, int]]:
    for shape in (_URL, _HANDLE):
        for match in shape.finditer(text):
            yield match.span()
    for match in _NAMED_BEFORE.finditer(text):
        yield match.span("value")
    for name in _NAMES.finditer(text):
        span = _named(text, name)
        while span is not None:
            yield span
            span = _another(text, span[1])


def _another(text: str, end: int) -> tuple[int, int] | None:
    """'ไอดี noi_56 / bird.wing_9': more of them behind one word."""
    link = _AND.match(text, end)
    if link is None:
        return None
    like = _LIKE_AN_ID.match(text, link.end()) or _PHONE_AS_ID.match(text, link.end())
    return like.span() if like else None


def _named(text: str, name: re.Match[str]) -> tuple[int, int] | None:
    # What opens a quotation ends the words in front of it, even where it reads on like one.
    opening = _OPENING.search(name[0])
    quoted = _QUOTED.match(text, name.start() + opening.start() if opening else name.end())
    quoted = quoted or _QUOTED_FURTHER.match(text, name.end())
    if quoted:
        return quoted.span("double" if quoted["double"] else "single")
    ornate = _ORNATE.match(text, name.end())
    return ornate.span() if ornate else _said_or_written(text, name)


def _said_or_written(text: str, name: re.Match[str]) -> tuple[int, int] | None:
    is_display_name = bool(_FACEBOOK.search(name[0])) or bool(_NAMED.search(name[0]))
    latin = _latin_name(text, name.end()) if is_display_name else None
    if latin is not None:
        return latin
    said = _SAID.search(text, name.end(), name.end() + _SAID_REACH)
    said = _SAID.match(text, said.start()) if said else None
    if said:
        return said.span()
    handle = _ID.match(text, name.end())
    if handle is not None and handle[0].isalpha() and not is_display_name:
        like = _further_on(text, handle.end())
        if like is not None:
            return like
    if handle is not None and _looks_chosen(handle[0]):
        ornament = _ORNAMENTS.match(text, handle.end()) if is_display_name else None
        return handle.start(), ornament.end() if ornament else handle.end()
    named = _AFTER_NAMED.match(text, name.start(), name.end())
    thai = _THAI_NAME.match(text, named.end()) if named else None
    if thai is None and is_display_name and not _is_asked(text, name):
        thai = _display_name(text, name)
    if thai is None and _REACHED_THROUGH.search(text, max(0, name.start() - 24), name.start()):
        thai = _called_there(text, name)
    if thai and not _ASKED.match(thai[0]):
        return thai.span()
    return _further_on(text, name.end())


def _display_name(text: str, name: re.Match[str]) -> re.Match[str] | None:
    """'ชื่อเฟส …', 'เฟส: …', and 'เฟส' before what people are called."""
    thai = _THAI_NAME.match(text, name.end())
    if thai is None or name[0].lstrip().startswith("ชื่อ") or name[0].rstrip().endswith(":"):
        return thai
    first, known = thai[0].split()[0], lexicon()
    is_called = first in known.nicknames or first in known.given
    return thai if is_called and " " in thai[0] and name[0].endswith(" ") else None


def _called_there(text: str, name: re.Match[str]) -> re.Match[str] | None:
    thai = _THAI_NAME.match(text, name.end()) if name[0].endswith(" ") else None
    return thai if thai and " " in thai[0] and not _A_DESK.match(thai[0]) else None


def _is_asked(text: str, name: re.Match[str]) -> bool:
    return _ASKED.match(text, name.end()) is not None


def _further_on(text: str, start: int) -> tuple[int, int] | None:
    line_end = text.find("\n", start)
    last = min(len(text) if line_end < 0 else line_end, start + _ID_REACH)
    like = _LIKE_AN_ID.search(text, start, last)
    like = _LIKE_AN_ID.match(text, like.start()) if like else None
    return None if like is None or _A_FILE.search(like[0]) else like.span()


def _latin_name(text: str, start: int) -> tuple[int, int] | None:
    """Two words or more; the last of them may be Thai, if the sentence does not go on with it."""
    name = _LATIN_NAME.match(text, start)
    if name is None or " " not in name[0]:
        return None
    thai = name["thai"]
    if thai is None or lexicon().words.get(thai, _COMMON_WORD) >= _COMMON_WORD:
        return name.span()
    end = name.start("thai") - 1
    return (start, end) if " " in text[start:end] else None


def _looks_chosen(handle: str) -> bool:
    """Somebody's own id, not a word of the sentence."""
    if handle.lower() in _PLAIN_WORDS or handle.isdigit():
        return False
    return handle[0] == "@" or any(not c.isalpha() for c in handle) or len(handle) >= _LONG_WORD


DETECTOR = OnlineIdDetector()
