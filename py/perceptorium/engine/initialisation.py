"""First weights of a layer, each scheme under PyTorch's name in `torch.nn.init`.

Every scheme draws from the Generator that it is given, so one seed gives one network on every machine. PyTorch's own
generator produces other numbers from the same distributions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from .program import Array

#: (generator, fan_in, fan_out) to (weight of shape (fan_in, fan_out), bias of shape (fan_out,)). In quotes, because
#: NumPy imports its generators when they are first named, and the page starts sooner without them.
Initialisation: TypeAlias = "Callable[[np.random.Generator, int, int], tuple[Array, Array]]"


def kaiming_normal(generator: np.random.Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """He et al. 2015, paper eq. 1: N(0, sqrt(2 / fan_in)), biases 0."""
    weight = generator.standard_normal((fan_in, fan_out)) * np.sqrt(2.0 / fan_in)
    return weight, np.zeros(fan_out)


def kaiming_uniform(generator: np.random.Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """He et al. 2015: uniform within ±sqrt(6 / fan_in), which has the same variance; biases 0."""
    return _uniform(generator, np.sqrt(6.0 / fan_in), (fan_in, fan_out)), np.zeros(fan_out)


def xavier_normal(generator: np.random.Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """Glorot and Bengio 2010: N(0, sqrt(2 / (fan_in + fan_out))), biases 0."""
    weight = generator.standard_normal((fan_in, fan_out)) * np.sqrt(2.0 / (fan_in + fan_out))
    return weight, np.zeros(fan_out)


def xavier_uniform(generator: np.random.Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """Glorot and Bengio 2010: uniform within ±sqrt(6 / (fan_in + fan_out)), biases 0."""
    return _uniform(generator, np.sqrt(6.0 / (fan_in + fan_out)), (fan_in, fan_out)), np.zeros(fan_out)


def linear_default(generator: np.random.Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """What `nn.Linear` does by itself: weights and biases uniform within ±1 / sqrt(fan_in)."""
    bound = 1.0 / np.sqrt(fan_in)
    return _uniform(generator, bound, (fan_in, fan_out)), _uniform(generator, bound, (fan_out,))


def _uniform(generator: np.random.Generator, bound: float, shape: tuple[int, ...]) -> Array:
    return generator.uniform(-bound, bound, shape)


INITIALISATIONS: Mapping[str, Initialisation] = MappingProxyType(
    {
        scheme.__name__: scheme
        for scheme in (kaiming_normal, kaiming_uniform, xavier_normal, xavier_uniform, linear_default)
    }
)

KNOWN: dict[tuple[tuple[int, ...], str, int], bytes] = {}
"""Draws that need no generator: {(sizes, scheme, seed): the float64 of weight and bias, layer after layer}.

The page fills it with the networks that it begins with, as the build drew them.
"""


def first_weights(sizes: tuple[int, ...], init: str, seed: int) -> list[tuple[Array, Array]]:
    """(weight, bias) of every layer of a network with `sizes` neurons, by the scheme named `init`."""
    known = KNOWN.get((sizes, init, seed))
    if known is None:
        generator = np.random.default_rng(seed)
        return [INITIALISATIONS[init](generator, fan_in, fan_out) for fan_in, fan_out in pairwise(sizes)]
    values, layers = np.frombuffer(known), []
    for fan_in, fan_out in pairwise(sizes):
        weight, bias, values = np.split(values, [fan_in * fan_out, (fan_in + 1) * fan_out])
        layers.append((weight.reshape(fan_in, fan_out), bias))
    return layers
