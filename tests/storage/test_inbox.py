"""The inbox: stored once, claimed by one, settled once, forgotten in time."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from bot import log
from bot.domain.events import Outcome
from bot.errors import LeaseLostError, SealBrokenError
from bot.storage.migrate import migrate
from bot.storage.queue import LEASE, Claimed
from bot.storage.tables import inbox, message_marks
from bot.storage.types import AnyRow
from tests.storage.stage import Stage, stage_on

SECRET_TALK = "คุณตาเตียงห้าขอบคุณหมอมากค่ะ"


def settle(stage: Stage, claimed: Claimed, outcome: Outcome = Outcome.BENIGN) -> None:
    with stage.parts.store.unit_of_work() as uow:
        uow.settle(claimed, outcome)


def settle_all(stage: Stage, outcome: Outcome = Outcome.BENIGN) -> None:
    while claimed := stage.claim():
        for one in claimed:
            settle(stage, one, outcome)


# --- storing ------------------------------------------------------------------------------------


def test_an_event_is_stored_sealed_and_waits(stage: Stage) -> None:
    stage.store(stage.text(SECRET_TALK))

    row = stage.row(inbox)
    assert (row.state, row.kind, row.outcome, row.attempts) == ("waiting", "text", None, 0)
    assert row.received_at == stage.clock.now()
    assert b"wordsnobodyseals" not in row.payload_sealed
    assert SECRET_TALK.encode() not in row.payload_sealed


def test_a_duplicate_changes_nothing(stage: Stage) -> None:
    arrival = stage.text()
    stage.store(arrival)
    before = stage.row(inbox)
    stage.clock.advance(seconds=5)

    stage.store(arrival)

    assert stage.row(inbox) == before


def test_duplicates_in_one_body_are_one_row(stage: Stage) -> None:
    arrival = stage.text()
    stage.store(arrival, arrival, stage.text())
    assert len(stage.rows(inbox)) == 2


def test_a_redelivery_gives_the_reply_token_a_new_minute_and_nothing_else(stage: Stage) -> None:
    arrival = stage.text()
    stage.store(arrival)
    before = stage.row(inbox)
    stage.clock.advance(seconds=90)

    stage.store(replace(arrival, event=replace(arrival.event, is_redelivery=True)))

    after = stage.row(inbox)
    assert after.token_received_at == stage.clock.now()
    assert after.received_at == before.received_at
    assert (after.id, after.payload_sealed) == (before.id, before.payload_sealed)


def test_after_twenty_minutes_a_redelivery_refreshes_no_token(stage: Stage) -> None:
    arrival = stage.text()
    stage.store(arrival)
    stage.clock.advance(minutes=20)

    stage.store(replace(arrival, event=replace(arrival.event, is_redelivery=True)))

    assert stage.row(inbox).token_received_at < stage.clock.now()


def test_two_processes_that_store_the_same_events_crosswise_do_not_wait_for_each_other(
    on_postgresql: Stage,
) -> None:
    stage = on_postgresql
    arrivals = [stage.text() for _ in range(300)]
    intakes = [stage.parts.intake, stage.another().intake]
    start = Barrier(2)

    def store(number: int) -> int:
        start.wait()
        return len(intakes[number].store(arrivals[:: 1 - 2 * number]))

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(store, [0, 1])) == [300, 300]
    assert len(stage.rows(inbox)) == 300


# --- claiming -----------------------------------------------------------------------------------


def test_of_one_sender_in_one_group_only_the_oldest_is_handed_out(stage: Stage) -> None:
    first = stage.store(stage.text("หนึ่ง"))[0]
    stage.clock.advance(seconds=1)
    stage.store(stage.text("สอง"))
    other = stage.store(stage.text("อื่น", user="U2"))[0]

    claimed = stage.claim()

    assert {one.id for one in claimed} == {first, other}
    assert stage.claim() == []


def test_the_same_sender_in_another_group_is_another_lane(stage: Stage) -> None:
    stage.store(stage.text(chat="C1"), stage.text(chat="C2"))
    assert len(stage.claim()) == 2


def test_events_of_nobody_wait_for_nobody(stage: Stage) -> None:
    stage.store(*(stage.text(source=None) for _ in range(3)))
    assert len(stage.claim()) == 3


def test_after_settling_the_lane_goes_on(stage: Stage) -> None:
    stage.store(stage.text(), stage.text())
    (first,) = stage.claim()
    settle(stage, first)

    (second,) = stage.claim()

    assert second.id != first.id


def test_what_is_claimed_opens_to_what_arrived(stage: Stage) -> None:
    arrival = stage.text(SECRET_TALK)
    stage.store(arrival)

    (claimed,) = stage.claim()

    assert claimed.raw == arrival.raw
    assert stage.parts.queue.event_of(claimed) == arrival.event


def test_a_claim_can_ask_for_certain_rows_only(stage: Stage) -> None:
    stage.store(stage.text(user="U1"))
    (wanted,) = stage.store(stage.text(user="U2"))
    assert [one.id for one in stage.parts.queue.claim(16, ids=[wanted])] == [wanted]


def test_a_released_row_comes_up_again_when_its_time_has_come(stage: Stage) -> None:
    stage.store(stage.text())
    (claimed,) = stage.claim()
    stage.parts.queue.release(claimed, timedelta(seconds=8))

    assert stage.claim() == []
    stage.clock.advance(seconds=8)
    assert [one.attempts for one in stage.claim()] == [2]


def test_many_threads_on_postgresql_never_hold_one_lane_twice(on_postgresql: Stage) -> None:
    stage = on_postgresql
    for _ in range(12):
        stage.store(*(stage.text(user=f"U{number}") for number in range(5)))
    processes = [stage.parts, stage.another(), stage.another()]
    start, held, seen = Barrier(6), set[str](), list[UUID]()
    twice: list[str] = []

    def work(number: int) -> None:
        parts = processes[number % 3]
        start.wait()
        while claimed := parts.queue.claim(4):
            for one in claimed:
                lane = (one.lane or b"").hex()
                twice.extend({lane} & held)
                held.add(lane)
                with parts.store.unit_of_work() as uow:
                    seen.append(one.id)
                    held.discard(lane)
                    uow.settle(one, Outcome.BENIGN)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert twice == []
    assert len(seen) == len(set(seen))
    # Who found every lane held went home; what is left waits for the next look.
    settle_all(stage)
    assert {row.state for row in stage.rows(inbox)} == {"settled"}


# --- leases -------------------------------------------------------------------------------------


def test_a_lease_that_ran_out_gives_the_row_to_another(stage: Stage) -> None:
    stage.store(stage.text())
    (first,) = stage.claim()
    stage.clock.at += LEASE
    assert stage.parts.queue.free_expired() == 0
    stage.clock.advance(seconds=1)
    assert stage.parts.queue.free_expired() == 1

    (second,) = stage.claim()

    assert second.id == first.id
    assert second.attempts == 2


def settle_with_a_mark(stage: Stage, claimed: Claimed) -> None:
    with stage.parts.store.unit_of_work() as uow:
        uow.marks.mark_unsent("620000601212251558", stage.clock.now())
        uow.settle(claimed, Outcome.INCIDENT)


def test_who_lost_the_lease_leaves_no_effects(stage: Stage) -> None:
    stage.store(stage.text())
    (late,) = stage.claim()
    stage.clock.at += 2 * LEASE
    stage.parts.queue.free_expired()
    (holder,) = stage.claim()

    with pytest.raises(LeaseLostError):
        settle_with_a_mark(stage, late)

    assert stage.rows(message_marks) == []
    settle(stage, holder)
    assert stage.row(inbox).outcome == "benign"


def test_a_row_is_settled_once(stage: Stage) -> None:
    stage.store(stage.text())
    (claimed,) = stage.claim()
    settle(stage, claimed)

    with pytest.raises(LeaseLostError):
        settle(stage, claimed, Outcome.INCIDENT)
    with pytest.raises(LeaseLostError):
        stage.parts.queue.release(claimed, timedelta())
    with pytest.raises(LeaseLostError):
        stage.parts.queue.park(claimed, "ValueError")
    assert stage.row(inbox).outcome == "benign"


# --- parking ------------------------------------------------------------------------------------


def park(stage: Stage) -> Claimed:
    stage.store(stage.text(SECRET_TALK))
    (claimed,) = stage.claim()
    try:
        choke_on(SECRET_TALK)
    except ValueError as error:
        stage.parts.queue.park(claimed, log.place_of(error))
    return claimed


def choke_on(words: str) -> None:
    raise ValueError(words)


def test_a_parked_row_remembers_class_and_place_and_no_words(stage: Stage) -> None:
    park(stage)

    (row,) = stage.parts.queue.parked()
    assert row.park_reason.startswith("ValueError at tests/storage/test_inbox.py:")
    assert SECRET_TALK not in row.park_reason
    assert stage.claim() == []


def test_a_parked_row_can_be_tried_again_from_the_beginning(stage: Stage) -> None:
    parked = park(stage)

    assert stage.parts.queue.rerun([uuid4()]) == 0
    assert stage.parts.queue.rerun([parked.id]) == 1
    (again,) = stage.claim()
    assert (again.id, again.attempts) == (parked.id, 1)


def test_no_id_means_all_that_is_parked_and_nothing_else(stage: Stage) -> None:
    park(stage)
    stage.store(stage.text(user="U2"))
    settle_all(stage)

    assert stage.parts.queue.rerun([]) == 1
    assert stage.parts.queue.rerun([]) == 0


def test_a_parked_lane_stops_nobody(stage: Stage) -> None:
    park(stage)
    stage.store(stage.text())
    assert len(stage.claim()) == 1


def test_after_seven_days_a_parked_row_is_wiped_and_counts_as_not_inspected(stage: Stage) -> None:
    park(stage)
    stage.clock.advance(days=6, hours=23)
    assert stage.parts.inbox_upkeep.give_up_parked() == 0
    assert stage.row(inbox).payload_sealed is not None
    stage.clock.advance(hours=2)

    assert stage.parts.inbox_upkeep.give_up_parked() == 1

    row = stage.row(inbox)
    assert (row.state, row.outcome) == ("settled", "not_inspected")
    assert_wiped(row)


# --- forgetting ---------------------------------------------------------------------------------


def assert_wiped(row: AnyRow) -> None:
    kept = {name for name, value in row._mapping.items() if value is not None}
    assert not kept & {"payload_sealed", "payload_key_id", "lane", "message_key", "occurred_at"}
    assert kept >= {"event_id", "kind", "received_at", "outcome"}


def test_three_minutes_after_receipt_contents_and_keys_of_a_settled_row_are_gone(
    stage: Stage,
) -> None:
    stage.store(stage.text())
    settle_all(stage)
    stage.clock.advance(minutes=3)
    assert stage.parts.inbox_upkeep.wipe() == 0
    stage.clock.advance(seconds=1)

    assert stage.parts.inbox_upkeep.wipe() == 1

    assert_wiped(stage.row(inbox))
    assert stage.parts.inbox_upkeep.wipe() == 0


def test_what_is_not_settled_is_kept_however_long_it_takes(stage: Stage) -> None:
    stage.store(stage.text(user="U1"))
    stage.claim()
    stage.store(stage.text(user="U2"))
    stage.clock.advance(days=30)

    assert stage.parts.inbox_upkeep.wipe() == 0
    assert stage.parts.inbox_upkeep.purge() == 0
    assert all(row.payload_sealed for row in stage.rows(inbox))


def test_an_unsend_wipes_at_once(stage: Stage) -> None:
    arrival = stage.text(SECRET_TALK)
    stage.store(arrival)
    with stage.parts.store.unit_of_work() as uow:
        uow.inbox.wipe_message(str(arrival.event.message_id))

    assert stage.row(inbox).payload_sealed is None
    (claimed,) = stage.claim()
    assert stage.parts.queue.event_of(claimed) is None


def test_a_message_of_no_chat_that_was_taken_back_is_forgotten_too(stage: Stage) -> None:
    arrival = stage.text(source=None)
    stage.store(arrival)
    with stage.parts.store.unit_of_work() as uow:
        uow.inbox.wipe_message(str(arrival.event.message_id))
    settle_all(stage, Outcome.TAKEN_BACK_UNREAD)
    stage.clock.advance(minutes=4)
    stage.parts.inbox_upkeep.wipe()

    assert_wiped(stage.row(inbox))


def test_after_fourteen_days_a_settled_row_is_gone(stage: Stage) -> None:
    stage.store(stage.text())
    settle_all(stage)
    stage.clock.advance(days=14)
    assert stage.parts.inbox_upkeep.purge() == 0
    stage.clock.advance(seconds=1)
    assert stage.parts.inbox_upkeep.purge() == 1
    assert stage.rows(inbox) == []


def test_a_wiped_row_still_knows_its_duplicate(stage: Stage) -> None:
    arrival = stage.text(SECRET_TALK)
    stage.store(arrival)
    settle_all(stage)
    stage.clock.advance(minutes=4)
    stage.parts.inbox_upkeep.wipe()

    stage.store(replace(arrival, event=replace(arrival.event, is_redelivery=True)))

    assert_wiped(stage.row(inbox))
    assert stage.claim() == []


def test_benign_talk_is_in_no_byte_of_the_files_once_it_is_wiped(tmp_path: Path) -> None:
    """Plain words are never on the disk; the sealed ones are gone after wipe and checkpoint."""
    words = [f"{SECRET_TALK} {number}" for number in range(40)]
    with stage_on(f"sqlite:///{tmp_path}/ward.db") as stage:
        for number, talk in enumerate(words):
            stage.store(stage.text(talk, user=f"U{number}"))
        sealed = [row.payload_sealed for row in stage.rows(inbox)]
        assert any(piece in bytes_of(tmp_path) for piece in sealed)
        assert_in_no_file(tmp_path, words)

        settle_all(stage)
        assert_in_no_file(tmp_path, words)
        stage.clock.advance(minutes=4)
        assert stage.parts.inbox_upkeep.wipe() == 40
        with stage.parts.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT", wongraksa_reads_only=True)
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]

        left = bytes_of(tmp_path)
        assert not [piece for piece in sealed if piece in left or piece[12:60] in left]
        assert_in_no_file(tmp_path, words)


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def assert_in_no_file(folder: Path, words: list[str]) -> None:
    left = bytes_of(folder)
    for talk in words:
        assert talk.encode() not in left
        assert json.dumps(talk).strip('"').encode() not in left


# --- seals --------------------------------------------------------------------------------------


def test_a_payload_that_was_changed_or_moved_to_another_row_does_not_open(stage: Stage) -> None:
    one, two = stage.store(stage.text(user="U1"), stage.text(user="U2"))
    sealed = {row.id: row.payload_sealed for row in stage.rows(inbox)}
    with stage.parts.database.write() as connection:
        moved = update(inbox).where(inbox.c.id == one).values(payload_sealed=sealed[two])
        connection.execute(moved)
    claimed = {row.id: row for row in stage.claim()}

    assert stage.parts.queue.event_of(claimed[two]) is not None
    with pytest.raises(SealBrokenError):
        stage.parts.queue.event_of(claimed[one])


def test_migrating_again_changes_nothing(stage: Stage) -> None:
    stage.store(stage.text())
    migrate(stage.parts.database)
    assert len(stage.rows(inbox)) == 1
