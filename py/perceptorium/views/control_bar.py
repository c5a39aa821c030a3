"""The workbench's controls and readings."""

from __future__ import annotations

from perceptorium.experiment import FIELDS, Experiment
from perceptorium.fields import Number
from perceptorium.session import State
from perceptorium.session.setup import can_add_layer
from perceptorium.views.controls import button, output, radios, spin
from perceptorium.views.locks import locked
from perceptorium.views.markup import Element, h
from perceptorium.views.numbers import loss_text, percent
from perceptorium.views.paint import Paint, Texts
from perceptorium.views.settings import settings


def control_bar(state: State) -> Element:
    """Architecture and hyperparameters, then what trains, and the three readings."""
    return locked(h("div", _architecture(state), _run_bar(state), class_="controls"), state.lock)


def control_bar_paint(state: State) -> tuple[Paint, ...]:
    """The readings."""
    return tuple(Texts(slot, (text,)) for slot, text in _readings(state).items())


def control_bar_frame(state: State) -> tuple[object, ...]:
    """All but the readings."""
    return state.experiment, state.running, state.speed, state.beat_ms, state.engine, state.rates, state.lock


def _readings(state: State) -> dict[str, str]:
    standing = state.standing
    return {"epoch": str(standing.epoch), "loss": loss_text(standing.loss), "accuracy": percent(standing.accuracy)}


def _architecture(state: State) -> Element:
    experiment = state.experiment
    layers = tuple(
        spin(f"Hidden layer {layer} neurons", neurons, 1, 8, f"neurons:{layer}", label=f"Hidden layer {layer}")
        for layer, neurons in enumerate(experiment.hidden, start=1)
    )
    activations = tuple((name, name) for name in ("ReLU", "Sigmoid", "Tanh"))
    return h(
        "div",
        h(
            "div",
            button("Remove layer", "remove-layer", disabled=not experiment.hidden),
            layers,
            button("Add layer", "add-layer", disabled=not can_add_layer(experiment)),
            class_="group",
            role="group",
            aria_label="Architecture",
        ),
        radios("Activation", "activation", activations, experiment.activation, "field:activation", part="activation"),
        _learning_rate(experiment),
        settings(state),
        class_="bar",
    )


def _learning_rate(experiment: Experiment) -> Element:
    limits = FIELDS["learning_rate"]
    assert isinstance(limits, Number)
    slider = h(
        "input",
        type="range",
        aria_label="Learning rate",
        min=f"{limits.low:g}",
        max=f"{limits.high:g}",
        step="0.001",
        value=f"{experiment.learning_rate:g}",
        data_input="field:learning_rate",
        autocomplete="off",
    )
    return h(
        "label",
        h("span", "Learning rate ", h("span", "η", aria_hidden="true"), class_="label"),
        slider,
        h("span", f"{experiment.learning_rate:.3f}", class_="number", aria_hidden="true"),
        class_="field rate",
        data_part="learning_rate",
    )


def _run_bar(state: State) -> Element:
    readings = _readings(state)
    return h(
        "div",
        h(
            "div",
            button("Pause" if state.running else "Train", "train", kind="primary"),
            button("Step epoch", "step-epoch"),
            button("Step line", "step-line"),
            button("Forward pass", "play:forward"),
            button("Backward pass", "play:backward"),
            button("Reset", "reset"),
            button("New weights", "new-weights"),
            class_="group",
            role="group",
            aria_label="Training",
        ),
        h(
            "div",
            output("Epoch", readings["epoch"], slot="epoch"),
            output("Loss", readings["loss"], slot="loss"),
            output("Accuracy", readings["accuracy"], slot="accuracy", unit="%"),
            class_="group readings",
        ),
        class_="bar",
    )
