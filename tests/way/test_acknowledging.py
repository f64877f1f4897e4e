"""'รับทราบ': off by default, asked once for a burst, tapped once by each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.cli import group
from bot.cli.main import main
from bot.domain.buttons import Button, encode
from bot.domain.exports import Period
from bot.domain.findings import Label
from bot.domain.traces import Trace
from bot.ledger.entry import EntryKind
from bot.sandbox.people import Person
from bot.storage.tables import acknowledgement_requests, acknowledgements
from handlers import group_changes
from handlers.identities import identity
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product

ALWAYS = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def ward_that_asks(product: Product, cast: Cast, *, on: bool = True) -> None:
    product.say(cast.ward, cast.doctor, "สวัสดีครับ")
    product.approve(cast.ward)
    with product.parts.store.unit_of_work() as uow:
        ward = uow.registry.locate(cast.ward.chat_id, None).group
        assert ward is not None
        now = product.parts.clock.now()
        group_changes.ask_acknowledgement(uow, ward, on=on, by="test", at=now)


def tap(product: Product, cast: Cast, who: Person) -> str:
    (request,) = product.rows(acknowledgement_requests)
    product.platform.postback(cast.ward, who, encode(Button.ACKNOWLEDGE, request.token))
    product.settle()
    return product.outcomes()[-1]


def disclosures_of(product: Product) -> tuple[Trace, ...]:
    found = product.parts.traces.of_patient(identity(Label.HN, "650012345"), ALWAYS, 9)
    return found.traces


def asked(product: Product) -> int:
    return [saying for saying, _state in product.told()].count("acknowledge")


def test_nobody_is_asked_where_the_group_did_not_ask_for_it(product: Product, cast: Cast) -> None:
    ward_that_asks(product, cast, on=False)
    product.say(cast.ward, cast.nurse, HN_TEXT)
    assert asked(product) == 0
    assert disclosures_of(product)[0].acknowledgement_id is None


def test_a_disclosure_is_asked_about_in_one_small_bubble_that_holds_no_number(
    product: Product, cast: Cast
) -> None:
    ward_that_asks(product, cast)
    product.say(cast.ward, cast.nurse, HN_TEXT)

    assert product.told()[-1] == ("acknowledge", "told")
    said = str(product.line.calls("/v2/bot/message/reply")[-1].json)
    assert "รับทราบ" in said
    assert "w1:acknowledge:" in said
    assert "650012345" not in said
    assert product.line.calls("/v2/bot/message/push") == []


def test_a_burst_is_asked_about_once_and_a_tap_counts_for_all_of_it(
    product: Product, cast: Cast
) -> None:
    ward_that_asks(product, cast)
    for _ in range(3):
        product.say(cast.ward, cast.nurse, HN_TEXT)
        product.advance(seconds=110)
    assert asked(product) == 1
    assert tap(product, cast, cast.doctor) == "noted"
    assert [len(trace.acknowledged) for trace in disclosures_of(product)] == [1, 1, 1]

    product.advance(minutes=5)
    product.say(cast.ward, cast.nurse, HN_TEXT)
    assert asked(product) == 2


def test_each_taps_once_the_first_time_counts_and_is_entered(product: Product, cast: Cast) -> None:
    ward_that_asks(product, cast)
    product.say(cast.ward, cast.nurse, HN_TEXT)
    replies = len(product.line.calls("/v2/bot/message/*"))
    product.advance(minutes=1)
    first_at = product.parts.clock.now()
    assert tap(product, cast, cast.doctor) == "noted"
    product.advance(minutes=1)
    assert tap(product, cast, cast.doctor) == "ignored"
    assert tap(product, cast, cast.friend) == "noted"

    taps = disclosures_of(product)[0].acknowledged
    assert len(taps) == 2
    assert abs((taps[0].at - first_at).total_seconds()) < 5
    assert product.entries().count(EntryKind.ACKNOWLEDGED) == 2
    assert len(product.line.calls("/v2/bot/message/*")) == replies


def test_the_sender_strangers_and_other_groups_cannot_tap(product: Product, cast: Cast) -> None:
    ward_that_asks(product, cast)
    product.say(cast.ward, cast.nurse, HN_TEXT)
    assert tap(product, cast, cast.nurse) == "ignored"
    (request,) = product.rows(acknowledgement_requests)
    product.platform.postback(cast.club, cast.doctor, encode(Button.ACKNOWLEDGE, request.token))
    product.platform.postback(cast.ward, cast.doctor, encode(Button.ACKNOWLEDGE, "nobody"))
    product.settle()
    assert product.rows(acknowledgements) == []


def test_an_edit_is_not_asked_about_again_and_an_incident_never(
    product: Product, cast: Cast
) -> None:
    ward_that_asks(product, cast)
    message = product.say(cast.ward, cast.nurse, HN_TEXT)
    product.advance(minutes=10)
    product.platform.edit(message, f"{HN_TEXT} ด่วน")
    product.settle()
    product.say(cast.club, cast.nurse, HN_TEXT)
    assert asked(product) == 1


def test_in_simulation_nobody_is_asked(product: Product, cast: Cast) -> None:
    ward_that_asks(product, cast)
    product.simulate(cast.ward)
    product.say(cast.ward, cast.nurse, HN_TEXT)
    assert asked(product) == 0


def test_a_group_is_switched_on_the_command_line_and_that_is_entered(
    product: Product,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    product.say(cast.ward, cast.doctor, "สวัสดีครับ")
    monkeypatch.setattr(group, "migrated_parts", lambda: product.parts)
    monkeypatch.setattr("bot.log.set_up", lambda _level: None)
    assert main(["group", "acknowledge", cast.ward.chat_id, "on"]) == 0
    assert main(["group", "show", cast.ward.chat_id]) == 0
    assert "asks for รับทราบ" in capsys.readouterr().out
    assert product.entries()[-1] == EntryKind.GROUP_ACKNOWLEDGEMENT
