"""Losses of one prediction: squared error, binary cross entropy, and cross entropy of two classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from perceptorium.engine import activation, loss_function
from perceptorium.engine.program import Array
from perceptorium.fields import Number
from perceptorium.session.concepts.kinds import Integer, Steps

MOST = 8.0
"""Scores are looked at from −MOST to MOST."""

CRITERIA = ("MSELoss", "BCELoss")


@dataclass(frozen=True, slots=True)
class Losses:
    """The score z of class 1, which the sigmoid makes a probability, and the true class."""

    z: float = 3.0
    target: int = 0

    def with_field(self, field: str, text: str) -> Losses:
        """Another value for one field; InvalidValue if it cannot be.

        ``at`` takes a place in a plot from −MOST to MOST: "0.25 0.75" of its width and height.
        """
        if field == "at":
            share = Number(0.0, 1.0).read("z", text.partition(" ")[0])
            return replace(self, z=FIELD.read("z", str(MOST * (2 * share - 1))))
        changes: dict[str, Any] = {field: FIELDS[field].read(field, text)}
        return replace(self, **changes)

    @property
    def p(self) -> float:
        """The probability of class 1."""
        return activation("Sigmoid").forward(np.float64(self.z)).item()

    def curve(self, criterion: str, z: Array) -> tuple[Array, Array]:
        """The loss and its gradient by the score, at many scores."""
        sigmoid = activation("Sigmoid")
        p = sigmoid.forward(z)
        # Each score is a network of its own, with one row and one output.
        rows, target = p[:, None, None], np.full((len(z), 1, 1), float(self.target))
        loss = loss_function(criterion)
        by_p = loss.gradient(rows, target)[:, 0, 0]
        return loss.value(rows, target), by_p * sigmoid.derivative(z, p)

    def cross_entropy(self) -> tuple[float, Array]:
        """The loss of the two scores (0, z), and its gradient by them: softmax minus one-hot target."""
        scores = np.array([0.0, self.z])
        shifted = np.exp(scores - scores.max())
        share = shifted / shifted.sum()
        one_hot = np.eye(2)[self.target]
        return float(-np.log(share[self.target])), share - one_hot

    def code(self) -> str:
        """The PyTorch program."""
        return (
            "import torch\n"
            "import torch.nn as nn\n\n"
            "torch.set_default_dtype(torch.float64)\n"
            f"y = torch.tensor([{float(self.target)}])\n"
            "for criterion in (nn.MSELoss(), nn.BCELoss()):\n"
            f"    z = torch.tensor([{self.z}], requires_grad=True)\n"
            "    p = torch.sigmoid(z)\n"
            "    loss = criterion(p, y)\n"
            "    loss.backward()\n"
            "    print(criterion)\n"
            '    print(f"  loss {loss.item():.6f}, gradient {z.grad.item():.6f}")\n\n'
            f"scores = torch.tensor([[0.0, {self.z}]], requires_grad=True)\n"
            f"loss = nn.CrossEntropyLoss()(scores, torch.tensor([{self.target}]))\n"
            "loss.backward()\n"
            'print("CrossEntropyLoss()")\n'
            'print(f"  loss {loss.item():.6f}, gradient {scores.grad[0, 1].item():.6f}")\n'
        )

    def printed(self) -> str:
        """What the program prints."""
        z = np.array([self.z])
        lines = []
        for criterion in CRITERIA:
            value, gradient = (array.item() for array in self.curve(criterion, z))
            lines.append(f"{criterion}()\n  loss {value:.6f}, gradient {gradient:.6f}")
        value, gradients = self.cross_entropy()
        return "\n".join([*lines, f"CrossEntropyLoss()\n  loss {value:.6f}, gradient {gradients[1]:.6f}"])


FIELD = Steps(-MOST, MOST)
FIELDS: Mapping[str, Integer | Steps] = MappingProxyType({"z": FIELD, "target": Integer(0, 1)})
