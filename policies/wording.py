"""The catalogue of every text that somebody sees in LINE: a key, two languages, one version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.domain.buttons import Button
from bot.domain.findings import Label
from bot.domain.groups import Language
from bot.errors import PolicyError
from policies.lengths import clusters, utf16_length
from policies.toml_lines import Document, Path, read

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

# A label on a button: LINE takes 40 clusters in a Flex message, a phone shows about 20.
_LABEL_CLUSTERS = 20
# UTF-16 units. A line stands in a bubble (30 KB in all); a text in a message of at most 5,000,
# with ample room for what is filled in.
_LINE_UNITS = 200
_TEXT_UNITS = 2_000


class Fit(StrEnum):
    """Where a text is shown, which limits its length."""

    LABEL = "label"
    LINE = "line"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Slot:
    """What a key needs: how long it may be, what must and what may be filled in."""

    fit: Fit
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()


def _slot(fit: Fit, needs: str = "", may: str = "") -> Slot:
    return Slot(fit, frozenset(needs.split()), frozenset(may.split()))


SLOTS: Mapping[str, Slot] = MappingProxyType(
    {
        **{f"kinds.{label}": _slot(Fit.LINE) for label in Label},
        "kinds.other": _slot(Fit.LINE),
        "kinds.between": _slot(Fit.LINE),
        "kinds.last": _slot(Fit.LINE),
        "address.named": _slot(Fit.LINE, "who text"),
        "when.time": _slot(Fit.LINE, "time"),
        "when.date_time": _slot(Fit.LINE, "date time"),
        "when.unknown": _slot(Fit.LINE),
        "duration.seconds": _slot(Fit.LINE, "seconds"),
        "duration.minutes": _slot(Fit.LINE, "minutes"),
        "duration.minutes_seconds": _slot(Fit.LINE, "minutes seconds"),
        "duration.hours_minutes": _slot(Fit.LINE, "hours minutes"),
        **{f"thing.{thing}": _slot(Fit.LINE) for thing in ("message", "picture", "video", "file")},
        "contact.default": _slot(Fit.LINE),
        **{f"button.{button}": _slot(Fit.LABEL) for button in Button},
        "button.open_chat": _slot(Fit.LABEL),
        "unsend.rewrite_first": _slot(Fit.LINE, may="button"),
        "unsend.how": _slot(Fit.LINE, may="thing"),
        "unsend.within": _slot(Fit.LINE),
        "unsend.until": _slot(Fit.LINE, "deadline"),
        "introduction.text": _slot(Fit.TEXT, "contact"),
        "warning.text": _slot(Fit.TEXT, "when kinds", "thing"),
        "warning.text_unnamed": _slot(Fit.TEXT, "when kinds", "thing"),
        "warning.alt": _slot(Fit.LINE, may="when kinds thing"),
        "warning.title": _slot(Fit.LINE, may="thing"),
        "warning.found": _slot(Fit.LINE, "kinds"),
        "warning.sent": _slot(Fit.LINE, "when"),
        "warning_after_window.text": _slot(Fit.TEXT, "when kinds", "contact thing"),
        "warning_after_window.text_unnamed": _slot(Fit.TEXT, "when kinds", "contact thing"),
        "warning_after_window.alt": _slot(Fit.LINE, may="when kinds thing"),
        "warning_after_window.title": _slot(Fit.LINE),
        "warning_after_window.delete": _slot(Fit.LINE),
        "warning_after_window.tell": _slot(Fit.LINE, "contact"),
        "warning_after_window.recorded": _slot(Fit.LINE),
        "reminder.early": _slot(Fit.LINE, "when", "kinds minutes left thing"),
        "reminder.middle": _slot(Fit.LINE, "when", "kinds minutes left thing"),
        "reminder.last": _slot(Fit.LINE, "when left", "kinds minutes thing"),
        "reminder.plain": _slot(Fit.LINE, "when", "kinds thing"),
        "reminder.alt": _slot(Fit.LINE, may="when kinds thing"),
        "window_over.text": _slot(Fit.TEXT, "when", "kinds contact thing"),
        "acknowledge.text": _slot(Fit.LINE, may="when"),
        "acknowledge.alt": _slot(Fit.LINE, may="when"),
        "question.face": _slot(Fit.TEXT, "when", "thing"),
        "question.medical": _slot(Fit.TEXT, "when", "thing"),
        "question.alt": _slot(Fit.LINE, may="when thing"),
        "question.kept": _slot(Fit.LINE),
        "no_patient_noted.text": _slot(Fit.TEXT),
        "patient_noted.text": _slot(Fit.TEXT, "when", "thing"),
        "patient_noted.alt": _slot(Fit.LINE, may="when thing"),
        "patient_noted.title": _slot(Fit.LINE, may="thing"),
        "question_over.text": _slot(Fit.TEXT, may="contact"),
        "closed.text": _slot(Fit.TEXT, "duration"),
        "closed.plain": _slot(Fit.TEXT),
        "rewrite.header": _slot(Fit.TEXT),
        "rewrite_privately.with_link": _slot(Fit.TEXT),
        "rewrite_privately.plain": _slot(Fit.TEXT),
        "rewrite_privately.alt": _slot(Fit.LINE),
        "rewrite_gone.text": _slot(Fit.TEXT),
        "safe_copy.header": _slot(Fit.TEXT),
        "copy_privately.with_link": _slot(Fit.TEXT),
        "copy_privately.plain": _slot(Fit.TEXT),
        "copy_privately.alt": _slot(Fit.LINE),
        "picture_wanted.text": _slot(Fit.TEXT),
        "copy_not_made.text": _slot(Fit.TEXT),
        "claim_noted.text": _slot(Fit.TEXT),
        "dispute_noted.text": _slot(Fit.TEXT),
        "emergency_noted.text": _slot(Fit.TEXT),
        "guideline.text": _slot(Fit.TEXT, may="contact"),
        "welcome.text": _slot(Fit.TEXT, "contact"),
        "self_check_found.text": _slot(Fit.TEXT, "kinds"),
        "self_check_found.plain": _slot(Fit.TEXT, "kinds"),
        "self_check_clean.text": _slot(Fit.TEXT),
    }
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    version: int
    texts: Mapping[tuple[str, Language], str]

    def say(self, key: str, language: Language, **parameters: str) -> str:
        """The text with its places filled in; what it does not ask for is left aside."""
        template = self.texts[key, language]
        missing = placeholders(template) - parameters.keys()
        if missing:
            raise PolicyError(f"'{key}' was to be said without: {', '.join(sorted(missing))}")
        # One pass: braces inside a parameter are characters, not places.
        return _PLACEHOLDER.sub(lambda place: parameters[place[1]], template)

    def name_kinds(self, labels: str, language: Language) -> str:
        """'HN,PERSON' as people say it; each kind once, in the order of the identifier ruler."""
        given = {part.strip() for part in labels.split(",")} - {""}
        keys = [f"kinds.{label}" for label in Label if label in given]
        if not keys or given - set(Label):
            keys.append("kinds.other")
        words = [self.say(key, language) for key in keys]
        if len(words) == 1:
            return words[0]
        between, last = (self.say(f"kinds.{key}", language) for key in ("between", "last"))
        return between.join(words[:-1]) + last + words[-1]


def placeholders(template: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(template))


def parse_catalogue(text: str, name: str, spare: Catalogue | None = None) -> Catalogue:
    """Read and check a catalogue; a PolicyError names the file and the line of what is wrong.

    `spare` lends the texts that were not known yet when this one was written.
    """
    document = read(text, name)
    version = document.data.get("version")
    if type(version) is not int or version < 1:
        raise document.wrong(("version",), "'version' must be a whole number from 1 on")
    _refuse_unknown_keys(document)
    texts = {
        (key, language): said
        for key, slot in SLOTS.items()
        for language, said in _entry(document, key, slot, spare).items()
    }
    return Catalogue(version, MappingProxyType(texts))


def _refuse_unknown_keys(document: Document) -> None:
    for room, entries in document.data.items():
        if room == "version":
            continue
        if not isinstance(entries, dict):
            raise document.wrong((room,), f"unknown key '{room}'")
        for entry in entries:
            if f"{room}.{entry}" not in SLOTS:
                raise document.wrong((room, entry), f"unknown key '{room}.{entry}'")


def _entry(
    document: Document, key: str, slot: Slot, spare: Catalogue | None
) -> dict[Language, str]:
    room, entry = key.split(".")
    entries = document.data.get(room)
    raw = entries.get(entry) if isinstance(entries, dict) else None
    path: Path = (room, entry)
    if raw is None and spare is not None:
        return {language: spare.texts[key, language] for language in Language}
    if raw is None:
        raise document.wrong((room,), f"'{key}' is missing")
    if not isinstance(raw, dict):
        raise document.wrong(path, f"'{key}' must be a table with {_languages()}")
    for language in raw:
        if language not in set(Language):
            raise document.wrong((*path, language), f"unknown language '{language}' in '{key}'")
    said = {
        language: _text(document, (*path, language), raw.get(language), slot)
        for language in Language
    }
    _compare(document, path, said)
    return said


def _languages() -> str:
    return " and ".join(f"'{language}'" for language in Language)


def _text(document: Document, path: Path, raw: object, slot: Slot) -> str:
    where = ".".join(str(part) for part in path)
    if raw is None:
        raise document.wrong(path, f"'{where}' is missing")
    if not isinstance(raw, str) or not raw.strip():
        raise document.wrong(path, f"'{where}' must be a text that is not empty")
    used = placeholders(raw)
    if set("{}") & set(_PLACEHOLDER.sub("", raw)):
        raise document.wrong(path, f"'{where}' has a brace that is not part of a {{place}}")
    if unknown := used - slot.needs - slot.may:
        raise document.wrong(path, f"'{where}' cannot fill in: {', '.join(sorted(unknown))}")
    if missing := slot.needs - used:
        raise document.wrong(path, f"'{where}' must contain: {', '.join(sorted(missing))}")
    if problem := _too_long(raw, slot.fit):
        raise document.wrong(path, f"'{where}' is too long: {problem}")
    return raw


def _too_long(text: str, fit: Fit) -> str | None:
    if fit is Fit.LABEL:
        length, limit, unit = len(clusters(text)), _LABEL_CLUSTERS, "letters"
    else:
        length, unit = utf16_length(text), "UTF-16 units"
        limit = _LINE_UNITS if fit is Fit.LINE else _TEXT_UNITS
    return f"{length} {unit} of at most {limit}" if length > limit else None


def _compare(document: Document, path: Path, said: Mapping[Language, str]) -> None:
    thai, english = (placeholders(said[language]) for language in Language)
    if thai != english:
        only = ", ".join(sorted(thai ^ english))
        where = ".".join(str(part) for part in path)
        raise document.wrong(path, f"'{where}' fills in different places by language: {only}")
