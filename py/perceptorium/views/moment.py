"""From the app's state to the picture of the network: which numbers stand in it at this moment."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from perceptorium.engine import Dataset
from perceptorium.engine.program import Array
from perceptorium.experiment import Experiment
from perceptorium.session import Playback, State
from perceptorium.views.scene import Scene

SIDE_BY_SIDE = 4
"""Rows that one neuron can show at once, a quarter of its disc each."""


@lru_cache(maxsize=4)
def dataset(experiment: Experiment) -> Dataset:
    """The experiment's rows; the same object for the same experiment."""
    return experiment.data()


def shown_rows(state: State) -> slice:
    """The rows of the data that the diagram shows: the chosen one, or the first four."""
    return slice(state.row, state.row + 1) if state.row is not None else slice(0, SIDE_BY_SIDE)


def scene(state: State) -> Scene:
    """What the network diagram shows."""
    experiment = state.experiment
    functions = ("", *[experiment.activation] * len(experiment.hidden), state.model.output)
    if state.playback is None:
        x = dataset(experiment).x[shown_rows(state)]
        units = (x, *state.model.forward(x).a[1:])
        return Scene(
            experiment.sizes,
            functions,
            state.model.weights,
            tuple(values.T for values in units),
            narrow=state.narrow,
        )
    return _playing(state, state.playback, functions)


def _playing(state: State, playback: Playback, functions: tuple[str, ...]) -> Scene:
    frame = playback.frame
    assert frame.phase is not None
    kind, layer = frame.phase.kind, frame.phase.layer
    rows = shown_rows(state)
    backward = kind == "backward"
    computed = frame.delta if backward else frame.a
    sizes = state.experiment.sizes
    units = [np.full((sizes[0], 1), np.nan) if backward else _rows_of(frame.x, rows)]
    units += [
        np.full((size, units[0].shape[1]), np.nan) if values is None else _rows_of(values, rows)
        for size, values in zip(sizes[1:], computed, strict=True)
    ]
    edges = frame.model.weights
    if backward:
        edges = tuple(
            np.full_like(weight, np.nan) if grad is None else grad
            for weight, grad in zip(frame.model.weights, frame.weight_grads, strict=True)
        )
        units[0] = np.full((sizes[0], units[-1].shape[1]), np.nan)
    return Scene(
        sizes,
        functions,
        edges,
        tuple(units),
        quantity="delta" if backward else "a",
        edge_quantity="grad" if backward else "weight",
        direction="forward" if kind == "forward" else "backward" if backward else "step" if kind == "step" else None,
        lit_edges=layer,
        lit_units=layer,
        narrow=state.narrow,
    )


def _rows_of(values: Array, rows: slice) -> Array:
    """The shown rows as ``(units, rows)``; a batch that lacks them is shown by its own rows."""
    inside = values[rows]
    if len(inside) == 0:
        inside = values[:1] if rows.stop - rows.start == 1 else values[:SIDE_BY_SIDE]
    return np.asarray(inside.T)
