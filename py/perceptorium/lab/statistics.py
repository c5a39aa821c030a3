"""Shares with their uncertainty, and epochs in figures and as a histogram."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from .outcomes import LEARNED, Outcomes

Z_95 = 1.959963984540054
"""The 0.975 quantile of the normal distribution."""


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927): it stays within 0 to 1 and is right for 0 and all, too."""
    if trials == 0:
        return 0.0, 1.0
    share, z2 = successes / trials, Z_95 * Z_95
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z_95 * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials)) / (1 + z2 / trials)
    # at both ends the formula gives 0 and 1 but for rounding
    return centre - half if successes else 0.0, centre + half if successes < trials else 1.0


@dataclass(frozen=True, slots=True)
class Summary:
    """A row in figures.

    `trials` networks were run and `successes` learned; `low` to `high` is the 95 % interval of their share. `mean` and
    `deviation` (n − 1) are of the epochs of those that learned, None where there are too few; `diverged` networks
    ended in NaN.
    """

    trials: int
    successes: int
    low: float
    high: float
    mean: float | None
    deviation: float | None
    diverged: int

    @property
    def share(self) -> float | None:
        """Share of the networks that learned."""
        return self.successes / self.trials if self.trials else None

    @property
    def failures(self) -> int:
        """Networks that did not learn."""
        return self.trials - self.successes


def summarise(outcomes: Outcomes) -> Summary:
    """The figures of a row, as far as it has been run."""
    epochs = outcomes.convergence
    successes, trials = len(epochs), outcomes.done
    return Summary(
        trials,
        successes,
        *wilson(successes, trials),
        float(epochs.mean()) if successes else None,
        float(epochs.std(ddof=1)) if successes > 1 else None,
        int((outcomes.kind > LEARNED + 1).sum()),
    )


def histogram(outcomes: Outcomes, cap: int, bins: int) -> npt.NDArray[np.int64]:
    """How many networks learned within each of `bins` equal parts of the epochs 1 to `cap`."""
    return np.asarray(np.histogram(outcomes.convergence, bins=bins, range=(0.5, cap + 0.5))[0], np.int64)
