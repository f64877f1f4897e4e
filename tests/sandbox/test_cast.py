"""The invented hospital, its weeks in a minute, and the look into the product."""

import random
from collections.abc import Iterator

import pytest

from bot.sandbox.cast import CLUB_ID, GATHERINGS, WARD_ID, assemble, introduce
from bot.sandbox.clock import DAY_MS, ManualClock
from bot.sandbox.inspection import Inspection
from bot.sandbox.platform import Platform
from bot.sandbox.timelapse import Timelapse, citizen_number, script
from tests.sandbox.conftest import CaughtWebhooks, Stage
from tests.sandbox.harness import LineSandbox, channel, line_sandbox
from tests.sandbox.standin_bot import standin_bot


def empty_platform() -> tuple[Platform, CaughtWebhooks]:
    webhooks = CaughtWebhooks()
    return Platform(channel(), "http://bot.example/", transport=webhooks, seed=1), webhooks


def test_the_cast_has_the_same_ids_after_every_start() -> None:
    first, second = (assemble(empty_platform()[0]) for _ in range(2))
    assert [p.user_id for p in first.people.values()] == [p.user_id for p in second.people.values()]
    assert len({person.user_id for person in first.people.values()}) == len(first.people)


def test_ids_of_the_cast_have_lines_form(stage: Stage) -> None:
    cast = assemble(stage.platform)
    for person in cast.people.values():
        answer = stage.ask("GET", f"/v2/bot/group/{WARD_ID}/member/{person.user_id}")
        assert answer.status_code in {200, 404}
    assert stage.ask("GET", f"/v2/bot/group/{CLUB_ID}/summary").status_code == 200


def test_the_groups_invite_the_bot_once_it_answers() -> None:
    platform, webhooks = empty_platform()
    assemble(platform, has_bot=False)
    assert introduce(platform)
    platform.deliver_due()
    kinds = [event["type"] for body in webhooks.json() for event in body["events"]]
    assert kinds.count("join") == len(GATHERINGS)


def test_nobody_is_introduced_to_a_bot_that_does_not_answer() -> None:
    platform = Platform(channel(), "http://127.0.0.1:1/", seed=1)
    assemble(platform, has_bot=False)
    assert not introduce(platform, patience_seconds=0.1)


def test_a_citizen_number_has_a_right_check_digit() -> None:
    digits = [int(letter) for letter in citizen_number(random.Random(1)) if letter.isdigit()]
    total = sum(digit * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False))
    assert len(digits) == 13
    assert (11 - total % 11) % 10 == digits[12]


def test_a_script_stays_within_its_weeks_and_is_in_order() -> None:
    until_ms = ManualClock().now_ms()
    lines = script(random.Random(1), 3, until_ms)
    times = [line.at_ms for line in lines]
    assert times == sorted(times)
    assert until_ms - 22 * DAY_MS < times[0] < times[-1] < until_ms
    slips = [line for line in lines if line.is_slip]
    assert 5 < len(slips) < len(lines) / 5


def run_film(line: LineSandbox) -> None:
    film = Timelapse(line.platform, weeks=1, seed=2)
    film.start()
    line.wait_until(lambda: not film.is_running, seconds=60)
    assert film.done == film.total


def test_the_film_plays_backdated_and_valid() -> None:
    with line_sandbox() as line, standin_bot(line):
        assemble(line.platform)
        run_film(line)
        messages = line.platform.messages(CLUB_ID)
        assert messages[0].sent_at_ms < line.platform.world.now_ms() - 5 * DAY_MS
        answers = line.bot_messages(CLUB_ID)
        assert all(m.sent_at_ms < line.platform.world.now_ms() - DAY_MS / 24 for m in answers)
        assert line.problems() == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [("", "not_configured"), ("http://127.0.0.1:1/inspect", "unreachable")],
)
def test_a_missing_account_says_why(url: str, reason: str) -> None:
    assert Inspection(url, "sandbox-x").account_of("E1") == {"reason": reason}


def test_an_account_is_fetched_with_the_token(line_url: str) -> None:
    inspection = Inspection(f"{line_url}/sandbox/api/state", "sandbox-x")
    assert inspection.account_of("E1") == {"reason": "not_found"}
    with_place = Inspection(f"{line_url}/sandbox/api/state?e=<webhookEventId>", "sandbox-x")
    assert "people" in with_place.account_of("E1")["account"]


@pytest.fixture
def line_url() -> Iterator[str]:
    with line_sandbox() as line:
        yield line.url
