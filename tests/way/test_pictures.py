"""A picture goes the way of a text: looked at, judged by the same table, warned of once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from bot.bootstrap import Parts
from bot.domain.groups import GroupKind
from bot.domain.sights import Look, Unseen, unreadable
from bot.errors import LookerNotStartedError
from bot.sandbox.faults import FaultKind, InjectedFault
from bot.sandbox.speech import Attachment
from bot.storage.fingerprints import links_of_incident
from bot.storage.tables import (
    content_fingerprints,
    disclosures,
    identifier_tokens,
    inbox,
    incident_messages,
    incidents,
    ledger_entries,
    looks,
)
from bot.worker.house import make_looking
from bot.worker.policy import PolicyOfTheDay
from handlers import group_changes
from tests.way.conftest import Cast
from tests.way.looker import FACE, NOTHING, PROTECTED, WRISTBAND, XRAY, ScriptedLooker
from tests.way.product import HN_TEXT, Product, running_product

BAND, SELFIE, SCAN, CAT = b"band", b"selfie", b"scan", b"cat"
OTHER_BAND = b"another band"
SEES = {
    BAND: WRISTBAND,
    OTHER_BAND: WRISTBAND,
    SELFIE: FACE,
    SCAN: XRAY,
    b"locked": PROTECTED,
    CAT: NOTHING,
}
CONTENTS = "/v2/bot/message/*/content"


@pytest.fixture
def looker() -> ScriptedLooker:
    return ScriptedLooker(dict(SEES))


@pytest.fixture
def product(database_url: str, looker: ScriptedLooker) -> Iterator[Product]:
    with running_product(
        database_url, looker, public_base_url="https://guard.hospital.example"
    ) as running:
        yield running


def send(product: Product, cast: Cast, data: bytes = BAND) -> str:
    message = product.platform.send_image(cast.club, cast.nurse, data)
    product.settle()
    return message.message_id


# --- what follows from a look ---------------------------------------------------------------


def test_a_wristband_in_a_group_that_nobody_approved_earns_its_sender_one_warning(
    product: Product, cast: Cast
) -> None:
    send(product, cast)

    assert product.outcomes() == ["look_asked"]
    assert product.looked() == [("identifiers", None, "incident")]
    text, bubble = product.line.texts(cast.club)
    assert "ภาพที่ส่งเมื่อ" in text
    assert "650012345" not in text + bubble
    (call,) = product.line.calls("/v2/bot/message/reply")
    assert "w1:copy:" in str(call.json)
    assert product.entries() == ["incident.opened", "incident.message", "warning.told"]
    assert product.count(identifier_tokens) == 1


def test_the_same_picture_in_another_group_is_linked_and_another_picture_is_not(
    product: Product, cast: Cast
) -> None:
    send(product, cast)
    product.platform.send_image(cast.ward, cast.doctor, OTHER_BAND)
    product.settle()
    assert "incident.linked" not in product.entries()

    product.advance(minutes=5)
    product.platform.send_image(cast.ward, cast.friend, BAND)
    product.settle()

    assert product.entries().count("incident.linked") == 1
    first, _other, same = sorted(product.rows(incidents), key=lambda row: row.id)
    entered = [row for row in product.rows(ledger_entries) if row.kind == "incident.linked"]
    assert [row.subject for row in entered] == [same.id]
    with product.parts.database.read() as connection:
        (link,) = links_of_incident(connection, same.id)
    assert (link.incident_id, link.group_id) == (first.id, first.group_id)


def test_a_picture_that_spread_from_its_care_team_is_linked_and_its_bytes_are_kept_nowhere(
    product: Product, cast: Cast
) -> None:
    product.say(cast.ward, cast.doctor, "สวัสดีครับ")
    product.approve(cast.ward)
    product.platform.send_image(cast.ward, cast.doctor, BAND)
    product.settle()
    send(product, cast)

    assert product.looked()[-1] == ("identifiers", None, "incident")
    assert product.entries().count("incident.linked") == 1
    plain = sha256(BAND).digest()
    kept = product.rows(content_fingerprints)
    assert len(kept) == 2
    assert all(row.digest not in (plain, plain.hex().encode()) for row in kept)


def test_what_was_seen_is_on_record_with_its_places_and_without_its_numbers(
    product: Product, cast: Cast
) -> None:
    send(product, cast)

    (row,) = product.rows(incident_messages)
    assert row.labels == "HN"
    assert "HN: after the word HN (line 2)" in row.reasons
    assert "face: a face" in row.reasons
    assert "650012345" not in row.reasons


def test_a_picture_without_findings_is_forgotten_and_nothing_is_said(
    product: Product, cast: Cast
) -> None:
    send(product, cast, CAT)

    assert product.looked() == [("none", None, "nothing")]
    assert product.line.calls("/v2/bot/message/push") == []
    (row,) = product.rows(looks)
    assert (row.payload_sealed, row.message_key, row.set_key) == (None, None, None)


def test_in_an_approved_group_it_is_a_disclosure_and_the_bot_stays_silent(
    product: Product, cast: Cast
) -> None:
    product.say(cast.ward, cast.nurse, "สวัสดีค่ะ")
    product.approve(cast.ward)
    product.platform.send_image(cast.ward, cast.nurse, BAND)
    product.platform.send_image(cast.ward, cast.doctor, SCAN)
    product.platform.send_image(cast.ward, cast.friend, SELFIE)
    product.settle()

    ends = sorted(product.looked())
    assert ends == [
        ("face", None, "nothing"),
        ("identifiers", None, "disclosure"),
        ("medical", None, "disclosure"),
    ]
    assert product.line.bot_messages(cast.ward) == []
    assert product.count(disclosures) == 2


def test_what_cannot_be_read_is_counted_and_nobody_is_accused(product: Product, cast: Cast) -> None:
    send(product, cast, b"locked")

    assert product.looked() == [("unreadable", "protected", "nothing")]
    assert product.line.bot_messages(cast.club) == []
    assert product.entries() == []


def test_in_simulation_it_is_recorded_and_nothing_is_said_or_asked(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    product.simulate(cast.club)
    send(product, cast)
    product.advance(minutes=10)
    send(product, cast, SCAN)

    assert product.line.bot_messages(cast.club) == []
    assert product.looked() == [
        ("identifiers", None, "incident"),
        ("medical", None, "nothing"),
    ]


def test_a_file_is_judged_by_its_name_at_once_and_by_its_contents_afterwards(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    looker.sees[b"sheet"] = WRISTBAND
    product.platform.send_file(cast.club, cast.nurse, "HN 650012345.xlsx", b"sheet")
    product.settle()

    assert product.outcomes() == ["incident"]
    assert product.looked() == [("identifiers", None, "incident")]
    assert product.count(incidents) == product.count(incident_messages) == 1
    assert [said for said, _ in product.told()].count("warning") == 1


def test_a_harmless_name_does_not_hide_what_is_in_the_file(product: Product, cast: Cast) -> None:
    product.platform.send_file(cast.club, cast.nurse, "ตารางเวร.xlsx", BAND)
    product.settle()

    assert product.outcomes() == ["look_asked"]
    assert "ไฟล์ที่ส่งเมื่อ" in product.line.texts(cast.club)[0]


def test_a_video_is_counted_by_what_was_seen_with_its_sound_said_to_be_unheard(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    looker.sees |= {
        CAT: replace(NOTHING, unseen=Unseen.AUDIO, is_partial=True),
        BAND: replace(WRISTBAND, unseen=Unseen.AUDIO, is_partial=True),
    }
    send(product, cast, CAT)
    send(product, cast)

    assert product.looked() == [("none", "audio", "nothing"), ("identifiers", "audio", "incident")]
    (row,) = product.rows(incident_messages)
    assert "not inspected: audio" in row.reasons


def test_a_voice_message_is_not_transcribed_and_that_is_said(product: Product, cast: Cast) -> None:
    product.platform.send(cast.club, cast.nurse, Attachment("audio", b"voice", "audio/x-m4a"))
    product.settle()

    assert product.looked() == [("not_inspected", "audio", None)]
    assert product.line.calls(CONTENTS) == []


def test_what_waits_for_a_free_reply_goes_with_a_harmless_picture(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=6)
    product.platform.send_image(cast.club, cast.doctor, CAT)
    product.settle()

    assert ("reminder", "told") in product.told()


# --- bursts and sets ------------------------------------------------------------------------


def images(*data: bytes) -> list[Attachment]:
    return [Attachment("image", one, "image/jpeg") for one in data]


@pytest.mark.parametrize("order", ["sent", "reversed"])
def test_a_set_of_pictures_earns_one_warning_in_whatever_order_it_comes(
    product: Product, cast: Cast, order: str
) -> None:
    product.platform.set_habits(holds=True)
    product.platform.send_image_set(cast.club, cast.nurse, images(SELFIE, BAND, BAND, SCAN))
    product.platform.release(order)
    product.settle()
    product.advance(minutes=3)
    product.settle()

    told = [said for said, state in product.told() if state == "told"]
    assert told == ["warning"]
    assert product.count(incidents) == 1
    assert product.count(incident_messages) == 2


def test_a_set_that_is_looked_at_slowly_is_still_one_incident(product: Product, cast: Cast) -> None:
    first, second = product.platform.send_image_set(cast.club, cast.nurse, images(BAND, BAND))
    product.deliver()
    product.processor.work()
    with product.parts.database.write() as connection:
        # As if its sender's phone had taken long to bring the second one up.
        later = product.parts.clock.now() + timedelta(minutes=4)
        connection.execute(
            update(looks)
            .where(looks.c.event_row_id == row_of(product, second.message_id))
            .values(due_at=later)
        )
    product.settle()
    product.advance(minutes=5)
    product.settle()

    assert first.message_id != second.message_id
    assert product.count(incidents) == 1
    assert [said for said, _ in product.told()].count("warning") == 1


def row_of(product: Product, message_id: str) -> object:
    key = product.parts.sealer.message_key(message_id)
    with product.parts.database.read() as connection:
        return connection.scalar(select(inbox.c.id).where(inbox.c.message_key == key))


def test_a_picture_right_after_a_text_that_was_warned_of_adds_to_its_incident(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(seconds=30)
    send(product, cast)

    assert product.count(incidents) == 1
    assert [said for said, _ in product.told()].count("warning") == 1


def test_a_picture_that_comes_twice_is_looked_at_once(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    product.platform.set_habits(extra_copies=2)
    send(product, cast)

    assert looker.looked_at == [BAND]
    assert product.count(looks) == 1


# --- taken back -----------------------------------------------------------------------------


def test_what_is_unsent_before_the_look_is_never_looked_at(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    message = product.platform.send_image(cast.club, cast.nurse, BAND)
    product.deliver()
    product.processor.work()
    product.platform.unsend(message)
    product.deliver()
    product.processor.work()
    product.settle()

    assert looker.looked_at == []
    assert product.looked() == [("taken_back_unread", None, None)]
    (row,) = product.rows(looks)
    assert row.payload_sealed is None
    assert product.count(incidents) == 0


def test_what_is_unsent_during_the_look_is_forgotten(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    message = product.platform.send_image(cast.club, cast.nurse, BAND)

    def unsend() -> None:
        product.platform.unsend(message)
        product.deliver()
        product.processor.work()

    looker.while_looking = unsend
    product.settle()

    assert product.looked() == [("taken_back_unread", None, None)]
    assert product.count(incidents) == 0
    assert product.line.bot_messages(cast.club) == []


def test_an_unsend_that_overtakes_its_picture_means_that_it_is_never_fetched(
    product: Product, cast: Cast
) -> None:
    product.platform.set_habits(holds=True)
    message = product.platform.send_image(cast.club, cast.nurse, BAND)
    product.platform.unsend(message)
    product.platform.release("reversed")
    product.settle()

    assert sorted(product.outcomes()) == ["noted", "taken_back_unread"]
    assert product.line.calls(CONTENTS) == []


def test_an_unsend_after_the_warning_closes_the_incident(product: Product, cast: Cast) -> None:
    message_id = send(product, cast)
    product.platform.unsend(message_id)
    product.settle()
    product.say(cast.club, cast.doctor, "โอเคครับ")

    (row,) = product.rows(incidents)
    assert row.closed_at is not None
    assert product.line.texts(cast.club)[-1].startswith("{who} ขอบคุณมากค่ะ เก็บกลับแล้ว")
    assert all(row.payload_sealed is None for row in product.rows(looks))


# --- what LINE does not give ----------------------------------------------------------------


def test_a_video_that_line_still_prepares_is_asked_for_again_until_it_is_there(
    product: Product, cast: Cast
) -> None:
    video = Attachment("video", BAND, "video/mp4", duration_ms=9_000, ready_after_ms=25_000)
    product.platform.send(cast.club, cast.nurse, video)
    product.settle()
    assert product.open_looks() == 1
    for _ in range(6):
        product.advance(seconds=8)
        product.settle()

    assert product.looked() == [("identifiers", None, "incident")]
    assert "วิดีโอที่ส่งเมื่อ" in product.line.texts(cast.club)[0]
    assert 3 <= len(product.line.calls(CONTENTS)) <= 5


def test_a_video_that_is_never_ready_ends_as_not_inspected_within_the_hour(
    product: Product, cast: Cast
) -> None:
    video = Attachment("video", BAND, "video/mp4", duration_ms=9_000, ready_after_ms=10**9)
    product.platform.send(cast.club, cast.nurse, video)
    for _ in range(62):
        product.settle()
        product.advance(minutes=1)

    assert product.looked() == [("not_inspected", "still_preparing", None)]
    assert len(product.line.calls(CONTENTS)) < 70


def test_a_content_that_line_has_deleted_is_counted_as_gone(product: Product, cast: Cast) -> None:
    message = product.platform.send_image(cast.club, cast.nurse, BAND)
    product.platform.world.contents.expire(message.message_id)
    product.settle()

    assert product.looked() == [("not_inspected", "gone", None)]


def test_a_content_of_another_server_is_never_fetched(product: Product, cast: Cast) -> None:
    picture = Attachment("image", b"", "image/jpeg", external_url="https://elsewhere.example/a.jpg")
    product.platform.send(cast.club, cast.nurse, picture)
    product.settle()

    assert product.looked() == [("not_inspected", "external", None)]
    assert product.line.calls(CONTENTS) == []


def test_a_line_that_does_not_answer_clearly_is_asked_again(product: Product, cast: Cast) -> None:
    product.platform.inject(InjectedFault(FaultKind.CLOSE, path=CONTENTS, times=2))
    send(product, cast)
    for _ in range(3):
        product.advance(seconds=10)
        product.settle()

    assert product.looked() == [("identifiers", None, "incident")]


def test_where_nobody_looks_the_hour_ends_it(product: Product, cast: Cast) -> None:
    product.platform.send_image(cast.club, cast.nurse, BAND)
    product.deliver()
    product.processor.work()
    product.advance(minutes=61)
    product.upkeep.run_all()

    assert product.looked() == [("not_inspected", "not_fetched", None)]


# --- crashes --------------------------------------------------------------------------------


def test_a_look_whose_worker_was_killed_is_done_by_the_next(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    product.platform.send_image(cast.club, cast.nurse, BAND)
    product.deliver()
    product.processor.work()
    assert product.parts.look_queue.claim() is not None  # and then it died
    product.settle()
    assert product.open_looks() == 1
    product.advance(minutes=5)
    product.upkeep.run()
    product.settle()

    assert product.looked() == [("identifiers", None, "incident")]
    assert looker.looked_at == [BAND]


def test_a_worker_that_lost_its_lease_leaves_nothing_behind(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    def lose() -> None:
        product.advance(minutes=10)
        product.upkeep.run()
        looker.while_looking = lambda: None

    looker.while_looking = lose
    send(product, cast)
    product.settle()

    assert looker.looked_at == [BAND, BAND]
    assert product.count(incidents) == 1
    assert product.count(incident_messages) == 1


class Choking(ScriptedLooker):
    def look(self, content: bytes, file_name: str = "") -> Look:
        raise ValueError(f"HN 650012345 {content!r} {file_name}")


def test_a_look_that_always_fails_is_parked_and_the_others_go_on(
    product: Product, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    policy = PolicyOfTheDay(product.parts.documents, product.parts.clock)
    well, product.parts.__dict__["looker"] = product.looking, Choking()
    product.looking = make_looking(product.parts, policy, lambda _ids: None)
    product.platform.send_image(cast.club, cast.nurse, BAND)
    for _ in range(6):
        product.settle()
        product.advance(minutes=1)
    product.looking = well
    send(product, cast)

    (parked,) = product.parts.look_queue.parked()
    assert parked.park_reason.startswith("ValueError at ")
    assert "650012345" not in caplog.text
    assert sorted(str(end) for end, _, _ in product.looked()) == ["None", "identifiers"]
    product.advance(hours=3)
    assert product.parts.look_queue.rerun([parked.id]) == 1
    product.upkeep.run_all()
    product.settle()
    assert [end for end, _, _ in product.looked()] == ["identifiers", "identifiers"]


@dataclass
class Dying(ScriptedLooker):
    deaths: int = 1

    def look(self, content: bytes, file_name: str = "") -> Look:
        if len(self.looked_at) < self.deaths:
            self.looked_at.append(content)
            return unreadable(Unseen.LOOKER_DIED)
        return super().look(content, file_name)


@pytest.mark.parametrize(
    ("deaths", "end"),
    [(1, ("identifiers", None, "incident")), (2, ("unreadable", "looker_died", "nothing"))],
)
def test_a_looker_that_died_is_given_one_more_try(
    product: Product, cast: Cast, deaths: int, end: tuple[str, str | None, str]
) -> None:
    with_looker(product, Dying(dict(SEES), deaths=deaths))
    send(product, cast)
    product.advance(seconds=3)
    product.settle()

    assert product.looked() == [end]


@dataclass
class Broken(ScriptedLooker):
    """One whose models are missing, until somebody installs them."""

    is_broken: bool = True

    def make_ready(self) -> None:
        if self.is_broken:
            raise LookerNotStartedError("cannot start")


def with_looker(product: Product, looker: ScriptedLooker) -> None:
    policy = PolicyOfTheDay(product.parts.documents, product.parts.clock)
    product.parts.__dict__["looker"] = looker
    product.looking = make_looking(product.parts, policy, lambda _ids: None)


def test_a_looker_that_cannot_start_is_waited_for_and_nothing_is_fetched_meanwhile(
    product: Product, cast: Cast
) -> None:
    broken = Broken(dict(SEES))
    with_looker(product, broken)
    send(product, cast)
    product.advance(minutes=20)
    product.settle()

    assert product.open_looks() == 1
    assert product.line.calls(CONTENTS) == []
    broken.is_broken = False
    product.advance(minutes=1)
    product.settle()
    assert product.looked() == [("identifiers", None, "incident")]


def test_when_the_hour_is_over_it_is_parked_for_whoever_mends_the_looker(
    product: Product, cast: Cast
) -> None:
    broken = Broken(dict(SEES))
    with_looker(product, broken)
    send(product, cast)
    send(product, cast)
    for _ in range(65):
        product.advance(minutes=1)
        product.settle()
        product.upkeep.run()

    parked = product.parts.look_queue.parked()
    assert len(parked) == 2
    assert parked[0].park_reason.startswith("LookerNotStartedError")
    broken.is_broken = False
    assert product.parts.look_queue.rerun([]) == 2
    product.settle()
    assert [end[0] for end in product.looked()] == ["identifiers"] * 2


def test_what_was_prepared_for_long_is_still_given_a_second_looker(
    product: Product, cast: Cast
) -> None:
    with_looker(product, Dying(dict(SEES), deaths=1))
    product.platform.inject(InjectedFault(FaultKind.CLOSE, path=CONTENTS, times=2))
    send(product, cast)
    for _ in range(3):
        product.advance(seconds=10)
        product.settle()

    assert product.looked() == [("identifiers", None, "incident")]


def test_parked_looks_are_given_up_after_seven_days(product: Product, cast: Cast) -> None:
    send(product, cast, CAT)
    with product.parts.database.write() as connection:
        connection.execute(update(looks).values(state="parked", outcome=None, settled_at=None))
    product.advance(hours=7 * 24 + 1)
    product.upkeep.run_all()

    assert product.looked()[0][:2] == ("not_inspected", "looker_died")


def test_settled_looks_are_forgotten_after_two_weeks(product: Product, cast: Cast) -> None:
    send(product, cast)
    product.advance(hours=14 * 24 + 1)
    product.upkeep.run_all()

    assert product.count(looks) == 0


def test_a_group_that_is_a_social_one_is_never_asked_about_faces(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    classify(product.parts, cast.club.chat_id, GroupKind.SOCIAL)
    send(product, cast, SELFIE)

    assert product.looked() == [("face", None, "nothing")]
    assert product.line.bot_messages(cast.club) == []


def classify(parts: Parts, line_id: str, kind: GroupKind) -> None:
    with parts.store.unit_of_work() as uow:
        group = uow.registry.locate(line_id, None).group
        assert group is not None
        group_changes.classify(uow, group, kind=kind, by="test", at=parts.clock.now())
