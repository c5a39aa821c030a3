"""A compiled network, ready to be called with NumPy arrays, and the cache of compiled networks.

A `Kernel` means the same whatever was called before: parameters, optimiser state, data and row order go in with every
call and come out again. That is one copy of a few kilobytes in and one out, with calls of `CHUNK` epochs between.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from perceptorium.engine.program import Array

from .emit import emit
from .image import PredictionImage, TrainingImage
from .memory import INDEX
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
        self._training: dict[tuple[int, ...], TrainingImage] = {}
        self._prediction: dict[int, PredictionImage] = {}

    def train(self, networks: Networks, task: Task, epochs: int) -> Result:
        """Train every network for `epochs` epochs, or until it is done."""
        size, rows = len(networks.parameters), len(task.x)
        image = self._training_image(size, rows, len(task.orders), epochs)
        plan = image.plan
        stride = rows * INDEX if len(task.orders) > 1 else 0
        addresses = (plan.x, plan.y, plan.order, stride, plan.losses, plan.accuracies, plan.record_stride)
        image.settings(task.stop_below, *task.constants, rows, task.batch, *addresses)
        image.x[:], image.y[:], image.orders[:] = task.x, task.y, task.orders
        blocks, width, count = image.parameters.shape
        # An ensemble of odd size is filled up with its first network once more.
        full = slice(None) if size == blocks * width else [*range(size), 0]
        image.rates[:] = networks.rates[full].reshape(blocks, width)
        image.health[:] = 0.0
        for clock, value in zip(image.clocks, networks.clocks, strict=True):
            clock[:] = value
        image.parameters[:] = networks.parameters[full].reshape(blocks, width, count)
        for slot, memory in zip(image.memory, networks.memory, strict=True):
            slot[:] = memory[full].reshape(blocks, width, count)
        image.write(self._instance)
        begin, going = 0, 1
        while going:
            going = self._instance.call("train_all", plan.blocks, blocks, begin, min(CHUNK, epochs - begin))
            begin += CHUNK
            going = going and begin < epochs
        image.read(self._instance)
        memory = np.empty_like(networks.memory)
        for slot, values in zip(image.memory, memory, strict=True):
            values[:] = slot.reshape(-1, count)[:size]
        return Result(
            image.parameters.reshape(-1, count)[:size].copy(),
            memory,
            image.epochs.reshape(-1)[:size].astype(np.intp),
            image.losses[: epochs + 1, :size].copy(),
            image.accuracies[: epochs + 1, :size].copy(),
        )

    def predict(self, parameters: Array, x: Array) -> Array:
        """The outputs (n, out) of the network with these flat parameters for rows x (n, in)."""
        image = self._prediction.get(len(x))
        if image is None:
            image = PredictionImage(self.spec, len(x))
            self._prediction = {len(x): image}
        image.x[:], image.parameters[:] = x, parameters
        plan = image.plan
        image.write(self._instance)
        self._instance.call("predict", plan.blocks, plan.x, plan.outputs, len(x))
        image.read(self._instance)
        return image.outputs.copy()

    def _training_image(self, networks: int, rows: int, orders: int, epochs: int) -> TrainingImage:
        # Room for a power of two of chunks, so that one image serves as many calls as possible.
        chunks = 1 << (max(epochs - 1, 0) // CHUNK).bit_length()
        shape = networks, rows, orders, CHUNK * chunks
        image = self._training.get(shape)
        if image is None:
            image = TrainingImage(self.spec, *shape)
            self._training = {shape: image}
        return image


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
