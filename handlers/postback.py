"""A button was pressed. It counts only from the warned sender or the group's owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.actions import Purpose, Saying, Utterance
from bot.domain.buttons import Button, decode
from bot.domain.events import Outcome
from bot.domain.incidents import Answer
from bot.domain.times import to_milliseconds
from bot.ledger.entry import EntryKind
from handlers import acknowledging, asking, copying, emergency, private, telling
from handlers.places import Here, find_here
from handlers.telling import Once

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from bot.domain.incidents import Incident
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    pressed = decode(event.content.postback)
    if pressed is None or not event.source.is_shared:
        return Outcome.IGNORED
    button, token = pressed
    if button is Button.ACKNOWLEDGE:
        return acknowledging.note_tap(event, token, work)
    if button in _OF_QUESTIONS:
        return asking.answer(event, button, token, work)
    incident = work.uow.incidents.by_token(token)
    here = find_here(event, work)
    if incident is None or not _may_press(incident, here):
        return Outcome.IGNORED
    _ANSWERS[button](event, here, incident, work)
    return Outcome.ANSWERED


def _may_press(incident: Incident, here: Here) -> bool:
    if here.person is None or incident.group_id != here.group.id:
        return False
    return here.person.id == incident.person_id or here.person.line_id == here.group.owner


def _say(event: InboundEvent, here: Here, saying: Saying, incident: Incident, work: Work) -> None:
    mention = here.person.line_id if here.person else None
    parameters = {"contact": work.contact}
    said = Utterance(saying, here.group.language, parameters, mention)
    telling.answer(event, said, work, Once(f"answer:{saying}:{incident.id}", incident.id))


def _give_rewrite(event: InboundEvent, here: Here, incident: Incident, work: Work) -> None:
    """Privately: even a masked text may hold what no detector found."""
    person = here.person
    if person is None or person.id != incident.person_id:
        return
    if not work.uow.incidents.rewrites(incident.id, work.now):
        _say(event, here, Saying.REWRITE_GONE, incident, work)
    elif person.is_friend and _may_push(incident, work):
        rewrite = private.rewrite_of(incident, work)
        telling.tell_privately(person.line_id, rewrite, _rewrite_once(incident), work)
    else:
        _say(event, here, Saying.REWRITE_PRIVATELY, incident, work)


def _may_push(incident: Incident, work: Work) -> bool:
    """One push for what the incident holds now: who taps again finds the way to the free chat."""
    is_new = not work.uow.outbox.is_said(_rewrite_once(incident).key)
    return is_new and work.uow.outbox.can_push(Purpose.ANSWER)


def _rewrite_once(incident: Incident) -> Once:
    until = to_milliseconds(incident.last_message_at)
    return Once(f"rewrite:{incident.id}:{until}", incident.id)


def _note_claim(event: InboundEvent, here: Here, incident: Incident, work: Work) -> None:
    """A claim until LINE's own unsend event proves it."""
    _note(incident, Answer.CLAIMED, here, work)
    _say(event, here, Saying.CLAIM_NOTED, incident, work)


def _note_dispute(event: InboundEvent, here: Here, incident: Incident, work: Work) -> None:
    """A person who says that we were wrong is not reminded any more; somebody will look at it."""
    _note(incident, Answer.DISPUTED, here, work)
    work.uow.outbox.cancel_for_incident(incident.id)
    _say(event, here, Saying.DISPUTE_NOTED, incident, work)


def _show_guideline(event: InboundEvent, here: Here, incident: Incident, work: Work) -> None:
    _say(event, here, Saying.GUIDELINE, incident, work)


def _note(incident: Incident, answer: Answer, here: Here, work: Work) -> None:
    work.uow.incidents.note_answer(incident, answer, work.now)
    work.uow.ledger.append(
        EntryKind.INCIDENT_ANSWERED,
        by=f"person:{here.person.id if here.person else None}",
        at=work.now,
        subject=incident.id,
        facts={"answer": answer.value},
    )


def _take_emergency(event: InboundEvent, here: Here, incident: Incident, work: Work) -> None:
    if here.person is not None and here.person.id == incident.person_id:
        emergency.take(event, here, incident, work)


_ANSWERS = {
    Button.REWRITE: _give_rewrite,
    Button.CLAIMED: _note_claim,
    Button.WRONG: _note_dispute,
    Button.GUIDE: _show_guideline,
    Button.COPY: copying.ask_in_group,
    Button.EMERGENCY: _take_emergency,
}
_OF_QUESTIONS = (Button.NO_PATIENT, Button.PATIENT)
