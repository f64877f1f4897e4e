"""What our detectors are compared with: Presidio; PyThaiNLP's names and a regex for numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pycrfsuite
import pythainlp
import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngine, NoOpNlpEngine, SlimSpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    PhoneRecognizer,
    ThTninRecognizer,
)
from pythainlp.tag import pos_tag
from pythainlp.tag.thainer import _doc2features
from pythainlp.tokenize import word_tokenize

from bench.detect.accuracy import Span, SpanFinder

_LANGUAGE = "th"
_BOTH = ("th", "en")
_MODEL = "corpus/thainer_crf_1_5_1.model"
_CITIZEN_NUMBER = re.compile(r"(?<!\d)\d(?:-?\d){12}(?!\d)")


def presidio() -> SpanFinder:
    """As its documentation sets it up for a language without a model: its predefined recognisers
    for Thai, the two that are there for Thai or for cards but not among them, and its own engine
    that only cuts a text into words."""
    return _presidio((_LANGUAGE,), _words_of_spacy(_LANGUAGE))


def presidio_in_both() -> SpanFinder:
    """Each text is read as Thai and then as English, with the recognisers predefined for both."""
    return _presidio(_BOTH, _words_of_spacy(*_BOTH))


def presidio_without_words() -> SpanFinder:
    """The least it can be asked for: no words are cut, so no context word raises a score."""
    return _presidio((_LANGUAGE,), NoOpNlpEngine([{"lang_code": _LANGUAGE, "model_name": ""}]))


def _words_of_spacy(*languages: str) -> NlpEngine:
    """spaCy without a model; for Thai it asks PyThaiNLP where words end."""
    engine = SlimSpacyNlpEngine(supported_languages=[_LANGUAGE], generic_tokenizer="blank")
    engine.load()
    engine.nlp = {language: spacy.blank(language) for language in languages}
    return engine


def _presidio(languages: tuple[str, ...], nlp_engine: NlpEngine) -> SpanFinder:
    registry = RecognizerRegistry(supported_languages=[*languages])
    registry.load_predefined_recognizers(languages=[*languages])
    registry.remove_recognizer("SpacyRecognizer")  # There is no spaCy model for Thai.
    registry.remove_recognizer("PhoneRecognizer")
    registry.add_recognizer(ThTninRecognizer())
    registry.add_recognizer(CreditCardRecognizer(supported_language=_LANGUAGE))
    # Its own regions and ours: a hospital has patients of every country.
    regions = ("TH", *PhoneRecognizer.DEFAULT_SUPPORTED_REGIONS)
    for language in languages:
        registry.add_recognizer(
            PhoneRecognizer(supported_language=language, supported_regions=regions)
        )
    engine = AnalyzerEngine(
        registry=registry, nlp_engine=nlp_engine, supported_languages=[*languages]
    )

    def find(text: str) -> list[Span]:
        results = (
            result for language in languages for result in engine.analyze(text, language=language)
        )
        return [(result.start, result.end, result.entity_type) for result in results]

    return find


def pythainlp_baseline() -> SpanFinder:
    """Names by the CRF that ships in PyThaiNLP's wheel, citizen numbers by a plain regex."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(Path(pythainlp.__file__).parent / _MODEL))

    def find(text: str) -> list[Span]:
        numbers = [(*match.span(), "NATIONAL_ID") for match in _CITIZEN_NUMBER.finditer(text)]
        return numbers + _people(text, tagger)

    return find


def _people(text: str, tagger: Any) -> list[Span]:  # noqa: ANN401 - the CRF has no types
    words = word_tokenize(text, engine="mm", keep_whitespace=True)
    if not words:
        return []
    tagged = pos_tag(words, engine="perceptron", corpus="orchid_ud")
    tags = tagger.tag([_doc2features(tagged, i) for i in range(len(tagged))])
    spans: list[Span] = []
    at = 0
    for word, tag in zip(words, tags, strict=True):
        end = at + len(word)
        if tag == "B-PERSON":
            spans.append((at, end, "PERSON"))
        elif tag == "I-PERSON" and spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], end, "PERSON")
        at = end
    return spans
