"""Activations: each function beside its derivative, as code on one number or two.

`backward(upstream, a)` turns the gradient with respect to the activation `a` into that with respect to `z`. All four
derivatives can be written with `a` alone, so `z` is not kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import maths
from .assembler import Function
from .expression import Expr, keep, larger


@dataclass(frozen=True, slots=True)
class Activation:
    """`forward(f, z)` is a; `backward(upstream, a)` is upstream * a'(z)."""

    forward: Callable[[Function, Expr], Expr]
    backward: Callable[[Expr, Expr], Expr]


def _relu(_: Function, z: Expr) -> Expr:
    return larger(z, 0.0)


def _relu_backward(upstream: Expr, a: Expr) -> Expr:
    # PyTorch's rule: zero where a <= 0, so that a NaN is passed on.
    return keep(~(a <= 0.0), upstream)


def _sigmoid_backward(upstream: Expr, a: Expr) -> Expr:
    return upstream * (1.0 - a) * a


def _tanh_backward(upstream: Expr, a: Expr) -> Expr:
    return upstream * (1.0 - a * a)


def _identity(_: Function, z: Expr) -> Expr:
    return z


def _identity_backward(upstream: Expr, _: Expr) -> Expr:
    return upstream


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        "ReLU": Activation(_relu, _relu_backward),
        "Sigmoid": Activation(maths.sigmoid, _sigmoid_backward),
        "Tanh": Activation(maths.tanh, _tanh_backward),
        "Identity": Activation(_identity, _identity_backward),
    }
)
