"""Bytes of what people sent; on the real platform the host api-data.line.me."""

from bot.sandbox.api.exchange import Answer, Ask
from bot.sandbox.contents import TRANSCODED, preview_of, transcoding_of
from bot.sandbox.refusals import CONTENT_NOT_FOUND, Refusal
from bot.sandbox.world import World


def content(world: World, ask: Ask) -> Answer:
    found = world.contents.get(ask.parts["messageId"])
    if found.has_failed:
        raise Refusal(404, CONTENT_NOT_FOUND)
    if found.kind in TRANSCODED and world.now_ms() < found.ready_at_ms:
        return Answer(202, data=b"", media_type=found.media_type)
    return Answer(data=found.data, media_type=found.media_type)


def preview(world: World, ask: Ask) -> Answer:
    found = preview_of(world.contents.get(ask.parts["messageId"]))
    return Answer(data=found.data, media_type=found.media_type)


def transcoding(world: World, ask: Ask) -> Answer:
    found = world.contents.get(ask.parts["messageId"])
    return Answer(json={"status": transcoding_of(found, world.now_ms())})
