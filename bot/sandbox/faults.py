"""Faults on order: the platform misbehaves where and as often as it is told to."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.sandbox.refusals import MONTHLY_LIMIT, RATE_EXCEEDED, Refusal


class FaultKind(StrEnum):
    RATE = "rate"
    """429, too many requests."""
    QUOTA = "quota"
    """429, the monthly limit."""
    ERROR = "error"
    """500, nothing was done."""
    HANG = "hang"
    """The answer comes `seconds` late."""
    CLOSE = "close"
    """The connection ends without an answer; nothing was done."""
    DONE_THEN_ERROR = "done_then_error"
    """500, but the request was carried out."""
    DONE_THEN_CLOSE = "done_then_close"
    """No answer, but the request was carried out."""


AFTERWARDS = frozenset({FaultKind.DONE_THEN_ERROR, FaultKind.DONE_THEN_CLOSE})
CLOSING = frozenset({FaultKind.CLOSE, FaultKind.DONE_THEN_CLOSE})
REFUSALS = {
    FaultKind.RATE: Refusal(429, RATE_EXCEEDED),
    FaultKind.QUOTA: Refusal(429, MONTHLY_LIMIT),
    FaultKind.ERROR: Refusal(500, "Internal server error"),
    FaultKind.DONE_THEN_ERROR: Refusal(500, "Internal server error"),
}


@dataclass(frozen=True)
class InjectedFault:
    kind: FaultKind
    path: str = "*"
    """Shell pattern over the path, such as `/v2/bot/message/*`."""
    method: str = "*"
    times: int | None = 1
    """How many requests it hits; None for all, until it is lifted."""
    seconds: float = 0

    def hits(self, method: str, path: str) -> bool:
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


@dataclass
class FaultBoard:
    _faults: list[InjectedFault] = field(default_factory=list)

    def inject(self, fault: InjectedFault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def standing(self) -> tuple[InjectedFault, ...]:
        return tuple(self._faults)

    def strike(self, method: str, path: str) -> InjectedFault | None:
        """The first fault that hits this request, used up by one."""
        for place, fault in enumerate(self._faults):
            if fault.hits(method, path):
                self._use_up(place, fault)
                return fault
        return None

    def _use_up(self, place: int, fault: InjectedFault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._faults[place]
        else:
            self._faults[place] = replace(fault, times=fault.times - 1)
