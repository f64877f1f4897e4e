"""What the inside needs from the outside world. Adapters at the edge fulfil these."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from uuid import UUID

    from bot.domain.acknowledgements import Acknowledged, AcknowledgementRequest
    from bot.domain.actions import OutboxMessage, Purpose, ReplyToken
    from bot.domain.breaches import Breach
    from bot.domain.cases import Case
    from bot.domain.events import InboundEvent, Outcome
    from bot.domain.findings import Assessment
    from bot.domain.groups import Group, KnownBy, Person, Place
    from bot.domain.incidents import (
        Answer,
        Disclosure,
        FlaggedMessage,
        Incident,
        Link,
        MessageRecord,
        Standing,
    )
    from bot.domain.looks import LookTask, Sent
    from bot.domain.questions import Question, QuestionEnd
    from bot.domain.sights import Look, SightKind


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime: ...


class TextReader(Protocol):
    """Finds patient data in a text, read with what the same sender wrote just before."""

    def assess(self, text: str, context: TextContext) -> Assessment: ...


@dataclass(frozen=True, slots=True)
class TextContext:
    """What surrounds a text: earlier texts of its sender, ranges and names to leave alone."""

    earlier: tuple[str, ...] = ()
    mentions: tuple[tuple[int, int], ...] = ()
    member_names: tuple[str, ...] = ()


class Looker(Protocol):
    """Looks into pictures and files, in a process of its own. Never raises for what it is given:
    what it cannot see is a Look that says so. Where nothing at all can be looked at, each of
    these raises LookerNotStartedError."""

    def make_ready(self) -> None:
        """Before something is fetched for it."""

    def look(self, content: bytes, file_name: str = "") -> Look: ...

    def safe_copy(self, content: bytes) -> bytes | None:
        """The picture as a JPEG with faces blurred, identifiers blacked out, and no metadata.

        None where it cannot be made; never a copy that was not looked at."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored event, opened. `outcome` is set once the row is settled."""

    id: UUID
    event: InboundEvent
    received_at: datetime
    token_received_at: datetime
    outcome: Outcome | None


class InboxWindow(Protocol):
    """What handlers may see of the inbox: a sender's own recent messages, still sealed at rest."""

    def of_sender(self, event: InboundEvent, since: datetime, until: datetime) -> list[InboxRow]:
        """Unwiped rows of the same (group, sender) by event time, both ends inclusive."""

    def change_outcome(self, row_id: UUID, outcome: Outcome) -> None: ...

    def wipe_message(self, message_id: str) -> None:
        """Forget the contents of every row of this message, at once."""


class MessageMarks(Protocol):
    """What is remembered of messages by keyed hash only: taken back, or edited, and when."""

    def mark_unsent(self, message_id: str, at: datetime) -> None: ...

    def is_unsent(self, message_id: str) -> bool: ...

    def mark_version(self, message_id: str, at: datetime) -> None: ...

    def newest_version_at(self, message_id: str) -> datetime | None: ...


class Registry(Protocol):
    """Groups, people and rosters."""

    def locate(self, chat_id: str, user_id: str | None) -> Place: ...

    def group(self, group_id: UUID) -> Group | None: ...

    def groups(self) -> list[Group]: ...

    def add_group(self, group: Group) -> Group: ...

    def save_group(self, group: Group) -> None:
        """All but its name and its count of members."""

    def name_group(self, line_id: str, name: str) -> None: ...

    def count_members(self, line_id: str, count: int, at: datetime) -> None: ...

    def person(self, person_id: UUID) -> Person | None: ...

    def people(self) -> list[Person]: ...

    def ensure_person(self, line_id: str) -> Person: ...

    def set_follow(self, person_id: UUID, *, is_friend: bool, at: datetime) -> bool:
        """False when something newer is known of this person."""

    def name_person(self, line_id: str, name: str) -> None: ...

    def note_presence(
        self,
        group: Group,
        person: Person,
        *,
        known_by: KnownBy,
        at: datetime,
        noted_at: datetime | None = None,
    ) -> bool:
        """Somebody is in the group. True when the roster changed. `noted_at` is when we heard of
        it, where that is not the same moment."""

    def note_absence(
        self, group: Group, person: Person, *, at: datetime, noted_at: datetime | None = None
    ) -> bool: ...

    def roster_at(self, group_id: UUID, at: datetime) -> UUID | None: ...

    def member_names(self, group_id: UUID) -> tuple[str, ...]: ...


class Incidents(Protocol):
    """Incidents, their messages, and disclosures."""

    def add(self, incident: Incident) -> None: ...

    def save(self, incident: Incident) -> None: ...

    def by_token(self, token: str) -> Incident | None: ...

    def by_case(self, case_number: str) -> Incident | None: ...

    def by_id(self, incident_id: UUID) -> Incident | None: ...

    def burst(
        self, group_id: UUID, person_id: UUID, at: datetime, span: timedelta
    ) -> Incident | None:
        """The open incident of this sender here that a message of this time belongs to: its first
        and its last message lie at most `span` away."""

    def newest_of(self, group_id: UUID, person_id: UUID, since: datetime) -> Incident | None:
        """The newest incident of this sender here with a message since then, open or not."""

    def add_pass(self, incident: Incident, at: datetime) -> None:
        """The sender of this incident is not talked to in its group for a while."""

    def has_pass(self, group_id: UUID, person_id: UUID, at: datetime) -> bool:
        """Whether an emergency pass of this sender runs here at this time."""

    def add_message(self, incident: Incident, record: MessageRecord) -> FlaggedMessage: ...

    def revise_message(self, message: FlaggedMessage, record: MessageRecord) -> None: ...

    def message(self, message_id: str) -> tuple[Incident, FlaggedMessage] | None: ...

    def end_message(self, message: FlaggedMessage, standing: Standing, at: datetime) -> None:
        """The message can no longer be read by others: its excerpt and rewrite are erased."""

    def standing_count(self, incident_id: UUID) -> int: ...

    def rewrites(self, incident_id: UUID, now: datetime) -> list[str]: ...

    def rewritable(self, person_id: UUID, now: datetime) -> list[Incident]:
        """Incidents of this person whose safe rewrite still lives, newest first."""

    def excerpts(self, incident_id: UUID) -> dict[UUID, str]:
        """The masked excerpts that are still there, by message."""

    def links(self, message: FlaggedMessage) -> list[Link]:
        """The same content elsewhere, the oldest first."""

    def note_answer(self, incident: Incident, answer: Answer, at: datetime) -> None: ...

    def add_disclosure(self, disclosure: Disclosure, record: MessageRecord) -> None: ...

    def revise_disclosure(self, disclosure: Disclosure, record: MessageRecord) -> None: ...

    def disclosure(self, message_id: str) -> Disclosure | None: ...

    def take_back_disclosure(self, disclosure: Disclosure, at: datetime) -> None: ...


class Looks(Protocol):
    """Pictures and files that are to be looked at, or copied, once the transaction is over."""

    def ask(
        self,
        task: LookTask,
        row_id: UUID,
        *,
        person_id: UUID | None = None,
        incident_id: UUID | None = None,
    ) -> None:
        """What this inbox row is about, with a sealed copy of its own; once for each row."""

    def of_incident(self, incident_id: UUID) -> list[Sent]:
        """Its pictures that can still be fetched, the oldest first."""

    def of_question(self, question_id: UUID) -> list[Sent]: ...

    def incident_of_set(self, event: InboundEvent) -> UUID | None:
        """The newest incident that another image of the same set led to."""

    def has_open_mates(self, event: InboundEvent, but: UUID) -> bool:
        """Whether other images of the same set are still to be looked at."""

    def take_back(self, message_id: str) -> UUID | None:
        """Ends what waits for this message, and forgets it. The question about it, if any."""

    def move_to_incident(self, look_id: UUID, incident_id: UUID) -> None: ...

    def forget(self, question_id: UUID) -> None:
        """The question is over: nothing has to be found at LINE again."""

    def is_copy_under_way(self, incident_id: UUID) -> bool: ...

    def wants_picture(self, person_id: UUID, since: datetime) -> bool:
        """Whether this person was asked to bring a picture to the private chat."""

    def note_wanted(self, row_id: UUID, person_id: UUID) -> None:
        """Asked at once, without a look: nothing is left that could be fetched."""

    def copyable(self, person_id: UUID) -> UUID | None:
        """The newest incident of this person with a picture that can still be fetched."""


class Questions(Protocol):
    """What was asked about pictures, and what was answered."""

    def add(self, question: Question, event: InboundEvent) -> None: ...

    def by_token(self, token: str) -> Question | None: ...

    def by_id(self, question_id: UUID) -> Question | None: ...

    def of_burst(
        self, group_id: UUID, person_id: UUID, event: InboundEvent, span: timedelta
    ) -> Question | None:
        """The newest about the same set, or within `span` of this picture, whatever its end."""

    def asked_of(self, person_id: UUID, about: SightKind, since: datetime) -> int: ...

    def asked_in(self, group_id: UUID, about: SightKind, since: datetime) -> int: ...

    def end(self, question: Question, answer: QuestionEnd, at: datetime) -> bool:
        """False when it had ended already."""

    def overdue(self, now: datetime) -> list[Question]: ...


class SafeCopies(Protocol):
    def keep(self, picture: bytes) -> str:
        """Sealed for ten minutes or three fetches; returns the secret part of its address."""


class Acknowledgements(Protocol):
    """Who tapped that they have seen a disclosure."""

    def of_burst(
        self, group_id: UUID, person_id: UUID | None, at: datetime, span: timedelta
    ) -> AcknowledgementRequest | None: ...

    def by_token(self, token: str) -> AcknowledgementRequest | None: ...

    def add(self, request: AcknowledgementRequest) -> None: ...

    def attach(
        self, request: AcknowledgementRequest, disclosure_id: UUID, at: datetime
    ) -> None: ...

    def note(self, request: AcknowledgementRequest, tapped: Acknowledged) -> bool:
        """False when this person had tapped before."""


class Cases(Protocol):
    """What people make of incidents."""

    def of(self, incident_id: UUID) -> Case: ...

    def save(self, case: Case) -> None: ...


class Breaches(Protocol):
    """Incidents that must be reported to the regulator."""

    def add(self, breach: Breach) -> None: ...

    def save(self, breach: Breach) -> None: ...

    def hold(self, breach: Breach, reason: str) -> bool:
        """A legal hold on its incident; False where there is one already."""

    def of_incident(self, incident_id: UUID) -> Breach | None: ...

    def of_case(self, case_number: str) -> Breach | None: ...


class Outbox(Protocol):
    """What is to be told, committed together with its reason."""

    def add(self, message: OutboxMessage) -> bool:
        """False when a message with this key is already there."""

    def add_rides(self, messages: Sequence[OutboxMessage]) -> None:
        """Several that wait for a free reply, at once; one that is already there stays."""

    def ride(self, group_id: UUID, token: ReplyToken, now: datetime) -> OutboxMessage | None:
        """Give the token of a silent event to what waits for one here; the newest due wins."""

    def cancel(self, key: str) -> bool:
        """What has not been told under this key, and no longer needs to be. False: too late."""

    def hush(self, group_id: UUID, person_id: UUID, until: datetime) -> None:
        """What waits to remind this person here waits longer, or is called off if it cannot."""

    def cancel_for_incident(self, incident_id: UUID) -> None:
        """What has not been told of this incident, and no longer needs to be."""

    def is_said(self, key: str) -> bool:
        """Whether this was written down to be told, and has not been called off."""

    def said_at(self, key: str) -> datetime | None:
        """When it was told; of what is being told, when it was written down. None where it
        was called off or could not be told."""

    def can_push(self, purpose: Purpose) -> bool:
        """Whether this month's budget has room for one more private push."""


class ErrandKind(StrEnum):
    """Things to ask of LINE outside every unit of work."""

    GROUP_SUMMARY = "group_summary"
    MEMBER_COUNT = "member_count"
    MEMBER_LIST = "member_list"
    MEMBER_PROFILE = "member_profile"
    FRIEND_PROFILE = "friend_profile"


class Errands(Protocol):
    def ask(self, kind: ErrandKind, chat_id: str, user_id: str = "") -> None:
        """Written down once: asking again while it waits changes nothing."""


class LedgerWriter(Protocol):
    """Appends what happened, in the same unit of work as the effect."""

    def append(
        self,
        kind: str,
        *,
        by: str,
        at: datetime,
        subject: UUID | None,
        facts: Mapping[str, object],
    ) -> None: ...


class UnitOfWork(Protocol):
    """One transaction: everything in it happens, or nothing does."""

    @property
    def inbox(self) -> InboxWindow: ...
    @property
    def marks(self) -> MessageMarks: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def looks(self) -> Looks: ...
    @property
    def questions(self) -> Questions: ...
    @property
    def copies(self) -> SafeCopies: ...
    @property
    def breaches(self) -> Breaches: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def acknowledgements(self) -> Acknowledgements: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def errands(self) -> Errands: ...
    @property
    def ledger(self) -> LedgerWriter: ...

    def lock(self, *keys: str) -> None:
        """Hold these keys until the end, so that two workers cannot judge at cross purposes."""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What came back from LINE. `status` 0 means that no clear answer came.

    `never_arrived` is set where that is certain: no connection could be made.
    """

    status: int
    message: str = ""
    body: Mapping[str, object] | None = None
    never_arrived: bool = False

    @property
    def is_unclear(self) -> bool:
        return self.status == 0 or self.status >= 500  # noqa: PLR2004 - HTTP server errors

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP success


class LineApi(Protocol):
    """The calls we make. None raises: every end is a LineAnswer."""

    def reply(self, token: str, messages: Sequence[Mapping[str, object]]) -> LineAnswer: ...

    def push(
        self, to: str, messages: Sequence[Mapping[str, object]], retry_key: UUID
    ) -> LineAnswer: ...

    def group_summary(self, group_id: str) -> LineAnswer: ...

    def member_count(self, chat_id: str, *, is_room: bool) -> LineAnswer: ...

    def member_ids(self, chat_id: str, start: str, *, is_room: bool) -> LineAnswer: ...

    def member_profile(self, chat_id: str, user_id: str, *, is_room: bool) -> LineAnswer: ...

    def profile(self, user_id: str) -> LineAnswer: ...

    def bot_info(self) -> LineAnswer: ...

    def quota(self) -> LineAnswer: ...

    def consumption(self) -> LineAnswer: ...


class FetchState(StrEnum):
    """What came of asking LINE for a content."""

    HERE = "here"
    GONE = "gone"
    PREPARING = "preparing"
    FAILED = "failed"
    TOO_LARGE = "too_large"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Fetched:
    state: FetchState
    data: bytes = field(default=b"", repr=False)


class Contents(Protocol):
    """What people sent, from LINE: held in memory, and only as much as may be. Never raises."""

    def fetch(self, message_id: str) -> Fetched: ...
