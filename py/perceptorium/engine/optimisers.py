"""Optimisers: frozen descriptions, with PyTorch's formulas; what they remember lives in the trainer.

Each writes its update as a program over all parameters at once. Numbers that change from step to step (Adam's bias
corrections) or between runs (the learning rate) are read from `coefficients`, an array that outlives the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from .checks import number
from .errors import InvalidValue
from .program import Array, Program, constant, op


@runtime_checkable
class Optimiser(Protocol):
    """What the trainer asks of an optimiser."""

    @property
    def lr(self) -> float:
        """The learning rate η."""

    @property
    def slots(self) -> int:
        """How many numbers it remembers per parameter."""

    @property
    def changes(self) -> bool:
        """Whether its coefficients depend on the step."""

    def coefficients(self, step: int) -> tuple[float, ...]:
        """Return the numbers of step `step`, the first being 1; always equally many."""

    def program(self, parameter: Array, gradient: Array, memory: Array, scratch: Array, numbers: Array) -> Program:
        """Return the update of `parameter`; all arrays are (..., count), `memory` has a leading axis of `slots`."""


@dataclass(frozen=True, slots=True)
class SGD:
    """Gradient descent: p ← p − η v, with v ← μ v + (1 − τ) g if there is momentum μ (dampening τ), else v = g.

    With Nesterov's variant the step is η (g + μ v). As in PyTorch, the first step takes v = g without dampening.
    """

    lr: float
    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        _check_rate(self.lr)
        number("momentum", self.momentum, "it has to be from 0 to below 1", 0.0, 1.0)
        number("dampening", self.dampening, "it has to be from 0 to below 1", 0.0, 1.0)
        if self.nesterov and (self.momentum == 0.0 or self.dampening != 0.0):
            raise InvalidValue(
                f"nesterov is True with momentum {self.momentum} and dampening {self.dampening}; "
                "it needs a momentum above 0 and no dampening"
            )

    @property
    def slots(self) -> int:
        """One velocity per parameter, if there is momentum."""
        return 1 if self.momentum else 0

    @property
    def changes(self) -> bool:
        """Only the first step differs from the others."""
        return self.slots == 1

    def coefficients(self, step: int) -> tuple[float, ...]:
        """Return η and what the gradient is multiplied by: 1 at first, then 1 − dampening."""
        return self.lr, 1.0 if step == 1 else 1.0 - self.dampening

    def program(self, parameter: Array, gradient: Array, memory: Array, scratch: Array, numbers: Array) -> Program:
        """Return the operations of one step."""
        rate, share = numbers[0, ...], numbers[1, ...]
        if not self.slots:
            return (op(np.multiply, gradient, rate, scratch), op(np.subtract, parameter, scratch, parameter))
        velocity, momentum = memory[0], constant(self.momentum)
        remember: Program = (
            op(np.multiply, velocity, momentum, velocity),
            op(np.multiply, gradient, share, scratch),
            op(np.add, velocity, scratch, velocity),
        )
        if not self.nesterov:
            direction: Program = (op(np.multiply, velocity, rate, scratch),)
        else:
            direction = (
                op(np.multiply, velocity, momentum, scratch),
                op(np.add, gradient, scratch, scratch),
                op(np.multiply, scratch, rate, scratch),
            )
        return (*remember, *direction, op(np.subtract, parameter, scratch, parameter))


@dataclass(frozen=True, slots=True)
class Adam:
    """Adam (Kingma and Ba 2015): running means of gradient and squared gradient, corrected for their start at 0."""

    lr: float = 0.001
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8

    def __post_init__(self) -> None:
        _check_rate(self.lr)
        if not isinstance(self.betas, tuple) or len(self.betas) != 2:
            raise InvalidValue(f"betas is {self.betas!r}; it has to be a pair such as (0.9, 0.999)")
        for i, beta in enumerate(self.betas):
            number(f"betas[{i}]", beta, "it has to be from 0 to below 1", 0.0, 1.0)
        number("eps", self.eps, "it has to be 0 or a small positive number", 0.0)

    @property
    def slots(self) -> int:
        """A mean and a mean square per parameter."""
        return 2

    @property
    def changes(self) -> bool:
        """The bias corrections shrink from step to step."""
        return True

    def coefficients(self, step: int) -> tuple[float, ...]:
        """Return η / (1 − β₁ᵗ) and sqrt(1 − β₂ᵗ)."""
        first, second = self.betas
        return self.lr / (1.0 - first**step), (1.0 - second**step) ** 0.5

    def program(self, parameter: Array, gradient: Array, memory: Array, scratch: Array, numbers: Array) -> Program:
        """Return the operations of one step."""
        size, correction = numbers[0, ...], numbers[1, ...]
        mean, square = memory
        first, second = self.betas
        return (
            op(np.subtract, gradient, mean, scratch),
            op(np.multiply, scratch, constant(1.0 - first), scratch),
            op(np.add, mean, scratch, mean),
            op(np.multiply, gradient, gradient, scratch),
            op(np.multiply, scratch, constant(1.0 - second), scratch),
            op(np.multiply, square, constant(second), square),
            op(np.add, square, scratch, square),
            op(np.sqrt, square, scratch),
            op(np.divide, scratch, correction, scratch),
            op(np.add, scratch, constant(self.eps), scratch),
            op(np.divide, mean, scratch, scratch),
            op(np.multiply, scratch, size, scratch),
            op(np.subtract, parameter, scratch, parameter),
        )


def _check_rate(lr: float) -> None:
    if number("lr", lr, "a learning rate has to be a number above 0", 0.0) == 0.0:
        raise InvalidValue(f"lr is {lr!r}; a learning rate has to be a number above 0")
