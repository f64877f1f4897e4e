"""The same content posted twice, known by keyed hash with a key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from bot.domain.ids import new_id
from bot.domain.incidents import Link
from bot.storage.keyring import KeyKind, keyed_hash
from bot.storage.tables import content_fingerprints, disclosures, incident_messages, incidents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Connection, Select

    from bot.domain.fingerprints import Fingerprint
    from bot.storage.keyring import KeyRing

_MOST_LINKS = 100


def add_fingerprint(
    connection: Connection, keys: KeyRing, fingerprint: Fingerprint, **owner: UUID
) -> None:
    """With every version of the key: an old posting and a new one meet after the key was changed,
    although nobody can hash the old one again."""
    rows = [
        {
            "id": new_id(),
            "digest": keyed_hash(key.value, fingerprint.kind.value, fingerprint.value),
            "key_version": int(key.period),
            "kind": fingerprint.kind.value,
            **owner,
        }
        for key in keys.all_of(KeyKind.FINGERPRINT)
    ]
    connection.execute(insert(content_fingerprints), rows)


def links_of_message(connection: Connection, message_id: UUID) -> list[Link]:
    return _links(connection, content_fingerprints.c.incident_message_id == message_id)


def links_of_incident(connection: Connection, incident_id: UUID) -> list[Link]:
    messages = select(incident_messages.c.id).where(incident_messages.c.incident_id == incident_id)
    return _links(connection, content_fingerprints.c.incident_message_id.in_(messages))


def _links(connection: Connection, is_mine: Any) -> list[Link]:  # noqa: ANN401 - an SQL expression
    """Other records with the same content, the oldest first; a record is not linked to itself."""
    mine = connection.execute(
        select(content_fingerprints.c.digest, incident_messages.c.incident_id)
        .join(
            incident_messages,
            incident_messages.c.id == content_fingerprints.c.incident_message_id,
        )
        .where(is_mine)
    ).all()
    own, digests = {row.incident_id for row in mine}, {row.digest for row in mine}
    if not digests:
        return []
    found = {
        Link(row.incident_id, row.disclosure_id, row.group_id, row.occurred_at)
        for query in (_in_incidents(list(digests)), _in_disclosures(list(digests)))
        for row in connection.execute(query)
        if row.incident_id not in own
    }
    return sorted(found, key=lambda link: link.occurred_at)


def _in_incidents(digests: Sequence[bytes]) -> Select[Any]:
    return (
        select(
            incidents.c.id.label("incident_id"),
            content_fingerprints.c.disclosure_id,
            incidents.c.group_id,
            incidents.c.opened_at.label("occurred_at"),
        )
        .select_from(content_fingerprints)
        .join(
            incident_messages,
            incident_messages.c.id == content_fingerprints.c.incident_message_id,
        )
        .join(incidents, incidents.c.id == incident_messages.c.incident_id)
        .where(content_fingerprints.c.digest.in_(digests))
        .distinct()
        .limit(_MOST_LINKS)
    )


def _in_disclosures(digests: Sequence[bytes]) -> Select[Any]:
    return (
        select(
            content_fingerprints.c.incident_message_id.label("incident_id"),
            disclosures.c.id.label("disclosure_id"),
            disclosures.c.group_id,
            disclosures.c.occurred_at,
        )
        .select_from(content_fingerprints)
        .join(disclosures, disclosures.c.id == content_fingerprints.c.disclosure_id)
        .where(content_fingerprints.c.digest.in_(digests))
        .distinct()
        .limit(_MOST_LINKS)
    )
