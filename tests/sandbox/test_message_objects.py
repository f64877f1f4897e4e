"""Our own tables of message objects against LINE's description, and the limits it leaves out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.objects.messages import MESSAGE
from bot.sandbox.objects.requests import VALIDATE, demand
from bot.sandbox.refusals import Refusal
from tests.sandbox.corpus import ACTIONS, BUBBLE, MESSAGES, broken, fresh, places, replaced
from tests.sandbox.harness import official

Json = dict[str, Any]
Value = Any
PATH = "/v2/bot/message/validate/reply"


def refusal(*messages: Json) -> Refusal | None:
    try:
        demand(VALIDATE, {"messages": list(messages)})
    except Refusal as found:
        return found
    return None


def is_official(message: Json) -> bool:
    return official().check_request("POST", PATH, {"messages": [message]}) == []


def details(*messages: Json) -> list[tuple[str, str]]:
    found = refusal(*messages)
    assert found is not None
    return [(detail.property, detail.message) for detail in found.details]


@pytest.mark.parametrize("name", MESSAGES)
def test_a_right_message_is_accepted_by_both(name: str) -> None:
    assert refusal(MESSAGES[name]) is None
    assert is_official(MESSAGES[name])


@pytest.mark.parametrize("name", MESSAGES)
def test_what_the_description_refuses_is_refused(name: str) -> None:
    """Never the other way round: LINE refuses much that its description does not forbid."""
    missed = [
        how
        for how, message in broken(MESSAGES[name])
        if not is_official(message) and not list(MESSAGE.faults(message, ()))
    ]
    assert missed == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(ANYTHING)
@settings(max_examples=200, deadline=None)
def test_nonsense_is_refused_and_never_crashes(nonsense: Value) -> None:
    assert list(MESSAGE.faults(nonsense, ())) != []


@given(st.sampled_from(sorted(MESSAGES)), ANYTHING, st.data())
@settings(max_examples=300, deadline=None)
def test_nonsense_in_any_place_never_crashes(
    name: str, nonsense: Value, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(list(places(MESSAGES[name]))))
    message = replaced(MESSAGES[name], path, nonsense)
    if not is_official(message):
        assert list(MESSAGE.faults(message, ())) != []


def test_no_text_is_said_as_line_says_it() -> None:
    found = refusal({"type": "text", "text": ""}, {"type": "shout"})
    assert found is not None
    assert found.message == "The request body has 2 error(s)"
    assert found.details[0].as_json() == {
        "message": "May not be empty",
        "property": "messages[0].text",
    }
    assert found.details[1].property == "messages[1].type"


def test_the_number_of_messages_is_one_to_five() -> None:
    text = MESSAGES["text"]
    assert details() == [("messages", "Size must be between 1 and 5")]
    assert details(*[text] * 6) == [("messages", "Size must be between 1 and 5")]
    assert refusal(*[text] * 5) is None


def test_a_fault_in_flex_is_named_by_pointer() -> None:
    found = refusal(replaced(MESSAGES["flex bubble"], ("contents", "body", "colour"), "red"))
    assert found is not None
    assert found.message == "A message (messages[0]) in the request body is invalid"
    assert found.details[0].as_json() == {"message": "unknown field", "property": "/body/colour"}


@pytest.mark.parametrize(
    ("name", "path", "right", "wrong"),
    [
        ("text", ("text",), "ก" * 5000, "ก" * 5001),
        ("text", ("text",), "😀" * 2500, "😀" * 2501),
        ("flex bubble", ("altText",), "ก" * 1500, "ก" * 1501),
        ("buttons", ("template", "text"), "ที่" * 60, "ที่" * 61),
        ("buttons", ("template", "title"), "ที่" * 40, "ที่" * 41),
        ("buttons", ("template", "actions", 0, "label"), "ที่" * 20, "ที่" * 21),
        ("quick reply", ("quickReply", "items", 0, "action", "label"), "ที่" * 20, "ที่" * 21),
        (
            "flex bubble",
            ("contents", "footer", "contents", 0, "action", "label"),
            "ที่" * 40,
            "ที่" * 41,
        ),
        ("quick reply", ("quickReply", "items", 0, "action", "data"), "ก" * 300, "ก" * 301),
        ("quick reply", ("quickReply", "items", 0, "action", "displayText"), "ที่" * 300, "ที่" * 301),
        ("confirm", ("template", "text"), "ที่" * 240, "ที่" * 241),
        ("location", ("title",), "ก" * 100, "ก" * 101),
        ("location", ("latitude",), 90, 91),
        ("other sender", ("sender", "name"), "ก" * 20, "ก" * 21),
        ("image", ("originalContentUrl",), "https://example.org/", "http://example.org/"),
        ("image", ("originalContentUrl",), "http://127.0.0.1:8000/a", "http://127.0.0.2:8000/a"),
        ("image", ("previewImageUrl",), "http://localhost:8000/a", "http://localhost.org/a"),
        (
            "image",
            ("originalContentUrl",),
            "https://e.org/" + "a" * 1986,
            "https://e.org/" + "a" * 1987,
        ),
        ("flex bubble", ("contents", "footer", "contents", 0, "color"), "#06C755", "green"),
        ("flex bubble", ("contents", "body", "paddingAll"), "10%", "10em"),
        ("flex bubble", ("contents", "hero", "aspectRatio"), "1:3", "1:3.1"),
    ],
)
def test_a_limit_holds_exactly(name: str, path: Value, right: Value, wrong: Value) -> None:
    assert refusal(replaced(MESSAGES[name], path, right)) is None
    assert refusal(replaced(MESSAGES[name], path, wrong)) is not None


def bubble_of(size: int) -> Json:
    filler = {"type": "text", "text": "x" * size}
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [filler]}}


def flex(contents: Json) -> Json:
    return {"type": "flex", "altText": "x", "contents": contents}


def test_a_bubble_is_at_most_thirty_kilobytes() -> None:
    assert refusal(flex(bubble_of(30_000))) is None
    assert refusal(flex(bubble_of(30_720))) is not None


def test_a_carousel_is_at_most_fifty_kilobytes_and_twelve_bubbles() -> None:
    def carousel(*bubbles: Json) -> Json:
        return flex({"type": "carousel", "contents": list(bubbles)})

    assert refusal(carousel(*[bubble_of(100)] * 12)) is None
    assert refusal(carousel(*[bubble_of(100)] * 13)) is not None
    assert refusal(carousel(bubble_of(26_000), bubble_of(26_000))) is not None


def test_a_button_needs_a_label_but_a_box_does_not() -> None:
    action = {"type": "postback", "data": "x"}
    on_button = replaced(flex(BUBBLE), ("contents", "footer", "contents", 0, "action"), action)
    on_box = replaced(flex(BUBBLE), ("contents", "body", "action"), action)
    assert details(on_button) == [("/footer/contents/0/action/label", "May not be empty")]
    assert refusal(on_box) is None


def test_a_baseline_box_takes_no_buttons() -> None:
    wrong = replaced(flex(BUBBLE), ("contents", "footer", "layout"), "baseline")
    assert details(wrong) == [("/footer/contents/0", "invalid property")]


def test_a_bubble_needs_a_block() -> None:
    assert details(flex({"type": "bubble"})) == [("/", "At least one block must be specified")]


def test_quick_replies_are_at_most_thirteen() -> None:
    item = {"type": "action", "action": ACTIONS["message"]}
    for count, wanted in ((13, True), (14, False)):
        message = {**MESSAGES["text"], "quickReply": {"items": [item] * count}}
        assert (refusal(message) is None) is wanted


@pytest.mark.parametrize(
    ("words", "is_right"),
    [
        ("{who} สวัสดี", True),
        ("{{who}} ไม่ใช่", True),
        ("{whom}", False),
        ("{who", False),
        ("who}", False),
        ("{ชื่อ}", False),
        ("{" + "a" * 21 + "}", False),
    ],
)
def test_braces_of_text_v2_must_be_placeholders_or_doubled(words: str, *, is_right: bool) -> None:
    message = fresh(MESSAGES["textV2"])
    message["text"] = words
    assert (refusal(message) is None) is is_right


def test_an_emoji_must_sit_on_its_placeholder() -> None:
    wrong = replaced(MESSAGES["text with emoji"], ("emojis", 0, "index"), 6)
    assert details(wrong)[0][0] == "messages[0].emojis[0].index"


def test_a_picker_wants_times_of_its_mode() -> None:
    items = ("quickReply", "items", 4, "action")
    assert refusal(replaced(MESSAGES["quick reply"], (*items, "initial"), "18:30")) is not None
    assert refusal(replaced(MESSAGES["quick reply"], (*items, "mode"), "date")) is not None
