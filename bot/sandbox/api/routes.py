"""The table of endpoints: method, path, the bucket of its rate limit, who answers."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.api import channel, contents, directory, messaging, rich_menus
from bot.sandbox.api.exchange import Answer, Ask
from bot.sandbox.world import World

Answerer = Callable[[World, Ask], Answer]


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    """As the official description writes it, with `{parts}`."""
    answer: Answerer
    rate: str = ""
    is_open: bool = False
    """Asks for no Authorization header."""
    calls_back: bool = False
    """Waits for the bot, and so must not hold the lock."""

    @property
    def bucket(self) -> str:
        return self.rate or f"{self.method} {self.path}"


MESSAGE = "/v2/bot/message"
GROUP = "/v2/bot/group/{groupId}"
ROOM = "/v2/bot/room/{roomId}"
MENU = "/v2/bot/richmenu"
USER_MENU = "/v2/bot/user/{userId}/richmenu"
ALIAS = MENU + "/alias/{richMenuAliasId}"
ENDPOINT = "/v2/bot/channel/webhook/endpoint"

ROUTES = (
    Route("POST", f"{MESSAGE}/reply", messaging.reply),
    Route("POST", f"{MESSAGE}/push", messaging.push),
    Route("POST", f"{MESSAGE}/multicast", messaging.multicast, "multicast"),
    Route("POST", f"{MESSAGE}/broadcast", messaging.broadcast, "broadcast"),
    *(
        Route("POST", f"{MESSAGE}/validate/{kind}", messaging.validate)
        for kind in ("reply", "push", "multicast", "narrowcast", "broadcast")
    ),
    Route("GET", f"{MESSAGE}/quota", channel.quota),
    Route("GET", f"{MESSAGE}/quota/consumption", channel.consumption),
    Route("GET", MESSAGE + "/{messageId}/content", contents.content),
    Route("GET", MESSAGE + "/{messageId}/content/preview", contents.preview),
    Route("GET", MESSAGE + "/{messageId}/content/transcoding", contents.transcoding),
    Route("POST", "/v2/bot/chat/loading/start", messaging.loading, "loading"),
    Route("POST", "/v2/bot/chat/markAsRead", messaging.mark_as_read),
    Route("GET", "/v2/bot/profile/{userId}", directory.profile),
    Route("GET", "/v2/bot/followers/ids", directory.followers),
    Route("POST", "/v2/bot/user/{userId}/linkToken", directory.link_token),
    Route("GET", f"{GROUP}/summary", directory.group_summary),
    *(
        Route(method, f"{chat}/{path}", answer)
        for chat in (GROUP, ROOM)
        for method, path, answer in (
            ("GET", "members/count", directory.member_count),
            ("GET", "members/ids", directory.member_ids),
            ("GET", "member/{userId}", directory.member_profile),
            ("POST", "leave", directory.leave),
        )
    ),
    Route("GET", "/v2/bot/info", channel.info),
    Route("GET", ENDPOINT, channel.get_webhook, "webhook_endpoint"),
    Route("PUT", ENDPOINT, channel.set_webhook, "webhook_endpoint"),
    Route(
        "POST",
        "/v2/bot/channel/webhook/test",
        channel.try_webhook,
        "webhook_test",
        calls_back=True,
    ),
    Route("GET", "/oauth2/v2.1/verify", channel.verify_token, is_open=True),
    Route("POST", "/v2/oauth/verify", channel.verify_token, is_open=True),
    Route("POST", MENU, rich_menus.create, "rich_menu_create"),
    Route("POST", f"{MENU}/validate", rich_menus.validate),
    Route("GET", f"{MENU}/list", rich_menus.list_all),
    Route("POST", f"{MENU}/bulk/link", rich_menus.bulk_link),
    Route("POST", f"{MENU}/bulk/unlink", rich_menus.bulk_unlink),
    Route("POST", f"{MENU}/alias", rich_menus.create_alias),
    Route("GET", f"{MENU}/alias/list", rich_menus.list_aliases),
    Route("GET", ALIAS, rich_menus.get_alias),
    Route("POST", ALIAS, rich_menus.update_alias),
    Route("DELETE", ALIAS, rich_menus.delete_alias),
    Route("GET", MENU + "/{richMenuId}", rich_menus.get),
    Route("DELETE", MENU + "/{richMenuId}", rich_menus.delete, "rich_menu_delete"),
    Route("GET", MENU + "/{richMenuId}/content", rich_menus.image),
    Route("POST", MENU + "/{richMenuId}/content", rich_menus.draw),
    Route("GET", "/v2/bot/user/all/richmenu", rich_menus.get_default),
    Route("DELETE", "/v2/bot/user/all/richmenu", rich_menus.clear_default),
    Route("POST", "/v2/bot/user/all/richmenu/{richMenuId}", rich_menus.set_default),
    Route("GET", USER_MENU, rich_menus.linked),
    Route("DELETE", USER_MENU, rich_menus.unlink),
    Route("POST", USER_MENU + "/{richMenuId}", rich_menus.link),
)
