"""The region *Inspector*: every number of the selected neuron or weight, and the arithmetic behind it."""

from __future__ import annotations

from perceptorium.actions import LARGEST_PARAMETER
from perceptorium.engine import Snapshot
from perceptorium.selection import Neuron, Weight
from perceptorium.session import Nudge, State, snapshot
from perceptorium.views.controls import button, spin
from perceptorium.views.formula import (
    activation_line,
    biases_of,
    delta_line,
    expression,
    gradient_line,
    number,
    weighted_sum,
    weights_of,
)
from perceptorium.views.markup import Child, Element, h
from perceptorium.views.moment import dataset
from perceptorium.views.numbers import fixed
from perceptorium.views.scene import neuron_name, weight_name

SLIDER = 5
"""Parameters can be dragged from minus to plus this value; any other can be typed."""

WIDTH = 9
"""Characters of a number in a table."""


def inspector(state: State) -> Element:
    """What is selected, or how to select."""
    body = _body(state)
    return h("div", h("h3", "Inspector"), body, role="region", aria_label="Inspector", class_="inspector")


def inspector_frame(state: State) -> tuple[object, ...]:
    """The inspector's numbers all move: there is something to show anew whenever the network has changed."""
    if state.selection is None:
        return (None,)
    return (state.selection, state.standing, state.playback, state.row, state.nudge, state.experiment)


def _body(state: State) -> Child:
    frame = state.playback.frame if state.playback else snapshot(state)
    match state.selection:
        case None:
            return h("p", "Select a neuron or a connection in the diagram to see its numbers: click it, or move to it "
                     "with Tab and the arrow keys and press Enter.", class_="hint")  # fmt: skip
        case Neuron(layer=0) as neuron:
            return _input(state, neuron)
        case Neuron() as neuron:
            return _neuron(state, frame, neuron)
        case Weight() as weight:
            return _weight(state, frame, weight)


def _input(state: State, neuron: Neuron) -> Child:
    layers = len(state.experiment.sizes)
    values = dataset(state.experiment).x[:, neuron.index]
    shown = values if state.row is None else values[state.row : state.row + 1]
    return (
        h("h4", neuron_name(neuron.layer, neuron.index, layers)),
        h("p", f"x = {', '.join(number(float(value)) for value in shown[:8])}", class_="formula"),
        h("p", "An input computes nothing: it holds one column of the data.", class_="hint"),
        _code(expression(neuron, layers, "Identity", state.row)),
    )


def _neuron(state: State, frame: Snapshot, neuron: Neuron) -> Child:
    layers = len(state.experiment.sizes)
    function = state.model.output if neuron.layer == layers - 1 else state.experiment.activation
    row = _row_in(frame, state)
    return (
        h("h4", neuron_name(neuron.layer, neuron.index, layers)),
        _neuron_table(state, frame, neuron),
        _arithmetic(state, frame, neuron, row, function),
        _code(expression(neuron, layers, function, state.row)),
        _by_hand("Bias", "b", float(biases_of(frame, neuron.layer)[neuron.index]), neuron.layer, neuron.index),
    )  # fmt: skip


def _arithmetic(state: State, frame: Snapshot, neuron: Neuron, row: int | None, function: str) -> Child:
    if row is None:
        return h("p", "Choose one row to see the arithmetic.", class_="hint")
    if frame.z[neuron.layer - 1] is None:
        return h("p", "This step has not computed this neuron yet.", class_="hint")
    layers = len(state.experiment.sizes)
    return (
        weighted_sum(frame, neuron, row, layers),
        activation_line(frame, neuron, row, function),
        delta_line(frame, neuron, row, layers, state.experiment.loss),
    )


def _neuron_table(state: State, frame: Snapshot, neuron: Neuron) -> Element:
    """z, a and δ of the shown rows, one line a row; b is the same for all."""
    row = _row_in(frame, state)
    rows = range(min(len(frame.x), 8)) if row is None else (row,)
    z, a, delta = frame.z[neuron.layer - 1], frame.a[neuron.layer - 1], frame.delta[neuron.layer - 1]
    b = biases_of(frame, neuron.layer)[neuron.index]
    body = (
        h("tr", h("th", f"({', '.join(f'{value:g}' for value in frame.x[k])})", scope="row"),
          *(h("td", "" if values is None else fixed(float(values[k, neuron.index]), WIDTH)) for values in (z, a)),
          h("td", fixed(float(b), WIDTH)),
          h("td", "" if delta is None else fixed(float(delta[k, neuron.index]), WIDTH)))
        for k in rows
    )  # fmt: skip
    names = ("x", "z", "a", "b", "δ")
    return h("table", h("thead", h("tr", *(h("th", name, scope="col") for name in names))), h("tbody", *body),
             class_="numbers", aria_label="Numbers of this neuron")  # fmt: skip


def _weight(state: State, frame: Snapshot, weight: Weight) -> Child:
    layers = len(state.experiment.sizes)
    value = float(weights_of(frame, weight.layer)[weight.source, weight.target])
    return (
        h("h4", weight_name(weight, layers)),
        h("p", f"w = {number(value)}", class_="formula"),
        _gradient(state, frame, weight, value),
        _code(f"model.fc{weight.layer}.weight[{weight.target}, {weight.source}]"),
        _by_hand("Weight", "w", value, weight.layer, weight.source, weight.target),
        _nudges(state, weight),
    )  # fmt: skip


def _gradient(state: State, frame: Snapshot, weight: Weight, value: float) -> Child:
    layers = len(state.experiment.sizes)
    line = gradient_line(frame, weight, layers)
    if line is None:
        return h("p", "This step has not computed the gradient yet.", class_="hint")
    after = _after(state, frame, weight)
    change = after - value
    grads = frame.weight_grads[weight.layer - 1]
    assert grads is not None
    plain = state.experiment.optimiser == "SGD"
    rate = state.experiment.learning_rate
    rule = f"−η·∂L/∂w = −{rate:g}·{number(float(grads[weight.source, weight.target]))}" if plain else (
        f"{state.experiment.optimiser}'s update")  # fmt: skip
    return (
        line,
        h("p", f"{rule} = {number(change)}", class_="formula", data_part="step learning_rate optimiser"),
        h("p", f"w: {number(value)} → {number(after)}", class_="formula"),
    )


def _after(state: State, frame: Snapshot, weight: Weight) -> float:
    """The weight after the step, as the optimiser itself computes it."""
    from perceptorium.session import next_model

    model = frame.model if frame.before else next_model(state)
    return float(model.weights[weight.layer - 1][weight.source, weight.target])


def _nudges(state: State, weight: Weight) -> Child:
    where = f"{weight.layer}:{weight.source}:{weight.target}"
    return h(
        "div",
        spin("Nudge size", state.nudge_size, 0.001, 1, "nudge-size", step=0.001, label="Nudge size ε"),
        button("Nudge down", f"nudge:{where}:-1"),
        button("Nudge up", f"nudge:{where}:1"),
        h("p", _nudge_result(state.nudge), class_="formula", role="status"),
        class_="group nudge",
    )


def _nudge_result(nudge: Nudge | None) -> str:
    if nudge is None:
        return ""
    sign = "+" if nudge.by > 0 else "−"
    return (
        f"w {sign} {abs(nudge.by):g}: the loss went from {nudge.before:.6f} to {nudge.after:.6f}; "
        f"the gradient predicted {nudge.predicted:.6f}."
    )


def _row_in(frame: Snapshot, state: State) -> int | None:
    """The chosen row's place in the step's batch, or None for all."""
    return None if state.row is None else min(state.row, len(frame.x) - 1)


def _by_hand(name: str, symbol: str, value: float, *place: int) -> Element:
    """A parameter to type or to drag."""
    action = ":".join(map(str, ("parameter", *place)))
    written = round(value, 4)
    return h(
        "div",
        spin(name, written, -LARGEST_PARAMETER, LARGEST_PARAMETER, action, step=0.05, label=f"{name} {symbol}"),
        h(
            "input",
            type="range",
            aria_label=f"{name}, dragged",
            min=-SLIDER,
            max=SLIDER,
            step=0.01,
            value=f"{written:g}",
            data_input=action,
            autocomplete="off",
        ),
        class_="parameter",
    )


def _code(text: str) -> Element:
    return h("p", h("code", text), class_="expression")
