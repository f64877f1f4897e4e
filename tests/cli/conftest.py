from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Folder
from tests.storage.fixtures import clean_postgres_url, database_url, kept_postgres_url

__all__ = ["clean_postgres_url", "database_url", "kept_postgres_url"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    ready = Folder(tmp_path)
    ready.write_env()
    return ready
