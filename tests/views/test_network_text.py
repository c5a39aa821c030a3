"""The network in words says what the diagram shows."""

from __future__ import annotations

import numpy as np
import pytest

from perceptorium import messages as m
from perceptorium.experiment import Experiment
from perceptorium.session import initial_state, update
from perceptorium.session.training import result
from perceptorium.views.markup import render
from perceptorium.views.network_text import layers_text, network_text, prediction_texts, weights_text
from perceptorium.views.panels import PANELS


def test_layers_in_words() -> None:
    assert layers_text(initial_state()) == (
        "Input: 2 units; Hidden 1: 4 units with ReLU; Hidden 2: 4 units with ReLU; Output: 1 unit with Sigmoid. "
        "37 parameters."
    )
    perceptron = initial_state(Experiment(hidden=()))
    assert layers_text(perceptron) == "Input: 2 units; Output: 1 unit with Sigmoid. 3 parameters."


def test_the_strongest_weights_by_their_names() -> None:
    model = initial_state(Experiment(hidden=(2,))).model
    weights = tuple(np.full_like(weight, 0.1) for weight in model.weights)
    weights[0][1, 0], weights[1][1, 0] = -3.25, 2.0
    assert weights_text(model.with_parameters(weights, model.biases)).startswith(
        "Strongest: Weight from Input 2 to Hidden 1 neuron 1, −3.25; Weight from Hidden 1 neuron 2 to Output 1, 2; "
    )


def test_every_row_with_its_prediction() -> None:
    state = update(update(initial_state(), m.ToggleTraining()), m.Advance(2000))
    outputs = state.model.predict(state.experiment.data().x)[:, 0]
    assert prediction_texts(state)[2] == f"Row 1, 0: output {outputs[2]:.4f}, target 1"
    assert render(network_text(state)).count("<li>") == 4


@pytest.mark.parametrize("panel", PANELS)
def test_no_live_region_changes_from_frame_to_frame(panel: str) -> None:
    """What is read aloud is said once, not sixty times a second."""
    said = []
    state = initial_state(Experiment(stop_below=0.0))
    for message in (m.ProbeXor((0.3, 0.7)), m.ToggleTraining(), m.ToggleXor()):
        state = update(state, message)
    for _ in range(3):
        state = update(update(state, m.Advance(5)), m.AdvanceXor(2))
        said.append(live_texts(PANELS[panel].view(state)))
    assert said[0] == said[1] == said[2]


def live_texts(node: object) -> list[str]:
    """The texts of a tree that a screen reader announces when they change."""
    from perceptorium.views.markup import Element, text_content

    if not isinstance(node, Element) or node.get("aria-live") == "off":
        return []
    if node.get("role") in ("status", "alert") or node.get("aria-live") or node.tag == "output":
        return [text_content(node)]
    return [text for child in node.children for text in live_texts(child)]


def test_the_end_of_training_is_said_once_in_words() -> None:
    state = update(update(initial_state(), m.ToggleTraining()), m.Advance(3))
    assert state.note == ""
    paused = update(state, m.ToggleTraining())
    assert paused.note == f"Paused. {result(state)}"
    assert result(state).startswith("Epoch 3: loss 0.")
    done = update(update(paused, m.ToggleTraining()), m.Advance(5000))
    assert done.note == f"Stopped: the loss is below 0.01. {result(done)}"
