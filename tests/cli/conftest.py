from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    ready = Folder(tmp_path)
    ready.write_env()
    return ready
