"""The course of a training in bounded memory: a curve of loss and accuracy, and moments to go back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from .checks import whole_number
from .errors import InvalidValue
from .moment import Moment
from .network import MLP
from .program import Array
from .walk import plain

T = TypeVar("T", np.float64, np.int64)

#: Points of the curve before every second one is dropped.
POINTS = 512
#: Kept moments before every second one is dropped.
KEPT = 64


class Point(NamedTuple):
    """Loss and accuracy after `epoch` epochs, of one network or, as arrays, of each network of an ensemble."""

    epoch: int
    loss: float | Array
    accuracy: float | Array


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The curve: `epoch` (points,), `loss` and `accuracy` (points, ...), in the order of the epochs.

    It is thinned as it grows, to at most `POINTS` + 3 points. The first, the last and those of the lowest and the
    highest loss (of an ensemble: mean loss) are always among them.
    """

    epoch: npt.NDArray[np.int64]
    loss: Array
    accuracy: Array
    kept: tuple[Moment, ...] = ()

    @property
    def kept_epochs(self) -> tuple[int, ...]:
        """The epochs to which training can go back, at most `KEPT`; an ensemble keeps none."""
        return tuple(moment.epoch for moment in self.kept)

    def moment_at(self, epoch: int) -> Moment:
        """Return the last kept moment that is not after `epoch`."""
        refusal = f"kept are the epochs {self.kept_epochs}"
        epoch = whole_number("epoch", epoch, 0, refusal)
        for moment in reversed(self.kept):
            if moment.epoch <= epoch:
                return moment
        raise InvalidValue(f"epoch is {epoch}; {refusal}")

    def model_at(self, epoch: int) -> MLP:
        """Return the network of the last kept epoch that is not after `epoch`."""
        return self.moment_at(epoch).model


class Records(NamedTuple):
    """Everything that a Recorder has noted; it shares the arrays, whose noted part is never written to again."""

    epochs: npt.NDArray[np.int64]
    losses: Array
    accuracies: Array
    stride: int
    lowest: Point | None
    highest: Point | None
    low: float
    high: float
    kept: tuple[Moment, ...]
    keep_stride: int


class Recorder:
    """Notes the history while training goes on; what costs something is asked for only where it is kept.

    `point()` is the current epoch's, `point_before()` that of the epoch before. Without `moment` nothing is kept.
    """

    def __init__(
        self,
        ensemble_shape: tuple[int, ...],
        point: Callable[[], Point],
        point_before: Callable[[], Point],
        moment: Callable[[], Moment] | None,
    ) -> None:
        self._point, self._point_before, self._moment = point, point_before, moment
        self._count, self._due, self._keep_due = 0, 0, 0
        # the accuracy of many networks takes as long as an epoch, so it is not asked for after each
        self._stride, self._keep_stride = 16 if ensemble_shape else 1, 1
        self._low, self._high, self._falling = np.inf, -np.inf, False
        self._lowest: Point | None = None
        self._highest: Point | None = None
        self._kept: tuple[Moment, ...] = ()
        self._epochs = np.empty(POINTS, np.int64)
        self._losses = np.empty((POINTS, *ensemble_shape))
        self._accuracies = np.empty((POINTS, *ensemble_shape))

    def note(self, epoch: int, level: float) -> None:
        """Take notice of the loss after `epoch` epochs: `level`, one number even for an ensemble."""
        if level < self._low:
            # while the loss falls, every epoch is the lowest so far; which one stays is known when it rises again
            self._low, self._falling = level, True
        elif self._falling:
            self._lowest, self._falling = self._point_before(), False
        if level > self._high:
            self._high, self._highest = level, self._point()
        if epoch >= self._due:
            self._append(self._point())
        if epoch >= self._keep_due and self._moment is not None:
            self._keep(self._moment())

    def settle(self) -> None:
        """Finish a run: the current epoch is the lowest if the loss was still falling."""
        if self._falling:
            self._lowest, self._falling = self._point(), False

    def extend(self, epochs: npt.NDArray[np.int64], losses: Array, accuracies: Array) -> None:
        """Take notice of a whole chunk of one network's epochs at once, three arrays (epochs,), after `settle`."""
        if not epochs.size:
            return
        low, high = int(np.argmin(losses)), int(np.argmax(losses))
        if losses[low] < self._low:
            self._low = float(losses[low])
            self._lowest = Point(int(epochs[low]), self._low, float(accuracies[low]))
        if losses[high] > self._high:
            self._high = float(losses[high])
            self._highest = Point(int(epochs[high]), self._high, float(accuracies[high]))
        first = 0
        while True:
            first += int(np.searchsorted(epochs[first:], self._due))
            if first >= epochs.size:
                break
            self._append(Point(int(epochs[first]), float(losses[first]), float(accuracies[first])))
        if epochs[-1] >= self._keep_due and self._moment is not None:
            self._keep(self._moment())

    def records(self) -> Records:
        """Return everything noted so far; later notes do not change it."""
        return Records(
            self._epochs[: self._count],
            self._losses[: self._count],
            self._accuracies[: self._count],
            self._stride,
            self._lowest,
            self._highest,
            self._low,
            self._high,
            self._kept,
            self._keep_stride,
        )

    def restore(self, records: Records) -> None:
        """Go back to what `records` says."""
        self._adopt(records)

    def truncate(self, epoch: int) -> None:
        """Forget what came after `epoch`."""
        records = self.records()
        count = int(np.searchsorted(records.epochs, epoch, side="right"))
        losses, accuracies = records.losses[:count], records.accuracies[:count]
        levels = losses.reshape(count, -1).mean(axis=1)
        points = [
            Point(int(records.epochs[i]), plain(losses[i]), plain(accuracies[i]))
            for i in (int(np.argmin(levels)), int(np.argmax(levels)))
        ]
        self._adopt(
            records._replace(
                epochs=records.epochs[:count],
                losses=losses,
                accuracies=accuracies,
                lowest=points[0],
                highest=points[1],
                low=float(levels.min()),
                high=float(levels.max()),
                kept=tuple(moment for moment in records.kept if moment.epoch <= epoch),
            )
        )

    def history(self) -> History:
        """Return the curve up to the current point."""
        noted = self._epochs[: self._count]
        extra = {point.epoch: point for point in (self._lowest, self._highest, self._point()) if point is not None}
        missing = []
        for epoch in sorted(extra):
            place = int(noted.searchsorted(epoch))
            if place == self._count or noted[place] != epoch:
                missing.append((place, extra[epoch]))
        return History(
            _with(noted, [(place, point.epoch) for place, point in missing]),
            _with(self._losses[: self._count], [(place, point.loss) for place, point in missing]),
            _with(self._accuracies[: self._count], [(place, point.accuracy) for place, point in missing]),
            self._kept,
        )

    def _append(self, point: Point) -> None:
        if self._count == POINTS:
            self._stride *= 2
            keep = self._epochs % self._stride == 0
            self._copy(self._epochs[keep], self._losses[keep], self._accuracies[keep])
        if point.epoch % self._stride == 0:
            self._epochs[self._count] = point.epoch
            self._losses[self._count] = point.loss
            self._accuracies[self._count] = point.accuracy
            self._count += 1
        self._due = (point.epoch // self._stride + 1) * self._stride

    def _keep(self, moment: Moment) -> None:
        kept = (*self._kept, moment)
        if len(kept) > KEPT:
            kept, self._keep_stride = kept[::2], self._keep_stride * 2
        self._kept, self._keep_due = kept, moment.epoch + self._keep_stride

    def _adopt(self, records: Records) -> None:
        self._stride, self._keep_stride = records.stride, records.keep_stride
        self._lowest, self._highest = records.lowest, records.highest
        self._low, self._high, self._falling = records.low, records.high, False
        self._kept = records.kept
        if records.epochs.base is not self._epochs or len(records.epochs) != self._count:
            self._copy(records.epochs, records.losses, records.accuracies)
        self._due = (int(records.epochs[-1]) // self._stride + 1) * self._stride if self._count else 0
        self._keep_due = self._kept[-1].epoch + self._keep_stride if self._kept else 0

    def _copy(self, epochs: npt.NDArray[np.int64], losses: Array, accuracies: Array) -> None:
        # new arrays every time: Records that were handed out look at the old ones
        self._count = len(epochs)
        self._epochs = np.empty(POINTS, np.int64)
        self._losses = np.empty((POINTS, *losses.shape[1:]))
        self._accuracies = np.empty((POINTS, *losses.shape[1:]))
        self._epochs[: self._count] = epochs
        self._losses[: self._count] = losses
        self._accuracies[: self._count] = accuracies


def _with(values: npt.NDArray[T], extra: list[tuple[int, float | Array]]) -> npt.NDArray[T]:
    """Return a read-only copy of `values` with more of them put in before the given places."""
    pieces: list[npt.NDArray[T]] = []
    start = 0
    for place, value in extra:
        pieces += [values[start:place], np.asarray(value, values.dtype)[np.newaxis]]
        start = place
    merged = np.concatenate([*pieces, values[start:]])
    merged.setflags(write=False)
    return merged
