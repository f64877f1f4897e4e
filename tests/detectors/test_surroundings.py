from __future__ import annotations

import gzip

import pytest

from bench.detect.train_roles import Example, Model, examples, made_of
from bench.detect.train_second_look import CORPORA
from bot.detectors.names.role import WEIGHTS, pieces, weigh
from bot.detectors.names.setting import Setting
from bot.detectors.scene import look_at

LINE = "น้องนุ่นเตียง 12 off ett แล้วค่ะ\nบ่ายนี้ย้ายออก"


def test_what_is_weighed_is_the_sum_of_the_pieces() -> None:
    start, end = 4, 8
    weight = _by_piece()
    asked = sum(weight.get((place, letters), 0) for place, letters in pieces(LINE, start, end))
    assert weigh(Setting(look_at(LINE)), start, end) == weight["always", ""] + asked != 0


@pytest.mark.skipif(not all(path.exists() for path in CORPORA), reason="no open set beside us")
def test_the_weights_were_made_of_these_lines() -> None:
    """Making them again takes half a minute: 'python -m bench.detect.train_roles --again'."""
    first = gzip.decompress(WEIGHTS.read_bytes()).decode().partition("\n")[0]
    assert first == f"of\t{made_of(examples())}", "python -m bench.detect.train_roles"


def test_what_stands_around_one_kind_of_name_speaks_for_it() -> None:
    known = [
        _example(text, is_patient=is_patient)
        for text, is_patient in (
            ("[ก] ไข้สูง", True),
            ("[ข] ไข้ต่ำ", True),
            ("[ฃ] ไข้", True),
            ("[ค] เวรบ่าย", False),
            ("[ง] เวรดึก", False),
            ("[ฅ] เวร", False),
        )
    ]
    model = Model(known)
    assert model.weigh(_example("[จ] ไข้", is_patient=True)) > 0
    assert model.weigh(_example("[ฉ] เวร", is_patient=False)) < 0


def _example(text: str, *, is_patient: bool) -> Example:
    start, end = text.index("["), text.index("]") - 1
    bare = text.replace("[", "").replace("]", "")
    return Example("somebody", is_patient, 1.0, tuple(pieces(bare, start, end)))


def _by_piece() -> dict[tuple[str, str], int]:
    weight: dict[tuple[str, str], int] = {}
    for line in gzip.decompress(WEIGHTS.read_bytes()).decode().strip("\n").split("\n"):
        side, letters, *_ = line.split("\t")
        if side == "of":
            continue
        near = {
            "before": ("before", "touching before"),
            "behind": ("behind", "close behind", "touching behind"),
        }.get(side, ("always",))
        weight |= {
            (place, letters): number for place, number in zip(near, _numbers(line), strict=True)
        }
    return weight


def _numbers(line: str) -> list[int]:
    return [int(number) for number in line.split("\t")[2:]]
