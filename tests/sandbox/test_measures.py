import pytest

from bot.sandbox.measures import grapheme_clusters, utf16_units


@pytest.mark.parametrize(
    ("text", "units", "clusters"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("ที่", 3, 1),  # consonant, vowel, tone mark
        ("น้ำ", 3, 1),  # SARA AM belongs to the cluster before it
        ("เก้า", 4, 3),  # a leading vowel stands for itself
        ("😀", 2, 1),
        ("👨‍👩‍👧", 8, 1),
        ("👍🏽", 4, 1),
        ("🇹🇭🇯🇵", 8, 2),
        ("a\r\nb", 4, 3),
    ],
)
def test_text_is_measured_in_both_units(text: str, units: int, clusters: int) -> None:
    assert (utf16_units(text), grapheme_clusters(text)) == (units, clusters)
