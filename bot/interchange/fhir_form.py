"""HL7 FHIR R4: a Bundle of AuditEvents, one for each record, written entry by entry.

Modelled as the standard's own example of an accounting of disclosures: DICOM's 'Export', a source,
destinations, and the patient as entity. The action is the sending, which succeeded; whether it
should have happened is said by the subtype.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from bot.domain.exports import About, ExportedRecord, Party, Realm, RecordKind
from bot.interchange.cells import utc

Json = dict[str, Any]

# Our own names for things, in a form that FHIR takes for a system.
_OURS = "urn:x-wongraksa"
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_HL7 = "http://terminology.hl7.org/CodeSystem"

_TYPE = {"system": _DICOM, "code": "110106", "display": "Export"}
_SOURCE_ROLE = {"system": _DICOM, "code": "110153", "display": "Source Role ID"}
_DESTINATION_ROLE = {"system": _DICOM, "code": "110152", "display": "Destination Role ID"}
_SERVER = {"system": f"{_HL7}/security-source-type", "code": "4", "display": "Application Server"}
_PERSON = {"system": f"{_HL7}/audit-entity-type", "code": "1", "display": "Person"}
_PATIENT = {"system": f"{_HL7}/object-role", "code": "1", "display": "Patient"}
_TEST = {"system": f"{_HL7}/v3-ActReason", "code": "HTEST", "display": "test health data"}
_SUBTYPES = {
    RecordKind.INCIDENT: "Patient data outside an approved group",
    RecordKind.DISCLOSURE: "Patient data inside an approved group",
}
_PURPOSES = {"care": ("TREAT", "treatment"), "emergency": ("ETREAT", "Emergency Treatment")}


def write_fhir(records: Iterable[ExportedRecord], about: About, file: BinaryIO) -> None:
    """A list in FHIR is never empty: where nothing happened the bundle has no `entry` at all."""
    head = {"resourceType": "Bundle", "type": "collection", "timestamp": utc(about.made_at)}
    file.write(_encoded(head)[:-1])
    opening = b',"entry":[\n'
    for record in records:
        file.write(opening + _encoded(_entry(record, about)))
        opening = b",\n"
    file.write(b"}\n" if opening != b",\n" else b"\n]}\n")


def _encoded(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _entry(record: ExportedRecord, about: About) -> Json:
    return {"fullUrl": record.id.urn, "resource": audit_event(record, about)}


def audit_event(record: ExportedRecord, about: About) -> Json:
    event: Json = {
        "resourceType": "AuditEvent",
        "id": str(record.id),
        "type": _TYPE,
        "subtype": [_ours("record-kind", record.kind.value, _SUBTYPES[record.kind])],
        "action": "R",
        "period": _period(record),
        # The standard wants a time here; where ours is missing, the record was still made no
        # earlier than what it records.
        "recorded": utc(record.recorded_at or record.last_message_at),
        "outcome": "0",
        "outcomeDesc": _what_became_of_it(record),
        "agent": list(_agents(record)),
        "source": _source(about),
        "entity": list(_entities(record)),
    }
    if record.realm is not Realm.LIVE:
        event["meta"] = {"tag": [_TEST, _ours("realm", record.realm.value)]}
    if record.basis in _PURPOSES:
        code, display = _PURPOSES[record.basis]
        coding = {"system": f"{_HL7}/v3-ActReason", "code": code, "display": display}
        event["purposeOfEvent"] = [{"coding": [coding]}]
    return event


def _ours(system: str, code: str, display: str | None = None) -> Json:
    coding = {"system": f"{_OURS}:{system}", "code": code}
    return coding if display is None else {**coding, "display": display}


def _period(record: ExportedRecord) -> Json:
    period = {"start": utc(record.occurred_at)}
    if record.ended_at is None or record.ended_at < record.occurred_at:
        return period
    return {**period, "end": utc(record.ended_at)}


def _what_became_of_it(record: ExportedRecord) -> str:
    case = f"Case {record.case_number}: " if record.case_number else ""
    if record.minutes_visible is not None:
        return f"{case}none stands any more, after {record.minutes_visible} minutes"
    return f"{case}{record.standing} of {record.messages} messages stand"


# Who


def _agents(record: ExportedRecord) -> Iterator[Json]:
    yield _agent(record.sender, _SOURCE_ROLE, is_sender=True)
    if record.recipients is None:
        return
    for one in record.recipients.without(record.sender):
        yield _agent(one, _DESTINATION_ROLE)
    unknown = record.recipients.unknown
    if unknown != 0:
        number = "an unknown number of" if unknown is None else str(unknown)
        who = {"display": f"{number} further members of the group, not known to us"}
        yield {"type": {"coding": [_DESTINATION_ROLE]}, "who": who, "requestor": False}


def _agent(party: Party | None, role: Mapping[str, str], *, is_sender: bool = False) -> Json:
    agent: Json = {"type": {"coding": [dict(role)]}, "requestor": is_sender}
    if party is None:
        return {**agent, "who": {"display": "LINE does not say who"}}
    agent["who"] = {"identifier": {"system": f"{_OURS}:person", "value": str(party.id)}}
    return {**agent, "name": party.name} if party.name else agent


def _source(about: About) -> Json:
    identifier = {"system": f"{_OURS}:deployment", "value": about.deployment}
    source: Json = {"observer": {"identifier": identifier, "display": "WongRaksa"}}
    if about.hospital:
        source["site"] = about.hospital
    return {**source, "type": [_SERVER]}


# What of whom


def _entities(record: ExportedRecord) -> Iterator[Json]:
    """First which kinds of data in which group, then each patient number as a token."""
    yield {
        "type": _PERSON,
        "role": _PATIENT,
        "description": "Kinds of patient data in the message",
        "detail": [*_details("label", record.labels), *_group_details(record)],
    }
    for token in record.tokens:
        identifier = {"system": f"{_OURS}:patient-token", "value": token.value}
        yield {
            "what": {"identifier": identifier},
            "type": _PERSON,
            "role": _PATIENT,
            "detail": list(_details("label", (token.label,))),
        }


def _group_details(record: ExportedRecord) -> Iterator[Json]:
    if record.group is not None:
        yield from _details("group", (str(record.group.id), record.group.name))
    yield from _details("group-kind", (record.group_kind,))


def _details(kind: str, values: Iterable[str]) -> Iterator[Json]:
    return ({"type": kind, "valueString": value} for value in values if value)
