"""The engine's trainer with its `run` compiled; walking through a step, snapshots and checkpoints stay on NumPy."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from perceptorium.engine.checks import whole_number
from perceptorium.engine.datasets import Dataset
from perceptorium.engine.losses import Loss
from perceptorium.engine.network import MLP
from perceptorium.engine.optimisers import Optimiser
from perceptorium.engine.program import Array
from perceptorium.engine.roworder import row_order
from perceptorium.engine.trainer import Reason, RunReport, Trainer

from .kernel import CHUNK, Compiler, Kernel, Networks, Result, Task
from .spec import KernelSpec, unsupported
from .translation import clocks_of, constants_of, spec_of

LONG_CHUNK = 6400  # epochs between two looks at the state of one network

Indices: TypeAlias = npt.NDArray[np.intp]
Mask: TypeAlias = npt.NDArray[np.bool_]


class CompiledTrainer(Trainer):
    """A `Trainer` that hands whole epochs to a kernel where there is one.

    Everything means what it means there, and the numbers agree but for the order in which sums are rounded. Set
    `compiler` to None, or back, at any time: the next `run` is NumPy's, or compiled. `not_compiled` says why a run
    would not be.
    """

    def __init__(
        self,
        model: MLP,
        data: Dataset,
        loss: str | Loss = "MSELoss",
        optimiser: Optimiser | None = None,
        batch_size: int | None = None,
        shuffle: bool = False,
        seed: int | Sequence[int] = 0,
        stop_below: float | None = None,
        compiler: Compiler | None = None,
    ) -> None:
        super().__init__(model, data, loss, optimiser, batch_size, shuffle, seed, stop_below)
        self.compiler = compiler

    @property
    def not_compiled(self) -> str | None:
        """Why `run` works with NumPy, in one sentence; None when it is compiled."""
        if self.compiler is None:
            return "the compiler is switched off"
        if self._shuffle and isinstance(self._seed, tuple):
            return "each network of the ensemble has a row order of its own"
        return unsupported(self._spec())

    def run(self, epochs: int) -> RunReport:
        """Train as `Trainer.run` does."""
        epochs = whole_number("epochs", epochs, 0, "it has to be 0 or more")
        if self.compiler is None or self.not_compiled is not None:
            return super().run(epochs)
        self._wake_single()
        start = self._epoch
        if self._position and epochs:
            super().run(1)
            epochs -= 1
        kernel = self.compiler.kernel(self._spec())
        # Row orders and the records of an ensemble take room for every epoch.
        chunk = CHUNK if self._shuffle or self._layout.ensemble_shape else LONG_CHUNK
        while epochs and not self._all_rest:
            self._run_chunk(kernel, min(epochs, chunk))
            epochs -= min(epochs, chunk)
        if not self._all_rest:
            return RunReport(self._epoch - start, "done")
        return RunReport(self._epoch - start, "diverged" if self._diverged.any() else "below_threshold")

    def predict(self, x: Array) -> Array:
        """The outputs (n, out) of the network as it is now, for rows x (n, in): what `model.predict` gives."""
        if self.compiler is None or self._layout.ensemble_shape or self.not_compiled is not None:
            return self.model.predict(x)
        return self.compiler.kernel(self._spec()).predict(self._machine.state[0], x)

    def _run_chunk(self, kernel: Kernel, epochs: int) -> None:
        """Train every network that does not rest, for `epochs` epochs or until it has to."""
        awake = np.flatnonzero(self._finished_at < 0)
        task = self._task(epochs)
        state = self._machine.state.reshape(len(self._machine.state), -1, self._layout.count).copy()
        result = self._trained(kernel, task, state[:, awake], epochs)
        last = result.losses[result.epochs, np.arange(len(awake))]
        broken = ~np.isfinite(last)
        # The state before an epoch that diverges is not kept, for that would cost time in every epoch; but training is
        # deterministic, so it is found again by training from the start of the chunk up to there.
        kept = np.where(broken, np.maximum(result.epochs - 1, 0), result.epochs)
        state[0, awake], state[1:, awake] = result.parameters, result.memory
        for count in set(kept[broken].tolist()):
            again = awake[broken & (kept == count)]
            first = self._machine.state.reshape(state.shape)[:, again]
            undone = self._trained(kernel, task, first, count)
            state[0, again], state[1:, again] = undone.parameters, undone.memory
        below = (last < task.stop_below) & (kept > 0)
        passed = int(kept.max())
        state = state.reshape(self._machine.state.shape)
        steps = self._steps + passed * -(-len(self._data.x) // self._batch_size)
        if self._layout.ensemble_shape:
            finished_at, diverged = self._finished_at.copy(), self._diverged.copy()
            finished_at.flat[awake[broken | below]] = self._epoch + kept[broken | below]
            diverged.flat[awake[broken]] = True
            self._adopt_ensemble(state, steps, passed, finished_at, diverged)
        else:
            reason: Reason = "diverged" if broken[0] else "below_threshold" if below[0] else "done"
            kept_records = slice(1, passed + 1)
            self._adopt(state, steps, result.losses[kept_records, 0], result.accuracies[kept_records, 0], reason)

    def _adopt_ensemble(self, state: Array, steps: int, epochs: int, finished_at: Indices, diverged: Mask) -> None:
        """As `Trainer._adopt`, for an ensemble; its curve gets a point for each chunk."""
        np.copyto(self._machine.state, state)
        self._epoch, self._steps, self._position = self._epoch + epochs, steps, 0
        self._finished_at[...], self._diverged[...] = finished_at, diverged
        self._changed()
        self._let_rest()
        self._recorder.note(self._epoch, float(np.mean(self.loss)))
        self._recorder.settle()

    def _trained(self, kernel: Kernel, task: Task, state: Array, epochs: int) -> Result:
        rates = np.full(state.shape[1], self._optimiser.lr)
        clocks = clocks_of(self._optimiser, self._steps)
        return kernel.train(Networks(state[0], state[1:], rates, clocks), task, epochs)

    def _task(self, epochs: int) -> Task:
        rows = len(self._data.x)
        if self._shuffle:
            orders = np.stack([row_order(rows, self._seed, self._epoch + epoch) for epoch in range(epochs)])
        else:
            orders = np.arange(rows)[np.newaxis]
        stop_below = float("-inf") if self._stop_below is None else self._stop_below
        constants = constants_of(self._optimiser)
        return Task(self._data.x, self._data.y, self._batch_size, orders, constants, stop_below)

    def _spec(self) -> KernelSpec:
        sizes = self._layout.sizes
        lanes = "networks" if self._layout.ensemble_shape else "rows"
        return spec_of(sizes, self._hidden, self._output, self._loss, self._optimiser, lanes)
