"""Marching squares: where a function on a grid passes a level, as line segments."""

from __future__ import annotations

import numpy as np

from perceptorium.engine.program import Array

BOTTOM, RIGHT, TOP, LEFT = range(4)
_SIDES = ((BOTTOM, RIGHT), (BOTTOM, TOP), (BOTTOM, LEFT), (RIGHT, TOP), (RIGHT, LEFT), (TOP, LEFT))


def contour(values: Array, level: float, x: Array, y: Array) -> Array:
    """The segments ``(n, 2, 2)``: their ends, each (x, y), found on the cells' sides by linear interpolation.

    ``values`` is (len(y), len(x)). A cell that is crossed on all four sides is a saddle; the mean of its corners says
    which of them belong together.
    """
    over = values > level
    # Sides that run along x, between (row, column) and (row, column + 1), and sides that run along y.
    across, along = over[:, 1:] != over[:, :-1], over[1:] != over[:-1]
    crossed = np.stack([across[:-1], along[:, 1:], across[1:], along[:, :-1]])
    if not crossed.any():
        return np.empty((0, 2, 2))
    with np.errstate(all="ignore"):
        share_x = (level - values[:, :-1]) / (values[:, 1:] - values[:, :-1])
        share_y = (level - values[:-1]) / (values[1:] - values[:-1])
        at_x = np.stack(np.broadcast_arrays(x[:-1] + share_x * np.diff(x), y[:, np.newaxis]), axis=-1)
        at_y = np.stack(np.broadcast_arrays(x, y[:-1, np.newaxis] + share_y * np.diff(y)[:, np.newaxis]), axis=-1)
    ends = np.stack([at_x[:-1], at_y[:, 1:], at_x[1:], at_y[:, :-1]])
    saddle = crossed.all(axis=0)
    found = [
        np.stack([ends[one][cells], ends[other][cells]], axis=1)
        for one, other in _SIDES
        for cells in (crossed[one] & crossed[other] & ~saddle,)
    ]
    if saddle.any():
        middle = (values[1:, 1:] + values[1:, :-1] + values[:-1, 1:] + values[:-1, :-1]) / 4 > level
        # A middle like the lower left corner joins that corner to the opposite one: the lines cut off the other two.
        joined = saddle & (middle == over[:-1, :-1])
        for cells, pairs in (
            (joined, ((BOTTOM, RIGHT), (TOP, LEFT))),
            (saddle & ~joined, ((BOTTOM, LEFT), (RIGHT, TOP))),
        ):
            found += [np.stack([ends[one][cells], ends[other][cells]], axis=1) for one, other in pairs]
    return np.concatenate(found)


def segments_path(segments: Array) -> str:
    """The ``d`` of an SVG path that draws the segments; coordinates to a tenth of a user unit."""
    return "M%.1f %.1fL%.1f %.1f" * len(segments) % tuple(segments.ravel().tolist())
