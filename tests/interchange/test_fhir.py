"""Bundles of AuditEvents: checked with other people's models of the standard (R4B, in which
AuditEvent and Bundle are those of R4), and with its lists of codes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.bundle import Bundle

from bot.domain.exports import Realm, Recipients
from bot.interchange.forms import Format
from tests.interchange.records import AT, DOCTOR, NAMED_NURSE, NURSE, disclosure, record, written

# As the standard lists them (R4, audit-event-action, audit-event-outcome): required bindings.
ACTIONS, OUTCOMES = set("CRUDE"), {"0", "4", "8", "12"}


def events_of(content: bytes) -> list[dict[str, Any]]:
    bundle = Bundle.model_validate_json(content)
    assert bundle.type == "collection"
    raw = json.loads(content)
    for entry in raw.get("entry", ()):
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
        AuditEvent.model_validate(entry["resource"])
        assert entry["resource"]["action"] in ACTIONS
        assert entry["resource"]["outcome"] in OUTCOMES
    return [entry["resource"] for entry in raw.get("entry", ())]


STRANGE = {
    "incident": record(),
    "disclosure": disclosure(),
    "emergency": disclosure(basis="emergency"),
    "nobody known": record(sender=None, recipients=None, group=None, group_kind="", tokens=()),
    "count unknown": record(recipients=Recipients(NURSE.id, (), None)),
    "still standing": record(ended_at=None, standing=2),
    "ended before it began": record(ended_at=AT - timedelta(seconds=1)),
    "simulated": record(realm=Realm.SIMULATED),
    "without an entry": record(recorded_at=None),
    "without labels": record(labels=()),
    "named": record(sender=NAMED_NURSE),
}


@pytest.mark.parametrize("name", STRANGE)
def test_every_record_makes_a_valid_event(name: str) -> None:
    assert len(events_of(written(Format.FHIR, STRANGE[name]))) == 1


def test_no_records_make_a_valid_bundle() -> None:
    assert events_of(written(Format.FHIR)) == []


def test_the_standard_would_refuse_a_wrong_event() -> None:
    content = written(Format.FHIR, record()).replace(b'"recorded"', b'"recorded_at"')
    with pytest.raises(ValueError, match="recorded"):
        Bundle.model_validate_json(content)


def test_sender_recipients_and_those_we_do_not_know_are_agents() -> None:
    (event,) = events_of(written(Format.FHIR, record()))
    roles = [agent["type"]["coding"][0]["code"] for agent in event["agent"]]
    assert roles == ["110153", "110152", "110152"]
    assert [agent["requestor"] for agent in event["agent"]] == [True, False, False]
    assert event["agent"][0]["who"]["identifier"]["value"] == str(NURSE.id)
    assert event["agent"][1]["who"]["identifier"]["value"] == str(DOCTOR.id)
    assert event["agent"][2]["who"]["display"].startswith("32 further members")


def test_a_patient_is_a_token_and_a_kind() -> None:
    (event,) = events_of(written(Format.FHIR, record()))
    kinds, patient = event["entity"]
    assert [d["valueString"] for d in kinds["detail"] if d["type"] == "label"] == ["HN", "PHONE"]
    assert patient["what"]["identifier"]["value"] == record().tokens[0].value
    assert (b"d" * 32).hex() not in written(Format.FHIR, record()).decode()


@pytest.mark.parametrize(
    ("one", "code"),
    [(disclosure(), "TREAT"), (disclosure(basis="emergency"), "ETREAT"), (record(), None)],
    ids=["care", "emergency", "incident"],
)
def test_the_purpose_is_care_or_emergency(one: Any, code: str | None) -> None:  # noqa: ANN401
    (event,) = events_of(written(Format.FHIR, one))
    found = [coding["code"] for p in event.get("purposeOfEvent", ()) for coding in p["coding"]]
    assert found == ([code] if code else [])


def test_what_is_no_live_record_is_tagged_as_test_data() -> None:
    tags = [
        [tag["code"] for tag in event.get("meta", {}).get("tag", ())]
        for realm in Realm
        for event in events_of(written(Format.FHIR, record(realm=realm)))
    ]
    assert tags == [[], ["HTEST", "simulated"], ["HTEST", "sandbox"]]
