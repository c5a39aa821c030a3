"""A trainer at one moment, as a value: cheap to take every frame, because it is one copy of one block of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .layout import Layout
from .network import MLP
from .optimisers import Optimiser
from .program import Array


@dataclass(frozen=True, eq=False)
class Moment:
    """Parameters and optimiser memory after `epoch` epochs and `position` more rows of the next one.

    `block` holds the bytes of a float64 array (1 + slots, ..., count): the parameters, then what the optimiser
    remembers. `steps` counts its steps. `loss` and `accuracy` are over all rows.
    """

    layout: Layout
    hidden: str
    output: str
    optimiser: Optimiser
    block: bytes
    steps: int
    epoch: int
    position: int
    loss: float | Array
    accuracy: float | Array

    @cached_property
    def model(self) -> MLP:
        """The network, looking at the same bytes."""
        weights, biases = self.layout.arrays(self.block)
        return MLP.trusted(weights, biases, self.hidden, self.output)

    def array(self) -> Array:
        """Return `block` as a read-only array."""
        return np.frombuffer(self.block).reshape(-1, *self.layout.ensemble_shape, self.layout.count)
