"""What the concepts' fields hold, besides the kinds that an experiment's fields have."""

from __future__ import annotations

from dataclasses import dataclass

from perceptorium.fields import Number

QUARTER = 0.25
"""The step of most numbers: 32 and 64 bits hold its multiples and their small sums and products exactly."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A number from `low` to `high`; what is typed between two steps becomes the nearer one."""

    low: float
    high: float
    step: float = QUARTER

    def read(self, name: str, text: str) -> float:
        """The number that a text says; InvalidValue if it is none, or out of range."""
        value = Number(self.low, self.high).read(name, text)
        return float(f"{round(value / self.step) * self.step + 0.0:.10g}")


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from `low`, which may be negative, to `high`."""

    low: int
    high: int

    def read(self, name: str, text: str) -> int:
        """The number that a text says; InvalidValue if it is none, or out of range. Fractions are rounded."""
        return round(Number(self.low, self.high).read(name, text))
