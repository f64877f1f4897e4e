"""Ready means that events can be stored; and what cannot work does not start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.bootstrap import build
from bot.errors import SettingsError
from bot.web.app import create_app
from bot.web.server import WebProcess
from tests.way.product import Product

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
