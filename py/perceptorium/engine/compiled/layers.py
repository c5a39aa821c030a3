"""The linear layer and its derivative, unrolled: one multiplication in Python is one multiplication in the kernel.

    forward    z_j = sum_i a_i w_ij + b_j,   a_j = f(z_j)
    backward   dL/dw_ij = sum over rows of a_i delta_j,   dL/db_j = sum over rows of delta_j
               delta_i = (sum_j w_ij delta_j) f'(z_i)     for the layer before

Parameters are read from memory where they are used; values and gradients live in locals. The long sums are joined from
bytes rather than built with operators, since they are most of a kernel and writing it must take milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .activations import ACTIVATIONS
from .assembler import Function, Variable
from .expression import ADD, MULTIPLY, Expr
from .lanes import Lanes
from .memory import PARAMETERS
from .spec import KernelSpec

type_of_add = {"f64": 0, "v128": 1}


@dataclass(frozen=True, slots=True)
class Layer:
    """One linear layer of a kernel, and the activation after it."""

    fan_in: int
    fan_out: int
    activation: str
    first: int
    lanes: Lanes

    @classmethod
    def all_of(cls, spec: KernelSpec, lanes: Lanes) -> tuple["Layer", ...]:
        """The layers of this spec, first to last."""
        return tuple(
            cls(spec.sizes[k], spec.sizes[k + 1], spec.activation(k), spec.first_parameter(k), lanes)
            for k in range(len(spec.sizes) - 1)
        )

    def weight_index(self, i: int, j: int) -> int:
        """Position of w_ij among all parameters."""
        return self.first + i * self.fan_out + j

    def bias_index(self, j: int) -> int:
        """Position of b_j among all parameters."""
        return self.first + self.fan_in * self.fan_out + j

    def _parameter(self, block: Expr, index: int) -> bytes:
        return self.lanes.network_number(block, PARAMETERS + index * self.lanes.parameter_bytes).code

    def _sum_of_products(self, values: Sequence[Expr], block: Expr, indices: Sequence[int]) -> bytes:
        vector = type_of_add[self.lanes.value]
        multiply, multiply_add = MULTIPLY[vector], MULTIPLY[vector] + ADD[vector]
        parts = [values[0].code, self._parameter(block, indices[0]), multiply]
        for value, index in zip(values[1:], indices[1:], strict=True):
            parts += (value.code, self._parameter(block, index), multiply_add)
        return b"".join(parts)

    def forward(self, f: Function, block: Expr, inputs: Sequence[Expr]) -> list[Expr]:
        """The layer's activations."""
        add = ADD[type_of_add[self.lanes.value]]
        outputs: list[Expr] = []
        for j in range(self.fan_out):
            weights = [self.weight_index(i, j) for i in range(self.fan_in)]
            total = self._sum_of_products(inputs, block, weights)
            z = f.let(Expr(self.lanes.value, total + self._parameter(block, self.bias_index(j)) + add))
            outputs.append(f.let(ACTIVATIONS[self.activation].forward(f, z)))
        return outputs

    def accumulate(
        self, f: Function, inputs: Sequence[Expr], deltas: Sequence[Expr], gradients: Sequence[Variable]
    ) -> None:
        """Add these rows' share to the gradients of this layer's weights and biases."""
        vector = type_of_add[self.lanes.value]
        multiply_add, add = MULTIPLY[vector] + ADD[vector], ADD[vector]
        kind = self.lanes.value
        for j, delta in enumerate(deltas):
            for i, a in enumerate(inputs):
                gradient = gradients[self.weight_index(i, j)]
                f.set(gradient, Expr(kind, gradient.code + a.code + delta.code + multiply_add))
            gradient = gradients[self.bias_index(j)]
            f.set(gradient, Expr(kind, gradient.code + delta.code + add))

    def backward(
        self, f: Function, block: Expr, deltas: Sequence[Expr], inputs: Sequence[Expr], before: str
    ) -> list[Expr]:
        """The deltas of the layer before, whose activation is `before` and whose outputs are this layer's inputs."""
        previous: list[Expr] = []
        for i, a in enumerate(inputs):
            weights = [self.weight_index(i, j) for j in range(self.fan_out)]
            upstream = Expr(self.lanes.value, self._sum_of_products(deltas, block, weights))
            previous.append(f.let(ACTIVATIONS[before].backward(upstream, a)))
        return previous
