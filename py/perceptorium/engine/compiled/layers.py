"""The linear layer and its derivative, unrolled: one multiplication in Python is one multiplication in the kernel.

Forward: z_j = sum_i a_i w_ij + b_j and a_j = f(z_j).
Backward: dL/dw_ij = sum of a_i delta_j over the rows, dL/db_j = sum of delta_j, and for the layer before
delta_i = (sum_j w_ij delta_j) f'(z_i).

Parameters are read from memory where they are used; values and gradients live in locals. The long sums are joined from
bytes rather than built with operators, since they are most of a kernel and composing it must take milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .activations import ACTIVATIONS
from .assembler import Function, Variable
from .encoding import I32, V128
from .expression import ADD, MULTIPLY, Expr
from .lanes import Lanes
from .memory import PARAMETERS
from .spec import KernelSpec

BLOCK = Variable(I32, 0)  # the address of the network's block is the first parameter of every function


@dataclass(frozen=True, slots=True)
class Layer:
    """One linear layer and the activation after it.

    `weights[i][j]` and `biases[j]` are the expressions that read w_ij and b_j; `first` is the place of w_00 among all
    parameters of the network, from which the others follow row by row, the biases last.
    """

    weights: tuple[tuple[Expr, ...], ...]
    biases: tuple[Expr, ...]
    activation: str
    first: int

    @classmethod
    def all_of(cls, spec: KernelSpec, lanes: Lanes) -> tuple["Layer", ...]:
        """The layers of this spec, first to last."""
        size = lanes.parameter_bytes
        reads = [lanes.network_number(BLOCK, PARAMETERS + size * k) for k in range(spec.parameter_count)]
        layers = []
        for k, fan_out in enumerate(spec.sizes[1:]):
            first, end = spec.first_parameter(k), spec.first_parameter(k + 1)
            rows = [tuple(reads[start : start + fan_out]) for start in range(first, end, fan_out)]
            layers.append(cls(tuple(rows[:-1]), rows[-1], spec.activation(k), first))
        return tuple(layers)

    def forward(self, f: Function, inputs: Sequence[Expr]) -> list[Expr]:
        """The layer's activations."""
        activation = ACTIVATIONS[self.activation].forward
        columns = zip(zip(*self.weights, strict=True), self.biases, strict=True)
        return [f.inline(activation, _products(inputs, weights) + bias) for weights, bias in columns]

    def accumulate(
        self, f: Function, inputs: Sequence[Expr], deltas: Sequence[Expr], gradients: Sequence[Variable]
    ) -> None:
        """Add these rows' share to the gradients of this layer's weights and biases."""
        place = self.first
        for a in inputs:
            for delta in deltas:
                f.set(gradients[place], _plus_product(gradients[place], a, delta))
                place += 1
        for delta in deltas:
            f.set(gradients[place], gradients[place] + delta)
            place += 1

    def backward(self, f: Function, deltas: Sequence[Expr], inputs: Sequence[Expr], before: str) -> list[Expr]:
        """The deltas of the layer before, whose activation is `before` and whose outputs are this layer's inputs."""
        slope = ACTIVATIONS[before].backward
        return [
            f.let(slope(f.let(_products(deltas, weights)), a)) for weights, a in zip(self.weights, inputs, strict=True)
        ]


def _plus_product(total: Expr, x: Expr, y: Expr) -> Expr:
    vector = total.kind == V128
    return Expr(total.kind, total.code + x.code + y.code + MULTIPLY[vector] + ADD[vector])


def _products(values: Sequence[Expr], weights: Sequence[Expr]) -> Expr:
    """The sum of the values times the weights."""
    kind = values[0].kind
    multiply = MULTIPLY[kind == V128]
    parts = [values[0].code, weights[0].code, multiply]
    multiply_add = multiply + ADD[kind == V128]
    for value, weight in zip(values[1:], weights[1:], strict=True):
        parts += (value.code, weight.code, multiply_add)
    return Expr(kind, b"".join(parts))
