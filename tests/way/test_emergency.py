"""An emergency: an hour without talk for who was warned, with everything on record."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.domain.actions import TellState
from bot.domain.buttons import Button, encode
from bot.domain.incidents import Basis
from bot.ledger.entry import EntryKind
from bot.storage.tables import incidents, ledger_entries, outbox
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product

OTHER_TEXT = "คนไข้เตียง 7 HN 650099887 Hct ตก ขอเลือดด่วน"


def press(product: Product, cast: Cast, by: str = "nurse") -> None:
    incident = product.rows(incidents)[0]
    person = getattr(cast, by)
    product.platform.postback(cast.club, person, encode(Button.EMERGENCY, incident.token))
    product.settle()


def entered(product: Product) -> int:
    rows = product.rows(ledger_entries)
    return sum(row.kind == EntryKind.EMERGENCY_TAKEN.value for row in rows)


def said(product: Product, cast: Cast) -> list[str]:
    return list(product.line.texts(cast.club))


def is_answer(text: str) -> bool:
    return "รับทราบว่าฉุกเฉิน" in text


@pytest.mark.parametrize("how", ["button", "word", "word with a mark"])
def test_the_button_and_the_word_are_answered_once_and_entered(
    product: Product, cast: Cast, how: str
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    for _ in range(2):
        if how == "button":
            press(product, cast)
        else:
            product.say(cast.club, cast.nurse, "ฉุกเฉิน" if how == "word" else " ฉุกเฉิน!! ")
    assert sum(map(is_answer, said(product, cast))) == 1
    assert entered(product) == 1


def test_for_an_hour_nothing_is_said_and_everything_is_recorded(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    press(product, cast)
    before = len(said(product, cast))
    product.advance(minutes=30)
    product.say(cast.club, cast.nurse, OTHER_TEXT)
    product.say(cast.club, cast.friend, "ขอบคุณค่ะ")
    assert len(said(product, cast)) == before
    rows = product.rows(incidents)
    assert len(rows) == 2
    assert {row.basis for row in rows} == {Basis.EMERGENCY.value}


def test_after_the_hour_warnings_are_said_again(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    press(product, cast)
    before = len(said(product, cast))
    product.advance(minutes=61)
    product.say(cast.club, cast.nurse, OTHER_TEXT)
    assert len(said(product, cast)) > before
    newest = max(product.rows(incidents), key=lambda row: row.opened_at)
    assert newest.basis == Basis.UNKNOWN.value


def test_it_is_for_one_person_in_one_group(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    press(product, cast)
    before = len(said(product, cast))
    product.say(cast.club, cast.friend, OTHER_TEXT)
    assert len(said(product, cast)) > before


@pytest.mark.parametrize(("minutes", "counts"), [(9, True), (11, False)])
@pytest.mark.parametrize("how", ["button", "word"])
def test_it_is_asked_for_within_ten_minutes(
    product: Product, cast: Cast, how: str, minutes: int, *, counts: bool
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=minutes)
    if how == "button":
        press(product, cast)
    else:
        product.say(cast.club, cast.nurse, "ฉุกเฉิน")
    assert entered(product) == int(counts)


@pytest.mark.parametrize(("minutes", "counts"), [(9, True), (11, False)])
def test_the_ten_minutes_run_from_the_warning_however_late_that_came(
    product: Product, cast: Cast, minutes: int, *, counts: bool
) -> None:
    product.platform.set_habits(holds=True)
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=20)
    product.platform.set_habits(holds=False)
    product.platform.release()
    product.settle()
    assert ("warning", "told") in product.told()

    product.advance(minutes=minutes)
    product.say(cast.club, cast.nurse, "ฉุกเฉิน")
    assert entered(product) == int(counts)


def test_where_the_warning_could_not_be_told_the_word_is_just_a_word(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    with product.parts.database.write() as connection:
        connection.execute(update(outbox).values(state=TellState.NOT_TOLD.value))
    product.say(cast.club, cast.nurse, "ฉุกเฉิน")
    assert entered(product) == 0


def test_the_tap_or_word_of_somebody_else_does_not_count(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    press(product, cast, by="friend")
    product.say(cast.club, cast.friend, "ฉุกเฉิน")
    assert entered(product) == 0


def test_the_word_of_somebody_who_was_never_warned_is_just_a_word(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "ฉุกเฉิน")
    assert entered(product) == 0
    assert said(product, cast) == []
