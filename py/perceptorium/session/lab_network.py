"""A network of the lab that did not learn, opened in the workbench to find out why."""

from __future__ import annotations

from dataclasses import replace

from perceptorium.engine import InvalidValue
from perceptorium.experiment import Experiment
from perceptorium.lab import Outcomes, Setting
from perceptorium.lab.outcomes import DIVERGED
from perceptorium.session.setup import restart
from perceptorium.session.state import State
from perceptorium.session.training import train


def experiment_of(setting: Setting, seed: int) -> Experiment:
    """The workbench's experiment that trains as the lab does."""
    return Experiment(
        hidden=setting.hidden,
        activation=setting.activation,
        learning_rate=setting.learning_rate,
        init=setting.init,
        seed=seed,
        loss=setting.loss,
        batch_size=setting.batch_size,
        stop_below=setting.stop_below or 0.0,
        epochs=setting.epochs,
    )


def open_failed(state: State, row: int) -> State:
    """The row's next network that did not learn, trained as in the lab; its diagnosis stands beside it."""
    lab, results = state.lab, state.lab.results
    outcomes = results.rows[row] if 0 <= row < len(results.rows) else None
    if not isinstance(outcomes, Outcomes) or not outcomes.failed:
        raise InvalidValue(f"row is {row}; it has no network that was run and did not learn")
    failed = outcomes.failed
    last = lab.opened[1] if lab.opened and lab.opened[0] == row else -1
    number = next((k for k in failed if k > last), failed[0])
    setting, seed = results.plan.settings[row], results.plan.first_seed + number
    experiment = experiment_of(setting, seed)
    state = train(restart(state, experiment, experiment.model()), setting.epochs)
    ended = "its loss was no longer a number" if outcomes.kind[number] == DIVERGED else "it had not learned"
    note = (
        f"From the convergence lab: {setting.label} with seed {seed}, {failed.index(number) + 1} of {len(failed)} that "
        f"failed. After {state.standing.epoch} epochs {ended}."
    )
    return replace(state, lab=replace(lab, opened=(row, number)), note=note)
