"""One patient, however written; and texts that are the same, however spaced."""

from __future__ import annotations

import pytest

from bot.domain.findings import Finding, Label
from bot.domain.fingerprints import of_content
from bot.domain.patient_numbers import one_spelling, with_and_without_zeros
from handlers.identities import fingerprint, identities, identity


def spelt(label: Label, written: str) -> str | None:
    found = one_spelling(identity(label, written))
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("label", "ways", "wanted"),
    [
        (Label.HN, ("6512345", "65-12345", "HN 65 12345", "๖๕/๑๒๓๔๕", "hn:６５12345"), "6512345"),
        (Label.VISIT_NO, ("VN 66-0001", "an660001", "660001"), "660001"),
        (Label.NATIONAL_ID, ("1-2810-46451-27-4", "1281046451274"), "1281046451274"),
        (Label.PHONE, ("081-234-5678", "+66 81 234 5678", "0066812345678"), "0812345678"),
        (Label.PHONE, ("02-123-4567", "+6621234567", "66 02 123 4567"), "021234567"),
        (Label.PASSPORT, ("aa 1234567", "AA1234567"), "AA1234567"),
        (
            Label.PERSON,
            ("นายสมชาย  ใจดี", "สมชาย ใจดี", "คุณ สมชาย\u200b ใจดี", "ด.ช. สมชาย ใจดี"),
            "สมชาย ใจดี",
        ),
        (Label.PERSON, ("นางสาวมาลี มีสุข", "น.ส.มาลี มีสุข", "นาง มาลี มีสุข"), "มาลี มีสุข"),
        (Label.PERSON, ("Mr. John Doe", "JOHN  DOE", "mr john doe"), "john doe"),
    ],
)
def test_written_many_ways_it_is_one(label: Label, ways: tuple[str, ...], wanted: str) -> None:
    assert {spelt(label, way) for way in ways} == {wanted}


@pytest.mark.parametrize(
    ("label", "written", "wanted"),
    [
        (Label.HN, "HN 12345678", ("12345678", "012345678", "0012345678")),
        (Label.HN, "๐๐1234567", ("001234567", "1234567", "01234567", "0001234567")),
        (Label.HN, "12345678901", ("12345678901",)),
        (Label.HN, "0000", ("0000",)),
        (Label.HN, "A012345", ("A012345",)),
        (Label.PHONE, "0812345678", ("0812345678",)),
        (Label.VISIT_NO, "VN 0012345", ("0012345",)),
        (Label.PERSON, "สมชาย", ()),
    ],
)
def test_an_hn_alone_is_looked_for_with_and_without_its_zeros(
    label: Label, written: str, wanted: tuple[str, ...]
) -> None:
    found = with_and_without_zeros(identity(label, written))
    assert tuple(one.value for one in found) == wanted
    assert {one.label for one in found} <= {label}


@pytest.mark.parametrize("name", ["สมชาย", "นายสมชาย", "Mr John", "  "])
def test_a_first_name_alone_names_nobody(name: str) -> None:
    assert spelt(Label.PERSON, name) is None


def test_names_and_numbers_of_a_text_are_both_looked_for() -> None:
    text = "นายสมชาย ใจดี HN 65-12345"
    findings = (Finding(0, 13, Label.PERSON), Finding(17, 25, Label.HN))
    found = {(one.label, one.value) for one in map(one_spelling, identities(text, findings)) if one}
    assert found == {(Label.PERSON, "สมชาย ใจดี"), (Label.HN, "6512345")}


def test_the_same_text_has_one_fingerprint_however_it_is_spaced_and_a_short_one_has_none() -> None:
    text = "ฝากตามผล lab คนไข้ HN 65-12345 เตียง 5 ด้วยค่ะ"
    again = "ฝากตามผล  LAB คนไข้ HN ๖๕๑๒๓๔๕\nเตียง 5 ด้วยค่ะ 🙏"
    assert fingerprint(text) is not None
    assert fingerprint(text) == fingerprint(again)
    assert fingerprint(text) != fingerprint(text.replace("เตียง 5", "เตียง 6"))
    assert fingerprint("HN 65-12345 ค่ะ") is None


def test_a_picture_has_one_by_its_bytes_and_it_shows_none_of_them() -> None:
    assert of_content(b"picture") == of_content(b"picture") != of_content(b"Picture")
    assert repr(of_content(b"picture")) == "Fingerprint(content)"
