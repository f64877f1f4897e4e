"""A patient, a sender, a recipient, a group: followed through what really happened."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.cli import follow
from bot.cli.main import main
from bot.domain.exports import Period, RecordKind
from bot.domain.findings import Label
from bot.domain.groups import KnownBy
from bot.domain.traces import Followed
from bot.ledger.entry import EntryKind
from bot.storage.keyring import ANNOUNCED, KeyKind
from bot.storage.ledger_proofs import entry_of, opened_entry
from bot.storage.tables import identifier_tokens, ledger_entries
from handlers.identities import identity
from tests.way.conftest import Cast
from tests.way.product import Product

ALWAYS = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
WHY = ("--operator", "มาลี", "--reason", "คนไข้ขอทราบ")
WAYS = ("HN 650012345", "HN 65-0012345", "hn: ๖๕๐๐๑๒๓๔๕", "HN : 650-012-345")


def patient(product: Product, number: str, label: Label = Label.HN) -> Followed:
    return product.parts.traces.of_patient(identity(label, number), ALWAYS, 50)


@pytest.fixture
def asked(
    product: Product, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:  # noqa: ANN401 - a function of these tests
    """`python -m bot follow …` in this process: what it said."""
    monkeypatch.setattr(follow, "migrated_parts", lambda: product.parts)
    monkeypatch.setattr("bot.log.set_up", lambda _level: None)

    def ask(*arguments: str, typed: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["follow", *arguments, *WHY])
        said = capsys.readouterr()
        return said.out if code == 0 else said.err

    return ask


def test_one_patient_written_four_ways_is_found_wherever_it_was_sent(
    product: Product, cast: Cast
) -> None:
    product.say(cast.ward, cast.doctor, "สวัสดีครับ")
    product.approve(cast.ward)
    for way in WAYS[:2]:
        product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {way} ฝากตามผล lab")
        product.advance(minutes=3)
    for way in WAYS[2:]:
        product.say(cast.ward, cast.doctor, f"คนไข้เตียง 5 {way} ฝากตามผล lab")
        product.advance(minutes=3)
    product.say(cast.club, cast.nurse, "คนไข้เตียง 6 HN 650099999 ฝากตามผล lab")

    for way in WAYS:
        kinds = [trace.kind for trace in patient(product, way).traces]
        assert kinds == [RecordKind.DISCLOSURE] * 2 + [RecordKind.INCIDENT] * 2


def test_of_an_incident_only_the_messages_about_this_patient_are_told(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {WAYS[0]} ฝากตามผล lab")
    second = product.say(cast.club, cast.nurse, "คนไข้เตียง 6 HN 650099999 ฝากตามผล lab")
    product.advance(seconds=40)
    product.platform.unsend(second)
    product.settle()

    (first,) = patient(product, "650012345").traces
    (other,) = patient(product, "650099999").traces
    assert first.id == other.id
    assert [posting.standing for posting in first.postings] == ["standing"]
    assert [posting.standing for posting in other.postings] == ["unsent"]
    ended, sent = other.postings[0].ended_at, other.postings[0].at
    assert ended is not None
    assert timedelta(seconds=40) <= ended - sent < timedelta(seconds=42)


def test_a_full_name_is_found_without_its_title_and_a_first_name_alone_is_not(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "ผู้ป่วยชื่อ นายสมชาย  ใจดี HN 650012345 เตียง 5")
    assert len(patient(product, "สมชาย ใจดี", Label.PERSON).traces) == 1
    assert len(patient(product, "นาย สมชาย ใจดี", Label.PERSON).traces) == 1
    assert patient(product, "สมชาย", Label.PERSON).traces == ()


def test_a_number_hashed_with_an_older_pepper_is_found_as_well(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {WAYS[0]} ฝากตามผล lab")
    with product.parts.store.unit_of_work() as uow:
        product.parts.keys.rotate(uow.connection, KeyKind.PEPPER)
    product.advance(seconds=ANNOUNCED.total_seconds() + 120)
    product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {WAYS[1]} ฝากตามผล x-ray")

    assert {row.pepper_version for row in product.rows(identifier_tokens)} == {1, 2}
    assert len(patient(product, WAYS[2]).traces) == 2


def test_who_could_see_it_is_told_with_its_coverage(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.doctor, "สวัสดีครับ")
    message = product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {WAYS[0]} ฝากตามผล lab")
    product.advance(minutes=1)
    product.say(cast.club, cast.friend, "อยู่มานานแล้วแต่เพิ่งพิมพ์")
    newcomer = product.platform.add_person("คนใหม่")
    product.platform.join(cast.club, newcomer)
    product.settle()
    product.advance(minutes=1)
    product.platform.unsend(message)
    product.settle()
    product.advance(minutes=1)
    product.platform.join(cast.club, product.platform.add_person("มาทีหลัง"))
    product.settle()

    found = patient(product, WAYS[0])
    audience = found.traces[0].audience
    assert audience is not None
    names = found.people
    assert [names[one.person_id] for one in audience.recipients] == ["หมอเอ"]
    assert [(names[one.person_id], one.known_by) for one in audience.late] == [
        ("พยาบาลฟ้า", KnownBy.SPOKE)
    ]
    assert [names[one.person_id] for one in audience.joined] == ["คนใหม่"]
    assert (audience.named, audience.total, audience.unknown) == (2, 2, 0)


def test_a_count_that_line_told_later_is_used_and_dated(product: Product, cast: Cast) -> None:
    """The very first message in a group: nobody has asked LINE yet how many there are."""
    product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {WAYS[0]} ฝากตามผล lab")

    audience = patient(product, WAYS[0]).traces[0].audience
    assert audience is not None
    assert audience.count is not None
    assert (audience.named, audience.total) == (0, 2)
    assert audience.count.learnt_at is not None


def test_sender_recipient_group_and_period(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.doctor, "สวัสดีครับ")
    product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {WAYS[0]} ฝากตามผล lab")
    middle = product.parts.clock.now() + timedelta(minutes=5)
    product.advance(minutes=10)
    product.say(cast.ward, cast.friend, f"คนไข้เตียง 5 {WAYS[0]} ฝากตามผล lab")

    with product.parts.store.unit_of_work() as uow:
        nurse, doctor, friend = (
            uow.registry.ensure_person(one.user_id)
            for one in (cast.nurse, cast.doctor, cast.friend)
        )
        ward = uow.registry.locate(cast.ward.chat_id, None).group
    assert ward is not None
    reads = product.parts.traces
    assert len(reads.of_sender(nurse.id, ALWAYS, 9).traces) == 1
    assert len(reads.of_group(ward.id, ALWAYS, 9).traces) == 1
    assert len(reads.of_recipient(doctor.id, ALWAYS, 9).traces) == 1
    assert reads.of_recipient(nurse.id, ALWAYS, 9).traces == ()
    assert reads.of_recipient(friend.id, ALWAYS, 9).traces == ()
    before = Period(ALWAYS.start, middle)
    after = Period(middle, ALWAYS.end)
    number = identity(Label.HN, WAYS[0])
    assert [len(reads.of_patient(number, one, 9).traces) for one in (before, after)] == [1, 1]
    assert reads.of_patient(number, ALWAYS, 1).is_cut


def test_the_answer_names_people_groups_and_times_and_never_the_number(
    product: Product,
    cast: Cast,
    asked: Any,  # noqa: ANN401
) -> None:
    product.say(cast.club, cast.doctor, "สวัสดีครับ")
    product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {WAYS[0]} ฝากตามผล lab")

    said = asked("--hn", typed="650012345\n")

    assert "พยาบาลนก" in said
    assert "ชมรมวิ่ง" in said
    assert "หมอเอ · spoke" in said
    assert "1 of 2 named" in said
    assert "still stands" in said
    assert "records: 1 (incidents: 1) · groups: 1" in said
    assert "650012345" not in said

    record = json.loads(asked("--hn", "65-0012345", "--json"))["records"][0]
    assert record["case"] == "2569-000001"
    assert record["audience"]["named"] == 1
    assert asked("--hn", "650099999") == "nothing on record\n"
    assert "พยาบาลนก" in asked("--sender", "พยาบาลนก")
    assert "หมอเอ" in asked("--recipient", cast.doctor.user_id)
    assert "ชมรมวิ่ง" in asked("--group", cast.club.chat_id)


def test_an_hn_is_followed_with_and_without_its_zeros_and_erased_in_one_spelling_only(
    product: Product,
    cast: Cast,
    asked: Any,  # noqa: ANN401
) -> None:
    product.say(cast.club, cast.nurse, "คนไข้เตียง 5 HN 0050012345 ฝากตามผล lab")
    product.advance(minutes=10)
    product.say(cast.ward, cast.friend, "คนไข้เตียง 5 HN 50012345 ฝากตามผล lab")

    for written in ("HN 50012345", "0050012345", "050012345"):
        assert "records: 2 (incidents: 2)" in asked("--hn", written)
    assert asked("--hn", "5001234500") == "nothing on record\n"

    number = identity(Label.HN, "50012345")
    with product.parts.store.unit_of_work() as uow:
        rows = product.parts.subjects.rows_of_patient(uow.connection, number)
    assert len(rows.messages) == len(product.parts.subjects.of_patient(number).records) == 1


def test_each_query_is_entered_with_who_and_why_and_never_with_the_number(
    product: Product,
    asked: Any,  # noqa: ANN401
) -> None:
    asked("--national-id", typed="1-2810-46451-27-4")
    assert product.entries() == [EntryKind.RECORDS_FOLLOWED]
    (entry,) = [row for row in product.rows(ledger_entries) if row.kind == "records.followed"]
    parts = product.parts
    parts.ledger_sealer.seal_all()
    with parts.database.read() as connection:
        placed = entry_of(connection, entry.id, product.count(ledger_entries))
        assert placed is not None
        facts = opened_entry(connection, parts.keys, placed).facts
    opened = json.loads(facts)
    assert opened.pop("account")
    assert opened == {"asked": "NATIONAL_ID", "by": "operator:มาลี", "reason": "คนไข้ขอทราบ"}


@pytest.mark.parametrize(
    ("arguments", "typed", "complaint"),
    [
        (("--hn",), "", "nothing was typed"),
        (("--hn", "12"), "", "too short"),
        (("--name", "สมชาย"), "", "too short"),
        (("--sender", "ใครก็ไม่รู้"), "", "0 people match"),
        (("--group", "C9"), "", "0 groups match"),
        (("--hn", "650012345", "--from", "2026-02-01", "--to", "2026-01-01"), "", "lies before"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_in_one_line_and_not_entered(
    product: Product,
    asked: Any,  # noqa: ANN401
    arguments: tuple[str, ...],
    typed: str,
    complaint: str,
) -> None:
    assert complaint in asked(*arguments, typed=typed)
    assert EntryKind.RECORDS_FOLLOWED not in product.entries()


def test_a_query_that_cannot_be_entered_is_not_answered(
    product: Product,
    cast: Cast,
    asked: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    product.say(cast.club, cast.nurse, f"คนไข้เตียง 5 {WAYS[0]} ฝากตามผล lab")

    def fails(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(follow, "_enter", fails)
    with pytest.raises(RuntimeError):
        asked("--hn", "650012345")
