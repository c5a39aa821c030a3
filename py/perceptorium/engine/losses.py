"""Loss functions under PyTorch's names, each with its gradient beside it; rows and outputs are the last two axes.

PyTorch's losses are means over all elements, so the gradient of the squared error is 2(ŷ − y)/n. The paper's eq. 8
has no 2/n: it is the gradient of half the *sum* of squares, which is here too, as HalfSquaredError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from .checks import finite_array, one_of
from .errors import InvalidValue
from .program import Array, Program, constant, execute, op

_ONE = constant(1.0)
# PyTorch keeps a logarithm above −100 and p(1 − p) above 1e-12, so that a wrong certainty costs much but not infinity;
# its 1e-12 is a number of single precision
_LEAST_LOGARITHM = constant(-100.0)
_LEAST_VARIANCE = constant(float(np.float32(1e-12)))


@dataclass(frozen=True, slots=True)
class Buffers:
    """Arrays that a loss works with: all of the prediction's shape but `value`.

    That is (ensemble...,), or (1,) for one network: NumPy is slower with arrays of no dimension.
    """

    prediction: Array
    target: Array
    gradient: Array
    scratch: Array
    value: Array

    @property
    def elements(self) -> int:
        """Predicted numbers per network: the n of the mean."""
        return prod(self.prediction.shape[-2:])

    def flat(self, array: Array) -> Array:
        """Return a view of `array` with rows and outputs as one axis, to be reduced to `value`."""
        return array.reshape(*self.value.shape, self.elements)


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss function.

    `value_program` writes the loss into `value`; `gradient_program` writes its derivative by the prediction into
    `gradient` and may use what `value_program` left in `gradient` and `scratch`. A prediction above `decision` means
    class 1. `output` names the only activation of the last layer that this loss makes sense with, "" for any.
    """

    name: str
    formula: str
    value_program: Callable[[Buffers], Program]
    gradient_program: Callable[[Buffers], Program]
    decision: float = 0.5
    output: str = ""
    targets_are_probabilities: bool = False

    def value(self, prediction: npt.ArrayLike, target: npt.ArrayLike) -> Array:
        """Return the loss of each network, shape (...,), for predictions and targets (..., rows, outputs)."""
        buffers = self._computed(prediction, target)
        return buffers.value.reshape(buffers.prediction.shape[:-2])

    def gradient(self, prediction: npt.ArrayLike, target: npt.ArrayLike, out: Array | None = None) -> Array:
        """Return ∂loss/∂prediction, of the prediction's shape, in `out` if it is given."""
        gradient = self._computed(prediction, target).gradient
        if out is None:
            return gradient
        if out.shape != gradient.shape:
            raise InvalidValue(f"out has shape {out.shape}; it has to have the prediction's shape {gradient.shape}")
        np.copyto(out, gradient)
        return out

    def check_targets(self, target: Array) -> None:
        """Refuse targets that this loss has no meaning for."""
        if self.targets_are_probabilities and target.size and (target.min() < 0.0 or target.max() > 1.0):
            wrong = target[(target < 0.0) | (target > 1.0)][0]
            raise InvalidValue(f"target holds {float(wrong)}; {self.name} needs targets from 0 to 1")

    def _computed(self, prediction: npt.ArrayLike, target: npt.ArrayLike) -> Buffers:
        prediction, target = _pair(prediction, target)
        self.check_targets(target)
        buffers = Buffers(
            np.ascontiguousarray(prediction),
            np.ascontiguousarray(np.broadcast_to(target, prediction.shape)),
            np.empty(prediction.shape),
            np.empty(prediction.shape),
            np.empty(prediction.shape[:-2] or (1,)),
        )
        with np.errstate(all="ignore"):
            execute(self.value_program(buffers))
            execute(self.gradient_program(buffers))
        return buffers


def _squared_value(share: float) -> Callable[[Buffers], Program]:
    def program(b: Buffers) -> Program:
        difference = b.flat(b.gradient)
        factor = constant(share or 1.0 / b.elements)
        return (
            op(np.subtract, b.prediction, b.target, b.gradient),
            op(np.vecdot, difference, difference, b.value),
            op(np.multiply, b.value, factor, b.value),
        )

    return program


def _mse_gradient(b: Buffers) -> Program:
    return (op(np.multiply, b.gradient, constant(2.0 / b.elements), b.gradient),)


def _half_gradient(_: Buffers) -> Program:
    return ()  # the difference is the gradient


def _bce_value(b: Buffers) -> Program:
    # −mean(y ln p + (1 − y) ln(1 − p))
    weight = np.full(b.elements, 1.0 / b.elements)
    return (
        op(np.negative, b.prediction, b.scratch),
        op(np.log1p, b.scratch, b.scratch),
        op(np.maximum, b.scratch, _LEAST_LOGARITHM, out=b.scratch),
        op(np.subtract, b.target, _ONE, b.gradient),
        op(np.multiply, b.gradient, b.scratch, b.gradient),
        op(np.log, b.prediction, b.scratch),
        op(np.maximum, b.scratch, _LEAST_LOGARITHM, out=b.scratch),
        op(np.multiply, b.scratch, b.target, b.scratch),
        op(np.subtract, b.gradient, b.scratch, b.gradient),
        op(np.vecdot, b.flat(b.gradient), weight, b.value),
    )


def _bce_gradient(b: Buffers) -> Program:
    # (p − y) / (p (1 − p) n)
    return (
        op(np.subtract, _ONE, b.prediction, b.scratch),
        op(np.multiply, b.scratch, b.prediction, b.scratch),
        op(np.maximum, b.scratch, _LEAST_VARIANCE, out=b.scratch),
        op(np.multiply, b.scratch, constant(float(b.elements)), b.scratch),
        op(np.subtract, b.prediction, b.target, b.gradient),
        op(np.divide, b.gradient, b.scratch, b.gradient),
    )


def _logits_value(b: Buffers) -> Program:
    # mean(max(z, 0) − y z + ln(1 + e^−|z|)): the same as BCE of sigmoid(z), with nothing that overflows
    weight = np.full(b.elements, 1.0 / b.elements)
    return (
        op(np.abs, b.prediction, b.scratch),
        op(np.negative, b.scratch, b.scratch),
        op(np.exp, b.scratch, b.scratch),
        op(np.log1p, b.scratch, b.scratch),
        op(np.maximum, b.prediction, constant(0.0), out=b.gradient),
        op(np.add, b.scratch, b.gradient, b.scratch),
        op(np.multiply, b.prediction, b.target, b.gradient),
        op(np.subtract, b.scratch, b.gradient, b.scratch),
        op(np.vecdot, b.flat(b.scratch), weight, b.value),
    )


def _logits_gradient(b: Buffers) -> Program:
    # (sigmoid(z) − y) / n
    return (
        op(np.negative, b.prediction, b.gradient),
        op(np.exp, b.gradient, b.gradient),
        op(np.add, b.gradient, _ONE, b.gradient),
        op(np.reciprocal, b.gradient, b.gradient),
        op(np.subtract, b.gradient, b.target, b.gradient),
        op(np.multiply, b.gradient, constant(1.0 / b.elements), b.gradient),
    )


LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        loss.name: loss
        for loss in (
            Loss("MSELoss", "mean((ŷ − y)²)", _squared_value(0.0), _mse_gradient),
            Loss(
                "BCELoss",
                "−mean(y ln ŷ + (1 − y) ln(1 − ŷ))",
                _bce_value,
                _bce_gradient,
                output="Sigmoid",
                targets_are_probabilities=True,
            ),
            Loss(
                "BCEWithLogitsLoss",
                "mean(max(z, 0) − y z + ln(1 + e⁻|ᶻ|))",
                _logits_value,
                _logits_gradient,
                decision=0.0,
                output="Identity",
                targets_are_probabilities=True,
            ),
            Loss("HalfSquaredError", "½ Σ (ŷ − y)²", _squared_value(0.5), _half_gradient),
        )
    }
)


def loss_function(name: str | Loss) -> Loss:
    """Return the loss with the name `name`; a Loss is returned as it is."""
    return name if isinstance(name, Loss) else one_of("loss", name, LOSSES)


def accuracy(prediction: npt.ArrayLike, target: npt.ArrayLike, decision: float = 0.5) -> Array:
    """Return, per network, the share of rows whose outputs are all on the right side of `decision`."""
    prediction, target = _pair(prediction, target)
    return share_right(prediction.swapaxes(-1, -2), target.swapaxes(-1, -2), decision)


def share_right(prediction: Array, target: Array, decision: float) -> Array:
    """Return what `accuracy` returns, for arrays (..., outputs, rows) that are known to fit."""
    hit = (prediction > decision) == target
    right = hit[..., 0, :] if hit.shape[-2] == 1 else hit.all(axis=-2)
    return np.asarray(np.add.reduce(right, axis=-1, dtype=np.float64) / right.shape[-1])


def _pair(prediction: npt.ArrayLike, target: npt.ArrayLike) -> tuple[Array, Array]:
    prediction = np.asarray(prediction, dtype=np.float64)
    target = finite_array("target", target, 2, "(rows, outputs)")
    if prediction.ndim < 2 or 0 in prediction.shape:
        raise InvalidValue(f"prediction has shape {prediction.shape}; it has to be (rows, outputs), at least 1 of each")
    if target.shape[-2:] != prediction.shape[-2:] or target.ndim > prediction.ndim:
        raise InvalidValue(f"target has shape {target.shape}; it has to fit the prediction's shape {prediction.shape}")
    return prediction, target
