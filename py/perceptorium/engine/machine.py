"""The memory of a training and its programs, made once for a kind of network, a data set and a kind of optimiser."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from .datasets import Dataset
from .layout import Layout
from .losses import Loss
from .optimisers import Optimiser
from .program import Array, Program, op
from .workspace import Workspace


class Batch:
    """A workspace for some of the rows, and the place where they are gathered: (..., rows, inputs + 1 + outputs)."""

    def __init__(self, gathered: Array, workspace: Workspace) -> None:
        self.gathered = gathered
        self.workspace = workspace
        self.program: Program = (
            *workspace.forward_program,
            *workspace.loss_program,
            *workspace.backward_program,
        )


class Machine:
    """Buffers and programs; it knows how a step goes, and nothing of epochs.

    `state` is (1 + slots, ..., count): the parameters, then what the optimiser remembers; `saved` is a copy of it to
    fall back on. `whole` works on all rows, whose loss is `loss`, of the ensemble's shape; `batches` has a workspace
    for each size of batch that occurs; `orders` is the ensemble's shape if each network has its own order of rows.
    """

    def __init__(
        self,
        layout: Layout,
        hidden: str,
        output: str,
        data: Dataset,
        loss: Loss,
        optimiser: Optimiser,
        batch_sizes: Iterable[int],
        orders: tuple[int, ...],
    ) -> None:
        shape = (*layout.ensemble_shape, layout.count)
        self.state = np.zeros((1 + optimiser.slots, *shape))
        self.saved = np.zeros_like(self.state)
        self.save: Program = (op(np.copyto, self.saved, self.state),)
        self.restore: Program = (op(np.copyto, self.state, self.saved),)
        self.gradient = np.zeros(shape)
        self.gradients = layout.layers(self.gradient)
        self._scratch = np.zeros(shape)
        self._numbers = np.zeros(2)
        self.update: Program = ()
        self.use(optimiser)

        parameters = layout.layers(self.state[0])
        rows, inputs = data.x.shape
        self._table = np.hstack([data.x, np.ones((rows, 1)), data.y])

        def workspace(table: Array) -> Workspace:
            columns = table.swapaxes(-1, -2)
            fed, targets = columns[..., : inputs + 1, :], columns[..., inputs + 1 :, :]
            return Workspace(parameters, self.gradients, fed, targets, hidden, output, loss)

        self.whole = workspace(np.asfortranarray(self._table))
        self.batches: dict[int, Batch] = {}
        for size in set(batch_sizes) - {rows}:
            gathered = np.empty((*orders, size, self._table.shape[1]))
            self.batches[size] = Batch(gathered, workspace(gathered))

        # a network whose parameters are not all finite gets a loss of NaN, even where its last layer saturates
        value = self.whole.loss
        zero_or_nan = np.empty_like(value)
        flat = self.state[0].reshape(*value.shape, layout.count)
        self.evaluate: Program = (
            *self.whole.forward_program,
            *self.whole.loss_program,
            op(np.vecdot, flat, np.zeros_like(flat), zero_or_nan),
            op(np.add, value, zero_or_nan, value),
        )
        self.loss = value.reshape(layout.ensemble_shape)

    def use(self, optimiser: Optimiser) -> None:
        """Take the update from `optimiser`, which remembers as many numbers as the one before."""
        self.update = optimiser.program(self.state[0], self.gradient, self.state[1:], self._scratch, self._numbers)
        self.prepare(optimiser, 1)

    def prepare(self, optimiser: Optimiser, step: int) -> None:
        """Set the numbers that the update of step `step` needs."""
        self._numbers[:] = optimiser.coefficients(step)

    def gather(self, batch: Batch, rows: npt.NDArray[np.intp]) -> None:
        """Fetch the rows with these numbers, (rows,) or (networks, rows), into the batch."""
        # "clip" writes straight into the buffer; the default mode would go through a temporary copy
        self._table.take(rows, 0, batch.gathered, "clip")
