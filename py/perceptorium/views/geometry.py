"""Where neurons stand, in the user units of the network's SVG."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Positions for one architecture.

    Attributes:
        width, height: of the view box.
        radius: of a neuron.
        columns: for each layer, input first, the centre of each neuron.
    """

    width: float
    height: float
    radius: float
    columns: tuple[tuple[Point, ...], ...]

    @property
    def column_x(self) -> tuple[float, ...]:
        """The horizontal middle of each layer."""
        return tuple(column[0][0] for column in self.columns)


@lru_cache(maxsize=32)
def geometry(sizes: tuple[int, ...], narrow: bool) -> Geometry:
    """Lay out layers of the given sizes from left to right; ``narrow`` is for a window under 900 px."""
    width, height = (360.0, 400.0) if narrow else (760.0, 330.0)
    top, bottom, side = 30.0, 12.0, 38.0 if narrow else 64.0
    largest = max(sizes)
    pitch = min((height - top - bottom) / largest, 74.0)
    radius = min(pitch / 2 - 1.5, 22.0, (width - 2 * side) / max(len(sizes) - 1, 1) / 2.6)
    step = (width - 2 * side) / (len(sizes) - 1)
    middle = top + (height - top - bottom) / 2
    columns = tuple(
        tuple((round(side + layer * step, 2), round(middle + (row - (size - 1) / 2) * pitch, 2)) for row in range(size))
        for layer, size in enumerate(sizes)
    )
    return Geometry(width, height, round(radius, 2), columns)
