"""gunicorn's settings. The embedded size has exactly one process; requests are short."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.settings import load_settings
from bot.web.server import start_or_exit

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker

_settings = load_settings()

worker_class = "gthread"
threads = 16
workers = 1 if _settings.is_embedded else int(os.environ.get("WEB_CONCURRENCY", "2"))
bind = os.environ.get("BIND", f"0.0.0.0:{os.environ.get('PORT', '8000')}")
# LINE waits two seconds; a request that takes this long has been given up long ago.
timeout = 30
graceful_timeout = 10
keepalive = 5
# The access log holds no bodies, but nobody needs a line for each message of a ward either.
accesslog = None


def post_worker_init(worker: Worker) -> None:
    import wsgi  # noqa: PLC0415 - read again here, in the process that serves

    start_or_exit(wsgi.process)
    worker.log.info("ready")


def worker_exit(_server: object, _worker: Worker) -> None:
    import wsgi  # noqa: PLC0415

    wsgi.process.stop()
