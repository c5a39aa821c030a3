"""A network, data and an optimiser: where the training stands, and how it makes a step or an epoch.

Running and walking run the same programs in the same order. An epoch ends with a forward pass over all rows, which
gives the loss of the new parameters; with the whole batch that is also the forward pass of the next epoch, so nothing
is done twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .checks import short, whole_number
from .datasets import Dataset
from .errors import InvalidValue
from .layout import Layout
from .losses import Loss, loss_function, share_right
from .machine import Batch, Machine
from .moment import Moment
from .network import MLP
from .optimisers import SGD, Optimiser
from .program import Array, Program, execute, op
from .roworder import row_order
from .snapshot import Snapshot
from .walk import observe, plain, walk_step


class Stepper:
    """Everything of a `Trainer` that has to do with numbers; it knows no history and no reason to stop."""

    def __init__(
        self,
        model: MLP,
        data: Dataset,
        loss: str | Loss,
        optimiser: Optimiser | None,
        batch_size: int | None,
        shuffle: bool,
        seed: int | Sequence[int],
    ) -> None:
        self._loss = loss_function(loss)
        check_fit(model, data, self._loss)
        self._data = data
        self._hidden, self._output = model.hidden, model.output
        self._layout = Layout(model.sizes, model.ensemble_shape)
        self._shuffle, self._seed = bool(shuffle), _checked_seed(seed, model.ensemble_shape)
        rows = len(data.x)
        purpose = "a batch has at least 1 row, and None takes all rows"
        self._batch_size = rows if batch_size is None else min(rows, whole_number("batch_size", batch_size, 1, purpose))
        self._order, self._order_epoch = np.arange(rows), -1
        self._optimiser: Optimiser = SGD(lr=0.1) if optimiser is None else check_optimiser(optimiser)

        self._epoch = self._position = self._steps = self._saved_steps = 0
        self._fresh = False
        self._model: MLP | None = None
        self._accuracy: float | Array | None = None
        self._hold: Program = ()
        self._program: Program = ()
        self._build(self._layout.flatten(model)[np.newaxis])

    @property
    def model(self) -> MLP:
        """The network as it is now."""
        if self._model is None:
            weights, biases = self._layout.arrays(self._machine.state[0].tobytes())
            self._model = MLP.trusted(weights, biases, self._hidden, self._output)
        return self._model

    @property
    def data(self) -> Dataset:
        """What it trains on."""
        return self._data

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self._epoch

    @property
    def loss(self) -> float | Array:
        """Loss of the current parameters over all rows: a float, or (...,) for an ensemble."""
        self._refresh()
        return plain(self._machine.loss)

    @property
    def accuracy(self) -> float | Array:
        """Share of all rows that the current parameters get right: a float, or (...,) for an ensemble."""
        if self._accuracy is None:
            self._refresh()
            whole = self._machine.whole
            self._accuracy = plain(share_right(whole.a[-1], whole.targets, self._loss.decision))
        return self._accuracy

    def snapshot(self) -> Snapshot:
        """Return a forward and a backward pass of the current parameters over all rows; nothing changes."""
        self._refresh()
        machine, data = self._machine, self._data
        loss, right = self.loss, self.accuracy
        with np.errstate(all="ignore"):
            execute(machine.whole.backward_program)
        # the backward pass uses up what the forward pass has left for it
        self._fresh = False
        return observe(self.model, self._epoch, data.x, data.y, machine.whole, machine.gradients, loss, right)

    def _return_to(self, moment: Moment) -> None:
        if (moment.layout, moment.hidden, moment.output) != self._kind():
            raise InvalidValue(f"checkpoint is of {moment.model.kind}; this trainer's network is {self.model.kind}")
        block = moment.array()
        if moment.optimiser != self._optimiser:
            self._optimiser = moment.optimiser
            self._build(block)
        else:
            np.copyto(self._machine.state, block)
        self._steps, self._epoch, self._position = moment.steps, moment.epoch, moment.position
        if self._position:
            # a begun epoch that diverges goes back to here: its first state is not part of a moment
            execute(self._machine.save)
            self._saved_steps = self._steps
        self._changed()

    def _moment(self) -> Moment:
        return Moment(
            *self._kind(),
            self._optimiser,
            self._machine.state.tobytes(),
            self._steps,
            self._epoch,
            self._position,
            self.loss,
            self.accuracy,
        )

    def _kind(self) -> tuple[Layout, str, str]:
        return self._layout, self._hidden, self._output

    def _changed(self) -> None:
        self._model = self._accuracy = None
        self._fresh = False

    def _refresh(self) -> None:
        if not self._fresh:
            with np.errstate(all="ignore"):
                execute(self._machine.evaluate)
            self._fresh = True

    def _build(self, block: Array) -> None:
        rows, size = len(self._data.x), self._batch_size
        own_order = self._layout.ensemble_shape if self._shuffle and isinstance(self._seed, tuple) else ()
        sizes = {size, rows % size or size}
        self._machine = Machine(*self._kind(), self._data, self._loss, self._optimiser, sizes, own_order)
        self._machine.state[: len(block)] = block
        self._machine.saved[...] = self._machine.state
        self._hold = ()
        self._changed()
        self._prepare_epoch()

    def _prepare_epoch(self) -> None:
        machine = self._machine
        if self._batch_size == len(self._data.x):
            begin = (op(self._begin_step),) if self._optimiser.changes else ()
            learn: Program = (*machine.save, *machine.whole.backward_program, *begin, *machine.update)
        else:
            learn = (op(self._learn_batches),)
        self._program = (*learn, *self._hold, *machine.evaluate)

    def _learn_batches(self) -> None:
        machine, changes = self._machine, self._optimiser.changes
        if self._position == 0:
            execute(machine.save)
        rows = len(self._data.x)
        while self._position < rows:
            stop, batch = self._next_batch()
            execute(batch.program)
            if changes:
                self._begin_step()
            execute(machine.update)
            self._position = stop
        self._position = 0

    def _begin_step(self) -> None:
        if self._position == 0:
            self._saved_steps = self._steps
        self._steps += 1
        self._machine.prepare(self._optimiser, self._steps)

    def _next_batch(self) -> tuple[int, Batch]:
        """Fetch the rows of the next step, and return where they end."""
        rows = len(self._data.x)
        stop = min(self._position + self._batch_size, rows)
        if self._shuffle and self._order_epoch != self._epoch:
            self._order, self._order_epoch = row_order(rows, self._seed, self._epoch), self._epoch
        batch = self._machine.batches[stop - self._position]
        self._machine.gather(batch, self._order[..., self._position : stop])
        return stop, batch

    def _step(self) -> list[Snapshot]:
        """Make one step phase by phase; return what it looked like after each phase but the last."""
        machine, rows = self._machine, len(self._data.x)
        if self._position == 0:
            execute(machine.save)
        if self._batch_size == rows:
            stop, workspace = rows, machine.whole
        else:
            stop, batch = self._next_batch()
            workspace = batch.workspace
        snapshots = list(walk_step(self.model, self._epoch, workspace, machine.gradients, self._loss.decision))
        if self._optimiser.changes:
            self._begin_step()
        execute((*machine.update, *self._hold))
        self._position = stop % rows
        self._changed()
        return snapshots


def check_fit(model: MLP, data: Dataset, loss: Loss) -> None:
    """Refuse a network, data and a loss that do not belong together."""
    if not isinstance(model, MLP):
        raise InvalidValue(f"model is {short(model)}; it has to be an MLP")
    if not isinstance(data, Dataset):
        raise InvalidValue(f"data is {short(data)}; it has to be a Dataset")
    for argument, columns, size, end in (
        ("data.x", data.x.shape[1], model.sizes[0], "inputs"),
        ("data.y", data.y.shape[1], model.sizes[-1], "outputs"),
    ):
        if columns != size:
            raise InvalidValue(f"{argument} has {columns} columns; the network has {size} {end}")
    if loss.output and model.output != loss.output:
        raise InvalidValue(
            f"loss is {loss.name!r}; it needs the output {loss.output!r}, and the model's is {model.output!r}"
        )
    loss.check_targets(data.y)


def check_optimiser(optimiser: Optimiser) -> Optimiser:
    """Refuse what is no optimiser; return what is."""
    if not isinstance(optimiser, Optimiser):
        raise InvalidValue(f"optimiser is {short(optimiser)}; it has to be one such as SGD(lr=0.1) or Adam(lr=0.01)")
    return optimiser


def _checked_seed(seed: int | Sequence[int], ensemble_shape: tuple[int, ...]) -> int | tuple[int, ...]:
    purpose = "a seed is a whole number, 0 or more"
    if not isinstance(seed, Sequence):
        return whole_number("seed", seed, 0, purpose)
    if (len(seed),) != ensemble_shape:
        raise InvalidValue(f"seed has {len(seed)} entries; the ensemble has the shape {ensemble_shape}")
    return tuple(whole_number(f"seed[{i}]", each, 0, purpose) for i, each in enumerate(seed))
