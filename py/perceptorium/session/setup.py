"""What changes the experiment or the network by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from perceptorium.engine import MLP, InvalidValue
from perceptorium.experiment import FIELDS, Experiment
from perceptorium.fields import LayerSizes
from perceptorium.session.standing import standing
from perceptorium.session.state import State
from perceptorium.session.training import finish_playback

ADDED_LAYER_NEURONS = 4


def can_add_layer(experiment: Experiment) -> bool:
    """Whether one more hidden layer is allowed."""
    limit = FIELDS["hidden"]
    assert isinstance(limit, LayerSizes)
    return len(experiment.hidden) < limit.layers


def add_layer(state: State) -> State:
    """One hidden layer more, before the output."""
    return configure(state, {"hidden": (*state.experiment.hidden, ADDED_LAYER_NEURONS)})


def remove_layer(state: State) -> State:
    """The last hidden layer goes."""
    return configure(state, {"hidden": state.experiment.hidden[:-1]})


def set_neurons(state: State, layer: int, neurons: int) -> State:
    """Another size for one hidden layer; 1 is the first."""
    hidden = state.experiment.hidden
    if not 1 <= layer <= len(hidden):
        raise InvalidValue(f"layer is {layer}; the network has {len(hidden)} hidden layers")
    return configure(state, {"hidden": (*hidden[: layer - 1], neurons, *hidden[layer:])})


def new_weights(state: State) -> State:
    """The weights of the next seed."""
    return configure(state, {"seed": (state.experiment.seed + 1) % 2**32})


def reset(state: State) -> State:
    """The weights that training started from, at epoch 0."""
    return restart(state, state.experiment, state.start)


def configure(state: State, changes: dict[str, Any]) -> State:
    """Change fields of the experiment. What the weights depend on makes new ones; all else keeps the training."""
    experiment = state.experiment.with_(**changes)
    changes_made = experiment.changed(state.experiment)
    if not changes_made:
        return state
    locked = sorted(changes_made & set(state.lock))
    if locked:
        names = ", ".join(name.replace("_", " ") for name in locked)
        raise InvalidValue(f"{names} cannot be changed: the link that opened this page has locked it")
    if not (experiment.same_weights(state.experiment) and experiment.same_data(state.experiment)):
        return restart(state, experiment, experiment.model())
    state = finish_playback(state)
    start = experiment.trainer(state.start).model
    trainer = experiment.trainer(state.standing.model)
    trainer.take_up(state.standing.checkpoint)
    kept = changes_made <= {"stop_below", "epochs"}
    return replace(
        state,
        experiment=experiment,
        start=start,
        standing=standing(trainer),
        changed_at=state.changed_at if kept else state.first_change,
        note="",
        nudge=None,
    )


def restart(state: State, experiment: Experiment, start: MLP) -> State:
    """Epoch 0 of an experiment with the given weights."""
    trainer = experiment.trainer(start)
    kept = state.selection if experiment.sizes == state.experiment.sizes else None
    return replace(
        state,
        experiment=experiment,
        start=trainer.model,
        standing=standing(trainer),
        changed_at=None,
        running=False,
        playback=None,
        selection=kept,
        nudge=None,
        reading=None,
        note="",
    )
