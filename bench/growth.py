"""Whether an event costs more when a million incidents are stored than when there are few."""

from __future__ import annotations

import random
import time
from statistics import median

from sqlalchemy import text

from bench.deployment import deployed
from bench.load import texts
from bench.load.bodies import encoded
from bench.load.events import EventMaker, in_group
from bench.load.world import line_id
from bench.tables import Figure
from bot.bootstrap import Parts
from bot.line.inbound import read_event, split_body
from bot.storage.sealing import Arrival
from bot.worker.house import make_processor
from bot.worker.policy import PolicyOfTheDay

_SIZES = (10_000, 1_000_000)
_EVENTS = 400
_GROUPS = 100

# Each stored incident has what a real one leaves: a message, a number, two entries, a warning.
_FILL = """
INSERT INTO incidents (id, token, case_number, group_id, person_id, opened_at, last_message_at,
                       is_simulated, policy_version, closed_at)
SELECT md5('i' || n)::uuid, md5('t' || n), 'b' || n, g.id, NULL, :since + n, :since + n, false, 1,
       CASE WHEN n % 3 = 0 THEN NULL ELSE :since + n + 60000 END
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
JOIN (SELECT id, row_number() OVER () - 1 AS number FROM groups) AS g ON g.number = n % :groups;
INSERT INTO incident_messages (id, incident_id, message_key, occurred_at, text_at, labels, reasons,
                               standing)
SELECT md5('m' || n)::uuid, md5('i' || n)::uuid, decode(md5('a' || n) || md5('b' || n), 'hex'),
       :since + n, :since + n, 'HN', 'rule', 'unsent'
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n;
INSERT INTO identifier_tokens (id, digest, pepper_version, label, incident_message_id)
SELECT md5('d' || n)::uuid, decode(md5('c' || n) || md5('d' || n), 'hex'), 1, 'HN',
       md5('m' || n)::uuid
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n;
INSERT INTO ledger_entries (id, kind, version, at, subject, commitment)
SELECT md5('l' || n || k)::uuid, k, 1, :since + n, md5('i' || n)::uuid,
       decode(md5('e' || n) || md5('f' || n), 'hex')
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n,
     (VALUES ('incident.opened'), ('warning.told')) AS kinds(k);
INSERT INTO outbox (id, key, saying, language, purpose, way, state, retry_key, created_at, due_at,
                    expires_at, settled_at, incident_id)
SELECT md5('o' || n)::uuid, 'old:' || n, 'warning', 'th', 'first_warning', 'reply_or_push', 'told',
       md5('r' || n)::uuid, :since + n, :since + n, :since + n, :since + n, md5('i' || n)::uuid
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
"""


def measure() -> list[Figure]:
    """In one thread of our own, so that the number is the cost of an event and not of a queue."""
    costs: list[float] = []
    with deployed("postgresql", workers=0) as deployment:
        parts = deployment.parts()
        maker, filled = EventMaker(random.Random(3)), 0
        _cost(parts, maker)  # makes the groups, and warms up
        for size in _SIZES:
            _fill(parts, filled, size)
            filled = size
            _cost(parts, maker)
            costs.append(_cost(parts, maker))
        parts.database.close()
    return [
        Figure("an incident, 10,000 stored", costs[0] * 1000, "ms"),
        Figure("an incident, 1,000,000 stored", costs[1] * 1000, "ms"),
        Figure("growth", costs[1] / costs[0], "×", "≤ 1.2"),
    ]


def _cost(parts: Parts, maker: EventMaker) -> float:
    """The median, so that a neighbour's burst of work does not count."""
    processor = make_processor(
        parts, PolicyOfTheDay(parts.documents, parts.clock), lambda _ids: None
    )
    arrivals = [_arrival(parts, maker) for _ in range(_EVENTS)]
    costs = []
    for row_id in parts.intake.store(arrivals):
        start = time.perf_counter()
        processor.work([row_id])
        costs.append(time.perf_counter() - start)
    return median(costs)


def _arrival(parts: Parts, maker: EventMaker) -> Arrival:
    source = in_group(line_id("C", maker.made % _GROUPS), line_id("U", maker.made))
    event = maker.text(source, int(time.time() * 1000), texts.about_a_patient(maker.dice))
    (raw,) = split_body(encoded([event]))
    return Arrival(raw, read_event(raw, parts.clock.now()))


def _fill(parts: Parts, start: int, end: int) -> None:
    year_ms = 365 * 24 * 3_600_000
    since = int(time.time() * 1000) - year_ms
    values = {"first": start + 1, "last": end, "since": since, "groups": _GROUPS}
    with parts.database.write() as connection:
        # What is filled in is consistent by construction; checking it a million times is not.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in _FILL.split(";"):
            connection.execute(text(statement), values)
    with parts.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
