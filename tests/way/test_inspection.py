"""The sandbox may ask what became of an event; nobody else, and never with what was said."""

from __future__ import annotations

from bot.storage.tables import inbox
from tests.sandbox.harness import TOKEN
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product


def _account(product: Product, kind: str, token: str = TOKEN) -> tuple[int, object]:
    event_id = next(row.event_id for row in product.rows(inbox) if row.kind == kind)
    answer = product.client.get(f"/inspect/events/{event_id}", headers={"X-Sandbox-Token": token})
    return answer.status_code, answer.json


def test_an_incident_is_shown_with_its_reasons_and_without_its_text(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    status, account = _account(product, "text")

    assert status == 200
    assert "rule: patient-data-outside-an-approved-group" in str(account)
    assert "650012345" not in str(account)


def test_ordinary_talk_shows_no_words_of_other_events(product: Product, cast: Cast) -> None:
    product.platform.follow(cast.nurse)
    product.say(cast.club, cast.nurse, "พรุ่งนี้วิ่งกี่โมง")
    _, account = _account(product, "text")

    assert isinstance(account, dict)
    assert account["outbox"] == []


def test_without_the_token_of_the_sandbox_nothing_is_shown(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)

    assert _account(product, "text", token="another")[0] == 401
