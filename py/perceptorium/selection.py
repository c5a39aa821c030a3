"""What of the network is selected: a neuron, a connection, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from perceptorium.engine import InvalidValue


@dataclass(frozen=True, slots=True)
class Neuron:
    """A selected neuron: layer 0 is the input."""

    layer: int
    index: int


@dataclass(frozen=True, slots=True)
class Weight:
    """A selected connection into ``layer`` (1 = fc1) from unit ``source`` to unit ``target``."""

    layer: int
    source: int
    target: int


Selection: TypeAlias = Neuron | Weight | None


def check_place(sizes: tuple[int, ...], place: Neuron | Weight) -> None:
    """InvalidValue if a network with so many neurons a layer has no such place.

    A panel may be brought up to date a moment late, so what was pressed in it may be gone by then.
    """
    if isinstance(place, Neuron):
        exists = 0 <= place.layer < len(sizes) and 0 <= place.index < sizes[place.layer]
    else:
        exists = (
            1 <= place.layer < len(sizes)
            and 0 <= place.source < sizes[place.layer - 1]
            and 0 <= place.target < sizes[place.layer]
        )
    if not exists:
        raise InvalidValue(f"place is {place}; the network's layers have {', '.join(map(str, sizes))} neurons")
