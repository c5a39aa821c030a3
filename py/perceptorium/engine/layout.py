"""Where the parameters of a network lie in one flat row of numbers.

Training keeps all parameters of a network in one row, so that an optimiser's update, a checkpoint or a roll-back is
one operation whatever the number of layers. A layer's piece is a matrix (fan_in + 1, fan_out): its weights, and below
them its bias, which is the weight of an input that is always 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from .network import MLP
from .program import Array


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of the parameters of networks with these `sizes`, `ensemble_shape` many of them."""

    sizes: tuple[int, ...]
    ensemble_shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """Parameters of one network."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(self.sizes))

    def layers(self, flat: Array) -> tuple[Array, ...]:
        """Return a view per layer, (..., fan_in + 1, fan_out), into `flat`, (..., count)."""
        return tuple(
            flat[..., start : start + (fan_in + 1) * fan_out].reshape(*self.ensemble_shape, fan_in + 1, fan_out)
            for start, fan_in, fan_out in self._pieces()
        )

    def flatten(self, model: MLP) -> Array:
        """Return the parameters of `model` as a new array (..., count)."""
        flat = np.empty((*self.ensemble_shape, self.count))
        for layer, weight, bias in zip(self.layers(flat), model.weights, model.biases, strict=True):
            layer[..., :-1, :] = weight
            layer[..., -1, :] = bias
        return flat

    def arrays(self, parameters: bytes) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """Return the weights and the biases that `parameters` (the bytes of a flat array) hold, without a copy."""
        weights, biases = [], []
        network = 8 * self.count  # bytes
        strides = tuple(network * prod(self.ensemble_shape[i + 1 :]) for i in range(len(self.ensemble_shape)))
        for start, fan_in, fan_out in self._pieces():
            shape = (*self.ensemble_shape, fan_in, fan_out)
            weights.append(np.ndarray(shape, np.float64, parameters, 8 * start, (*strides, 8 * fan_out, 8)))
            shape = (*self.ensemble_shape, fan_out)
            place = 8 * (start + fan_in * fan_out)
            biases.append(np.ndarray(shape, np.float64, parameters, place, (*strides, 8)))
        return tuple(weights), tuple(biases)

    def _pieces(self) -> list[tuple[int, int, int]]:
        pairs = list(pairwise(self.sizes))
        starts = accumulate(((fan_in + 1) * fan_out for fan_in, fan_out in pairs), initial=0)
        return [(start, fan_in, fan_out) for start, (fan_in, fan_out) in zip(starts, pairs, strict=False)]
