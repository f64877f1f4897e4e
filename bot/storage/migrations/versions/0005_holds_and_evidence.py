"""Legal holds, restrictions, sealed originals, and which ends of messages are listed as erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _add_columns()
    _create_holds()
    _create_evidence()
    _create_requests()


def _add_columns() -> None:
    for table in ("incidents", "disclosures"):
        op.add_column(table, sa.Column("restricted_at", sa.BigInteger(), nullable=True))
    op.add_column("incident_messages", sa.Column("end_listed_at", sa.BigInteger(), nullable=True))
    unlisted = sa.text("ended_at IS NOT NULL AND end_listed_at IS NULL")
    op.create_index(
        "ix_incident_messages_end_unlisted",
        "incident_messages",
        ["ended_at"],
        sqlite_where=unlisted,
        postgresql_where=unlisted,
    )


def _create_holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("held_by", sa.String(length=200), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_legal_holds_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_legal_holds")),
    )


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("incident_message_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("month_key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_message_id"],
            ["incident_messages.id"],
            name=op.f("fk_evidence_incident_message_id"),
        ),
        sa.PrimaryKeyConstraint("incident_message_id", name=op.f("pk_evidence")),
    )


def _create_requests() -> None:
    op.create_table(
        "evidence_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("requested_role", sa.String(length=16), nullable=False),
        sa.Column("requested_account", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=True),
        sa.Column("approved_role", sa.String(length=16), nullable=True),
        sa.Column("approved_account", sa.String(length=64), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_evidence_requests_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_requests")),
        sa.UniqueConstraint("code", name=op.f("uq_evidence_requests_code")),
    )
    op.create_index(op.f("ix_evidence_requests_incident_id"), "evidence_requests", ["incident_id"])
