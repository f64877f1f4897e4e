"""Tells LINE what the outbox holds: a free reply while the token lives, else a paid push."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy.exc import DBAPIError

from bot import log
from bot.domain.actions import Purpose, Saying, TellState
from bot.domain.telling import Step, plan_telling, retry_delay
from bot.errors import LeaseLostError, StoreUnavailableError
from bot.ledger.entry import EntryKind
from bot.line.outbound import render
from bot.storage.tell_queue import Ending
from handlers.work import SYSTEM
from policies.timely import timely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.actions import Utterance
    from bot.ports import Clock, LineAnswer, LineApi
    from bot.storage.tell_queue import Telling, TellQueue
    from bot.storage.unit_of_work import SqlStore, SqlUnitOfWork
    from bot.worker.identity import BotIdentity
    from bot.worker.policy import PolicyOfTheDay

logger = logging.getLogger("wongraksa.sender")

_REFUSED = 400
_CONFLICT = 409
_TOO_MANY = 429
_TOKEN_IS_DEAD = "Invalid reply token"  # noqa: S105 - LINE's words
_MONTH_IS_OVER = "You have reached your monthly limit."
# A push that LINE may already have is repeated with the same key: then it is no second push.
_WITHOUT_MENTION = UUID("0192d2a4-5f5e-7c55-8b2a-6f2d8a1f3c11")


class Sender:
    def __init__(
        self,
        queue: TellQueue,
        store: SqlStore,
        api: LineApi,
        policy: PolicyOfTheDay,
        identity: BotIdentity,
        clock: Clock,
    ) -> None:
        self._queue = queue
        self._store = store
        self._api = api
        self._policy = policy
        self._identity = identity
        self._clock = clock

    def tell(self, ids: Sequence[UUID] = ()) -> int:
        """These, or whatever waits. One at a time: to claim is to write an attempt down, and an
        attempt that was never made would count as 'probably told' after a crash."""
        done = 0
        while tellings := self._queue.claim(1, plan_telling, ids):
            self._tell_one(tellings[0])
            done += 1
        return done

    def _tell_one(self, telling: Telling) -> None:
        try:
            self._try(telling)
        except LeaseLostError:
            logger.warning(log.line("tell.lease_lost", row=telling.message.id))
        except StoreUnavailableError:
            logger.warning(log.line("tell.store_unavailable", row=telling.message.id))
        except DBAPIError as error:
            # LINE may have it already: its lease ends, and the next try finds out.
            self._log_failure(telling, error)
        except Exception as error:  # noqa: BLE001 - one broken row must not stop the others
            self._log_failure(telling, error)
            self._give_up(telling, type(error).__name__)

    def _log_failure(self, telling: Telling, error: Exception) -> None:
        """Places only: a traceback's text may quote what was to be said."""
        logger.error(log.line("tell.failed", row=telling.message.id, at=log.trace_of(error)))

    def _try(self, telling: Telling) -> None:
        if telling.plan.step is Step.END:
            self._settle(telling, Ending(telling.plan.state, reason=telling.plan.reason))
        elif telling.plan.step is Step.REPLY:
            self._after_reply(telling, self._reply(telling))
        else:
            self._after_push(telling, self._push(telling))

    def _reply(self, telling: Telling) -> LineAnswer:
        return self._api.reply(telling.reply_token or "", self._messages(telling))

    def _push(self, telling: Telling) -> LineAnswer:
        key = telling.retry_key
        if telling.without_mention:  # other contents are another request to LINE
            key = uuid5(_WITHOUT_MENTION, str(key))
        return self._api.push(telling.message.to, self._messages(telling), key)

    def _messages(self, telling: Telling) -> list[dict[str, object]]:
        utterance = timely(telling.message.utterance, self._clock.now())
        if telling.without_mention:
            utterance = replace(utterance, mention=None)
        return render(self._with_link(utterance), self._policy.catalogue())

    def _with_link(self, utterance: Utterance) -> Utterance:
        if utterance.saying not in (Saying.REWRITE_PRIVATELY, Saying.COPY_PRIVATELY):
            return utterance
        link = self._identity.chat_link(utterance.saying)
        return replace(utterance, parameters={**utterance.parameters, "link": link})

    def _after_reply(self, telling: Telling, answer: LineAnswer) -> None:
        if answer.is_ok:
            self._settle(telling, Ending(TellState.TOLD, told_by="reply", status=answer.status))
        elif answer.never_arrived or answer.status == _TOO_MANY:
            self._again(telling, answer, is_unclear=telling.was_unclear)
        elif answer.is_unclear:
            self._again(telling, answer)
        elif answer.status == _REFUSED and answer.message == _TOKEN_IS_DEAD:
            self._after_dead_token(telling, answer)
        else:
            self._after_refusal(telling, answer)

    def _after_dead_token(self, telling: Telling, answer: LineAnswer) -> None:
        """After an unclear try this may mean that it arrived: told twice would be worse."""
        if telling.was_unclear:
            self._settle(
                telling, Ending(TellState.PROBABLY_TOLD, reason="reply_unclear", status=_REFUSED)
            )
        else:
            self._again(telling, answer, soon=True, is_unclear=False, is_token_dead=True)

    def _after_push(self, telling: Telling, answer: LineAnswer) -> None:
        if answer.is_ok or answer.status == _CONFLICT:
            self._settle(telling, Ending(TellState.TOLD, told_by="push", status=answer.status))
        elif answer.status == _TOO_MANY and answer.message == _MONTH_IS_OVER:
            self._settle(telling, Ending(TellState.NOT_TOLD, reason="line_quota", status=_TOO_MANY))
        elif answer.is_unclear or answer.status == _TOO_MANY:
            self._again(telling, answer)
        else:
            self._after_refusal(telling, answer)

    def _after_refusal(self, telling: Telling, answer: LineAnswer) -> None:
        """Somebody who left cannot be mentioned; without the mention it may still be said."""
        mentions = telling.message.utterance.mention is not None and not telling.without_mention
        if answer.status == _REFUSED and mentions:
            self._again(
                telling, answer, soon=True, is_unclear=telling.was_unclear, without_mention=True
            )
        else:
            reason = "line_refused"
            self._settle(telling, Ending(TellState.NOT_TOLD, reason=reason, status=answer.status))

    def _again(
        self, telling: Telling, answer: LineAnswer, *, soon: bool = False, **values: object
    ) -> None:
        after = timedelta() if soon else retry_delay(telling.attempts)
        self._queue.again(telling, after, last_status=answer.status, **values)
        logger.info(log.line("tell.again", row=telling.message.id, status=answer.status))

    def _give_up(self, telling: Telling, reason: str) -> None:
        try:
            self._settle(telling, Ending(TellState.NOT_TOLD, reason=reason[:60]))
        except (LeaseLostError, StoreUnavailableError):
            logger.warning(log.line("tell.lease_lost", row=telling.message.id))

    def _settle(self, telling: Telling, ending: Ending) -> None:
        worded = replace(ending, wording_version=self._policy.catalogue().version)
        with self._store.unit_of_work() as uow:
            self._queue.settle(uow.connection, telling, worded)
            if telling.message.purpose is Purpose.FIRST_WARNING:
                self._enter(uow, telling, ending)
        logger.info(
            log.line(
                "tell.settled", row=telling.message.id, state=ending.state, status=ending.status
            )
        )

    def _enter(self, uow: SqlUnitOfWork, telling: Telling, ending: Ending) -> None:
        told = ending.state is not TellState.NOT_TOLD
        uow.ledger.append(
            EntryKind.WARNING_TOLD if told else EntryKind.WARNING_NOT_TOLD,
            by=SYSTEM,
            at=self._clock.now(),
            subject=telling.message.incident_id,
            facts={"state": ending.state.value, "how": ending.told_by or ending.reason},
        )
