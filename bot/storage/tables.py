"""All tables. Contents are sealed (`*_sealed`); LINE message ids stand as keyed hashes only."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from bot.storage.types import UtcTime

# Constraints have names, so that a migration can speak of them on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

keys = Table(
    "keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("period", String(16), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("kind", "period"),
)

# The queue and the only truth about events. Lane (one group, one sender), message key,
# time and payload go when the payload is wiped; id, kind, receipt time and outcome stay.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("event_id", String(64), nullable=False, unique=True),
    Column("kind", String(24), nullable=False),
    Column("is_redelivery", Boolean, nullable=False, server_default=false()),
    Column("received_at", UtcTime, nullable=False),
    Column("token_received_at", UtcTime, nullable=False),
    Column("occurred_at", UtcTime),
    Column("lane", LargeBinary(32)),
    Column("message_key", LargeBinary(32)),
    Column("payload_sealed", LargeBinary),
    Column("payload_key_id", Uuid),
    Column("state", String(8), nullable=False, server_default="waiting"),
    Column("outcome", String(24)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcTime, nullable=False),
    Column("claim", Uuid),
    Column("lease_until", UtcTime),
    Column("settled_at", UtcTime),
    Column("park_reason", String(200)),
)
# The database itself holds one (group, sender) at a time: a second claim of a lane is refused.
Index(
    "uq_inbox_claimed_lane",
    inbox.c.lane,
    unique=True,
    sqlite_where=text("state = 'claimed'"),
    postgresql_where=text("state = 'claimed'"),
)
Index(
    "ix_inbox_unsettled",
    inbox.c.state,
    inbox.c.due_at,
    sqlite_where=text("state <> 'settled'"),
    postgresql_where=text("state <> 'settled'"),
)
Index(
    "ix_inbox_unwiped",
    inbox.c.received_at,
    sqlite_where=text("payload_sealed IS NOT NULL"),
    postgresql_where=text("payload_sealed IS NOT NULL"),
)
Index("ix_inbox_received_at", inbox.c.received_at)
Index(
    "ix_inbox_lane",
    inbox.c.lane,
    inbox.c.occurred_at,
    sqlite_where=text("lane IS NOT NULL"),
    postgresql_where=text("lane IS NOT NULL"),
)
Index(
    "ix_inbox_message_key",
    inbox.c.message_key,
    sqlite_where=text("message_key IS NOT NULL"),
    postgresql_where=text("message_key IS NOT NULL"),
)

# Tombstones: a message was taken back, or edited, at this time; by keyed hash only.
message_marks = Table(
    "message_marks",
    metadata,
    Column("message_key", LargeBinary(32), primary_key=True),
    Column("unsent_at", UtcTime),
    Column("newest_version_at", UtcTime),
    Column("noted_at", UtcTime, nullable=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("saying", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("wording_version", Integer),
    Column("purpose", String(16), nullable=False),
    Column("way", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("body_sealed", LargeBinary),
    Column("body_key_id", Uuid),
    Column("token_sealed", LargeBinary),
    Column("token_received_at", UtcTime),
    Column("token_event_row_id", Uuid),
    Column("retry_key", Uuid, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("is_unclear", Boolean, nullable=False, server_default=false()),
    Column("is_token_dead", Boolean, nullable=False, server_default=false()),
    Column("without_mention", Boolean, nullable=False, server_default=false()),
    Column("claim", Uuid),
    Column("lease_until", UtcTime),
    Column("cost", Integer, nullable=False, server_default="0"),
    Column("cost_month", String(7)),
    Column("told_by", String(8)),
    Column("last_status", Integer),
    Column("reason", String(60)),
    Column("settled_at", UtcTime),
    Column("incident_id", Uuid, index=True),
    Column("group_id", Uuid),
)
Index(
    "ix_outbox_unsettled",
    outbox.c.state,
    outbox.c.due_at,
    sqlite_where=text("settled_at IS NULL"),
    postgresql_where=text("settled_at IS NULL"),
)
Index(
    "ix_outbox_rides",
    outbox.c.group_id,
    sqlite_where=text("settled_at IS NULL AND way = 'ride'"),
    postgresql_where=text("settled_at IS NULL AND way = 'ride'"),
)

push_budgets = Table(
    "push_budgets",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("used", Integer, nullable=False),
)

# Pictures, files, and the copies asked for: a queue of its own, so that no text waits behind them.
# `payload_sealed` is the event once more, under its own seal: the inbox wipes its own after three
# minutes. It goes when the row is settled, or where it led to an incident or a question, with
# LINE's hour, an unsend, or the answer.
looks = Table(
    "looks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("task", String(16), nullable=False),
    Column("kind", String(24), nullable=False),
    # The inbox row that asked: each asks once, and a redelivery refreshes its reply token there.
    Column("event_row_id", Uuid, nullable=False, unique=True),
    Column("message_key", LargeBinary(32)),
    Column("set_key", LargeBinary(32)),
    Column("person_id", Uuid),
    Column("incident_id", Uuid),
    Column("question_id", Uuid),
    Column("received_at", UtcTime, nullable=False),
    Column("payload_sealed", LargeBinary),
    Column("payload_key_id", Uuid),
    Column("payload_until", UtcTime),
    Column("state", String(8), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fetches", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcTime, nullable=False),
    Column("claim", Uuid),
    Column("lease_until", UtcTime),
    Column("outcome", String(24)),
    Column("reason", String(24)),
    Column("led_to", String(16)),
    Column("milliseconds", Integer),
    Column("settled_at", UtcTime),
    Column("park_reason", String(200)),
)
Index(
    "ix_looks_unsettled",
    looks.c.state,
    looks.c.due_at,
    sqlite_where=text("state <> 'settled'"),
    postgresql_where=text("state <> 'settled'"),
)
Index(
    "ix_looks_message_key",
    looks.c.message_key,
    sqlite_where=text("message_key IS NOT NULL"),
    postgresql_where=text("message_key IS NOT NULL"),
)
Index(
    "ix_looks_set_key",
    looks.c.set_key,
    sqlite_where=text("set_key IS NOT NULL"),
    postgresql_where=text("set_key IS NOT NULL"),
)
Index(
    "ix_looks_payload_until",
    looks.c.payload_until,
    sqlite_where=text("payload_until IS NOT NULL"),
    postgresql_where=text("payload_until IS NOT NULL"),
)
Index(
    "ix_looks_incident_id",
    looks.c.incident_id,
    sqlite_where=text("incident_id IS NOT NULL"),
    postgresql_where=text("incident_id IS NOT NULL"),
)
Index(
    "ix_looks_question_id",
    looks.c.question_id,
    sqlite_where=text("question_id IS NOT NULL"),
    postgresql_where=text("question_id IS NOT NULL"),
)
Index("ix_looks_settled_at", looks.c.settled_at)

# 'Is there a patient in this picture?', asked of its sender, and what was answered.
questions = Table(
    "questions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("group_id", ForeignKey("groups.id"), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("set_key", LargeBinary(32)),
    Column("about", String(16), nullable=False),
    Column("occurred_at", UtcTime, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("answer", String(16)),
    Column("answered_at", UtcTime),
)
Index("ix_questions_group_id_asked_at", questions.c.group_id, questions.c.asked_at)
Index("ix_questions_person_id_asked_at", questions.c.person_id, questions.c.asked_at)
Index(
    "ix_questions_open",
    questions.c.ends_at,
    sqlite_where=text("answer IS NULL"),
    postgresql_where=text("answer IS NULL"),
)

# Pictures with what identifies a patient covered: ten minutes or three fetches, whichever is
# sooner. Found by the keyed hash of an address that only the message to the sender holds.
safe_copies = Table(
    "safe_copies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("address_key", LargeBinary(32), nullable=False, unique=True),
    Column("picture_sealed", LargeBinary, nullable=False),
    Column("picture_key_id", Uuid, nullable=False),
    Column("fetches_left", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

groups = Table(
    "groups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("line_id", String(64), nullable=False, unique=True),
    Column("is_room", Boolean, nullable=False),
    Column("name_sealed", LargeBinary),
    Column("kind", String(24), nullable=False),
    Column("approval", String(16), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("approved_from", UtcTime),
    Column("review_at", UtcTime),
    Column("is_simulated", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("member_count", Integer),
    Column("changed_at", UtcTime),
    Column("left_at", UtcTime),
    Column("asks_acknowledgement", Boolean, nullable=False, server_default=false()),
    Column("roster_changes", Integer, nullable=False, server_default="0"),
    Column("roster_changed_at", UtcTime),
)

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("line_id", String(64), nullable=False, unique=True),
    Column("name_sealed", LargeBinary),
    Column("kind", String(24), nullable=False),
    Column("is_friend", Boolean, nullable=False),
    Column("follow_changed_at", UtcTime),
)

# Who is in a group as far as is known, by event time: an older event never undoes a newer one.
members = Table(
    "members",
    metadata,
    Column("group_id", ForeignKey("groups.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True, index=True),
    Column("known_by", String(16), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("is_present", Boolean, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)

# What `members` forgets: each change, when it happened and when we heard of it. From these a roster
# version gets its supplements, and a record those who joined while it stood.
membership_changes = Table(
    "membership_changes",
    metadata,
    Column("group_id", ForeignKey("groups.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("movement", String(8), primary_key=True),
    Column("known_by", String(16), nullable=False),
    Column("noted_at", UtcTime, nullable=False),
)
Index(
    "ix_membership_changes_group_id_noted_at",
    membership_changes.c.group_id,
    membership_changes.c.noted_at,
)
# What LINE counted, and when; a roster that was made before LINE told has its number from here.
member_counts = Table(
    "member_counts",
    metadata,
    Column("group_id", ForeignKey("groups.id"), primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("number", Integer, nullable=False),
)

# Immutable once made, and made when a record first needs one.
rosters = Table(
    "rosters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("group_id", ForeignKey("groups.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("roster_changes", Integer, nullable=False),
    Column("effective_at", UtcTime, nullable=False),
    Column("member_count", Integer),
    UniqueConstraint("group_id", "number"),
)
roster_members = Table(
    "roster_members",
    metadata,
    Column("roster_id", ForeignKey("rosters.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("known_by", String(16), nullable=False),
)

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("buddhist_year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("case_number", String(16), unique=True),
    Column("group_id", ForeignKey("groups.id"), nullable=False),
    Column("person_id", ForeignKey("people.id")),
    Column("roster_id", ForeignKey("rosters.id")),
    Column("opened_at", UtcTime, nullable=False, index=True),
    Column("last_message_at", UtcTime, nullable=False),
    Column("is_simulated", Boolean, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("claimed_at", UtcTime),
    Column("disputed_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("basis", String(16), nullable=False, server_default="unknown"),
    # Hidden from ordinary lists at the request of whom it is about, and kept for legal claims.
    Column("restricted_at", UtcTime),
    # The data key of this incident, wrapped by a month key: without it all below is noise.
    Column("data_key_wrapped", LargeBinary),
    Column("month_key_id", Uuid),
)
Index(
    "ix_incidents_open",
    incidents.c.group_id,
    incidents.c.person_id,
    incidents.c.last_message_at,
    sqlite_where=text("closed_at IS NULL"),
    postgresql_where=text("closed_at IS NULL"),
)

Index("ix_incidents_group_id_opened_at", incidents.c.group_id, incidents.c.opened_at)
Index("ix_incidents_person_id_opened_at", incidents.c.person_id, incidents.c.opened_at)

# What people make of an incident; no row means that nobody has looked at it yet. What they write
# is sealed with the data key of the incident.
cases = Table(
    "cases",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("state", String(16), nullable=False, index=True),
    Column("severity", Integer),
    Column("assignee", String(200), nullable=False),
    Column("due_at", UtcTime),
    Column("cause_sealed", LargeBinary),
    Column("action_sealed", LargeBinary),
    Column("changed_at", UtcTime, nullable=False),
)

# An hour of silence for one sender in one group; the record goes on.
emergency_passes = Table(
    "emergency_passes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False, index=True),
    Column("group_id", ForeignKey("groups.id"), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("from_at", UtcTime, nullable=False),
    Column("until_at", UtcTime, nullable=False),
)
Index(
    "ix_emergency_passes_person",
    emergency_passes.c.group_id,
    emergency_passes.c.person_id,
    emergency_passes.c.until_at,
)

incident_messages = Table(
    "incident_messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False, index=True),
    # Not unique: a message edited clean and then edited back belongs to two incidents.
    Column("message_key", LargeBinary(32), index=True),
    Column("occurred_at", UtcTime, nullable=False),
    Column("text_at", UtcTime, nullable=False),
    Column("labels", String(200), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("ended_at", UtcTime),
    Column("excerpt_sealed", LargeBinary),
    Column("rewrite_sealed", LargeBinary),
    Column("rewrite_until", UtcTime),
    # When its end was put on the erasure list (see erasures.py).
    Column("end_listed_at", UtcTime),
)
Index(
    "ix_incident_messages_end_unlisted",
    incident_messages.c.ended_at,
    sqlite_where=text("ended_at IS NOT NULL AND end_listed_at IS NULL"),
    postgresql_where=text("ended_at IS NOT NULL AND end_listed_at IS NULL"),
)
Index(
    "ix_incident_messages_rewrite_until",
    incident_messages.c.rewrite_until,
    sqlite_where=text("rewrite_sealed IS NOT NULL"),
    postgresql_where=text("rewrite_sealed IS NOT NULL"),
)

# Incidents that retention and requests of patients leave alone.
legal_holds = Table(
    "legal_holds",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("reason", String(500), nullable=False),
    Column("held_by", String(200), nullable=False),
    Column("held_at", UtcTime, nullable=False),
)

# The original text of a flagged message, where the hospital turns that on: under a data key of its
# own, which a month key wraps. It dies with the unsend.
evidence = Table(
    "evidence",
    metadata,
    Column("incident_message_id", ForeignKey("incident_messages.id"), primary_key=True),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("data_key_wrapped", LargeBinary, nullable=False),
    Column("month_key_id", Uuid, nullable=False),
    Column("sealed_at", UtcTime, nullable=False),
)
# Two people open it, each with a role and a system account.
evidence_requests = Table(
    "evidence_requests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", String(16), nullable=False, unique=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False, index=True),
    Column("reason", String(500), nullable=False),
    Column("requested_by", String(200), nullable=False),
    Column("requested_role", String(16), nullable=False),
    Column("requested_account", String(64), nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("approved_by", String(200)),
    Column("approved_role", String(16)),
    Column("approved_account", String(64)),
    Column("approved_at", UtcTime),
    Column("opened_at", UtcTime),
)

disclosures = Table(
    "disclosures",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_key", LargeBinary(32), unique=True),
    Column("group_id", ForeignKey("groups.id")),
    Column("person_id", ForeignKey("people.id")),
    Column("roster_id", ForeignKey("rosters.id")),
    Column("occurred_at", UtcTime, nullable=False, index=True),
    Column("text_at", UtcTime, nullable=False),
    Column("labels", String(200), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("basis", String(16), nullable=False),
    Column("consent_id", Uuid),
    Column("policy_version", Integer, nullable=False),
    Column("taken_back_at", UtcTime),
    Column("restricted_at", UtcTime),
    Column("acknowledgement_id", Uuid, index=True),
)
Index("ix_disclosures_group_id_occurred_at", disclosures.c.group_id, disclosures.c.occurred_at)
Index("ix_disclosures_person_id_occurred_at", disclosures.c.person_id, disclosures.c.occurred_at)

# 'Please tap that you have seen it': once for a burst of disclosures, where the group asks for it.
acknowledgement_requests = Table(
    "acknowledgement_requests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("group_id", ForeignKey("groups.id"), nullable=False),
    Column("person_id", ForeignKey("people.id")),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
)
Index(
    "ix_acknowledgement_requests_burst",
    acknowledgement_requests.c.group_id,
    acknowledgement_requests.c.person_id,
    acknowledgement_requests.c.last_at,
)
acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("request_id", ForeignKey("acknowledgement_requests.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("at", UtcTime, nullable=False),
)

# Patient numbers as keyed hashes; a row can be erased without touching anything else.
identifier_tokens = Table(
    "identifier_tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, index=True),
    Column("pepper_version", Integer, nullable=False),
    Column("label", String(16), nullable=False),
    Column("incident_message_id", ForeignKey("incident_messages.id"), index=True),
    Column("disclosure_id", ForeignKey("disclosures.id"), index=True),
)

# The same content posted twice has the same keyed hash; erasable row by row, as the tokens are.
content_fingerprints = Table(
    "content_fingerprints",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, index=True),
    Column("key_version", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("incident_message_id", ForeignKey("incident_messages.id"), index=True),
    Column("disclosure_id", ForeignKey("disclosures.id"), index=True),
)

errands = Table(
    "errands",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("chat_id", String(64), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("due_at", UtcTime, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("kind", "chat_id", "user_id"),
)

# One publishing mechanism for settings, the decision table, texts and rule cards.
published = Table(
    "published",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("proposed_by", String(200), nullable=False),
    Column("approved_by", String(200)),
    Column("approved_at", UtcTime),
    Column("valid_from", UtcTime),
    Column("valid_until", UtcTime),
    Column("urgent_reason", Text),
    UniqueConstraint("kind", "version"),
)

# Insert only: the database refuses UPDATE and DELETE (see the migration).
ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("subject", Uuid, index=True),
    Column("commitment", LargeBinary(32), nullable=False),
)
# What an entry's commitment opens to; deleting this row is how the ledger forgets.
ledger_openings = Table(
    "ledger_openings",
    metadata,
    Column("entry_id", ForeignKey("ledger_entries.id"), primary_key=True),
    Column("salt", LargeBinary(32), nullable=False),
    Column("facts_sealed", LargeBinary, nullable=False),
    Column("month_key_id", Uuid, nullable=False),
)

# A counter that SQLite keeps as its own row number, so that it needs no second index.
_Position = BigInteger().with_variant(Integer, "sqlite")

# Entries that have no place yet: the database itself puts them here (see migration 0003), and the
# sealer takes them out, so that one that commits late is found as surely as any other.
ledger_unsealed = Table("ledger_unsealed", metadata, Column("entry_id", Uuid, primary_key=True))
# Insert only, as the entries are: the place of each in the tree.
ledger_leaves = Table(
    "ledger_leaves",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("leaf", LargeBinary(32), nullable=False),
)
# Insert only: signed states of the ledger. Each column is part of what is signed.
ledger_checkpoints = Table(
    "ledger_checkpoints",
    metadata,
    Column("size", _Position, primary_key=True, autoincrement=False),
    Column("previous_size", _Position, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("hospital", String(200), nullable=False),
    Column("key_number", Integer, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)
# Insert only: the public halves of the keys that sign checkpoints, each signed by the one before.
ledger_keys = Table(
    "ledger_keys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("public", LargeBinary(32), nullable=False),
    Column("introduced_at", UtcTime, nullable=False),
    Column("by_itself", LargeBinary(64), nullable=False),
    Column("by_previous", LargeBinary(64)),
)
# Insert only: which checkpoints were given to somebody else to keep.
ledger_kept = Table(
    "ledger_kept",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("size", _Position, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("way", String(8), nullable=False),
)
# What the sealer goes on from. It can be worked out again from the leaves, and proves nothing.
ledger_frontier = Table(
    "ledger_frontier",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", _Position, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
)

# Incidents that must be reported. They stand by themselves: an incident may be purged before its
# breach is, and what was written about either stands in the ledger.
breaches = Table(
    "breaches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident_id", Uuid, nullable=False, unique=True),
    Column("case_number", String(16), nullable=False, unique=True),
    Column("known_at", UtcTime, nullable=False),
    Column("declared_at", UtcTime, nullable=False),
    Column("declared_by", String(200), nullable=False),
    Column("office_told_at", UtcTime),
    Column("subjects_told_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("closed_as", String(16)),
    Column("alarmed", String(16)),
    Column("alarm_lease_until", UtcTime),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", UtcTime, nullable=False),
)
