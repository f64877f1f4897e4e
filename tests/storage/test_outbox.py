"""The outbox: said once, within the budget, by a reply where one is free."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bot.domain.actions import (
    OutboxMessage,
    Purpose,
    ReplyToken,
    Saying,
    TellState,
    Utterance,
    Way,
)
from bot.domain.groups import Group, Language
from bot.domain.ids import new_id
from bot.domain.telling import Step, plan_telling
from bot.errors import LeaseLostError
from bot.storage.tables import outbox, push_budgets
from bot.storage.tell_queue import Ending, Telling
from bot.storage.types import AnyRow
from tests.storage.stage import Stage

WORDS = {"rewrite": "คนไข้เตียงห้า (ดูในระบบ) ฝากตามผลด้วย", "half": "\ud83d"}


def message(stage: Stage, key: str = "warning:1", **more: object) -> OutboxMessage:
    now = stage.clock.now()
    values: dict[str, object] = {
        "id": new_id(),
        "key": key,
        "purpose": Purpose.FIRST_WARNING,
        "way": Way.REPLY_OR_PUSH,
        "to": "C1",
        "utterance": Utterance(Saying.WARNING, Language.THAI, WORDS, mention="U1"),
        "created_at": now,
        "due_at": now,
        "expires_at": now + timedelta(hours=24),
    }
    return OutboxMessage(**{**values, **more})  # type: ignore[arg-type]


def add(stage: Stage, key: str = "warning:1", **more: object) -> OutboxMessage:
    made = message(stage, key, **more)
    with stage.parts.store.unit_of_work() as uow:
        assert uow.outbox.add(made)
    return made


def token(stage: Stage, value: str = "token-1") -> ReplyToken:
    return ReplyToken(value, stage.clock.now())


def claim(stage: Stage) -> list[Telling]:
    return stage.parts.tell_queue.claim(8, plan_telling)


def settle(stage: Stage, telling: Telling, ending: Ending) -> None:
    with stage.parts.store.unit_of_work() as uow:
        stage.parts.tell_queue.settle(uow.connection, telling, ending)


def group_of(stage: Stage, members: int | None) -> UUID:
    with stage.parts.store.unit_of_work() as uow:
        return uow.registry.add_group(Group(new_id(), "C1", member_count=members)).id


def row_of(stage: Stage, key: str) -> AnyRow:
    return next(row for row in stage.rows(outbox) if row.key == key)


def test_the_same_thing_is_written_once(stage: Stage) -> None:
    add(stage)
    with stage.parts.store.unit_of_work() as uow:
        assert not uow.outbox.add(message(stage))
        assert uow.outbox.added == []
    assert len(stage.rows(outbox)) == 1


def test_what_is_to_be_said_is_sealed_and_opens_unchanged(stage: Stage) -> None:
    added = add(stage, reply_token=token(stage))
    row = stage.row(outbox)
    assert "คนไข้".encode() not in row.body_sealed
    assert b"token-1" not in row.token_sealed

    (telling,) = claim(stage)

    assert telling.message.utterance == added.utterance
    assert (telling.message.to, telling.reply_token) == ("C1", "token-1")
    assert telling.plan.step is Step.REPLY
    assert "token-1" not in repr(telling)


def test_a_claimed_row_is_nobody_elses(stage: Stage) -> None:
    add(stage)
    assert len(claim(stage)) == 1
    assert claim(stage) == []


def test_an_open_reply_stays_unclear_when_its_teller_dies(stage: Stage) -> None:
    add(stage, reply_token=token(stage))
    claim(stage)
    stage.clock.advance(minutes=2)
    assert stage.parts.tell_queue.free_expired() == 1

    (again,) = claim(stage)

    assert again.was_unclear
    assert (again.plan.step, again.attempts) == (Step.REPLY, 2)


def test_who_lost_the_lease_settles_nothing(stage: Stage) -> None:
    add(stage)
    (late,) = claim(stage)
    stage.clock.advance(minutes=2)
    stage.parts.tell_queue.free_expired()
    (holder,) = claim(stage)

    with pytest.raises(LeaseLostError):
        settle(stage, late, Ending(TellState.NOT_TOLD))
    settle(stage, holder, Ending(TellState.TOLD, told_by="push"))
    assert stage.row(outbox).state == "told"


def test_a_settled_row_keeps_nothing_of_what_was_said(stage: Stage) -> None:
    add(stage, reply_token=token(stage))
    (telling,) = claim(stage)
    settle(stage, telling, Ending(TellState.TOLD, told_by="reply", status=200, wording_version=1))

    row = stage.row(outbox)
    assert (row.body_sealed, row.body_key_id, row.token_sealed) == (None, None, None)
    assert (row.state, row.told_by, row.last_status) == ("told", "reply", 200)
    assert (row.wording_version, row.settled_at) == (1, stage.clock.now())


def test_a_refreshed_token_of_its_event_makes_a_reply_possible_again(stage: Stage) -> None:
    arrival = stage.text()
    (row_id,) = stage.store(arrival)
    add(stage, reply_token=ReplyToken("token-1", stage.clock.now(), row_id))
    stage.clock.advance(seconds=70)

    stage.store(replace(arrival, event=replace(arrival.event, is_redelivery=True)))

    (telling,) = claim(stage)
    assert telling.plan.step is Step.REPLY


# --- rides --------------------------------------------------------------------------------------


def add_ride(stage: Stage, key: str, group_id: UUID, *, minutes: float = 0, **more: object) -> None:
    now = stage.clock.now()
    ride = {
        "way": Way.RIDE,
        "purpose": Purpose.REMINDER,
        "group_id": group_id,
        "due_at": now + timedelta(minutes=minutes),
        "expires_at": now + timedelta(minutes=minutes + 15),
    }
    add(stage, key, **{**ride, **more})


def ride(stage: Stage, group_id: UUID) -> OutboxMessage | None:
    with stage.parts.store.unit_of_work() as uow:
        return uow.outbox.ride(group_id, token(stage), stage.clock.now())


def test_a_ride_waits_for_a_token_and_is_not_told_without_one(stage: Stage) -> None:
    add_ride(stage, "reminder:5", new_id())
    assert claim(stage) == []


def test_a_token_carries_what_is_due_in_its_group_only(stage: Stage) -> None:
    here, elsewhere = new_id(), new_id()
    add_ride(stage, "here", here)
    add_ride(stage, "elsewhere", elsewhere)
    add_ride(stage, "later", here, minutes=20)

    boarded = ride(stage, here)

    assert boarded is not None
    assert boarded.key == "here"
    (telling,) = claim(stage)
    assert (telling.message.key, telling.plan.step) == ("here", Step.REPLY)
    assert ride(stage, here) is None


def test_the_newest_reminder_rides_and_the_older_ones_of_its_incident_are_over(
    stage: Stage,
) -> None:
    group, incident, other = new_id(), new_id(), new_id()
    add_ride(stage, "five", group, incident_id=incident)
    add_ride(stage, "six", group, minutes=1, incident_id=incident)
    add_ride(stage, "of another", group, incident_id=other)
    stage.clock.advance(minutes=2)

    boarded = ride(stage, group)

    assert boarded is not None
    assert boarded.key == "six"
    assert (row_of(stage, "five").state, row_of(stage, "five").reason) == (
        "cancelled",
        "newer_reminder",
    )
    assert row_of(stage, "of another").state == "waiting"


def test_two_thanks_that_belong_to_no_reminder_do_not_push_each_other_out(stage: Stage) -> None:
    group = new_id()
    add_ride(stage, "closed:1", group, purpose=Purpose.COURTESY)
    add_ride(stage, "closed:2", group, minutes=1, purpose=Purpose.COURTESY)
    stage.clock.advance(minutes=2)

    boarded = [ride(stage, group), ride(stage, group)]

    assert [said.key for said in boarded if said] == ["closed:2", "closed:1"]


def test_a_ride_that_is_over_is_not_given_a_token(stage: Stage) -> None:
    group = new_id()
    add_ride(stage, "reminder:5", group)
    stage.clock.advance(minutes=15)
    assert ride(stage, group) is None

    assert stage.parts.tell_queue.end_rides(by_push=False) == 1
    row = stage.row(outbox)
    assert (row.state, row.reason, row.body_sealed) == ("cancelled", "no_free_reply", None)


def test_where_the_hospital_wants_it_a_due_reminder_is_pushed(stage: Stage) -> None:
    group = group_of(stage, 3)
    add_ride(stage, "reminder:5", group)
    add_ride(stage, "closed:1", group, purpose=Purpose.COURTESY)
    stage.parts.tell_queue.end_rides(by_push=True)

    (telling,) = claim(stage)

    assert (telling.message.key, telling.plan.step, telling.cost.members) == (
        "reminder:5",
        Step.PUSH,
        3,
    )


def test_an_incident_that_is_over_takes_back_what_was_not_said_yet(stage: Stage) -> None:
    incident = new_id()
    add(stage, "warning", incident_id=incident)
    (under_way,) = claim(stage)
    add(stage, "reminder", incident_id=incident)
    add(stage, "of another", incident_id=new_id())
    with stage.parts.store.unit_of_work() as uow:
        uow.outbox.cancel_for_incident(incident)

    assert row_of(stage, "reminder").state == "cancelled"
    assert row_of(stage, "reminder").body_sealed is None
    assert row_of(stage, "of another").state == "waiting"
    settle(stage, under_way, Ending(TellState.TOLD, told_by="push"))
    assert row_of(stage, "warning").state == "told"


def test_a_private_rewrite_of_an_incident_that_is_over_is_taken_back(stage: Stage) -> None:
    incident = new_id()
    rewrite = Utterance(Saying.REWRITE, Language.THAI, WORDS)
    private = {"way": Way.REPLY_ONLY, "to": "U1", "purpose": Purpose.ANSWER, "utterance": rewrite}
    add(stage, "rewrite", incident_id=incident, reply_token=token(stage), **private)
    add(stage, "of another", incident_id=new_id(), reply_token=token(stage), **private)
    with stage.parts.store.unit_of_work() as uow:
        uow.outbox.cancel_for_incident(incident)

    row = row_of(stage, "rewrite")
    assert (row.state, row.body_sealed, row.token_sealed) == ("cancelled", None, None)
    assert [telling.message.key for telling in claim(stage)] == ["of another"]


# --- the budget -----------------------------------------------------------------------------------


def used(stage: Stage) -> int:
    return stage.parts.tell_queue.budget_used()


def spend(stage: Stage, amount: int) -> None:
    now: datetime = stage.clock.now()
    with stage.parts.database.write() as connection:
        values = {"month": f"{now:%Y-%m}", "used": amount}
        connection.execute(push_budgets.insert().values(values))


def test_a_push_costs_one_for_every_member(stage: Stage) -> None:
    add(stage, group_id=group_of(stage, 34))
    (telling,) = claim(stage)
    settle(stage, telling, Ending(TellState.TOLD, told_by="push"))

    assert used(stage) == 34
    assert stage.row(outbox).cost == 34


@pytest.mark.parametrize("members", [None, 0])
def test_a_group_of_unknown_size_costs_one(stage: Stage, members: int | None) -> None:
    add(stage, group_id=group_of(stage, members))
    claim(stage)
    assert used(stage) == 1


def test_a_private_push_costs_one(stage: Stage) -> None:
    add(stage, way=Way.PUSH, to="U1")
    claim(stage)
    assert used(stage) == 1


def test_a_reply_costs_nothing(stage: Stage) -> None:
    add(stage, reply_token=token(stage), group_id=group_of(stage, 34))
    claim(stage)
    assert used(stage) == 0


def test_the_last_thirty_in_a_hundred_are_kept_for_first_warnings(stage: Stage) -> None:
    spend(stage, 140)  # of 200
    add(stage, "answer", way=Way.PUSH, purpose=Purpose.ANSWER)
    add(stage, "warning", way=Way.PUSH)

    steps = {telling.message.key: telling.plan for telling in claim(stage)}

    assert steps["answer"].step is Step.END
    assert (steps["answer"].state, steps["answer"].reason) == (TellState.NOT_TOLD, "push_budget")
    assert steps["warning"].step is Step.PUSH
    with stage.parts.store.unit_of_work() as uow:
        assert uow.outbox.can_push(Purpose.FIRST_WARNING)
        assert not uow.outbox.can_push(Purpose.ANSWER)


def test_what_was_not_reserved_is_not_paid_back(stage: Stage) -> None:
    spend(stage, 190)
    add(stage, group_id=group_of(stage, 34))
    (telling,) = claim(stage)
    assert telling.plan.step is Step.END
    settle(stage, telling, Ending(telling.plan.state, reason=telling.plan.reason))

    assert used(stage) == 190
    assert stage.row(outbox).reason == "push_budget"


def test_a_push_that_was_refused_is_paid_back(stage: Stage) -> None:
    add(stage, group_id=group_of(stage, 34))
    (telling,) = claim(stage)
    settle(stage, telling, Ending(TellState.NOT_TOLD, reason="line_refused", status=400))
    assert used(stage) == 0


def test_a_push_that_is_tried_again_is_paid_for_once(stage: Stage) -> None:
    group = group_of(stage, 34)
    add(stage, group_id=group)
    (first,) = claim(stage)
    stage.parts.tell_queue.again(first, timedelta(seconds=2), last_status=500)
    assert claim(stage) == []
    stage.clock.advance(seconds=2)

    (second,) = claim(stage)

    assert used(stage) == 34
    assert second.retry_key == first.retry_key
    settle(stage, second, Ending(TellState.TOLD, told_by="push"))
    assert used(stage) == 34


def test_a_group_that_grew_beyond_the_budget_between_two_tries_is_not_paid_back_too_much(
    stage: Stage,
) -> None:
    group = group_of(stage, 34)
    add(stage, group_id=group)
    (first,) = claim(stage)
    stage.parts.tell_queue.again(first, timedelta(), last_status=500)
    with stage.parts.store.unit_of_work() as uow:
        uow.registry.count_members("C1", 300, stage.clock.now())

    (second,) = claim(stage)
    settle(stage, second, Ending(second.plan.state, reason=second.plan.reason))

    assert second.plan.reason == "push_budget"
    assert used(stage) == 0


def test_a_month_in_bangkok_has_a_budget_of_its_own(stage: Stage) -> None:
    spend(stage, 200)
    add(stage, "in july")
    stage.clock.at = stage.clock.at.replace(day=31, hour=17, minute=0)
    add(stage, "in august")

    assert used(stage) == 0
    assert {t.plan.step for t in claim(stage) if t.message.key == "in august"} == {Step.PUSH}


def months(stage: Stage) -> dict[str, int]:
    return {row.month: row.used for row in stage.rows(push_budgets)}


def to_august(stage: Stage) -> None:
    stage.clock.at = stage.clock.at.replace(day=31, hour=17, minute=0)


def test_a_push_is_paid_back_to_the_month_that_it_was_taken_from(stage: Stage) -> None:
    add(stage, group_id=group_of(stage, 34))
    (telling,) = claim(stage)
    to_august(stage)
    settle(stage, telling, Ending(TellState.NOT_TOLD, reason="line_refused", status=400))
    assert months(stage) == {"2026-07": 0}


def test_a_push_that_is_tried_again_in_another_month_costs_that_month(stage: Stage) -> None:
    stage.clock.at = stage.clock.at.replace(day=31, hour=16, minute=59)
    add(stage, group_id=group_of(stage, 34))
    (first,) = claim(stage)
    stage.parts.tell_queue.again(first, timedelta(), last_status=500)
    to_august(stage)

    (second,) = claim(stage)
    assert months(stage) == {"2026-07": 0, "2026-08": 34}
    settle(stage, second, Ending(TellState.NOT_TOLD, reason="line_refused", status=400))
    assert months(stage) == {"2026-07": 0, "2026-08": 0}


def test_what_is_paid_back_never_leaves_less_than_nothing_used(stage: Stage) -> None:
    add(stage, group_id=group_of(stage, 34))
    (telling,) = claim(stage)
    with stage.parts.database.write() as connection:
        connection.execute(push_budgets.update().values(used=3))
    settle(stage, telling, Ending(TellState.NOT_TOLD, reason="line_refused", status=400))
    assert used(stage) == 0


def test_a_push_whose_seal_is_broken_costs_nothing(stage: Stage) -> None:
    add(stage, group_id=group_of(stage, 34))
    (first,) = claim(stage)
    stage.parts.tell_queue.again(first, timedelta(), last_status=500)
    with stage.parts.database.write() as connection:
        connection.execute(outbox.update().values(body_sealed=b"0" * 40))

    assert claim(stage) == []
    assert (used(stage), stage.row(outbox).reason) == (0, "seal_broken")


def test_what_could_not_be_told_can_be_seen_by_reason(stage: Stage) -> None:
    for number in range(3):
        add(stage, f"warning:{number}")
    for telling in claim(stage):
        settle(stage, telling, Ending(TellState.NOT_TOLD, reason="line_refused", status=403))

    (seen,) = stage.parts.tell_queue.not_told(stage.clock.now() - timedelta(days=7))
    assert (seen.saying, seen.reason, seen.last_status, seen.number) == (
        "warning",
        "line_refused",
        403,
        3,
    )
    assert stage.parts.tell_queue.counts(stage.clock.now()) == {"not_told": 3}
