"""For the sandbox only: what the product did with an event, so that a newcomer can watch it think.

It exists only while the product talks to the simulated LINE, and asks for that LINE's token.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from bot.storage.reads import EventAccount, account_of

if TYPE_CHECKING:
    from bot.bootstrap import Parts
    from bot.storage.types import AnyRow

_DECISION = ("rule: ", "found: ", "group: ", "sender: ", "muted ")


def make_inspection(parts: Parts) -> Blueprint:
    blueprint = Blueprint("inspection", __name__)
    token = parts.settings.line_channel_access_token

    @blueprint.get("/inspect/events/<event_id>")
    def event(event_id: str) -> tuple[Response, int]:
        given = request.headers.get("X-Sandbox-Token", "")
        if not hmac.compare_digest(given.encode(), token.encode()):
            return jsonify(message="token refused"), 401
        with parts.database.read() as connection:
            account = account_of(connection, event_id)
        if account is None:
            return jsonify(message="no such event"), 404
        return jsonify(_as_json(account)), 200

    return blueprint


def _as_json(account: EventAccount) -> dict[str, object]:
    decided = [reason for reason in account.reasons if reason.startswith(_DECISION)]
    return {
        "stages": _stages(account),
        "findings": [
            {"label": label, "reason": _reason(account, label)} for label in account.labels
        ],
        "decision": {
            "verdict": _verdict(account),
            "reasons": decided,
            "actions": [],
            "policy_version": account.policy_version,
        },
        "ledger": [
            {"id": str(row.id), "kind": row.kind, "at": row.at.isoformat()}
            for row in account.entries
        ],
        "outbox": [
            {"say": row.saying, "state": row.state, "via": row.told_by} for row in account.tellings
        ],
    }


def _verdict(account: EventAccount) -> str:
    if account.look is not None and account.look.led_to:
        return str(account.look.led_to)
    return account.outcome or "waiting"


def _reason(account: EventAccount, label: str) -> str:
    start = f"{label}: "
    found = (reason for reason in account.reasons if reason.startswith(start))
    return ", ".join(reason.removeprefix(start) for reason in found)


def _stages(account: EventAccount) -> list[dict[str, str]]:
    stages = [("เก็บไว้แล้ว · stored", account.received_at, account.kind)]
    if account.settled_at is not None:
        stages.append(("ตัดสินแล้ว · judged", account.settled_at, account.outcome or ""))
    look = account.look
    if look is not None and look.settled_at is not None:
        stages.append(("ดูภาพแล้ว · looked at", look.settled_at, _seen(look)))
    return [{"name": name, "at": at.isoformat(), "detail": detail} for name, at, detail in stages]


def _seen(look: AnyRow) -> str:
    """'identifiers, incident', 'not_inspected, external': never what was seen."""
    words = (look.outcome, look.reason, look.led_to, f"{look.milliseconds or 0} ms")
    return ", ".join(filter(None, words))
