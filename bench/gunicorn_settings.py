"""The product's gunicorn settings, word for word, for applications that have no hooks of ours."""

from __future__ import annotations

from bot.web.gunicorn import (
    accesslog,
    bind,
    graceful_timeout,
    keepalive,
    threads,
    timeout,
    worker_class,
    workers,
)

__all__ = [
    "accesslog",
    "bind",
    "graceful_timeout",
    "keepalive",
    "threads",
    "timeout",
    "worker_class",
    "workers",
]
