"""The few figures beside a table. Only live records count; the others are said to be left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.domain.exports import ExportedRecord, Realm, RecordKind


class Tally:
    """Counts records as they pass by."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._labels: Counter[str] = Counter()
        self._left_out: Counter[Realm] = Counter()
        self._minutes = 0

    def passing(self, records: Iterable[ExportedRecord]) -> Iterator[ExportedRecord]:
        for record in records:
            self._add(record)
            yield record

    def _add(self, record: ExportedRecord) -> None:
        if record.realm is not Realm.LIVE:
            self._left_out[record.realm] += 1
            return
        self._counts[record.kind] += 1
        if record.kind is RecordKind.INCIDENT:
            self._add_incident(record)

    def _add_incident(self, record: ExportedRecord) -> None:
        self._counts["messages"] += record.messages
        self._counts["standing"] += record.standing
        self._labels.update(record.labels)
        if record.minutes_visible is not None:
            self._counts["ended"] += 1
            self._minutes += record.minutes_visible

    def rows(self) -> list[tuple[str, str, int | float | None]]:
        """Thai, English, figure."""
        counts, ended = self._counts, self._counts["ended"]
        mean = round(self._minutes / ended, 1) if ended else None
        return [
            ("เหตุ", "Incidents", counts[RecordKind.INCIDENT]),
            ("ข้อความในเหตุ", "Messages of incidents", counts["messages"]),
            ("ข้อความที่ยังค้างอยู่", "Messages still standing", counts["standing"]),
            ("เหตุที่จบแล้ว", "Incidents that ended", ended),
            ("เห็นได้เฉลี่ย (นาที)", "Mean minutes visible, of those that ended", mean),
            ("การส่งต่อในกลุ่มที่อนุมัติ", "Disclosures", counts[RecordKind.DISCLOSURE]),
            *((f"เหตุที่มี {x}", f"Incidents with {x}", n) for x, n in sorted(self._labels.items())),
            ("ไม่นับ: โหมดทดลอง", "Left out: simulation", self._left_out[Realm.SIMULATED]),
            ("ไม่นับ: LINE จำลอง", "Left out: sandbox", self._left_out[Realm.SANDBOX]),
        ]
