"""Activation functions, each with its derivative beside it (paper eq. 4, 5, 6).

A derivative is written with the activation `a = f(z)` wherever that is possible, because the forward pass has
already computed it. At 0 the slope of ReLU is 0, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from .checks import one_of
from .errors import InvalidValue
from .program import Array, Program, constant, execute, op

_ZERO = constant(0.0)
_ONE = constant(1.0)


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function f.

    `forward_program(z, a)` writes f(z) into `a`; `derivative_program(z, a, out)` writes f'(z) into `out`. All are
    arrays of one shape; `out` must be neither `z` nor `a`.
    """

    name: str
    formula: str
    forward_program: Callable[[Array, Array], Program]
    derivative_program: Callable[[Array, Array, Array], Program]

    def forward(self, z: npt.ArrayLike, out: Array | None = None) -> Array:
        """Return f(z), elementwise, in `out` if it is given (same shape as z)."""
        z = np.asarray(z, dtype=np.float64)
        out = _result("out", out, z)
        with np.errstate(all="ignore"):
            execute(self.forward_program(z, out))
        return out

    def derivative(self, z: npt.ArrayLike, a: npt.ArrayLike, out: Array | None = None) -> Array:
        """Return f'(z), elementwise, where a = f(z) is already known."""
        z = np.asarray(z, dtype=np.float64)
        a = np.asarray(a, dtype=np.float64)
        if a.shape != z.shape:
            raise InvalidValue(f"a has shape {a.shape}; it has to be f(z), of z's shape {z.shape}")
        out = _result("out", out, z)
        with np.errstate(all="ignore"):
            execute(self.derivative_program(z, a, out))
        return out


def _result(argument: str, out: Array | None, like: Array) -> Array:
    if out is None:
        return np.empty_like(like)
    if out.shape != like.shape:
        raise InvalidValue(f"{argument} has shape {out.shape}; it has to have z's shape {like.shape}")
    return out


def _relu(z: Array, a: Array) -> Program:
    return (op(np.maximum, z, _ZERO, out=a),)


def _relu_slope(_: Array, a: Array, out: Array) -> Program:
    # a is 0 or positive, so its sign is the slope
    return (op(np.sign, a, out),)


def _sigmoid(z: Array, a: Array) -> Program:
    # exp may run to infinity, whose reciprocal is the right 0; written with tanh, small values would lose their digits
    return (op(np.negative, z, a), op(np.exp, a, a), op(np.add, a, _ONE, a), op(np.reciprocal, a, a))


def _sigmoid_slope(_: Array, a: Array, out: Array) -> Program:
    return (op(np.subtract, _ONE, a, out), op(np.multiply, out, a, out))


def _tanh(z: Array, a: Array) -> Program:
    return (op(np.tanh, z, a),)


def _tanh_slope(_: Array, a: Array, out: Array) -> Program:
    return (op(np.multiply, a, a, out), op(np.subtract, _ONE, out, out))


def _identity(z: Array, a: Array) -> Program:
    return (op(np.positive, z, a),)


def _identity_slope(_z: Array, _a: Array, out: Array) -> Program:
    return (op(out.fill, 1.0),)


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        "ReLU": Activation("ReLU", "max(0, z)", _relu, _relu_slope),
        "Sigmoid": Activation("Sigmoid", "1 / (1 + e⁻ᶻ)", _sigmoid, _sigmoid_slope),
        "Tanh": Activation("Tanh", "(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)", _tanh, _tanh_slope),
        "Identity": Activation("Identity", "z", _identity, _identity_slope),
    }
)


def activation(name: str | Activation) -> Activation:
    """Return the activation with PyTorch's class name `name`; an Activation is returned as it is."""
    return name if isinstance(name, Activation) else one_of("activation", name, ACTIVATIONS)
