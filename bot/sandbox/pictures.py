"""Pictures that the bot sent by their address: fetched as LINE does it, and shown from here.

LINE asks for a public https:// server; a bot on this machine has none, so the page could not show
what it sends. Each of the two addresses of a picture is fetched once, when it is first looked at.
"""

import http.client
from dataclasses import dataclass, field
from threading import Lock

from bot.sandbox.delivery import open_connection, path_of
from bot.sandbox.messages import Message
from bot.sandbox.objects.shapes import is_near

ADDRESSES = {"original": "originalContentUrl", "preview": "previewImageUrl"}
MOST_BYTES = 10 * 1024 * 1024
SHOWN = frozenset({"image/jpeg", "image/png"})


@dataclass(frozen=True)
class Picture:
    media_type: str
    data: bytes = field(repr=False)


@dataclass
class Pictures:
    _fetched: dict[tuple[str, str], Picture | None] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, message: Message, size: str) -> Picture | None:
        """None for what could not be fetched: then it cannot be later, either."""
        url = message.content.get(ADDRESSES[size], "")
        if message.kind != "image" or not message.is_from_bot or not is_near(url):
            return None
        with self._lock:
            key = (message.message_id, size)
            if key not in self._fetched:
                self._fetched[key] = fetch(url)
            return self._fetched[key]


def fetch(url: str) -> Picture | None:
    try:
        connection = open_connection(url)
        try:
            connection.request("GET", path_of(url))
            answer = connection.getresponse()
            data = answer.read(MOST_BYTES + 1)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException):
        return None
    media_type = (answer.getheader("Content-Type") or "").partition(";")[0].strip()
    is_whole = answer.status == http.client.OK and len(data) <= MOST_BYTES
    return Picture(media_type, data) if is_whole and media_type in SHOWN else None
