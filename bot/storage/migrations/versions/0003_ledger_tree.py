"""Entries get places in a tree under signed checkpoints, which the database keeps from changing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INSERT_ONLY = {
    "ledger_leaves": "position",
    "ledger_checkpoints": "size",
    "ledger_keys": "number",
    "ledger_kept": "id",
}


def upgrade() -> None:
    _create_tables()
    # What was entered before there was a tree gets its place like everything else.
    op.execute("INSERT INTO ledger_unsealed (entry_id) SELECT id FROM ledger_entries")
    if op.get_bind().dialect.name == "sqlite":
        _protect_on_sqlite()
    else:
        _protect_on_postgresql()


def _protect_on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER ledger_entries_unsealed AFTER INSERT ON ledger_entries "
        "BEGIN INSERT INTO ledger_unsealed (entry_id) VALUES (NEW.id); END"
    )
    for table, key in _INSERT_ONLY.items():
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )
        # INSERT OR REPLACE deletes without firing a trigger on DELETE.
        taken = f"{key} = NEW.{key}"
        if table == "ledger_leaves":
            taken += " OR entry_id = NEW.entry_id"
        there = f"SELECT 1 FROM {table} WHERE {taken}"  # noqa: S608 - names from above
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({there}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
        )


def _protect_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION note_unsealed_entries() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO ledger_unsealed (entry_id) SELECT id FROM entered; "
        "RETURN NULL; END $$"
    )
    # For each statement, so that many entries at once cost one call.
    op.execute(
        "CREATE TRIGGER ledger_entries_unsealed AFTER INSERT ON ledger_entries "
        "REFERENCING NEW TABLE AS entered FOR EACH STATEMENT "
        "EXECUTE FUNCTION note_unsealed_entries()"
    )
    for table in _INSERT_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
        )


def _create_tables() -> None:
    position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "ledger_unsealed",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ledger_unsealed")),
    )
    op.create_table(
        "ledger_leaves",
        sa.Column("position", position, autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_leaves")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_ledger_leaves_entry_id")),
    )
    op.create_table(
        "ledger_checkpoints",
        sa.Column("size", position, autoincrement=False, nullable=False),
        sa.Column("previous_size", position, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("hospital", sa.String(length=200), nullable=False),
        sa.Column("key_number", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_ledger_checkpoints")),
    )
    op.create_table(
        "ledger_keys",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.LargeBinary(length=32), nullable=False),
        sa.Column("introduced_at", sa.BigInteger(), nullable=False),
        sa.Column("by_itself", sa.LargeBinary(length=64), nullable=False),
        sa.Column("by_previous", sa.LargeBinary(length=64), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_keys")),
    )
    op.create_table(
        "ledger_kept",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("size", position, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_kept")),
    )
    op.create_table(
        "ledger_frontier",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", position, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_frontier")),
    )
