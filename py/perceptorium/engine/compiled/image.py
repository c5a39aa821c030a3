"""The memory of a kernel as NumPy arrays: filled before a call, copied in as one block of bytes, read after it.

Making views costs more than filling them, so an image is kept for the calls that follow: they usually differ in the
numbers only.
"""

import struct
from math import prod

import numpy as np
import numpy.typing as npt

from perceptorium.engine.program import Array

from .memory import (
    CLOCKS,
    EPOCHS,
    HEALTH,
    INDEX,
    LEARNING_RATE,
    NUMBER,
    PARAMETERS,
    SETTINGS_FORMAT,
    VECTOR,
    Block,
    Plan,
)
from .runtime import Instance
from .spec import KernelSpec


class Image:
    """A copy of a kernel's memory, laid out by a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._bytes = np.zeros(plan.end, np.uint8)
        self._input, self._output = self._bytes[: plan.losses], self._bytes[plan.blocks :]

    def write(self, instance: Instance) -> None:
        """Copy what a call needs into the kernel's memory."""
        instance.reserve(self.plan.end)
        instance.write(0, self._input)

    def read(self, instance: Instance) -> None:
        """Copy what calls have left in the kernel's memory."""
        instance.read(self.plan.blocks, self._output)

    def numbers(self, address: int, *shape: int) -> Array:
        """A view of the f64 at an address."""
        return self._bytes[address : address + prod(shape) * NUMBER].view(np.float64).reshape(shape)

    def indices(self, address: int, *shape: int) -> npt.NDArray[np.int32]:
        """A view of the i32 at an address."""
        return self._bytes[address : address + prod(shape) * INDEX].view(np.int32).reshape(shape)

    def settings(self, *values: float) -> None:
        """Write the settings."""
        struct.pack_into(SETTINGS_FORMAT, self._input.data, 0, *values)


class TrainingImage(Image):
    """The memory for training `networks` networks on `rows` rows, with room for the records of `epochs` epochs.

    Numbers of a network have the shape (blocks, networks of a block), its parameters (blocks, networks of a block,
    count); `losses` and `accuracies` are (epochs + 1, networks).
    """

    def __init__(self, spec: KernelSpec, networks: int, rows: int, orders: int, epochs: int) -> None:
        super().__init__(Plan.of_training(spec, networks, rows, orders, epochs))
        plan, block = self.plan, Block.of(spec)
        self.x = self.numbers(plan.x, rows, spec.sizes[0])
        self.y = self.numbers(plan.y, rows, spec.sizes[-1])
        self.orders = self.indices(plan.order, orders, rows)
        self.losses = self.numbers(plan.losses, epochs + 1, plan.record_stride // NUMBER)
        self.accuracies = self.numbers(plan.accuracies, epochs + 1, plan.record_stride // NUMBER)
        blocks = self.numbers(plan.blocks, plan.block_count, block.size // NUMBER)

        def part(address: int, count: int) -> Array:
            start = address // NUMBER
            numbers = blocks[:, start : start + count * block.networks]
            return numbers.reshape(plan.block_count, count, block.networks).swapaxes(1, 2)

        self.rates, self.epochs = part(LEARNING_RATE, 1)[..., 0], part(EPOCHS, 1)[..., 0]
        self.clocks = [part(CLOCKS + k * VECTOR, 1)[..., 0] for k in range(2)]
        self.parameters = part(PARAMETERS, spec.parameter_count)
        self.memory = [part(address, spec.parameter_count) for address in block.slots]
        self.health = part(HEALTH, 1)[..., 0]


class PredictionImage(Image):
    """The memory for predicting `rows` rows with one network."""

    def __init__(self, spec: KernelSpec, rows: int) -> None:
        super().__init__(Plan.of_prediction(spec, rows))
        self.x = self.numbers(self.plan.x, rows, spec.sizes[0])
        self.parameters = self.numbers(self.plan.blocks + PARAMETERS, spec.parameter_count)
        self.outputs = self.numbers(self.plan.outputs, rows, spec.sizes[-1])
