"""What should not stay in the shell's history: asked for at the keyboard, or read from stdin."""

from __future__ import annotations

import getpass
import sys

from bot.errors import UsageError


def secretly(given: str, name: str) -> str:
    """`given` where it was put on the command line after all."""
    if given:
        return given
    if sys.stdin.isatty():
        typed = getpass.getpass(f"{name} (not shown while you type): ")
    else:
        typed = sys.stdin.readline()
    if not typed.strip():
        raise UsageError(f"{name}: nothing was typed, so nothing was looked for")
    return typed.strip()
