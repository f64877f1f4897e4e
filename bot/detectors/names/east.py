"""Names in Chinese, Japanese and Korean letters, as guests' names are copied into Thai talk.

The ruler asks for Thai and Latin letters; a name in these is short, stands apart, and is rarely
anything else where a patient is spoken of.
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
_RUN = re.compile("[\u3040-\u30ff\u3400-\u9fff々]{2,8}|[\uac00-\ud7a3]{2,5}")
_HONORIFIC = re.compile("(?:さん|様|氏|先生|女士|小姐|太太|桑|님|씨)$")
# Languages, countries, and what is said at a hospital.
_NO_NAMES = frozenset(
    listed(
        """中文 中国 日本 日本人 日本語 中国人 韓国 韩国 英文 泰国 泰文 医院 病院 医生
        游客 中国游客 旅行 観光
        医師 谢谢 你好 護士 护士
        翻译 通訳 患者 病人 保険 保险 请问 发烧 头痛 手术 手術 予約 ありがとう すみません
        안녕 한국 한국어 한국인 병원 환자 감사 통역"""
    )
)


def propose(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    if not setting.has_patient and not setting.has_care:
        return
    for run in _RUN.finditer(setting.text):
        start, end = _without_words(run)
        if end - start > 1:
            yield Proposal.by_shape(start, end, _MARGIN)


def _without_words(run: re.Match[str]) -> tuple[int, int]:
    """'中国游客…' before a name and 'さん' behind it are none of it."""
    start, text = run.start(), run.string
    title = _HONORIFIC.search(run[0])
    end = run.end() if title is None else start + title.start()
    for length in range(end - start, 1, -1):
        if text[start : start + length] in _NO_NAMES:
            return start + length, end
    return start, end
