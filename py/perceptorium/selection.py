"""What of the network is selected: a neuron, a connection, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


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
