"""Small files that grow, loop or lie, one function for each trick. All are made here, in code."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

from tests.seeing import samples
from tests.seeing.samples import HN, zipped

_MB = 1024 * 1024
_TYPES = {"[Content_Types].xml": "<Types/>"}
_LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
_BILLION = f'<!DOCTYPE x [<!ENTITY a0 "ha">{_LAUGHS}]><x>&a9;</x>'
_QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]><x>{"&a;" * 10_000}</x>'
_EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
_DEEP = "<a>" * 200_000


# --- Archives -------------------------------------------------------------------------------


def flat_zip() -> bytes:
    return zipped({f"{i}.txt": bytes(64 * _MB) for i in range(10)})


def nested_zip() -> bytes:
    content = zipped({"0.txt": bytes(32 * _MB)})
    for level in range(9):
        content = zipped({f"{level}-{i}.zip": content for i in range(10)})
    return content


def overlapping_zip() -> bytes:
    """Every entry of the list points to the same packed bytes."""
    packed = bytearray(zipped({"0.txt": bytes(16 * _MB)}))
    at = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    entry = bytes(packed[at:end])
    entries = b"".join(entry.replace(b"0.txt", b"%05d" % i) for i in range(2000))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 2000, 2000, len(entries), at, 0)
    return bytes(packed[:at]) + entries + tail


def zip_of_many() -> bytes:
    return zipped({f"{i}": b"" for i in range(30_000)}, zipfile.ZIP_STORED)


def zip_that_lies_about_sizes() -> bytes:
    packed = bytearray(zipped({"0.txt": bytes(16 * _MB)}))
    at = packed.index(b"PK\x01\x02")
    packed[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(packed)


def zip_of_an_unknown_kind() -> bytes:
    """Packed in a way that nobody knows, number 97."""
    packed = bytearray(zipped({"a.txt": b"HN"}))
    at = packed.index(b"PK\x01\x02")
    packed[8:10] = packed[at + 10 : at + 12] = b"\x61\x00"
    return bytes(packed)


def zip_with_climbing_names() -> bytes:
    return zipped({"../../../etc/cron.d/x": "x", "/etc/passwd": "x", "C:\\x\\..\\y": "x"})


# --- XML and Office -------------------------------------------------------------------------


def docx_of(document: str) -> bytes:
    return zipped({**_TYPES, "word/document.xml": document})


def docx_of_laughs() -> bytes:
    return docx_of(_BILLION)


def docx_of_quadratic_growth() -> bytes:
    return docx_of(_QUADRATIC)


def docx_of_one_endless_paragraph() -> bytes:
    return docx_of(f"<w:p><w:t>{'6500123 ' * 4_000_000}</w:t></w:p>")


def docx_that_is_deep() -> bytes:
    return docx_of(_DEEP)


def xml_of_laughs() -> bytes:
    return b"<?xml version='1.0'?>" + _BILLION.encode()


def xml_from_outside() -> bytes:
    return b"<?xml version='1.0'?>" + _EXTERNAL.encode()


def xml_that_is_deep() -> bytes:
    return b"<?xml version='1.0'?>" + _DEEP.encode()


def xlsx_of(sheet: str, strings: str = "<sst/>") -> bytes:
    return zipped(
        {
            **_TYPES,
            "xl/workbook.xml": "<workbook/>",
            "xl/sharedStrings.xml": strings,
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{sheet}</sheetData></worksheet>",
        }
    )


def xlsx_of_a_million_rows() -> bytes:
    return xlsx_of('<row><c><v>6500123</v></c><c t="inlineStr"><t>x</t></c></row>' * 1_000_000)


def xlsx_of_one_text_again_and_again() -> bytes:
    cell = '<c t="s"><v>0</v></c>'
    return xlsx_of(f"<row>{cell * 200}</row>" * 2000, f"<sst><si><t>{'x' * _MB}</t></si></sst>")


def xlsx_of_many_texts() -> bytes:
    return xlsx_of("<row/>", f"<sst>{'<si><t>x</t></si>' * 5_000_000}</sst>")


def xlsx_of_columns_far_out() -> bytes:
    return xlsx_of('<row><c r="XFD1"><v>1</v></c><c r="ZZZZZZZ1"><v>1</v></c></row>' * 10_000)


# --- PDF ------------------------------------------------------------------------------------


def pdf_of_a_huge_page() -> bytes:
    return samples.pdf().replace(b"[0 0 600 800]", b"[0 0 99999999 9999999]")


def pdf_that_is_deep() -> bytes:
    return samples.pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"[" * 300_000 + b"]" * 300_000])


def pdf_of_a_stream_that_grows() -> bytes:
    packed = zlib.compress(b"0 0 m 9 9 l S\n" * 8_000_000, 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return samples.pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", kids, page, stream])


def pdf_of_a_picture_that_grows() -> bytes:
    packed = zlib.compress(bytes(100 * _MB), 9)
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceRGB"
        b" /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    ) % (len(packed), packed)
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R"
        b" /Resources << /XObject << /P 4 0 R >> >> >>"
    )
    content = b"<< /Length 30 >>\nstream\nq 600 0 0 800 0 0 cm /P Do Q \nendstream"
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return samples.pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", kids, page, image, content])


def pdf_that_wants_to_run() -> bytes:
    action = "/OpenAction << /S /JavaScript /JS (while(true){}) >>"
    launch = "/AA << /WC << /S /Launch /F (/bin/sh) >> >>"
    return samples.pdf(extra=f"{action} {launch}")


def pdf_of_ten_thousand_pages() -> bytes:
    return samples.pdf(10_000)


def pdf_whose_pages_hold_themselves() -> bytes:
    kids = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"
    return samples.pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", kids])


def pdf_whose_table_leads_to_itself() -> bytes:
    whole = samples.pdf()
    return samples.pdf_of([b"<< >>"], b"/Prev %d" % whole.rindex(b"xref"))


# --- Pictures -------------------------------------------------------------------------------


def png_that_says_it_is_huge() -> bytes:
    return samples.png_of_size(65_000, 65_000)


def png_that_is_huge() -> bytes:
    """All of its 30,000 × 30,000 points are there, in a hundred kilobytes."""
    return _saved(Image.new("1", (30_000, 30_000)), "PNG")


def png_as_large_as_is_allowed() -> bytes:
    return _saved(Image.new("L", (7000, 7000), 255), "PNG")


def png_of_a_text_that_grows() -> bytes:
    packed = zlib.compress(b"x" * (200 * _MB))
    body = b"Comment\0\0" + packed
    chunk = (
        struct.pack(">I", len(body))
        + b"zTXt"
        + body
        + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    )
    whole = samples.picture("PNG")
    return whole[:33] + chunk + whole[33:]


def jpeg_that_says_it_is_huge() -> bytes:
    whole = samples.picture("JPEG")
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :]


def jpeg_turned_to_nowhere() -> bytes:
    exif = samples.drawn().getexif()
    exif[0x0112] = 60_000
    return samples.picture("JPEG", exif=exif)


def tiff_that_says_it_is_huge() -> bytes:
    entries = [(256, 4, 1_000_000), (257, 4, 1_000_000), (258, 3, 8), (259, 3, 1), (262, 3, 1)]
    entries += [(273, 4, 8), (277, 3, 1), (278, 4, 1_000_000), (279, 4, 0xFFFFFFFF)]
    return _tiff(entries, 0)


def tiff_whose_pages_go_in_a_circle() -> bytes:
    entries = [(256, 4, 10), (257, 4, 10), (258, 3, 8), (259, 3, 1), (262, 3, 1)]
    return _tiff([*entries, (273, 4, 8), (277, 3, 1), (278, 4, 10), (279, 4, 100)], 8)


def gif_of_many_pictures() -> bytes:
    frames = [Image.new("P", (20, 20), i % 250) for i in range(5000)]
    return _saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def gif_on_a_huge_canvas() -> bytes:
    whole = samples.picture("GIF")
    return whole[:6] + b"\xff\xff\xff\xff" + whole[10:]


def webp_that_says_it_is_huge() -> bytes:
    size = 16_383 - 1
    body = (
        b"VP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", size | size << 14) + b"\0" * 5
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def bmp_that_says_it_is_huge() -> bytes:
    whole = bytearray(samples.picture("BMP"))
    whole[18:26] = struct.pack("<ii", 2_000_000_000, -2_000_000_000)
    return bytes(whole)


def _tiff(entries: list[tuple[int, int, int]], following: int) -> bytes:
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return (
        b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)
    )


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


# --- DICOM, video, text ---------------------------------------------------------------------


def dicom_that_says_it_is_huge() -> bytes:
    return samples.dicom(rows=65_535, columns=65_535)


def dicom_of_endless_values() -> bytes:
    return samples.dicom({"PatientID": "\\".join(["650012345"] * 5000)})


def video_without_its_index() -> bytes:
    whole = samples.video()
    at = whole.index(b"moov")
    return whole[:at] + b"free" + whole[at + 4 :]


def video_with_a_broken_index() -> bytes:
    whole = bytearray(samples.video())
    at = whole.index(b"stts")
    whole[at + 8 : at + 12] = b"\xff\xff\xff\x7f"
    return bytes(whole)


def video_that_says_it_is_huge() -> bytes:
    whole = bytearray(samples.video())
    at = whole.index(b"mp4v") + 28
    whole[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(whole)


def list_of_files_as_video() -> bytes:
    return b"\x00\x00\x00\x18ftypisom" + b"#EXTM3U\nfile:///etc/passwd\nhttp://127.0.0.1/x\n"


def json_that_is_deep() -> bytes:
    return b"[" * 200_000 + b"]" * 200_000


def json_of_many_keys() -> bytes:
    return json.dumps({f"k{i}": {"v": i} for i in range(200_000)}).encode()


def rtf_that_is_deep() -> bytes:
    return b"{\\rtf1 " + b"{" * 1_000_000 + HN.encode()


def html_of_many_marks() -> bytes:
    return b"<html>" + b"<td><p><b " * 700_000


def mail_in_mail() -> bytes:
    content = b"Subject: x\r\n\r\nHN"
    for _ in range(200):
        content = (
            b"From: a\r\nTo: b\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n" + content
        )
    return content


def text_of_digits() -> bytes:
    return b"1234567 " * 3_000_000


def text_without_an_end() -> bytes:
    return b"x" * 30_000_000


def table_of_patients() -> bytes:
    return b"no,HN,Dx\n" + b"".join(b"%d,65%07d,x\n" % (i, i) for i in range(60_000))


def picture_and_archive_at_once() -> bytes:
    return samples.picture("PNG") + zipped({"list.csv": samples.csv()})


def pdf_and_archive_at_once() -> bytes:
    return samples.pdf() + zipped({"list.csv": samples.csv()})


def page_and_picture_at_once() -> bytes:
    return b"GIF89a/*" + samples.html() + b"*/"


def nothing() -> bytes:
    return b""


def one_byte() -> bytes:
    return b"P"


def noise() -> bytes:
    return bytes((i * 7919 >> 3) & 0xFF for i in range(200_000))


_NOT_BOMBS = {"docx_of", "xlsx_of", "zipped"}
BOMBS: dict[str, Callable[[], bytes]] = {
    name: made
    for name, made in list(globals().items())
    if callable(made)
    and getattr(made, "__module__", "") == __name__
    and not name.startswith("_")
    and name not in _NOT_BOMBS
}
