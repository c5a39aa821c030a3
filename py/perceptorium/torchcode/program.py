"""What a generated program says, as plain values: the package's only input.

`Experiment` (which imports this package, never the reverse) builds a Program; the names of the fields both
have are the same, so what is read from an edited text can be handed back to the experiment by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from perceptorium.engine import MLP, Dataset

# PyTorch's functions for what a neuron applies; the modules are called as the activations are.
FUNCTIONS = {"ReLU": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh"}


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """One training set-up. `start` is the network whose weights the Exact form embeds; Listing needs none."""

    hidden: tuple[int, ...]
    activation: str
    learning_rate: float
    loss: str
    optimiser: str
    momentum: float
    batch_size: int | None
    shuffle: bool
    epochs: int
    dataset: str
    data: Dataset
    seed: int
    start: MLP | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of every layer, inputs and outputs included."""
        return (self.data.x.shape[1], *self.hidden, self.data.y.shape[1])

    @property
    def layers(self) -> int:
        """How many nn.Linear layers there are: fc1 to fc<layers>."""
        return len(self.sizes) - 1

    @property
    def logits(self) -> bool:
        """Whether the network returns logits, because its loss holds the sigmoid."""
        return self.loss == "BCEWithLogitsLoss"

    @property
    def rows(self) -> int:
        """Training rows."""
        return int(self.data.x.shape[0])

    @property
    def batch_rows(self) -> int:
        """Rows of one optimisation step (the last step of an epoch may have fewer)."""
        return self.rows if self.batch_size is None else min(self.batch_size, self.rows)

    @property
    def class_name(self) -> str:
        """XORNet, CirclesNet, ContinuousXORNet."""
        return re.sub(r"\W", "", self.dataset) + "Net"

    @property
    def stem(self) -> str:
        """A file name without its ending: xor_2_4_4_1."""
        return "_".join([re.sub(r"\W+", "_", self.dataset).lower(), *map(str, self.sizes)])

    @property
    def report_every(self) -> int:
        """Epochs between two printed losses; about ten lines in all."""
        return max(1, self.epochs // 10)
