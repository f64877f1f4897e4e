"""Rich menus: the keyboard of big buttons under a one-to-one chat."""

from dataclasses import dataclass, field, replace
from typing import Any

from bot.sandbox.refusals import NOT_FOUND, Detail, Refusal, broken_body

MOST_MENUS = 1000


@dataclass(frozen=True)
class RichMenu:
    menu_id: str
    body: dict[str, Any]
    image: bytes | None = field(default=None, repr=False)
    media_type: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"richMenuId": self.menu_id, **self.body}


@dataclass
class RichMenus:
    default_id: str | None = None
    _menus: dict[str, RichMenu] = field(default_factory=dict)
    _by_user: dict[str, str] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)

    def create(self, menu: RichMenu) -> None:
        if len(self._menus) >= MOST_MENUS:
            raise Refusal(400, "The maximum number of rich menus has been reached")
        self._menus[menu.menu_id] = menu

    def get(self, menu_id: str) -> RichMenu:
        if menu_id not in self._menus:
            raise Refusal(404, NOT_FOUND)
        return self._menus[menu_id]

    def all(self) -> list[RichMenu]:
        return list(self._menus.values())

    def draw(self, menu_id: str, image: bytes, media_type: str) -> None:
        menu = self.get(menu_id)
        if menu.image is not None:
            raise Refusal(400, "An image has already been uploaded to the richmenu")
        self._menus[menu_id] = replace(menu, image=image, media_type=media_type)

    def delete(self, menu_id: str) -> None:
        del self._menus[self.get(menu_id).menu_id]
        self.default_id = None if self.default_id == menu_id else self.default_id
        self._by_user = {user: menu for user, menu in self._by_user.items() if menu != menu_id}

    def link(self, user_id: str, menu_id: str) -> None:
        self._by_user[user_id] = self._drawn(menu_id).menu_id

    def unlink(self, user_id: str) -> None:
        self._by_user.pop(user_id, None)

    def set_default(self, menu_id: str) -> None:
        self.default_id = self._drawn(menu_id).menu_id

    def linked_to(self, user_id: str) -> str:
        if user_id not in self._by_user:
            raise Refusal(404, "the user has no richmenu")
        return self._by_user[user_id]

    def shown_to(self, user_id: str) -> RichMenu | None:
        return self._menus.get(self._by_user.get(user_id) or self.default_id or "")

    def _drawn(self, menu_id: str) -> RichMenu:
        menu = self.get(menu_id)
        if menu.image is None:
            raise Refusal(400, "must upload richmenu image before applying it to user")
        return menu

    def create_alias(self, alias: str, menu_id: str) -> None:
        if alias in self._aliases:
            raise Refusal(400, "conflict richmenu alias id")
        self._aliases[alias] = self._known(menu_id)

    def update_alias(self, alias: str, menu_id: str) -> None:
        self.menu_of_alias(alias)
        self._aliases[alias] = self._known(menu_id)

    def delete_alias(self, alias: str) -> None:
        self.menu_of_alias(alias)
        del self._aliases[alias]

    def menu_of_alias(self, alias: str) -> str:
        if alias not in self._aliases:
            raise Refusal(404, "richmenu alias not found")
        return self._aliases[alias]

    def aliases(self) -> dict[str, str]:
        return dict(self._aliases)

    def _known(self, menu_id: str) -> str:
        if menu_id not in self._menus:
            raise broken_body([Detail("richmenu not found", "richMenuId")])
        return menu_id
