"""Calls to LINE through line-bot-sdk. No call raises: every end is a LineAnswer.

The SDK has one host setting for all calls; contents, which LINE keeps on another host, are not
fetched. It has no time-out of its own and repeats a GET three times after one: both are set here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linebot.v3.messaging.api.messaging_api import MessagingApi
from linebot.v3.messaging.api_client import ApiClient
from linebot.v3.messaging.configuration import Configuration
from linebot.v3.messaging.exceptions import ApiException
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
)

from bot.ports import LineAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

_NO_CLEAR_ANSWER = 0


class SdkLineApi:
    """The LineApi of the product."""

    def __init__(self, api_base: str, access_token: str, timeout_seconds: float) -> None:
        configuration = Configuration(host=api_base, access_token=access_token)
        configuration.retries = False
        self._client = ApiClient(configuration)
        self._api = MessagingApi(self._client)
        self._timeout = (min(timeout_seconds, 5.0), timeout_seconds)

    def reply(self, token: str, messages: Sequence[Mapping[str, object]]) -> LineAnswer:
        return self._say("reply", {"replyToken": token, "messages": list(messages)})

    def push(
        self, to: str, messages: Sequence[Mapping[str, object]], retry_key: UUID
    ) -> LineAnswer:
        body = {"to": to, "messages": list(messages)}
        return self._say("push", body, {"X-Line-Retry-Key": str(retry_key)})

    def _say(
        self, how: str, body: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> LineAnswer:
        """By the SDK's client, but past its models: to build a warning of them takes two
        milliseconds and adds nothing that the tests have not checked of what we render."""
        return self._call(
            self._client.call_api,
            f"/v2/bot/message/{how}",
            "POST",
            {},
            [],
            {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})},
            body=body,
            auth_settings=["Bearer"],
            _return_http_data_only=False,
            response_types_map={},
        )

    def group_summary(self, group_id: str) -> LineAnswer:
        return self._call(self._api.get_group_summary_with_http_info, group_id)

    def member_count(self, chat_id: str, *, is_room: bool) -> LineAnswer:
        in_room = self._api.get_room_member_count_with_http_info
        in_group = self._api.get_group_member_count_with_http_info
        return self._call(in_room if is_room else in_group, chat_id)

    def member_ids(self, chat_id: str, start: str, *, is_room: bool) -> LineAnswer:
        in_room = self._api.get_room_members_ids_with_http_info
        in_group = self._api.get_group_members_ids_with_http_info
        further = {"start": start} if start else {}
        return self._call(in_room if is_room else in_group, chat_id, **further)

    def member_profile(self, chat_id: str, user_id: str, *, is_room: bool) -> LineAnswer:
        in_room = self._api.get_room_member_profile_with_http_info
        in_group = self._api.get_group_member_profile_with_http_info
        return self._call(in_room if is_room else in_group, chat_id, user_id)

    def profile(self, user_id: str) -> LineAnswer:
        return self._call(self._api.get_profile_with_http_info, user_id)

    def bot_info(self) -> LineAnswer:
        return self._call(self._api.get_bot_info_with_http_info)

    def quota(self) -> LineAnswer:
        return self._call(self._api.get_message_quota_with_http_info)

    def consumption(self) -> LineAnswer:
        return self._call(self._api.get_message_quota_consumption_with_http_info)

    def _call(self, call: Callable[..., Any], *arguments: object, **options: object) -> LineAnswer:
        """The body is read here: the SDK raises where LINE's answer is not as its models say,
        and what was taken with a 200 would look as if it had not been.
        """
        try:
            response = call(
                *arguments, **options, _preload_content=False, _request_timeout=self._timeout
            )
        except ApiException as error:
            return _refusal(error)
        except UnicodeDecodeError as error:  # the SDK takes every refusal for text
            cause = error.__context__
            return _refusal(cause) if isinstance(cause, ApiException) else LineAnswer(0)
        except (HTTPError, OSError) as error:
            never = _never_arrived(error)
            return LineAnswer(_NO_CLEAR_ANSWER, type(error).__name__, never_arrived=never)
        return LineAnswer(response.status_code, "", _body(response.raw_data))


def _refusal(error: ApiException) -> LineAnswer:
    body = _body(error.body)
    return LineAnswer(error.status or _NO_CLEAR_ANSWER, _message(body), body)


def _never_arrived(error: Exception) -> bool:
    """Without a connection nothing was sent, so saying it another way cannot say it twice."""
    cause = error.reason if isinstance(error, MaxRetryError) else error
    return isinstance(cause, NewConnectionError | ConnectTimeoutError)


def _body(raw: str | bytes | None) -> dict[str, object]:
    try:
        parsed = json.loads(raw or "{}")
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _message(body: Mapping[str, object]) -> str:
    """LINE's own words on an error; they name fields of our request, never its contents."""
    message = body.get("message")
    return message[:200] if isinstance(message, str) else ""
