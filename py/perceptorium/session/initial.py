"""The state of a page that has just been opened."""

from __future__ import annotations

from functools import cache

from perceptorium.experiment import Experiment
from perceptorium.session.pipeline import begin
from perceptorium.session.playground import initial_playground
from perceptorium.session.standing import standing
from perceptorium.session.state import State


def initial_state(experiment: Experiment | None = None) -> State:
    """A state before training, of the defaults or of a given experiment."""
    experiment = experiment or Experiment()
    trainer = experiment.trainer()
    return State(experiment, trainer.model, standing(trainer), initial_playground(), begin(experiment, trainer.model))


@cache
def default_state() -> State:
    """The state of the defaults; the same one every time, so that it can be there before the page needs it."""
    return initial_state()
