"""Marching squares: where a function on a grid passes a level, as line segments."""

from __future__ import annotations

import numpy as np

from perceptorium.engine.program import Array

BOTTOM, RIGHT, TOP, LEFT, NONE = range(5)

_LINES = {
    0b0001: ((BOTTOM, LEFT),),
    0b0010: ((BOTTOM, RIGHT),),
    0b0011: ((LEFT, RIGHT),),
    0b0100: ((RIGHT, TOP),),
    0b0110: ((BOTTOM, TOP),),
    0b0111: ((TOP, LEFT),),
    # Saddles whose middle is below the level: each corner above it is alone.
    0b0101: ((BOTTOM, LEFT), (RIGHT, TOP)),
    0b1010: ((BOTTOM, RIGHT), (TOP, LEFT)),
}
"""By the corners above the level (bits: lower left, lower right, upper right, upper left), which sides are joined."""


def _cases() -> np.ndarray[tuple[int, int, int], np.dtype[np.intp]]:
    cases = np.full((16, 2, 2), NONE)
    for corners, lines in _LINES.items():
        for case in {corners, corners if len(lines) == 2 else 15 - corners}:
            cases[case, : len(lines)] = lines
    return cases


_CASES = _cases()


def contour(values: Array, level: float, x: Array, y: Array) -> Array:
    """The segments ``(n, 2, 2)``: their ends, each (x, y), found on the cells' sides by linear interpolation.

    ``values`` is (len(y), len(x)). A cell with opposite corners above the level is a saddle; the mean of its corners
    says whether those two are joined.
    """
    over = (values > level).view(np.uint8)
    case = over[:-1, :-1] + 2 * over[:-1, 1:] + 4 * over[1:, 1:] + 8 * over[1:, :-1]
    row, column = np.nonzero((case > 0) & (case < 15))
    # Corners counter-clockwise from the lower left, and the side after each.
    rows, columns = row + np.array([[0], [0], [1], [1]]), column + np.array([[0], [1], [1], [0]])
    corners = values[rows, columns]
    corner_x, corner_y = x[columns], y[rows]
    case = case[row, column]
    saddle = (case == 0b0101) | (case == 0b1010)
    case = np.where(saddle & (corners.mean(axis=0) > level), 15 - case, case)
    following = np.array([1, 2, 3, 0])
    with np.errstate(all="ignore"):  # a side that is not crossed has no such point, and no line asks for it
        share = (level - corners) / (corners[following] - corners)
        crossings = np.stack(
            [
                corner_x + share * (corner_x[following] - corner_x),
                corner_y + share * (corner_y[following] - corner_y),
            ],
            axis=-1,
        )
    lines = _CASES[case]
    cell, line = np.nonzero(lines[:, :, 0] != NONE)
    return np.asarray(crossings[lines[cell, line].T, cell].transpose(1, 0, 2))


def segments_path(segments: Array) -> str:
    """The ``d`` of an SVG path that draws the segments; coordinates to a tenth of a user unit."""
    return "M%.1f %.1fL%.1f %.1f" * len(segments) % tuple(segments.ravel().tolist())
