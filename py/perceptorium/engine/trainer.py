"""Training: whole epochs at full speed or one step phase by phase, until there is a reason to stop, and back again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from .checkpoint import Checkpoint, Reason, RunReport
from .checks import number, whole_number
from .datasets import Dataset
from .errors import InvalidValue
from .history import History, Point, Recorder
from .losses import Loss
from .network import MLP
from .optimisers import Optimiser
from .phases import Phase
from .program import Array, execute, op
from .snapshot import Snapshot
from .stepper import Stepper, check_optimiser

__all__ = ["Checkpoint", "Reason", "RunReport", "Trainer"]


class Trainer(Stepper):
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
        super().__init__(model, data, loss, optimiser, batch_size, shuffle, seed)
        self._stop_below = _checked_threshold(stop_below)
        self._all_rest = False
        self._diverged = np.zeros(model.ensemble_shape, np.bool_)
        self._finished_at = np.full(model.ensemble_shape, -1, np.int64)
        self._let_rest()
        self._refresh()
        self._recorder = self._new_recorder()
        self._recorder.note(0, float(self._machine.loss.mean()))
        self._recorder.settle()

    # What it has come to, and what may be changed between runs

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
        before, self._optimiser = self._optimiser, check_optimiser(optimiser)
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
        before = self.model
        with np.errstate(all="ignore"):
            snapshots = self._step()
            if self._position == 0:
                self._refresh()
                self._finish_epoch()
                self._recorder.settle()
        snapshots.append(replace(snapshots[-1], phase=Phase("step"), model=self.model, before=before))
        return iter(snapshots)

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
        model = moment.model if model is None else model
        ours, theirs = (self._layout.sizes, self._layout.ensemble_shape), (model.sizes, model.ensemble_shape)
        if ours != theirs:
            raise InvalidValue(f"checkpoint or model is of {theirs}; this trainer's network is {ours}")
        self._machine.state[0] = self._layout.flatten(model)
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

    def _new_recorder(self) -> Recorder:
        shape = self._layout.ensemble_shape
        return Recorder(shape, self._point, self._point_before, None if shape else self._moment)

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


def _checked_threshold(loss: float | None) -> float | None:
    return None if loss is None else number("stop_below", loss, "it has to be a number, 0 or more, or None", 0.0)
