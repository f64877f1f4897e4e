"""A stream of mixed events from a seed, each with the outcomes that it may end in."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.load import texts
from bench.load.bodies import Body
from bench.load.events import EventMaker, Json, in_group, in_private
from bench.load.world import Chat, Standing, World, everybody

Outcomes = frozenset[str]
_MOST_EVENTS_IN_A_BODY = 4
# How far a body may be from its place: LINE promises no order.
_DISORDER = 12
# Of each sender's last messages some are edited or taken back.
_REMEMBERED = 400
# Of what is taken back, this share are pictures and files, among the last few.
_PICTURES_TAKEN_BACK = 0.2
_SHOWN_REMEMBERED = 12
# A message can always be taken back or edited before it is judged.
_OVERTAKEN = frozenset(("taken_back_unread", "superseded"))


@dataclass(frozen=True, slots=True)
class Said:
    """A text that may still be edited or taken back."""

    event: Json
    chat: Chat


@dataclass
class Factory:
    """`expected` is filled while events are made: event id → the outcomes that are right; and
    `contents`: event id → message id of a picture, or of a file whose name says nothing."""

    world: World
    seed: int
    start_ms: int
    step_ms: float
    expected: dict[str, Outcomes] = field(default_factory=dict)
    texts_used: list[str] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)
    _said: list[Said] = field(default_factory=list)
    _shown: list[Json] = field(default_factory=list)
    _pending: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._maker = EventMaker(self._dice)
        self._people = everybody(self.world.chats)
        self._weights = list(_KINDS.values())
        self._kinds = list(_KINDS)

    def bodies(self, events: int) -> list[Body]:
        """So many events in bodies of one to several, some bodies twice, not quite in order."""
        bodies = list(self._grouped(events))
        copies = [(n, again) for n in range(len(bodies)) for again in self._copies(bodies[n])]
        placed = [(float(n), body) for n, body in enumerate(bodies)]
        placed += [(n + self._dice.uniform(0, 4 * _DISORDER), body) for n, body in copies]
        return _disordered(placed, self._dice)

    def _grouped(self, events: int) -> Iterator[Body]:
        left = events
        while left > 0:
            wanted = min(left, self._dice.choice((1, 1, 1, 1, 2, 3, _MOST_EVENTS_IN_A_BODY)))
            yield Body(tuple(self._next() for _ in range(wanted)))
            left -= wanted

    def _copies(self, body: Body) -> list[Body]:
        """A duplicate is the same bytes; a redelivery says that it is one."""
        fate = self._dice.random()
        if fate < 0.04:
            return [body]
        return [body.again()] if fate < 0.10 else []

    # One event

    def _next(self) -> Json:
        if self._pending:
            return self._pending.pop()
        (make,) = self._dice.choices(self._kinds, self._weights)
        event, outcomes = make(self)
        self.expected[event["webhookEventId"]] = frozenset(outcomes)
        return event

    def _now(self) -> int:
        return self.start_ms + int(self._maker.made * self.step_ms)

    def _somebody(self) -> tuple[Chat, Json]:
        chat, person = self._dice.choice(self._people)
        return chat, in_group(chat.line_id, person)

    def _speak(self, chat: Chat, source: Json, text: str) -> Json:
        event = self._maker.text(source, self._now(), text)
        self.texts_used.append(text)
        self._said = [*self._said[-_REMEMBERED:], Said(event, chat)]
        return event

    def benign(self) -> tuple[Json, Outcomes]:
        chat, source = self._somebody()
        return self._speak(chat, source, texts.benign(self._dice)), _OVERTAKEN | {"benign"}

    def flagged(self) -> tuple[Json, Outcomes]:
        chat, source = self._somebody()
        text = texts.about_a_patient(self._dice)
        return self._speak(chat, source, text), _OVERTAKEN | {_flagged_as(chat)}

    def nameless(self) -> tuple[Json, Outcomes]:
        """A sender whose id LINE does not give."""
        chat, _ = self._dice.choice(self._people)
        event = self._speak(chat, in_group(chat.line_id, None), texts.about_a_patient(self._dice))
        return event, _OVERTAKEN | {_flagged_as(chat)}

    def split(self) -> tuple[Json, Outcomes]:
        """An identity over two messages; which of them is judged last is the network's choice."""
        chat, source = self._somebody()
        first = self._speak(chat, source, "ขอผล K หน่อยค่ะ hn")
        second = self._speak(chat, source, texts.hospital_number(self._dice))
        either = _OVERTAKEN | {"benign", _flagged_as(chat)}
        self.expected[second["webhookEventId"]] = either
        self._pending.append(second)
        return first, either

    def edit(self) -> tuple[Json, Outcomes]:
        said = self._dice.choice(self._said) if self._said else None
        if said is None:
            return self.benign()
        is_clean = self._dice.random() < 0.6
        text = texts.benign(self._dice) if is_clean else texts.about_a_patient(self._dice)
        self.texts_used.append(text)
        event = self._maker.edit(said.event, self._now(), text)
        return event, _OVERTAKEN | {"benign" if is_clean else _flagged_as(said.chat)}

    def unsend(self) -> tuple[Json, Outcomes]:
        if not self._said:
            return self.benign()
        if self._shown and self._dice.random() < _PICTURES_TAKEN_BACK:
            unsent = self._shown.pop(self._dice.randrange(len(self._shown)))
        else:
            unsent = self._said.pop(self._dice.randrange(len(self._said))).event
        return self._maker.unsend(unsent, self._now()), frozenset({"noted"})

    def picture(self) -> tuple[Json, Outcomes]:
        _, source = self._somebody()
        image = {"type": "image", "quoteToken": "q" * 40, "contentProvider": {"type": "line"}}
        if self._dice.random() < 0.5:
            image["imageSet"] = {
                "id": f"{self._dice.getrandbits(128):032X}",
                "index": 1,
                "total": 2,
            }
        event = self._show(source, image)
        self.contents[event["webhookEventId"]] = event["message"]["id"]
        return event, frozenset({"look_asked", "taken_back_unread"})

    def _show(self, source: Json, message: Json) -> Json:
        event = self._maker.message(source, self._now(), message)
        self._shown = [*self._shown[-_SHOWN_REMEMBERED:], event]
        return event

    def file(self) -> tuple[Json, Outcomes]:
        chat, source = self._somebody()
        number, is_flagged = texts.hospital_number(self._dice), self._dice.random() < 0.3
        name = f"ใบส่งตัว HN {number}.pdf" if is_flagged else "ตารางเวร.pdf"
        message = {"type": "file", "fileName": name, "fileSize": 48_213}
        self.texts_used.append(name)
        outcome = _flagged_as(chat) if is_flagged else "look_asked"
        event = self._show(source, message)
        if not is_flagged:
            self.contents[event["webhookEventId"]] = event["message"]["id"]
        return event, frozenset({outcome, "taken_back_unread"})

    def sticker(self) -> tuple[Json, Outcomes]:
        _, source = self._somebody()
        message = {
            "type": "sticker",
            "packageId": "1",
            "stickerId": "2",
            "stickerResourceType": "STATIC",
        }
        return self._maker.message(source, self._now(), message), frozenset({"benign"})

    def location(self) -> tuple[Json, Outcomes]:
        _, source = self._somebody()
        place = {
            "title": "โรงพยาบาล",
            "address": "ถนนพหลโยธิน",
            "latitude": 14.0,
            "longitude": 100.5,
        }
        message = {"type": "location", **place}
        return self._maker.message(source, self._now(), message), frozenset({"benign"})

    def membership(self) -> tuple[Json, Outcomes]:
        chat, person = self._dice.choice(self._people)
        members = {"members": [{"type": "user", "userId": person}]}
        source = in_group(chat.line_id, None)
        if self._dice.random() < 0.5:
            event = self._maker.event("memberJoined", source, self._now(), joined=members)
        else:
            event = self._maker.event("memberLeft", source, self._now(), left=members)
        return event, frozenset({"noted"})

    def passing(self) -> tuple[Json, Outcomes]:
        """The bot comes and goes; what overtakes a newer change says nothing any more."""
        chat = self._dice.choice(self.world.passing)
        kind = self._dice.choice(("join", "leave"))
        event = self._maker.event(kind, in_group(chat.line_id, None), self._now())
        return event, frozenset({"noted", "ignored"})

    def friendship(self) -> tuple[Json, Outcomes]:
        _, person = self._dice.choice(self._people)
        kind = self._dice.choice(("follow", "unfollow"))
        event = self._maker.event(kind, in_private(person), self._now())
        return event, frozenset({"noted", "ignored"})

    def private_talk(self) -> tuple[Json, Outcomes]:
        _, person = self._dice.choice(self._people)
        text = texts.about_a_patient(self._dice)
        self.texts_used.append(text)
        event = self._maker.text(in_private(person), self._now(), text)
        return event, frozenset({"answered"})

    def strange_button(self) -> tuple[Json, Outcomes]:
        _, source = self._somebody()
        data = self._dice.choice(("action=other&bot=1", f"w1:claimed:{'x' * 22}"))
        event = self._maker.event("postback", source, self._now(), postback={"data": data})
        return event, frozenset({"ignored"})

    def unknown(self) -> tuple[Json, Outcomes]:
        _, source = self._somebody()
        if self._dice.random() < 0.5:
            event = self._maker.event("holographicCall", source, self._now(), call={"floor": 3})
        else:
            event = self._maker.message(source, self._now(), {"type": "scent", "name": "มะลิ"})
        return event, frozenset({"unknown_kind"})

    def standby(self) -> tuple[Json, Outcomes]:
        """Another channel holds the chat: recorded, and nothing said."""
        chat, source = self._somebody()
        text = texts.about_a_patient(self._dice)
        self.texts_used.append(text)
        event = self._maker.text(source, self._now(), text) | {"mode": "standby"}
        return event, frozenset({_flagged_as(chat)})


_KINDS: dict[Callable[[Factory], tuple[Json, Outcomes]], int] = {
    Factory.benign: 400,
    Factory.flagged: 130,
    Factory.nameless: 10,
    Factory.split: 20,
    Factory.edit: 60,
    Factory.unsend: 60,
    Factory.picture: 60,
    Factory.file: 25,
    Factory.sticker: 60,
    Factory.location: 10,
    Factory.membership: 40,
    Factory.passing: 10,
    Factory.friendship: 15,
    Factory.private_talk: 20,
    Factory.strange_button: 15,
    Factory.unknown: 20,
    Factory.standby: 10,
}


def _flagged_as(chat: Chat) -> str:
    return "disclosure" if chat.standing is Standing.APPROVED else "incident"


def _disordered(placed: list[tuple[float, Body]], dice: random.Random) -> list[Body]:
    moved = [
        (place + dice.uniform(0, _DISORDER), number) for number, (place, _) in enumerate(placed)
    ]
    return [placed[number][1] for _, number in sorted(moved)]
