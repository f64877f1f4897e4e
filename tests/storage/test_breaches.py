"""A breach from its declaration to its end, its mails, and the figures of its dossier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import delete, text, update

from bot.domain.breaches import AlarmStep, Breach, ClosedAs, Notified
from bot.domain.dossier import Agreement
from bot.domain.incidents import Incident
from bot.domain.times import to_milliseconds
from bot.errors import NotSentError, UsageError
from bot.interchange.dossier_form import Dossier
from bot.ledger.entry import EntryKind
from bot.storage.breaches import ALARM_LEASE
from bot.storage.tables import (
    breaches,
    incident_messages,
    incidents,
    ledger_entries,
    ledger_openings,
)
from bot.worker.breach_alarm import BreachAlarm
from bot.worker.breach_papers import gather
from handlers import breach_changes
from handlers.breach_changes import Act
from tests.storage.stage import START, Stage
from tests.storage.test_export_reads import add_incident, group_of_two

WHY = {"reason": "named in the news"}


@dataclass
class Postbox:
    """A mail server that takes what it is given, unless it is told to refuse."""

    taken: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False

    def send(self, message: EmailMessage) -> None:
        if self.refuses:
            raise NotSentError("the mail server did not take it (ConnectionRefusedError)")
        self.taken.append(message)

    def steps(self) -> list[str]:
        return [message["Message-ID"].split("-")[-1].split("@")[0] for message in self.taken]


def alarm(stage: Stage, postbox: Postbox | None) -> BreachAlarm:
    parts = stage.parts
    return BreachAlarm(
        parts.store, parts.breach_reads, postbox, sender="bot@h.example", officer="dpo@h.example"
    )


def act(stage: Stage) -> Act:
    return Act("operator:มาลี", stage.clock.now(), WHY)


def incident_of(stage: Stage) -> Incident:
    """Two messages, entered as the handlers enter them."""
    group, sender = group_of_two(stage)
    incident_id = add_incident(stage, group, sender, 1)
    rows = stage.rows(incident_messages)
    incident = stage.row(incidents)
    with stage.parts.store.unit_of_work() as uow:
        for row in rows:
            facts = {
                "message": str(row.id),
                "labels": row.labels.split(","),
                "occurred": to_milliseconds(row.occurred_at),
                "text": to_milliseconds(row.text_at),
            }
            uow.ledger.append(
                EntryKind.INCIDENT_MESSAGE, by="system", at=START, subject=incident_id, facts=facts
            )
        found = uow.incidents.by_case(incident.case_number)
    assert found is not None
    return found


def declared(stage: Stage, hours_ago: float = 0) -> Breach:
    incident = incident_of(stage)
    stage.clock.advance(days=30)
    known = stage.clock.now() - timedelta(hours=hours_ago)
    with stage.parts.store.unit_of_work() as uow:
        return breach_changes.declare(uow, incident, known, act(stage))


def kinds(stage: Stage) -> list[str]:
    rows = sorted(stage.rows(ledger_entries), key=lambda row: row.id)
    return [row.kind for row in rows if row.kind.startswith("breach.")]


# Changes


def test_a_breach_goes_from_declared_to_closed_with_an_entry_for_each_step(stage: Stage) -> None:
    breach = declared(stage)
    stage.clock.advance(hours=5)
    with stage.parts.store.unit_of_work() as uow:
        breach_changes.note(uow, breach, "the ward was asked", act(stage))
        told = breach_changes.notify(uow, breach, Notified.OFFICE, stage.clock.now(), act(stage))
        breach_changes.close(uow, told, ClosedAs.REPORTED, act(stage))
    found = stage.parts.breach_reads.by_case(breach.case_number)
    assert found is not None
    assert (found.closed_as, found.was_late) == (ClosedAs.REPORTED, False)
    assert stage.parts.breach_reads.running() == []
    # Those of one millisecond stand in no order.
    wanted = ["closed", "declared", "noted", "notified"]
    assert sorted(kinds(stage)) == [f"breach.{kind}" for kind in wanted]


def test_an_incident_is_declared_once(stage: Stage) -> None:
    breach = declared(stage)
    with stage.parts.store.unit_of_work() as uow:
        incident = uow.incidents.by_case(breach.case_number)
        assert incident is not None
        with pytest.raises(UsageError, match="declared a breach before"):
            breach_changes.declare(uow, incident, stage.clock.now(), act(stage))


def test_a_breach_is_known_neither_in_the_future_nor_before_it_happened(stage: Stage) -> None:
    incident = incident_of(stage)
    with stage.parts.store.unit_of_work() as uow:
        for known in (stage.clock.now() + timedelta(seconds=1), START - timedelta(days=1)):
            with pytest.raises(UsageError, match="--known-at"):
                breach_changes.declare(uow, incident, known, act(stage))
    assert stage.rows(breaches) == []


def test_reported_is_no_end_before_the_office_was_told(stage: Stage) -> None:
    breach = declared(stage)
    with (
        pytest.raises(UsageError, match="not reported yet"),
        stage.parts.store.unit_of_work() as uow,
    ):
        breach_changes.close(uow, breach, ClosedAs.REPORTED, act(stage))
    with stage.parts.store.unit_of_work() as uow:
        breach_changes.close(uow, breach, ClosedAs.NO_RISK, act(stage))
    assert stage.parts.breach_reads.running() == []


def test_notice_has_a_time_that_can_be(stage: Stage) -> None:
    breach = declared(stage)
    for at in (breach.known_at - timedelta(seconds=1), stage.clock.now() + timedelta(seconds=1)):
        with pytest.raises(UsageError, match="--at"), stage.parts.store.unit_of_work() as uow:
            breach_changes.notify(uow, breach, Notified.OFFICE, at, act(stage))


# Mails


def test_the_officer_is_told_at_once_and_as_the_time_runs_out_once_each(stage: Stage) -> None:
    declared(stage)
    postbox = Postbox()
    telling = alarm(stage, postbox)
    for _ in range(80):
        telling.run()
        telling.run()
        stage.clock.advance(hours=1)
    assert postbox.steps() == [step.value for step in AlarmStep]
    assert kinds(stage).count(EntryKind.BREACH_ALARM_SENT) == len(AlarmStep)
    assert "เหลือเวลาแจ้ง สคส. 72 ชม. 0 นาที" in postbox.taken[0]["Subject"]
    assert "เลยกำหนด" in postbox.taken[-1]["Subject"]


def test_a_mail_names_no_person_and_no_group(stage: Stage) -> None:
    declared(stage)
    postbox = Postbox()
    alarm(stage, postbox).run()
    content = postbox.taken[0].as_string() + postbox.taken[0].get_content()
    assert "2569-000001" in content
    assert not any(name in content for name in ("พยาบาลนก", "ชมรมวิ่ง", "มาลี", "650012345"))


def test_a_mail_server_that_is_away_is_tried_again(stage: Stage) -> None:
    declared(stage)
    postbox = Postbox(refuses=True)
    telling = alarm(stage, postbox)
    telling.run()
    postbox.refuses = False
    telling.run()
    assert postbox.steps() == [], "not before the lease is over"
    stage.clock.advance(seconds=ALARM_LEASE.total_seconds())
    telling.run()
    assert postbox.steps() == ["declared"]


def test_two_processes_send_one_mail(stage: Stage) -> None:
    breach = declared(stage)
    other = stage.another()
    now = stage.clock.now()
    claims = [parts.breach_reads.claim_alarm(breach, now) for parts in (stage.parts, other)]
    assert claims == [True, False]


def test_a_process_that_died_with_the_mail_leaves_it_to_the_next(stage: Stage) -> None:
    """After the mail, before it was settled: sent once more, and known by its Message-ID."""
    breach = declared(stage)
    assert stage.parts.breach_reads.claim_alarm(breach, stage.clock.now())
    stage.clock.advance(seconds=ALARM_LEASE.total_seconds())
    postbox = Postbox()
    alarm(stage, postbox).run()
    assert postbox.steps() == ["declared"]
    assert str(breach.id) in postbox.taken[0]["Message-ID"]


def test_a_lease_of_a_clock_that_was_set_back_does_not_hold_for_ever(stage: Stage) -> None:
    breach = declared(stage)
    assert stage.parts.breach_reads.claim_alarm(breach, stage.clock.now() + timedelta(days=300))
    assert stage.parts.breach_reads.claim_alarm(breach, stage.clock.now())


def test_without_a_mail_server_nothing_is_sent_and_nothing_is_taken_as_told(stage: Stage) -> None:
    declared(stage)
    alarm(stage, None).run()
    assert stage.row(breaches).alarmed is None


# The dossier


def dossier(stage: Stage) -> Dossier:
    return gather(stage.parts, "2569-000001", with_names=False)


def bad(stage: Stage) -> dict[str, Agreement]:
    lines = dossier(stage).lines
    return {one.english: one.agreement for one in lines if one.agreement is not Agreement.AGREES}


def test_every_figure_agrees_with_the_ledger_where_nobody_touched_it(stage: Stage) -> None:
    declared(stage)
    made = dossier(stage)
    assert bad(stage) == {"group · sender · roster": Agreement.DIFFERS}, (
        "the stage's own 'opened' entry says nothing of them"
    )
    messages = next(line for line in made.lines if line.english == "messages")
    assert (messages.recorded, messages.entered) == ("2", "2")
    assert (messages.verified, messages.entries) == (2, 2)
    assert made.ledger.is_signed


def test_a_message_that_vanished_from_the_records_is_seen(stage: Stage) -> None:
    declared(stage)
    first = stage.rows(incident_messages)[0].id
    with stage.parts.database.write() as connection:
        connection.execute(text("DELETE FROM identifier_tokens"))
        connection.execute(delete(incident_messages).where(incident_messages.c.id == first))
    assert bad(stage)["messages"] is Agreement.DIFFERS


def test_another_time_of_knowing_is_seen(stage: Stage) -> None:
    declared(stage, hours_ago=10)
    with stage.parts.database.write() as connection:
        connection.execute(update(breaches).values(known_at=stage.clock.now()))
    assert bad(stage)["known since"] is Agreement.DIFFERS


def test_facts_that_were_exchanged_do_not_verify(stage: Stage) -> None:
    declared(stage)
    with stage.parts.database.write() as connection:
        connection.execute(update(ledger_openings).values(salt=bytes(32)))
    found = bad(stage)
    assert found["messages"] is Agreement.UNVERIFIED
    assert found["known since"] is Agreement.UNVERIFIED


def test_facts_that_were_erased_are_said_to_be_unverified(stage: Stage) -> None:
    declared(stage)
    with stage.parts.database.write() as connection:
        connection.execute(delete(ledger_openings))
    made = dossier(stage)
    assert all(line.verified == 0 for line in made.lines)
    assert {entry.opens for entry in made.ledger.entries} == {None}


def test_of_a_purged_incident_only_the_ledger_speaks(stage: Stage) -> None:
    declared(stage)
    with stage.parts.database.write() as connection:
        for table in ("legal_holds", "identifier_tokens", "incident_messages", "incidents"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names from above
    made = dossier(stage)
    assert made.case is None
    assert made.risk is None
    assert {line.agreement for line in made.lines} == {Agreement.AGREES}


def test_an_entry_that_is_gone_from_the_ledger_is_said(on_sqlite: Stage) -> None:
    """By somebody who could drop the triggers that keep entries."""
    declared(on_sqlite)
    assert dossier(on_sqlite).ledger.missing == 0
    with on_sqlite.parts.database.write() as connection:
        connection.execute(text("DROP TRIGGER ledger_entries_no_delete"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(delete(ledger_openings))
        connection.execute(
            delete(ledger_entries).where(ledger_entries.c.kind == EntryKind.INCIDENT_MESSAGE.value)
        )
    made = dossier(on_sqlite)
    assert made.ledger.missing == 2
    assert not made.all_agree
