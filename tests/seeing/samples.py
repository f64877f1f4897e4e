"""A small valid file of every format that is read. Each names the same invented patient.

Written here in code, so that nothing binary lies in the repository and nothing in it is real.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import av
import numpy as np
import pillow_heif
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from tests.seeing.cfb import compound

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

HN = "650012345"
TEXT = f"HN {HN} นายสมชาย ใจดี"
ROWS = (("ลำดับ", "HN", "Dx"), ("1", HN, "CKD stage 3"), ("2", "650012346", "DM type 2"))
SENTENCE = "ผู้ป่วยมาตามนัด ดูผลเลือดแล้ว ปรับยา นัดใหม่อีก 3 เดือน"


def zipped(members: dict[str, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def packed_with_password(content: bytes) -> bytes:
    """Any ZIP with the mark of encryption set on all members, in both places where it stands."""
    marked = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(signature)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(signature, at + 4)
    return bytes(marked)


# --- Text -----------------------------------------------------------------------------------


def csv() -> bytes:
    return "\n".join(",".join(cells) for cells in ROWS).encode()


def html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in ROWS)
    return f"<html><body><script>var x = 1;</script><table>{rows}</table></body></html>".encode()


def rtf() -> bytes:
    thai = "".join(f"\\u{ord(letter)}?" if ord(letter) > 127 else letter for letter in TEXT)
    return f"{{\\rtf1\\ansi\\ansicpg874{{\\fonttbl{{\\f0 Tahoma;}}}}\\f0 {thai}\\par}}".encode(
        "ascii"
    )


def fhir() -> bytes:
    patient = {
        "resourceType": "Patient",
        "identifier": [{"type": {"text": "HN"}, "value": HN}],
        "name": [{"family": "ใจดี", "given": ["สมชาย"]}],
    }
    return json.dumps(patient, ensure_ascii=False).encode()


def xml() -> bytes:
    return (
        f"<?xml version='1.0'?><visits><visit><hn>{HN}</hn><dx>CKD</dx></visit></visits>".encode()
    )


def hl7() -> bytes:
    return f"MSH|^~\\&|LAB|RPH|HIS|RPH|20261121||ORU^R01|1|P|2.3\rPID|1||{HN}^^^HN||X^Y\r".encode()


def mail() -> bytes:
    head = "From: a@example.org\r\nTo: b@example.org\r\nSubject: lab\r\nMIME-Version: 1.0\r\n"
    body = (
        "Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{SENTENCE}\r\n--part\r\n"
        "Content-Type: text/csv; charset=utf-8\r\n"
        'Content-Disposition: attachment; filename="list.csv"\r\n\r\n'
    )
    return (head + body).encode() + csv() + b"\r\n--part--\r\n"


# --- Office ---------------------------------------------------------------------------------

_W = 'xmlns:w="w" xmlns:a="a" xmlns:p="p" xmlns:r="r"'
_TYPES = "<Types/>"
_NO_MORE: Mapping[str, bytes | str] = {}


def _paragraph(text: str, ns: str = "w") -> str:
    return f"<{ns}:p><{ns}:r><{ns}:t>{text}</{ns}:t></{ns}:r></{ns}:p>"


def _table(ns: str) -> str:
    def cell(text: str) -> str:
        return f"<{ns}:tc>{_paragraph(text, ns)}</{ns}:tc>"

    rows = "".join(f"<{ns}:tr>{''.join(map(cell, cells))}</{ns}:tr>" for cells in ROWS)
    return f"<{ns}:tbl>{rows}</{ns}:tbl>"


def docx(body: str | None = None, more: Mapping[str, bytes | str] = _NO_MORE) -> bytes:
    text = _paragraph(SENTENCE) + _table("w") if body is None else body
    document = f"<w:document {_W}><w:body>{text}</w:body></w:document>"
    return zipped({"[Content_Types].xml": _TYPES, "word/document.xml": document, **more})


def docx_header(text: str) -> bytes:
    header = f"<w:hdr {_W}>{_paragraph(text)}</w:hdr>"
    return docx(_paragraph(SENTENCE), {"word/header1.xml": header})


def pptx() -> bytes:
    slide = f"<p:sld {_W}><p:txBody>{_paragraph(SENTENCE, 'a')}</p:txBody>{_table('a')}</p:sld>"
    notes = f"<p:notes {_W}><p:txBody>{_paragraph(TEXT, 'a')}</p:txBody></p:notes>"
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "ppt/presentation.xml": "<p:presentation xmlns:p='p'/>",
            "ppt/slides/slide1.xml": slide,
            "ppt/notesSlides/notesSlide1.xml": notes,
        }
    )


def xlsx(
    rows: tuple[tuple[str, ...], ...] = ROWS, name: str = "Lab", *, is_hidden: bool = False
) -> bytes:
    strings = list(dict.fromkeys(cell for cells in rows for cell in cells if not cell.isdigit()))
    state = ' state="hidden"' if is_hidden else ""
    sheets = f'<sheets><sheet name="{name}" r:id="rId7"{state}/></sheets>'
    relation = "<Relationship Id='rId7' Target='worksheets/sheet1.xml'/>"
    texts = "".join(f"<si><t>{text}</t></si>" for text in strings)
    data = _sheet_rows(rows, strings)
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "xl/workbook.xml": f'<workbook xmlns:r="r">{sheets}</workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships>{relation}</Relationships>",
            "xl/sharedStrings.xml": f"<sst>{texts}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{data}</sheetData></worksheet>",
        }
    )


def _sheet_rows(rows: tuple[tuple[str, ...], ...], strings: list[str]) -> str:
    def cell(i: int, j: int, text: str) -> str:
        place = f'r="{chr(65 + j)}{i}"'
        if text.isdigit():
            return f"<c {place}><v>{text}</v></c>"
        return f'<c {place} t="s"><v>{strings.index(text)}</v></c>' if text else ""

    return "".join(
        f'<row r="{i}">{"".join(cell(i, j, text) for j, text in enumerate(cells))}</row>'
        for i, cells in enumerate(rows, 1)
    )


def ods() -> bytes:
    def cell(text: str) -> str:
        return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"

    rows = "".join(
        f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>" for cells in ROWS
    )
    names = 'xmlns:table="t" xmlns:text="x" xmlns:office="o"'
    body = f"<table:table>{rows}</table:table>"
    content = f"<office:document-content {names}>{body}</office:document-content>"
    return zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    )


def xls() -> bytes:
    """[MS-XLS]: one sheet of labels and numbers."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))

    def cell(i: int, j: int, text: str) -> bytes:
        if text.isdigit():
            return record(0x203, struct.pack("<HHHd", i, j, 0, float(text)))
        return record(
            0x204, struct.pack("<HHHHB", i, j, 0, len(text), 1) + text.encode("utf-16-le")
        )

    end = record(0x0A, b"")
    sheet = (
        begin(0x10)
        + b"".join(cell(i, j, t) for i, cells in enumerate(ROWS) for j, t in enumerate(cells))
        + end
    )
    name = record(
        0x85, struct.pack("<IBBBB", len(begin(5)) + 12 + len(end) + 4, 0, 0, 4, 0) + b"Lab1"
    )
    start = len(begin(5)) + len(name) + len(end)
    name = record(0x85, struct.pack("<IBBBB", start, 0, 0, 4, 0) + b"Lab1")
    return compound({"Workbook": begin(5) + name + end + sheet})


def doc() -> bytes:
    """[MS-DOC]: one piece of text in UTF-16."""
    text = f"{SENTENCE}\r{TEXT}\r"
    at = 0x800
    fib = bytearray(at)
    fib[0:2] = b"\xec\xa5"
    struct.pack_into("<H", fib, 0x0A, 0x0200)
    piece = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, at, 0)
    clx = b"\x02" + struct.pack("<I", len(piece)) + piece
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    return compound({"WordDocument": bytes(fib) + text.encode("utf-16-le"), "1Table": clx})


def ppt(picture: bytes = b"") -> bytes:
    def record(kind: int, body: bytes, version: int = 0) -> bytes:
        return struct.pack("<HHI", version, kind, len(body)) + body

    inner = record(0x0FA0, TEXT.encode("utf-16-le")) + record(0x0FA8, b"ward round")
    slides = record(0x03E8, record(0x0FF0, inner, 0x0F), 0x0F)
    pictures = {"Pictures": record(0xF01D, bytes(17) + picture)} if picture else {}
    return compound({"PowerPoint Document": slides, **pictures})


def encrypted_office() -> bytes:
    return compound({"EncryptedPackage": b"x" * 100, "EncryptionInfo": b"y" * 100})


# --- PDF ------------------------------------------------------------------------------------


def pdf(pages: int = 1, text: str = f"HN {HN}", *, picture: bytes = b"", extra: str = "") -> bytes:
    """Text, or a JPEG over the whole page."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(pages))
    content = (
        b"q 560 0 0 210 20 560 cm /P Do Q"
        if picture
        else b"BT /F 24 Tf 50 700 Td (%s) Tj ET" % text.encode()
    )
    objects: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        _jpeg_object(picture)
        if picture
        else b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    used = b"/XObject << /P 3 0 R >>" if picture else b"/Font << /F 3 0 R >>"
    for i in range(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R"
            b" /Resources << %s >> >>" % (5 + 2 * i, used)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return pdf_of(objects)


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        trailer,
        at,
    )
    return bytes(out)


def _jpeg_object(picture: bytes) -> bytes:
    width, height = Image.open(io.BytesIO(picture)).size
    head = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB "
        f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(picture)} >>\nstream\n"
    )
    return head.encode() + picture + b"\nendstream"


def protected_pdf() -> bytes:
    """Encrypted with a password that nobody has given (standard handler, revision 2)."""
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (
        b"ab" * 32,
        b"cd" * 32,
    )
    plain = pdf()
    return plain.replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)


# --- Pictures -------------------------------------------------------------------------------


@cache
def drawn(text: str = f"HN {HN}") -> Image.Image:
    picture = Image.new("RGB", (640, 240), "white")
    font = ImageFont.load_default(size=48)
    ImageDraw.Draw(picture).text((40, 80), text, fill="black", font=font)
    return picture


def picture(kind: str, **options: Any) -> bytes:  # noqa: ANN401 - as Pillow takes them
    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    drawn().save(buffer, kind, **options)
    return buffer.getvalue()


def moving_gif() -> bytes:
    return picture("GIF", save_all=True, append_images=[drawn("second"), drawn("third")])


def paged_tiff() -> bytes:
    return picture("TIFF", save_all=True, append_images=[drawn("page two")])


def png_of_size(width: int, height: int) -> bytes:
    """A picture that says it is so large, with a few bytes behind it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


# --- DICOM and video ------------------------------------------------------------------------


_NO_TAGS: Mapping[str, str] = {}


def dicom(tags: Mapping[str, str] = _NO_TAGS, *, rows: int = 64, columns: int = 64) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["sample"])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    given = {
        "PatientName": "JAIDEE^SOMCHAI",
        "PatientID": HN,
        "PatientBirthDate": "19651103",
        **tags,
    }
    for keyword, value in given.items():
        setattr(data, keyword, value)
    data.Rows, data.Columns, data.SamplesPerPixel = rows, columns, 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    data.PixelData = bytes(range(64)) * 64
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


@cache
def video(container: str = "mp4", seconds: int = 3, *, has_sound: bool = False) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        codec = {"mp4": "mpeg4", "matroska": "mpeg4", "avi": "mjpeg"}[container]
        stream = cast("VideoStream", out.add_stream(codec, rate=5))
        voice = out.add_stream("aac", rate=16000, layout="mono") if has_sound else None
        stream.width, stream.height = 320, 240
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for i in range(seconds * 5):
            page = np.full((240, 320, 3), 40 + 8 * i, dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(page, format="bgr24")))
        out.mux(stream.encode())
        if voice is not None:
            _mux_silence(out, voice)
    return buffer.getvalue()


def _mux_silence(out: OutputContainer, stream: AudioStream) -> None:
    silence = av.AudioFrame.from_ndarray(np.zeros((1, 16000), dtype=np.float32), "fltp", "mono")
    silence.sample_rate = 16000
    out.mux(stream.encode(silence))
    out.mux(stream.encode())


def film_without_pictures() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as out:
        out.metadata["title"] = "ward round"
        _mux_silence(out, out.add_stream("aac", rate=16000, layout="mono"))
    return buffer.getvalue()


def sound() -> bytes:
    head = (
        b"RIFF"
        + struct.pack("<I", 1036)
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    )
    return head + b"data" + struct.pack("<I", 1000) + bytes(1000)


# --- All of them ----------------------------------------------------------------------------

SAMPLES: dict[str, Callable[[], bytes]] = {
    "list.csv": csv,
    "note.txt": TEXT.encode,
    "old note.txt": lambda: TEXT.encode("cp874"),
    "wide note.txt": lambda: TEXT.encode("utf-16"),
    "export.xls": html,
    "letter.rtf": rtf,
    "patient.json": fhir,
    "visits.xml": xml,
    "result.hl7": hl7,
    "mail.eml": mail,
    "referral.docx": docx,
    "round.pptx": pptx,
    "lab.xlsx": xlsx,
    "lab.ods": ods,
    "lab.xls": xls,
    "referral.doc": doc,
    "round.ppt": ppt,
    "ward.zip": lambda: zipped({"list.csv": csv(), "lab.xlsx": xlsx()}),
    "report.pdf": pdf,
    "scan.pdf": lambda: pdf(picture=picture("JPEG")),
    "xray.dcm": dicom,
    "photo.jpg": lambda: picture("JPEG"),
    "screen.png": lambda: picture("PNG"),
    "phone.heic": lambda: picture("HEIF"),
    "sticker.webp": lambda: picture("WEBP"),
    "moving.gif": moving_gif,
    "fax.tiff": paged_tiff,
    "paint.bmp": lambda: picture("BMP"),
    "round.mp4": video,
    "round.mkv": lambda: video("matroska"),
    "round.avi": lambda: video("avi"),
}
