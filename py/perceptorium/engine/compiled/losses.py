"""Losses: each term beside its derivative, for one element (a row and an output) of prediction `p` and target `y`.

A loss is `factor` times the sum of its terms, divided by the number of elements if it is a mean. The kernel multiplies
`gradient` by the same factor once for each output, before it walks back through the layers.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import maths
from .assembler import Function
from .expression import Expr, larger

# PyTorch's bound on the divisor of the cross entropy's gradient: 1e-12, as a number of single precision.
(LEAST_DIVISOR,) = struct.unpack("<f", struct.pack("<f", 1e-12))


@dataclass(frozen=True, slots=True)
class Loss:
    """`term(f, p, y)` and `gradient(f, p, y)` = d term / d p, with `factor` taken out of both."""

    term: Callable[[Function, Expr, Expr], Expr]
    gradient: Callable[[Function, Expr, Expr], Expr]
    term_factor: float
    gradient_factor: float
    is_mean: bool = True
    decision: float = 0.5


def _squared(f: Function, p: Expr, y: Expr) -> Expr:
    error = f.let(p - y)
    return error * error


def _error(_: Function, p: Expr, y: Expr) -> Expr:
    return p - y


def _cross_entropy(f: Function, p: Expr, y: Expr) -> Expr:
    # PyTorch's BCELoss: a logarithm is never below -100, so a wrong certainty costs 100 and not infinity.
    log_p = larger(maths.log(f, p), -100.0)
    log_q = larger(maths.log_of_one_plus(f, f.let(-p)), -100.0)
    return y * log_p + (1.0 - y) * log_q


def _cross_entropy_gradient(f: Function, p: Expr, y: Expr) -> Expr:
    return (p - y) / larger(f.let((1.0 - p) * p), LEAST_DIVISOR)


def _logits(f: Function, z: Expr, y: Expr) -> Expr:
    # -y log s(z) - (1 - y) log(1 - s(z)), arranged so that nothing overflows.
    tail = f.let(maths.exp_of_negative(f, -abs(z)))
    return larger(z, 0.0) - z * y + maths.log_of_one_plus(f, tail)


def _logits_gradient(f: Function, z: Expr, y: Expr) -> Expr:
    return maths.sigmoid(f, z) - y


LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        "MSELoss": Loss(_squared, _error, term_factor=1.0, gradient_factor=2.0),
        "HalfSquaredError": Loss(_squared, _error, term_factor=0.5, gradient_factor=1.0, is_mean=False),
        "BCELoss": Loss(_cross_entropy, _cross_entropy_gradient, term_factor=-1.0, gradient_factor=1.0),
        "BCEWithLogitsLoss": Loss(_logits, _logits_gradient, term_factor=1.0, gradient_factor=1.0, decision=0.0),
    }
)
