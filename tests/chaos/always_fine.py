"""A LINE that says yes to everything and writes down what it was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from bench.line.contents import held_for, patients, torn, wristband
from bot.domain.sights import Unseen, unreadable
from bot.ports import Fetched, FetchState, LineAnswer
from bot.settings import Settings
from tests.sandbox.harness import SECRET, TOKEN
from tests.way.looker import WRISTBAND, ScriptedLooker


class AlwaysFine:
    def __init__(self) -> None:
        self.tellings: list[dict[str, object]] = []

    def reply(self, token: str, messages: Sequence[Mapping[str, object]]) -> LineAnswer:
        return self._told(token, messages)

    def push(
        self, to: str, messages: Sequence[Mapping[str, object]], retry_key: UUID
    ) -> LineAnswer:
        del retry_key
        return self._told(to, messages)

    def _told(self, to: str, messages: Sequence[Mapping[str, object]]) -> LineAnswer:
        self.tellings.append({"to": to, "messages": list(messages)})
        return LineAnswer(200)

    def bot_info(self) -> LineAnswer:
        return LineAnswer(200, body={"basicId": "@fine"})


class AlwaysThere:
    """Contents as the stand-in of a run holds them, with nothing that could fail."""

    def fetch(self, message_id: str) -> Fetched:
        held = held_for(message_id)
        if held.data is None:
            return Fetched(FetchState.GONE)
        return Fetched(FetchState.HERE, held.data())


def looker() -> ScriptedLooker:
    seen = {wristband(): WRISTBAND, patients(): WRISTBAND, torn(): unreadable(Unseen.BROKEN)}
    return ScriptedLooker(seen)


def settings_at(database: Path) -> Settings:
    return Settings(
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        master_key=bytes(range(32)),
        database_url=f"sqlite:///{database}",
        push_budget_per_month=1_000_000,
    )
