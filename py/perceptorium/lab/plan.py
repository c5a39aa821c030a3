"""What is to be run: rows of networks, each with its setting, and what the paper says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from perceptorium.engine import InvalidValue
from perceptorium.engine.checks import whole_number

from .setting import Setting

MOST_NETWORKS = 1_000_000
NETWORKS = 200
MOST_SEED = 2**32 - 1

SWEPT_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""Learning rates of the sweep, evenly spread on a logarithmic axis."""
MOMENTS = (0, 10, 100, 1000)
"""Epochs after which the depth experiment looks at the gradient."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the paper's table 3 reports of a row: epochs as mean ± standard deviation, and the share that converged."""

    mean: float
    deviation: float
    success: float


@dataclass(frozen=True, slots=True)
class RacePlan:
    """Rows of networks that train until each has learned or its epochs are over.

    Network k of every row, 0 ≤ k < `networks`, has the seed `first_seed + k`. `paper` has an entry a row.
    """

    name: str
    settings: tuple[Setting, ...]
    networks: int
    first_seed: int
    paper: tuple[Paper | None, ...]

    def __post_init__(self) -> None:
        _check_networks(self.networks, self.first_seed)


@dataclass(frozen=True, slots=True)
class DepthPlan:
    """Rows of networks whose gradients are looked at after each of the `moments` (epochs, rising from 0)."""

    name: str
    settings: tuple[Setting, ...]
    networks: int
    first_seed: int
    moments: tuple[int, ...] = MOMENTS

    def __post_init__(self) -> None:
        _check_networks(self.networks, self.first_seed)


Plan: TypeAlias = RacePlan | DepthPlan

_TABLE_3 = (
    ((2,), "ReLU", Paper(812, 245, 0.72)),
    ((3,), "ReLU", Paper(456, 189, 0.91)),
    ((4,), "ReLU", Paper(298, 134, 0.98)),
    ((4,), "Sigmoid", Paper(523, 201, 0.85)),
    ((4,), "Tanh", Paper(387, 167, 0.94)),
    ((8,), "ReLU", Paper(187, 89, 1.00)),
)


def table3(networks: int = NETWORKS, first_seed: int = 0, **method: Any) -> RacePlan:
    """The paper's table 3; `method` changes fields of every row's `Setting`."""
    settings = tuple(Setting(hidden, activation, **method) for hidden, activation, _ in _TABLE_3)
    return RacePlan("table3", settings, networks, first_seed, tuple(paper for *_, paper in _TABLE_3))


def learning_rate(
    networks: int = NETWORKS, first_seed: int = 0, rates: Sequence[float] = SWEPT_RATES, **method: Any
) -> RacePlan:
    """One network, by default 4 ReLU, with each of the learning rates."""
    if not rates:
        raise InvalidValue("rates is empty; a sweep needs at least one learning rate")
    settings = tuple(Setting(**{**method, "learning_rate": rate}) for rate in rates)
    return RacePlan("learning-rate", settings, networks, first_seed, (None,) * len(settings))


def depth(networks: int = NETWORKS, first_seed: int = 0, width: int = 4, **method: Any) -> DepthPlan:
    """1 to 4 hidden layers of `width` neurons, with each activation."""
    settings = tuple(
        Setting((width,) * layers, activation, **method)
        for activation in ("ReLU", "Tanh", "Sigmoid")
        for layers in range(1, 5)
    )
    return DepthPlan("depth", settings, networks, first_seed)


PLANS: Mapping[str, Callable[..., Plan]] = MappingProxyType(
    {"table3": table3, "learning-rate": learning_rate, "depth": depth}
)


def _check_networks(networks: int, first_seed: int) -> None:
    purpose = f"a row has 1 to {MOST_NETWORKS} networks"
    if whole_number("networks", networks, 1, purpose) > MOST_NETWORKS:
        raise InvalidValue(f"networks is {networks}; {purpose}")
    purpose = f"the seeds of {networks} networks have to be 0 to {MOST_SEED}"
    if whole_number("first_seed", first_seed, 0, purpose) + networks - 1 > MOST_SEED:
        raise InvalidValue(f"first_seed is {first_seed}; {purpose}")
