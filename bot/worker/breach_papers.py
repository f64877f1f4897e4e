"""Gathers the papers of a breach, for the command line and for a console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.groups import Language
from bot.errors import UsageError
from bot.interchange.dossier_figures import figures
from bot.interchange.dossier_form import Dossier
from bot.worker.policy import shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bootstrap import Parts


def gather(parts: Parts, case: str, *, with_names: bool) -> Dossier:
    """All that is entered so far is given its place first, so that it can be proved."""
    parts.ledger_sealer.seal_all()
    breach = parts.breach_reads.by_case(case)
    if breach is None:
        raise UsageError(f"'{case}' was not declared a breach")
    found = parts.dossier_reads.case(breach.incident_id, with_names=with_names)
    ledger = parts.dossier_reads.ledger(breach.incident_id)
    return Dossier(
        breach,
        found,
        ledger,
        figures(found, breach, ledger),
        parts.settings.hospital_name,
        parts.settings.deployment,
        parts.clock.now(),
        ("", "") if found is None else _named(found.record.labels),
    )


def _named(labels: Sequence[str]) -> tuple[str, str]:
    catalogue, together = shipped_catalogue(), ",".join(labels)
    return (
        catalogue.name_kinds(together, Language.THAI),
        catalogue.name_kinds(together, Language.ENGLISH),
    )
