"""Axes: round upper ends that seldom change while a run grows, and the ticks between."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from perceptorium.engine.program import Array

_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def round_up(value: float) -> float:
    """The smallest of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that is not below ``value`` (> 0)."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _STEPS if step * power >= value * (1 - 1e-12))


@dataclass(frozen=True, slots=True)
class Axis:
    """A map from values ``[low, high]`` to user units ``[start, end]``, linear or logarithmic."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, values: Array) -> Array:
        """Positions of values; values outside are drawn at the nearest end."""
        bounded = np.clip(values, self.low, self.high)
        if self.log:
            share = (np.log10(bounded) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        else:
            share = (bounded - self.low) / (self.high - self.low)
        return np.asarray(self.start + share * (self.end - self.start))

    def invert(self, position: float) -> float:
        """The value drawn at a position."""
        share = (position - self.start) / (self.end - self.start)
        if self.log:
            return float(10 ** (math.log10(self.low) + share * (math.log10(self.high) - math.log10(self.low))))
        return self.low + share * (self.high - self.low)

    def ticks(self, write: Callable[[float], str] = "{:g}".format) -> tuple[tuple[float, str], ...]:
        """Positions and labels: decades on a logarithmic axis, else four to six even steps from the lower end."""
        if self.log:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            stride = max(1, (last - first + 4) // 5)
            values = [10.0**power for power in range(first, last + 1, stride)]
        else:
            span = self.high - self.low
            raw = span / 5
            power = 10.0 ** math.floor(math.log10(raw) + 1e-9)
            step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))
            values = [self.low + step * index for index in range(int(span / step + 1e-9) + 1)]
        positions = self(np.array(values))
        return tuple((round(float(at), 1), write(value)) for at, value in zip(positions, values, strict=True))
