"""After a new version of the registry key: names are sealed again with it, and the old one goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.errors import SealBrokenError
from bot.storage.keyring import KeyKind, open_with_any, seal, unseal
from bot.storage.registry import name_bound_to
from bot.storage.tables import groups, outbox, people
from bot.storage.tables import keys as key_rows

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from bot.storage.engine import Database
    from bot.storage.keyring import Key, KeyRing
    from bot.storage.types import AnyRow


def renew_names(database: Database, keys: KeyRing) -> int:
    """Returns how many were sealed again. Nothing to do while there is one version only."""
    older = _older_versions(database, keys)
    if not older:
        return 0
    in_use = keys.registry()
    with database.write() as connection:
        renewed = sum(_renew(connection, table, in_use, older) for table in (groups, people))
        if not renewed and not _tokens_wait(connection):
            for key in older:
                keys.destroy(connection, key.id)
    return renewed


def _older_versions(database: Database, keys: KeyRing) -> list[Key]:
    with database.read() as connection:
        registry_keys = select(key_rows.c.id).where(key_rows.c.kind == KeyKind.REGISTRY.value)
        if len(connection.execute(registry_keys).all()) <= 1:
            return []
    keys.make_ready()
    in_use = int(keys.registry().period)
    return [key for key in keys.all_of(KeyKind.REGISTRY) if int(key.period) < in_use]


def _renew(connection: Connection, table: Table, in_use: Key, older: list[Key]) -> int:
    rows = connection.execute(
        select(table.c.id, table.c.name_sealed)
        .where(table.c.name_sealed.is_not(None))
        .with_for_update()
    ).all()
    old = [row for row in rows if not _opens(table, row, in_use)]
    for row in old:
        bound_to = name_bound_to(table, row.id)
        plain = open_with_any(older, row.name_sealed, bound_to)
        connection.execute(
            update(table)
            .where(table.c.id == row.id)
            .values(name_sealed=seal(in_use.value, plain, bound_to))
        )
    return len(old)


def _opens(table: Table, row: AnyRow, key: Key) -> bool:
    try:
        unseal(key.value, row.name_sealed, name_bound_to(table, row.id))
    except SealBrokenError:
        return False
    return True


def _tokens_wait(connection: Connection) -> bool:
    """Reply tokens are sealed with the registry key too, and are wiped within minutes."""
    waits = select(outbox.c.id).where(outbox.c.token_sealed.is_not(None)).limit(1)
    return connection.scalar(waits) is not None
