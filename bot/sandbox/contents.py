"""Bytes of pictures, recordings and files that people sent."""

from dataclasses import dataclass, field, replace

from bot.sandbox.refusals import CONTENT_GONE, CONTENT_NOT_FOUND, Refusal

PREVIEWABLE = frozenset({"image", "video"})
TRANSCODED = frozenset({"video", "audio"})

# One grey pixel, for videos, which the sandbox cannot draw a frame of.
GREY_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c6338010000ca00c999ca5d7e0000000049454e44ae426082"
)


@dataclass(frozen=True)
class Content:
    kind: str
    media_type: str
    data: bytes = field(repr=False)
    ready_at_ms: int = 0
    has_failed: bool = False
    is_gone: bool = False
    is_external: bool = False


@dataclass
class ContentStore:
    _by_message: dict[str, Content] = field(default_factory=dict)

    def put(self, message_id: str, content: Content) -> None:
        self._by_message[message_id] = content

    def erase(self, message_id: str) -> None:
        content = self._by_message.get(message_id)
        if content is not None:
            self._by_message[message_id] = replace(content, data=b"", is_gone=True)

    def expire(self, message_id: str) -> None:
        """LINE deletes contents after a time that it does not tell."""
        self._by_message.pop(message_id, None)

    def get(self, message_id: str) -> Content:
        content = self._by_message.get(message_id)
        if content is None or content.is_external:
            raise Refusal(404, CONTENT_NOT_FOUND)
        if content.is_gone:
            raise Refusal(410, CONTENT_GONE)
        return content

    def peek(self, message_id: str) -> Content | None:
        return self._by_message.get(message_id)


def preview_of(content: Content) -> Content:
    if content.kind not in PREVIEWABLE:
        raise Refusal(400, "The content can not be previewed")
    if content.kind == "video":
        return replace(content, media_type="image/png", data=GREY_PIXEL)
    return content


def transcoding_of(content: Content, now_ms: int) -> str:
    if content.kind not in TRANSCODED:
        raise Refusal(400, "Transcoding status doesn't support this type of content")
    if content.has_failed:
        return "failed"
    return "succeeded" if now_ms >= content.ready_at_ms else "processing"
