"""Groups, members and friends: who is where, by the time of the event."""

from __future__ import annotations

from bot.ports import ErrandKind
from bot.storage.tables import errands, groups, incidents, members, people, roster_members, rosters
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product


def test_on_joining_the_bot_introduces_itself_and_the_group_is_not_approved(
    product: Product, cast: Cast
) -> None:
    club = product.platform.add_group("กลุ่มใหม่", [cast.nurse, cast.doctor], has_bot=False)
    product.platform.invite_bot(club)
    product.settle()

    (said,) = product.line.texts(club)
    assert "งานไอที" in said
    (group,) = product.rows(groups)
    assert group.approval == "none"


def test_the_names_of_group_and_members_are_asked_of_line_and_kept_sealed(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")

    with product.parts.store.unit_of_work() as uow:
        place = uow.registry.locate(cast.club.chat_id, cast.nurse.user_id)
    assert place.group is not None
    assert place.person is not None
    assert (place.group.name, place.person.name) == ("ชมรมวิ่ง", "พยาบาลนก")
    assert place.group.member_count == 3
    assert product.count(errands) == 0
    assert "ชมรมวิ่ง".encode() not in product.rows(groups)[0].name_sealed


def test_a_verified_account_learns_the_silent_members_too(product: Product, cast: Cast) -> None:
    product.platform.set_switches(is_verified=True)
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")

    assert product.count(members) == 3


def test_who_is_seen_speaking_is_entered_once_however_much_they_say(
    product: Product, cast: Cast
) -> None:
    for words in ("สวัสดีค่ะ", "เวรเช้ามาแล้วนะคะ", "ขอบคุณค่ะ"):
        product.say(cast.club, cast.nurse, words)
        product.advance(seconds=30)
    assert product.membership() == ["member.seen"]


def test_a_list_of_members_is_one_entry_and_a_list_that_tells_nothing_new_is_none(
    product: Product, cast: Cast
) -> None:
    product.platform.set_switches(is_verified=True)
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    assert product.membership() == ["member.seen", "members.listed"]

    with product.parts.store.unit_of_work() as uow:
        uow.errands.ask(ErrandKind.MEMBER_LIST, cast.club.chat_id)
    product.settle()
    assert product.count(errands) == 0
    assert product.membership() == ["member.seen", "members.listed"]


def test_joining_and_leaving_are_known_by_name_and_on_record(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    new = product.platform.add_person("คนใหม่")
    product.platform.join(cast.club, new)
    product.settle()
    product.advance(seconds=5)
    product.platform.leave(cast.club, new)
    product.settle()

    assert product.entries() == ["member.joined", "member.left"]
    present = [row.is_present for row in product.rows(members)]
    assert sorted(present) == [False, True]


def test_the_recipients_of_an_incident_are_the_roster_of_its_moment(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    product.say(cast.club, cast.doctor, "สวัสดีครับ")
    product.advance(seconds=1)
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=5)
    product.say(cast.club, cast.friend, "มาช้า")
    product.say(cast.club, cast.friend, HN_TEXT)

    first, second = sorted(product.rows(rosters), key=lambda row: row.number)
    rows = product.rows(roster_members)
    assert sum(row.roster_id == first.id for row in rows) == 2
    assert sum(row.roster_id == second.id for row in rows) == 3
    assert {row.roster_id for row in product.rows(incidents)} == {first.id, second.id}


def test_messages_share_one_roster_until_membership_changes(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=10)
    product.say(cast.club, cast.nurse, HN_TEXT)

    assert product.count(incidents) == 2
    assert product.count(rosters) == 1


def test_when_the_bot_is_taken_out_the_approval_ends(product: Product, cast: Cast) -> None:
    product.say(cast.ward, cast.nurse, "สวัสดีค่ะ")
    product.approve(cast.ward)
    product.advance(seconds=1)
    product.platform.remove_bot(cast.ward)
    product.settle()
    product.advance(seconds=1)
    product.platform.invite_bot(cast.ward)
    product.settle()

    (group,) = product.rows(groups)
    assert group.approval == "none"
    assert group.left_at is None


def test_follow_and_unfollow_are_taken_by_the_time_they_happened(
    product: Product, cast: Cast
) -> None:
    product.platform.set_habits(holds=True)
    product.platform.follow(cast.nurse)
    product.advance(seconds=1)
    product.platform.unfollow(cast.nurse)
    product.platform.release("reversed")
    product.settle()

    (person,) = product.rows(people)
    assert person.is_friend is False


def test_the_name_of_a_file_is_text(product: Product, cast: Cast) -> None:
    product.platform.send_file(cast.club, cast.nurse, "ผลเลือด HN650012345.pdf", b"%PDF")
    product.settle()

    assert product.outcomes() == ["incident"]


def test_a_location_and_a_room_are_judged_like_any_group(product: Product, cast: Cast) -> None:
    room = product.platform.add_room([cast.nurse, cast.doctor])
    product.platform.send_location(
        room, cast.nurse, title="บ้านคนไข้ HN 650012345", address="", latitude=13.7, longitude=100.5
    )
    product.settle()

    assert product.outcomes() == ["incident"]
    assert product.told()[0] == ("warning", "told")


def test_in_the_private_chat_a_text_can_be_checked_and_goes_on_no_record(
    product: Product, cast: Cast
) -> None:
    own_chat = product.platform.chat(cast.nurse.user_id)
    product.say(own_chat, cast.nurse, HN_TEXT)
    product.say(own_chat, cast.nurse, "คนไข้เตียง 5 ฝากตามผล")

    assert [said for said, _ in product.told()] == ["self_check_found", "self_check_clean"]
    assert product.count(incidents) == 0
    assert "650012345" not in "".join(product.line.texts(own_chat))
