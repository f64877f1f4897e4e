"""Pictures of the bot: fetched once from this machine, as LINE would from a public server."""

from __future__ import annotations

import pytest

from tests.line.answering import answering, line
from tests.sandbox.conftest import Stage


def sent(stage: Stage, url: str) -> str:
    picture = {"type": "image", "originalContentUrl": url, "previewImageUrl": f"{url}?small"}
    stage.reply(picture)
    return stage.platform.bot_messages(stage.ward)[-1].message_id


def shown(stage: Stage, message_id: str, size: str = "preview") -> tuple[int, bytes]:
    answer = stage.client.get(f"/sandbox/api/pictures/{message_id}/{size}")
    return answer.status_code, answer.data


def test_each_size_is_fetched_once_however_often_it_is_looked_at(stage: Stage) -> None:
    with line(answering(200, b"jpeg", Content_Type="image/jpeg")) as (base, asked):
        message_id = sent(stage, f"{base}/copies/a")
        seen = [shown(stage, message_id) for _ in range(3)] + [shown(stage, message_id, "original")]

    assert seen == [(200, b"jpeg")] * 4
    assert asked == ["/copies/a?small", "/copies/a"]


@pytest.mark.parametrize(
    ("status", "media_type"), [(404, "image/jpeg"), (302, "image/jpeg"), (200, "text/html")]
)
def test_what_is_no_picture_is_not_shown(stage: Stage, status: int, media_type: str) -> None:
    with line(answering(status, b"x", Content_Type=media_type)) as (base, _):
        assert shown(stage, sent(stage, f"{base}/copies/a")) == (404, b"")


def test_what_a_person_sent_is_not_fetched(stage: Stage) -> None:
    message = stage.platform.send_image(stage.ward, stage.nurse, b"jpeg")

    assert shown(stage, message.message_id)[0] == 404
