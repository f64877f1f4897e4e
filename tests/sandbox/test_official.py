import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.harness import official
from tests.sandbox.official import LINE_DIRECTORY, OfficialDescription, read_text

UNKNOWN_ON_PURPOSE = "40_unknown_event_and_message_type.json"
Body = dict[str, Any]


def sample(name: str) -> Body:
    body: Body = json.loads(read_text(LINE_DIRECTORY / "samples" / name))
    return body


def samples() -> list[str]:
    return sorted(path.name for path in (LINE_DIRECTORY / "samples").glob("*.json"))


def test_the_samples_are_there() -> None:
    assert len(samples()) == 40


@pytest.mark.parametrize("name", samples())
def test_every_sample_is_a_valid_webhook(name: str) -> None:
    assert bool(official().check_webhook(sample(name))) is (name == UNKNOWN_ON_PURPOSE)


def without_quote_token(body: Body) -> None:
    del body["events"][0]["message"]["quoteToken"]


def with_unknown_property(body: Body) -> None:
    body["events"][0]["message"]["colour"] = "green"


def with_unknown_source(body: Body) -> None:
    body["events"][0]["source"]["type"] = "planet"


def with_fractional_time(body: Body) -> None:
    body["events"][0]["timestamp"] = 1.5


def with_short_destination(body: Body) -> None:
    body["destination"] = "U123"


@pytest.mark.parametrize(
    "break_it",
    [
        without_quote_token,
        with_unknown_property,
        with_unknown_source,
        with_fractional_time,
        with_short_destination,
    ],
)
def test_a_broken_webhook_is_found_out(break_it: Callable[[Body], None]) -> None:
    body = copy.deepcopy(sample("01_group_text.json"))
    break_it(body)
    assert official().check_webhook(body)


def test_an_endpoint_that_line_does_not_have_is_a_fault() -> None:
    assert official().check_request("POST", "/v2/bot/message/shout", {}) != []


def test_missing_descriptions_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="official descriptions of the LINE API"):
        OfficialDescription.load(tmp_path)
