"""How a look ends: one outcome for all that was seen, and for what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.sights import Look, LookOutcome, SightKind, Unseen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.incidents import PatientNumber
    from bot.domain.sights import Sight

# The gravest kind that was seen gives the outcome.
_BY_GRAVITY = (
    (SightKind.IDENTIFIER, LookOutcome.IDENTIFIERS),
    (SightKind.MEDICAL, LookOutcome.MEDICAL),
    (SightKind.FACE, LookOutcome.FACE),
)


def ended(
    sights: Sequence[Sight],
    numbers: Sequence[PatientNumber],
    unseen: Unseen | None,
    *,
    saw: bool,
    is_unheard: bool = False,
) -> Look:
    """`none` only where everything was looked at: a file of which a part stayed unseen and the
    rest held nothing is not clean. `saw`: whether anything at all could be looked at.
    `is_unheard`: a video's pictures were, its sound was not; that is said beside the outcome."""
    kinds = {sight.kind for sight in sights}
    otherwise = LookOutcome.NONE if unseen is None else LookOutcome.UNREADABLE
    outcome = next((out for kind, out in _BY_GRAVITY if kind in kinds), otherwise)
    unseen = unseen or (Unseen.AUDIO if is_unheard else None)
    is_partial = unseen is not None and (saw or bool(sights))
    return Look(outcome, tuple(sights), unseen, is_partial, tuple(numbers))
