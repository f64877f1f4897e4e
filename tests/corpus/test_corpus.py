from pathlib import Path

import pytest

from tests.corpus import build


def test_built_files_say_what_the_authors_wrote() -> None:
    for path, content in build.as_files().items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name}: build it again"


@pytest.mark.parametrize("folder", build.SETS, ids=lambda folder: folder.name)
def test_spans_are_in_order_and_do_not_overlap(folder: Path) -> None:
    messages, _ = build.build(folder / "authoring")
    for message in messages:
        end = 0
        for span in message.spans:
            assert end <= span.start < span.end <= len(message.text), message.id
            end = span.end


@pytest.mark.parametrize("folder", build.SETS, ids=lambda folder: folder.name)
def test_every_set_has_every_label_and_both_answers(folder: Path) -> None:
    messages, threads = build.build(folder / "authoring")
    assert {span.label for message in messages for span in message.spans} == build.LABELS
    assert 0.4 < sum(message.flag for message in messages) / len(messages) < 0.6
    assert any(message.flag for thread in threads for message in thread.messages)


def test_every_label_and_both_answers_are_there_in_number() -> None:
    messages, threads = build.build()
    labels = [span.label for message in messages for span in message.spans]
    assert {label for label in build.LABELS if labels.count(label) >= 10} == build.LABELS
    share = sum(message.flag for message in messages) / len(messages)
    assert 0.4 < share < 0.6
    assert len(threads) >= 50


@pytest.mark.parametrize(
    ("digits", "fits"),
    [("1101700230708", True), ("1101700230707", False), ("110170023070", False)],
)
def test_check_digit_of_a_citizen_number(digits: str, fits: bool) -> None:  # noqa: FBT001
    assert build.check_digit_fits(digits) is fits


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("=== a-001 + k\nไม่มีอะไร\n", "flagged without a span"),
        ("=== a-001 - k\nHN ⟦HN:6512345⟧\n", "quiet with a span"),
        ("=== a-001 + k\nคนไข้ ⟦PERSON:นาย ก้อน⟧\n", "a title inside a span"),
        ("=== a-001 + k\nHN⟦HN: 6512345⟧\n", "white space at the edge"),
        ("=== a-001 + k\n⟦NATIONAL_ID:1101700230707⟧\n", "check digit against the kind"),
        ("=== a-001 - k\n1101700230708\n", "a citizen number outside every span"),
        ("=== a-001 - k\nก\n=== a-001 - k\nข\n", "twice: a-001"),
        ("=== a-001 - k\nก ข\n=== a-002 - k\nกข\n", "twice: กข"),
        ("=== b-001 - k\nก\n", "another author's id"),
        ("=== A-1 - k\nก\n", "not a header"),
    ],
)
def test_a_fault_of_an_author_is_named(
    body: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(body, encoding="utf-8")
    monkeypatch.setattr(build, "AUTHORING", tmp_path)
    with pytest.raises(build.AuthoringError, match=fault):
        build.build()
