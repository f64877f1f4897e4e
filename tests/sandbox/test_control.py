"""The control API, as the page uses it."""

import io
from typing import Any

import pytest

from tests.sandbox.conftest import Stage

API = "/sandbox/api"
Json = dict[str, Any]


def post(stage: Stage, path: str, body: Json | None = None, status: int = 200) -> Json:
    answer = stage.client.post(f"{API}{path}", json=body or {})
    assert answer.status_code == status, answer.json
    found: Json = answer.json
    return found


def test_the_state_names_people_and_chats(stage: Stage) -> None:
    state = stage.client.get(f"{API}/state").json
    assert {"พยาบาล เอ", "นพ. บี"} <= {person["name"] for person in state["people"]}
    assert stage.ward.name in {chat["name"] for chat in state["chats"]}
    assert "secret" not in str(state).lower()


def test_a_text_is_said_and_found_again(stage: Stage) -> None:
    before = stage.client.get(f"{API}/state").json["lastChange"]
    body = {
        "as": stage.nurse.user_id,
        "text": "@นพ. บี ค่ะ",
        "mentions": [{"index": 0, "length": 7, "target": stage.doctor.user_id}],
    }
    said = post(stage, f"/chats/{stage.ward.chat_id}/text", body)
    stage.events()
    changes = stage.client.get(f"{API}/changes?since={before}").json
    assert [message["id"] for message in changes["messages"]] == [said["id"]]
    assert changes["events"][0]["messageId"] == said["id"]
    assert changes["deliveries"][0]["status"] == 200
    again = stage.client.get(f"{API}/changes?since={changes['last']}").json
    assert again["messages"] == []


def test_a_call_of_the_bot_is_shown(stage: Stage) -> None:
    stage.reply({"type": "text", "text": "ค่ะ"})
    calls = stage.client.get(f"{API}/calls").json["calls"]
    assert (calls[-1]["path"], calls[-1]["status"]) == ("/v2/bot/message/reply", 200)
    assert "headers" not in calls[-1]


def test_pictures_sent_together_are_a_set(stage: Stage) -> None:
    form = {
        "as": stage.nurse.user_id,
        "file": [
            (io.BytesIO(b"1"), "a.png", "image/png"),
            (io.BytesIO(b"2"), "b.png", "image/png"),
        ],
    }
    answer = stage.client.post(f"{API}/chats/{stage.ward.chat_id}/attachments", data=form)
    assert [m["content"]["imageSet"]["total"] for m in answer.json["messages"]] == [2, 2]


def test_a_file_cannot_run_in_the_page(stage: Stage) -> None:
    form = {"as": stage.nurse.user_id, "file": (io.BytesIO(b"<script>"), "a.html", "text/html")}
    answer = stage.client.post(f"{API}/chats/{stage.ward.chat_id}/attachments", data=form)
    message = answer.json["messages"][0]
    assert message["content"]["type"] == "file"
    shown = stage.client.get(f"{API}/contents/{message['id']}")
    assert shown.content_type == "application/octet-stream"
    assert shown.headers["Content-Disposition"] == "attachment"


def test_edit_and_unsend(stage: Stage) -> None:
    said = post(
        stage, f"/chats/{stage.ward.chat_id}/text", {"as": stage.nurse.user_id, "text": "ก"}
    )
    assert post(stage, f"/messages/{said['id']}/edit", {"text": "ข"})["content"]["text"] == "ข"
    assert post(stage, f"/messages/{said['id']}/unsend")["unsentAt"] is not None
    post(stage, f"/messages/{said['id']}/unsend", status=409)


def test_coming_and_going(stage: Stage) -> None:
    person = post(stage, "/people", {"name": "คนใหม่"})
    group = post(stage, "/groups", {"name": "กลุ่มใหม่", "members": [person["id"]], "hasBot": True})
    assert group["hasBot"] is True
    path = f"/chats/{group['id']}"
    assert len(post(stage, f"{path}/join", {"people": [stage.nurse.user_id]})["members"]) == 2
    assert len(post(stage, f"{path}/leave", {"people": [person["id"]]})["members"]) == 1
    assert post(stage, f"{path}/remove-bot")["hasBot"] is False
    assert post(stage, f"{path}/invite-bot")["hasBot"] is True
    assert post(stage, f"/people/{person['id']}/follow")["friendship"] == "friend"
    assert post(stage, f"/people/{person['id']}/unfollow")["friendship"] == "blocked"


def test_switches_habits_and_faults(stage: Stage) -> None:
    assert post(stage, "/switches", {"isVerified": True})["switches"]["isVerified"] is True
    assert post(stage, "/habits", {"holds": True})["habits"]["holds"] is True
    assert post(stage, "/quota", {"limit": 300})["quota"] == {"limit": 300, "used": 0}
    fault = {"kind": "error", "path": "/v2/bot/message/*", "times": 2}
    assert len(post(stage, "/faults", fault)["faults"]) == 1
    assert stage.client.delete(f"{API}/faults").json["faults"] == []
    post(stage, "/habits", {"colour": 1}, status=400)


def test_a_button_is_pressed(stage: Stage) -> None:
    action = {"type": "postback", "data": "a=1"}
    path = f"/chats/{stage.ward.chat_id}/press"
    post(stage, path, {"as": stage.nurse.user_id, "action": action})
    assert stage.last_event()["postback"] == {"data": "a=1"}


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_pages_from_elsewhere_are_refused(stage: Stage, headers: dict[str, str]) -> None:
    assert (
        stage.client.post(f"{API}/people", json={"name": "x"}, headers=headers).status_code == 403
    )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"kind": "no-such-fault"}),
        ("/faults", {"kind": "hang", "seconds": "long"}),
        ("/people", {"name": "พี่", "friendship": "best"}),
        ("/release", {"perBody": "many"}),
        ("/quota", {}),
    ],
)
def test_what_it_cannot_read_is_refused_with_a_word(stage: Stage, path: str, body: Json) -> None:
    assert post(stage, path, body, status=400)["message"]


@pytest.mark.parametrize("query", ["since=abc", "since=0&wait=long"])
def test_a_question_it_cannot_read_is_refused_with_a_word(stage: Stage, query: str) -> None:
    answer = stage.client.get(f"{API}/changes?{query}")
    assert answer.status_code == 400
    assert answer.json["message"]
