"""The product's own web application without what works events off: intake and nothing else.

On SQLite the one process does both; here the two are kept apart, so that a rate is one of intake.
"""

from __future__ import annotations

from bot.bootstrap import build
from bot.settings import load_settings
from bot.web.app import create_app

app = create_app(build(load_settings()), lambda _ids: None)
