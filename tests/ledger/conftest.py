from __future__ import annotations

from tests.storage.conftest import (
    clean_postgres_url,
    database_url,
    kept_postgres_url,
    on_postgresql,
    on_sqlite,
    stage,
)

__all__ = [
    "clean_postgres_url",
    "database_url",
    "kept_postgres_url",
    "on_postgresql",
    "on_sqlite",
    "stage",
]
