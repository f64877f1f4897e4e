"""Results as rows: what, how much, what was wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`target` reads '≥ 300' or '≤ 2'; empty where a number only informs."""

    what: str
    value: float
    unit: str
    target: str = ""

    @property
    def is_met(self) -> bool:
        if not self.target:
            return True
        sign, wanted = self.target.split()
        return self.value >= float(wanted) if sign == "≥" else self.value <= float(wanted)


def print_table(title: str, figures: Sequence[Figure]) -> None:
    print(f"\n{title}\n")
    print("| What | Measured | Target | |")
    print("| --- | ---: | ---: | --- |")
    for figure in figures:
        mark = ("met" if figure.is_met else "missed") if figure.target else ""
        print(f"| {figure.what} | {_number(figure)} | {figure.target} | {mark} |", flush=True)


def _number(figure: Figure) -> str:
    digits = 0 if abs(figure.value) >= 100 else 2
    return f"{figure.value:,.{digits}f} {figure.unit}".strip()
