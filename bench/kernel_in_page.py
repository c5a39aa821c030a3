"""Runs inside Pyodide: what the page's Python does, as functions that JavaScript can time."""

import base64
import gc
import json
import time
from collections.abc import Callable
from typing import Any

import js
import numpy as np

from perceptorium.engine import MLP, SGD, Dataset, Trainer, continuous_xor, xor
from perceptorium.engine.compiled import BrowserRuntime, CompiledTrainer, Compiler, KernelSpec, emit
from perceptorium.engine.compiled.kernel import Kernel, Networks, Task
from perceptorium.engine.compiled.runtime import Bytes
from perceptorium.engine.layout import Layout

RATE = 0.1
CASES = {
    "2-4-1": ((2, 4, 1), "ReLU", None),
    "2-4-4-1": ((2, 4, 4, 1), "ReLU", None),
    "2-8-8-8-8-1": ((2, 8, 8, 8, 8, 1), "ReLU", None),
    "2-4-2-1 tanh, 200 rows, batch 10": ((2, 4, 2, 1), "Tanh", 10),
}
compiler = Compiler(BrowserRuntime(js))


def _parts(name: str) -> tuple[MLP, Dataset, dict[str, Any]]:
    sizes, hidden, batch = CASES[name]
    data = xor() if batch is None else continuous_xor(n=200, noise=0.1, test_share=0.0, seed=0)
    return MLP.initialise(sizes, hidden, seed=3), data, {"optimiser": SGD(RATE), "batch_size": batch}


def problem(name: str) -> str:
    """The network, its first parameters and the data, as JSON for the peers."""
    model, data, arguments = _parts(name)
    return json.dumps(
        {
            "hidden": model.hidden,
            "weights": [w.tolist() for w in model.weights],
            "biases": [b.tolist() for b in model.biases],
            "x": data.x.tolist(),
            "y": data.y.tolist(),
            "batch": arguments["batch_size"] or len(data.x),
            "rate": RATE,
        }
    )


def numpy_trainer(name: str) -> Callable[[int], object]:
    """The engine: a function that trains so many epochs."""
    model, data, arguments = _parts(name)
    return Trainer(model, data, **arguments).run


def compiled_trainer(name: str) -> Callable[[int], object]:
    """The same through the kernel, with all that Python does around it."""
    model, data, arguments = _parts(name)
    return CompiledTrainer(model, data, **arguments, compiler=compiler).run


class _Recording:
    """An instance that only notes what it is asked."""

    def __init__(self) -> None:
        self.case: dict[str, object] = {}

    def reserve(self, size: int) -> None:
        self.case["size"] = size

    def write(self, _: int, data: Bytes) -> None:
        self.case["image"] = base64.b64encode(data.tobytes()).decode()

    def call(self, function: str, *arguments: int) -> int:
        self.case |= {"name": function, "args": [int(argument) for argument in arguments]}
        return 0

    def read(self, address: int, _: Bytes) -> None:
        self.case["from"] = address


def recorded(name: str, epochs: int) -> str:
    """One call of the kernel for so many epochs, as JSON for JavaScript to make."""
    model, data, arguments = _parts(name)
    spec, recording = KernelSpec(model.sizes, model.hidden), _Recording()
    flat = Layout(model.sizes, ()).flatten(model)[np.newaxis]
    networks = Networks(flat, np.empty((0, *flat.shape)), np.array([RATE]), (0.0, 0.0))
    order = np.arange(len(data.x))[np.newaxis]
    batch = arguments["batch_size"] or len(data.x)
    task = Task(data.x, data.y, batch, order, (0.0, 0.0, 0.0), float("-inf"))
    Kernel(spec, recording).train(networks, task, epochs)
    return json.dumps(recording.case | {"module": base64.b64encode(emit(spec)).decode(), "epochs": epochs})


def weights_after(name: str, epochs: int, compiled: bool) -> str:
    """The weights (fan_in, fan_out) of each layer after so many epochs, as JSON, to compare the peers with."""
    model, data, arguments = _parts(name)
    trainer = CompiledTrainer(model, data, **arguments, compiler=compiler if compiled else None)
    trainer.run(epochs)
    return json.dumps([w.ravel().tolist() for w in trainer.model.weights])


def compile_times(repeats: int) -> str:
    """Milliseconds to emit, load and call a kernel for the first time, per architecture (median, most)."""
    found = {}
    for name, sizes, hidden, loss, optimiser in (
        ("2-4-1", (2, 4, 1), "ReLU", "MSELoss", "SGD"),
        ("2-4-4-1", (2, 4, 4, 1), "ReLU", "MSELoss", "SGD"),
        ("2-8-8-8-8-1", (2, 8, 8, 8, 8, 1), "ReLU", "MSELoss", "SGD"),
        ("2-8-8-8-8-1 tanh, BCELoss, Adam", (2, 8, 8, 8, 8, 1), "Tanh", "BCELoss", "Adam"),
    ):
        spec = KernelSpec(sizes, hidden, loss=loss, optimiser=optimiser)
        flat, x = np.zeros(spec.parameter_count), xor().x
        times = []
        for _ in range(repeats):
            gc.collect()
            start = time.perf_counter()
            module = emit(spec)
            emitted = time.perf_counter()
            kernel = Kernel(spec, BrowserRuntime(js).load(module))
            kernel.predict(flat, x)
            times.append((emitted - start, time.perf_counter() - start))
        emit_ms, all_ms = np.median(times, axis=0) * 1e3
        found[name] = [len(module), float(emit_ms), float(all_ms), float(np.max(times, axis=0)[1] * 1e3)]
    return json.dumps(found)


def table_3(compiled: bool, networks: int) -> str:
    """The paper's table 3: seconds for all rows, and per row who learnt and in how many epochs."""
    rows = []
    begin = time.perf_counter()
    for neurons, hidden in ((2, "ReLU"), (3, "ReLU"), (4, "ReLU"), (4, "Sigmoid"), (4, "Tanh"), (8, "ReLU")):
        start = time.perf_counter()
        model = MLP.initialise((2, neurons, 1), hidden, seed=list(range(networks)))
        drawn = time.perf_counter() - start
        chosen = compiler if compiled else None
        trainer = CompiledTrainer(
            model, xor(), "HalfSquaredError", SGD(0.3), batch_size=1, stop_below=0.02, compiler=chosen
        )
        trainer.run(2000)
        learnt = trainer.finished_at[(trainer.finished_at >= 0) & ~trainer.diverged]
        share = len(learnt) / networks
        rows.append([f"{neurons} {hidden}", share, float(learnt.mean()), float(learnt.std()), drawn])
    return json.dumps({"seconds": time.perf_counter() - begin, "rows": rows})
