"""A compiled network, ready to be called with NumPy arrays, and the cache of compiled networks.

A `Kernel` keeps nothing between calls: parameters, optimiser state, data and row order go in with every call and come
out again. That is one copy of a few kilobytes in, one out, for up to `CHUNK` epochs.
"""

import struct
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from perceptorium.engine.program import Array

from .emit import emit
from .memory import (
    CLOCKS,
    EPOCHS,
    INDEX,
    LEARNING_RATE,
    NUMBER,
    PARAMETERS,
    SETTINGS_FORMAT,
    Block,
    Plan,
)
from .runtime import Instance, Runtime
from .spec import KernelSpec

CHUNK = 200  # epochs in one call; a browser optimises a function between calls, so many short ones beat one long one
KEPT = 16  # kernels in the cache; each has a memory of its own


@dataclass(frozen=True, slots=True)
class Networks:
    """The state of S networks: `parameters` (S, count) flat as in `engine.layout`, and the optimiser's.

    `memory` (slots, S, count) is what it remembers, `rates` (S,) its learning rates, `clocks` as in `optimisers`.
    """

    parameters: Array
    memory: Array
    rates: Array
    clocks: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Task:
    """What to train on: rows `x` (n, in) and `y` (n, out), `batch` of them a step, taken in `orders` (1 or epochs, n).

    `constants` are the optimiser's three, `stop_below` is the loss below which a network is done.
    """

    x: Array
    y: Array
    batch: int
    orders: npt.NDArray[np.intp]
    constants: Sequence[float]
    stop_below: float


@dataclass(frozen=True, slots=True)
class Result:
    """`epochs` (S,) that each network was trained, and its state after them.

    `losses` and `accuracies` (epochs + 1, S) are those of the parameters after 0, 1, … epochs. Entries past a
    network's own `epochs` mean nothing.
    """

    parameters: Array
    memory: Array
    epochs: npt.NDArray[np.intp]
    losses: Array
    accuracies: Array


class Kernel:
    """One compiled network on one runtime."""

    def __init__(self, spec: KernelSpec, instance: Instance) -> None:
        self.spec = spec
        self._instance = instance
        self._block = Block.of(spec)
        self._count = spec.parameter_count

    def train(self, networks: Networks, task: Task, epochs: int) -> Result:
        """Train every network for `epochs` epochs, or until it is done."""
        size, rows = len(networks.parameters), len(task.x)
        plan = Plan.of_training(self.spec, size, rows, len(task.orders), epochs)
        image = np.zeros(plan.end, np.uint8)
        stride = rows * INDEX if len(task.orders) > 1 else 0
        addresses = (plan.x, plan.y, plan.order, stride, plan.losses, plan.accuracies, plan.record_stride)
        struct.pack_into(SETTINGS_FORMAT, image.data, 0, task.stop_below, *task.constants, rows, task.batch, *addresses)
        _numbers(image, plan.x, task.x.shape)[:] = task.x
        _numbers(image, plan.y, task.y.shape)[:] = task.y
        order_bytes = task.orders.size * INDEX
        image[plan.order : plan.order + order_bytes].view(np.int32)[:] = task.orders.ravel()
        blocks = self._blocks(image, plan)
        for k in range(self._block.networks):
            lane = slice(k, None, self._block.networks)
            # An ensemble of odd size is filled up with a copy of its first network.
            members = range(k, plan.block_count * self._block.networks, self._block.networks)
            chosen = [member if member < size else 0 for member in members]
            blocks[:, _number(LEARNING_RATE) + k] = networks.rates[chosen]
            for clock, value in enumerate(networks.clocks):
                blocks[:, _number(CLOCKS) + 2 * clock + k] = value
            self._part(blocks, PARAMETERS)[:, lane] = networks.parameters[chosen]
            for address, memory in zip(self._block.slots, networks.memory, strict=True):
                self._part(blocks, address)[:, lane] = memory[chosen]
        self._run(image, plan, "train_all", plan.blocks, plan.block_count, epochs)
        records = (epochs + 1, plan.block_count * self._block.networks)
        return Result(
            self._networks(blocks, PARAMETERS, size),
            np.stack([self._networks(blocks, address, size) for address in self._block.slots])
            if self._block.slots
            else networks.memory,
            self._header(blocks, EPOCHS, size).astype(np.intp),
            _numbers(image, plan.losses, records)[:, :size],
            _numbers(image, plan.accuracies, records)[:, :size],
        )

    def predict(self, parameters: Array, x: Array) -> Array:
        """The outputs (n, out) of the network with these flat parameters for rows x (n, in)."""
        plan = Plan.of_prediction(self.spec, len(x))
        image = np.zeros(plan.end, np.uint8)
        _numbers(image, plan.x, x.shape)[:] = x
        _numbers(image, plan.blocks + PARAMETERS, parameters.shape)[:] = parameters
        self._run(image, plan, "predict", plan.blocks, plan.x, plan.outputs, len(x))
        return _numbers(image, plan.outputs, (len(x), self.spec.sizes[-1]))

    def _run(self, image: npt.NDArray[np.uint8], plan: Plan, function: str, *arguments: int) -> None:
        self._instance.reserve(plan.end)
        self._instance.write(0, image[: plan.losses])
        self._instance.call(function, *arguments)
        self._instance.read(plan.blocks, image[plan.blocks :])

    def _blocks(self, image: npt.NDArray[np.uint8], plan: Plan) -> Array:
        return _numbers(image, plan.blocks, (plan.block_count, self._block.size // NUMBER))

    def _part(self, blocks: Array, address: int) -> Array:
        start = _number(address)
        return blocks[:, start : start + self._count * self._block.networks]

    def _networks(self, blocks: Array, address: int, size: int) -> Array:
        part = self._part(blocks, address).reshape(len(blocks), self._count, self._block.networks)
        return np.ascontiguousarray(part.transpose(0, 2, 1)).reshape(-1, self._count)[:size]

    def _header(self, blocks: Array, address: int, size: int) -> Array:
        start = _number(address)
        return blocks[:, start : start + self._block.networks].reshape(-1)[:size]


class Compiler:
    """Compiles networks for one runtime and keeps the latest."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._kernels: OrderedDict[KernelSpec, Kernel] = OrderedDict()

    @cached_property
    def simd(self) -> bool:
        """Whether the runtime takes two numbers side by side; if not, every kernel is compiled with one."""
        return self._runtime.supports(emit(KernelSpec((1, 1), lanes="rows")))

    def kernel(self, spec: KernelSpec) -> Kernel:
        """The kernel of this spec, compiled at the first request."""
        if not self.simd:
            spec = replace(spec, lanes="one")
        kernel = self._kernels.pop(spec, None)
        if kernel is None:
            kernel = Kernel(spec, self._runtime.load(emit(spec)))
            if len(self._kernels) >= KEPT:
                self._kernels.popitem(last=False)
        self._kernels[spec] = kernel
        return kernel


def _number(address: int) -> int:
    return address // NUMBER


def _numbers(image: npt.NDArray[np.uint8], address: int, shape: tuple[int, ...]) -> Array:
    count = int(np.prod(shape))
    return image[address : address + count * NUMBER].view(np.float64).reshape(shape)
