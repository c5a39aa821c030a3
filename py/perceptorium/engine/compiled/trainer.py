"""The engine's trainer with its `run` compiled; walking through a step, snapshots and checkpoints stay on NumPy."""

from collections.abc import Sequence

import numpy as np

from perceptorium.engine.checks import whole_number
from perceptorium.engine.datasets import Dataset
from perceptorium.engine.losses import Loss
from perceptorium.engine.network import MLP
from perceptorium.engine.optimisers import Optimiser
from perceptorium.engine.program import Array
from perceptorium.engine.roworder import row_order
from perceptorium.engine.trainer import Reason, RunReport, Trainer

from .kernel import CHUNK, Compiler, Kernel, Networks, Task
from .spec import KernelSpec, unsupported
from .translation import clocks_of, constants_of, spec_of


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
        if self._layout.ensemble_shape:
            return "an ensemble is trained by NumPy"
        return unsupported(self._spec())

    def run(self, epochs: int) -> RunReport:
        """Train as `Trainer.run` does, in calls of at most `CHUNK` epochs."""
        epochs = whole_number("epochs", epochs, 0, "it has to be 0 or more")
        if self.compiler is None or self.not_compiled is not None:
            return super().run(epochs)
        self._wake_single()
        start = self._epoch
        reason: Reason = "done"
        if self._position and epochs:
            reason, epochs = super().run(1).reason, epochs - 1
        kernel = self.compiler.kernel(self._spec())
        while epochs and reason == "done":
            chunk = min(epochs, CHUNK)
            reason, epochs = self._run_chunk(kernel, chunk), epochs - chunk
        return RunReport(self._epoch - start, reason)

    def predict(self, x: Array) -> Array:
        """The outputs (n, out) of the network as it is now, for rows x (n, in): what `model.predict` gives."""
        if self.compiler is None or self.not_compiled is not None:
            return self.model.predict(x)
        return self.compiler.kernel(self._spec()).predict(self._machine.state[0], x)

    def _run_chunk(self, kernel: Kernel, epochs: int) -> Reason:
        state, rates = self._machine.state, np.array([self._optimiser.lr])
        networks = Networks(state[0, np.newaxis], state[1:, np.newaxis], rates, clocks_of(self._optimiser, self._steps))
        task = self._task(epochs)
        result = kernel.train(networks, task, epochs)
        done = int(result.epochs[0])
        reason: Reason = "below_threshold" if done and result.losses[done, 0] < task.stop_below else "done"
        if not np.isfinite(result.losses[done, 0]):
            # The state before the epoch that diverged is not kept, for that costs time in every epoch; but training
            # is deterministic, so it is found again by training from the start of the chunk up to there.
            reason, done = "diverged", max(done - 1, 0)
            result = kernel.train(networks, task, done)
        self._adopt(
            np.concatenate([result.parameters[np.newaxis], result.memory])[:, 0],
            self._steps + done * -(-len(self._data.x) // self._batch_size),
            result.losses[1 : done + 1, 0],
            result.accuracies[1 : done + 1, 0],
            reason,
        )
        return reason

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
        return spec_of(sizes, self._hidden, self._output, self._loss, self._optimiser, "rows")
