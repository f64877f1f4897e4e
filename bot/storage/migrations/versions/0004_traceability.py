"""Who could see it and since when we know; cases, emergency passes, acknowledgements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
# Its number was given before that of 0006, and it landed after it.
down_revision = "0006"


def upgrade() -> None:
    _add_columns()
    _create_membership()
    _create_cases()
    _create_emergency_passes()
    _create_acknowledgements()
    _create_fingerprints()
    _create_indexes()
    _know_what_members_know()


def _add_columns() -> None:
    off: sa.Column[bool] = sa.Column(
        "asks_acknowledgement", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("groups", off)
    unknown: sa.Column[str] = sa.Column(
        "basis", sa.String(length=16), server_default="unknown", nullable=False
    )
    op.add_column("incidents", unknown)
    op.add_column("disclosures", sa.Column("acknowledgement_id", sa.Uuid(), nullable=True))


def _create_membership() -> None:
    op.create_table(
        "membership_changes",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("movement", sa.String(length=8), nullable=False),
        sa.Column("known_by", sa.String(length=16), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_membership_changes_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_membership_changes_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "group_id", "person_id", "at", "movement", name=op.f("pk_membership_changes")
        ),
    )
    op.create_index(
        "ix_membership_changes_group_id_noted_at", "membership_changes", ["group_id", "noted_at"]
    )
    op.create_table(
        "member_counts",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_member_counts_group_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "at", name=op.f("pk_member_counts")),
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("assignee", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("cause_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("action_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_cases_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_state"), "cases", ["state"])


def _create_emergency_passes() -> None:
    op.create_table(
        "emergency_passes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_emergency_passes_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_emergency_passes_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_emergency_passes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_passes")),
    )
    op.create_index(op.f("ix_emergency_passes_incident_id"), "emergency_passes", ["incident_id"])
    op.create_index(
        "ix_emergency_passes_person", "emergency_passes", ["group_id", "person_id", "until_at"]
    )


def _create_acknowledgements() -> None:
    op.create_table(
        "acknowledgement_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_acknowledgement_requests_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_acknowledgement_requests_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement_requests")),
        sa.UniqueConstraint("token", name=op.f("uq_acknowledgement_requests_token")),
    )
    op.create_index(
        "ix_acknowledgement_requests_burst",
        "acknowledgement_requests",
        ["group_id", "person_id", "last_at"],
    )
    op.create_table(
        "acknowledgements",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["acknowledgement_requests.id"],
            name=op.f("fk_acknowledgements_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_acknowledgements_person_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "person_id", name=op.f("pk_acknowledgements")),
    )


def _create_fingerprints() -> None:
    op.create_table(
        "content_fingerprints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("incident_message_id", sa.Uuid(), nullable=True),
        sa.Column("disclosure_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosures.id"],
            name=op.f("fk_content_fingerprints_disclosure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["incident_message_id"],
            ["incident_messages.id"],
            name=op.f("fk_content_fingerprints_incident_message_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_fingerprints")),
    )
    for column in ("digest", "disclosure_id", "incident_message_id"):
        name = op.f(f"ix_content_fingerprints_{column}")
        op.create_index(name, "content_fingerprints", [column])


def _create_indexes() -> None:
    """A person, a group or a period is followed without reading every record there is."""
    op.create_index(op.f("ix_members_person_id"), "members", ["person_id"])
    op.create_index(
        op.f("ix_disclosures_acknowledgement_id"), "disclosures", ["acknowledgement_id"]
    )
    for who in ("group_id", "person_id"):
        op.create_index(f"ix_incidents_{who}_opened_at", "incidents", [who, "opened_at"])
        op.create_index(f"ix_disclosures_{who}_occurred_at", "disclosures", [who, "occurred_at"])


def _know_what_members_know() -> None:
    """Rosters that were made before this get their supplements too, as far as `members` remembers:
    the last arrival of each, and the departure of those who are gone."""
    op.execute(
        "INSERT INTO membership_changes (group_id, person_id, at, movement, known_by, noted_at) "
        "SELECT group_id, person_id, since, "
        "CASE known_by WHEN 'join_event' THEN 'joined' ELSE 'seen' END, known_by, since "
        "FROM members WHERE known_by <> 'leave_event'"
    )
    op.execute(
        "INSERT INTO membership_changes (group_id, person_id, at, movement, known_by, noted_at) "
        "SELECT group_id, person_id, changed_at, 'left', known_by, changed_at "
        "FROM members WHERE NOT is_present"
    )
