"""Who we are in LINE: the id by which a link opens a chat with the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.domain.actions import Saying

if TYPE_CHECKING:
    from bot.ports import LineApi

# What the link types for the person: the words that ask for the masked version.
_ASKING = {
    Saying.REWRITE_PRIVATELY: "ขอข้อความฉบับปกปิด",
    Saying.COPY_PRIVATELY: "ขอภาพฉบับปกปิด",
}


class BotIdentity:
    """Asked of LINE once, when it is first needed."""

    def __init__(self, api: LineApi) -> None:
        self._api = api
        self._basic_id = ""

    def chat_link(self, saying: Saying) -> str:
        """Opens the chat with the request typed; empty when LINE does not say who we are."""
        if not self._basic_id:
            body = self._api.bot_info().body or {}
            basic_id = body.get("basicId")
            self._basic_id = basic_id if isinstance(basic_id, str) else ""
        if not self._basic_id:
            return ""
        return f"https://line.me/R/oaMessage/{quote(self._basic_id)}/?{quote(_ASKING[saying])}"
