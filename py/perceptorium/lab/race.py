"""The networks of one unit, trained a stretch of epochs at a time until each has learned or its epochs are over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .outcomes import DIVERGED, LEARNED, RISE, STUCK, Outcomes
from .setting import Setting
from .training import CompiledEnsemble, Ensemble, NumpyEnsemble, Record

if TYPE_CHECKING:
    from perceptorium.engine.compiled import Compiler


class Race:
    """Networks with these seeds; those that are done leave the ensemble."""

    def __init__(self, setting: Setting, seeds: range, compiler: Compiler | None = None) -> None:
        model = setting.networks(seeds)
        self._cap = setting.epochs
        self._ensemble: Ensemble = (
            NumpyEnsemble(setting, model) if compiler is None else CompiledEnsemble(setting, model, compiler)
        )
        self._outcomes = Outcomes.none(len(seeds))
        self._running = np.arange(len(seeds))
        self.epoch = 0

    @property
    def progress(self) -> float:
        """Share of the epochs at most left that have been trained."""
        return 1.0 if self.done else self.epoch / self._cap

    @property
    def done(self) -> bool:
        """Whether every network is."""
        return not len(self._running)

    @property
    def part(self) -> Outcomes:
        """The outcomes; complete when it is done."""
        return self._outcomes

    def run(self, epochs: int) -> None:
        """Train on, for at most so many epochs."""
        epochs = min(epochs, self._cap - self.epoch)
        if self.done:
            return
        record = self._ensemble.run(epochs)
        over = self._note(record, epochs)
        self.epoch += epochs
        if self.epoch == self._cap:
            over[:] = True
        if over.any():
            self._running = self._running[~over]
            if len(self._running):
                self._ensemble.keep(np.flatnonzero(~over))

    def _note(self, record: Record, epochs: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Enter a stretch into the outcomes; return which networks are over."""
        broken = ~np.isfinite(record.loss[1:])
        ended = record.reached | broken
        over = ended.any(axis=0)
        # A network has trained up to its first end: with it where it has learned, and up to it where it diverged.
        first = np.where(over, ended.argmax(axis=0), epochs - 1)
        diverged = over & broken[first, np.arange(len(first))]
        trained = first + 1 - diverged
        rose = record.loss[1:] > (1 + RISE) * record.loss[:-1]
        rose &= np.arange(epochs)[:, np.newaxis] < trained
        mine, outcomes = self._running, self._outcomes
        outcomes.kind[mine] = np.where(diverged, DIVERGED, np.where(over, LEARNED, STUCK))
        outcomes.epochs[mine] += trained
        outcomes.rises[mine] += rose.sum(axis=0)
        return np.asarray(over)
