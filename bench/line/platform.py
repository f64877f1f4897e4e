"""What the stand-in remembers and answers; no sockets here."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field

from bench.line.contents import held_for
from bench.line.faults import Die, Fault

_REPLY_TOKEN = re.compile(rb'"replyToken"\s*:\s*"([^"]+)"')
_TO = re.compile(rb'"to"\s*:\s*"([^"]+)"')
_DEAD_TOKEN = "Invalid reply token"  # noqa: S105 - LINE's words
_PATHS = re.compile(
    r"/v2/bot/(?:"
    r"(?P<info>info)"
    r"|(?P<quota>message/quota)"
    r"|(?P<used>message/quota/consumption)"
    r"|message/(?P<message>\d+)/content(?P<asks>/transcoding)?"
    r"|profile/(?P<profile>\w+)"
    r"|(?:group|room)/(?P<group>\w+)/(?P<what>summary|members/count|members/ids|member/\w+)"
    r")"
)


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A reply or push that LINE accepted: from here on people see it."""

    at: float  # time.monotonic(), which all processes of one machine share
    way: str
    to: str  # the reply token, or whom a push is for
    body: bytes

    def as_json(self) -> dict[str, object]:
        messages = json.loads(self.body).get("messages", [])
        return {"at": self.at, "way": self.way, "to": self.to, "messages": messages}


@dataclass(slots=True)
class Platform:
    """Tokens work once, a retry key is taken once, and 403 hides the members of a group. Contents
    are held only where a run asks for that."""

    die: Die
    tellings: list[Telling] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    holds_contents: bool = False
    _used: set[str] = field(default_factory=set)
    _prepared: set[str] = field(default_factory=set)

    def answer(self, request: Request) -> Answer:
        fault = self.die.throw()
        if fault is not None:
            self.faults[fault] = self.faults.get(fault, 0) + 1
        if fault is None or fault.comes_after:
            return _overruled(self._honest(request), fault)
        return _overruled(self._as_far_as_known(request), fault)

    def _honest(self, request: Request) -> Answer:
        if request.path == "/v2/bot/message/reply":
            return self._reply(request)
        if request.path == "/v2/bot/message/push":
            return self._push(request)
        match = _PATHS.fullmatch(request.path)
        if match is not None and match["message"]:
            return self._content(match["message"], asks=bool(match["asks"]))
        return _looked_up(match)

    def _content(self, message_id: str, *, asks: bool) -> Answer:
        held = held_for(message_id)
        if not self.holds_contents or held.data is None:
            return _error(404, "Not found")
        if asks:
            self._prepared.add(message_id)
            return _json(200, {"status": "processing"})
        is_ready = not held.is_prepared or message_id in self._prepared
        return Answer(200, held.data()) if is_ready else _json(202, {})

    def _as_far_as_known(self, request: Request) -> Answer:
        """A refusal out of the blue: what was accepted before is still known as such."""
        if request.headers.get("x-line-retry-key", "") in self._used:
            return _conflict()
        if _found(_REPLY_TOKEN, request.body) in self._used:
            return _error(400, _DEAD_TOKEN)
        return _error(500, "Internal Server Error")

    def _reply(self, request: Request) -> Answer:
        token = _found(_REPLY_TOKEN, request.body)
        if not token or token in self._used:
            return _error(400, _DEAD_TOKEN)
        return self._accept("reply", token, token, request.body)

    def _push(self, request: Request) -> Answer:
        retry_key = request.headers.get("x-line-retry-key", "")
        if retry_key and retry_key in self._used:
            return _conflict()
        return self._accept("push", _found(_TO, request.body), retry_key, request.body)

    def _accept(self, way: str, to: str, used: str, body: bytes) -> Answer:
        self._used.add(used)
        self.tellings.append(Telling(time.monotonic(), way, to, body))
        sent = {"id": str(600_000_000_000 + len(self.tellings)), "quoteToken": "quote"}
        return _json(200, {"sentMessages": [sent]})


def _overruled(answer: Answer, fault: Fault | None) -> Answer:
    """LINE's own 409 stands: whoever gets it may believe it. So does a dead token's 400."""
    if fault is None or answer.status == 409 or (fault is Fault.REFUSE and answer.status == 400):
        return answer
    if fault in _SAID:
        return _error(*_SAID[fault])
    return Answer(answer.status, answer.body, fault)


_SAID = {
    Fault.ERROR: (500, "Internal Server Error"),
    Fault.ERROR_AFTER: (500, "Internal Server Error"),
    Fault.TOO_MANY: (429, "The API rate limit has been exceeded."),
    Fault.REFUSE: (400, "The request body has 1 error(s)"),
}


def _looked_up(match: re.Match[str] | None) -> Answer:
    if match is None:
        return _error(404, "Not found")
    if match["group"]:
        return _of_group(match["group"], match["what"])
    if match["profile"]:
        return _json(200, {"displayName": "friend", "userId": match["profile"]})
    if match["info"]:
        return _json(200, _INFO)
    return _json(200, {"type": "none"} if match["quota"] else {"totalUsage": 0})


_INFO = {
    "userId": "U" + "0" * 32,
    "basicId": "@bench",
    "displayName": "bench",
    "chatMode": "bot",
    "markAsReadMode": "auto",
}


def _of_group(group_id: str, what: str) -> Answer:
    if what == "members/count":
        return _json(200, {"count": 12})
    if what == "summary":
        return _json(200, {"groupId": group_id, "groupName": "group"})
    if what.startswith("member/"):
        return _json(200, {"displayName": "member", "userId": what.removeprefix("member/")})
    return _error(403, "Access to this API is not available for your account")


def _found(pattern: re.Pattern[bytes], body: bytes) -> str:
    found = pattern.search(body)
    return found[1].decode() if found else ""


def _conflict() -> Answer:
    return _error(409, "The retry key is already accepted")


def _error(status: int, message: str) -> Answer:
    return _json(status, {"message": message})


def _json(status: int, body: object) -> Answer:
    return Answer(status, json.dumps(body).encode())
