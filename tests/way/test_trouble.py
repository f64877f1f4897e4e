"""When something is broken, that one thing stops, visibly, and the rest goes on."""

from __future__ import annotations

from sqlalchemy import delete, update

from bot.ledger.entry import EntryKind
from bot.sandbox.faults import FaultKind, InjectedFault
from bot.storage.keyring import KeyKind
from bot.storage.published import DocumentKind
from bot.storage.tables import inbox, keys, ledger_entries, outbox, published
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product


def test_an_event_whose_key_is_gone_is_parked_and_the_others_go_on(
    product: Product, cast: Cast
) -> None:
    product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.deliver()
    _lose_the_day_key(product)
    product.advance(hours=24)
    product.platform.say(cast.club, cast.doctor, HN_TEXT)
    product.deliver()
    for _ in range(6):
        product.settle()
        product.advance(minutes=2)

    states = {row.kind + "/" + row.state for row in product.rows(inbox)}
    assert states == {"text/parked", "text/settled"}
    assert [row.park_reason.split()[0] for row in product.parts.queue.parked()] == [
        "SealBrokenError"
    ]


def test_words_whose_key_is_gone_end_as_not_told(product: Product, cast: Cast) -> None:
    product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.deliver()
    product.processor.work()
    _lose_the_day_key(product)
    product.settle()

    (warning,) = [row for row in product.rows(outbox) if row.saying == "warning"]
    assert (warning.state, warning.reason) == ("not_told", "seal_broken")


def _lose_the_day_key(product: Product) -> None:
    with product.parts.database.write() as connection:
        connection.execute(delete(keys).where(keys.c.kind == KeyKind.DAY.value))
    product.parts.keys.forget()


def test_a_database_that_goes_away_does_not_count_against_an_event(
    product: Product, cast: Cast
) -> None:
    product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.deliver()
    (claimed,) = product.parts.queue.claim(1)
    product.parts.queue.give_back(claimed, product.parts.clock.now() - product.parts.clock.now())

    (row,) = product.rows(inbox)
    assert (row.state, row.attempts) == ("waiting", 0)


def test_an_update_brings_new_shipped_texts_until_the_hospital_publishes_its_own(
    product: Product,
) -> None:
    documents, kind = product.parts.documents, DocumentKind.WORDING
    first = documents.current(kind)
    today = product.parts.keys.make_ready()
    documents.seed({kind: first.body + "\n# a newer release\n"}, today)
    second = documents.current(kind)
    with product.parts.database.write() as connection:
        connection.execute(
            update(published).where(published.c.version == 2).values(proposed_by="somebody")
        )
    documents.seed({kind: first.body}, today)

    entered = [row for row in product.rows(ledger_entries) if row.kind == EntryKind.PUBLISHED]
    assert len(entered) == 3  # the two shipped documents, and the newer release of one
    assert (first.version, second.version, documents.current(kind).version) == (1, 2, 2)


def test_words_that_line_may_have_are_not_called_back_by_an_unsend(
    product: Product, cast: Cast
) -> None:
    product.platform.inject(InjectedFault(FaultKind.CLOSE, path="/v2/bot/message/reply", times=1))
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.unsend(message)
    product.settle()
    product.advance(seconds=30)
    product.settle()

    (warning,) = [row for row in product.rows(outbox) if row.saying == "warning"]
    assert warning.state in ("told", "probably_told")


def test_a_clock_that_was_set_back_does_not_stop_the_judging(product: Product, cast: Cast) -> None:
    product.advance(hours=-24 * 30)
    product.say(cast.club, cast.nurse, HN_TEXT)

    assert product.outcomes() == ["incident"]
