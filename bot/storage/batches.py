"""Changes to many rows, a batch at a time, that wait for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

if TYPE_CHECKING:
    from sqlalchemy import Delete, Table, Update

    from bot.storage.engine import Database

# Short enough that nobody notices, and few enough not to hold many rows at once.
BATCH = 500


def in_batches(
    database: Database,
    table: Table,
    change: Update | Delete,
    *conditions: Any,  # noqa: ANN401 - SQL expressions
) -> int:
    """How many rows were changed; `change` must make the conditions false, or it would not end.

    Intake and workers lock rows in the order of their event ids, these come in none: a row that
    somebody holds is left for the next time, so that no two wait for each other.
    """
    done = 0
    while True:
        with database.write() as connection:
            chosen = select(table.c.id).where(*conditions).limit(BATCH)
            ids = connection.scalars(chosen.with_for_update(skip_locked=True)).all()
            if ids:
                connection.execute(change.where(table.c.id.in_(ids)))
        done += len(ids)
        if len(ids) < BATCH:
            return done
