"""From the app's state to the picture of the network: which numbers stand in it at this moment."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from perceptorium.engine import Dataset
from perceptorium.engine.program import Array
from perceptorium.experiment import Experiment
from perceptorium.selection import Weight
from perceptorium.session import Playback, State, findings
from perceptorium.views.caption import largest_change
from perceptorium.views.numbers import short
from perceptorium.views.scene import Scene

WIDEST_GRADIENT = 6.0
"""Line width of the largest gradient in a backward pass, where widths compare gradients with each other."""

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
    if state.playback is not None:
        return _playing(state, state.playback, functions)
    x = dataset(experiment).x[shown_rows(state)]
    units = (x, *state.model.forward(x).a[1:])
    return Scene(
        experiment.sizes,
        functions,
        state.model.weights,
        tuple(values.T for values in units),
        selection=state.selection,
        flagged=flagged(state),
        narrow=state.narrow,
    )


def flagged(state: State) -> frozenset[tuple[int, int]]:
    """Layer and index of the neurons that the diagnosis names; it is made while nothing moves."""
    if state.running or state.playback is not None:
        return frozenset()
    return frozenset(
        (finding.layer, unit - 1) for finding in findings(state) for unit in finding.units if finding.layer is not None
    )


def _playing(state: State, playback: Playback, functions: tuple[str, ...]) -> Scene:
    frame = playback.frame
    assert frame.phase is not None
    kind, layer = frame.phase.kind, frame.phase.layer
    shown = Scene(
        state.experiment.sizes,
        functions,
        frame.model.weights,
        _units(state, frame.x, frame.a, shown_rows(state)),
        direction="forward" if kind == "forward" else "backward" if kind == "backward" else None,
        lit_edges=layer,
        lit_units=layer,
        selection=state.selection,
        narrow=state.narrow,
    )
    if kind == "backward":
        edges = tuple(
            np.full_like(weight, np.nan) if grad is None else grad
            for weight, grad in zip(frame.model.weights, frame.weight_grads, strict=True)
        )
        units = _units(state, np.full_like(frame.x, np.nan), frame.delta, shown_rows(state))
        return replace(
            shown,
            edges=edges,
            units=units,
            edge_width=WIDEST_GRADIENT / _largest(edges),
            fill_opacity=0.5 / _largest(units),
        )
    if kind == "step":
        weight, old, new = largest_change(frame)
        if isinstance(state.selection, Weight):
            weight = state.selection
            assert frame.before is not None
            old, new = (
                float(model.weights[weight.layer - 1][weight.source, weight.target])
                for model in (frame.before, frame.model)
            )
        return replace(shown, direction="step", label=(weight, f"{short(old)} → {short(new)}"))
    return shown


def _units(state: State, x: Array, layers: tuple[Array | None, ...], rows: slice) -> tuple[Array, ...]:
    """Numbers for the neurons, ``(units, rows)`` for each layer; NaN where a layer has none yet."""
    first = _rows_of(x, rows)
    empty = ((size, first.shape[1]) for size in state.experiment.sizes[1:])
    return (
        first,
        *(np.full(shape, np.nan) if values is None else _rows_of(values, rows)
          for shape, values in zip(empty, layers, strict=True)),
    )  # fmt: skip


def _largest(arrays: tuple[Array, ...]) -> float:
    """The largest magnitude that is known, or 1 where all are 0."""
    return max(float(np.nan_to_num(np.abs(array)).max()) for array in arrays) or 1.0


def _rows_of(values: Array, rows: slice) -> Array:
    """The shown rows as ``(units, rows)``; a batch that lacks them is shown by its own rows."""
    inside = values[rows]
    if len(inside) == 0:
        inside = values[:1] if rows.stop - rows.start == 1 else values[:SIDE_BY_SIDE]
    return np.asarray(inside.T)
