"""How the web process is put together: by `wsgi`, by gunicorn's hooks, and by `python -m bot run`.

Importing this, or `wsgi`, connects to nothing and starts no thread. The embedded size begins
to work when gunicorn has made its one worker, or with the first request.
"""

from __future__ import annotations

import logging
import os
import sys
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy.exc import ProgrammingError

from bot import log
from bot.bootstrap import build
from bot.errors import StoreUnavailableError, WongRaksaError
from bot.settings import load_settings
from bot.storage.erasing_again import apply
from bot.storage.migrate import migrate
from bot.web.app import create_app
from bot.worker.house import House

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from flask import Flask

    from bot.bootstrap import HandOn, Parts
    from bot.settings import Settings

logger = logging.getLogger("wongraksa.web")

# gunicorn's own code for 'do not start this worker again': see gunicorn's Arbiter.
_DO_NOT_RETRY = 4


class WebProcess:
    """One web process: the application, and where it works itself the house behind it.

    With SQLite it always does; with PostgreSQL only where nobody else would (`run`).
    """

    def __init__(self, settings: Settings, *, works_itself: bool = False) -> None:
        self.settings = settings
        self._works_itself = works_itself or settings.is_embedded
        self.parts: Parts = build(settings)
        self._house: House | None = None
        self._hand_on: HandOn | None = None
        self._lock = Lock()
        self.app = self._make_app()

    def _make_app(self) -> Flask:
        app = create_app(self.parts, self._hint)
        app.before_request(self.start)
        return app

    def start(self) -> None:
        """Once: database ready, documents seeded, and where it works itself the loops running."""
        if self._hand_on is None:
            with self._lock:
                if self._hand_on is None:
                    self._hand_on = self._start()

    def _start(self) -> Callable[[Sequence[UUID]], None]:
        if self._works_itself:
            return self._start_house()
        self._check_keys()
        if not self.settings.redis_url:
            return lambda _ids: None
        from bot.worker.actors import Hints  # noqa: PLC0415 - dramatiq only where it is used

        return Hints(self.settings.redis_url).work

    def _start_house(self) -> Callable[[Sequence[UUID]], None]:
        house = House(self.parts)
        house.lock()
        try:
            migrate(self.parts.database)
            self.parts.keys.check()
            self.parts.seed_documents()
            apply(self.parts.store, self.parts.erasures)
            house.start()
        except WongRaksaError:
            house.stop()
            raise
        self._house = house
        return house.hint_work

    def _check_keys(self) -> None:
        """A database that is away, or not migrated yet, may come: /readyz goes on asking."""
        try:
            self.parts.keys.check()
        except (StoreUnavailableError, ProgrammingError) as error:
            logger.warning(log.line("web.keys_not_checked", error=type(error).__name__))

    def _hint(self, ids: Sequence[UUID]) -> None:
        if self._hand_on is not None:
            self._hand_on(ids)

    def stop(self) -> None:
        if self._house is not None:
            self._house.stop()


def start_or_exit(process: WebProcess) -> None:
    """For gunicorn's worker: a start that cannot succeed says why once, and is not repeated."""
    try:
        process.start()
    except WongRaksaError as error:
        sys.stderr.write(f"WongRaksa cannot start: {error}\n")
        sys.exit(_DO_NOT_RETRY)


def from_environment() -> WebProcess:
    os.umask(0o077)  # the database is for our own eyes
    try:
        settings = load_settings()
    except WongRaksaError as error:
        sys.stderr.write(f"WongRaksa cannot start: {error}\n")
        sys.exit(_DO_NOT_RETRY)
    log.set_up(settings.log_level)
    return WebProcess(settings)
