"""Backpropagation through the smallest graph that has a neuron in it: L = (tanh(w·x + b) − y)²."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from perceptorium.engine import activation
from perceptorium.fields import Choice
from perceptorium.session.concepts.kinds import Integer, Steps

LEAVES = ("x", "w", "b", "y")
FORWARD = ("m", "z", "a", "e", "L")
BACKWARD = ("L", "e", "a", "z", "m", "b", "w", "x", "y")
"""The order in which gradients become known; y's comes last here although e alone decides it."""

EXPRESSIONS = MappingProxyType({"m": "w * x", "z": "m + b", "a": "torch.tanh(z)", "e": "a - y", "L": "e ** 2"})
NUDGE = 0.01


@dataclass(frozen=True, slots=True)
class Backprop:
    """The four inputs, how far the passes have come, and which input is nudged.

    ``position`` counts nodes: first the forward pass, then the backward pass.
    """

    x: float = 1.5
    w: float = 0.5
    b: float = -0.25
    y: float = 1.0
    position: int = len(FORWARD)
    nudged: str = "w"

    def with_field(self, field: str, text: str) -> Backprop:
        """Another value for one field; InvalidValue if it cannot be."""
        changes: dict[str, Any] = {field: FIELDS[field].read(field, text)}
        return replace(self, **changes)

    @property
    def values(self) -> dict[str, float]:
        """The value of every node."""
        return _forward(self.x, self.w, self.b, self.y)

    @property
    def gradients(self) -> dict[str, float]:
        """∂L/∂node for every node: each is that of the node after it times one local derivative."""
        v = self.values
        e = 2.0 * v["e"]
        a, y = e, -e
        z = a * activation("Tanh").derivative(v["z"], v["a"]).item()
        m = b = z
        return {"L": 1.0, "e": e, "a": a, "y": y, "z": z, "m": m, "b": b, "w": m * self.x, "x": m * self.w}

    @property
    def known(self) -> frozenset[str]:
        """Nodes whose value has been computed; the inputs' are given."""
        return frozenset((*LEAVES, *FORWARD[: self.position]))

    @property
    def derived(self) -> frozenset[str]:
        """Nodes whose gradient has been computed."""
        return frozenset(BACKWARD[: max(0, self.position - len(FORWARD))])

    @property
    def current(self) -> str | None:
        """The node that was computed last."""
        return (FORWARD + BACKWARD)[self.position - 1] if self.position else None

    def nudge(self) -> tuple[float, float, float]:
        """L with the nudged input a little larger, L with it a little smaller, and the slope between them."""
        inputs = {name: getattr(self, name) for name in LEAVES}
        up = _forward(**{**inputs, self.nudged: inputs[self.nudged] + NUDGE})["L"]
        down = _forward(**{**inputs, self.nudged: inputs[self.nudged] - NUDGE})["L"]
        return up, down, (up - down) / (2 * NUDGE)

    def code(self) -> str:
        """The PyTorch program."""
        shifted = {sign: _call(self.nudged, sign) for sign in "+-"}
        return (
            "import torch\n\n"
            "torch.set_default_dtype(torch.float64)\n\n"
            "def leaf(value):\n"
            "    return torch.tensor(value, requires_grad=True)\n\n"
            f"x, w, b, y = leaf({self.x}), leaf({self.w}), leaf({self.b}), leaf({self.y})\n"
            + "".join(f"{node} = {expression}\n" for node, expression in EXPRESSIONS.items())
            + "for node in (m, z, a, e, L):\n"
            "    node.retain_grad()\n"
            "L.backward()\n"
            'for name, node in zip("mzaeLxwby", (m, z, a, e, L, x, w, b, y)):\n'
            '    print(f"{name} = {node.item():.6f}, grad {node.grad.item():.6f}")\n\n'
            "def loss(x, w, b, y):\n"
            "    return (torch.tanh(w * x + b) - y) ** 2\n\n"
            "with torch.no_grad():\n"
            f"    up, down = {shifted['+']}, {shifted['-']}\n"
            f'print(f"nudging {self.nudged}: {{(up - down).item() / {2 * NUDGE}:.6f}}")\n'
        )

    def printed(self) -> str:
        """What the program prints."""
        values, gradients = self.values, self.gradients
        lines = [f"{name} = {values[name]:.6f}, grad {gradients[name]:.6f}" for name in "mzaeLxwby"]
        return "\n".join([*lines, f"nudging {self.nudged}: {self.nudge()[2]:.6f}"])


FIELDS: Mapping[str, Choice | Integer | Steps] = MappingProxyType(
    {
        **dict.fromkeys(LEAVES, Steps(-2.0, 2.0)),
        "position": Integer(0, len(FORWARD) + len(BACKWARD)),
        "nudged": Choice(LEAVES),
    }
)


def _forward(x: float, w: float, b: float, y: float) -> dict[str, float]:
    m = w * x
    z = m + b
    a = activation("Tanh").forward(np.float64(z)).item()
    e = a - y
    return {"x": x, "w": w, "b": b, "y": y, "m": m, "z": z, "a": a, "e": e, "L": e * e}


def _call(nudged: str, sign: str) -> str:
    return f"loss({', '.join(f'{name} {sign} {NUDGE}' if name == nudged else name for name in LEAVES)})"
