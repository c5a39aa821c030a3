"""Where a training stands, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from perceptorium.engine import MLP, Checkpoint, History, Trainer
from perceptorium.experiment import Experiment

Engine: TypeAlias = Literal["NumPy", "compiled"]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where a training stands: a checkpoint to go on from, and the curve that led to it."""

    checkpoint: Checkpoint
    history: History

    @property
    def model(self) -> MLP:
        """The network."""
        return self.checkpoint.model

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self.checkpoint.epoch

    @property
    def loss(self) -> float:
        """Loss over all rows."""
        return float(self.checkpoint.moment.loss)

    @property
    def accuracy(self) -> float:
        """Share of all rows on the right side."""
        return float(self.checkpoint.moment.accuracy)


class Training(Protocol):
    """What has a training: the workbench's state, and each panel's that trains a network of its own."""

    @property
    def experiment(self) -> Experiment:
        """What is trained."""

    @property
    def standing(self) -> Standing:
        """Where it stands."""

    @property
    def engine(self) -> Engine:
        """What trains."""


def standing(trainer: Trainer) -> Standing:
    """Where a trainer stands."""
    return Standing(trainer.checkpoint(), trainer.history)
