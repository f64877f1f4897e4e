"""Rich menus: create, draw, show, link."""

from bot.sandbox.api.exchange import Answer, Ask
from bot.sandbox.objects import requests
from bot.sandbox.refusals import NOT_FOUND, Detail, Refusal, broken_body
from bot.sandbox.rich_menus import RichMenu
from bot.sandbox.world import World

IMAGE_TYPES = frozenset({"image/png", "image/jpeg"})
IMAGE_BYTES = 1024 * 1024


def create(world: World, ask: Ask) -> Answer:
    menu = RichMenu(world.ids.rich_menu(), ask.demand(requests.RICH_MENU))
    world.rich_menus.create(menu)
    world.journal.note("menu", menu.menu_id)
    return Answer(json={"richMenuId": menu.menu_id})


def validate(_world: World, ask: Ask) -> Answer:
    ask.demand(requests.RICH_MENU)
    return Answer()


def get(world: World, ask: Ask) -> Answer:
    return Answer(json=world.rich_menus.get(ask.parts["richMenuId"]).as_json())


def list_all(world: World, _ask: Ask) -> Answer:
    return Answer(json={"richmenus": [menu.as_json() for menu in world.rich_menus.all()]})


def delete(world: World, ask: Ask) -> Answer:
    world.rich_menus.delete(ask.parts["richMenuId"])
    world.journal.note("menu", ask.parts["richMenuId"])
    return Answer()


def draw(world: World, ask: Ask) -> Answer:
    media_type = ask.headers.get("content-type", "").partition(";")[0]
    if media_type not in IMAGE_TYPES:
        raise Refusal(415, "Unsupported Media Type")
    if len(ask.body) > IMAGE_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    world.rich_menus.draw(ask.parts["richMenuId"], ask.body, media_type)
    world.journal.note("menu", ask.parts["richMenuId"])
    return Answer()


def image(world: World, ask: Ask) -> Answer:
    menu = world.rich_menus.get(ask.parts["richMenuId"])
    if menu.image is None:
        raise Refusal(404, NOT_FOUND)
    return Answer(data=menu.image, media_type=menu.media_type)


def set_default(world: World, ask: Ask) -> Answer:
    world.rich_menus.set_default(ask.parts["richMenuId"])
    world.journal.note("menu", ask.parts["richMenuId"])
    return Answer()


def get_default(world: World, _ask: Ask) -> Answer:
    if world.rich_menus.default_id is None:
        raise Refusal(404, "no default richmenu")
    return Answer(json={"richMenuId": world.rich_menus.default_id})


def clear_default(world: World, _ask: Ask) -> Answer:
    world.rich_menus.default_id = None
    world.journal.note("menu")
    return Answer()


def link(world: World, ask: Ask) -> Answer:
    if ask.parts["userId"] not in world.people:
        raise broken_body([Detail("The value is not a valid user ID", "userId")])
    world.rich_menus.link(ask.parts["userId"], ask.parts["richMenuId"])
    world.journal.note("menu", ask.parts["richMenuId"])
    return Answer()


def linked(world: World, ask: Ask) -> Answer:
    return Answer(json={"richMenuId": world.rich_menus.linked_to(ask.parts["userId"])})


def unlink(world: World, ask: Ask) -> Answer:
    world.rich_menus.unlink(ask.parts["userId"])
    world.journal.note("menu")
    return Answer()


def bulk_link(world: World, ask: Ask) -> Answer:
    body = ask.demand(requests.BULK_LINK)
    for user_id in body["userIds"]:
        world.rich_menus.link(user_id, body["richMenuId"])
    world.journal.note("menu", body["richMenuId"])
    return Answer(202)


def bulk_unlink(world: World, ask: Ask) -> Answer:
    for user_id in ask.demand(requests.BULK_UNLINK)["userIds"]:
        world.rich_menus.unlink(user_id)
    world.journal.note("menu")
    return Answer(202)


def create_alias(world: World, ask: Ask) -> Answer:
    body = ask.demand(requests.CREATE_ALIAS)
    world.rich_menus.create_alias(body["richMenuAliasId"], body["richMenuId"])
    return Answer()


def get_alias(world: World, ask: Ask) -> Answer:
    alias = ask.parts["richMenuAliasId"]
    menu_id = world.rich_menus.menu_of_alias(alias)
    return Answer(json={"richMenuAliasId": alias, "richMenuId": menu_id})


def update_alias(world: World, ask: Ask) -> Answer:
    body = ask.demand(requests.UPDATE_ALIAS)
    world.rich_menus.update_alias(ask.parts["richMenuAliasId"], body["richMenuId"])
    return Answer()


def delete_alias(world: World, ask: Ask) -> Answer:
    world.rich_menus.delete_alias(ask.parts["richMenuAliasId"])
    return Answer()


def list_aliases(world: World, _ask: Ask) -> Answer:
    aliases = [
        {"richMenuAliasId": alias, "richMenuId": menu_id}
        for alias, menu_id in world.rich_menus.aliases().items()
    ]
    return Answer(json={"aliases": aliases})
