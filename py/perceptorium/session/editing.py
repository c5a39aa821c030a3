"""What changes a single parameter by hand, and what goes back in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from perceptorium.engine import MLP, InvalidValue
from perceptorium.engine.program import Array
from perceptorium.selection import Neuron, Weight, check_place
from perceptorium.session.standing import Standing, standing
from perceptorium.session.state import Nudge, State
from perceptorium.session.training import finish_playback
from perceptorium.session.workspace import snapshot


def set_parameter(state: State, place: Neuron | Weight, value: float) -> State:
    """Give a weight, or a neuron's bias, another value; training goes on from there."""
    check_place(state.experiment.sizes, place)
    if place.layer == 0:
        raise InvalidValue(f"place is {place}; an input has no bias")
    state = finish_playback(state)
    return _put(state, _with_model(state, _changed(state.model, place, value)))


def nudge_weight(state: State, weight: Weight, direction: int) -> State:
    """Change a weight by ±ε, and note the loss that came of it beside the one that its gradient predicts."""
    check_place(state.experiment.sizes, weight)
    state = finish_playback(state)
    by = direction * state.nudge_size
    before = snapshot(state)
    gradient = before.weight_grads[weight.layer - 1]
    assert gradient is not None
    value = float(state.model.weights[weight.layer - 1][weight.source, weight.target])
    after = _with_model(state, _changed(state.model, weight, value + by))
    predicted = state.standing.loss + by * float(gradient[weight.source, weight.target])
    nudge = Nudge(by, state.standing.loss, after.loss, predicted)
    return replace(_put(state, after), nudge=nudge)


def rewind(state: State, position: int) -> State:
    """The kept moment ``position`` of the history, with what came after it forgotten."""
    state = finish_playback(state)
    kept = state.history.kept
    if not 0 <= position < len(kept):
        raise InvalidValue(f"position is {position}; the history keeps {len(kept)} moments")
    trainer = state.experiment.trainer(kept[position].model)
    trainer.take_up(replace(state.standing.checkpoint, moment=kept[position]))
    changed_at = state.changed_at if state.changed_at is not None and state.changed_at < trainer.epoch else None
    back = standing(trainer)
    return replace(state, standing=back, changed_at=changed_at, running=False, reading=None, nudge=None, note="")


def _put(state: State, after: Standing) -> State:
    """The state with other weights. Before training they are simply the ones that it starts from."""
    if after.epoch == 0:
        return replace(state, standing=after, start=after.model, nudge=None, note="")
    return replace(state, standing=after, changed_at=state.first_change, nudge=None, note="")


def _with_model(state: State, model: MLP) -> Standing:
    trainer = state.experiment.trainer(model)
    trainer.take_up(state.standing.checkpoint, model)
    return standing(trainer)


def _changed(model: MLP, place: Neuron | Weight, value: float) -> MLP:
    """The network with one parameter changed."""
    weights, biases = list(model.weights), list(model.biases)
    layer = place.layer - 1
    if isinstance(place, Neuron):
        biases[layer] = _set(biases[layer], (place.index,), value)
    else:
        weights[layer] = _set(weights[layer], (place.source, place.target), value)
    return model.with_parameters(weights, biases)


def _set(array: Array, index: tuple[int, ...], value: float) -> Array:
    changed = np.array(array)
    changed[index] = value
    return changed
