"""Incidents with their many messages, and disclosures.

What a flagged message said is kept only masked, sealed with a data key of its incident;
patient numbers only as keyed hashes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select, update

from bot.domain.findings import Label
from bot.domain.ids import new_id
from bot.domain.incidents import (
    EMERGENCY_PASS,
    Answer,
    Basis,
    Channel,
    Disclosure,
    FlaggedMessage,
    Incident,
    MessageRecord,
    PatientNumber,
    Standing,
)
from bot.domain.patient_numbers import one_spelling
from bot.domain.times import buddhist_year
from bot.errors import SealBrokenError
from bot.storage.evidence_rows import forget_original, keep_original
from bot.storage.fingerprints import add_fingerprint, links_of_message
from bot.storage.keyring import keyed_hash, seal, unseal
from bot.storage.tables import (
    case_numbers,
    disclosures,
    emergency_passes,
    identifier_tokens,
    incident_messages,
    incidents,
)
from bot.storage.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.incidents import Link
    from bot.ports import Clock
    from bot.storage.keyring import KeyRing, Today
    from bot.storage.sealing import Sealer
    from bot.storage.types import AnyRow

REWRITE_LIVES = timedelta(minutes=60)
_DATA_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Contents:
    """A column that holds contents of a message, and what its seal is bound to."""

    column: str

    def bound_to(self, message_id: UUID) -> bytes:
        return f"incident_messages.{self.column}:".encode() + message_id.bytes


_EXCERPT = _Contents("excerpt_sealed")
_REWRITE = _Contents("rewrite_sealed")


class SqlIncidents:
    def __init__(
        self,
        connection: Connection,
        keys: KeyRing,
        today: Today,
        sealer: Sealer,
        clock: Clock,
        *,
        keeps_evidence: bool = False,
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._today = today
        self._sealer = sealer
        self._clock = clock
        self._keeps_evidence = keeps_evidence
        self._data_keys: dict[UUID, bytes] = {}
        self._unnumbered: list[tuple[UUID, int]] = []

    # Incidents

    def number_cases(self) -> None:
        """Gives this unit's new incidents their numbers, as the last thing before the commit.

        Numbers have no gaps, so whoever takes one keeps all others waiting until the commit:
        nothing else may come in between.
        """
        for incident_id, year in self._unnumbered:
            number = self._next_case_number(year)
            self._connection.execute(
                update(incidents).where(incidents.c.id == incident_id).values(case_number=number)
            )

    def _next_case_number(self, year: int) -> str:
        statement = insert_into(self._connection, case_numbers).values(buddhist_year=year, last=1)
        last = self._connection.scalar(
            statement.on_conflict_do_update(
                index_elements=["buddhist_year"], set_={"last": case_numbers.c.last + 1}
            ).returning(case_numbers.c.last)
        )
        return f"{year}-{last:06d}"

    def add(self, incident: Incident) -> None:
        _, wrapped = self._fresh_data_key(incident.id)
        self._unnumbered.append((incident.id, buddhist_year(incident.opened_at)))
        self._connection.execute(insert(incidents).values(**_incident_values(incident), **wrapped))

    def save(self, incident: Incident) -> None:
        self._connection.execute(
            update(incidents)
            .where(incidents.c.id == incident.id)
            .values(_incident_values(incident))
        )

    def by_token(self, token: str) -> Incident | None:
        return self._one_incident(incidents.c.token == token)

    def by_case(self, case_number: str) -> Incident | None:
        return self._one_incident(incidents.c.case_number == case_number)

    def by_id(self, incident_id: UUID) -> Incident | None:
        return self._one_incident(incidents.c.id == incident_id)

    def burst(
        self, group_id: UUID, person_id: UUID, at: datetime, span: timedelta
    ) -> Incident | None:
        return self._one_incident(
            incidents.c.group_id == group_id,
            incidents.c.person_id == person_id,
            incidents.c.last_message_at >= at - span,
            incidents.c.opened_at <= at + span,
            incidents.c.closed_at.is_(None),
        )

    def links(self, message: FlaggedMessage) -> list[Link]:
        return links_of_message(self._connection, message.id)

    def newest_of(self, group_id: UUID, person_id: UUID, since: datetime) -> Incident | None:
        return self._one_incident(
            incidents.c.group_id == group_id,
            incidents.c.person_id == person_id,
            incidents.c.last_message_at >= since,
        )

    def add_pass(self, incident: Incident, at: datetime) -> None:
        self._connection.execute(
            insert(emergency_passes).values(
                id=new_id(),
                incident_id=incident.id,
                group_id=incident.group_id,
                person_id=incident.person_id,
                from_at=at,
                until_at=at + EMERGENCY_PASS,
            )
        )

    def has_pass(self, group_id: UUID, person_id: UUID, at: datetime) -> bool:
        running = select(emergency_passes.c.id).where(
            emergency_passes.c.group_id == group_id,
            emergency_passes.c.person_id == person_id,
            emergency_passes.c.from_at <= at,
            emergency_passes.c.until_at > at,
        )
        return self._connection.scalar(running.limit(1)) is not None

    def note_answer(self, incident: Incident, answer: Answer, at: datetime) -> None:
        column = {Answer.CLAIMED: "claimed_at", Answer.DISPUTED: "disputed_at"}[answer]
        self._connection.execute(
            update(incidents)
            .where(incidents.c.id == incident.id, incidents.c[column].is_(None))
            .values({column: at})
        )

    def _one_incident(self, *conditions: Any) -> Incident | None:  # noqa: ANN401 - SQL expressions
        row = self._connection.execute(
            select(incidents).where(*conditions).order_by(incidents.c.opened_at.desc()).limit(1)
        ).one_or_none()
        return None if row is None else _incident(row._mapping)

    # Messages of incidents

    def add_message(self, incident: Incident, record: MessageRecord) -> FlaggedMessage:
        message_id = new_id()
        self._connection.execute(
            insert(incident_messages).values(
                id=message_id,
                incident_id=incident.id,
                message_key=self._message_key(record),
                **self._message_values(incident.id, message_id, record),
            )
        )
        self._add_traces(record, incident_message_id=message_id)
        self._keep_original(message_id, record)
        return _flagged_message(message_id, incident.id, record)

    def revise_message(self, message: FlaggedMessage, record: MessageRecord) -> None:
        values = self._message_values(message.incident_id, message.id, record)
        self._connection.execute(
            update(incident_messages).where(incident_messages.c.id == message.id).values(values)
        )
        self._erase_tokens(message.id)
        self._add_traces(record, incident_message_id=message.id)
        self._keep_original(message.id, record)

    def _keep_original(self, message_id: UUID, record: MessageRecord) -> None:
        if self._keeps_evidence and record.original:
            month, now = self._today.month, self._clock.now()
            keep_original(self._connection, month, message_id, record.original, now)

    def message(self, message_id: str) -> tuple[Incident, FlaggedMessage] | None:
        row = self._connection.execute(
            select(incident_messages)
            .where(incident_messages.c.message_key.in_(self._sealer.message_keys(message_id)))
            .order_by(incident_messages.c.id.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        incident = self._one_incident(incidents.c.id == row.incident_id)
        return None if incident is None else (incident, _message(row._mapping))

    def end_message(self, message: FlaggedMessage, standing: Standing, at: datetime) -> None:
        forget_original(self._connection, message.id)
        self._connection.execute(
            update(incident_messages)
            .where(incident_messages.c.id == message.id)
            .values(
                standing=standing.value,
                ended_at=at,
                text_at=at,
                excerpt_sealed=None,
                rewrite_sealed=None,
                rewrite_until=None,
            )
        )

    def standing_count(self, incident_id: UUID) -> int:
        return (
            self._connection.scalar(
                select(func.count())
                .select_from(incident_messages)
                .where(
                    incident_messages.c.incident_id == incident_id,
                    incident_messages.c.standing == Standing.STANDING.value,
                )
            )
            or 0
        )

    def rewrites(self, incident_id: UUID, now: datetime) -> list[str]:
        rows = self._connection.execute(
            select(incident_messages.c.id, incident_messages.c.rewrite_sealed)
            .where(
                incident_messages.c.incident_id == incident_id,
                incident_messages.c.rewrite_sealed.is_not(None),
                incident_messages.c.rewrite_until > now,
            )
            .order_by(incident_messages.c.occurred_at, incident_messages.c.id)
        ).all()
        if not rows:
            return []
        try:
            data_key = self._data_key(incident_id)
        except SealBrokenError:  # its month's key was destroyed: nothing is left to give
            return []
        return [
            unseal(data_key, row.rewrite_sealed, _REWRITE.bound_to(row.id)).decode(
                "utf-8", "surrogatepass"
            )
            for row in rows
        ]

    def rewritable(self, person_id: UUID, now: datetime) -> list[Incident]:
        alive = and_(
            incident_messages.c.incident_id == incidents.c.id,
            incident_messages.c.rewrite_sealed.is_not(None),
            incident_messages.c.rewrite_until > now,
        )
        rows = self._connection.execute(
            select(incidents)
            .where(
                incidents.c.person_id == person_id,
                select(incident_messages.c.id).where(alive).exists(),
            )
            .order_by(incidents.c.opened_at.desc())
        )
        return [_incident(row._mapping) for row in rows]

    def _message_values(
        self, incident_id: UUID, message_id: UUID, record: MessageRecord
    ) -> dict[str, Any]:
        data_key = self._data_key_to_write(incident_id)
        return {
            "occurred_at": record.occurred_at,
            "text_at": record.text_at,
            "labels": ",".join(record.labels),
            "reasons": "\n".join(record.reasons),
            "standing": Standing.STANDING.value,
            "ended_at": None,
            "excerpt_sealed": _sealed(data_key, record.excerpt, _EXCERPT, message_id),
            **self._rewrite_values(data_key, message_id, record),
        }

    def _rewrite_values(
        self, data_key: bytes, message_id: UUID, record: MessageRecord
    ) -> dict[str, Any]:
        """A picture has none: its masked version is a copy, made when it is asked for."""
        if not record.rewrite:
            return {"rewrite_sealed": None, "rewrite_until": None}
        return {
            "rewrite_sealed": _sealed(data_key, record.rewrite, _REWRITE, message_id),
            "rewrite_until": self._clock.now() + REWRITE_LIVES,
        }

    def excerpts(self, incident_id: UUID) -> dict[UUID, str]:
        """The masked excerpts that are still there, by message."""
        rows = self._connection.execute(
            select(incident_messages.c.id, incident_messages.c.excerpt_sealed).where(
                incident_messages.c.incident_id == incident_id,
                incident_messages.c.excerpt_sealed.is_not(None),
            )
        )
        opened = {
            row.id: self._opened(incident_id, row.excerpt_sealed, _EXCERPT.bound_to(row.id))
            for row in rows
        }
        return {message_id: text for message_id, text in opened.items() if text}

    def sealed_note(self, incident_id: UUID, text: str, place: bytes) -> bytes | None:
        """What people write about an incident dies with its key, as its excerpts do."""
        if not text:
            return None
        plain = text.encode("utf-8", "surrogatepass")
        bound_to = place + b":" + incident_id.bytes
        return seal(self._data_key_to_write(incident_id), plain, bound_to)

    def opened_note(self, incident_id: UUID, sealed: bytes | None, place: bytes) -> str:
        return self._opened(incident_id, sealed, place + b":" + incident_id.bytes)

    def _opened(self, incident_id: UUID, sealed: bytes | None, bound_to: bytes) -> str:
        if sealed is None:
            return ""
        try:
            plain = unseal(self._data_key(incident_id), sealed, bound_to)
        except SealBrokenError:  # its month's key was destroyed: nothing is left to read
            return ""
        return plain.decode("utf-8", "surrogatepass")

    def _data_key(self, incident_id: UUID) -> bytes:
        if incident_id not in self._data_keys:
            self._data_keys[incident_id] = self._opened_data_key(incident_id)
        return self._data_keys[incident_id]

    def _data_key_to_write(self, incident_id: UUID) -> bytes:
        """A burst goes on after its month's key was destroyed: what is new has a key of its own,
        and what was sealed with the old one is noise that nobody need keep."""
        try:
            return self._data_key(incident_id)
        except SealBrokenError:
            data_key, wrapped = self._fresh_data_key(incident_id)
            self._connection.execute(
                update(incidents).where(incidents.c.id == incident_id).values(wrapped)
            )
            self._connection.execute(
                update(incident_messages)
                .where(incident_messages.c.incident_id == incident_id)
                .values(excerpt_sealed=None, rewrite_sealed=None, rewrite_until=None)
            )
            return data_key

    def _fresh_data_key(self, incident_id: UUID) -> tuple[bytes, dict[str, Any]]:
        month, data_key = self._today.month, secrets.token_bytes(_DATA_KEY_BYTES)
        self._data_keys[incident_id] = data_key
        wrapped = seal(month.value, data_key, b"incidents:" + incident_id.bytes)
        return data_key, {"data_key_wrapped": wrapped, "month_key_id": month.id}

    def _opened_data_key(self, incident_id: UUID) -> bytes:
        row = self._connection.execute(
            select(incidents.c.data_key_wrapped, incidents.c.month_key_id).where(
                incidents.c.id == incident_id
            )
        ).one()
        month = self._keys.by_id(self._connection, row.month_key_id)
        return unseal(month.value, row.data_key_wrapped, b"incidents:" + incident_id.bytes)

    def _message_key(self, record: MessageRecord) -> bytes | None:
        return None if record.message_id is None else self._sealer.message_key(record.message_id)

    # Patient numbers, and the content as a whole

    def _add_traces(self, record: MessageRecord, **owner: UUID) -> None:
        self._add_tokens(record.tokens, **owner)
        if record.fingerprint is not None:
            add_fingerprint(self._connection, self._keys, record.fingerprint, **owner)

    def _add_tokens(self, numbers: Sequence[PatientNumber], **owner: UUID) -> None:
        pepper = self._keys.pepper()
        spelt = dict.fromkeys(filter(None, map(one_spelling, numbers)))
        rows = [
            {
                "id": new_id(),
                "digest": keyed_hash(pepper.value, number.label.value, number.value),
                "pepper_version": int(pepper.period),
                "label": number.label.value,
                **owner,
            }
            for number in spelt
        ]
        if rows:
            self._connection.execute(insert(identifier_tokens), rows)

    def _erase_tokens(self, message_id: UUID) -> None:
        self._connection.execute(
            delete(identifier_tokens).where(identifier_tokens.c.incident_message_id == message_id)
        )

    # Disclosures

    def add_disclosure(self, disclosure: Disclosure, record: MessageRecord) -> None:
        self._connection.execute(
            insert(disclosures).values(
                id=disclosure.id,
                message_key=self._message_key(record),
                group_id=disclosure.group_id,
                person_id=disclosure.person_id,
                roster_id=disclosure.roster_id,
                occurred_at=disclosure.occurred_at,
                text_at=record.text_at,
                labels=",".join(record.labels),
                reasons="\n".join(record.reasons),
                channel=disclosure.channel.value,
                basis=disclosure.basis.value,
                policy_version=disclosure.policy_version,
            )
        )
        self._add_traces(record, disclosure_id=disclosure.id)

    def revise_disclosure(self, disclosure: Disclosure, record: MessageRecord) -> None:
        """An edit changed what stands there: the numbers of the old text were seen as well."""
        self._connection.execute(
            update(disclosures)
            .where(disclosures.c.id == disclosure.id)
            .values(
                text_at=record.text_at,
                labels=",".join(record.labels),
                reasons="\n".join(record.reasons),
                taken_back_at=None,
            )
        )
        self._add_traces(record, disclosure_id=disclosure.id)

    def disclosure(self, message_id: str) -> Disclosure | None:
        row = self._connection.execute(
            select(disclosures).where(
                disclosures.c.message_key.in_(self._sealer.message_keys(message_id))
            )
        ).one_or_none()
        return None if row is None else _disclosure(row._mapping)

    def take_back_disclosure(self, disclosure: Disclosure, at: datetime) -> None:
        self._connection.execute(
            update(disclosures)
            .where(disclosures.c.id == disclosure.id)
            .values(taken_back_at=at, text_at=at)
        )


def _sealed(key: bytes, text: str, contents: _Contents, message_id: UUID) -> bytes:
    return seal(key, text.encode("utf-8", "surrogatepass"), contents.bound_to(message_id))


def _incident_values(incident: Incident) -> dict[str, Any]:
    return {field: getattr(incident, field) for field in Incident.__dataclass_fields__}


def _incident(row: Any) -> Incident:  # noqa: ANN401 - a row mapping
    fields = {field: row[field] for field in Incident.__dataclass_fields__}
    return Incident(**{**fields, "basis": Basis(row["basis"])})


def _labels(text: str) -> tuple[Label, ...]:
    return tuple(Label(label) for label in text.split(",") if label)


def _message(row: Any) -> FlaggedMessage:  # noqa: ANN401 - a row mapping
    return FlaggedMessage(
        id=row["id"],
        incident_id=row["incident_id"],
        occurred_at=row["occurred_at"],
        text_at=row["text_at"],
        labels=_labels(row["labels"]),
        standing=Standing(row["standing"]),
        ended_at=row["ended_at"],
    )


def incident_of(row: AnyRow) -> Incident:
    return _incident(row._mapping)


def flagged_message_of(row: AnyRow) -> FlaggedMessage:
    return _message(row._mapping)


def _flagged_message(message_id: UUID, incident_id: UUID, record: MessageRecord) -> FlaggedMessage:
    return FlaggedMessage(
        message_id, incident_id, record.occurred_at, record.text_at, record.labels
    )


def _disclosure(row: Any) -> Disclosure:  # noqa: ANN401 - a row mapping
    return Disclosure(
        id=row["id"],
        group_id=row["group_id"],
        person_id=row["person_id"],
        roster_id=row["roster_id"],
        occurred_at=row["occurred_at"],
        policy_version=row["policy_version"],
        channel=Channel(row["channel"]),
        basis=Basis(row["basis"]),
        taken_back_at=row["taken_back_at"],
    )


def opened_excerpt(connection: Connection, keys: KeyRing, row: Any) -> str | None:  # noqa: ANN401
    """Of a row that has the message's columns and the keys of its incident."""
    if row.excerpt_sealed is None:
        return None
    month = keys.by_id(connection, row.month_key_id)
    data_key = unseal(month.value, row.data_key_wrapped, b"incidents:" + row.incident_id.bytes)
    return unseal(data_key, row.excerpt_sealed, _EXCERPT.bound_to(row.id)).decode(
        "utf-8", "surrogatepass"
    )


def erase_old_rewrites(connection: Connection, now: datetime) -> int:
    """A safe rewrite lives sixty minutes."""
    return connection.execute(
        update(incident_messages)
        .where(
            incident_messages.c.rewrite_sealed.is_not(None),
            incident_messages.c.rewrite_until <= now,
        )
        .values(rewrite_sealed=None, rewrite_until=None)
    ).rowcount
