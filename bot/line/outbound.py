"""Sayings as LINE messages: plain JSON objects, one to five in a call. Pure, and total:

whatever parameters an utterance brings, something comes out that LINE accepts. A warning that
could not be told because of a missing time would be worse than one without the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.actions import Saying, Utterance
from bot.domain.buttons import Button, encode
from policies.lengths import shorten, split
from policies.wording import Catalogue

Json = dict[str, object]

# LINE's limits, in UTF-16 units unless said otherwise.
_MOST_MESSAGES = 5
_TEXT_UNITS = 5_000
_ALT_UNITS = 1_500
_URI_UNITS = 1_000
_IMAGE_URL_UNITS = 2_000
# A bubble may have 30 KB; on its way each Thai letter is six bytes of '\u0e01'. At most eight
# texts of this length, the frame around them and four buttons stay below that.
_FLEX_UNITS = 400

# The ordinary unsend window in Thailand, and from when on a reminder speaks more plainly.
_UNSEND_MINUTES = 60
_MIDDLE_FROM = 20
_LAST_FROM = 45

# Calm, and readable in a bright ward: each text has a contrast of at least 4.5 to 1 on its ground.
_INK = "#1F2937"
_QUIET_INK = "#4B5563"
_TITLE_INK = "#134E4A"
_TITLE_GROUND = "#E6F4F1"
_MAIN_BUTTON = "#0F766E"
_SECOND_BUTTON = "#DDEBE8"

_BUTTON_LOOKS: Mapping[Button, Json] = {
    Button.REWRITE: {"style": "primary", "color": _MAIN_BUTTON},
    Button.CLAIMED: {"style": "secondary", "color": _SECOND_BUTTON},
    Button.WRONG: {"style": "link", "color": _QUIET_INK},
    Button.GUIDE: {"style": "link", "color": _QUIET_INK},
    Button.EMERGENCY: {"style": "link", "color": _QUIET_INK},
    Button.ACKNOWLEDGE: {"style": "secondary", "color": _SECOND_BUTTON},
    Button.COPY: {"style": "primary", "color": _MAIN_BUTTON},
    Button.NO_PATIENT: {"style": "secondary", "color": _SECOND_BUTTON},
    Button.PATIENT: {"style": "primary", "color": _MAIN_BUTTON},
}

# Said in the private chat, where LINE refuses mentions.
_PRIVATE = frozenset(
    {
        Saying.REWRITE,
        Saying.WELCOME,
        Saying.SELF_CHECK_FOUND,
        Saying.SELF_CHECK_CLEAN,
        Saying.SAFE_COPY,
        Saying.PICTURE_WANTED,
        Saying.COPY_NOT_MADE,
    }
)


def render(utterance: Utterance, catalogue: Catalogue) -> list[Json]:
    return _SAYINGS[utterance.saying](_Voice.of(utterance, catalogue))


# --- what is said -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Voice:
    """An utterance with its catalogue and with everything its texts may want filled in."""

    utterance: Utterance
    catalogue: Catalogue
    words: Mapping[str, str]

    @classmethod
    def of(cls, utterance: Utterance, catalogue: Catalogue) -> _Voice:
        plain = cls(utterance, catalogue, _given(utterance))
        return cls(utterance, catalogue, {**plain.words, **_derived(plain)})

    def say(self, key: str) -> str:
        return self.catalogue.say(key, self.utterance.language, **self.words)

    def text(self, key: str) -> Json:
        """A text message, addressed to the person mentioned where there is one."""
        said = shorten(self.say(key), _TEXT_UNITS)
        mention = self.mention
        return _mentioning(self, mention, said) if mention else _text(said)

    @property
    def mention(self) -> str | None:
        return None if self.utterance.saying in _PRIVATE else self.utterance.mention

    @property
    def offers(self) -> Button | None:
        """The masked version that can be had: of the text, or of the picture."""
        if not self.utterance.incident_token:
            return None
        if self.utterance.offers_rewrite:
            return Button.REWRITE
        return Button.COPY if self.utterance.offers_copy else None


def _given(utterance: Utterance) -> dict[str, str]:
    return {key: value.strip() for key, value in utterance.parameters.items() if value.strip()}


def _derived(voice: _Voice) -> dict[str, str]:
    given = voice.words
    words = {
        "contact": given.get("contact") or voice.say("contact.default"),
        "kinds": voice.catalogue.name_kinds(given.get("kinds", ""), voice.utterance.language),
        "when": _when(voice),
        "button": voice.say(f"button.{voice.offers or Button.REWRITE}"),
        "thing": voice.say(f"thing.{_thing(given.get('thing'))}"),
    }
    if deadline := _an_hour_after(given.get("time", "")):
        words["deadline"] = deadline
    if (minutes := _number(given.get("minutes"))) is not None:
        words["left"] = str(max(0, _UNSEND_MINUTES - minutes))
    return words


def _thing(given: str | None) -> str:
    return given if given in ("picture", "video", "file") else "message"


def _when(voice: _Voice) -> str:
    if "time" not in voice.words:
        return voice.say("when.unknown")
    return voice.say("when.date_time" if "date" in voice.words else "when.time")


def _number(text: str | None) -> int | None:
    """A count of minutes or seconds; none above nine digits is meant seriously."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


def _an_hour_after(time: str) -> str | None:
    """The end of LINE's window. Said as a time of day, it stays true when a message is late."""
    clock = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", time)
    return f"{(int(clock[1]) + 1) % 24:02}:{clock[2]}" if clock else None


def _plain(key: str) -> Callable[[_Voice], list[Json]]:
    return lambda voice: [voice.text(key)]


def _warning(voice: _Voice) -> list[Json]:
    steps = ["unsend.how", "unsend.until" if "deadline" in voice.words else "unsend.within"]
    if voice.offers is not None:
        steps.insert(0, "unsend.rewrite_first")
    buttons = (Button.CLAIMED, Button.WRONG, Button.EMERGENCY, Button.GUIDE)
    bubble = _warning_bubble(voice, steps, _with_offer(voice, buttons))
    return [_warning_text(voice), _flex(voice.say(f"{voice.utterance.saying}.alt"), bubble)]


def _with_offer(voice: _Voice, buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    return buttons if voice.offers is None else (voice.offers, *buttons)


def _warning_after_window(voice: _Voice) -> list[Json]:
    steps = [f"warning_after_window.{step}" for step in ("delete", "tell", "recorded")]
    # 'I have unsent it' would be no answer any more.
    bubble = _warning_bubble(voice, steps, _with_offer(voice, (Button.WRONG, Button.GUIDE)))
    return [_warning_text(voice), _flex(voice.say("warning_after_window.alt"), bubble)]


def _warning_text(voice: _Voice) -> Json:
    saying = voice.utterance.saying
    is_answer = saying is Saying.PATIENT_NOTED  # to somebody who has just tapped
    return voice.text(f"{saying}.text" if voice.mention or is_answer else f"{saying}.text_unnamed")


def _reminder(voice: _Voice) -> list[Json]:
    minutes = _number(voice.words.get("minutes"))
    if minutes is not None and minutes >= _UNSEND_MINUTES:
        # It rode on a reply that came too late: the hour is over.
        return [voice.text("window_over.text")]
    body = _box([_line(voice.say("unsend.how"), color=_QUIET_INK, size="sm")], "lg")
    bubble = _bubble(
        "kilo", body=body, footer=_buttons(voice, _with_offer(voice, (Button.CLAIMED,)))
    )
    return [voice.text(_rung(minutes)), _flex(voice.say("reminder.alt"), bubble)]


def _rung(minutes: int | None) -> str:
    if minutes is None:
        return "reminder.plain"
    if minutes < _MIDDLE_FROM:
        return "reminder.early"
    return "reminder.middle" if minutes < _LAST_FROM else "reminder.last"


def _closed(voice: _Voice) -> list[Json]:
    seconds = _number(voice.words.get("seconds"))
    if seconds is None:
        return [voice.text("closed.plain")]
    words = {**voice.words, "duration": _duration(voice, seconds)}
    return [_Voice(voice.utterance, voice.catalogue, words).text("closed.text")]


def _duration(voice: _Voice, seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, rest = divmod(minutes, 60)
    if hours:
        key, parts = "hours_minutes", {"hours": hours, "minutes": rest}
    elif minutes and seconds:
        key, parts = "minutes_seconds", {"minutes": minutes, "seconds": seconds}
    elif minutes:
        key, parts = "minutes", {"minutes": minutes}
    else:
        key, parts = "seconds", {"seconds": seconds}
    words = {name: str(value) for name, value in parts.items()}
    return voice.catalogue.say(f"duration.{key}", voice.utterance.language, **words)


def _rewrite(voice: _Voice) -> list[Json]:
    if "rewrite" not in voice.words:
        return [voice.text("rewrite_gone.text")]
    return [voice.text("rewrite.header"), *_rewrite_texts(voice)]


def _self_check_found(voice: _Voice) -> list[Json]:
    if "rewrite" not in voice.words:
        return [voice.text("self_check_found.plain")]
    return [voice.text("self_check_found.text"), *_rewrite_texts(voice)]


def _rewrite_texts(voice: _Voice) -> list[Json]:
    """The masked text by itself, so that it can be copied whole. The words before it take one."""
    parts = [part for part in split(voice.words["rewrite"], _TEXT_UNITS) if part.strip()]
    room = _MOST_MESSAGES - 1
    if len(parts) > room:
        parts = [*parts[: room - 1], shorten(parts[room - 1] + parts[room], _TEXT_UNITS)]
    return [_text(part) for part in parts]


def _acknowledge(voice: _Voice) -> list[Json]:
    """One small bubble, addressed to nobody in particular."""
    buttons = _buttons(voice, (Button.ACKNOWLEDGE,))
    body = _box([_line(voice.say("acknowledge.text"), size="sm")], "lg")
    return [_flex(voice.say("acknowledge.alt"), _bubble("kilo", body=body, footer=buttons))]


def _question(voice: _Voice) -> list[Json]:
    about = voice.words.get("about")
    text = voice.text("question.medical" if about == "medical" else "question.face")
    body = _box([_line(voice.say("question.kept"), color=_QUIET_INK, size="sm")], "lg")
    buttons = _buttons(voice, (Button.NO_PATIENT, Button.PATIENT))
    return [text, _flex(voice.say("question.alt"), _bubble("kilo", body=body, footer=buttons))]


def _safe_copy(voice: _Voice) -> list[Json]:
    """Each picture by its address; LINE fetches it, large and small, from there."""
    addresses = [one for one in voice.words.get("copies", "").split() if _is_address(one)]
    if not addresses:
        return [voice.text("copy_not_made.text")]
    pictures = [_picture(address) for address in addresses[: _MOST_MESSAGES - 1]]
    return [voice.text("safe_copy.header"), *pictures]


def _picture(address: str) -> Json:
    return {"type": "image", "originalContentUrl": address, "previewImageUrl": address}


def _is_address(link: str) -> bool:
    """Settings let http:// pass only while LINE is simulated on this machine."""
    return re.fullmatch(r"https?://[!-~]+", link) is not None and len(link) <= _IMAGE_URL_UNITS


def _privately(voice: _Voice) -> list[Json]:
    link, saying = voice.words.get("link", ""), voice.utterance.saying
    if not _is_link(link):
        return [voice.text(f"{saying}.plain")]
    label = voice.say("button.open_chat")
    button: Json = {"type": "uri", "label": label, "uri": link}
    bubble = _bubble("kilo", body=_box([_button(button, _BUTTON_LOOKS[Button.REWRITE])], "lg"))
    return [voice.text(f"{saying}.with_link"), _flex(voice.say(f"{saying}.alt"), bubble)]


def _is_link(link: str) -> bool:
    return re.fullmatch(r"https://[!-~]+", link) is not None and len(link) <= _URI_UNITS


_SAYINGS: Mapping[Saying, Callable[[_Voice], list[Json]]] = {
    Saying.INTRODUCTION: _plain("introduction.text"),
    Saying.WARNING: _warning,
    Saying.WARNING_AFTER_WINDOW: _warning_after_window,
    Saying.REMINDER: _reminder,
    Saying.WINDOW_OVER: _plain("window_over.text"),
    Saying.CLOSED: _closed,
    Saying.REWRITE: _rewrite,
    Saying.REWRITE_PRIVATELY: _privately,
    Saying.REWRITE_GONE: _plain("rewrite_gone.text"),
    Saying.CLAIM_NOTED: _plain("claim_noted.text"),
    Saying.DISPUTE_NOTED: _plain("dispute_noted.text"),
    Saying.EMERGENCY_NOTED: _plain("emergency_noted.text"),
    Saying.GUIDELINE: _plain("guideline.text"),
    Saying.WELCOME: _plain("welcome.text"),
    Saying.SELF_CHECK_FOUND: _self_check_found,
    Saying.SELF_CHECK_CLEAN: _plain("self_check_clean.text"),
    Saying.ACKNOWLEDGE: _acknowledge,
    Saying.QUESTION: _question,
    Saying.NO_PATIENT_NOTED: _plain("no_patient_noted.text"),
    Saying.PATIENT_NOTED: _warning,
    Saying.QUESTION_OVER: _plain("question_over.text"),
    Saying.SAFE_COPY: _safe_copy,
    Saying.COPY_PRIVATELY: _privately,
    Saying.COPY_NOT_MADE: _plain("copy_not_made.text"),
    Saying.PICTURE_WANTED: _plain("picture_wanted.text"),
}


# --- how LINE wants it ------------------------------------------------------------------------


def _text(said: str) -> Json:
    return {"type": "text", "text": said}


def _mentioning(voice: _Voice, user_id: str, said: str) -> Json:
    """In textV2 braces mark places, so those of the text itself are doubled."""
    # Half of the limit is room enough even if every character were a brace.
    literal = shorten(said, _TEXT_UNITS // 2 - 100).replace("{", "{{").replace("}", "}}")
    language = voice.utterance.language
    return {
        "type": "textV2",
        "text": voice.catalogue.say("address.named", language, who="{who}", text=literal),
        "substitution": {
            "who": {"type": "mention", "mentionee": {"type": "user", "userId": user_id}}
        },
    }


def _flex(alt: str, bubble: Json) -> Json:
    return {"type": "flex", "altText": shorten(alt, _ALT_UNITS), "contents": bubble}


def _warning_bubble(voice: _Voice, steps: list[str], buttons: tuple[Button, ...]) -> Json:
    title = _line(
        voice.say(f"{voice.utterance.saying}.title"), weight="bold", size="md", color=_TITLE_INK
    )
    facts = [
        _line(voice.say("warning.found"), weight="bold"),
        _line(voice.say("warning.sent"), color=_QUIET_INK, size="sm"),
    ]
    numbered = [
        _line(f"{number}. {voice.say(step)}", size="sm") for number, step in enumerate(steps, 1)
    ]
    rule: Json = {"type": "separator", "margin": "lg"}
    howto = {**_box(numbered, "none"), "margin": "lg"}
    return _bubble(
        "mega",
        header={**_box([title], "lg"), "backgroundColor": _TITLE_GROUND},
        body=_box([*facts, rule, howto], "lg"),
        footer=_buttons(voice, buttons),
    )


def _bubble(
    size: str, *, body: Json, header: Json | None = None, footer: Json | None = None
) -> Json:
    blocks = {"header": header, "body": body, "footer": footer}
    present = {name: block for name, block in blocks.items() if block is not None}
    return {"type": "bubble", "size": size, **present}


def _box(contents: list[Json], padding: str) -> Json:
    return {
        "type": "box",
        "layout": "vertical",
        "spacing": "sm",
        "paddingAll": padding,
        "contents": contents,
    }


def _line(said: str, *, size: str = "md", color: str = _INK, weight: str = "regular") -> Json:
    return {
        "type": "text",
        "text": shorten(said, _FLEX_UNITS),
        "wrap": True,
        "size": size,
        "color": color,
        "weight": weight,
    }


def _buttons(voice: _Voice, buttons: tuple[Button, ...]) -> Json | None:
    """The buttons lead to an incident; without one there are none."""
    token = voice.utterance.incident_token
    if not token:
        return None
    return _box([_postback(voice, button, token) for button in buttons], "md")


def _postback(voice: _Voice, button: Button, token: str) -> Json:
    # No displayText: pressing a button need not be announced to the group.
    label = voice.say(f"button.{button}")
    action: Json = {"type": "postback", "label": label, "data": encode(button, token)}
    return _button(action, _BUTTON_LOOKS[button])


def _button(action: Json, looks: Json) -> Json:
    return {
        "type": "button",
        "height": "sm",
        "adjustMode": "shrink-to-fit",
        **looks,
        "action": action,
    }
