"""Reply tokens: for one use, within a minute of the webhook that brought them."""

from dataclasses import dataclass, field, replace

from bot.sandbox.clock import MINUTE_MS
from bot.sandbox.refusals import INVALID_REPLY_TOKEN, Refusal

LIFE_MS = MINUTE_MS
# A redelivery gives the token a new minute, but not longer than this after the event.
REFRESHABLE_MS = 20 * MINUTE_MS


@dataclass(frozen=True)
class ReplyToken:
    token: str
    chat_id: str
    event_id: str
    happened_at_ms: int
    made_at_ms: int
    alive_until_ms: int | None = None
    first_delivered_at_ms: int | None = None
    is_spent: bool = False


@dataclass
class ReplyTokens:
    _tokens: dict[str, ReplyToken] = field(default_factory=dict)

    def issue(self, token: ReplyToken) -> None:
        self._tokens[token.token] = token

    def delivered(self, token: str, now_ms: int) -> None:
        """A webhook with the token is on its way: its minute starts, or starts again."""
        known = self._tokens[token]
        too_old = now_ms - known.made_at_ms > REFRESHABLE_MS
        if known.is_spent or (known.alive_until_ms is not None and too_old):
            return
        first = known.first_delivered_at_ms or now_ms
        self._tokens[token] = replace(
            known, alive_until_ms=now_ms + LIFE_MS, first_delivered_at_ms=first
        )

    def check(self, token: str, now_ms: int) -> ReplyToken:
        known = self._tokens.get(token)
        if known is None or known.is_spent or known.alive_until_ms is None:
            raise Refusal(400, INVALID_REPLY_TOKEN)
        if now_ms > known.alive_until_ms:
            raise Refusal(400, INVALID_REPLY_TOKEN)
        return known

    def spend(self, token: ReplyToken) -> None:
        self._tokens[token.token] = replace(token, is_spent=True)
