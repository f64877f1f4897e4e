"""Names in letters neither Thai nor Latin, as guests' names are copied into Thai talk.

The ruler asks for Thai and Latin letters. A name in Chinese, Japanese or Korean ones is short,
stands apart, and is rarely anything else where a patient is spoken of. One in Burmese, Lao or Khmer
ones is a few words with a title, or near a word that speaks of somebody, and no sentence. One in
the letters of Arabia or Russia counts right behind a Thai word that leads to names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.detectors.names.patterns import listed
from bot.detectors.names.proposal import Proposal, Taken

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

_MARGIN = 1500
_RUN = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff々]{1,4} [\u3040-\u30ff\u3400-\u9fff々]{1,4}(?![\u3040-\u9fff])"
    "|[\u3040-\u30ff\u3400-\u9fff々]{2,8}|[\uac00-\ud7a3]{2,5}"
)
_LETTERS = "\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u200c\u200d"
_LED_TO = re.compile(
    r"(?:ชื่อ|คนไข้|ผู้ป่วย|ผป\.?|นาย|นาง(?:สาว)?|น\.ส\.|ด\.[ชญ]\.|ท้าว|สามี|ภรรยา"
    r"|ลูกสาว|ลูกชาย|ญาติ|ของ|เคส)[ \t:=(]{0,3}"
    rf"(?P<name>[{_LETTERS}]{{2,30}}(?: [{_LETTERS}]{{2,30}}){{0,3}})"
)
_NEIGHBOUR = "[\u0e81-\u0ecd\u1000-\u103f\u1050-\u109f\u1780-\u17d3]"
_NEIGHBOURS = re.compile(
    rf"(?<!{_NEIGHBOUR})(?<!{_NEIGHBOUR} ){_NEIGHBOUR}{{2,24}}"
    rf"(?: {_NEIGHBOUR}{{2,24}}){{0,3}}(?! ?{_NEIGHBOUR})"
)
# Daw, U, Ko, Maung; thao, nang; lok, lok srey, neak srey, kanha. No letter without a vowel of its
# own follows: 'ကိုက်' is an ache.
_A_SYLLABLE = "(?=[\u1000-\u1021](?![\u1039\u103a]))"
_TITLE = re.compile(
    rf"(?:ဒေါ်|ဦး(?!ခေါင်း)|ကို{_A_SYLLABLE}|မောင်{_A_SYLLABLE}|ທ້າວ|ນາງ|ທ່ານ|លោកស្រី|លោក|អ្នកស្រី|កញ្ញា) ?"
)
# 'Ma' alone is also 'not': it goes with a name, and makes none.
_SHORT_TITLE = re.compile(f"မ{_A_SYLLABLE}")
_SPEAKS_OF_ONE = re.compile(
    r"ชื่อ|คนไข้|ผู้ป่วย|ผป|ญาติ|ลูก|แรงงาน|พม่า|เมียนมา|ลาว|เขมร|กัมพูชา|ต่างด้าว|นาย|นาง|น\.ส|ด\.[ชญ]|ท้าว"
    r"|สามี|ภรรยา|เมีย|เคส|ของ ?\Z|เตียง|ห้อง|บัตร|(?<![a-z])(?:name|patient|pt|bed|room|case)(?![a-z])",
    re.IGNORECASE,
)
# What is quoted, hung up or stuck on is no name, unless it is said to be one.
_QUOTES = re.compile(
    "พูด|ทัก|แปล|เขียน|คำว่า|ป้าย|โปสเตอร์|ประกาศ|สวัสดี|ขอบคุณ|ฉลาก|ใบยา|ใบนัด|ซองยา|แผ่นพับ|ประโยค|ข้อความ|แชท|ถาม|บอก|ตอบ|ร้อง|อ่าน(?!ว่า)"
)
_SPEAKING_REACH, _QUOTING_REACH = 40, 24
_LONGEST, _FEWEST = 30, 2
# Greetings, the hospital, bodies, pills and days; and how sentences end in Burmese.
_SAID = re.compile(
    "(?:\\A| )(?:မင်္ဂလာ|ကျေးဇူး|နေကောင်း|ဆေး|ဆရာဝန်|လူနာ|နာမည်|မြန်မာ|ဗမာ|ဖျား|ခေါင်း|ကိုယ်|ဗိုက်"
    "|ဝမ်း|ရင်ဘတ်|သွေး|ဘာသာ|ထမင်း|ရက်"
    "|ສະບາຍ|ຂອບໃຈ|ໂຮງໝໍ|ທ່ານໝໍ|ໝໍ|ຄົນ|ຊື່|ລາວ|ພາສາ|ເຈັບ|ໄຂ້|ຢາ|ກິນ|ມື້|ບໍ່|ອາຫານ|ເວລາ"
    "|សួស្តី|ជំរាប|អរគុណ|មន្ទីរ|អ្នកជំងឺ|ឈ្មោះ|ខ្មែរ|ភាសា|ឈឺ|ថ្នាំ|គ្រូពេទ្យ|លេប|ញ៉ាំ|ក្តៅ|ថ្ងៃ|មិន|កម្ពុជា)"
    "|(?:တယ်|ပါ|လား|မယ်|သည်|ဘူး|နော်)\\Z"
)
_HONORIFIC = re.compile("(?:さん|様|氏|先生|女士|小姐|太太|桑|님|씨)$")
# Languages, countries, and what is said at a hospital.
_NO_NAMES = frozenset(
    listed(
        """中文 中国 日本 日本人 日本語 中国人 韓国 韩国 英文 泰国 泰文 医院 病院 医生
        游客 中国游客 旅行 観光
        医師 谢谢 你好 護士 护士
        翻译 通訳 患者 病人 保険 保险 请问 发烧 头痛 手术 手術 予約 ありがとう すみません
        診断書 診断 証明書 領収書 紹介状 処方箋 処方 入院 退院 検査 結果 薬局 救急 骨折 点滴 注射
        治療 英語 薬 アレルギ アレルギ- ワクチン ホテル インフルエンザ
        诊断 诊断书 证明 收据 发票 护照 住院 出院 检查 结果 急诊 过敏 疫苗 泰语 中文版 痛い
        안녕 한국 한국어 한국인 병원 환자 감사 통역 진단서 보험 영수증 입원 퇴원 여권 통증 두통"""
    )
)


def propose(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    if not setting.has_patient and not setting.has_care:
        return
    for run in _RUN.finditer(setting.text):
        start, end = _without_words(run)
        if end - start > 1:
            yield Proposal.by_shape(start, end, _MARGIN)
    for led in _LED_TO.finditer(setting.text):
        yield Proposal.by_shape(*led.span("name"), _MARGIN)
    for run in _NEIGHBOURS.finditer(setting.text):
        if _may_name(run):
            yield Proposal.by_shape(_past_title(run), run.end(), _MARGIN)


def _may_name(run: re.Match[str]) -> bool:
    """No sentence; with a title, or where somebody is spoken of and nothing is quoted."""
    text, start = run.string, run.start()
    if run.end() - start > _LONGEST or _SAID.search(run[0]):
        return False
    if _TITLE.match(run[0]):
        return True
    line = max(text.rfind("\n", 0, start) + 1, start - _SPEAKING_REACH)
    is_quoted = _QUOTES.search(text, max(line, start - _QUOTING_REACH), start) is not None
    is_named = "ชื่อ" in text[line:start]
    return is_named or (not is_quoted and _SPEAKS_OF_ONE.search(text, line, start) is not None)


def _without_words(run: re.Match[str]) -> tuple[int, int]:
    """'中国游客…' before a name and 'さん' behind it are none of it."""
    start, text = run.start(), run.string
    title = _HONORIFIC.search(run[0])
    end = run.end() if title is None else start + title.start()
    for length in range(end - start, 0, -1):
        if text[start : start + length] in _NO_NAMES:
            start += length + text.startswith(" ", start + length)
            break
    before, _, last = text[start:end].rpartition(" ")
    return start, start + len(before) if last in _NO_NAMES else end


def _past_title(run: re.Match[str]) -> int:
    """'ဒေါ်ခင်…': the title is outside, unless nothing would be left of the name."""
    title = _TITLE.match(run[0]) or _SHORT_TITLE.match(run[0])
    length = title.end() if title else 0
    return run.start() + (length if length + _FEWEST <= len(run[0]) else 0)
