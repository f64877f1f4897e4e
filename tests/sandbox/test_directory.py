"""Profiles, members, contents, rich menus and the channel, as a bot meets them."""

from bot.sandbox.speech import Attachment
from tests.sandbox.conftest import Stage
from tests.sandbox.harness import TOKEN

MENU = {
    "size": {"width": 2500, "height": 843},
    "selected": True,
    "name": "เมนูหลัก",
    "chatBarText": "เมนู",
    "areas": [
        {
            "bounds": {"x": 0, "y": 0, "width": 1250, "height": 843},
            "action": {"type": "postback", "data": "menu=1"},
        }
    ],
}


def group(stage: Stage, rest: str) -> str:
    return f"/v2/bot/group/{stage.ward.chat_id}/{rest}"


def test_a_group_is_summed_up(stage: Stage) -> None:
    assert stage.ask("GET", group(stage, "summary")).json == {
        "groupId": stage.ward.chat_id,
        "groupName": stage.ward.name,
    }
    assert stage.ask("GET", group(stage, "members/count")).json == {"count": 2}


def test_a_malformed_group_id_is_refused(stage: Stage) -> None:
    answer = stage.ask("GET", "/v2/bot/group/nonsense/summary")
    assert (answer.status_code, answer.json) == (
        400,
        {"message": "The value for the 'groupId' parameter is invalid"},
    )


def test_a_group_without_the_bot_is_not_found(stage: Stage) -> None:
    stage.platform.remove_bot(stage.ward)
    answer = stage.ask("GET", group(stage, "summary"))
    assert (answer.status_code, answer.json) == (404, {"message": "Not found"})


def test_a_member_has_a_profile_without_being_a_friend(stage: Stage) -> None:
    answer = stage.ask("GET", group(stage, f"member/{stage.doctor.user_id}"))
    assert answer.json == {"displayName": "นพ. บี", "userId": stage.doctor.user_id}
    assert stage.ask("GET", f"/v2/bot/profile/{stage.doctor.user_id}").status_code == 404


def test_a_friend_has_a_profile(stage: Stage) -> None:
    answer = stage.ask("GET", f"/v2/bot/profile/{stage.nurse.user_id}")
    assert answer.json["displayName"] == "พยาบาล เอ"


def test_who_is_not_in_the_group_is_not_found_there(stage: Stage) -> None:
    assert stage.ask("GET", group(stage, f"member/{stage.stranger.user_id}")).status_code == 404


def test_members_are_listed_for_verified_accounts_only(stage: Stage) -> None:
    refused = stage.ask("GET", group(stage, "members/ids"))
    assert (refused.status_code, refused.json) == (
        403,
        {"message": "Access to this API is not available for your account"},
    )
    stage.platform.set_switches(is_verified=True)
    listed = stage.ask("GET", group(stage, "members/ids"))
    assert listed.json == {"memberIds": [stage.nurse.user_id, stage.doctor.user_id]}


def test_a_long_list_of_members_has_pages(stage: Stage) -> None:
    stage.platform.set_switches(is_verified=True)
    people = [stage.platform.add_person(f"คนที่ {n}") for n in range(150)]
    stage.platform.add_person("ไม่ยินยอม", shares_id=False)
    stage.platform.join(stage.ward, *people)
    first = stage.ask("GET", group(stage, "members/ids")).json
    second = stage.ask("GET", group(stage, f"members/ids?start={first['next']}")).json
    assert (len(first["memberIds"]), len(second["memberIds"])) == (100, 52)
    assert "next" not in second
    assert stage.ask("GET", group(stage, "members/ids?start=x")).json == {
        "message": "Invalid start param"
    }


def test_rooms_have_the_same_but_no_summary(stage: Stage) -> None:
    room = stage.platform.add_room([stage.nurse]).chat_id
    assert stage.ask("GET", f"/v2/bot/room/{room}/members/count").json == {"count": 1}
    answer = stage.client.get(f"/v2/bot/room/{room}/summary")
    assert answer.status_code == 404
    assert answer.headers["x-line-request-id"]


def test_the_bot_can_leave(stage: Stage) -> None:
    assert stage.ask("POST", group(stage, "leave")).json == {}
    assert stage.last_event()["type"] == "leave"
    assert stage.ask("POST", group(stage, "leave")).status_code == 404


def test_followers_are_listed_for_verified_accounts_only(stage: Stage) -> None:
    assert stage.ask("GET", "/v2/bot/followers/ids").status_code == 403
    stage.platform.set_switches(is_verified=True)
    assert stage.ask("GET", "/v2/bot/followers/ids").json == {"userIds": [stage.nurse.user_id]}


def test_bytes_of_a_picture_are_served(stage: Stage) -> None:
    picture = stage.platform.send_image(stage.ward, stage.nurse, b"JPEG")
    answer = stage.ask("GET", f"/v2/bot/message/{picture.message_id}/content")
    assert (answer.data, answer.content_type) == (b"JPEG", "image/jpeg")
    preview = stage.ask("GET", f"/v2/bot/message/{picture.message_id}/content/preview")
    assert preview.status_code == 200


def test_the_content_is_gone_after_an_unsend(stage: Stage) -> None:
    picture = stage.platform.send_image(stage.ward, stage.nurse, b"JPEG")
    stage.platform.unsend(picture)
    answer = stage.ask("GET", f"/v2/bot/message/{picture.message_id}/content")
    assert (answer.status_code, answer.json) == (410, {"message": "The content is gone"})


def test_a_text_has_no_content(stage: Stage) -> None:
    message = stage.platform.say(stage.ward, stage.nurse, "ก")
    answer = stage.ask("GET", f"/v2/bot/message/{message.message_id}/content")
    assert (answer.status_code, answer.json) == (404, {"message": "not found"})


def test_a_large_video_takes_its_time(stage: Stage) -> None:
    film = Attachment("video", b"MP4", "video/mp4", duration_ms=9000, ready_after_ms=5000)
    path = f"/v2/bot/message/{stage.platform.send(stage.ward, stage.nurse, film).message_id}"
    assert stage.client.get(f"{path}/content", headers=authorized()).status_code == 202
    assert stage.ask("GET", f"{path}/content/transcoding").json == {"status": "processing"}
    stage.clock.advance(seconds=5)
    assert stage.ask("GET", f"{path}/content/transcoding").json == {"status": "succeeded"}
    assert stage.ask("GET", f"{path}/content").data == b"MP4"


def test_a_picture_is_not_transcoded_and_a_file_has_no_preview(stage: Stage) -> None:
    picture = stage.platform.send_image(stage.ward, stage.nurse, b"JPEG").message_id
    file = stage.platform.send_file(stage.ward, stage.nurse, "ผล.pdf", b"PDF").message_id
    answer = stage.ask("GET", f"/v2/bot/message/{picture}/content/transcoding")
    assert answer.json == {"message": "Transcoding status doesn't support this type of content"}
    answer = stage.ask("GET", f"/v2/bot/message/{file}/content/preview")
    assert answer.json == {"message": "The content can not be previewed"}


def test_external_content_is_not_served(stage: Stage) -> None:
    outside = Attachment("image", b"", external_url="https://example.org/a.png")
    message = stage.platform.send(stage.ward, stage.nurse, outside)
    assert stage.ask("GET", f"/v2/bot/message/{message.message_id}/content").status_code == 404


def authorized() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def test_a_request_needs_authorization(stage: Stage) -> None:
    missing = stage.client.get("/v2/bot/info")
    assert missing.status_code == 401
    assert missing.json["message"].startswith("Authorization header required")
    wrong = stage.client.get("/v2/bot/info", headers={"Authorization": "Bearer sandbox-other"})
    assert wrong.json["message"].startswith("Authentication failed due to the following reason")


def test_the_bot_knows_itself(stage: Stage) -> None:
    info = stage.ask("GET", "/v2/bot/info").json
    assert info["userId"] == stage.platform.world.channel.bot_user_id
    assert (info["chatMode"], info["markAsReadMode"]) == ("bot", "auto")


def test_an_access_token_is_verified(stage: Stage) -> None:
    right = stage.client.get(f"/oauth2/v2.1/verify?access_token={TOKEN}")
    assert right.json["client_id"] == stage.platform.world.channel.channel_id
    wrong = stage.client.post("/v2/oauth/verify", data={"access_token": "x"})
    assert (wrong.status_code, wrong.json["error"]) == (400, "invalid_request")


def test_the_webhook_address_is_set_and_tried(stage: Stage) -> None:
    path = "/v2/bot/channel/webhook"
    stage.ask("PUT", f"{path}/endpoint", {"endpoint": "https://bot.example/hook"})
    assert stage.ask("GET", f"{path}/endpoint").json == {
        "endpoint": "https://bot.example/hook",
        "active": True,
    }
    assert stage.ask("POST", f"{path}/test", {}).json["success"] is True
    assert stage.webhooks.json()[-1]["events"] == []


def test_a_link_token_works_once_and_for_its_person(stage: Stage) -> None:
    path = f"/v2/bot/user/{stage.nurse.user_id}/linkToken"
    token = stage.ask("POST", path).json["linkToken"]
    stage.platform.link_account(stage.nurse, token, "nonce-0123456789")
    assert stage.last_event()["link"] == {"result": "ok", "nonce": "nonce-0123456789"}
    stage.platform.link_account(stage.nurse, token, "nonce-0123456789")
    failed = stage.last_event()
    assert failed["link"]["result"] == "failed"
    assert "source" not in failed
    assert "replyToken" not in failed


def test_a_rich_menu_is_made_drawn_and_shown(stage: Stage) -> None:
    menu = stage.ask("POST", "/v2/bot/richmenu", MENU).json["richMenuId"]
    default = f"/v2/bot/user/all/richmenu/{menu}"
    assert stage.ask("POST", default).status_code == 400
    image = f"/v2/bot/richmenu/{menu}/content"
    wrong = stage.client.post(image, data=b"x", headers=authorized(), content_type="text/plain")
    assert wrong.status_code == 415
    stage.client.post(image, data=b"PNG", headers=authorized(), content_type="image/png")
    assert stage.ask("POST", default).json == {}
    assert stage.ask("GET", "/v2/bot/user/all/richmenu").json == {"richMenuId": menu}
    assert stage.ask("GET", "/v2/bot/richmenu/list").json["richmenus"][0]["name"] == "เมนูหลัก"
    assert stage.ask("GET", image).data == b"PNG"


def test_a_rich_menu_is_linked_to_a_person_and_deleted(stage: Stage) -> None:
    menu = stage.ask("POST", "/v2/bot/richmenu", MENU).json["richMenuId"]
    stage.platform.world.rich_menus.draw(menu, b"PNG", "image/png")
    mine = f"/v2/bot/user/{stage.nurse.user_id}/richmenu"
    assert stage.ask("GET", mine).status_code == 404
    stage.ask("POST", f"{mine}/{menu}")
    assert stage.ask("GET", mine).json == {"richMenuId": menu}
    stage.ask("DELETE", f"/v2/bot/richmenu/{menu}")
    assert stage.ask("GET", mine).status_code == 404


def test_a_rich_menu_has_aliases(stage: Stage) -> None:
    menu = stage.ask("POST", "/v2/bot/richmenu", MENU).json["richMenuId"]
    body = {"richMenuAliasId": "main", "richMenuId": menu}
    assert stage.ask("POST", "/v2/bot/richmenu/alias", body).json == {}
    assert stage.ask("POST", "/v2/bot/richmenu/alias", body).status_code == 400
    assert stage.ask("GET", "/v2/bot/richmenu/alias/main").json == body
    assert stage.ask("GET", "/v2/bot/richmenu/alias/list").json == {"aliases": [body]}
    stage.ask("DELETE", "/v2/bot/richmenu/alias/main")
    assert stage.ask("GET", "/v2/bot/richmenu/alias/main").status_code == 404


def test_a_broken_rich_menu_is_refused(stage: Stage) -> None:
    assert (
        stage.ask("POST", "/v2/bot/richmenu", {**MENU, "chatBarText": "ก" * 15}).status_code == 400
    )
    assert stage.ask("POST", "/v2/bot/richmenu/validate", MENU).json == {}
