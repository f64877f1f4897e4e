"""Pictures and files get a queue of their own, with questions and safe copies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _create_looks()
    _create_questions()
    _create_safe_copies()


def _create_looks() -> None:
    op.create_table(
        "looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("event_row_id", sa.Uuid(), nullable=False),
        sa.Column("message_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("set_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("payload_key_id", sa.Uuid(), nullable=True),
        sa.Column("payload_until", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=8), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fetches", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("led_to", sa.String(length=16), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("park_reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
        sa.UniqueConstraint("event_row_id", name=op.f("uq_looks_event_row_id")),
    )
    op.create_index(
        "ix_looks_incident_id",
        "looks",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("incident_id IS NOT NULL"),
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    )
    op.create_index(
        "ix_looks_message_key",
        "looks",
        ["message_key"],
        unique=False,
        sqlite_where=sa.text("message_key IS NOT NULL"),
        postgresql_where=sa.text("message_key IS NOT NULL"),
    )
    op.create_index(
        "ix_looks_payload_until",
        "looks",
        ["payload_until"],
        unique=False,
        sqlite_where=sa.text("payload_until IS NOT NULL"),
        postgresql_where=sa.text("payload_until IS NOT NULL"),
    )
    op.create_index(
        "ix_looks_question_id",
        "looks",
        ["question_id"],
        unique=False,
        sqlite_where=sa.text("question_id IS NOT NULL"),
        postgresql_where=sa.text("question_id IS NOT NULL"),
    )
    op.create_index(
        "ix_looks_set_key",
        "looks",
        ["set_key"],
        unique=False,
        sqlite_where=sa.text("set_key IS NOT NULL"),
        postgresql_where=sa.text("set_key IS NOT NULL"),
    )
    op.create_index("ix_looks_settled_at", "looks", ["settled_at"], unique=False)
    op.create_index(
        "ix_looks_unsettled",
        "looks",
        ["state", "due_at"],
        unique=False,
        sqlite_where=sa.text("state <> 'settled'"),
        postgresql_where=sa.text("state <> 'settled'"),
    )


def _create_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("set_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_questions_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_questions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("token", name=op.f("uq_questions_token")),
    )
    op.create_index(
        "ix_questions_group_id_asked_at", "questions", ["group_id", "asked_at"], unique=False
    )
    op.create_index(
        "ix_questions_open",
        "questions",
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_index(
        "ix_questions_person_id_asked_at", "questions", ["person_id", "asked_at"], unique=False
    )


def _create_safe_copies() -> None:
    op.create_table(
        "safe_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("picture_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("picture_key_id", sa.Uuid(), nullable=False),
        sa.Column("fetches_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_copies")),
        sa.UniqueConstraint("address_key", name=op.f("uq_safe_copies_address_key")),
    )
    op.create_index(op.f("ix_safe_copies_expires_at"), "safe_copies", ["expires_at"], unique=False)
