"""SGD, momentum and Adam on their way down a surface over two parameters, all from one start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from perceptorium.engine import SGD, Adam, InvalidValue, Optimiser
from perceptorium.engine.program import Array, execute
from perceptorium.fields import Choice, Number
from perceptorium.session.concepts.kinds import Integer, Steps

MOST_STEPS = 100
SPAN = 2.0
"""Both parameters are looked at from −SPAN to SPAN."""

STRIDE = 0.1
MOMENTUM = 0.9
NAMES = ("SGD", "SGD with momentum", "Adam")


@dataclass(frozen=True, slots=True)
class Surface:
    """A function of two parameters and its gradient; ``code`` is the function as PyTorch computes it."""

    title: str
    code: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array], tuple[Array, Array]]


SURFACES: Mapping[str, Surface] = MappingProxyType(
    {
        "ravine": Surface(
            "Ravine: steep across, flat along",
            "0.1 * x**2 + 4 * y**2",
            lambda x, y: 0.1 * x**2 + 4 * y**2,
            lambda x, y: (0.2 * x, 8 * y),
        ),
        "valleys": Surface(
            "Two valleys, one of them deeper",
            "0.25 * x**4 - 0.5 * x**2 + 0.2 * x + y**2",
            lambda x, y: 0.25 * x**4 - 0.5 * x**2 + 0.2 * x + y**2,
            lambda x, y: (x**3 - x + 0.2, 2 * y),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Optimizers:
    """The surface, the start (x, y), the learning rate, and how many steps are shown."""

    surface: str = "ravine"
    x: float = -1.6
    y: float = 1.2
    lr: float = 0.03
    steps: int = 40

    def with_field(self, field: str, text: str) -> Optimizers:
        """Another value for one field; InvalidValue if it cannot be.

        ``at`` takes a place in the picture, "0.25 0.75" of its width and height; ``move`` the name of an arrow key.
        """
        if field == "at":
            across, _, down = text.partition(" ")
            x, y = SPAN * (2 * SHARE.read("x", across) - 1), SPAN * (1 - 2 * SHARE.read("y", down))
            return replace(self, x=START.read("x", str(x)), y=START.read("y", str(y)))
        if field == "move":
            dx, dy = ARROWS.get(text, (0.0, 0.0))
            x, y = (min(max(value, -SPAN), SPAN) for value in (self.x + dx, self.y + dy))
            return replace(self, x=START.read("x", str(x)), y=START.read("y", str(y)))
        changes: dict[str, Any] = {field: FIELDS[field].read(field, text)}
        return replace(self, **changes)

    def path(self, name: str) -> Array:
        """Where an optimizer stands after 0, 1, … steps: (steps + 1, 2)."""
        return _path(self.surface, self.x, self.y, name, self.lr)[: self.steps + 1]

    def loss(self, points: Array) -> Array:
        """The surface's height at points (n, 2)."""
        with np.errstate(all="ignore"):
            return SURFACES[self.surface].value(points[:, 0], points[:, 1])

    def code(self) -> str:
        """The PyTorch program."""
        return (
            "import torch\n"
            "from torch.optim import SGD, Adam\n\n"
            "torch.set_default_dtype(torch.float64)\n"
            f"start = torch.tensor([{self.x}, {self.y}])\n\n"
            "def f(p):\n"
            "    x, y = p\n"
            f"    return {SURFACES[self.surface].code}\n\n"
            "optimizers = {\n"
            f'    "SGD": lambda p: SGD([p], lr={self.lr}),\n'
            f'    "SGD with momentum": lambda p: SGD([p], lr={self.lr}, momentum={MOMENTUM}),\n'
            f'    "Adam": lambda p: Adam([p], lr={self.lr}),\n'
            "}\n"
            "for name, make in optimizers.items():\n"
            "    p = start.clone().requires_grad_()\n"
            "    optimizer = make(p)\n"
            f"    for step in range({self.steps}):\n"
            "        optimizer.zero_grad()\n"
            "        f(p).backward()\n"
            "        optimizer.step()\n"
            "    x, y = p.tolist()\n"
            '    print(f"{name}: x = {x:.4g}, y = {y:.4g}, f = {f(p).item():.4g}")\n'
        )

    def printed(self) -> str:
        """What the program prints."""
        ends = {name: self.path(name)[-1:] for name in NAMES}
        return "\n".join(
            f"{name}: x = {end[0, 0]:.4g}, y = {end[0, 1]:.4g}, f = {self.loss(end).item():.4g}"
            for name, end in ends.items()
        )


SHARE = Number(0.0, 1.0)
START = Steps(-SPAN, SPAN, 0.05)
FIELDS: Mapping[str, Choice | Integer | Number | Steps] = MappingProxyType(
    {
        "surface": Choice(tuple(SURFACES)),
        "x": START,
        "y": START,
        "lr": Number(0.001, 0.3),
        "steps": Integer(0, MOST_STEPS),
    }
)
ARROWS = MappingProxyType(
    {
        "ArrowLeft": (-STRIDE, 0.0),
        "ArrowRight": (STRIDE, 0.0),
        "ArrowUp": (0.0, STRIDE),
        "ArrowDown": (0.0, -STRIDE),
    }
)


def _optimiser(name: str, lr: float) -> Optimiser:
    match name:
        case "SGD":
            return SGD(lr)
        case "SGD with momentum":
            return SGD(lr, momentum=MOMENTUM)
        case "Adam":
            return Adam(lr)
    raise InvalidValue(f"name is {name!r}; it must be one of {', '.join(NAMES)}")


@lru_cache(maxsize=12)
def _path(surface: str, x: float, y: float, name: str, lr: float) -> Array:
    optimiser, slope = _optimiser(name, lr), SURFACES[surface].gradient
    parameter, gradient, scratch = np.array([x, y]), np.empty(2), np.empty(2)
    memory, numbers = np.zeros((optimiser.slots, 2)), np.empty(len(optimiser.coefficients(1)))
    program = optimiser.program(parameter, gradient, memory, scratch, numbers)
    points = np.empty((MOST_STEPS + 1, 2))
    points[0] = parameter
    with np.errstate(all="ignore"):
        for step in range(1, MOST_STEPS + 1):
            gradient[:] = slope(parameter[0], parameter[1])
            numbers[:] = optimiser.coefficients(step)
            execute(program)
            points[step] = parameter
    points.flags.writeable = False
    return points
