"""The network in words, for whoever does not see the diagram: layers, strongest weights, prediction for each row."""

from __future__ import annotations

import numpy as np

from perceptorium.engine import MLP
from perceptorium.selection import Weight
from perceptorium.session import State
from perceptorium.views.markup import Element, h
from perceptorium.views.moment import SIDE_BY_SIDE, dataset
from perceptorium.views.numbers import short
from perceptorium.views.scene import layer_name, weight_name

STRONGEST = 3
"""Weights that are named; all of them can be reached in the diagram, each with its number in the inspector."""


def network_text(state: State) -> Element:
    """A short text, hidden from sight: the diagram shows the same."""
    return h(
        "div",
        h("p", layers_text(state)),
        h("p", weights_text(state.model)),
        h("ul", *(h("li", text) for text in prediction_texts(state))),
        class_="unseen",
        role="group",
        aria_label="Network in words",
    )


def network_text_frame(state: State) -> tuple[object, ...]:
    """All that it shows."""
    return state.experiment, state.model


def layers_text(state: State) -> str:
    """How many units each layer has, and what they do."""
    model, last = state.model, len(state.model.sizes) - 1
    parts = []
    for layer, units in enumerate(model.sizes):
        function = "" if layer == 0 else f" with {model.output if layer == last else model.hidden}"
        parts.append(f"{layer_name(layer, last + 1)}: {units} {'unit' if units == 1 else 'units'}{function}")
    return f"{'; '.join(parts)}. {model.parameter_count} parameters."


def weights_text(model: MLP) -> str:
    """The weights of the largest magnitude, the strongest first."""
    places = [
        (float(value), Weight(layer, source, target))
        for layer, weights in enumerate(model.weights, start=1)
        for (source, target), value in np.ndenumerate(weights)
    ]
    strongest = sorted(places, key=lambda place: -abs(place[0]))[:STRONGEST]
    named = (f"{weight_name(weight, len(model.sizes))}, {short(value)}" for value, weight in strongest)
    return f"Strongest: {'; '.join(named)}."


def prediction_texts(state: State) -> tuple[str, ...]:
    """Prediction and target of the rows that the diagram can show."""
    data = dataset(state.experiment)
    x, y = data.x[:SIDE_BY_SIDE], data.y[:SIDE_BY_SIDE]
    outputs = state.model.forward(x).a[-1]
    return tuple(
        f"Row {', '.join(f'{value:g}' for value in row)}: output {prediction[0]:.4f}, target {target[0]:g}"
        for row, prediction, target in zip(x.tolist(), outputs.tolist(), y.tolist(), strict=True)
    )
