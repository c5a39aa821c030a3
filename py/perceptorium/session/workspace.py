"""The engine's trainer, kept between updates so that a frame copies parameters and builds nothing."""

from __future__ import annotations

from perceptorium.engine import MLP, Snapshot, Trainer
from perceptorium.experiment import Experiment
from perceptorium.session.state import Standing, State


class Workspace:
    """One trainer, loaded from a state and read back; between the two it belongs to the caller."""

    def __init__(self) -> None:
        self._experiment: Experiment | None = None
        self._standing: Standing | None = None
        self._trainer: Trainer | None = None

    def at(self, state: State) -> Trainer:
        """The trainer, standing where the state stands."""
        if self._trainer is None or self._experiment != state.experiment:
            self._trainer = state.experiment.trainer(state.standing.model)
            self._experiment, self._standing = state.experiment, None
        if self._standing is not state.standing:
            self._trainer.restore(state.standing.checkpoint)
        self._standing = None
        return self._trainer

    def leave(self) -> Standing:
        """Where the trainer stands now."""
        assert self._trainer is not None
        self._standing = standing(self._trainer)
        return self._standing

    def stay(self, state: State) -> None:
        """Note that nothing was changed since `at`."""
        self._standing = state.standing


workspace = Workspace()


def standing(trainer: Trainer) -> Standing:
    """Where a trainer stands, as a value."""
    return Standing(trainer.checkpoint(), trainer.history)


def snapshot(state: State) -> Snapshot:
    """A forward and a backward pass of the network over all rows; it changes nothing."""
    seen = workspace.at(state).snapshot()
    workspace.stay(state)
    return seen


def next_model(state: State) -> MLP:
    """The network as the coming step will leave it."""
    trainer = workspace.at(state)
    for _ in trainer.walk():
        pass
    return trainer.model
