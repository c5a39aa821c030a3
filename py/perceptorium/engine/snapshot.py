"""What a training step has computed up to one of its phases, as a value that nothing changes any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .network import MLP
from .phases import Phase
from .program import Array

PerLayer: TypeAlias = tuple[Array | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A step up to and including `phase`, or, with phase None, a whole forward and backward pass over all rows.

    Tuples have one entry per Linear layer, None where this step has not got there yet: `z` and `a` (..., rows,
    neurons), `delta` = ∂loss/∂z of the same shape, `weight_grads` (..., fan_in, fan_out), `bias_grads` (..., fan_out).
    `x` and `y` are the rows of the step's batch, `loss` and `accuracy` belong to these rows. `epoch` counts finished
    epochs, so it is the loop variable of PyTorch's `for epoch in range(...)`. At phase "step" `model` holds the
    updated parameters and `before` the ones that everything else was computed with; otherwise `before` is None.
    """

    phase: Phase | None
    epoch: int
    model: MLP
    x: Array
    y: Array
    z: PerLayer
    a: PerLayer
    delta: PerLayer
    weight_grads: PerLayer
    bias_grads: PerLayer
    loss: float | Array | None
    accuracy: float | Array | None
    before: MLP | None = None
