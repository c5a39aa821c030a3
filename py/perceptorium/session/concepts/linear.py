"""A linear layer: ``x @ W.T + b`` with every number in reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from perceptorium.engine import MLP
from perceptorium.engine.program import Array
from perceptorium.session.concepts.kinds import Integer, Steps
from perceptorium.session.concepts.reprs import size_repr, tensor_repr

MOST = 3
"""Most inputs, and most outputs."""

NUMBER = Steps(-2.0, 2.0)


@dataclass(frozen=True, slots=True)
class Linear:
    """nn.Linear(inputs, outputs) on one row.

    ``numbers`` holds every weight ``W:row:column``, bias ``b:row`` and input ``x:column`` of the largest layer, so that
    a smaller one loses nothing.
    """

    inputs: int = 3
    outputs: int = 2
    numbers: tuple[float, ...] = (0.5, -1.0, 0.25, 1.5, 0.75, -0.5, -0.75, 1.0, 0.5, 0.25, -0.5, 0.0, 1.0, 2.0, -1.0)

    def with_field(self, field: str, text: str) -> Linear:
        """Another value for a size, or for a number by its place such as ``W:0:1``; InvalidValue if it cannot be."""
        if field == "inputs":
            return replace(self, inputs=SIZE.read(field, text))
        if field == "outputs":
            return replace(self, outputs=SIZE.read(field, text))
        place, value = PLACES[field], NUMBER.read(spoken(field), text)
        return replace(self, numbers=(*self.numbers[:place], value, *self.numbers[place + 1 :]))

    @property
    def weight(self) -> Array:
        """W as PyTorch keeps it, (outputs, inputs)."""
        return np.array(self.numbers[: MOST * MOST]).reshape(MOST, MOST)[: self.outputs, : self.inputs]

    @property
    def bias(self) -> Array:
        """b, (outputs,)."""
        return np.array(self.numbers[MOST * MOST : MOST * MOST + MOST])[: self.outputs]

    @property
    def x(self) -> Array:
        """The row, (1, inputs)."""
        return np.array([self.numbers[MOST * MOST + MOST :][: self.inputs]])

    @property
    def y(self) -> Array:
        """What the layer gives, (1, outputs)."""
        return MLP((self.weight.T,), (self.bias,), output="Identity").predict(self.x)

    @property
    def parameter_count(self) -> int:
        """Weights and biases."""
        return self.weight.size + self.bias.size

    def code(self) -> str:
        """The PyTorch program."""
        opening = "W = torch.tensor(["
        rows = f",\n{' ' * len(opening)}".join(map(str, self.weight.tolist()))
        return (
            "import torch\n"
            "import torch.nn as nn\n\n"
            f"{opening}{rows}])\n"
            f"b = torch.tensor({self.bias.tolist()})\n"
            f"x = torch.tensor({self.x.tolist()})\n"
            f"layer = nn.Linear({self.inputs}, {self.outputs})\n"
            'layer.load_state_dict({"weight": W, "bias": b})\n\n'
            "print(layer)\n"
            "print(x.shape, W.T.shape, b.shape)\n"
            "print(x @ W.T + b)\n"
            "print(layer(x))\n"
            'print(sum(p.numel() for p in layer.parameters()), "parameters")\n'
        )

    def printed(self) -> str:
        """What the program prints."""
        shapes = (self.x.shape, self.weight.T.shape, self.bias.shape)
        y = self.y.astype(np.float32)
        return "\n".join(
            (
                f"Linear(in_features={self.inputs}, out_features={self.outputs}, bias=True)",
                " ".join(map(size_repr, shapes)),
                tensor_repr(y),
                tensor_repr(y, "grad_fn=<AddmmBackward0>"),
                f"{self.parameter_count} parameters",
            )
        )


SIZE = Integer(1, MOST)
PLACES: Mapping[str, int] = MappingProxyType(
    {
        place: position
        for position, place in enumerate(
            (
                *(f"W:{row}:{column}" for row in range(MOST) for column in range(MOST)),
                *(f"b:{row}" for row in range(MOST)),
                *(f"x:{column}" for column in range(MOST)),
            )
        )
    }
)
"""Where each number stands among the numbers."""


def spoken(place: str) -> str:
    """The accessible name of a number: ``W[0, 1]``."""
    name, *indices = place.split(":")
    return f"{name}[{', '.join(indices)}]"
