"""Where the repository is: processes of the product run in folders of their own."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
