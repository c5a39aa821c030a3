"""Calling a kernel from a test: flat parameters in, a `Result` out."""

from functools import cache

import numpy as np

from perceptorium.engine.compiled.kernel import Compiler, Networks, Result, Task
from perceptorium.engine.compiled.optimisers import OPTIMISERS
from perceptorium.engine.compiled.runtime import WasmtimeRuntime
from perceptorium.engine.compiled.spec import KernelSpec

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])

CONSTANTS = {
    "SGD": (0.0, 0.0, 0.0),
    "momentum": (0.9, 0.3, 0.0),  # momentum, dampening
    "nesterov": (0.8, 0.0, 0.0),
    "Adam": (0.9, 0.999, 1e-8),
}
CLOCKS = {"SGD": (0.0, 0.0), "momentum": (1.0, 0.0), "nesterov": (1.0, 0.0), "Adam": (0.9, 0.999)}


@cache
def compiler() -> Compiler:
    return Compiler(WasmtimeRuntime())


def parameters(spec: KernelSpec, seed: int, networks: int = 1) -> np.ndarray:
    """Random parameters (networks, count), small enough to train."""
    return np.random.default_rng(seed).normal(0.0, 0.7, (networks, spec.parameter_count))


def train(
    spec: KernelSpec,
    first: np.ndarray,
    x: np.ndarray = XOR_X,
    y: np.ndarray = XOR_Y,
    *,
    batch: int | None = None,
    lr: float = 0.1,
    epochs: int = 100,
    stop_below: float = float("-inf"),
    orders: np.ndarray | None = None,
) -> Result:
    memory = np.zeros((OPTIMISERS[spec.optimiser].slots, *first.shape))
    networks = Networks(first, memory, np.full(len(first), lr), CLOCKS[spec.optimiser])
    orders = np.arange(len(x))[np.newaxis] if orders is None else orders
    task = Task(x, y, len(x) if batch is None else batch, orders, CONSTANTS[spec.optimiser], stop_below)
    return compiler().kernel(spec).train(networks, task, epochs)


def layers(spec: KernelSpec, flat: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """The weight (fan_in, fan_out) and the bias of every layer in flat parameters (count,)."""
    found = []
    for layer, (fan_in, fan_out) in enumerate(zip(spec.sizes, spec.sizes[1:], strict=False)):
        piece = flat[spec.first_parameter(layer) :][: (fan_in + 1) * fan_out].reshape(fan_in + 1, fan_out)
        found.append((piece[:-1], piece[-1]))
    return found
