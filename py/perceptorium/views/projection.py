"""Where a plane lies in the hidden space, and what is seen of a network in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from perceptorium.engine import MLP
from perceptorium.engine.program import Array
from perceptorium.views.scales import round_up


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A plane in the space of the hidden activations.

    Attributes:
        origin: a point of it, ``(units,)``.
        axes: two orthonormal directions, ``(units, 2)``.
        names: of the two directions.
        share: how much of the variance of the four points it shows, 0 to 1.
    """

    origin: Array
    axes: Array
    names: tuple[str, str]
    share: float

    def __call__(self, hidden: Array) -> Array:
        """Coordinates ``(n, 2)`` of activations ``(n, units)``: the feet of their perpendiculars."""
        return np.asarray((hidden - self.origin) @ self.axes)

    def output_line(self, model: MLP) -> tuple[Array, float]:
        """Slopes (2,) and offset of the output's z on the plane; its output is 0.5 where z is 0."""
        weight, bias = model.weights[-1][:, 0], float(model.biases[-1][0])
        return np.asarray(weight @ self.axes), float(weight @ self.origin) + bias


def plane(model: MLP, hidden: Array, span: tuple[int, int] | Literal["output", "components"]) -> Plane:
    """The plane of a span, for the activations of the four points, ``(4, units)``.

    The others of two units stand at their mean. "output" is the direction in which the output grows, and across it the
    one in which the points differ most: then no point's side of the output's line is hidden by the projection.
    "components" are the two directions in which they differ most, whatever the output makes of them.
    """
    mean = hidden.mean(axis=0)
    centred = hidden - mean
    weight = model.weights[-1][:, 0]
    if isinstance(span, tuple):
        axes = np.eye(len(mean))[:, list(span)]
        origin = np.where(axes.any(axis=1), 0.0, mean)
        names = f"h{span[0] + 1}", f"h{span[1] + 1}"
    elif span == "output" and weight.any():
        along = weight / np.linalg.norm(weight)
        across = _widest(centred - np.outer(centred @ along, along), along)
        axes, origin, names = np.stack([along, across], axis=1), mean, ("towards 1", "across")
    else:
        axes = np.linalg.svd(centred)[2][:2].T
        axes = axes * np.array([-1.0 if weight @ axes[:, 0] < 0 else 1.0, _sign(axes[:, 1])])
        origin, names = mean, ("component 1", "component 2")
    total = float(np.sum(centred**2))
    return Plane(origin, axes, names, float(np.sum((centred @ axes) ** 2)) / total if total else 1.0)


def _widest(points: Array, along: Array) -> Array:
    """The unit vector across ``along`` in which points ``(n, units)`` differ most; any one across it if none do."""
    for direction in (np.linalg.svd(points)[2][0], *np.eye(len(along))):
        across = direction - (direction @ along) * along
        length = float(np.linalg.norm(across))
        if length > 0.5:  # of the axes, at least one is
            break
    return np.asarray(across / length * _sign(across))


def _sign(direction: Array) -> float:
    """Turns a direction so that its largest part is positive: it has no sign of its own, and must not jump."""
    return -1.0 if direction[np.abs(direction).argmax()] < 0 else 1.0


def extent(points: Array) -> tuple[float, float]:
    """Round ends of both axes around coordinates ``(n, 2)``, which change seldom while a network trains."""
    span = round_up(max(float(np.abs(points).max()), 0.5))
    # Components are taken about their mean; activations of ReLU and Sigmoid are never negative.
    return (-0.25 * span if float(points.min()) > -0.05 * span else -1.2 * span), 1.2 * span
