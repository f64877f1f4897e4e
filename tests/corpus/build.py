"""Turns the hand-written files in authoring/ into messages.jsonl and threads.jsonl.

'python -m tests.corpus.build' writes them for each set, or names every line that breaks the format.
README.md beside this file explains how a message is written down.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
AUTHORING = HERE / "authoring"
# Each held-out set by other authors has a folder of its own, and its name before its ids.
SETS = {
    HERE: "",
    HERE / "blind_a": "blind-a-",
    HERE / "blind_b": "blind-b-",
    HERE / "set_c": "set-c-",
    HERE / "set_d": "set-d-",
    HERE / "set_e": "set-e-",
    HERE / "set_f": "set-f-",
    HERE / "set_g": "set-g-",
    HERE / "set_h": "set-h-",
    HERE / "set_i": "set-i-",
    HERE / "set_j": "set-j-",
    HERE / "set_k": "set-k-",
    HERE / "set_m": "set-m-",
    HERE / "set_n": "set-n-",
    HERE / "set_o": "set-o-",
    HERE / "set_p": "set-p-",
    HERE / "set_q": "set-q-",
    HERE / "set_r": "set-r-",
    HERE / "set_s": "set-s-",
    HERE / "set_t": "set-t-",
    HERE / "set_u": "set-u-",
    HERE / "set_v": "set-v-",
    HERE / "set_w": "set-w-",
    HERE / "set_x": "set-x-",
    HERE / "set_y": "set-y-",
    HERE / "set_z": "set-z-",
    HERE / "blind_za": "blind-za-",
    HERE / "blind_zb": "blind-zb-",
}
THREAD_FILE = "threads"

LABELS = frozenset({
    "NATIONAL_ID", "HN", "VISIT_NO", "PASSPORT", "PERSON", "PHONE", "EMAIL", "ONLINE_ID",
    "ADDRESS", "DOB", "ACCOUNT", "PLATE",
})  # fmt: skip
NUMBERS = frozenset({"NATIONAL_ID", "HN", "VISIT_NO", "PASSPORT", "PHONE", "ACCOUNT"})

HEADER = re.compile(r"=== (?P<id>[a-z]+-\d{3}) (?:(?P<flag>[+-]) )?(?P<kind>[a-z0-9-]+)")
MARK = re.compile(r"⟦(?P<label>[A-Z_]+):(?P<text>[^⟦⟧]+)⟧")
INVISIBLE = re.compile(r"⟪([0-9A-F]{4})⟫")
LINE_OF_THREAD = re.compile(r"(?P<sender>\S+) (?P<at>\d+) (?P<flag>[+-]) (?P<text>.+)")
TITLE = re.compile(r"(นาย|นาง|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|คุณ|Mr|Mrs|Miss|Ms)[\s.]")

SPOKEN = {
    "ศูนย์": "0", "หนึ่ง": "1", "เอ็ด": "1", "สอง": "2", "สาม": "3", "สี่": "4", "ห้า": "5",
    "หก": "6", "เจ็ด": "7", "แปด": "8", "เก้า": "9", "โท": "2",
}  # fmt: skip
LOOKALIKE = str.maketrans({"O": "0", "o": "0", "О": "0", "l": "1", "I": "1", "S": "5", "B": "8"})
SEPARATOR = r"[\s\-./_·–—()\u200b-\u200d\u2060\ufeff]{0,3}"
THIRTEEN = re.compile(r"(?<!\d)\d(?:" + SEPARATOR + r"\d){12}(?!\d)")


class AuthoringError(ValueError):
    """An authored line that breaks the format; the text says where and why."""


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Message:
    id: str
    kind: str
    flag: bool
    text: str
    spans: tuple[Span, ...]

    def as_line(self) -> str:
        spans = [{"start": s.start, "end": s.end, "label": s.label} for s in self.spans]
        line = {"id": self.id, "kind": self.kind, "flag": self.flag, "text": self.text}
        return json.dumps({**line, "spans": spans}, ensure_ascii=False)


@dataclass(frozen=True)
class Said:
    sender: str
    at: int
    text: str
    flag: bool


@dataclass(frozen=True)
class Thread:
    id: str
    kind: str
    messages: tuple[Said, ...]

    def as_line(self) -> str:
        said = [
            {"sender": m.sender, "at": m.at, "text": m.text, "flag": m.flag} for m in self.messages
        ]
        return json.dumps({"id": self.id, "kind": self.kind, "messages": said}, ensure_ascii=False)


@dataclass(frozen=True)
class _Record:
    id: str
    flag: str | None
    kind: str
    body: str


def digits_of(text: str) -> str:
    """The digits somebody reads here: any script, spoken in Thai, or look-alike letters."""
    for word, digit in SPOKEN.items():
        text = text.replace(word, digit)
    text = text.translate(LOOKALIKE)
    return "".join(
        str(unicodedata.digit(c)) for c in text if unicodedata.digit(c, None) is not None
    )


def check_digit_fits(digits: str) -> bool:
    if len(digits) != 13:
        return False
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])


def _records(path: Path) -> Iterator[_Record]:
    header: re.Match[str] | None = None
    body: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.startswith("==="):
            body.append(line)
            continue
        if header is not None:
            yield _record(header, body)
        header, body = HEADER.fullmatch(line), []
        if header is None:
            raise AuthoringError(f"{path.name}:{number}: not a header: {line}")
    if header is not None:
        yield _record(header, body)


def _record(header: re.Match[str], body: list[str]) -> _Record:
    text = INVISIBLE.sub(lambda m: chr(int(m[1], 16)), "\n".join(body).strip("\n"))
    return _Record(header["id"], header["flag"], header["kind"], text)


def _message(record: _Record) -> Message:
    text, spans, taken = "", [], 0
    for mark in MARK.finditer(record.body):
        text += record.body[taken : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark["text"]), mark["label"]))
        text += mark["text"]
        taken = mark.end()
    text += record.body[taken:]
    return Message(record.id, record.kind, record.flag == "+", text, tuple(spans))


def _faults_of_span(message: Message, span: Span) -> Iterator[str]:
    inside = message.text[span.start : span.end]
    if span.label not in LABELS:
        yield f"no such label: {span.label}"
    if inside != inside.strip():
        yield f"white space at the edge of a span: {inside!r}"
    if span.label == "PERSON" and TITLE.match(inside):
        yield f"a title inside a span: {inside!r}"
    if span.label in NUMBERS and not digits_of(inside):
        yield f"no digit in a number: {inside!r}"
    if span.label == "NATIONAL_ID":
        slip = "slip" in message.kind
        if len(digits_of(inside)) != 13 and not slip:
            yield f"not 13 digits: {inside!r}"
        if check_digit_fits(digits_of(inside)) == slip:
            yield f"check digit against the kind: {inside!r}"


def _faults(message: Message) -> Iterator[str]:
    if not message.text.strip():
        yield "no text"
    if re.search("[⟦⟧⟪⟫«»✓✗]", message.text):
        yield "a mark is left in the text"
    if message.flag != bool(message.spans):
        yield "flagged without a span" if message.flag else "quiet with a span"
    for span in message.spans:
        yield from _faults_of_span(message, span)
    covered = [m.span() for m in THIRTEEN.finditer(message.text)]
    for start, end in covered:
        if any(s.start < end and start < s.end for s in message.spans):
            continue
        passes = check_digit_fits(digits_of(message.text[start:end]))
        if passes and not message.kind.startswith("says-"):
            yield f"a citizen number outside every span: {message.text[start:end]!r}"


def _said(thread: str, line: str) -> Said:
    parts = LINE_OF_THREAD.fullmatch(line)
    if parts is None:
        raise AuthoringError(f"{thread}: not a line of a thread: {line}")
    text = parts["text"].replace("\\n", "\n")
    return Said(parts["sender"], int(parts["at"]), text, parts["flag"] == "+")


def _faults_of_thread(thread: Thread) -> Iterator[str]:
    times = [m.at for m in thread.messages]
    if not 3 <= len(times) <= 7:
        yield f"{len(times)} messages"
    if times != sorted(times) or times[:1] != [0]:
        yield "times do not ascend from 0"
    if thread.kind.startswith("neg-") == any(m.flag for m in thread.messages):
        yield "flags against the kind"


def build(authoring: Path | None = None, prefix: str = "") -> tuple[list[Message], list[Thread]]:
    """All messages and threads as authored; raises with every fault found."""
    messages: list[Message] = []
    threads: list[Thread] = []
    faults: list[str] = []
    for path in sorted((authoring or AUTHORING).glob("*.txt")):
        for record in _records(path):
            found: list[str] = []
            if path.stem == THREAD_FILE:
                said = tuple(_said(record.id, line) for line in record.body.split("\n"))
                threads.append(Thread(prefix + record.id, record.kind, said))
                found += _faults_of_thread(threads[-1])
            else:
                message = _message(record)
                messages.append(replace(message, id=prefix + message.id))
                found += _faults(message)
                found += [] if record.flag else ["neither + nor -"]
                found += [] if record.id.startswith(path.stem + "-") else ["another author's id"]
            faults += [f"{path.name}: {record.id}: {fault}" for fault in found]
    faults += _repeated([m.id for m in messages] + [t.id for t in threads])
    faults += _repeated(["".join(m.text.split()) for m in messages])
    if faults:
        raise AuthoringError("\n".join(faults))
    return messages, threads


def _repeated(values: list[str]) -> list[str]:
    seen: set[str] = set()
    again = []
    for value in values:
        if value in seen:
            again.append(f"twice: {value}")
        seen.add(value)
    return again


def as_files() -> dict[Path, str]:
    """What the built files of every set say."""
    files = {}
    for folder, prefix in SETS.items():
        messages, threads = build(folder / "authoring", prefix)
        files[folder / "messages.jsonl"] = "".join(m.as_line() + "\n" for m in messages)
        files[folder / "threads.jsonl"] = "".join(t.as_line() + "\n" for t in threads)
    return files


def main() -> int:
    try:
        files = as_files()
    except AuthoringError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(HERE)}: {content.count(chr(10))} lines\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
