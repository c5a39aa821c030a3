"""Training: whole epochs at full speed, or one step phase by phase, with bit-identical parameters.

Both run the same programs in the same order. An epoch ends with a forward pass over all rows, which gives the loss of
the new parameters; with the whole batch that is also the forward pass of the next epoch, so nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .checks import number, whole_number
from .datasets import Dataset
from .errors import InvalidValue
from .history import History, Point, Recorder, Records
from .layout import Layout
from .losses import Loss, loss_function, share_right
from .machine import Batch, Machine
from .moment import Moment
from .network import MLP
from .optimisers import SGD, Optimiser
from .phases import Phase
from .program import Array, Program, execute, op
from .roworder import row_order
from .snapshot import Snapshot
from .walk import observe, plain, walk_step

Reason: TypeAlias = Literal["done", "below_threshold", "diverged"]


@dataclass(frozen=True, slots=True)
class RunReport:
    """How many epochs a run trained, and why it ended."""

    epochs: int
    reason: Reason


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A trainer's whole state, to be put back with `Trainer.restore`."""

    moment: Moment
    records: Records
    finished_at: npt.NDArray[np.int64]
    diverged: npt.NDArray[np.bool_]

    @property
    def model(self) -> MLP:
        """The network."""
        return self.moment.model

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self.moment.epoch


class Trainer:
    """Trains a network, or each network of an ensemble, on one data set.

    `batch_size` None takes all rows in one step, 1 is per-sample training. Rows come in the order of the data unless
    `shuffle`, and then in that of `row_order(rows, seed, epoch)`; for an ensemble `seed` may be a sequence, one for
    each network. A run ends when the loss over all rows is below `stop_below` after an epoch, or is not finite: then
    the epoch is undone.

    In an ensemble every network trains until its own loss is below `stop_below` or diverges, and then rests, so its
    result does not depend on which others are in the ensemble.
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
        self._stop_below = _checked_threshold(stop_below)
        self._optimiser: Optimiser = SGD(lr=0.1) if optimiser is None else optimiser

        self._epoch = self._position = self._steps = self._saved_steps = 0
        self._all_rest = self._fresh = False
        self._model: MLP | None = None
        self._accuracy: float | Array | None = None
        self._hold: Program = ()
        self._diverged = np.zeros(model.ensemble_shape, np.bool_)
        self._finished_at = np.full(model.ensemble_shape, -1, np.int64)
        self._build(self._layout.flatten(model)[np.newaxis])
        self._recorder = self._new_recorder()
        self._refresh()
        self._recorder.note(0, float(self._machine.loss.mean()))
        self._recorder.settle()
        self._let_rest()

    # What it has come to

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

    @property
    def history(self) -> History:
        """Loss and accuracy so far, and the epochs to which `rewind` can go back."""
        return self._recorder.history()

    @property
    def finished_at(self) -> npt.NDArray[np.int64]:
        """Per network the epoch after which it rests: below the threshold or diverged; −1 if it does not."""
        return self._finished_at.copy()

    @property
    def diverged(self) -> npt.NDArray[np.bool_]:
        """Per network whether its loss stopped being finite, so that it was left at its last finite state."""
        return self._diverged.copy()

    @property
    def optimiser(self) -> Optimiser:
        """How parameters follow gradients; one of the same kind, with another rate, goes on with the same memory."""
        return self._optimiser

    @optimiser.setter
    def optimiser(self, optimiser: Optimiser) -> None:
        before, self._optimiser = self._optimiser, optimiser
        if type(before) is type(optimiser) and before.slots == optimiser.slots:
            self._machine.use(optimiser)
            self._prepare_epoch()
        else:
            self._steps = 0
            self._build(self._machine.state[:1])
        self._wake_all()

    @property
    def stop_below(self) -> float | None:
        """A run ends after an epoch with a loss below this; None: it never does."""
        return self._stop_below

    @stop_below.setter
    def stop_below(self, loss: float | None) -> None:
        self._stop_below = _checked_threshold(loss)
        self._wake_all()

    # Training

    def run(self, epochs: int) -> RunReport:
        """Train `epochs` epochs, the rest of a begun one counting as one, or fewer if the loss says so.

        The loss is looked at after each epoch and not before the first: running on after a stop trains at least one
        more. Networks of an ensemble that rest go on resting, until the optimiser or the threshold is changed.
        """
        epochs = whole_number("epochs", epochs, 0, "it has to be 0 or more")
        self._wake_single()
        self._refresh()
        start = self._epoch
        with np.errstate(all="ignore"):
            for _ in range(0 if self._all_rest else epochs):
                for operation in self._program:
                    operation()
                if not self._finish_epoch():
                    break
            self._recorder.settle()
        self._model = None
        if not self._all_rest:
            return RunReport(self._epoch - start, "done")
        return RunReport(self._epoch - start, "diverged" if self._diverged.any() else "below_threshold")

    def walk(self) -> Iterator[Snapshot]:
        """Make one step (the next batch, or all rows) and return what it looked like after each of its phases.

        The step is complete when this returns. If the loss of the epoch that it ends is not finite it is undone, and
        the last snapshot's `model` is the one that training went back to.
        """
        self._wake_single()
        with np.errstate(all="ignore"):
            return iter(self._walk())

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

    def _adopt(self, state: Array, steps: int, losses: Array, accuracies: Array, reason: Reason) -> None:
        """Take over `len(losses)` more epochs of one network that were trained elsewhere, and why they ended.

        `state` is (1 + slots, count) and `steps` the optimiser's steps after them; `losses` and `accuracies` (epochs,)
        are those after each. With "diverged" they are the epochs that were kept, maybe none.
        """
        np.copyto(self._machine.state, state)
        first = self._epoch + 1
        self._epoch += len(losses)
        self._steps, self._position = steps, 0
        self._changed()
        self._recorder.extend(np.arange(first, self._epoch + 1), losses, accuracies)
        if reason != "done":
            self._finished_at[...] = self._epoch
            self._diverged[...] = reason == "diverged"
            self._let_rest()

    # Keeping and going back

    def checkpoint(self) -> Checkpoint:
        """Return everything that is needed to come back to this state: one copy of the parameters, and references."""
        return Checkpoint(self._moment(), self._recorder.records(), self.finished_at, self.diverged)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back, or forth, to a checkpoint of a trainer of the same kind of network."""
        self._return_to(checkpoint.moment)
        self._recorder.restore(checkpoint.records)
        self._finished_at[...] = checkpoint.finished_at
        self._diverged[...] = checkpoint.diverged
        self._let_rest()

    def take_up(self, checkpoint: Checkpoint, model: MLP | None = None) -> None:
        """Go on from another trainer's checkpoint with this one's activations, loss, data and optimiser.

        Taken are the parameters (or those of `model`), the epoch, the curve up to it, and what the optimiser remembers
        if it is of the same kind. Loss and accuracy of this epoch are computed anew, and a begun epoch begins anew.
        """
        moment = checkpoint.moment
        self._machine.state[0] = self._layout.flatten(moment.model if model is None else model)
        if type(moment.optimiser) is type(self._optimiser) and moment.optimiser.slots == self._optimiser.slots:
            self._machine.state[1:] = moment.array()[1:]
            self._steps = moment.steps
        self._epoch, self._position = moment.epoch, 0
        self._changed()
        self._refresh()
        if self._epoch:
            self._recorder.restore(checkpoint.records)
            self._recorder.truncate(self._epoch - 1)
        else:
            self._recorder = self._new_recorder()
        self._recorder.note(self._epoch, float(self._machine.loss.mean()))
        self._recorder.settle()
        self._wake_all()

    def rewind(self, epoch: int) -> None:
        """Go back to the last kept epoch that is not after `epoch`, and forget what came after it."""
        moment = self.history.moment_at(whole_number("epoch", epoch, 0, "it has to be 0 or more"))
        self._return_to(moment)
        self._recorder.truncate(moment.epoch)
        self._wake_all()

    def _return_to(self, moment: Moment) -> None:
        ours, theirs = self._kind(), (moment.layout, moment.hidden, moment.output)
        if ours != theirs:
            raise InvalidValue(f"checkpoint is of {theirs}; this trainer's network is {ours}")
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

    def _new_recorder(self) -> Recorder:
        shape = self._layout.ensemble_shape
        return Recorder(shape, self._point, self._point_before, None if shape else self._moment)

    def _kind(self) -> tuple[Layout, str, str]:
        return self._layout, self._hidden, self._output

    # The programs of an epoch

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

    def _walk(self) -> list[Snapshot]:
        machine, before, rows = self._machine, self.model, len(self._data.x)
        if self._position == 0:
            execute(machine.save)
        if self._batch_size == rows:
            stop, workspace = rows, machine.whole
        else:
            stop, batch = self._next_batch()
            workspace = batch.workspace
        snapshots = list(walk_step(before, self._epoch, workspace, machine.gradients, self._loss.decision))
        if self._optimiser.changes:
            self._begin_step()
        execute((*machine.update, *self._hold))
        self._position = stop % rows
        self._changed()
        if self._position == 0:
            self._refresh()
            self._finish_epoch()
            self._recorder.settle()
        snapshots.append(replace(snapshots[-1], phase=Phase("step"), model=self.model, before=before))
        return snapshots

    # The end of an epoch

    def _finish_epoch(self) -> bool:
        """Count the epoch whose loss has just been computed; return whether any network goes on."""
        loss = self._machine.loss
        if self._layout.ensemble_shape:
            level = float(np.add.reduce(loss, axis=None)) / loss.size
            unusual = not level < np.inf or bool((loss < self._thresholds).any())
        else:
            level = loss.item()
            unusual = not level < np.inf or level < self._threshold
        self._accuracy = None
        if unusual:
            if not self._sort_out(loss):
                return False
            level = float(loss.mean())
        self._epoch += 1
        self._recorder.note(self._epoch, level)
        return not self._all_rest

    def _sort_out(self, loss: Array) -> bool:
        """Undo the epoch where it diverged, and let finished networks rest; return whether any network moved."""
        machine = self._machine
        resting = self._finished_at >= 0
        broken = np.asarray(~np.isfinite(loss) & ~resting)
        if broken.any():
            np.copyto(machine.state, machine.saved, where=broken[..., np.newaxis])
            execute(machine.evaluate)
            self._finished_at[broken] = self._epoch
            self._diverged |= broken
        below = np.asarray((loss < self._thresholds) & ~broken)
        self._finished_at[below] = self._epoch + 1
        moved = not (resting | broken).all()
        if not moved:
            self._steps = self._saved_steps
        self._let_rest()
        return moved

    def _let_rest(self) -> None:
        """Hold the networks that have finished where they are, and only those."""
        resting = self._finished_at >= 0
        self._threshold = 0.0 if self._stop_below is None else self._stop_below
        self._thresholds = np.where(resting, -np.inf, self._threshold)
        self._all_rest = bool(resting.all())
        held, self._hold = self._hold, ()
        if resting.any():
            # a resting network is computed along with the others, and then put back
            machine = self._machine
            self._hold = (op(np.copyto, machine.state, machine.saved, where=resting[..., np.newaxis]),)
        if held or self._hold:
            self._prepare_epoch()

    def _wake_single(self) -> None:
        if not self._layout.ensemble_shape and self._all_rest:
            self._wake_all()

    def _wake_all(self) -> None:
        self._finished_at.fill(-1)
        self._diverged.fill(False)
        self._let_rest()

    def _changed(self) -> None:
        self._model = self._accuracy = None
        self._fresh = False

    def _refresh(self) -> None:
        if not self._fresh:
            with np.errstate(all="ignore"):
                execute(self._machine.evaluate)
            self._fresh = True

    def _point(self) -> Point:
        return Point(self._epoch, self.loss, self.accuracy)

    def _point_before(self) -> Point:
        machine = self._machine
        now = machine.state.copy()
        execute((*machine.restore, *machine.evaluate))
        self._accuracy = None
        point = Point(self._epoch - 1, self.loss, self.accuracy)
        np.copyto(machine.state, now)
        execute(machine.evaluate)
        self._accuracy = None
        return point


def check_fit(model: MLP, data: Dataset, loss: Loss) -> None:
    """Refuse a network, data and a loss that do not belong together."""
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


def _checked_seed(seed: int | Sequence[int], ensemble_shape: tuple[int, ...]) -> int | tuple[int, ...]:
    purpose = "a seed is a whole number, 0 or more"
    if not isinstance(seed, Sequence):
        return whole_number("seed", seed, 0, purpose)
    if (len(seed),) != ensemble_shape:
        raise InvalidValue(f"seed has {len(seed)} entries; the ensemble has the shape {ensemble_shape}")
    return tuple(whole_number(f"seed[{i}]", each, 0, purpose) for i, each in enumerate(seed))


def _checked_threshold(loss: float | None) -> float | None:
    return None if loss is None else number("stop_below", loss, "it has to be a number, 0 or more, or None", 0.0)
