"""Activation functions with their derivatives, and why two layers without one are a single linear map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from perceptorium.engine import ACTIVATIONS, MLP, activation
from perceptorium.engine.program import Array
from perceptorium.fields import Choice, Number
from perceptorium.session.concepts.kinds import Steps

WEIGHTS = (np.array([[1.0, -1.0]]), np.array([[1.5], [1.0]]))
BIASES = (np.array([0.5, 0.25]), np.array([-0.25]))
MOST = 8.0
"""x is looked at from −MOST to MOST."""

FLAT = 0.01
"""A slope smaller than this passes on less than a hundredth of a gradient: the function is saturated there."""


@dataclass(frozen=True, slots=True)
class Activations:
    """A function, by the name of PyTorch's class, and the x that is looked at."""

    function: str = "Sigmoid"
    x: float = 1.5

    def with_field(self, field: str, text: str) -> Activations:
        """Another value for one field; InvalidValue if it cannot be.

        ``at`` takes a place in a plot from −MOST to MOST: "0.25 0.75" of its width and height.
        """
        if field == "at":
            share = Number(0.0, 1.0).read("x", text.partition(" ")[0])
            return replace(self, x=FIELD.read("x", str(MOST * (2 * share - 1))))
        changes: dict[str, Any] = {field: FIELDS[field].read(field, text)}
        return replace(self, **changes)

    def curve(self, x: Array) -> tuple[Array, Array]:
        """The function and its derivative at many x."""
        f = activation(self.function)
        y = f.forward(x)
        return y, f.derivative(x, y)

    def two_layers(self, function: str, x: Array) -> Array:
        """What nn.Linear(1, 2) and nn.Linear(2, 1) with a function between them make of many x."""
        return MLP(WEIGHTS, BIASES, hidden=function, output="Identity").predict(x[:, None])[:, 0]

    @staticmethod
    def collapsed() -> tuple[float, float]:
        """Slope and intercept of the one linear map that the two layers are without a function between them."""
        slope = WEIGHTS[0] @ WEIGHTS[1]
        return float(slope.item()), float((BIASES[0] @ WEIGHTS[1] + BIASES[1]).item())

    def code(self) -> str:
        """The PyTorch program."""
        arrays = {"W1": WEIGHTS[0].T, "b1": BIASES[0], "W2": WEIGHTS[1].T, "b2": BIASES[1]}
        definitions = "\n".join(f"{name} = torch.tensor({array.tolist()})" for name, array in arrays.items())
        return (
            "import torch\n"
            "import torch.nn as nn\n\n"
            "torch.set_default_dtype(torch.float64)\n"
            f"f = nn.{self.function}()\n"
            f"x = torch.tensor([{self.x}], requires_grad=True)\n"
            "y = f(x)\n"
            "y.backward()\n"
            'print(f"f(x) = {y.item():.6f}, slope {x.grad.item():.6f}")\n\n'
            f"{definitions}\n"
            "with torch.no_grad():\n"
            "    two_layers = (x @ W1.T + b1) @ W2.T + b2\n"
            "    one_layer = x @ (W2 @ W1).T + (W2 @ b1 + b2)\n"
            "    between = f(x @ W1.T + b1) @ W2.T + b2\n"
            'print(f"without f: {two_layers.item():.6f}")\n'
            'print(f"one layer: {one_layer.item():.6f}")\n'
            'print(f"with f between: {between.item():.6f}")\n'
        )

    def printed(self) -> str:
        """What the program prints."""
        x = np.array([self.x])
        y, slope = self.curve(x)
        a, c = self.collapsed()
        without, between = (self.two_layers(name, x).item() for name in ("Identity", self.function))
        return (
            f"f(x) = {y.item():.6f}, slope {slope.item():.6f}\n"
            f"without f: {without:.6f}\n"
            f"one layer: {a * self.x + c:.6f}\n"
            f"with f between: {between:.6f}"
        )


FIELD = Steps(-MOST, MOST)
FIELDS: Mapping[str, Choice | Steps] = MappingProxyType({"function": Choice(tuple(ACTIVATIONS)), "x": FIELD})
