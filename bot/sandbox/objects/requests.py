"""Request bodies of the endpoints, and the refusal that each fault leads to."""

from typing import Any

from bot.sandbox.measures import grapheme_clusters
from bot.sandbox.objects.actions import RICH_MENU_ACTION
from bot.sandbox.objects.flex import FlexPlace
from bot.sandbox.objects.messages import MESSAGES
from bot.sandbox.objects.shapes import (
    Fault,
    Flag,
    Json,
    ListOf,
    Shape,
    Text,
    Url,
    Whole,
    dotted,
    record,
)
from bot.sandbox.refusals import Detail, Refusal, broken_body, broken_message

ID = Text(least=1)
SILENT: dict[str, Shape] = {"notificationDisabled": Flag()}
UNIT = Text(most=30, least=1, pattern="[a-zA-Z0-9_]+")
ALIAS = Text(most=32, least=1, pattern="[a-z0-9_-]+")
WEBHOOK_URL = Url(("http", "https"), most=500)

REPLY = record(need={"messages": MESSAGES, "replyToken": ID}, may=SILENT)
PUSH = record(
    need={"messages": MESSAGES, "to": ID},
    may={**SILENT, "customAggregationUnits": ListOf(UNIT, most=1)},
)
MULTICAST = record(
    need={"messages": MESSAGES, "to": ListOf(ID, least=1, most=500)},
    may={**SILENT, "customAggregationUnits": ListOf(UNIT, most=1)},
)
BROADCAST = record(need={"messages": MESSAGES}, may=SILENT)
VALIDATE = record(need={"messages": MESSAGES})
LOADING = record(need={"chatId": ID}, may={"loadingSeconds": Whole(least=5, most=60, step=5)})
MARK_AS_READ = record(need={"markAsReadToken": ID})
SET_WEBHOOK = record(need={"endpoint": WEBHOOK_URL})
TEST_WEBHOOK = record(may={"endpoint": WEBHOOK_URL})
BOUNDS = record(
    need={
        "x": Whole(least=0),
        "y": Whole(least=0),
        "width": Whole(least=1),
        "height": Whole(least=1),
    },
)
RICH_MENU = record(
    need={
        "size": record(need={"width": Whole(least=800, most=2500), "height": Whole(least=250)}),
        "selected": Flag(),
        "name": Text(most=300, least=1, measure=grapheme_clusters),
        "chatBarText": Text(most=14, least=1, measure=grapheme_clusters),
        "areas": ListOf(record(need={"bounds": BOUNDS, "action": RICH_MENU_ACTION}), most=20),
    },
)
CREATE_ALIAS = record(need={"richMenuAliasId": ALIAS, "richMenuId": ID})
UPDATE_ALIAS = record(need={"richMenuId": ID})
BULK_LINK = record(need={"richMenuId": ID, "userIds": ListOf(ID, least=1, most=500)})
BULK_UNLINK = record(need={"userIds": ListOf(ID, least=1, most=500)})


def demand(shape: Shape, body: Json) -> dict[str, Any]:
    """The body, if it has the shape; otherwise LINE's refusal of it."""
    faults = list(shape.faults(body, ()))
    if faults:
        raise refusal_of(faults)
    return dict(body)


def refusal_of(faults: list[Fault]) -> Refusal:
    flex = [fault for fault in faults if _in_flex(fault)]
    if flex:
        index = next(step for step in flex[0].path if isinstance(step, int))
        return broken_message(index, [_detail(fault) for fault in flex if index in fault.path])
    return broken_body([_detail(fault) for fault in faults])


def _in_flex(fault: Fault) -> bool:
    return bool(fault.path) and isinstance(fault.path[-1], FlexPlace)


def _detail(fault: Fault) -> Detail:
    if _in_flex(fault):
        return Detail(fault.message, str(fault.path[-1]))
    return Detail(fault.message, dotted(fault.path))
