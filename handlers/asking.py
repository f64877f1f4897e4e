"""'Is there a patient in this picture?': asked of the sender, seldom, and answered with one tap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import Purpose, Saying, Utterance, Way
from bot.domain.buttons import Button
from bot.domain.decisions import Action, Decision, Verdict
from bot.domain.events import Outcome
from bot.domain.ids import new_id, new_public_token
from bot.domain.incidents import MessageRecord
from bot.domain.looks import LOOK_WITHIN, LedTo, LookEnd, LookEnding
from bot.domain.questions import (
    FACE_ONCE_IN,
    FACES_OF_GROUP_IN,
    MOST_FACES_OF_GROUP,
    Question,
    QuestionEnd,
)
from bot.domain.sights import SightKind
from bot.domain.times import thai_date, thai_time
from bot.ledger.entry import EntryKind
from handlers import recording, telling
from handlers.judging import WINDOW, burst_lock, burst_of
from handlers.places import Here, find_here
from handlers.telling import Route
from handlers.warning import thing_of, warn, warned_of
from handlers.work import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from bot.domain.events import InboundEvent
    from bot.domain.looks import Sent
    from bot.ports import UnitOfWork
    from handlers.work import Work

# The other images of a set may hold what earns a warning, and then nobody is asked.
_SET_WAITS = timedelta(seconds=15)
# Younger than this, the token of the picture itself lives long enough, with that wait.
_FRESH = timedelta(seconds=35)


def question_key(question_id: UUID) -> str:
    return f"question:{question_id}"


# Asking


@dataclass(frozen=True, slots=True)
class Asked:
    """Who would be asked, where, and by which decision."""

    here: Here
    decision: Decision
    about: SightKind


def ask(event: InboundEvent, look_id: UUID, asked: Asked, work: Work) -> LookEnding:
    """One question for a burst or a set; whoever was asked already is not asked again."""
    here, outcome = asked.here, LookEnd(asked.about.value)
    if here.person is None:
        return LookEnding(outcome, "no_sender", LedTo.NOTHING)
    if work.now >= event.occurred_at + LOOK_WITHIN:
        return LookEnding(outcome, "too_late", LedTo.NOTHING)
    known = work.uow.questions.of_burst(here.group.id, here.person.id, event, WINDOW)
    if known is not None and known.is_open(work.now):
        return _joined(event, outcome, known.id)
    was_asked = known is not None and known.answer is not QuestionEnd.TAKEN_BACK
    if was_asked or (asked.about is SightKind.FACE and _asked_enough(here, work)):
        return LookEnding(outcome, "asked_enough", LedTo.NOTHING)
    question = _question(event, asked, here.person.id, work)
    work.uow.questions.add(question, event)
    _enter_asked(question, work)
    _put(event, look_id, question, here, work)
    return _joined(event, outcome, question.id)


def _joined(event: InboundEvent, outcome: LookEnd, question_id: UUID) -> LookEnding:
    """What LINE said of the picture is kept while the answer may come."""
    until = event.occurred_at + LOOK_WITHIN
    return LookEnding(outcome, led_to=LedTo.QUESTION, question_id=question_id, keeps_until=until)


def _asked_enough(here: Here, work: Work) -> bool:
    """Of a face alone: once an hour each, three times a day in a group."""
    questions, face = work.uow.questions, SightKind.FACE
    if here.person and questions.asked_of(here.person.id, face, work.now - FACE_ONCE_IN):
        return True
    in_group = questions.asked_in(here.group.id, face, work.now - FACES_OF_GROUP_IN)
    return in_group >= MOST_FACES_OF_GROUP


def _question(event: InboundEvent, asked: Asked, person_id: UUID, work: Work) -> Question:
    return Question(
        id=new_id(),
        token=new_public_token(),
        group_id=asked.here.group.id,
        person_id=person_id,
        about=asked.about,
        occurred_at=event.occurred_at,
        asked_at=work.now,
        ends_at=event.occurred_at + LOOK_WITHIN,
        policy_version=asked.decision.policy_version,
    )


def _put(event: InboundEvent, look_id: UUID, question: Question, here: Here, work: Work) -> None:
    """By a free reply, now or with a later event: nobody's push budget pays for a question."""
    token = work.reply_token(event)
    is_fresh = token is not None and work.now - token.received_at < _FRESH
    waits = _SET_WAITS if work.uow.looks.has_open_mates(event, but=look_id) else timedelta()
    due_at = work.now + waits
    route = Route(
        key=question_key(question.id),
        to=here.group.line_id,
        purpose=Purpose.ANSWER,
        way=Way.REPLY_ONLY if is_fresh else Way.RIDE,
        keeps=question.ends_at - due_at,
        due_at=due_at,
        reply_token=token if is_fresh else None,
        group_id=here.group.id,
    )
    said = _utterance(Saying.QUESTION, question, here, work)
    words = {**said.parameters, "thing": thing_of(event)}
    telling.put(route, replace(said, parameters=words), work)


def _utterance(saying: Saying, question: Question, here: Here, work: Work) -> Utterance:
    at = question.occurred_at
    is_today = thai_date(at) == thai_date(work.now)
    words = {
        "time": thai_time(at),
        "date": "" if is_today else thai_date(at),
        "about": question.about.value,
        "contact": work.contact,
    }
    mention = here.person.line_id if here.person else None
    return Utterance(saying, here.group.language, words, mention, incident_token=question.token)


def overtake(event: InboundEvent, here: Here, work: Work) -> None:
    """The burst has earned a warning: a question that nobody has read yet is not asked any more."""
    if here.person is None:
        return
    question = work.uow.questions.of_burst(here.group.id, here.person.id, event, WINDOW)
    if question is None or not question.is_open(work.now):
        return
    if work.uow.outbox.cancel(question_key(question.id)):
        end(question, QuestionEnd.OVERTAKEN, by=SYSTEM, uow=work.uow, at=work.now)


# Answers


def answer(event: InboundEvent, button: Button, token: str, work: Work) -> Outcome:
    """Only the sender's or the group's owner's tap counts."""
    question, here = work.uow.questions.by_token(token), find_here(event, work)
    if question is None or not _may_answer(question, here):
        return Outcome.IGNORED
    work.uow.lock(burst_lock(question.group_id, question.person_id))
    question = work.uow.questions.by_id(question.id) or question
    if not question.is_open(work.now):
        _say_over(event, question, here, work)
    elif button is Button.PATIENT:
        _note_patient(event, question, here, work)
    else:
        end(question, QuestionEnd.NO_PATIENT, by=_by(here), uow=work.uow, at=work.now)
        said = _utterance(Saying.NO_PATIENT_NOTED, question, here, work)
        telling.answer(event, said, work)
    return Outcome.ANSWERED


def _may_answer(question: Question, here: Here) -> bool:
    if here.person is None or question.group_id != here.group.id:
        return False
    return here.person.id == question.person_id or here.person.line_id == here.group.owner


def _say_over(event: InboundEvent, question: Question, here: Here, work: Work) -> None:
    """To a second tap nothing need be said; to one that came too late, what can still be done."""
    if question.answer in (None, QuestionEnd.UNANSWERED):
        said = _utterance(Saying.QUESTION_OVER, question, here, work)
        telling.answer(event, said, work)


def _note_patient(event: InboundEvent, question: Question, here: Here, work: Work) -> None:
    """An incident like any other from here on, with reminders until the picture is taken back."""
    pictures = [
        sent
        for sent in work.uow.looks.of_question(question.id)
        if sent.event.message_id and not work.uow.marks.is_unsent(sent.event.message_id)
    ]
    for sent in pictures:
        _make_incident(event, sent, question, work)
    end(question, QuestionEnd.PATIENT, by=_by(here), uow=work.uow, at=work.now)
    if not pictures:
        said = _utterance(Saying.NO_PATIENT_NOTED, question, here, work)
        telling.answer(event, said, work)


def _make_incident(tap: InboundEvent, sent: Sent, question: Question, work: Work) -> None:
    picture = sent.event
    there = find_here(picture, work)
    burst = burst_of(picture, there, work)
    decision = _decision(question)
    record = _record(picture, decision)
    incident = recording.record_incident(picture, there, record, decision, burst, work)
    work.uow.looks.move_to_incident(sent.look_id, incident.id)
    warned = replace(warned_of(picture, record, work, offers=True), saying=Saying.PATIENT_NOTED)
    warn(tap, there, incident, record, warned, work)


def _decision(question: Question) -> Decision:
    said = f"the sender said that a patient is in it (asked: {question.about})"
    actions = frozenset({Action.RECORD_INCIDENT, Action.WARN, Action.OFFER_SAFE_REWRITE})
    return Decision(Verdict.INCIDENT, actions, (said,), question.policy_version)


def _record(picture: InboundEvent, decision: Decision) -> MessageRecord:
    """Nothing was read: what kind of data it is, only the people who see it know."""
    at = picture.occurred_at
    return MessageRecord(picture.message_id, at, at, (), decision.reasons, "", "", ())


# Ends


def end(question: Question, answer: QuestionEnd, *, by: str, uow: UnitOfWork, at: datetime) -> None:
    """Each question ends once, on record; the picture need not be found again."""
    if not uow.questions.end(question, answer, at):
        return
    uow.outbox.cancel(question_key(question.id))
    uow.looks.forget(question.id)
    facts = {"answer": answer.value}
    uow.ledger.append(EntryKind.QUESTION_ANSWERED, by=by, at=at, subject=question.id, facts=facts)


def end_unanswered(uow: UnitOfWork, now: datetime) -> int:
    """Nobody answered within LINE's hour."""
    overdue = uow.questions.overdue(now)
    for question in overdue:
        end(question, QuestionEnd.UNANSWERED, by=SYSTEM, uow=uow, at=now)
    return len(overdue)


def take_back(question_id: UUID, work: Work) -> None:
    """A picture that was asked about was unsent: with the last one the question is over."""
    question = work.uow.questions.by_id(question_id)
    if question is None:
        return
    work.uow.lock(burst_lock(question.group_id, question.person_id))
    if not work.uow.looks.of_question(question_id):
        end(question, QuestionEnd.TAKEN_BACK, by=SYSTEM, uow=work.uow, at=work.now)


def _by(here: Here) -> str:
    return f"person:{here.person.id if here.person else None}"


def _enter_asked(question: Question, work: Work) -> None:
    facts = {
        "group": str(question.group_id),
        "sender": str(question.person_id),
        "about": question.about.value,
        "policy": question.policy_version,
    }
    work.uow.ledger.append(
        EntryKind.QUESTION_ASKED, by=SYSTEM, at=work.now, subject=question.id, facts=facts
    )
