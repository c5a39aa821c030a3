"""The buffers and programs with which one step passes through the network: forward, loss, backward.

Inside a workspace arrays lie the other way round than outside: (..., neurons, rows). So the activations of a layer and
a row of ones below them, the input of the bias, are one matrix, while the activations alone are still one contiguous
piece of memory: z = [W; b]ᵀ [a; 1] is a single product, and everything elementwise runs at full speed.
"""

from __future__ import annotations

import numpy as np

from .activations import activation
from .losses import Buffers, Loss
from .program import Array, Program, op, read_only_copy


class Workspace:
    """Programs for a fixed number of rows, over parameters and gradients that other workspaces may share.

    `parameters` and `gradients` are the layers' views (..., fan_in + 1, fan_out) of `Layout.layers`; `inputs` is
    (..., in + 1, rows) and ends with a row of ones, `targets` (..., out, rows). The leading axes of both may be absent.
    """

    def __init__(
        self,
        parameters: tuple[Array, ...],
        gradients: tuple[Array, ...],
        inputs: Array,
        targets: Array,
        hidden: str,
        output: str,
        loss: Loss,
    ) -> None:
        ensemble_shape, rows = parameters[0].shape[:-2], inputs.shape[-1]
        last = len(parameters) - 1
        self.inputs, self.targets = inputs, targets
        self.loss = np.empty(ensemble_shape or (1,))
        self.z: list[Array] = []
        self.a: list[Array] = []
        self.delta: list[Array] = []
        self.forward: list[Program] = []
        self.backward: list[Program] = [()] * len(parameters)

        extended = inputs
        fed = []  # what each layer is fed with, ones included
        for layer, parameter in enumerate(parameters):
            fed.append(extended)
            z = np.empty((*ensemble_shape, parameter.shape[-1], rows))
            product = op(np.matmul, parameter.swapaxes(-1, -2), extended, z)
            kind = activation(output if layer == last else hidden)
            if layer == last:
                a = z if kind.name == "Identity" else np.empty_like(z)
            else:
                extended = np.ones((*ensemble_shape, parameter.shape[-1] + 1, rows))
                a = extended[..., :-1, :]
            self.forward.append((product, *(() if a is z else kind.forward_program(z, a))))
            self.z.append(z)
            self.a.append(a)

        gradient = np.empty_like(self.a[last])
        targets = targets if targets.shape == gradient.shape else np.broadcast_to(targets, gradient.shape)
        buffers = Buffers(self.a[last], targets, gradient, np.empty_like(gradient), self.loss)
        self.loss_program = loss.value_program(buffers)

        for layer in range(last, -1, -1):
            kind = activation(output if layer == last else hidden)
            if layer == last:
                delta, arrive = gradient, loss.gradient_program(buffers)
            else:
                delta = np.empty_like(self.z[layer])
                arrive = (op(np.matmul, parameters[layer + 1][..., :-1, :], self.delta[0], delta),)
            if kind.name != "Identity":
                slope = np.empty_like(delta)
                through = kind.derivative_program(self.z[layer], self.a[layer], slope)
                arrive = (*arrive, *through, op(np.multiply, delta, slope, delta))
            self.delta.insert(0, delta)
            collect = op(np.matmul, fed[layer], delta.swapaxes(-1, -2), gradients[layer])
            self.backward[layer] = (*arrive, collect)

    @property
    def forward_program(self) -> Program:
        """All layers, first to last."""
        return tuple(operation for program in self.forward for operation in program)

    @property
    def backward_program(self) -> Program:
        """All layers, last to first."""
        return tuple(operation for program in reversed(self.backward) for operation in program)


def by_rows(array: Array) -> Array:
    """Return a read-only copy the way arrays are outside: (..., rows, neurons)."""
    return read_only_copy(array.swapaxes(-1, -2))
