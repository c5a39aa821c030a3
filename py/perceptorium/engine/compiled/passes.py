"""The functions of a kernel that pass over rows, and the one that updates the parameters.

- `gradient`: forward and backward over a batch; leaves the gradients and the number of right answers, gives the loss.
- `evaluate`: forward over all rows; the same without the gradients.
- `predict`: forward over any rows, such as the grid of a heatmap.
- `step`: one step of the optimiser.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .activations import ACTIVATIONS
from .assembler import Function, Module, load
from .encoding import F64, I32
from .expression import Expr, bits_or, constant, keep, to_f64, where
from .lanes import Lanes, Rows
from .layers import BLOCK, Layer
from .losses import Loss
from .memory import (
    CLOCKS,
    CONSTANTS,
    CORRECT,
    HEALTH,
    LEARNING_RATE,
    NUMBER,
    PARAMETERS,
    ROWS,
    VECTOR,
    Block,
    X,
    Y,
)
from .optimisers import OPTIMISERS, Step
from .spec import KernelSpec


def setting_i32(offset: int) -> Expr:
    """An i32 setting of the call."""
    return load(I32, constant(I32, 0), offset)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the functions of one spec into one module."""

    module: Module
    spec: KernelSpec
    lanes: Lanes
    layers: tuple[Layer, ...]
    loss: Loss
    layout: Block

    def gradient(self) -> Function:
        """(block, order, count) -> loss of these rows; the gradients are in the block afterwards."""
        f = self.module.function("gradient", [I32, I32, I32], self.lanes.total)
        order, count = f.parameter(1), f.parameter(2)
        scale = self._share(f, count)
        gradient_scale = f.let(self.lanes.as_value(scale * self.loss.gradient_factor))
        x, y = f.let(setting_i32(X)), f.let(setting_i32(Y))
        gradients = [f.variable(self.lanes.value) for _ in range(self.spec.parameter_count)]
        score = Score(f, self)
        with f.count(count, self.lanes.rows) as (_, position):
            rows = self.lanes.rows_in_order(f, order, position, count)
            activations = self._forward(f, self.lanes.features(f, x, rows, self.spec.sizes[0]))
            targets = self.lanes.features(f, y, rows, self.spec.sizes[-1])
            score.add(rows, activations[-1], targets)
            deltas: list[Expr] = []
            for p, target in zip(activations[-1], targets, strict=True):
                slope = f.let(self.loss.gradient(f, p, target) * gradient_scale)
                delta = ACTIVATIONS[self.spec.output].backward(slope, p)
                deltas.append(f.let(self.lanes.within(rows, delta)))
            for k in range(len(self.layers) - 1, -1, -1):
                layer, inputs = self.layers[k], activations[k]
                layer.accumulate(f, inputs, deltas, gradients)
                if k > 0:
                    deltas = layer.backward(f, deltas, inputs, self.layers[k - 1].activation)
        self.lanes.store_totals(f, BLOCK, self.layout.gradients, gradients)
        score.give(scale)
        return f

    def evaluate(self) -> Function:
        """(block) -> loss over all rows; the number of right answers is in the block afterwards."""
        f = self.module.function("evaluate", [I32], self.lanes.total)
        count, x, y = f.let(setting_i32(ROWS)), f.let(setting_i32(X)), f.let(setting_i32(Y))
        score = Score(f, self)
        with f.count(count, self.lanes.rows) as (_, position):
            rows = self.lanes.rows_in_sequence(f, position, count)
            activations = self._forward(f, self.lanes.features(f, x, rows, self.spec.sizes[0]))
            score.add(rows, activations[-1], self.lanes.features(f, y, rows, self.spec.sizes[-1]))
        score.give(self._share(f, count))
        return f

    def predict(self) -> Function:
        """(block, x, outputs, count): the outputs for `count` rows at address x, written at address outputs."""
        f = self.module.function("predict", [I32, I32, I32, I32], exported=True)
        x, outputs, count = (f.parameter(k) for k in range(1, 4))
        with f.count(count, self.lanes.rows) as (_, position):
            rows = self.lanes.rows_in_sequence(f, position, count)
            prediction = self._forward(f, self.lanes.features(f, x, rows, self.spec.sizes[0]))[-1]
            for lane, index in enumerate(rows.indices):
                address = f.let(outputs + index * (self.spec.sizes[-1] * NUMBER))
                for column, value in enumerate(prediction):
                    if len(rows.indices) == 1:
                        f.store(address, value, column * NUMBER)
                    else:
                        f.store_lane(address, value, lane, column * NUMBER)
        return f

    def step(self) -> Function:
        """(block): one step of the optimiser along the block's gradients.

        Leaves 0 as the block's health, or NaN if a parameter has become NaN or infinite: a saturated output would
        hide that from the loss.
        """
        f = self.module.function("step", [I32])
        optimiser, lanes = OPTIMISERS[self.spec.optimiser], self.lanes
        constants = [f.let(lanes.setting(CONSTANTS + k * NUMBER)) for k in range(3)] if optimiser.slots else []
        clocks = [f.let(lanes.network_number(BLOCK, CLOCKS + k * VECTOR)) for k in range(2)]
        rate = f.let(lanes.network_number(BLOCK, LEARNING_RATE))
        step = Step(f, rate, constants, clocks)
        step = replace(step, shared=optimiser.begin(step))
        state = [f.variable(lanes.value) for _ in range(optimiser.slots)]
        gradient, weight, health = (f.variable(lanes.value) for _ in range(3))
        with f.count(constant(I32, self.layout.part), self.layout.stride) as (_, start):
            place = f.let(BLOCK + start)
            for offset in range(0, self.layout.stride, lanes.step_bytes):
                f.set(gradient, load(lanes.value, place, self.layout.gradients + offset))
                for slot, variable in zip(self.layout.slots, state, strict=True):
                    f.set(variable, load(lanes.value, place, slot + offset))
                f.set(weight, optimiser.update(step, load(lanes.value, place, PARAMETERS + offset), gradient, state))
                f.store(place, weight, PARAMETERS + offset)
                f.set(health, bits_or(health, weight - weight))
                for slot, variable in zip(self.layout.slots, state, strict=True):
                    f.store(place, variable, slot + offset)
        f.store(BLOCK, lanes.total_of(health), HEALTH)
        for k, clock in enumerate(optimiser.tick(step)):
            f.store(BLOCK, clock, CLOCKS + k * VECTOR)
        return f

    def _forward(self, f: Function, inputs: list[Expr]) -> list[list[Expr]]:
        """The activations of every layer, the inputs first."""
        activations = [inputs]
        for layer in self.layers:
            activations.append(layer.forward(f, activations[-1]))
        return activations

    def _share(self, f: Function, count: Expr) -> Expr:
        """What one element counts in the loss of `count` rows: 1 in a sum, 1 / elements in a mean."""
        if not self.loss.is_mean:
            return constant(F64, 1.0)
        return f.let(1.0 / to_f64(count * self.spec.sizes[-1]))


class Score:
    """Adds up the loss and the right answers of a pass over rows."""

    def __init__(self, f: Function, writer: Writer) -> None:
        self.f, self.lanes, self.loss = f, writer.lanes, writer.loss
        self.sum, self.correct = f.variable(self.lanes.value), f.variable(self.lanes.value)

    def add(self, rows: Rows, prediction: Sequence[Expr], target: Sequence[Expr]) -> None:
        """Add these rows. A row is right if all its outputs are on their target's side of the decision."""
        f, one, nothing = self.f, constant(self.lanes.value, 1.0), constant(self.lanes.value, 0.0)
        right: Expr | None = None
        for p, y in zip(prediction, target, strict=True):
            f.set(self.sum, self.sum + self.lanes.within(rows, self.loss.term(f, p, y)))
            side = where(p > self.loss.decision, one, nothing).equals(y)
            right = side if right is None else right & side
        assert right is not None
        f.set(self.correct, self.correct + self.lanes.within(rows, keep(right, one)))

    def give(self, share: Expr) -> None:
        """Store the number of right rows; give the loss."""
        f, lanes = self.f, self.lanes
        f.store(BLOCK, lanes.total_of(self.correct), CORRECT)
        f.give(lanes.total_of(self.sum) * lanes.as_total(share * self.loss.term_factor))
