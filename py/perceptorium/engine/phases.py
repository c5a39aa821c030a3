"""The phases of one training step: the five lines of PyTorch's loop, with one event for each layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .checks import whole_number

Kind: TypeAlias = Literal["zero_grad", "forward", "loss", "backward", "step"]


@dataclass(frozen=True, slots=True)
class Phase:
    """One event; `layer` counts the Linear layers from 1 (fc1), and is None where the whole network is meant."""

    kind: Kind
    layer: int | None = None


def phases(layers: int) -> tuple[Phase, ...]:
    """Return the phases of a step through `layers` Linear layers, in the order in which they happen."""
    layers = whole_number("layers", layers, 1, "a network has at least 1 Linear layer")
    forward = (Phase("forward", layer) for layer in range(1, layers + 1))
    backward = (Phase("backward", layer) for layer in range(layers, 0, -1))
    return Phase("zero_grad"), *forward, Phase("loss"), *backward, Phase("step")
