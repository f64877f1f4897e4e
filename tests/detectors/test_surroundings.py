from __future__ import annotations

import gzip

from bench.detect.name_examples import Example, examples, of_line
from bench.detect.train_surroundings import Model
from bot.detectors.names.setting import Setting
from bot.detectors.names.surroundings import WEIGHTS, Said, pieces, weigh
from bot.detectors.scene import look_at

LINE = "น้องนุ่นเตียง 12 off ett แล้วค่ะ\nบ่ายนี้ย้ายออก"


def test_what_is_weighed_is_the_sum_of_the_pieces() -> None:
    start, end = 4, 8
    weight = _by_piece()
    asked = [weight.get((place, letters), (0, 0)) for place, letters in pieces(LINE, start, end)]
    sums = [sum(numbers) for numbers in zip(weight["always", ""], *asked, strict=True)]
    assert weigh(Setting(look_at(LINE)).lowered, start, end) == Said(*sums) != Said(0, 0)


def test_what_stands_around_one_kind_of_name_speaks_for_it() -> None:
    known = _examples(
        "P|ลุง[ทองดี] ไข้สูง",
        "P|ลุง[ทองใบ] ไข้ต่ำ",
        "P|ลุง[บุญมี] ไข้",
        "P|ลุง[บุญมา] ไข้ลง",
        "P|ลุง[บุญชู] ไข้",
        "S|ลุง[สมชาย] เวรบ่าย",
        "S|ลุง[สมหมาย] เวรดึก",
        "S|ลุง[สมปอง] เวร",
        "S|ลุง[สมพร] เวรเช้า",
        "S|ลุง[สมบัติ] เวร",
        "Q|ลุงเตียง 3 ไข้ไม่ลด เวรหน้าดูด้วย",
        "Q|ป้าบอกไข้ลดแล้วเวรหน้าไม่ต้องดู",
    )
    model = Model(known)
    (patient,) = (one for one in _examples("P|ลุง[คำปัน] ไข้") if one.is_name)
    (colleague,) = (one for one in _examples("S|ลุง[คำแสน] เวร") if one.is_name)
    assert model.weigh(patient).whose > 0 > model.weigh(colleague).whose


def _examples(*lines: str) -> list[Example]:
    return examples(of_line(line, "lines_of_somebody") for line in lines)


def _by_piece() -> dict[tuple[str, str], tuple[int, int]]:
    weight: dict[tuple[str, str], tuple[int, int]] = {}
    for line in gzip.decompress(WEIGHTS.read_bytes()).decode().strip("\n").split("\n"):
        side, letters, *numbers = line.split("\t")
        if side == "of":
            continue
        near = {
            "before": ("before", "touching before"),
            "behind": ("behind", "close behind", "touching behind"),
        }.get(side, ("always",))
        for place, named, whose in zip(near, numbers[::2], numbers[1::2], strict=True):
            weight[place, letters] = int(named), int(whose)
    return weight
