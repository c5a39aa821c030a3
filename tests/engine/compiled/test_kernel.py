"""Kernels at their edges: ragged batches, stop rule, divergence, NaN, ensembles, row orders, prediction, cache."""

from dataclasses import replace

import numpy as np
import pytest

from perceptorium.engine.compiled.kernel import CHUNK, KEPT, Compiler, Networks, Task
from perceptorium.engine.compiled.spec import KernelSpec
from tests.engine.compiled.support import CONSTANTS, XOR_X, XOR_Y, compiler, layers, parameters, train

SPEC = KernelSpec((2, 4, 1))
LANES = ("rows", "one")


def outputs(spec, flat, x):
    """A forward pass in plain NumPy, for ReLU and a sigmoid."""
    *hidden, (weight, bias) = layers(spec, flat)
    for w, b in hidden:
        x = np.maximum(x @ w + b, 0.0)
    return 1.0 / (1.0 + np.exp(-(x @ weight + bias)))


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("rows", [1, 2, 3, 441])
def test_prediction_is_a_forward_pass(lanes, rows):
    spec = replace(SPEC, sizes=(2, 4, 3, 2), lanes=lanes)
    flat = parameters(spec, 1)[0]
    x = np.random.default_rng(2).normal(size=(rows, 2))
    got = compiler().kernel(spec).predict(flat, x)
    assert got.shape == (rows, 2)
    np.testing.assert_allclose(got, outputs(spec, flat, x), rtol=0, atol=1e-15)


@pytest.mark.parametrize("lanes", [*LANES, "networks"])
def test_recorded_losses_and_accuracies_are_those_of_the_parameters_after_each_epoch(lanes):
    spec = replace(SPEC, lanes=lanes)
    first = parameters(spec, 3)
    whole = train(spec, first, epochs=7, lr=0.5)
    assert whole.losses.shape == whole.accuracies.shape == (8, 1)
    for epochs in range(8):
        part = train(spec, first, epochs=epochs, lr=0.5)
        p = outputs(spec, part.parameters[0], XOR_X)
        assert whole.losses[epochs, 0] == pytest.approx(((p - XOR_Y) ** 2).mean(), abs=1e-15)
        assert whole.accuracies[epochs, 0] == ((p > 0.5) == XOR_Y).mean()


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("batch", [1, 2, 3, 5, 7])
def test_any_batch_size_is_a_sequence_of_full_batches(lanes, batch):
    spec = replace(SPEC, lanes=lanes, optimiser="SGD")
    random = np.random.default_rng(4)
    x, y = random.normal(size=(7, 2)), random.integers(0, 2, (7, 1)).astype(float)
    flat = parameters(spec, 5)
    got = train(spec, flat, x, y, batch=batch, epochs=1)
    for start in range(0, 7, batch):
        rows = slice(start, start + batch)
        flat = train(spec, flat, x[rows], y[rows], epochs=1).parameters
    np.testing.assert_allclose(got.parameters, flat, rtol=0, atol=1e-15)


@pytest.mark.parametrize("lanes", LANES)
def test_rows_are_taken_in_the_order_of_each_epoch(lanes):
    spec = replace(SPEC, lanes=lanes)
    random = np.random.default_rng(6)
    x, y = random.normal(size=(9, 2)), random.integers(0, 2, (9, 1)).astype(float)
    orders = np.stack([random.permutation(9) for _ in range(4)])
    flat = parameters(spec, 7)
    got = train(spec, flat, x, y, batch=2, epochs=4, orders=orders)
    for order in orders:
        flat = train(spec, flat, x[order], y[order], batch=2, epochs=1).parameters
    np.testing.assert_array_equal(got.parameters, flat)


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("batch", [4, 1])
def test_training_stops_after_the_first_epoch_with_a_loss_below_the_threshold(lanes, batch):
    spec = replace(SPEC, lanes=lanes)
    first = parameters(spec, 8)
    free = train(spec, first, batch=batch, epochs=150, lr=0.9)
    threshold = float(free.losses[100, 0]) + 1e-12
    expected = int(np.argmax(free.losses[1:, 0] < threshold)) + 1
    stopped = train(spec, first, batch=batch, epochs=150, lr=0.9, stop_below=threshold)
    assert stopped.epochs.tolist() == [expected]
    np.testing.assert_array_equal(
        stopped.parameters, train(spec, first, batch=batch, epochs=expected, lr=0.9).parameters
    )


@pytest.mark.parametrize("lanes", LANES)
def test_a_loss_that_is_low_already_does_not_stop_the_first_epoch(lanes):
    got = train(replace(SPEC, lanes=lanes), parameters(SPEC, 9), epochs=5, stop_below=1e9)
    assert got.epochs.tolist() == [1]


@pytest.mark.parametrize("lanes", [*LANES, "networks"])
def test_a_training_that_diverges_ends_at_the_first_loss_that_is_not_finite(lanes):
    spec = KernelSpec((2, 3, 1), output="Identity", lanes=lanes)
    got = train(spec, parameters(spec, 10) * 10, epochs=200, lr=50.0)
    end = int(got.epochs[0])
    assert 1 < end < 200
    assert np.isfinite(got.losses[:end]).all()
    assert not np.isfinite(got.losses[end, 0])


@pytest.mark.parametrize("lanes", [*LANES, "networks"])
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_data_that_is_not_finite_ends_before_the_first_step(lanes, wrong):
    x = XOR_X.copy()
    x[2, 1] = wrong
    first = parameters(SPEC, 11)
    got = train(replace(SPEC, lanes=lanes, hidden="Identity"), first, x, epochs=10)
    assert got.epochs.tolist() == [0]
    np.testing.assert_array_equal(got.parameters, first)


@pytest.mark.parametrize("batch", [4, 1])
@pytest.mark.parametrize("optimiser", ["SGD", "momentum", "Adam"])
def test_an_ensemble_is_its_members_trained_one_by_one(batch, optimiser):
    together, alone = (KernelSpec((2, 3, 1), optimiser=optimiser, lanes=lanes) for lanes in ("networks", "one"))
    first = parameters(together, 13, networks=7) * 2
    got = train(together, first, batch=batch, epochs=120, lr=0.3, stop_below=0.12)
    members = [train(alone, first[[k]], batch=batch, epochs=120, lr=0.3, stop_below=0.12) for k in range(7)]
    epochs = [int(member.epochs[0]) for member in members]
    assert len(set(epochs)) > 2, "networks that all stop together prove nothing"
    assert got.epochs.tolist() == epochs
    for k, member in enumerate(members):
        np.testing.assert_allclose(got.parameters[k], member.parameters[0], rtol=0, atol=1e-15)
        recorded = slice(epochs[k] + 1)
        np.testing.assert_allclose(got.losses[recorded, k], member.losses[recorded, 0], rtol=0, atol=1e-15)


def test_a_member_that_diverges_leaves_its_neighbour_alone():
    spec = KernelSpec((2, 3, 1), hidden="Identity", output="Identity", lanes="networks")
    first = parameters(spec, 14, networks=2)
    first[0] *= 1e6
    got = train(spec, first, epochs=100, lr=0.1)
    alone = train(replace(spec, lanes="one"), first[1:], epochs=100, lr=0.1)
    assert got.epochs[0] < 100
    assert got.epochs[1] == 100
    np.testing.assert_allclose(got.parameters[1], alone.parameters[0], rtol=0, atol=1e-15)


def test_each_network_has_its_own_learning_rate():
    spec = replace(SPEC, lanes="networks")
    first = parameters(spec, 15)
    kernel = compiler().kernel(spec)
    rates = np.array([0.05, 0.5, 0.01])
    networks = Networks(np.repeat(first, 3, axis=0), np.zeros((0, 3, first.shape[1])), rates, (0.0, 0.0))
    task = Task(XOR_X, XOR_Y, 4, np.arange(4)[np.newaxis], (0.0, 0.0, 0.0), -1.0)
    got = kernel.train(networks, task, 20).parameters
    for k, rate in enumerate(rates):
        wanted = train(replace(SPEC, lanes="one"), first, lr=rate, epochs=20).parameters[0]
        np.testing.assert_allclose(got[k], wanted, rtol=0, atol=1e-15)


@pytest.mark.parametrize("lanes", [*LANES, "networks"])
@pytest.mark.parametrize("epochs", [2 * CHUNK, 2 * CHUNK + 1, 4 * CHUNK - 1])
def test_a_training_of_several_calls_is_one_training(lanes, epochs):
    spec = replace(SPEC, lanes=lanes, optimiser="momentum")
    random = np.random.default_rng(16)
    first = parameters(spec, 16, networks=3 if lanes == "networks" else 1)
    orders = np.stack([random.permutation(4) for _ in range(epochs)])
    whole = train(spec, first, batch=3, epochs=epochs, orders=orders, lr=0.02, stop_below=0.09)
    one = replace(spec, lanes="one")
    for k, flat in enumerate(first):
        losses, stop = [], 0
        state = Networks(flat[np.newaxis], np.zeros((1, 1, flat.size)), np.array([0.02]), (1.0, 0.0))
        for epoch in range(epochs):
            task = Task(XOR_X, XOR_Y, 3, orders[[epoch]], CONSTANTS["momentum"], float("-inf"))
            got = compiler().kernel(one).train(state, task, 1)
            losses.append(got.losses[1, 0])
            state = Networks(got.parameters, got.memory, state.rates, (0.7, 0.0))
            stop = epoch + 1
            if losses[-1] < 0.09:
                break
        assert whole.epochs[k] == stop
        np.testing.assert_allclose(whole.losses[1 : stop + 1, k], losses, rtol=0, atol=1e-13)
        np.testing.assert_allclose(whole.parameters[k], state.parameters[0], rtol=0, atol=1e-13)


def test_chunks_continue_each_other():
    spec = replace(SPEC, optimiser="SGD")
    first = parameters(spec, 16)
    whole = train(spec, first, epochs=90)
    half = train(spec, first, epochs=40)
    rest = train(spec, half.parameters, epochs=50)
    np.testing.assert_array_equal(rest.parameters, whole.parameters)
    np.testing.assert_array_equal(rest.losses, whole.losses[40:])


class CountingRuntime:
    """Counts how often a module is loaded; the instances are never called."""

    def __init__(self):
        self.loads = 0

    def load(self, _):
        self.loads += 1
        return object()

    def supports(self, _):
        return True


def test_a_kernel_is_compiled_once_and_the_cache_is_bounded():
    runtime = CountingRuntime()
    cache = Compiler(runtime)
    assert cache.kernel(SPEC) is cache.kernel(KernelSpec((2, 4, 1)))
    assert runtime.loads == 1
    for neurons in range(1, KEPT + 1):
        cache.kernel(KernelSpec((2, neurons, 2)))
    cache.kernel(SPEC)
    assert runtime.loads == KEPT + 2
