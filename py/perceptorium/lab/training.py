"""A stretch of epochs for an ensemble: by the NumPy reference, or by the compiled kernel.

Both give the same record. They differ in the order in which sums are rounded, so in rare networks the epoch of success
may differ; which of them was used is therefore part of a result.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from perceptorium.engine import MLP, Trainer, loss_function
from perceptorium.engine.layout import Layout
from perceptorium.engine.program import Array

from .setting import Setting

if TYPE_CHECKING:
    from perceptorium.engine.compiled import Compiler

EngineName: TypeAlias = Literal["NumPy", "compiled"]
Indices: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Record:
    """What happened in a stretch.

    `loss` (epochs + 1, S) of each network after 0, 1, 2, … epochs, not finite once it has diverged, and whether the
    success was `reached` (epochs, S) after 1, 2, … What follows the end of a network means nothing.
    """

    loss: Array
    reached: npt.NDArray[np.bool_]


class Ensemble(Protocol):
    """Networks of one setting in training."""

    def run(self, epochs: int) -> Record:
        """Train every network on, at least until it has learned or diverged."""

    def keep(self, chosen: Indices) -> None:
        """Go on with some of the networks only."""


class NumpyEnsemble:
    """Trained by `Trainer`, epoch by epoch."""

    def __init__(self, setting: Setting, model: MLP) -> None:
        self._setting = setting
        self._trainer = self._new_trainer(model)

    def _new_trainer(self, model: MLP) -> Trainer:
        setting = self._setting
        return Trainer(model, setting.data, setting.loss, setting.optimiser, setting.batch_size)

    def run(self, epochs: int) -> Record:
        """See `Ensemble`."""
        trainer, stop_below, start = self._trainer, self._setting.stop_below, self._trainer.epoch
        loss = np.empty((epochs + 1, *trainer.model.ensemble_shape))
        right = np.empty((epochs, loss.shape[1]), np.bool_)
        loss[0] = trainer.loss
        for epoch in range(epochs):
            trainer.run(1)
            loss[epoch + 1] = trainer.loss
            if stop_below is None:
                right[epoch] = trainer.accuracy == 1.0
        # The trainer holds a network that diverges at its last finite state; here it is marked.
        for network in np.flatnonzero(trainer.diverged):
            loss[trainer.finished_at[network] - start + 1 :, network] = np.nan
        return Record(loss, right if stop_below is None else loss[1:] < stop_below)

    def keep(self, chosen: Indices) -> None:
        """See `Ensemble`."""
        model = self._trainer.model
        weights, biases = (tuple(array[chosen] for array in arrays) for arrays in (model.weights, model.biases))
        self._trainer = self._new_trainer(model=MLP(weights, biases, model.hidden, model.output))


class CompiledEnsemble:
    """Trained by a kernel, two networks side by side."""

    def __init__(self, setting: Setting, model: MLP, compiler: Compiler) -> None:
        from perceptorium.engine.compiled.kernel import Task
        from perceptorium.engine.compiled.translation import constants_of, spec_of

        data, optimiser, loss = setting.data, setting.optimiser, loss_function(setting.loss)
        self._rate = setting.learning_rate
        self._kernel = compiler.kernel(spec_of(model.sizes, model.hidden, model.output, loss, optimiser, "networks"))
        order = np.arange(len(data.x))[np.newaxis]
        self._stop_below = setting.stop_below
        stop_below = float("-inf") if setting.stop_below is None else setting.stop_below
        batch = setting.batch_size or len(data.x)
        self._task = Task(data.x, data.y, batch, order, constants_of(optimiser), stop_below)
        self._parameters = Layout(model.sizes, model.ensemble_shape).flatten(model)

    def run(self, epochs: int) -> Record:
        """See `Ensemble`."""
        from perceptorium.engine.compiled.kernel import Networks

        size, count = self._parameters.shape
        networks = Networks(self._parameters, np.empty((0, size, count)), np.full(size, self._rate), (1.0, 0.0))
        result = self._kernel.train(networks, self._task, epochs)
        self._parameters = result.parameters
        trained = np.arange(epochs + 1)[:, np.newaxis] <= result.epochs
        loss = np.where(trained, result.losses, np.nan)
        right = result.accuracies[1:] == 1.0 if self._stop_below is None else loss[1:] < self._stop_below
        return Record(loss, right & trained[1:])

    def keep(self, chosen: Indices) -> None:
        """See `Ensemble`."""
        self._parameters = self._parameters[chosen]


@lru_cache(maxsize=1)
def wasmtime_compiler() -> Compiler:
    """The compiler of a process outside the browser; needs the package wasmtime."""
    from perceptorium.engine.compiled import Compiler, WasmtimeRuntime

    # wasmtime cannot let go of its modules while the interpreter is being taken down
    atexit.register(wasmtime_compiler.cache_clear)
    return Compiler(WasmtimeRuntime())
