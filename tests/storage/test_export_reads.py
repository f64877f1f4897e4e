"""Records on their way out: all of a period, each once, page by page, with what is known."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from bot.domain.exports import ExportedRecord, Period, Realm, RecordKind
from bot.domain.findings import Label
from bot.domain.groups import Group, KnownBy
from bot.domain.ids import new_id, new_public_token
from bot.domain.incidents import Disclosure, Incident, MessageRecord, PatientNumber
from bot.ledger.entry import EntryKind
from bot.storage import export_reads
from bot.storage.export_reads import ExportReads
from tests.storage.stage import START, Stage

ALL = tuple(RecordKind)
_numbers = count(1)
DAY = Period(START, START + timedelta(days=1))


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_reads, "PAGE", 3)


def reads(stage: Stage, *, is_sandbox: bool = False) -> ExportReads:
    parts = stage.parts
    return ExportReads(parts.database, parts.keys, is_sandbox=is_sandbox)


def group_of_two(stage: Stage) -> tuple[Group, UUID]:
    """Two of whom we know, of five whom LINE counted."""
    with stage.parts.store.unit_of_work() as uow:
        group = uow.registry.add_group(Group(new_id(), "C1", name="ชมรมวิ่ง"))
        uow.registry.count_members("C1", 5, stage.clock.now())
        for line_id, name in (("U1", "พยาบาลนก"), ("U2", "หมอเอ")):
            person = uow.registry.ensure_person(line_id)
            uow.registry.name_person(line_id, name)
            uow.registry.note_presence(group, person, known_by=KnownBy.SPOKE, at=START)
        return group, uow.registry.ensure_person("U1").id


def message(*labels: Label) -> MessageRecord:
    tokens = (PatientNumber(Label.HN, "650012345"),)
    return MessageRecord(
        f"m{next(_numbers)}",
        START,
        START,
        labels or (Label.HN,),
        ("label",),
        "HN ●",
        "HN ●",
        tokens,
    )


def add_incident(stage: Stage, group: Group, sender: UUID, second: int, **more: object) -> UUID:
    at = START + timedelta(seconds=second)
    with stage.parts.store.unit_of_work() as uow:
        roster = uow.registry.roster_at(group.id, at)
        values = {"is_simulated": False, "closed_at": None, **more}
        incident = Incident(
            new_id(), new_public_token(), group.id, sender, at, at,
            policy_version=1, roster_id=roster, **values,  # type: ignore[arg-type]
        )  # fmt: skip
        uow.incidents.add(incident)
        uow.incidents.add_message(incident, message())
        uow.incidents.add_message(incident, message(Label.PHONE))
        uow.ledger.append(
            EntryKind.INCIDENT_OPENED, by="test", at=at, subject=incident.id, facts={}
        )
    return incident.id


def add_disclosure(
    stage: Stage, group: Group, sender: UUID, second: int, *, with_roster: bool = False
) -> UUID:
    at = START + timedelta(seconds=second)
    with stage.parts.store.unit_of_work() as uow:
        roster = uow.registry.roster_at(group.id, at) if with_roster else None
        one = Disclosure(new_id(), group.id, sender, roster, at, 1)
        uow.incidents.add_disclosure(one, message())
    return one.id


def records(stage: Stage, *, with_names: bool = False) -> list[ExportedRecord]:
    return list(reads(stage).records(DAY, ALL, with_names=with_names))


def test_all_of_a_period_come_once_in_the_order_of_their_times(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    wanted = []
    for second in (4, 4, 4, 4, 1, 7, 7):
        wanted.append((second, add_incident(stage, group, sender, second)))
        wanted.append((second, add_disclosure(stage, group, sender, second)))
    found = [(int((one.occurred_at - START).total_seconds()), one.id) for one in records(stage)]
    assert found == sorted(wanted)
    assert reads(stage).count(DAY, ALL) == len(wanted)


def test_a_period_has_its_beginning_and_not_its_end(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    for second in (9, 10, 19, 20):
        add_incident(stage, group, sender, second)
    period = Period(START + timedelta(seconds=10), START + timedelta(seconds=20))
    found = list(reads(stage).records(period, ALL, with_names=False))
    assert [one.occurred_at - START for one in found] == [timedelta(seconds=s) for s in (10, 19)]
    assert reads(stage).count(period, ALL) == 2


def test_a_record_has_its_messages_its_recipients_and_no_number(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    add_incident(stage, group, sender, 1)
    (one,) = records(stage)
    assert (one.messages, one.standing, one.labels) == (2, 2, ("HN", "PHONE"))
    assert one.recipients is not None
    assert (len(one.recipients.people), one.recipients.unknown) == (2, 3)
    assert [token.label for token in one.tokens] == ["HN"], "one patient, twice"
    assert one.recorded_at == START + timedelta(seconds=1)
    assert "650012345" not in repr(one)


def test_who_could_see_it_agrees_with_following_the_group_whatever_is_learnt_later(
    stage: Stage,
) -> None:
    group, sender = group_of_two(stage)
    add_incident(stage, group, sender, 1)
    add_disclosure(stage, group, sender, 2, with_roster=True)
    stage.clock.advance(minutes=5)
    with stage.parts.store.unit_of_work() as uow:
        for line_id in ("U3", "U4"):
            late = uow.registry.ensure_person(line_id)
            now = stage.clock.now()
            uow.registry.note_presence(group, late, known_by=KnownBy.SPOKE, at=now)

    followed = stage.parts.traces.of_group(group.id, DAY, 9).traces
    of_followed = {one.id: one.audience for one in followed}
    for one in records(stage):
        audience = of_followed[one.id]
        assert audience is not None
        assert one.recipients is not None
        assert (len(one.recipients.people), one.recipients.unknown) == (4, 1)
        assert len(one.recipients.without(one.sender)) == audience.named
        assert one.recipients.unknown == audience.unknown


def test_the_same_patient_has_the_same_token_everywhere(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    add_incident(stage, group, sender, 1)
    add_disclosure(stage, group, sender, 2)
    first, second = records(stage)
    assert first.tokens == second.tokens


def test_names_are_opened_only_when_asked_for(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    add_incident(stage, group, sender, 1)
    (without,), (with_names,) = (records(stage, with_names=asked) for asked in (False, True))
    assert without.sender is not None
    assert without.sender.name == ""
    assert with_names.sender is not None
    assert with_names.sender.name == "พยาบาลนก"
    assert with_names.group is not None
    assert with_names.group.name == "ชมรมวิ่ง"
    assert with_names.recipients is not None
    assert {one.name for one in with_names.recipients.people} == {"พยาบาลนก", "หมอเอ"}


def test_what_was_simulated_or_played_is_marked(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    add_incident(stage, group, sender, 1, is_simulated=True)
    add_incident(stage, group, sender, 2)
    assert [one.realm for one in records(stage)] == [Realm.SIMULATED, Realm.LIVE]
    played = reads(stage, is_sandbox=True).records(DAY, ALL, with_names=False)
    assert {one.realm for one in played} == {Realm.SANDBOX}
