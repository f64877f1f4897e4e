"""How LINE says no: a status, a message, and where the fault lies."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Detail:
    message: str
    property: str

    def as_json(self) -> dict[str, str]:
        return {"message": self.message, "property": self.property}


# Not frozen, unlike the other records: Python writes the traceback into it.
@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - it is an answer of the API, not an error of ours
    """Raised wherever LINE would answer with something other than success."""

    status: int
    message: str
    details: tuple[Detail, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        said: dict[str, Any] = {"message": self.message}
        if self.details:
            said["details"] = [detail.as_json() for detail in self.details]
        return said | self.extra


def broken_body(details: list[Detail]) -> Refusal:
    return Refusal(400, f"The request body has {len(details)} error(s)", tuple(details))


def broken_message(index: int, details: list[Detail]) -> Refusal:
    return Refusal(
        400, f"A message (messages[{index}]) in the request body is invalid", tuple(details)
    )


def invalid_parameter(name: str) -> Refusal:
    return Refusal(400, f"The value for the '{name}' parameter is invalid")


NOT_FOUND = "Not found"
CONTENT_NOT_FOUND = "not found"
CONTENT_GONE = "The content is gone"
NOT_AVAILABLE = "Access to this API is not available for your account"
INVALID_REPLY_TOKEN = "Invalid reply token"  # noqa: S105 - a sentence, not a secret
FAILED_TO_SEND = "Failed to send messages"
RATE_EXCEEDED = "The API rate limit has been exceeded. Try again later."
MONTHLY_LIMIT = "You have reached your monthly limit."
RETRY_KEY_ACCEPTED = "The retry key is already accepted"
NO_AUTHORIZATION = (
    "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"
)
BAD_TOKEN = (
    "Authentication failed due to the following reason: invalid token. "  # noqa: S105 - a sentence
    "Confirm that the access token in the authorization header is valid."
)
