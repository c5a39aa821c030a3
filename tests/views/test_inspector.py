"""The inspector's numbers are the engine's, to the last printed digit, and its arithmetic adds up."""

from __future__ import annotations

import re

import numpy as np
import pytest

from perceptorium import messages as m
from perceptorium.experiment import Experiment
from perceptorium.selection import Neuron, Selection, Weight
from perceptorium.session import State, initial_state, snapshot, update
from perceptorium.views.inspector import inspector
from perceptorium.views.markup import text_content
from perceptorium.views.numbers import MINUS, short


def inspecting(selection: Selection, *messages: m.Message, experiment: Experiment | None = None) -> tuple[State, str]:
    state = update(initial_state(experiment), m.Select(selection))
    for message in messages:
        state = update(state, message)
    return state, text_content(inspector(state))


def numbers(formula: str) -> list[float]:
    return [float(text.replace(MINUS, "-")) for text in re.findall(rf"{MINUS}?\d+(?:\.\d+)?(?:e{MINUS}?\d+)?", formula)]


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("row", [0, 1, 2, 3])
def test_a_neuron_shows_its_numbers(layer: int, row: int) -> None:
    state, text = inspecting(Neuron(layer, 2), m.ShowRow(row), m.ToggleTraining(), m.Advance(20), m.ToggleTraining())
    seen = snapshot(state)
    z, a, delta = (values[layer - 1][row, 2] for values in (seen.z, seen.a, seen.delta))  # type: ignore[index]
    assert f"= {short(float(z))}a = ReLU({short(float(z))}) = {short(float(a))}" in text
    assert text.count(short(float(delta))) >= 1
    assert f"F.relu(fc{layer}({'x' if layer == 1 else 'h1'}))[2]" in text


def test_the_terms_of_the_sum_add_up() -> None:
    _, text = inspecting(Neuron(2, 0), m.ToggleTraining(), m.Advance(50), m.ToggleTraining())
    formula = text[text.index("z = ") + 4 : text.index("a = ReLU")]
    *terms, bias, z = numbers(formula)
    products = np.array(terms).reshape(-1, 2).prod(axis=1)
    assert products.sum() + bias == pytest.approx(z, abs=2e-3)


def test_a_weight_shows_the_chain_rule_and_the_coming_update() -> None:
    weight = Weight(3, 1, 0)
    state, text = inspecting(weight, m.ToggleTraining(), m.Advance(20), m.ToggleTraining())
    gradient = float(snapshot(state).weight_grads[2][1, 0])  # type: ignore[index]
    value = float(state.model.weights[2][1, 0])
    after = update(state, m.StepEpoch())
    assert f"= {short(gradient)}" in text
    assert f"w: {short(value)} → {short(float(after.model.weights[2][1, 0]))}" in text
    product = text[text.index("Σ δ·a = ") + 8 : text.index("−η·∂L/∂w")]
    *pairs, total = numbers(product)
    assert np.array(pairs).reshape(-1, 2).prod(axis=1).sum() == pytest.approx(total, rel=1e-2)
    assert total == pytest.approx(gradient, rel=1e-3)


@pytest.mark.parametrize("optimiser", ["SGD with momentum", "Adam"])
def test_the_coming_update_is_the_optimisers_own(optimiser: str) -> None:
    experiment = Experiment(optimiser=optimiser, learning_rate=0.01)
    state, text = inspecting(Weight(1, 0, 0), *[m.StepEpoch()] * 3, experiment=experiment)
    after = update(state, m.StepEpoch())
    old, new = (float(each.model.weights[0][0, 0]) for each in (state, after))
    assert f"{optimiser}'s update = {short(new - old)}" in text
    assert f"w: {short(old)} → {short(new)}" in text


def test_a_nudge_shows_what_the_gradient_predicted() -> None:
    weight = Weight(3, 2, 0)
    state, _ = inspecting(weight, m.SetNudge(0.001))
    before = state.standing.loss
    state = update(state, m.NudgeWeight(weight, 1))
    assert state.nudge is not None
    assert state.nudge.before == before
    assert state.nudge.after == state.standing.loss != before
    assert state.nudge.predicted == pytest.approx(state.nudge.after, abs=1e-6)
    assert f"{state.nudge.predicted:.6f}" in text_content(inspector(state))


def test_a_step_shows_only_what_it_has_computed() -> None:
    state, text = inspecting(Neuron(2, 0), m.StepLine(), m.StepLine())
    assert "has not computed this neuron yet" in text
    state = update(state, m.StepLine())
    assert "a = ReLU(" in text_content(inspector(state))
    assert "δ = (" not in text_content(inspector(state))
