"""An incident can be declared a breach, whose clock runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "breaches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.String(length=16), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("declared_at", sa.BigInteger(), nullable=False),
        sa.Column("declared_by", sa.String(length=200), nullable=False),
        sa.Column("office_told_at", sa.BigInteger(), nullable=True),
        sa.Column("subjects_told_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_as", sa.String(length=16), nullable=True),
        sa.Column("alarmed", sa.String(length=16), nullable=True),
        sa.Column("alarm_lease_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
        sa.UniqueConstraint("incident_id", name=op.f("uq_breaches_incident_id")),
        sa.UniqueConstraint("case_number", name=op.f("uq_breaches_case_number")),
    )
