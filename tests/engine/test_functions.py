"""Activations and losses against central differences, and where floating point is at its limits."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perceptorium.engine import ACTIVATIONS, LOSSES, InvalidValue, accuracy, activation, loss_function

NUMBERS = st.floats(-20.0, 20.0).filter(lambda z: abs(z) > 1e-3)


@given(st.sampled_from(sorted(ACTIVATIONS)), st.lists(NUMBERS, min_size=1, max_size=5))
@settings(deadline=None)
def test_a_derivative_is_the_slope(name: str, values: list[float]) -> None:
    f, z, h = activation(name), np.array(values), 1e-6
    slope = (f.forward(z + h) - f.forward(z - h)) / (2 * h)
    assert f.derivative(z, f.forward(z)) == pytest.approx(slope, abs=1e-8)


def test_the_activations_at_their_limits() -> None:
    z = np.array([-np.inf, -1000.0, -40.0, 0.0, 40.0, 1000.0, np.inf, np.nan])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sigmoid = activation("Sigmoid").forward(z)
        tanh = activation("Tanh").forward(z)
        relu = activation("ReLU").forward(z)
    assert np.array_equal(sigmoid[:2], [0.0, 0.0])
    assert sigmoid[2] == pytest.approx(np.exp(-40.0), rel=1e-15)  # small values keep their digits
    assert np.array_equal(sigmoid[3:7], [0.5, 1.0, 1.0, 1.0])
    assert np.array_equal(tanh[:7], [-1.0, -1.0, -1.0, 0.0, 1.0, 1.0, 1.0])
    assert np.array_equal(relu[:7], [0.0, 0.0, 0.0, 0.0, 40.0, 1000.0, np.inf])
    assert np.isnan([sigmoid[7], tanh[7], relu[7]]).all()
    assert activation("ReLU").derivative(0.0, 0.0) == 0.0  # as PyTorch has it


def test_activations_write_where_they_are_told() -> None:
    z, out = np.array([[-1.0, 2.0]]), np.empty((1, 2))
    for f in ACTIVATIONS.values():
        assert f.forward(z, out) is out
        expected = f.forward(z)
        assert np.array_equal(out, expected)
        assert f.derivative(z, expected, out) is out
        assert np.array_equal(out, f.derivative(z, expected))


@given(st.sampled_from(sorted(LOSSES)), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32))
@settings(deadline=None)
def test_a_gradient_is_the_slope_of_its_loss(name: str, rows: int, outputs: int, seed: int) -> None:
    generator, loss, h = np.random.default_rng(seed), loss_function(name), 1e-6
    prediction = generator.uniform(0.02, 0.98, (rows, outputs))
    target = generator.integers(0, 2, (rows, outputs)).astype(float)
    gradient = loss.gradient(prediction, target)
    for place in np.ndindex(prediction.shape):
        step = np.zeros_like(prediction)
        step[place] = h
        slope = (loss.value(prediction + step, target) - loss.value(prediction - step, target)) / (2 * h)
        assert gradient[place] == pytest.approx(float(slope), rel=1e-5, abs=1e-8)


def test_losses_by_hand() -> None:
    prediction, target = np.array([[0.9], [0.2]]), np.array([[1.0], [0.0]])
    assert loss_function("MSELoss").value(prediction, target) == pytest.approx((0.01 + 0.04) / 2)
    assert loss_function("HalfSquaredError").value(prediction, target) == pytest.approx((0.01 + 0.04) / 2)
    assert loss_function("BCELoss").value(prediction, target) == pytest.approx(-(np.log(0.9) + np.log(0.8)) / 2)
    assert np.allclose(loss_function("HalfSquaredError").gradient(prediction, target), [[-0.1], [0.2]])
    assert np.allclose(loss_function("MSELoss").gradient(prediction, target), [[-0.1], [0.2]])


def test_logits_and_probabilities_agree() -> None:
    z, y = np.array([[-3.0], [0.5], [800.0], [-800.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
    p = activation("Sigmoid").forward(z)
    logits, probabilities = loss_function("BCEWithLogitsLoss"), loss_function("BCELoss")
    assert logits.value(z, y) == pytest.approx(float(probabilities.value(p, y)), rel=1e-14)
    # sure and wrong: the probability's logarithm is held at −100, the logit's loss grows on
    assert probabilities.value([[0.0]], [[1.0]]) == 100.0
    assert logits.value([[-800.0]], [[1.0]]) == 800.0


def test_an_ensemble_has_a_loss_for_each_network() -> None:
    predictions, target = np.random.default_rng(0).uniform(0.1, 0.9, (5, 4, 2)), np.eye(4)[:, :2]
    for loss in LOSSES.values():
        values, gradients = loss.value(predictions, target), loss.gradient(predictions, target)
        assert values.shape == (5,)
        for i in range(5):
            assert values[i] == loss.value(predictions[i], target)
            assert np.array_equal(gradients[i], loss.gradient(predictions[i], target))


def test_accuracy_counts_rows_that_are_right_in_every_output() -> None:
    assert accuracy([[0.6, 0.4], [0.6, 0.6]], [[1, 0], [1, 0]]) == 0.5
    assert accuracy([[0.5]], [[0.0]]) == 1.0  # exactly undecided is class 0
    assert accuracy([[0.2]], [[1.0]], decision=0.0) == 1.0
    assert np.array_equal(accuracy([[[0.9]], [[0.1]]], [[1.0]]), [1.0, 0.0])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: activation("GELU"), "activation is 'GELU'; known are ReLU, Sigmoid, Tanh, Identity"),
        (
            lambda: loss_function("L1Loss"),
            "loss is 'L1Loss'; known are MSELoss, BCELoss, BCEWithLogitsLoss, HalfSquaredError",
        ),
        (
            lambda: loss_function("MSELoss").value([[1.0]], [[np.nan]]),
            "target[0, 0] is nan; every value has to be finite",
        ),
        (
            lambda: loss_function("MSELoss").value([[1.0]], [[1.0, 2.0]]),
            "target has shape (1, 2); it has to fit the prediction's shape (1, 1)",
        ),
        (
            lambda: loss_function("BCELoss").value([[0.5]], [[2.0]]),
            "target holds 2.0; BCELoss needs targets from 0 to 1",
        ),
        (
            lambda: activation("Tanh").forward([0.0], np.empty(2)),
            "out has shape (2,); it has to have z's shape (1,)",
        ),
        (
            lambda: activation("Tanh").derivative([0.0], [0.0, 0.0]),
            "a has shape (2,); it has to be f(z), of z's shape (1,)",
        ),
    ],
)
def test_refusals_name_the_argument_and_the_value(call, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        call()
    assert str(caught.value) == sentence
