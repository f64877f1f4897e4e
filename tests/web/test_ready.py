"""Ready means that events can be stored; and what cannot work does not start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.bootstrap import build
from bot.errors import SettingsError
from bot.web.app import create_app
from bot.web.server import WebProcess
from tests.way.product import Product
from tests.web.line import body_of, post, text_event
from tests.web.test_webhook import limit_pages

OTHER_KEY = bytes(32)


# --- the master key -------------------------------------------------------------------------------


def test_another_master_key_does_not_start(product: Product) -> None:
    product.parts.keys.make_ready()
    process = WebProcess(replace(product.parts.settings, master_key=OTHER_KEY))
    with pytest.raises(SettingsError, match=r"^MASTER_KEY: "):
        process.start()
    process.parts.database.close()


def test_with_another_master_key_it_is_not_ready(product: Product) -> None:
    product.parts.keys.make_ready()
    parts = build(replace(product.parts.settings, master_key=OTHER_KEY))
    answer = create_app(parts, lambda _ids: None).test_client().get("/readyz")
    parts.database.close()

    assert answer.status_code == 503
    assert "MASTER_KEY" in answer.text
    assert product.client.get("/readyz").status_code == 200


# --- a full disk ----------------------------------------------------------------------------------


def test_after_events_that_could_not_be_stored_it_is_not_ready_until_some_are(
    small: Product,
) -> None:
    assert post(small, body_of(text_event())).status_code == 200
    assert small.client.get("/readyz").status_code == 200
    limit_pages(small, 1)
    assert post(small, body_of(*(text_event("x" * 5000) for _ in range(30)))).status_code == 503

    assert small.client.get("/readyz").status_code == 503

    limit_pages(small, 1_000_000)
    assert post(small, body_of(text_event())).status_code == 200
    assert small.client.get("/readyz").status_code == 200


def test_a_store_that_takes_no_row_is_not_ready(small: Product) -> None:
    with small.parts.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON heartbeats "
            "BEGIN INSERT INTO no_such_table VALUES (1); END"
        )
    assert small.client.get("/readyz").status_code == 503
