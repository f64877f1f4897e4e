"""From a text to what follows: read it with its thread, decide, write down, speak.

Text, edits, locations, stickers and the names of files all come through here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.detectors.mask import excerpt, safe_rewrite
from bot.domain.decisions import Action, Verdict
from bot.domain.events import EventKind, Outcome
from bot.domain.groups import SenderKind
from bot.domain.incidents import Incident, MessageRecord
from bot.domain.situation import Situation
from bot.ports import InboxRow, TextContext
from handlers import acknowledging, recording, telling
from handlers.identities import fingerprint, identities
from handlers.places import Here, find_here
from handlers.warning import warn, warned_of, warning_key
from policies.decide import decide

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from bot.domain.decisions import Decision
    from bot.domain.events import InboundEvent
    from bot.domain.findings import Assessment
    from handlers.work import Work

# What a sender splits over several messages is put together over two minutes, inclusive.
# A burst of messages, and so one warning, is measured by the same two minutes.
WINDOW = timedelta(seconds=120)
# A file's name was harmless; what is inside is looked at by itself.
_HARMLESS_ALONE = (Outcome.BENIGN, Outcome.LOOK_ASKED)
_WITH_TEXT = frozenset(
    (EventKind.TEXT, EventKind.EDITED, EventKind.LOCATION, EventKind.STICKER, EventKind.FILE)
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was concluded of one message."""

    assessment: Assessment
    decision: Decision


@dataclass(frozen=True, slots=True)
class Flagged:
    """What is to be written down of a message, and what was decided."""

    record: MessageRecord
    decision: Decision


def judge(event: InboundEvent, work: Work) -> Outcome:
    """The whole of it for one text in a group: this message, then those it completes."""
    if event.message_id is not None and is_over(event, work):
        return Outcome.TAKEN_BACK_UNREAD
    here = find_here(event, work)
    rows = _thread(event, work)
    outcome = judge_text(event, here, rows, work)
    _judge_later_ones_again(event, here, rows, work)
    return outcome


def judge_and_give_ride(event: InboundEvent, work: Work) -> Outcome:
    """For a new message: when nothing is to be said of it, its token carries what waits for one."""
    outcome = judge(event, work)
    if outcome is Outcome.BENIGN:
        telling.give_ride(event, find_here(event, work).group, work)
    return outcome


def is_over(event: InboundEvent, work: Work) -> bool:
    """An unsend that came first: the text must not come back to life."""
    if event.message_id is None:
        return False
    work.uow.lock(message_lock(event.message_id))
    return work.uow.marks.is_unsent(event.message_id)


def message_lock(message_id: str) -> str:
    return f"message:{message_id}"


def judge_text(event: InboundEvent, here: Here, rows: Iterable[InboxRow], work: Work) -> Outcome:
    assessment = _assess(event, here, tuple(texts_before(event, rows)), work)
    if not assessment.is_flagged:
        return Outcome.BENIGN
    work.uow.lock(burst_lock(here.group.id, here.person.id if here.person else None))
    burst = burst_of(event, here, work)
    decision = decide(assessment, situation_of(event, here, burst, work), work.table)
    flagged = Flagged(_record(event, Judged(assessment, decision)), decision)
    return follow(event, here, flagged, burst, work)


def burst_lock(group_id: UUID, person_id: UUID | None) -> str:
    return f"burst:{group_id}:{person_id or ''}"


def burst_of(event: InboundEvent, here: Here, work: Work) -> Incident | None:
    if here.person is None:
        return None
    return work.uow.incidents.burst(here.group.id, here.person.id, event.occurred_at, WINDOW)


def _assess(event: InboundEvent, here: Here, earlier: tuple[str, ...], work: Work) -> Assessment:
    """Names of members are looked up only when something was found: most talk is ordinary."""
    mentions = tuple((mention.start, mention.end) for mention in event.content.mentions)
    context = TextContext(earlier, mentions)
    text = readable_text(event)
    assessment = work.reader.assess(text, context)
    if not assessment.is_flagged:
        return assessment
    names = work.uow.registry.member_names(here.group.id)
    return work.reader.assess(text, replace(context, member_names=names))


def readable_text(event: InboundEvent) -> str:
    return event.content.text or event.content.file_name


def situation_of(event: InboundEvent, here: Here, burst: Incident | None, work: Work) -> Situation:
    return Situation(
        at=event.occurred_at,
        group_kind=here.group.kind,
        is_approved=here.group.is_approved(event.occurred_at),
        sender=here.person.kind if here.person else SenderKind.NO_ID,
        is_simulated=here.group.is_simulated,
        is_active=event.is_active,
        has_emergency_pass=recording.has_pass(event, here, work),
        # Warned, not only recorded: in standby or simulation nobody was told anything.
        is_burst=burst is not None and work.uow.outbox.is_said(warning_key(burst)),
    )


def follow(
    event: InboundEvent, here: Here, flagged: Flagged, burst: Incident | None, work: Work
) -> Outcome:
    record, decision = flagged.record, flagged.decision
    if decision.verdict is Verdict.DISCLOSURE:
        disclosure = recording.record_disclosure(event, here, record, decision, work)
        acknowledging.ask(event, here, disclosure, work)
        return Outcome.DISCLOSURE
    if decision.verdict is not Verdict.INCIDENT:
        return Outcome.NOTED  # found, and by the table nothing follows: not the same as clean
    incident = recording.record_incident(event, here, record, decision, burst, work)
    if decision.calls_for(Action.WARN):
        offers = decision.calls_for(Action.OFFER_SAFE_REWRITE) and here.person is not None
        warned = warned_of(event, record, work, offers=offers)
        warn(event, here, incident, record, warned, work)
    return Outcome.INCIDENT


def _record(event: InboundEvent, judged: Judged) -> MessageRecord:
    text, findings = readable_text(event), judged.assessment.findings
    return MessageRecord(
        message_id=event.message_id,
        occurred_at=event.occurred_at,
        text_at=event.occurred_at,
        labels=judged.assessment.labels,
        reasons=(
            *judged.decision.reasons,
            *dict.fromkeys(f"{finding.label}: {finding.reason}" for finding in findings),
        ),
        excerpt=excerpt(text, findings),
        rewrite=safe_rewrite(text, findings),
        tokens=identities(text, findings),
        fingerprint=fingerprint(text),
        original=text,
    )


# The thread: what the same sender wrote here within two minutes, before and after


def _thread(event: InboundEvent, work: Work) -> list[InboxRow]:
    if event.source.user_id is None:  # several people without an id share one lane
        return []
    at = event.occurred_at
    return work.uow.inbox.of_sender(event, at - WINDOW, at + WINDOW)


def texts_before(event: InboundEvent, rows: Iterable[InboxRow]) -> Iterable[str]:
    """Each earlier message once, as it reads now: an edit stands in for what it replaced."""
    newest: dict[str, str] = {}
    for row in rows:
        said = row.event
        if _is_before(said, event) and said.kind in _WITH_TEXT and said.message_id:
            newest[said.message_id] = readable_text(said)
    return filter(None, newest.values())


def _is_before(said: InboundEvent, event: InboundEvent) -> bool:
    is_other = said.message_id != event.message_id
    return is_other and event.occurred_at - WINDOW <= said.occurred_at <= event.occurred_at


def _judge_later_ones_again(
    event: InboundEvent, here: Here, rows: list[InboxRow], work: Work
) -> None:
    """A message that arrives late can complete what was harmless without it."""
    for row in _as_they_read_now(rows):
        is_later = row.event.occurred_at > event.occurred_at
        if is_later and row.outcome in _HARMLESS_ALONE and row.event.kind in _WITH_TEXT:
            _judge_again(row, here, rows, work)


def _as_they_read_now(rows: list[InboxRow]) -> Iterable[InboxRow]:
    """The newest version of each message: what an edit replaced nobody can read any more."""
    newest = {row.event.message_id: row for row in rows}
    return [row for row in rows if newest.get(row.event.message_id) is row]


def _judge_again(row: InboxRow, here: Here, rows: list[InboxRow], work: Work) -> None:
    later = replace(work, row_id=row.id, token_received_at=row.token_received_at)
    outcome = judge_text(row.event, here, rows, later)
    if outcome is not Outcome.BENIGN:
        work.uow.inbox.change_outcome(row.id, outcome)
