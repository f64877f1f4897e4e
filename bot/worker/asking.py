"""Runs errands: asks LINE for names and counts, outside every unit of work."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot import log
from bot.domain.groups import KnownBy
from bot.domain.telling import retry_delay
from bot.errors import StoreUnavailableError
from bot.ledger.entry import EntryKind
from bot.ports import ErrandKind, LineAnswer
from handlers.places import roster_lock
from handlers.work import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.groups import Group, Person
    from bot.ports import Clock, LineApi, UnitOfWork
    from bot.storage.errands import Errand, ErrandQueue
    from bot.storage.unit_of_work import SqlStore

logger = logging.getLogger("wongraksa.asking")

BATCH = 8
_MOST_ATTEMPTS = 8
_MOST_PAGES = 50  # of 100 members each; LINE's groups end at 500
_WORTH_ANOTHER_TRY = frozenset((0, 429))


class Asker:
    def __init__(self, queue: ErrandQueue, store: SqlStore, api: LineApi, clock: Clock) -> None:
        self._queue = queue
        self._store = store
        self._api = api
        self._clock = clock
        self._errands = {
            ErrandKind.GROUP_SUMMARY: self._group_summary,
            ErrandKind.MEMBER_COUNT: self._member_count,
            ErrandKind.MEMBER_LIST: self._member_list,
            ErrandKind.MEMBER_PROFILE: self._member_profile,
            ErrandKind.FRIEND_PROFILE: self._friend_profile,
        }

    def run(self) -> int:
        errands = self._queue.claim(BATCH)
        for errand in errands:
            self._run_one(errand)
        return len(errands)

    def _run_one(self, errand: Errand) -> None:
        try:
            answer = self._errands[errand.kind](errand)
        except StoreUnavailableError:
            return
        except Exception as error:  # noqa: BLE001 - one broken errand must not stop the others
            logger.error(  # noqa: TRY400 - places only
                log.line("errand.failed", kind=errand.kind, at=log.trace_of(error))
            )
            answer = LineAnswer(0)
        again = answer.status in _WORTH_ANOTHER_TRY or answer.is_unclear
        if again and errand.attempts < _MOST_ATTEMPTS:
            self._queue.later(errand, retry_delay(errand.attempts))
        else:
            self._queue.done(errand)

    def _group_summary(self, errand: Errand) -> LineAnswer:
        answer = self._api.group_summary(errand.chat_id)
        if answer.is_ok:
            with self._store.unit_of_work() as uow:
                uow.registry.name_group(errand.chat_id, _text(answer, "group_name", "groupName"))
        return answer

    def _member_count(self, errand: Errand) -> LineAnswer:
        answer = self._api.member_count(errand.chat_id, is_room=errand.chat_id.startswith("R"))
        count = (answer.body or {}).get("count")
        if answer.is_ok and isinstance(count, int):
            with self._store.unit_of_work() as uow:
                uow.registry.count_members(errand.chat_id, count, self._clock.now())
        return answer

    def _member_list(self, errand: Errand) -> LineAnswer:
        """403 for an account that is not verified: then members are known by what passes by."""
        answer, start = LineAnswer(200), ""
        for _ in range(_MOST_PAGES):
            answer = self._api.member_ids(
                errand.chat_id, start, is_room=errand.chat_id.startswith("R")
            )
            if not answer.is_ok:
                return answer
            self._note_members(errand.chat_id, _ids(answer))
            start = _text(answer, "next")
            if not start:
                break
        return answer

    def _note_members(self, chat_id: str, line_ids: Iterator[str]) -> None:
        with self._store.unit_of_work() as uow:
            group = uow.registry.locate(chat_id, None).group
            if group is None:
                return
            # People in order, then the roster: as handlers/members.py does, and for its reason.
            people = [uow.registry.ensure_person(line_id) for line_id in sorted(line_ids)]
            uow.lock(roster_lock(group))
            learnt = [person for person in people if self._note_member(uow, group, person)]
            if learnt:
                self._enter_listed(uow, group, learnt)

    def _note_member(self, uow: UnitOfWork, group: Group, person: Person) -> bool:
        """True when the list told something that was not known, or not as well."""
        if not person.name:
            uow.errands.ask(ErrandKind.MEMBER_PROFILE, group.line_id, person.line_id)
        return uow.registry.note_presence(group, person, known_by=KnownBy.API, at=self._clock.now())

    def _enter_listed(self, uow: UnitOfWork, group: Group, learnt: Sequence[Person]) -> None:
        """One entry for a page of LINE's list, not one for each of its hundred members."""
        facts = {"group": str(group.id), "people": [str(person.id) for person in learnt]}
        uow.ledger.append(
            EntryKind.MEMBERS_LISTED,
            by=SYSTEM,
            at=self._clock.now(),
            subject=group.id,
            facts=facts,
        )

    def _member_profile(self, errand: Errand) -> LineAnswer:
        is_room = errand.chat_id.startswith("R")
        answer = self._api.member_profile(errand.chat_id, errand.user_id, is_room=is_room)
        if answer.is_ok:
            self._name_person(errand.user_id, _text(answer, "display_name", "displayName"))
        return answer

    def _friend_profile(self, errand: Errand) -> LineAnswer:
        answer = self._api.profile(errand.user_id)
        if answer.is_ok:
            self._name_person(errand.user_id, _text(answer, "display_name", "displayName"))
        return answer

    def _name_person(self, line_id: str, name: str) -> None:
        with self._store.unit_of_work() as uow:
            uow.registry.name_person(line_id, name)


def _text(answer: LineAnswer, *names: str) -> str:
    """The SDK's models spell names their own way; the raw answer spells them LINE's way."""
    for name in names:
        value = (answer.body or {}).get(name)
        if isinstance(value, str):
            return value
    return ""


def _ids(answer: LineAnswer) -> Iterator[str]:
    body = answer.body or {}
    given = body.get("memberIds", body.get("member_ids"))
    if isinstance(given, list):
        yield from (line_id for line_id in given if isinstance(line_id, str))
