from __future__ import annotations

import gzip

from bench.detect.name_examples import Example, examples, of_line
from bench.detect.train_surroundings import Model
from bot.detectors.names.row import row_of
from bot.detectors.names.surroundings import WEIGHTS, Piece, Said, pieces, weigh

LINE = "น้องนุ่นเตียง 12 off ett แล้วค่ะ\nบ่ายนี้ย้ายออก"


def test_what_is_weighed_is_the_sum_of_the_pieces() -> None:
    start, end = 4, 8
    weight, row = _by_piece(), row_of(LINE)
    asked = [weight.get(piece, (0, 0)) for piece in pieces(row, start, end, "rule")]
    sums = [sum(numbers) for numbers in zip(weight["always", ""], *asked, strict=True)]
    assert weigh(row, start, end, "rule") == Said(*sums) != Said(0, 0)


def test_each_word_is_told_by_where_it_stands() -> None:
    row = row_of("ส่งน้องนุ่นไปเอกซเรย์ค่ะ")
    found = set(pieces(row, 7, 11, "cue"))
    assert {
        ("before", "ส่ง"),
        ("last", "น้อง"),
        ("last, set off", "น้อง"),
        ("last two", "ส่ง น้อง"),
        ("within", "นุ่น"),
        ("next", "ไป"),
        ("next of cue", "ไป"),
        ("next two", "ไป เอกซเรย์"),
        ("both sides", "น้อง ไป"),
        ("behind", "ค่ะ"),
    } <= found


def test_far_words_are_not_heard() -> None:
    row = row_of("ไข้ " * 30 + "สมชาย" + " ไอ" * 30)
    start = len("ไข้ ") * 30
    found = list(pieces(row, start, start + 5, "rule"))
    assert (found.count(("before", "ไข้")), found.count(("behind", "ไอ"))) == (20, 20)


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


def _by_piece() -> dict[Piece, tuple[int, int]]:
    lines = gzip.decompress(WEIGHTS.read_bytes()).decode().strip("\n").split("\n")
    rows = (line.split("\t") for line in lines[1:])
    return {(place, words): (int(named), int(whose)) for place, words, named, whose in rows}
