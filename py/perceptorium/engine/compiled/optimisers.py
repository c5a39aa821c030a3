"""Optimisers with PyTorch's formulas, as code on one parameter or two neighbouring ones.

An optimiser keeps `slots` numbers a parameter (momentum's buffer; Adam's two averages) and two `clocks`, numbers that
change from step to step and belong to the network rather than to one parameter. Its `constants` come from the caller.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .assembler import Function, Variable
from .expression import Expr, sqrt


@dataclass(frozen=True, slots=True)
class Step:
    """What is the same for all parameters in one step: the learning rate, the constants and the clocks."""

    f: Function
    lr: Expr
    constants: Sequence[Expr]
    clocks: Sequence[Expr]
    shared: Sequence[Expr] = ()


@dataclass(frozen=True, slots=True)
class Optimiser:
    """`begin` computes what all parameters share, `update` the new parameter, `tick` the clocks of the next step.

    `update(step, w, g, state)` is called for every parameter w with its gradient g; it also changes the state.
    """

    slots: int
    update: Callable[[Step, Expr, Expr, Sequence[Variable]], Expr]
    begin: Callable[[Step], Sequence[Expr]] = lambda step: ()
    tick: Callable[[Step], Sequence[Expr]] = lambda step: ()


def _sgd(step: Step, w: Expr, g: Expr, _: Sequence[Variable]) -> Expr:
    return w - step.lr * g


def _buffer(step: Step, g: Expr, buffer: Variable) -> None:
    # b <- momentum b + share g. The share is 1 in the first step, whatever the dampening, and 1 - dampening after it.
    momentum, (share, _) = step.constants[0], step.clocks
    step.f.set(buffer, momentum * buffer + share * g)


def _momentum(step: Step, w: Expr, g: Expr, state: Sequence[Variable]) -> Expr:
    _buffer(step, g, state[0])
    return w - step.lr * state[0]


def _nesterov(step: Step, w: Expr, g: Expr, state: Sequence[Variable]) -> Expr:
    _buffer(step, g, state[0])
    return w - step.lr * (g + step.constants[0] * state[0])


def _undampened_share(step: Step) -> Sequence[Expr]:
    dampening = step.constants[1]
    return (1.0 - dampening, step.clocks[1])


def _adam_begin(step: Step) -> Sequence[Expr]:
    # The clocks hold beta1^t and beta2^t of this step t = 1, 2, …
    power1, power2 = step.clocks
    return step.f.let(step.lr / (1.0 - power1)), step.f.let(1.0 / sqrt(1.0 - power2))


def _adam(step: Step, w: Expr, g: Expr, state: Sequence[Variable]) -> Expr:
    beta1, beta2, epsilon = step.constants
    mean, square = state
    rate, square_correction = step.shared
    step.f.set(mean, mean + (g - mean) * (1.0 - beta1))
    step.f.set(square, square * beta2 + g * g * (1.0 - beta2))
    return w - rate * mean / (sqrt(square) * square_correction + epsilon)


def _adam_tick(step: Step) -> Sequence[Expr]:
    (power1, power2), (beta1, beta2, _) = step.clocks, step.constants
    return power1 * beta1, power2 * beta2


OPTIMISERS: Mapping[str, Optimiser] = MappingProxyType(
    {
        "SGD": Optimiser(0, _sgd),
        "momentum": Optimiser(1, _momentum, tick=_undampened_share),
        "nesterov": Optimiser(1, _nesterov, tick=_undampened_share),
        "Adam": Optimiser(2, _adam, begin=_adam_begin, tick=_adam_tick),
    }
)
