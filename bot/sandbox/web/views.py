"""How the page and the tests see the state: plain JSON, camel case, times in milliseconds."""

import json
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.chats import Chat
from bot.sandbox.delivery import Delivery
from bot.sandbox.events import WebhookEvent
from bot.sandbox.faults import InjectedFault
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.world import World

Json = dict[str, Any]


def person_view(person: Person) -> Json:
    return {
        "id": person.user_id,
        "name": person.name,
        "friendship": person.friendship.value,
        "sharesId": person.shares_id,
    }


def chat_view(world: World, chat: Chat) -> Json:
    last = None
    for message in world.log.in_chat(chat.chat_id):
        if message.is_delivered:
            last = message
    menu = None if chat.is_shared else world.rich_menus.shown_to(chat.chat_id)
    return {
        "id": chat.chat_id,
        "kind": chat.kind.value,
        "name": chat.name,
        "members": list(chat.members),
        "hasBot": chat.has_bot,
        "standby": chat.is_standby,
        "lastMessage": None if last is None else message_view(world, last),
        "richMenu": None if menu is None else menu.as_json(),
    }


def message_view(world: World, message: Message) -> Json:
    content = world.contents.peek(message.message_id)
    return {
        "id": message.message_id,
        "chatId": message.chat_id,
        "sender": message.sender,
        "via": message.via,
        "content": message.content,
        "sentAt": message.sent_at_ms,
        "editedAt": message.edited_at_ms,
        "unsentAt": message.unsent_at_ms,
        "delivered": message.is_delivered,
        "readByBot": message.read_by_bot,
        "mediaType": None if content is None else content.media_type,
        "quotedId": quoted_id(world, message),
        "callId": message.call_id,
        "eventIds": list(world.event_ids_by_message.get(message.message_id, ())),
    }


def quoted_id(world: World, message: Message) -> str | None:
    if not message.is_from_bot:
        quoted = message.content.get("quotedMessageId")
        return None if quoted is None else str(quoted)
    found = world.log.quoted_by(message.content.get("quoteToken", ""))
    return None if found is None else found.message_id


def event_view(event: WebhookEvent) -> Json:
    return {
        "id": event.event_id,
        "type": event.type,
        "chatId": event.chat_id,
        "messageId": event.message_id,
        "happenedAt": event.happened_at_ms,
        "body": event.body,
    }


def delivery_view(delivery: Delivery) -> Json:
    return {
        "number": delivery.number,
        "eventIds": list(delivery.event_ids),
        "attempt": delivery.attempt,
        "redelivery": delivery.is_redelivery,
        "sentAt": delivery.sent_at_ms,
        "status": delivery.status,
        "reason": delivery.reason,
        "tookMs": delivery.took_ms,
        "body": json.loads(delivery.body),
    }


def call_view(call: Call) -> Json:
    return {
        "id": call.request_id,
        "method": call.method,
        "path": call.path,
        "query": call.query,
        "body": call.json,
        "status": call.status,
        "answer": call.answer,
        "at": call.at_ms,
        "tookMs": call.took_ms,
        "fault": call.fault,
        "retryKey": call.headers.get("x-line-retry-key"),
    }


def fault_view(fault: InjectedFault) -> Json:
    return {
        "kind": fault.kind.value,
        "path": fault.path,
        "method": fault.method,
        "times": fault.times,
        "seconds": fault.seconds,
    }


def state_view(world: World) -> Json:
    habits, switches = world.courier.habits, world.switches
    return {
        "bot": {
            "userId": world.channel.bot_user_id,
            "name": world.channel.name,
            "basicId": world.channel.basic_id,
        },
        "people": [person_view(person) for person in world.people.values()],
        "chats": [chat_view(world, chat) for chat in world.chats.values()],
        "switches": {
            "isVerified": switches.is_verified,
            "joinsGroups": switches.joins_groups,
            "chatIsOn": switches.chat_is_on,
            "limitsRates": switches.limits_rates,
        },
        "habits": {
            "usesWebhook": habits.uses_webhook,
            "redelivers": habits.redelivers,
            "extraCopies": habits.extra_copies,
            "delayMs": habits.delay_ms,
            "holds": habits.holds,
            "held": world.courier.held(),
            "pending": world.courier.pending(),
        },
        "quota": {"limit": world.quota.limit, "used": world.quota.used(world.now_ms())},
        "faults": [fault_view(fault) for fault in world.faults.standing()],
        "webhook": world.courier.address.url,
        "lastChange": world.journal.last_number,
        "now": world.now_ms(),
    }
