"""Questions about pictures, and what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, or_, select, update

from bot.domain.questions import Question, QuestionEnd
from bot.domain.sights import SightKind
from bot.storage.looks import set_keys_of
from bot.storage.tables import questions

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.events import InboundEvent
    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow

_FEW = 100


class SqlQuestions:
    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, question: Question, event: InboundEvent) -> None:
        values = {field: getattr(question, field) for field in Question.__dataclass_fields__}
        values |= {
            "about": question.about.value,
            "set_key": next(iter(set_keys_of(self._keys, event)), None),
        }
        self._connection.execute(insert(questions).values(values))

    def by_token(self, token: str) -> Question | None:
        return self._one(questions.c.token == token)

    def by_id(self, question_id: UUID) -> Question | None:
        return self._one(questions.c.id == question_id)

    def of_burst(
        self, group_id: UUID, person_id: UUID, event: InboundEvent, span: timedelta
    ) -> Question | None:
        at = event.occurred_at
        near = questions.c.occurred_at.between(at - span, at + span)
        of_set = questions.c.set_key.in_(set_keys_of(self._keys, event))
        return self._one(
            questions.c.group_id == group_id, questions.c.person_id == person_id, or_(near, of_set)
        )

    def asked_of(self, person_id: UUID, about: SightKind, since: datetime) -> int:
        return self._asked(questions.c.person_id == person_id, about, since)

    def asked_in(self, group_id: UUID, about: SightKind, since: datetime) -> int:
        return self._asked(questions.c.group_id == group_id, about, since)

    def _asked(self, whom: Any, about: SightKind, since: datetime) -> int:  # noqa: ANN401 - SQL
        asked = (
            select(func.count())
            .select_from(questions)
            .where(whom, questions.c.about == about.value, questions.c.asked_at > since)
        )
        return self._connection.scalar(asked) or 0

    def end(self, question: Question, answer: QuestionEnd, at: datetime) -> bool:
        changed = self._connection.execute(
            update(questions)
            .where(questions.c.id == question.id, questions.c.answer.is_(None))
            .values(answer=answer.value, answered_at=at)
        )
        return changed.rowcount == 1

    def overdue(self, now: datetime) -> list[Question]:
        rows = self._connection.execute(
            select(questions)
            .where(questions.c.answer.is_(None), questions.c.ends_at <= now)
            .order_by(questions.c.ends_at)
            .limit(_FEW)
            .with_for_update(skip_locked=True)
        ).all()
        return [_question(row) for row in rows]

    def _one(self, *conditions: Any) -> Question | None:  # noqa: ANN401 - SQL expressions
        row = self._connection.execute(
            select(questions).where(*conditions).order_by(questions.c.asked_at.desc()).limit(1)
        ).one_or_none()
        return None if row is None else _question(row)


def any_overdue(connection: Connection, now: datetime) -> bool:
    overdue = select(questions.c.id).where(questions.c.answer.is_(None), questions.c.ends_at <= now)
    return connection.scalar(overdue.limit(1)) is not None


def _question(row: AnyRow) -> Question:
    return Question(
        id=row.id,
        token=row.token,
        group_id=row.group_id,
        person_id=row.person_id,
        about=SightKind(row.about),
        occurred_at=row.occurred_at,
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        policy_version=row.policy_version,
        answer=None if row.answer is None else QuestionEnd(row.answer),
    )
