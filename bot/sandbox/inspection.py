"""Asks the product for its own account of an event, to be shown beside the chat."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.delivery import open_connection, path_of

PLACEHOLDER = "<webhookEventId>"
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Inspection:
    url: str
    token: str = field(repr=False)

    def account_of(self, event_id: str) -> dict[str, Any]:
        """`{"account": …}`, or `{"reason": …}` where there is none to show."""
        if not self.url:
            return {"reason": "not_configured"}
        try:
            status, body = self._fetch(self._url_for(event_id))
        except (OSError, http.client.HTTPException):
            return {"reason": "unreachable"}
        if status != http.client.OK:
            return {"reason": "not_found" if status == http.client.NOT_FOUND else "refused"}
        return read_account(body)

    def _url_for(self, event_id: str) -> str:
        if PLACEHOLDER in self.url:
            return self.url.replace(PLACEHOLDER, event_id)
        return f"{self.url.rstrip('/')}/{event_id}"

    def _fetch(self, url: str) -> tuple[int, bytes]:
        connection = open_connection(url)
        try:
            connection.request("GET", path_of(url), headers={"X-Sandbox-Token": self.token})
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_BYTES)
        finally:
            connection.close()


def read_account(body: bytes) -> dict[str, Any]:
    try:
        account = json.loads(body)
    except ValueError:
        return {"reason": "unreadable"}
    return {"account": account} if isinstance(account, dict) else {"reason": "unreadable"}
