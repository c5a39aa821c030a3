"""What the engine's benchmark times; the same text runs natively and in the page's Pyodide."""

import json
import time
from collections.abc import Callable, Sequence

import numpy as np

from perceptorium.engine import MLP, Trainer, xor

NETWORKS = {"2-4-1": (2, 4, 1), "2-4-4-1": (2, 4, 4, 1), "2-8-8-8-8-1": (2, 8, 8, 8, 8, 1)}
ENSEMBLE, MEMBERS = "200 × 2-4-1", 200
WARM_S, SAMPLE_S, ROUNDS = 1.0, 0.1, 9

#: Does something so many times.
Work = Callable[[int], object]


def samples(work: Work, unit: int) -> list[float]:
    """Microseconds per unit of `work(times)`, in rounds of about SAMPLE_S, after WARM_S in which code is compiled."""
    times, end = 1, time.perf_counter() + WARM_S
    while True:
        start = time.perf_counter()
        work(times)
        took = time.perf_counter() - start
        if time.perf_counter() > end:
            break
        if took < SAMPLE_S:
            times *= 2
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work(times)
        found.append((time.perf_counter() - start) / (times * unit) * 1e6)
    return found


def plain(sizes: tuple[int, ...], seed: int | Sequence[int]) -> Work:
    """The same training as one would write it first: a function that trains so many epochs and keeps each loss."""
    model, data = MLP.initialise(sizes, seed=seed), xor()
    weights, biases = [w.copy() for w in model.weights], [b[..., np.newaxis, :].copy() for b in model.biases]

    def work(epochs: int) -> object:
        losses = []
        for _ in range(epochs):
            activations = [data.x]
            for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
                activations.append(np.maximum(activations[-1] @ weight + bias, 0.0))
            prediction = 1.0 / (1.0 + np.exp(-(activations[-1] @ weights[-1] + biases[-1])))
            losses.append(((prediction - data.y) ** 2).mean(axis=(-1, -2)))
            delta = 2.0 * (prediction - data.y) / len(data.y) * prediction * (1.0 - prediction)
            for layer in range(len(weights) - 1, -1, -1):
                weight_grad = activations[layer].swapaxes(-1, -2) @ delta
                bias_grad = delta.sum(axis=-2, keepdims=True)
                if layer:
                    delta = (delta @ weights[layer].swapaxes(-1, -2)) * (activations[layer] > 0.0)
                weights[layer] -= 0.1 * weight_grad
                biases[layer] -= 0.1 * bias_grad
        return losses

    return work


def repeated(call: Callable[[], object]) -> Work:
    """Return a function that calls so many times."""

    def work(times: int) -> None:
        for _ in range(times):
            call()

    return work


def measured() -> str:
    """All samples as JSON, in microseconds: per epoch, per epoch of one network of the ensemble, per call."""
    found = {}
    for name, sizes in NETWORKS.items():
        found[name] = samples(Trainer(MLP.initialise(sizes, seed=1), xor()).run, 1)
        found[f"{name}, plain NumPy"] = samples(plain(sizes, 1), 1)
    small, seeds = NETWORKS["2-4-1"], range(MEMBERS)
    found[ENSEMBLE] = samples(Trainer(MLP.initialise(small, seed=seeds), xor()).run, MEMBERS)
    found[f"{ENSEMBLE}, plain NumPy"] = samples(plain(small, seeds), MEMBERS)

    trainer = Trainer(MLP.initialise(NETWORKS["2-4-4-1"], seed=15), xor())
    trainer.run(1000)
    start = trainer.checkpoint()
    frame: dict[str, Callable[[], object]] = {
        "run 10 epochs": lambda: trainer.run(10),
        "checkpoint": trainer.checkpoint,
        "restore": lambda: trainer.restore(start),
        "snapshot": trainer.snapshot,
        "history": lambda: trainer.history,
    }
    for name, call in frame.items():
        found[f"2-4-4-1, {name}"] = samples(repeated(call), 1)
    return json.dumps(found)
