"""New versions of keys while everything runs, and what is left when a key is gone."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete

from bot.bootstrap import build
from bot.domain.findings import Label
from bot.domain.groups import Group
from bot.domain.ids import new_id, new_public_token
from bot.domain.incidents import Incident, MessageRecord, PatientNumber
from bot.errors import SealBrokenError, SettingsError
from bot.settings import load_settings
from bot.storage.keyring import ANNOUNCED, Key, KeyKind
from bot.storage.renewing import renew_names
from bot.storage.tables import groups, identifier_tokens, incidents, keys, ledger_openings
from tests.storage.stage import MASTER_KEY, Stage, settings_of

NEW_MASTER = bytes(range(1, 33))
FOREIGN = bytes(32)


def rotate(stage: Stage, kind: KeyKind) -> Key:
    with stage.parts.store.unit_of_work() as uow:
        return stage.parts.keys.rotate(uow.connection, kind)


def after_announcing(stage: Stage) -> None:
    stage.clock.advance(seconds=ANNOUNCED.total_seconds() + 1)
    stage.parts.keys.make_ready()


def group_named(stage: Stage, name: str) -> Group:
    group = Group(id=new_id(), line_id="C1", name=name)
    with stage.parts.store.unit_of_work() as uow:
        uow.registry.add_group(group)
        uow.registry.name_group("C1", name)
    return group


def name_of(stage: Stage) -> str:
    with stage.parts.store.unit_of_work() as uow:
        (group,) = uow.registry.groups()
        return group.name


def flagged(stage: Stage, text_id: str = "m1") -> Incident:
    group = Group(id=new_id(), line_id="C1")
    now = stage.clock.now()
    with stage.parts.store.unit_of_work() as uow:
        group = uow.registry.add_group(group)
        incident = Incident(
            id=new_id(),
            token=new_public_token(),
            group_id=group.id,
            person_id=None,
            opened_at=now,
            last_message_at=now,
            is_simulated=False,
            policy_version=1,
            roster_id=None,
        )
        uow.incidents.add(incident)
        uow.incidents.add_message(incident, record(text_id, now))
    return incident


def record(message_id: str, at: datetime) -> MessageRecord:
    return MessageRecord(
        message_id=message_id,
        occurred_at=at,
        text_at=at,
        labels=(Label.HN,),
        reasons=("HN label + 9 digits",),
        excerpt="HN ██████789",
        rewrite="HN (ดูในระบบ)",
        tokens=(PatientNumber(Label.HN, "650012789"),),
    )


# --- a new version ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KeyKind))
def test_a_new_version_is_used_only_when_all_have_had_time_to_see_it(
    stage: Stage, kind: KeyKind
) -> None:
    stage.parts.keys.make_ready()
    other = stage.another().keys
    other.make_ready()
    before = {row.id for row in stage.rows(keys)}
    fresh = rotate(stage, kind)
    stage.clock.advance(seconds=ANNOUNCED.total_seconds() - 1)
    for ring in (stage.parts.keys, other):
        ring.make_ready()
        assert {key.id for key in in_use(ring)} == before
    after_announcing(stage)
    other.make_ready()
    assert fresh.id in {key.id for key in in_use(stage.parts.keys)}
    assert in_use(other) == in_use(stage.parts.keys)


def in_use(ring: object) -> list[Key]:
    return [getattr(ring, kind.value)() for kind in KeyKind]


def test_versions_are_counted_up_within_their_month(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    assert [rotate(stage, KeyKind.MONTH).period for _ in range(2)] == ["2026-07.2", "2026-07.3"]
    assert rotate(stage, KeyKind.PEPPER).period == "2"
    stage.clock.at = datetime(2026, 8, 15, tzinfo=UTC)
    assert stage.parts.keys.month().period == "2026-08"


def test_what_the_old_version_sealed_still_opens(stage: Stage) -> None:
    stage.store(stage.text())
    for kind in KeyKind:
        rotate(stage, kind)
    after_announcing(stage)
    (claimed,) = stage.claim()
    event = stage.parts.queue.event_of(claimed)
    assert event is not None
    assert event.content.text == "สวัสดีค่ะ"


def test_a_message_is_found_whichever_lookup_key_it_was_stored_with(stage: Stage) -> None:
    flagged(stage, "m1")
    with stage.parts.store.unit_of_work() as uow:
        uow.marks.mark_unsent("m2", stage.clock.now())
    rotate(stage, KeyKind.LOOKUP)
    after_announcing(stage)
    with stage.parts.store.unit_of_work() as uow:
        assert uow.incidents.message("m1") is not None
        assert uow.marks.is_unsent("m2")
        assert not uow.marks.is_unsent("m1")


def test_a_thread_goes_on_over_a_change_of_the_lookup_key(stage: Stage) -> None:
    first = stage.text("คนไข้ชื่อ")
    stage.store(first)
    rotate(stage, KeyKind.LOOKUP)
    after_announcing(stage)
    second = stage.text("สมชาย")
    stage.store(second)
    with stage.parts.store.unit_of_work() as uow:
        rows = uow.inbox.of_sender(second.event, first.event.occurred_at, second.event.occurred_at)
    assert [row.event.content.text for row in rows] == ["คนไข้ชื่อ", "สมชาย"]


def test_tokens_say_which_pepper_made_them(stage: Stage) -> None:
    flagged(stage, "m1")
    rotate(stage, KeyKind.PEPPER)
    after_announcing(stage)
    flagged(stage, "m2")
    rows = stage.rows(identifier_tokens)
    assert {row.pepper_version for row in rows} == {1, 2}
    assert len({row.digest for row in rows}) == 2


def test_names_are_sealed_again_and_then_the_old_key_goes(stage: Stage) -> None:
    group_named(stage, "ทีมดูแลหอผู้ป่วย 5")
    old = stage.row(groups).name_sealed
    rotate(stage, KeyKind.REGISTRY)
    after_announcing(stage)
    assert name_of(stage) == "ทีมดูแลหอผู้ป่วย 5"
    assert renew_names(stage.parts.database, stage.parts.keys) == 1
    assert stage.row(groups).name_sealed != old
    assert renew_names(stage.parts.database, stage.parts.keys) == 0
    assert [row.period for row in stage.rows(keys) if row.kind == "registry"] == ["2"]
    assert name_of(stage) == "ทีมดูแลหอผู้ป่วย 5"


# --- MASTER_KEY ---------------------------------------------------------------------------------


def with_both(stage: Stage) -> None:
    settings = settings_of(stage.settings.database_url, NEW_MASTER)
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    both = type(settings)(**{**values, "master_key_previous": MASTER_KEY})
    stage.others.append(build(both, stage.clock))
    stage.others[-1].keys.make_ready()
    with stage.others[-1].store.unit_of_work() as uow:
        stage.others[-1].keys.rewrap(uow.connection)


def test_another_master_key_opens_everything_once_keys_are_wrapped_anew(stage: Stage) -> None:
    group_named(stage, "ศัลยกรรม")
    with_both(stage)
    new = stage.another(NEW_MASTER)
    new.keys.check()
    with new.store.unit_of_work() as uow:
        assert [group.name for group in uow.registry.groups()] == ["ศัลยกรรม"]
    with pytest.raises(SettingsError, match="MASTER_KEY"):
        stage.another(MASTER_KEY).keys.check()


def test_wrapping_anew_changes_nothing_the_second_time(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    with_both(stage)
    wrapped = {row.wrapped for row in stage.rows(keys)}
    with_both(stage)
    assert {row.wrapped for row in stage.rows(keys)} == wrapped


def test_a_process_that_still_has_the_old_master_key_works_on(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    with_both(stage)
    stage.clock.advance(seconds=30)
    stage.store(stage.text())
    assert len(stage.claim()) == 1


def test_a_new_day_that_the_old_master_key_cannot_open_is_an_error_and_no_loop(
    stage: Stage,
) -> None:
    stage.parts.keys.make_ready()
    with_both(stage)
    stage.clock.advance(days=1)
    stage.others[-1].keys.make_ready()
    with pytest.raises(SealBrokenError):
        stage.parts.keys.make_ready()


def test_settings_take_the_previous_master_key_and_refuse_a_broken_one() -> None:
    good = base64.b64encode(MASTER_KEY).decode()
    base = {
        "LINE_CHANNEL_SECRET": "s",
        "LINE_CHANNEL_ACCESS_TOKEN": "sandbox-t",
        "MASTER_KEY": base64.b64encode(NEW_MASTER).decode(),
    }
    assert load_settings(base).master_keys == (NEW_MASTER,)
    assert load_settings({**base, "MASTER_KEY_PREVIOUS": good}).master_keys == (
        NEW_MASTER,
        MASTER_KEY,
    )
    with pytest.raises(SettingsError, match="MASTER_KEY_PREVIOUS: must be 32"):
        load_settings({**base, "MASTER_KEY_PREVIOUS": "c2hvcnQ="})


# --- a key that is gone -------------------------------------------------------------------------


def destroy_month(stage: Stage) -> None:
    month = stage.parts.keys.month()
    rotate(stage, KeyKind.MONTH)
    after_announcing(stage)
    with stage.parts.store.unit_of_work() as uow:
        stage.parts.keys.destroy(uow.connection, month.id)


def test_a_destroyed_month_leaves_nothing_readable_and_everything_running(stage: Stage) -> None:
    incident = flagged(stage, "m1")
    destroy_month(stage)
    with stage.parts.store.unit_of_work() as uow:
        assert uow.incidents.rewrites(incident.id, stage.clock.now()) == []
    with stage.parts.store.unit_of_work() as uow:
        uow.incidents.add_message(incident, record("m2", stage.clock.now()))
    with stage.parts.store.unit_of_work() as uow:
        assert len(uow.incidents.rewrites(incident.id, stage.clock.now())) == 1


def test_other_processes_let_go_of_a_destroyed_key(stage: Stage) -> None:
    flagged(stage, "m1")
    other = stage.another()
    other.keys.make_ready()
    month = other.keys.month()
    destroy_month(stage)
    other.keys.make_ready()
    with other.database.read() as connection, pytest.raises(SealBrokenError):
        other.keys.by_id(connection, month.id)
    assert stage.row(incidents).month_key_id == month.id


def test_one_broken_row_of_keys_does_not_stop_the_others(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    with stage.parts.database.write() as connection:
        connection.execute(
            keys.insert().values(
                id=new_id(),
                kind="month",
                period="2020-01",
                wrapped=b"noise",
                created_at=datetime(2020, 1, 1, tzinfo=UTC),
            )
        )
    other = stage.another().keys
    other.make_ready()
    assert [row.period for row in other.listed() if not row.opens] == ["2020-01"]


def test_openings_can_be_deleted_and_entries_cannot(stage: Stage) -> None:
    with stage.parts.store.unit_of_work() as uow:
        uow.ledger.append("key.rotated", by="t", at=stage.clock.now(), subject=None, facts={})
    with stage.parts.database.write() as connection:
        assert connection.execute(delete(ledger_openings)).rowcount == 1
