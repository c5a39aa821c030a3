"""The depth experiment: how large the gradient of each layer is, at the start and while networks train."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perceptorium.engine import Trainer
from perceptorium.engine.program import Array

from .setting import Setting

if TYPE_CHECKING:
    from perceptorium.engine.compiled import Compiler


@dataclass(frozen=True, slots=True, eq=False)
class GradientNorms:
    """`norms` (networks, moments, layers): Frobenius norm of ∂loss/∂W over the four rows, for each Linear layer.

    NaN where a network has not been run, and after it diverged.
    """

    norms: Array

    @classmethod
    def none(cls, networks: int, moments: int, layers: int) -> GradientNorms:
        """Of networks that have not been run."""
        return cls(np.full((networks, moments, layers), np.nan))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GradientNorms) and np.array_equal(self.norms, other.norms, equal_nan=True)

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash

    def put(self, parts: Iterable[tuple[int, GradientNorms]]) -> GradientNorms:
        """These norms with parts of them, each from a first network on."""
        norms = self.norms.copy()
        for start, part in parts:
            norms[start : start + len(part.norms)] = part.norms
        return GradientNorms(norms)

    @property
    def done(self) -> int:
        """How many networks have been run; each has a gradient at the start."""
        return int((~np.isnan(self.norms[:, 0, 0])).sum())

    def has_run(self, start: int, stop: int) -> bool:
        """Whether the networks from `start` to `stop` have been run."""
        return not np.isnan(self.norms[start:stop, 0, 0]).any()

    def quartiles(self, moment: int) -> Array:
        """Lower quartile, median and upper quartile over the networks at `moments[moment]`, (3, layers); or NaN."""
        known = self.norms[:, moment][~np.isnan(self.norms[:, moment, 0])]
        if not len(known):
            return np.full((3, self.norms.shape[2]), np.nan)
        # NumPy's quantile brings modules along that a page would have to fetch
        ordered = np.sort(known, axis=0)
        place = (len(known) - 1) * np.array((0.25, 0.5, 0.75))
        below, share = place.astype(int), (place % 1.0)[:, np.newaxis]
        above = np.minimum(below + 1, len(known) - 1)
        return np.asarray(ordered[below] * (1.0 - share) + ordered[above] * share)


class GradientRace:
    """Networks with these seeds, trained from one moment to the next without a stop rule."""

    def __init__(
        self, setting: Setting, seeds: range, moments: tuple[int, ...], compiler: Compiler | None = None
    ) -> None:
        arguments = setting.networks(seeds), setting.data, setting.loss, setting.optimiser, setting.batch_size
        if compiler is None:
            self._trainer = Trainer(*arguments)
        else:
            # Imported when a network is compiled: a page that is only read does without.
            from perceptorium.engine.compiled import CompiledTrainer

            self._trainer = CompiledTrainer(*arguments, compiler=compiler)
        self._moments = moments
        self._norms = GradientNorms.none(len(seeds), len(moments), len(setting.sizes) - 1).norms
        self.epoch = 0
        self._look()

    @property
    def progress(self) -> float:
        """Share of the epochs that have been trained."""
        return self.epoch / self._moments[-1]

    @property
    def done(self) -> bool:
        """Whether the last moment has been looked at."""
        return self.epoch == self._moments[-1]

    @property
    def part(self) -> GradientNorms:
        """The norms; complete when it is done."""
        return GradientNorms(self._norms)

    def run(self, epochs: int) -> None:
        """Train on, for at most so many epochs and at most to the next moment."""
        if self.done:
            return
        epochs = min(epochs, min(moment for moment in self._moments if moment > self.epoch) - self.epoch)
        self._trainer.run(epochs)
        self.epoch += epochs
        if self.epoch in self._moments:
            self._look()

    def _look(self) -> None:
        gradients = [array for array in self._trainer.snapshot().weight_grads if array is not None]
        norms = np.stack([np.sqrt((array * array).sum(axis=(-2, -1))) for array in gradients], axis=-1)
        norms[self._trainer.diverged] = np.nan
        self._norms[:, self._moments.index(self.epoch)] = norms
