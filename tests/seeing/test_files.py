"""A file is read by its content, and each thing that is found has its place in words."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.bootstrap import text_reader
from bot.domain.findings import Label
from bot.domain.sights import Look, LookOutcome, SightKind, Unseen
from bot.seeing.files.look import FileLooker
from bot.seeing.files.pictures import first_picture
from bot.seeing.limits import Limits
from tests.seeing import samples
from tests.seeing.blind import Eyes
from tests.seeing.samples import HN, SENTENCE, TEXT

READER = text_reader(())


def look(content: bytes, name: str = "", limits: Limits | None = None) -> tuple[Look, Eyes]:
    eyes = Eyes()
    return FileLooker(eyes, READER, limits or Limits()).look(content, name), eyes


def places(found: Look, label: Label = Label.HN) -> list[str]:
    return [sight.place for sight in found.sights if sight.label is label]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("list.csv", "row 2"),
        ("note.txt", "line 1"),
        ("old note.txt", "line 1"),
        ("wide note.txt", "line 1"),
        ("export.xls", "line 2"),
        ("letter.rtf", "line 1"),
        ("patient.json", "object"),
        ("visits.xml", "element 1"),
        ("result.hl7", "line 2"),
        ("mail.eml", "attachment list.csv, row 2"),
        ("referral.docx", "table 1, row 2"),
        ("round.pptx", "notes 1"),
        ("lab.xlsx", "sheet Lab, row 2"),
        ("lab.ods", "table, row 2"),
        ("lab.xls", "sheet Lab1, row 2"),
        ("referral.doc", "paragraph 2"),
        ("round.ppt", "slides"),
        ("ward.zip", "ward.zip: list.csv, row 2"),
        ("report.pdf", "page 1"),
        ("xray.dcm", "tag PatientID"),
    ],
)
def test_an_hn_is_found_in_every_format_and_its_place_is_said(name: str, place: str) -> None:
    found, _ = look(samples.SAMPLES[name](), name)
    assert found.outcome is LookOutcome.IDENTIFIERS
    assert place in places(found)
    assert found.unseen is None
    assert HN in {number.value for number in found.numbers}


def test_the_name_says_nothing_about_the_format() -> None:
    found, _ = look(samples.xlsx(), "photo.jpg")
    assert places(found) == ["sheet Lab, row 2", "sheet Lab, row 3"]


def test_what_is_masked_never_holds_the_number() -> None:
    found, _ = look(samples.xlsx())
    assert all(HN not in sight.masked + sight.reason + sight.place for sight in found.sights)


def test_the_name_of_the_file_is_text_too() -> None:
    found, _ = look(b"nothing here", f"xray_HN_{HN}.txt")
    assert places(found) == ["name of the file"]


def test_a_name_that_identifies_is_masked_where_it_is_a_place() -> None:
    inside = samples.zipped({f"HN {HN}.csv": samples.csv()})
    found, _ = look(inside, "ward.zip")
    assert places(found)[0] == "name in the archive"
    assert all(HN not in place for place in places(found))


def test_a_sheet_named_after_a_patient_is_found_and_masked() -> None:
    found, _ = look(samples.xlsx((("a", "b"),), name=f"HN {HN}"))
    assert places(found) == ["name of a sheet"]


def test_hidden_sheets_count() -> None:
    assert places(look(samples.xlsx(is_hidden=True))[0])


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/comments1.xml", f"<comments><comment><text><t>{TEXT}</t></text></comment></comments>"),
        (
            "xl/comments/comment1.xml",
            f"<c><comment><text><r><t>{TEXT}</t></r></text></comment></c>",
        ),
        (
            "xl/threadedComments/t1.xml",
            f"<c><threadedComment><text>{TEXT}</text></threadedComment></c>",
        ),
        ("xl/drawings/drawing1.xml", f"<x><p><r><t>{TEXT}</t></r></p></x>"),
        (
            "xl/worksheets/sheet2.xml",
            f"<worksheet><headerFooter><oddHeader>&amp;C{TEXT}</oddHeader></headerFooter></worksheet>",
        ),
    ],
)
def test_what_stands_beside_the_cells_counts(part: str, content: str) -> None:
    base = {"[Content_Types].xml": "", "xl/workbook.xml": "<workbook/>"}
    assert places(look(samples.zipped({**base, part: content}))[0])


def test_numbers_and_dates_are_read_as_the_sheet_shows_them() -> None:
    styles = (
        '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0000000000"/></numFmts><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    sheet = (
        '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>CID</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>DOB</t></is></c><c r="D1" t="inlineStr"><is><t>Tel</t></is>'
        '</c></row><row r="2"><c r="A2"><v>1.103700564501E12</v></c><c r="B2" s="1"><v>24049</v>'
        '</c><c r="D2" s="2"><v>812345679</v></c></row></sheetData></worksheet>'
    )
    found, _ = look(
        samples.zipped(
            {
                "[Content_Types].xml": "<Types/>",
                "xl/workbook.xml": "<workbook/>",
                "xl/styles.xml": styles,
                "xl/worksheets/sheet1.xml": sheet,
            }
        )
    )
    assert {Label.NATIONAL_ID, Label.DOB, Label.PHONE} <= set(found.labels)
    assert "0812345679" in {number.value for number in found.numbers}


def test_a_long_table_is_read_with_its_heading_to_its_end() -> None:
    rows = (("no", "HN", "Dx"), *((str(i), f"65{i:07}", "CKD") for i in range(4000)))
    found, _ = look(samples.xlsx(rows))
    assert len(found.numbers) == 4000
    assert len(found.sights) == 200


@pytest.mark.parametrize("part", ["header1", "footer2", "footnotes", "endnotes", "comments"])
def test_word_is_read_beside_its_text_too(part: str) -> None:
    words = f"<w:x xmlns:w='w'><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:x>"
    document = samples.docx(
        f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>", {f"word/{part}.xml": words}
    )
    found, _ = look(document)
    assert places(found)[0].startswith(part.rstrip("12s"))


def test_text_that_was_deleted_under_tracked_changes_is_still_in_the_file() -> None:
    gone = f"<w:p><w:del><w:r><w:delText>{TEXT}</w:delText></w:r></w:del></w:p>"
    assert places(look(samples.docx(gone))[0]) == ["paragraph 1"]


def test_pictures_inside_documents_are_shown_to_the_eyes_once() -> None:
    photo = samples.picture("PNG")
    media = {"word/media/image1.png": photo, "word/media/image2.png": photo}
    _, eyes = look(samples.docx(None, media))
    assert [place for place, _ in eyes.shown] == ["picture 1 inside"]


def test_pictures_in_old_slides_are_shown_to_the_eyes() -> None:
    _, eyes = look(samples.ppt(samples.picture("JPEG")))
    assert eyes.shown == [("picture 1 inside", (240, 640, 3))]


def test_a_page_that_is_a_picture_is_shown_to_the_eyes() -> None:
    scan = samples.pdf(2, picture=samples.picture("JPEG"))
    found, eyes = look(scan)
    assert [place for place, _ in eyes.shown] == ["page 1", "page 2"]
    assert max(eyes.shown[0][1]) == 1800
    assert found.outcome is LookOutcome.NONE


def test_a_page_of_text_alone_costs_no_look() -> None:
    _, eyes = look(samples.pdf(3))
    assert eyes.shown == []


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (samples.moving_gif, 3),
        (samples.paged_tiff, 2),
        (lambda: samples.picture("HEIF"), 1),
        (lambda: samples.picture("WEBP"), 1),
        (lambda: samples.picture("BMP"), 1),
    ],
)
def test_every_kind_of_picture_reaches_the_eyes(content: object, shown: int) -> None:
    assert callable(content)
    found, eyes = look(content())
    assert len(eyes.shown) == shown
    assert found.outcome is LookOutcome.NONE


def test_a_photo_that_lies_on_its_side_is_turned_as_its_camera_says() -> None:
    exif = samples.drawn().getexif()
    exif[0x0112] = 6
    _, eyes = look(samples.picture("JPEG", exif=exif))
    assert eyes.shown[0][1] == (640, 240, 3)


@pytest.mark.parametrize("container", ["mp4", "matroska", "avi"])
def test_a_video_is_seen_at_its_beginning_and_its_end(container: str) -> None:
    found, eyes = look(samples.video(container, 5))
    seconds = [place for place, _ in eyes.shown]
    assert seconds[0] == "second 0"
    assert seconds[-1] == "second 5"
    assert len(seconds) <= Limits().frames
    assert found.outcome is LookOutcome.NONE


def test_sound_is_not_listened_to_and_that_is_said() -> None:
    found, eyes = look(samples.video(has_sound=True))
    assert eyes.shown
    assert (found.outcome, found.unseen) == (LookOutcome.NONE, Unseen.AUDIO)
    assert found.is_partial


def test_a_video_that_could_not_be_seen_is_not_passed_off_as_only_unheard() -> None:
    archive = samples.zipped(
        {"a.mp4": samples.video(has_sound=True), "b.png": samples.picture("PNG")[:60]}
    )
    found, _ = look(archive)
    assert (found.outcome, found.unseen) == (LookOutcome.UNREADABLE, Unseen.BROKEN)


def test_a_film_without_pictures_is_a_recording() -> None:
    found, _ = look(samples.film_without_pictures())
    assert (found.outcome, found.unseen) == (LookOutcome.UNREADABLE, Unseen.AUDIO)


def test_a_dicom_file_names_its_patient_and_shows_its_picture() -> None:
    found, eyes = look(samples.dicom({"PatientComments": f"HN {HN}"}))
    assert {Label.PERSON, Label.HN, Label.DOB} == set(found.labels)
    assert SightKind.MEDICAL in {sight.kind for sight in found.sights}
    assert eyes.shown == [("picture", (64, 64, 3))]


def test_a_dicom_file_without_a_patient_is_medical() -> None:
    blank = {"PatientName": "ANONYMOUS", "PatientID": "0000", "PatientBirthDate": ""}
    found, _ = look(samples.dicom(blank))
    assert found.outcome is LookOutcome.MEDICAL


def test_a_dicom_picture_that_says_to_be_huge_is_not_made() -> None:
    found, eyes = look(samples.dicom(rows=60000, columns=60000))
    assert found.outcome is LookOutcome.IDENTIFIERS
    assert (found.unseen, found.is_partial, eyes.shown) == (Unseen.TOO_LARGE, True, [])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (samples.encrypted_office, Unseen.PROTECTED),
        (samples.protected_pdf, Unseen.PROTECTED),
        (lambda: samples.packed_with_password(samples.zipped({"a.txt": "a"})), Unseen.PROTECTED),
        (samples.sound, Unseen.AUDIO),
        (lambda: b"", Unseen.BROKEN),
        (lambda: b"%PDF-1.7 and nothing more", Unseen.BROKEN),
        (lambda: samples.picture("PNG")[:60], Unseen.BROKEN),
        (lambda: bytes(range(256)) * 4, Unseen.UNKNOWN_FORMAT),
        (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), Unseen.UNKNOWN_FORMAT),
        (lambda: samples.png_of_size(60000, 60000), Unseen.TOO_LARGE),
    ],
)
def test_what_cannot_be_seen_is_never_passed_off_as_clean(content: object, why: Unseen) -> None:
    assert callable(content)
    found, eyes = look(content(), "name.bin")
    assert (found.outcome, found.unseen, eyes.shown) == (LookOutcome.UNREADABLE, why, [])


@pytest.mark.parametrize("kind", ["PPM", "TGA"])
def test_a_picture_of_a_kind_that_is_not_read_is_no_clean_text(kind: str) -> None:
    found, _ = look(samples.picture(kind))
    assert (found.outcome, found.unseen) == (LookOutcome.UNREADABLE, Unseen.UNKNOWN_FORMAT)


def test_a_text_of_another_code_page_is_read_as_far_as_it_goes() -> None:
    japanese = "カルテ HN 650012345 のけんさ".encode("shift_jis")
    found, _ = look(japanese)
    assert (found.outcome, found.unseen) == (LookOutcome.IDENTIFIERS, Unseen.UNKNOWN_FORMAT)


def test_a_broken_byte_or_a_last_one_that_is_cut_does_not_make_thai_unreadable() -> None:
    text = f"{samples.SENTENCE} {TEXT}".encode()
    for content in (text[:40] + b"\xff" + text[40:], text[:-1]):
        found, _ = look(content)
        assert {str(sight.label) for sight in found.sights} == {"HN", "PERSON"}
        assert found.unseen is None


def _with_note(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x9C9C] = TEXT.encode("utf-16-le")
    png = PngInfo()
    png.add_itxt("Comment", TEXT)
    how: dict[str, dict[str, object]] = {
        "PNG": {"pnginfo": png},
        "GIF": {"comment": TEXT.encode()},
        "JPEG": {"exif": exif},
        "TIFF": {"description": f"HN {HN}"},
    }
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, kind, **how[kind])
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "TIFF"])
def test_what_a_device_wrote_beside_a_picture_is_read(kind: str) -> None:
    found, eyes = look(_with_note(kind))
    assert Label.HN in {sight.label for sight in found.sights}
    assert {sight.place for sight in found.sights} == {"note beside the picture"}
    assert eyes.shown


def _greys(kind: str) -> bytes:
    """As devices store them: 12 bits in 16, or numbers between nought and one."""
    letters = np.asarray(samples.drawn().convert("L"))
    shares = letters / np.float32(255)
    out = io.BytesIO()
    Image.fromarray((shares * 4095).astype(np.uint16) if kind == "PNG" else shares).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_greys_of_any_range_are_seen_from_black_to_white(kind: str) -> None:
    picture = first_picture(_greys(kind))
    assert picture is not None
    assert (int(picture.min()), int(picture.max())) == (0, 255)


def test_white_letters_on_nothing_are_seen_on_black() -> None:
    letters = Image.new("RGBA", (60, 40), (255, 255, 255, 0))
    letters.paste((255, 255, 255, 255), (20, 10, 40, 30))
    out = io.BytesIO()
    letters.save(out, "PNG")
    picture = first_picture(out.getvalue())
    assert picture is not None
    assert (int(picture[0, 0, 0]), int(picture[20, 30, 0])) == (0, 255)


_PIVOT = '<cache><cacheField name="HN"><s v="650012345"/></cacheField></cache>'
_BESIDE = {
    "ppt/diagrams/data1.xml": "<m><p><r><t>HN 6500</t></r><r><t>12345</t></r></p></m>",
    "word/charts/chart3.xml": "<c><v>HN 650012345</v></c>",
    "xl/pivotCache/pivotCacheDefinition1.xml": _PIVOT,
    "docProps/core.xml": "<p><title>HN 650012345</title></p>",
    "docProps/custom.xml": '<p><property name="HN"><lpwstr>650012345</lpwstr></property></p>',
}


@pytest.mark.parametrize("part", _BESIDE)
def test_what_stands_beside_the_text_of_a_document_is_read(part: str) -> None:
    found, _ = look(samples.docx(more={part: _BESIDE[part]}))
    assert [sight.label for sight in found.sights if "row" not in sight.place] == [Label.HN]


def test_a_part_that_cannot_be_seen_is_on_record_beside_what_was_found() -> None:
    archive = samples.zipped({"a.wav": samples.sound(), "list.csv": samples.csv()})
    found, _ = look(archive)
    assert found.outcome is LookOutcome.IDENTIFIERS
    assert (found.unseen, found.is_partial) == (Unseen.AUDIO, True)


def test_what_was_read_before_a_file_breaks_off_counts() -> None:
    body = f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p><w:p><w:r></w:p>"
    found, _ = look(samples.docx(body))
    assert places(found) == ["paragraph 1"]
    assert (found.unseen, found.is_partial) == (Unseen.BROKEN, True)


def test_archives_in_archives_are_opened_so_deep_and_no_deeper() -> None:
    content = samples.csv()
    for _ in range(Limits().nesting):
        content = samples.zipped({"in.zip": content})
    assert places(look(content, "a.zip")[0])
    found, _ = look(samples.zipped({"in.zip": content}), "a.zip")
    assert (found.outcome, found.unseen) == (LookOutcome.UNREADABLE, Unseen.TOO_LARGE)


def test_names_in_an_old_thai_archive_are_read_in_their_code_page() -> None:
    written = "คนไข้ HN 650012345.txt"
    marked = bytearray(samples.zipped({"x" * len(written): "a"}))
    for at in (30, marked.index(b"PK\x01\x02") + 46):
        marked[at : at + len(written)] = written.encode("cp874")
    assert places(look(bytes(marked), "a.zip")[0]) == ["name in the archive"]


def test_more_pages_than_are_looked_at_are_said() -> None:
    scan = samples.pdf(4, picture=samples.picture("JPEG"))
    found, eyes = look(scan, limits=Limits(pages=2))
    assert len(eyes.shown) == 2
    assert (found.outcome, found.unseen) == (LookOutcome.UNREADABLE, Unseen.TOO_LARGE)
    assert found.is_partial


def test_time_that_is_over_ends_the_look_with_what_was_found() -> None:
    archive = samples.zipped({f"HN {HN}": "a", "b": "b"})
    found, _ = look(archive, limits=Limits(seconds=-1))
    assert (found.outcome, found.unseen) == (LookOutcome.UNREADABLE, Unseen.TOO_LONG)


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        "<a>" * 100_000,
    ],
)
def test_bombs_of_xml_are_refused_in_documents_and_alone(bomb: str) -> None:
    alone, _ = look(b"<?xml version='1.0'?>" + bomb.encode())
    packed, _ = look(samples.zipped({"[Content_Types].xml": "", "word/document.xml": bomb}))
    assert {alone.unseen, packed.unseen} == {Unseen.BROKEN}
