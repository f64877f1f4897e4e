"""LINE's own description of its API as a judge of requests, answers and webhooks.

    official = OfficialDescription.load()
    official.check_request("POST", "/v2/bot/message/push", body)           -> list of faults
    official.check_response("POST", "/v2/bot/message/push", 200, answer)   -> list of faults
    official.check_webhook(body)                                           -> list of faults

The OpenAPI files are turned into JSON Schema: `allOf` is flattened, and wherever a
schema with a discriminator is referred to, `type` decides which child is meant.
Requests and answers may hold no properties that the description does not know.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match

LINE_DIRECTORY = Path(__file__).parents[3] / "shared" / "line"
MESSAGING_API = "messaging-api.yml"
WEBHOOK = "webhook.yml"
REF = "#/components/schemas/"
OPENAPI_ONLY = frozenset({"discriminator", "externalDocs", "example", "examples", "description"})
# Documented on 2026-07-07, after the description that we have (platform-facts 1.4).
NEWER_EVENTS: Mapping[str, Any] = {
    "MessageEditedEvent": {
        "allOf": [
            {"$ref": f"{REF}Event"},
            {
                "type": "object",
                "required": ["message"],
                "properties": {
                    "replyToken": {"type": "string"},
                    "message": {"$ref": f"{REF}MessageContent"},
                },
            },
        ]
    }
}

# Documented in words only (platform-facts 3.7): a large video or recording is being prepared.
NOT_READY = ("getMessageContent", 202)

Json = Any
Schema = dict[str, Any]

formats = FormatChecker(formats=())


@formats.checks("uri")
def is_uri(value: object) -> bool:
    return (
        not isinstance(value, str) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$", value) is not None
    )


@dataclass
class Translator:
    """One OpenAPI document as a bundle of JSON Schemas."""

    schemas: Mapping[str, Schema]
    definitions: dict[str, Schema] = field(default_factory=dict)

    def validator(self, schema: Schema) -> Draft202012Validator:
        translated = self.translate(schema)
        return Draft202012Validator(
            {**translated, "$defs": self.definitions}, format_checker=formats
        )

    def translate(self, schema: Schema) -> Schema:
        if "$ref" in schema:
            return {"$ref": f"#/$defs/{self._define(schema['$ref'].removeprefix(REF))}"}
        flat = self._flatten(schema)
        made = {name: value for name, value in flat.items() if name not in OPENAPI_ONLY}
        if "properties" in flat:
            made["properties"] = {n: self.translate(s) for n, s in flat["properties"].items()}
            made.setdefault("additionalProperties", False)
        for name in ("items", "additionalProperties"):
            if isinstance(flat.get(name), dict):
                made[name] = self.translate(flat[name])
        return made

    def _define(self, name: str) -> str:
        if name not in self.definitions:
            self.definitions[name] = {}
            kinds = self._kinds(name)
            if kinds is None:
                self.definitions[name] = self.translate(self.schemas[name])
            else:
                self.definitions[name] = self._dispatch(*kinds)
        return name

    def _kinds(self, name: str) -> tuple[str, Mapping[str, str]] | None:
        discriminator = self.schemas[name].get("discriminator")
        if discriminator is None:
            return None
        mapping = {kind: ref.removeprefix(REF) for kind, ref in discriminator["mapping"].items()}
        return discriminator["propertyName"], mapping

    def _dispatch(self, tag: str, kinds: Mapping[str, str]) -> Schema:
        return {
            "type": "object",
            "required": [tag],
            "properties": {tag: {"enum": list(kinds)}},
            "allOf": [
                {
                    "if": {"properties": {tag: {"const": kind}}, "required": [tag]},
                    "then": self._child(name),
                }
                for kind, name in kinds.items()
            ],
        }

    def _child(self, name: str) -> Schema:
        key = f"{name} itself"
        if key not in self.definitions:
            self.definitions[key] = {}
            self.definitions[key] = self.translate(self._flatten(self.schemas[name]))
        return {"$ref": f"#/$defs/{key}".replace(" ", "%20")}

    def _flatten(self, schema: Schema) -> Schema:
        flat: Schema = {}
        for part in schema.get("allOf", []):
            parent = self.schemas[part["$ref"].removeprefix(REF)] if "$ref" in part else part
            flat = merged(flat, self._flatten(parent))
        own = {name: value for name, value in schema.items() if name != "allOf"}
        return merged(flat, own)


def merged(first: Schema, second: Schema) -> Schema:
    both = {**first, **second}
    if "properties" in first or "properties" in second:
        both["properties"] = {**first.get("properties", {}), **second.get("properties", {})}
    required = [*first.get("required", []), *second.get("required", [])]
    if required:
        both["required"] = sorted(set(required))
    return both


@dataclass
class OfficialDescription:
    paths: Mapping[str, Mapping[str, Schema]]
    api: Translator
    webhook: Translator
    _validators: dict[str, Draft202012Validator] = field(default_factory=dict)

    @classmethod
    def load(cls, directory: Path = LINE_DIRECTORY) -> Self:
        api, webhook = read(directory / MESSAGING_API), read(directory / WEBHOOK)
        events = {**webhook["components"]["schemas"], **NEWER_EVENTS}
        mapping = events["Event"]["discriminator"]["mapping"]
        mapping["messageEdited"] = f"{REF}MessageEditedEvent"
        return cls(api["paths"], Translator(api["components"]["schemas"]), Translator(events))

    def check_request(self, method: str, path: str, body: Json) -> list[str]:
        """Faults of a request; an endpoint that the description does not know is one."""
        operation = self._operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the official description"]
        schema = json_schema(operation.get("requestBody", {}))
        if schema is None:
            return []
        if body is None and not operation["requestBody"].get("required"):
            return []
        return self._faults(self.api, schema, body)

    def check_response(self, method: str, path: str, status: int, body: Json) -> list[str]:
        operation = self._operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the official description"]
        schema = self._response_schema(operation, status)
        return [] if schema is None else self._faults(self.api, schema, body)

    def check_webhook(self, body: Json) -> list[str]:
        return self._faults(self.webhook, {"$ref": f"{REF}CallbackRequest"}, body)

    def _response_schema(self, operation: Schema, status: int) -> Schema | None:
        if (operation["operationId"], status) == NOT_READY:
            return None
        described = operation["responses"].get(str(status))
        if described is not None:
            return json_schema(described)
        # Errors that an operation does not list have the common form all the same.
        return {"$ref": f"{REF}ErrorResponse"} if status >= 400 else {"not": {}}

    def _operation(self, method: str, path: str) -> Schema | None:
        for template, operations in sorted(self.paths.items(), key=lambda item: "{" in item[0]):
            if method.lower() in operations and matches(template, path):
                return dict(operations[method.lower()])
        return None

    def _faults(self, translator: Translator, schema: Schema, body: Json) -> list[str]:
        key = f"{id(translator)} {json.dumps(schema, sort_keys=True, default=str)}"
        if key not in self._validators:
            self._validators[key] = translator.validator(schema)
        errors = self._validators[key].iter_errors(body)
        return [f"{error.json_path}: {clearest(error)}" for error in errors]


def clearest(error: ValidationError) -> str:
    deepest = best_match([error])
    found = deepest if deepest is not None else error
    return f"{found.json_path} {found.message[:200]}"


def matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) is not None


def json_schema(described: Schema) -> Schema | None:
    media = described.get("content", {}).get("application/json")
    return None if media is None else media["schema"]


@cache
def read_text(path: Path) -> str:
    if not path.exists():
        message = (
            f"{path.name} is missing: the official descriptions of the LINE API are expected "
            f"in ../shared/line beside the repository"
        )
        raise FileNotFoundError(message)
    return path.read_text(encoding="utf-8")


def read(path: Path) -> Schema:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: Schema = yaml.load(read_text(path), Loader=loader)  # noqa: S506 - both are safe
    return document
