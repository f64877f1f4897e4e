"""Whether somebody chose an address or an id after a name: 'ณิชกานต์' and 'nichakan.ak@…'.

Romanising is free, so only what stays is compared: the consonants, those that sound alike as one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.findings import Label

if TYPE_CHECKING:
    from bot.detectors.scene import Scene

_ALIKE = {
    "k": "กขฃคฅฆkgcqx",
    "s": "จฉชซฌศษสjsz",
    "t": "ดตถทธฎฏฐฑฒtd",
    "p": "บปผฝพฟภbpfv",
    "m": "มm",
    "n": "นณรลฬnrl",
}
_SOUND = {letter: sound for sound, letters in _ALIKE.items() for letter in letters}
_SILENT = re.compile(r"[ก-ฮ][ิุ]?์")
_CH = re.compile("ch")
_NG = re.compile("ng|ง")
_WORD = re.compile(r"[A-Za-zก-๙]{3,40}")
# Few sounds are many names': 'สมชาย' begins 'somsak', too, but 'somchai' is nobody else.
_FEWEST_ALONE, _FEWEST_WITHIN = 3, 4


def is_called_after_a_patient(scene: Scene, start: int, end: int) -> bool:
    names = scene.of(Label.PERSON)
    if not names:
        return False
    written = scene.text[start:end]
    words = {_sounds_of(word) for word in _WORD.findall(written.partition("@")[0] or written)}
    return any(
        _are_alike(_sounds_of(part), words)
        for name in names
        for part in _WORD.findall(scene.text[name.start : name.end])
    )


def _are_alike(name: str, words: set[str]) -> bool:
    if len(name) >= _FEWEST_WITHIN:
        return any(name in word for word in words)
    return len(name) >= _FEWEST_ALONE and name in words


def _sounds_of(written: str) -> str:
    heard = _NG.sub("n", _CH.sub("s", _SILENT.sub("", written.lower())))
    return "".join(_SOUND.get(letter, "") for letter in heard)
