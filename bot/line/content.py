"""What people sent, streamed from LINE's other host: never more than may be held, never to disk.

Not through the SDK: that loads all of a content whatever its size, follows the host that the
other calls go to, and says nothing of a 202.
"""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import quote

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from bot.ports import Fetched, FetchState

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_PIECE = 64 * 1024
_MOST_OF_A_STATUS = 4_096
# A content that trickles in for longer than this is asked for again later.
_WHOLE_SECONDS = 60.0

_OK = 200
_PREPARING = 202
_GONE = (404, 410)
_FAILED = Fetched(FetchState.FAILED)
_UNCLEAR = Fetched(FetchState.UNCLEAR)


class LineContents:
    """The Contents of the product."""

    def __init__(
        self, data_base: str, access_token: str, timeout_seconds: float, most_bytes: int
    ) -> None:
        self._base = data_base
        # As it is, without compression: what unfolds on arrival could be larger than it says.
        self._headers = {"Authorization": f"Bearer {access_token}", "Accept-Encoding": "identity"}
        self._most_bytes = most_bytes
        self._pool = PoolManager(
            retries=False,
            timeout=Timeout(connect=min(timeout_seconds, 5.0), read=timeout_seconds),
        )

    def fetch(self, message_id: str) -> Fetched:
        try:
            return self._fetch(message_id)
        except (HTTPError, OSError):
            return _UNCLEAR

    def _fetch(self, message_id: str) -> Fetched:
        response = self._get(message_id, "content")
        try:
            if response.status == _OK:
                return self._read(response)
        finally:
            _let_go(response)
        if response.status in _GONE:
            return Fetched(FetchState.GONE)
        if response.status == _PREPARING:
            return self._transcoding(message_id)
        return _UNCLEAR  # 5xx, 429, or a token that somebody is just setting anew

    def _get(self, message_id: str, what: str) -> BaseHTTPResponse:
        address = f"{self._base}/v2/bot/message/{quote(message_id, safe='')}/{what}"
        return self._pool.request(
            "GET", address, headers=self._headers, redirect=False, preload_content=False
        )

    def _read(self, response: BaseHTTPResponse) -> Fetched:
        """LINE may shrink pictures: the size that the event named proves nothing."""
        said = response.headers.get("Content-Length", "")
        if said.isdecimal() and int(said) > self._most_bytes:
            return Fetched(FetchState.TOO_LARGE)
        until, data = monotonic() + _WHOLE_SECONDS, bytearray()
        for piece in response.stream(_PIECE, decode_content=False):
            data += piece
            if len(data) > self._most_bytes:
                return Fetched(FetchState.TOO_LARGE)
            if monotonic() > until:
                return _UNCLEAR
        return Fetched(FetchState.HERE, bytes(data))

    def _transcoding(self, message_id: str) -> Fetched:
        """A large video is being prepared; whether that has failed is said elsewhere."""
        response = self._get(message_id, "content/transcoding")
        try:
            said = json.loads(response.read(_MOST_OF_A_STATUS, decode_content=False) or b"{}")
        except ValueError:
            said = {}
        finally:
            _let_go(response)
        has_failed = isinstance(said, dict) and said.get("status") == "failed"
        return _FAILED if has_failed else Fetched(FetchState.PREPARING)


def _let_go(response: BaseHTTPResponse) -> None:
    """Closed, not drained: nothing more of it is wanted."""
    response.close()
