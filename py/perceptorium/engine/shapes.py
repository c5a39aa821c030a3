"""Points in the plane in two classes, drawn from a seeded generator: what a bent boundary is needed for.

Every function takes `n` rows, `noise` (the standard deviation of what is added to each coordinate), the `test_share`
of the rows that is held back, and a `seed`. Coordinates are about −1 to 1; half of the rows are class 0.
"""

from __future__ import annotations

import numpy as np

from .checks import number, whole_number
from .datasets import MOST_ROWS, Dataset
from .errors import InvalidValue
from .program import Array


def circles(n: int = 200, noise: float = 0.05, test_share: float = 0.0, seed: int = 0) -> Dataset:
    """Return a disc (class 1) inside a ring (class 0)."""
    generator, label = _start(n, seed)
    angle = generator.uniform(0.0, 2.0 * np.pi, n)
    # the square root spreads points evenly over an area
    radius = np.where(label == 1, 0.45 * np.sqrt(generator.uniform(0.0, 1.0, n)), generator.uniform(0.75, 1.0, n))
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return _finish("Circles", points, label, noise, test_share, generator)


def gaussians(n: int = 200, noise: float = 0.25, test_share: float = 0.0, seed: int = 0) -> Dataset:
    """Return two round clouds, which a perceptron separates as well as anything can."""
    generator, label = _start(n, seed)
    points = np.column_stack([label - 0.5, label - 0.5])
    return _finish("Gaussians", points, label, noise, test_share, generator)


def moons(n: int = 200, noise: float = 0.08, test_share: float = 0.0, seed: int = 0) -> Dataset:
    """Return two half circles that reach into each other."""
    generator, label = _start(n, seed)
    angle = generator.uniform(0.0, np.pi, n)
    side = np.where(label == 1, -1.0, 1.0)
    points = np.column_stack([0.6 * side * np.cos(angle) - 0.3 * side, 0.6 * side * np.sin(angle) - 0.15 * side])
    return _finish("Moons", points, label, noise, test_share, generator)


def spiral(n: int = 200, noise: float = 0.02, test_share: float = 0.0, seed: int = 0) -> Dataset:
    """Return two arms of a spiral, one and a half turns each: the hardest of these shapes."""
    generator, label = _start(n, seed)
    way = generator.uniform(0.05, 1.0, n)
    angle = 3.0 * np.pi * way + np.pi * label
    points = np.column_stack([way * np.cos(angle), way * np.sin(angle)])
    return _finish("Spiral", points, label, noise, test_share, generator)


def continuous_xor(n: int = 200, noise: float = 0.0, test_share: float = 0.0, seed: int = 0) -> Dataset:
    """Return a square whose four quarters are coloured like exclusive or: 1 where the signs differ."""
    generator, label = _start(n, seed)
    size = generator.uniform(0.05, 1.0, (n, 2))
    first = generator.choice([-1.0, 1.0], n)
    second = np.where(label == 1, -first, first)
    return _finish("Continuous XOR", size * np.column_stack([first, second]), label, noise, test_share, generator)


def _start(n: int, seed: int) -> tuple[np.random.Generator, Array]:
    rows = whole_number("n", n, 2, f"it has to be from 2 to {MOST_ROWS} rows")
    if rows > MOST_ROWS:
        raise InvalidValue(f"n is {n}; it has to be from 2 to {MOST_ROWS} rows")
    generator = np.random.default_rng(whole_number("seed", seed, 0, "a seed is a whole number, 0 or more"))
    return generator, (np.arange(rows) % 2).astype(np.float64)


def _finish(
    name: str, points: Array, label: Array, noise: float, test_share: float, generator: np.random.Generator
) -> Dataset:
    noise = number("noise", noise, "it has to be a standard deviation, 0 or more", 0.0)
    share = number("test_share", test_share, "it has to be from 0 to below 1", 0.0, 1.0)
    points = points + noise * generator.standard_normal(points.shape)
    held = min(round(share * len(points)), len(points) - 1)
    order = generator.permutation(len(points))
    points, target = points[order], label[order, np.newaxis]
    return Dataset(name, points[held:], target[held:], points[:held], target[:held])
