"""The data sets by the names they have on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from .datasets import Dataset, and_, or_, xor
from .shapes import circles, continuous_xor, gaussians, moons, spiral

#: Each is called without arguments; those of `shapes` also take n, noise, test_share and seed.
DATASETS: Mapping[str, Callable[..., Dataset]] = MappingProxyType(
    {
        "XOR": xor,
        "AND": and_,
        "OR": or_,
        "Circles": circles,
        "Gaussians": gaussians,
        "Moons": moons,
        "Spiral": spiral,
        "Continuous XOR": continuous_xor,
    }
)
