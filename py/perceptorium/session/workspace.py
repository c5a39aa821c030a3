"""The engine's trainer, kept between updates so that a frame copies parameters and builds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from perceptorium.engine import MLP, Snapshot, Trainer
from perceptorium.engine.program import Array
from perceptorium.experiment import Experiment
from perceptorium.session.standing import Engine, Standing, Training, standing

EPOCHS_A_CALL: Mapping[Engine, int] = {"NumPy": 5, "compiled": 200}
"""Epochs between two looks at the clock while a rate is measured."""

if TYPE_CHECKING:
    from perceptorium.engine.compiled import Compiler, Runtime


class Workspace:
    """One trainer, loaded from a state and read back; between the two it belongs to the caller."""

    def __init__(self) -> None:
        self._experiment: Experiment | None = None
        self._standing: Standing | None = None
        self._trainer: Trainer | None = None
        self._runtime: Callable[[], Runtime] | None = None
        self._compiler: Compiler | None = None

    def compile_with(self, runtime: Callable[[], Runtime]) -> None:
        """From now on there is a machine that runs compiled networks; it is asked for at the first training."""
        self._runtime = runtime
        self._compiler = self._experiment = None

    def forget(self) -> None:
        """Drop the trainer, which a failure may have left half way, and the machine it ran on."""
        self._trainer = self._compiler = self._experiment = self._standing = None

    def at(self, state: Training) -> Trainer:
        """The trainer, standing where the state stands."""
        if self._trainer is None or self._experiment != state.experiment:
            self._trainer = state.experiment.trainer(state.standing.model, self._make)
            self._experiment, self._standing = state.experiment, None
        if self._standing is not state.standing:
            self._trainer.restore(state.standing.checkpoint)
        self._standing = None
        if self._compiler is not None:
            from perceptorium.engine.compiled import CompiledTrainer

            assert isinstance(self._trainer, CompiledTrainer)
            self._trainer.compiler = self._compiler if state.engine == "compiled" else None
        return self._trainer

    def _make(self, *arguments: Any, **options: Any) -> Trainer:
        if self._runtime is None:
            return Trainer(*arguments, **options)
        # Imported at the first training: a page that is only read does without the compiler.
        from perceptorium.engine.compiled import CompiledTrainer, Compiler

        if self._compiler is None:
            self._compiler = Compiler(self._runtime())
        options["compiler"] = self._compiler
        return CompiledTrainer(*arguments, **options)

    def rate(self, state: Training, clock_ms: Callable[[], float], window_ms: float = 60.0) -> float:
        """Epochs a second of computing from where the state stands, which is left as it is."""
        trainer = self.at(state)
        trainer.stop_below = None
        trainer.run(1)
        epochs, start = 0, clock_ms()
        while (elapsed := clock_ms() - start) < window_ms:
            epochs += max(1, trainer.run(EPOCHS_A_CALL[state.engine]).epochs)
        self._experiment = None
        return 1000 * epochs / elapsed

    def predict(self, state: Training, x: Array) -> Array:
        """The outputs (n, out) of the network for rows x (n, in), by what trains it."""
        trainer = self.at(state)
        self.stay(state)
        if self._compiler is None:
            return trainer.model.predict(x)
        from perceptorium.engine.compiled import CompiledTrainer

        assert isinstance(trainer, CompiledTrainer)
        return trainer.predict(x)

    def leave(self) -> Standing:
        """Where the trainer stands now."""
        assert self._trainer is not None
        self._standing = standing(self._trainer)
        return self._standing

    def stay(self, state: Training) -> None:
        """Note that nothing was changed since `at`."""
        self._standing = state.standing


workspace = Workspace()


def snapshot(state: Training) -> Snapshot:
    """A forward and a backward pass of the network over all rows; it changes nothing."""
    seen = workspace.at(state).snapshot()
    workspace.stay(state)
    return seen


def next_model(state: Training) -> MLP:
    """The network as the coming step will leave it."""
    trainer = workspace.at(state)
    for _ in trainer.walk():
        pass
    return trainer.model
