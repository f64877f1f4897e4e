"""Action objects: what a button does when somebody taps it."""

from collections.abc import Mapping

from bot.sandbox.measures import grapheme_clusters
from bot.sandbox.objects.shapes import (
    Fault,
    Faults,
    Json,
    Object,
    OneOf,
    Path,
    Shape,
    Tagged,
    Text,
    Url,
    record,
    tagged,
)

ACTION_URI = Url(("http", "https", "line", "tel"), most=1000)
DATA = Text(most=300, least=1)
SPOKEN = Text(most=300, least=1, measure=grapheme_clusters)
PICKER_FORMS = {
    "date": r"\d{4}-\d\d-\d\d",
    "time": r"\d\d:\d\d",
    "datetime": r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d",
}


def picker_times_fit_mode(action: Json, path: Path) -> Faults:
    form = Text(pattern=PICKER_FORMS[action["mode"]])
    for name in ("initial", "max", "min"):
        if name in action:
            yield from form.faults(action[name], (*path, name))


def fill_in_needs_keyboard(action: Json, path: Path) -> Faults:
    if "fillInText" in action and action.get("inputOption") != "openKeyboard":
        yield Fault((*path, "fillInText"), "invalid property")


def one_way_of_speaking(action: Json, path: Path) -> Faults:
    if "displayText" in action and "text" in action:
        yield Fault((*path, "text"), "invalid property")


KINDS: Mapping[str, Object] = {
    "postback": record(
        need={"data": DATA},
        may={
            "displayText": SPOKEN,
            "text": SPOKEN,
            "inputOption": OneOf(("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")),
            "fillInText": Text(most=300),
        },
        rules=(fill_in_needs_keyboard, one_way_of_speaking),
    ),
    "message": record(need={"text": SPOKEN}),
    "uri": record(need={"uri": ACTION_URI}, may={"altUri": record(may={"desktop": ACTION_URI})}),
    "datetimepicker": record(
        need={"data": DATA, "mode": OneOf(tuple(PICKER_FORMS))},
        may={"initial": Text(), "max": Text(), "min": Text()},
        rules=(picker_times_fit_mode,),
    ),
    "camera": record(),
    "cameraRoll": record(),
    "location": record(),
    "richmenuswitch": record(need={"data": DATA, "richMenuAliasId": Text(most=32, least=1)}),
    "clipboard": record(need={"clipboardText": Text(most=1000, least=1)}),
}
EVERYWHERE = ("postback", "message", "uri", "datetimepicker", "clipboard")
QUICK_REPLY_KINDS = (*EVERYWHERE, "camera", "cameraRoll", "location")
RICH_MENU_KINDS = (*EVERYWHERE, "richmenuswitch")


def actions(kinds: tuple[str, ...], *, label_most: int, label_needed: bool) -> Tagged:
    """The kinds allowed in one place, with that place's rule for labels."""
    label: dict[str, Shape] = {
        "label": Text(most=label_most, least=int(label_needed), measure=grapheme_clusters)
    }
    names = frozenset(label) if label_needed else frozenset[str]()
    return tagged(
        **{
            kind: Object(
                {**label, **KINDS[kind].properties}, KINDS[kind].required | names, KINDS[kind].rules
            )
            for kind in kinds
        }
    )


TEMPLATE_ACTION = actions(EVERYWHERE, label_most=20, label_needed=True)
IMAGE_COLUMN_ACTION = actions(EVERYWHERE, label_most=12, label_needed=False)
DEFAULT_ACTION = actions(EVERYWHERE, label_most=20, label_needed=False)
QUICK_REPLY_ACTION = actions(QUICK_REPLY_KINDS, label_most=20, label_needed=True)
FLEX_ACTION = actions(EVERYWHERE, label_most=40, label_needed=False)
FLEX_BUTTON_ACTION = actions(EVERYWHERE, label_most=40, label_needed=True)
RICH_MENU_ACTION = actions(RICH_MENU_KINDS, label_most=20, label_needed=False)
