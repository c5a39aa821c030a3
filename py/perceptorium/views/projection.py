"""Where a plane lies in the hidden space, and what is seen of a network in it."""

from __future__ import annotations

from dataclasses import dataclass

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


def plane(model: MLP, hidden: Array, units: tuple[int, int] | None) -> Plane:
    """The plane of two units, the others at the mean of the four points; or that of the principal components.

    ``hidden`` is (4, units). Components have no sign of their own: the first is turned so that the output rises along
    it, the second so that its largest part is positive, or the picture would jump while the network trains.
    """
    mean = hidden.mean(axis=0)
    centred = hidden - mean
    if units is not None:
        axes = np.eye(len(mean))[:, list(units)]
        origin = np.where(axes.any(axis=1), 0.0, mean)
        names = f"h{units[0] + 1}", f"h{units[1] + 1}"
    else:
        axes = np.linalg.svd(centred, full_matrices=True)[2][:2].T
        axes = axes * np.where(_turned(axes, model.weights[-1][:, 0]), -1.0, 1.0)
        origin, names = mean, ("component 1", "component 2")
    total = float(np.sum(centred**2))
    return Plane(origin, axes, names, float(np.sum((centred @ axes) ** 2)) / total if total else 1.0)


def _turned(axes: Array, weight: Array) -> Array:
    largest = axes[np.abs(axes[:, 1]).argmax(), 1]
    return np.array([weight @ axes[:, 0] < 0, largest < 0])


def extent(points: Array) -> tuple[float, float]:
    """Round ends of both axes around coordinates ``(n, 2)``, which change seldom while a network trains."""
    span = round_up(max(float(np.abs(points).max()), 0.5))
    # Components are taken about their mean; activations of ReLU and Sigmoid are never negative.
    return (-0.25 * span if float(points.min()) > -0.05 * span else -1.2 * span), 1.2 * span
