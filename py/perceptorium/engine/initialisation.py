"""First weights of a layer, each scheme under PyTorch's name in `torch.nn.init`.

Every scheme draws from the Generator that it is given, so one seed gives one network on every machine. PyTorch's own
generator produces other numbers from the same distributions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from .program import Array

#: (generator, fan_in, fan_out) to (weight of shape (fan_in, fan_out), bias of shape (fan_out,))
Initialisation: TypeAlias = Callable[[np.random.Generator, int, int], tuple[Array, Array]]


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
