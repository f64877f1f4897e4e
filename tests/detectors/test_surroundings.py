from __future__ import annotations

import numpy as np
import pytest

from bench.detect import recurrent
from bench.detect.name_examples import Example, examples, of_line
from bench.detect.train_surroundings import Model, written
from bot.detectors.names import surroundings
from bot.detectors.names.network import THREES, Network
from bot.detectors.names.row import row_of
from bot.detectors.names.surroundings import KINDS, MARKS, Place, Reading, place_in

PATIENTS = (
    *("P|ลุง[ทองดี] ไข้สูง", "P|ลุง[ทองใบ] ไข้ต่ำ", "P|ลุง[บุญมี] ไข้", "P|ลุง[บุญมา] ไข้ลง"),
    *("P|ลุง[บุญชู] ไข้", "P|เมื่อคืนลุง[คำดี] ไข้", "P|ลุง[คำมี] ไข้ขึ้นอีก"),
)
COLLEAGUES = (
    *("S|ลุง[สมชาย] เวรบ่าย", "S|ลุง[สมหมาย] เวรดึก", "S|ลุง[สมปอง] เวร", "S|ลุง[สมพร] เวรเช้า"),
    *("S|ลุง[สมบัติ] เวร", "S|เมื่อคืนลุง[สมคิด] เวร", "S|ลุง[สมนึก] เวรแทน"),
)
NOBODY = ("Q|ลุงเตียง 3 ไข้ไม่ลด เวรหน้าดูด้วย", "Q|ป้าบอกไข้ลดแล้วเวรหน้าไม่ต้องดู")


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(_examples(*(PATIENTS + COLLEAGUES + NOBODY) * 12))


def test_what_stands_around_one_kind_of_name_speaks_for_it(model: Model) -> None:
    (patient,) = (one for one in _examples("P|ลุง[คำปัน] ไข้") if one.is_name)
    (colleague,) = (one for one in _examples("S|ลุง[คำแสน] เวร") if one.is_name)
    of_patient, of_colleague = model.said([patient, colleague])
    assert of_patient.whose > 0 > of_colleague.whose
    assert of_patient.named > 0 < of_colleague.named


def test_the_detector_reads_as_the_learner_does(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for what is lost where each number is kept in a byte or two: with weights of any kind."""
    sizes = recurrent.Sizes(len(model.words), THREES + 1, MARKS, len(KINDS))
    any_weights = recurrent.fresh(sizes, np.random.default_rng(5))
    monkeypatch.setattr(model, "weights", any_weights)
    network = Network.of(written(model, "these texts"))
    monkeypatch.setattr(surroundings, "the_network", lambda: network)
    monkeypatch.setattr(surroundings, "_unmet", network.vector)
    known = _examples(*PATIENTS, "S|พี่[สมศรี]รับเวรต่อจาก ฌฆ\nเตียง 4 lasix 40 mg ค่ะ!", *NOBODY)
    for one, learnt in zip(known, model.said(known), strict=True):
        assert one.reading.said(one.place) == pytest.approx(learnt, abs=4)


def test_a_long_row_is_read_in_parts_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    row = row_of("ลุงสมชายเตียง 4 ไข้สูง ญาติพากลับบ้าน พี่แดงรับเวร\n" * 60)
    places = [Place(at, at + 1, "cue") for at in range(0, len(row.words), 7)]
    as_a_whole = Reading(row, places)
    before = [as_a_whole.said(place) for place in places]
    monkeypatch.setattr(surroundings, "_AT_ONCE", len(row.words) // 3)
    in_parts = Reading(row, places)
    np.testing.assert_allclose([in_parts.said(place) for place in places], before, atol=15)


def test_a_place_without_a_word_is_none() -> None:
    assert place_in(row_of("  "), 0, 2, "rule") is None
    assert place_in(row_of("ตาม นุ่น กลับ"), 4, 8, "rule") == Place(1, 2, "rule")


def _examples(*lines: str) -> list[Example]:
    return examples(of_line(line, "lines_of_somebody") for line in lines)
