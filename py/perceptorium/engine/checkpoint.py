"""What a trainer returns: why a run ended, and everything that is needed to come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .history import Records
from .moment import Moment
from .network import MLP

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
