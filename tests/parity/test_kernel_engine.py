"""The compiled trainer against the engine's own: the same numbers, reports, history and stops."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perceptorium.engine import MLP, SGD, Adam, Trainer, from_arrays, xor
from perceptorium.engine.compiled.trainer import CompiledTrainer
from tests.engine.compiled.support import compiler

HIDDEN = ("ReLU", "Sigmoid", "Tanh", "Identity")
LOSS_AND_OUTPUT = (
    ("MSELoss", "Sigmoid"),
    ("BCELoss", "Sigmoid"),
    ("BCEWithLogitsLoss", "Identity"),
    ("HalfSquaredError", "Tanh"),
)
OPTIMISERS = (
    SGD(0.05),
    SGD(0.02, momentum=0.9, dampening=0.3),
    SGD(0.02, momentum=0.8, nesterov=True),
    Adam(0.01),
)
SHAPES = ((2, 4, 1), (2, 1), (2, 3, 2, 5, 1), (2, 4, 4, 1))
GRID = list(itertools.product(HIDDEN, LOSS_AND_OUTPUT, OPTIMISERS))

# Adam divides a gradient by its own size: where it has fallen to the last bits, their rounding becomes the step. In
# this case the engine and PyTorch differ by 2e-12 themselves after 250 epochs.
CHAOTIC = {15}


def both(model, data, **arguments):
    return Trainer(model, data, **arguments), CompiledTrainer(model, data, **arguments, compiler=compiler())


def assert_equal(reference, compiled, bound):
    assert (compiled.epoch, compiled.accuracy) == (reference.epoch, reference.accuracy)
    assert compiled.loss == pytest.approx(reference.loss, rel=0, abs=bound)
    for ours, theirs in zip(compiled.model.state_dict().items(), reference.model.state_dict().items(), strict=True):
        np.testing.assert_allclose(ours[1], theirs[1], rtol=0, atol=bound, err_msg=ours[0])
    np.testing.assert_array_equal(compiled.history.epoch, reference.history.epoch)
    np.testing.assert_allclose(compiled.history.loss, reference.history.loss, rtol=0, atol=bound)
    np.testing.assert_array_equal(compiled.history.accuracy, reference.history.accuracy)
    np.testing.assert_array_equal(compiled.finished_at, reference.finished_at)
    np.testing.assert_array_equal(compiled.diverged, reference.diverged)


@pytest.mark.parametrize("number", range(len(GRID)))
def test_full_batch_xor_is_the_engine_within_1e_13(number):
    hidden, (loss, output), optimiser = GRID[number]
    model = MLP.initialise(SHAPES[number % 4], hidden, output, "xavier_uniform", seed=number)
    reference, compiled = both(model, xor(), loss=loss, optimiser=optimiser)
    assert compiled.not_compiled is None
    assert reference.run(250) == compiled.run(250)  # more than one chunk
    assert_equal(reference, compiled, 1e-9 if number in CHAOTIC else 1e-13)


@pytest.mark.parametrize("number", range(0, len(GRID), 3))
def test_shuffled_batches_are_the_engine_within_1e_9(number):
    hidden, (loss, output), optimiser = GRID[number]
    outputs = 1 + number % 2
    random = np.random.default_rng(number)
    x = random.normal(size=(23, 2))
    data = from_arrays(x, x[:, :1] * x[:, 1:] > np.linspace(0, 0.3, outputs))
    model = MLP.initialise((2, 4, 3, outputs), hidden, output, "xavier_uniform", seed=number)
    batch = (1, 4, 10, 23)[number % 4]
    reference, compiled = both(
        model, data, loss=loss, optimiser=optimiser, batch_size=batch, shuffle=number % 3 > 0 or batch > 1, seed=number
    )
    assert reference.run(30) == compiled.run(30)
    assert_equal(reference, compiled, 1e-9)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(
    hidden=st.lists(st.integers(1, 8), max_size=4),
    outputs=st.integers(1, 3),
    inputs=st.integers(1, 3),
    rows=st.integers(1, 9),
    batch=st.none() | st.integers(1, 9),
    optimiser=st.sampled_from(OPTIMISERS),
    activation=st.sampled_from(HIDDEN),
    networks=st.none() | st.integers(1, 3),
)
def test_any_network_that_the_page_allows(hidden, outputs, inputs, rows, batch, optimiser, activation, networks):
    random = np.random.default_rng(rows)
    data = from_arrays(random.normal(size=(rows, inputs)), random.integers(0, 2, (rows, outputs)))
    seed = 3 if networks is None else list(range(networks))
    model = MLP.initialise((inputs, *hidden, outputs), activation, init="xavier_normal", seed=seed)
    reference, compiled = both(model, data, optimiser=optimiser, batch_size=batch)
    assert compiled.not_compiled is None
    assert reference.run(12) == compiled.run(12)
    for ours, theirs in zip(compiled.model.weights, reference.model.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
    np.testing.assert_allclose(compiled.loss, reference.loss, rtol=0, atol=1e-13)


@pytest.mark.parametrize("batch_size", [None, 1, 3])
def test_the_stop_rule_ends_both_after_the_same_epoch_and_lets_them_go_on(batch_size):
    model = MLP.initialise((2, 4, 1), "Tanh", seed=3)
    reference, compiled = both(model, xor(), optimiser=SGD(0.5), batch_size=batch_size, stop_below=0.05)
    for _ in range(2):
        report = reference.run(2000)
        assert report == compiled.run(2000)
        assert report.reason == "below_threshold"
        assert_equal(reference, compiled, 1e-12)
    assert report.epochs == 1


@pytest.mark.parametrize("batch_size", [None, 1])
def test_a_training_that_diverges_is_left_at_the_same_last_finite_state(batch_size):
    model = MLP.initialise((2, 1), "Identity", "Identity", seed=5)
    reference, compiled = both(model, xor(), optimiser=SGD(1.0 if batch_size else 1.6), batch_size=batch_size)
    report = reference.run(1000)
    assert report == compiled.run(1000)
    assert report.reason == "diverged"
    assert report.epochs > 200  # it is found again inside the second chunk
    for ours, theirs in zip(compiled.model.weights, reference.model.weights, strict=True):
        assert np.isfinite(ours).all()
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_a_saturated_output_does_not_hide_parameters_that_are_not_finite():
    model = MLP.initialise((2, 1), "ReLU", "Sigmoid", seed=6)
    reference, compiled = both(model, xor(), loss="HalfSquaredError", optimiser=SGD(1.7e308, momentum=0.99))
    report = reference.run(200)
    assert (report, "diverged") == (compiled.run(200), report.reason)
    assert_equal(reference, compiled, 1e300)


@pytest.mark.parametrize("loss", ["BCELoss", "BCEWithLogitsLoss"])
@pytest.mark.parametrize("size", [20.0, 40.0, 800.0])
def test_a_wrong_certainty_costs_what_it_costs_in_the_engine(loss, size):
    output = "Sigmoid" if loss == "BCELoss" else "Identity"
    model = MLP((np.array([[size], [size]]),), (np.array([-size / 2]),), output=output)
    reference, compiled = both(model, xor(), loss=loss, optimiser=SGD(0.5))
    assert reference.run(3) == compiled.run(3)
    assert_equal(reference, compiled, 1e-13 * size)


def test_a_begun_epoch_is_finished_before_the_kernel_takes_over():
    model = MLP.initialise((2, 4, 1), seed=7)
    reference, compiled = both(model, xor(), batch_size=1, optimiser=Adam(0.01))
    for trainer in (reference, compiled):
        for _ in range(2):
            list(trainer.walk())
    assert reference.run(1) == compiled.run(1)
    assert_equal(reference, compiled, 0.0)
    assert reference.run(5) == compiled.run(5)
    assert_equal(reference, compiled, 1e-13)


def test_switching_between_backends_and_going_back_changes_nothing_but_rounding():
    model = MLP.initialise((2, 4, 4, 1), seed=8)
    reference, compiled = both(model, xor(), optimiser=Adam(0.01), batch_size=2, shuffle=True, seed=9)
    reference.run(40)
    compiled.run(10)
    there = compiled.checkpoint()
    compiled.run(100)
    compiled.restore(there)
    compiled.compiler = None
    compiled.run(10)
    compiled.compiler = compiler()
    compiled.optimiser = Adam(0.01)
    compiled.run(20)
    assert_equal(reference, compiled, 1e-13)


def test_what_is_not_compiled_says_why_and_trains_on_numpy():
    large = MLP.initialise((2, 30, 30, 1), seed=10)
    without_eps = CompiledTrainer(MLP.initialise((2, 4, 1)), xor(), optimiser=Adam(eps=0.0), compiler=compiler())
    assert "'Adam without eps'" in (without_eps.not_compiled or "")
    ensemble = MLP.initialise((2, 3, 1), seed=[1, 2])
    switched_off = CompiledTrainer(large, xor())
    assert "switched off" in (switched_off.not_compiled or "")
    for model, why, seed in ((large, "1051 parameters", 1), (ensemble, "row order of its own", (1, 2))):
        reference, compiled = both(model, xor(), batch_size=2, shuffle=True, seed=seed)
        assert why in (compiled.not_compiled or "")
        assert reference.run(3) == compiled.run(3)
        np.testing.assert_array_equal(compiled.model.weights[0], reference.model.weights[0])


ENSEMBLES = [
    {"loss": "HalfSquaredError", "optimiser": SGD(0.3), "batch_size": 1, "stop_below": 0.02},
    {"optimiser": SGD(0.3), "stop_below": 0.1},
    {"optimiser": Adam(0.02), "batch_size": 3, "shuffle": True, "stop_below": 0.1},
    {"optimiser": SGD(0.3, momentum=0.5, dampening=0.2), "stop_below": 0.1},
]


@pytest.mark.parametrize("arguments", ENSEMBLES)
def test_an_ensemble_rests_and_goes_on_network_by_network_as_in_the_engine(arguments):
    model = MLP.initialise((2, 4, 1), seed=list(range(21)))
    reference, compiled = both(model, xor(), **arguments)
    for epochs in (1, 90, 359):
        assert reference.run(epochs) == compiled.run(epochs)
        assert compiled.epoch == reference.epoch
        np.testing.assert_array_equal(compiled.finished_at, reference.finished_at)
        np.testing.assert_allclose(compiled.loss, reference.loss, rtol=0, atol=1e-12)
        for ours, theirs in zip(compiled.model.weights, reference.model.weights, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
    assert 5 < (reference.finished_at >= 0).sum() < 21
    compiled.compiler = None
    assert reference.run(20) == compiled.run(20)
    np.testing.assert_array_equal(compiled.finished_at, reference.finished_at)


def test_members_of_an_ensemble_that_diverge_are_left_at_their_last_finite_state():
    model = MLP.initialise((2, 2, 1), "Identity", "Identity", seed=list(range(9)))
    reference, compiled = both(model, xor(), optimiser=SGD(0.8))
    assert reference.run(300) == compiled.run(300)
    np.testing.assert_array_equal(compiled.finished_at, reference.finished_at)
    np.testing.assert_array_equal(compiled.diverged, reference.diverged)
    assert 0 < reference.diverged.sum() < 9
    for ours, theirs in zip(compiled.model.weights, reference.model.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_rewinding_finds_the_epochs_that_chunks_have_kept():
    _, compiled = both(MLP.initialise((2, 4, 1), seed=11), xor())
    for _ in range(20):
        compiled.run(7)
    assert 0 in compiled.history.kept_epochs
    assert len(compiled.history.kept_epochs) > 3
    compiled.rewind(70)
    assert 0 < compiled.epoch <= 70
    again = CompiledTrainer(MLP.initialise((2, 4, 1), seed=11), xor(), compiler=compiler())
    again.run(compiled.epoch)
    np.testing.assert_allclose(compiled.model.weights[0], again.model.weights[0], rtol=0, atol=1e-15)
