"""The state and its one function: stepping, editing, rewinding, remedies. It needs no page and no view."""

from __future__ import annotations

import numpy as np
import pytest

from perceptorium import messages as m
from perceptorium.actions import parse
from perceptorium.engine import InvalidValue
from perceptorium.experiment import Experiment
from perceptorium.selection import Neuron, Weight
from perceptorium.session import State, findings, initial_state, update


def after(*messages: m.Message, experiment: Experiment | None = None) -> State:
    state = initial_state(experiment)
    for message in messages:
        state = update(state, message)
    return state


def same(one: State, other: State) -> bool:
    return all(
        np.array_equal(a, b)
        for a, b in zip(
            (*one.model.weights, *one.model.biases), (*other.model.weights, *other.model.biases), strict=True
        )
    )


PHASES = ["zero_grad", *["forward"] * 3, "loss", *["backward"] * 3, "step"]


def test_a_step_line_by_line_is_an_epoch() -> None:
    state, seen = after(), []
    for _ in PHASES:
        state = update(state, m.StepLine())
        assert state.playback is not None
        assert state.playback.frame.phase is not None
        seen.append(state.playback.frame.phase.kind)
    assert seen == PHASES
    assert state.standing.epoch == 1
    assert same(state, after(m.StepEpoch()))


@pytest.mark.parametrize("message", [m.ToggleTraining(), m.StepEpoch(), m.Play("forward")])
def test_leaving_a_step_completes_it(message: m.Message) -> None:
    state = after(*[m.StepLine()] * 4, message, m.ToggleTraining(), m.ToggleTraining())
    assert state.standing.epoch >= 1


def test_a_forward_pass_changes_nothing() -> None:
    state = after(m.Play("forward"))
    pictures = 0
    while state.playback is not None:
        pictures += 1
        state = update(state, m.Beat())
    assert pictures == 3
    assert state.standing.epoch == 0
    assert same(state, after())


def test_a_backward_pass_ends_with_the_update() -> None:
    state = after(m.Play("backward"))
    kinds = []
    while state.playback is not None:
        assert state.playback.frame.phase is not None
        kinds.append(state.playback.frame.phase.kind)
        state = update(state, m.Beat())
    assert kinds == ["loss", *["backward"] * 3, "step"]
    assert same(state, after(m.StepEpoch()))


def test_reset_returns_to_the_same_weights_and_stops() -> None:
    state = after(m.ToggleTraining(), m.Advance(100), m.Reset())
    assert not state.running
    assert (state.standing.epoch, len(state.history.epoch)) == (0, 1)
    assert same(state, after())


def test_rate_and_activation_keep_the_training_and_sizes_do_not() -> None:
    state = after(m.ToggleTraining(), m.Advance(10))
    changed = update(update(state, m.Configure((("learning_rate", 0.5),))), m.Configure((("activation", "Tanh"),)))
    assert changed.standing.epoch == 10
    assert changed.running
    assert same(changed, state)
    assert changed.model.hidden == "Tanh"
    assert changed.standing.loss != state.standing.loss
    assert update(changed, m.SetNeurons(1, 3)).standing.epoch == 0
    assert same(update(update(state, m.SetNeurons(1, 3)), m.SetNeurons(1, 4)), after())


def test_an_edited_weight_is_trained_on() -> None:
    state = after(m.StepEpoch(), m.SetParameter(Weight(1, 1, 2), 0.75), m.SetParameter(Neuron(3, 0), -0.5))
    assert state.model.weights[0][1, 2] == 0.75
    assert state.model.biases[2][0] == -0.5
    assert state.standing.epoch == 1
    assert state.history.loss[-1] == state.standing.loss
    trained = update(state, m.StepEpoch())
    assert trained.standing.epoch == 2
    assert trained.standing.loss < state.standing.loss


def test_rewinding_forks() -> None:
    state = after(m.ToggleTraining(), *[m.Advance(1)] * 30)
    kept = state.history.kept_epochs
    back = update(state, m.Rewind(5))
    assert back.standing.epoch == kept[5]
    assert same(back, after(m.ToggleTraining(), m.Advance(kept[5])))
    assert back.history.epoch[-1] == kept[5]
    fork = update(update(back, m.Configure((("learning_rate", 0.5),))), m.StepEpoch())
    assert fork.standing.epoch == kept[5] + 1
    assert not same(fork, after(m.ToggleTraining(), m.Advance(kept[5] + 1)))


def test_rewinding_past_a_change_of_activation() -> None:
    state = after(m.ToggleTraining(), *[m.Advance(1)] * 10, m.Configure((("activation", "Sigmoid"),)), m.Advance(5))
    back = update(state, m.Rewind(3))
    assert back.standing.epoch == state.history.kept_epochs[3]
    assert back.model.hidden == "Sigmoid"


def test_divergence_ends_in_words_with_finite_weights() -> None:
    experiment = Experiment(learning_rate=1.0, loss="HalfSquaredError", activation="ReLU")
    state = after(experiment=experiment)
    for layer, (rows, columns) in enumerate(((2, 4), (4, 4), (4, 1)), start=1):
        for source in range(rows):
            for target in range(columns):
                state = update(state, m.SetParameter(Weight(layer, source, target), 100.0 * (-1) ** (source + target)))
    state = update(update(state, m.ToggleTraining()), m.Advance(500))
    assert all(np.isfinite(weights).all() for weights in state.model.weights)
    assert np.isfinite(state.standing.loss)
    assert state.note or findings(state)


@pytest.mark.parametrize("hidden", [(), (2,)])
def test_a_remedy_changes_the_experiment_and_trains(hidden: tuple[int, ...]) -> None:
    state = after(m.ToggleTraining(), m.Advance(3000), experiment=Experiment(hidden=hidden, seed=4))
    found = findings(state)
    assert found
    position = next(index for index, finding in enumerate(found) if finding.remedy)
    remedied = update(state, m.ApplyRemedy(position))
    assert remedied.running
    assert remedied.experiment != state.experiment


def test_a_perceptron_is_told_to_grow() -> None:
    state = after(m.ToggleTraining(), m.Advance(3000), experiment=Experiment(hidden=()))
    remedies = [dict(finding.remedy) for finding in findings(state)]
    assert {"hidden": (4,)} in remedies


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("neurons:1", "9"),
        ("neurons:7", "2"),
        ("neurons:1", "2.5"),
        ("field:learning_rate", "7"),
        ("field:activation", "GELU"),
        ("parameter:1:0:0", "nan"),
        ("parameter:9:0:0", "1"),
        ("parameter:1:8:0", "1"),
        ("parameter:0:0", "1"),
        ("nudge:3:0:1:1", ""),
        ("nudge:4:0:0:1", ""),
        ("nudge:1:2:0:-1", ""),
        ("select:1:4", ""),
        ("select:4:0", ""),
        ("select:2:0:4", ""),
        ("nudge-size", "-1"),
        ("rewind", "99"),
        ("speed", "x"),
        ("unknown", ""),
    ],
)
def test_what_is_not_allowed_is_refused_in_words(action: str, value: str) -> None:
    state = after()
    with pytest.raises(InvalidValue) as refusal:
        update(state, parse(action, value))
    assert len(str(refusal.value)) > 20
    assert same(state, after())
