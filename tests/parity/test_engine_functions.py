"""Activations and losses against PyTorch where floating point is at its limits."""

import numpy as np
import pytest
import torch

from perceptorium.engine import ACTIVATIONS, LOSSES, activation, loss_function

Z = np.array([-np.inf, -1e308, -800.0, -745.0, -710.0, -40.0, -1.5, -1e-300, 0.0, 1e-16, 0.3, 7.0, 37.0, 800.0, np.inf])
FUNCTIONS = {"ReLU": torch.relu, "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Identity": lambda z: z * 1.0}
CRITERIA = {"MSELoss": torch.nn.MSELoss, "BCELoss": torch.nn.BCELoss, "BCEWithLogitsLoss": torch.nn.BCEWithLogitsLoss}


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activations_and_their_slopes(name: str) -> None:
    z = torch.tensor(Z, requires_grad=True)
    a = FUNCTIONS[name](z)
    a.sum().backward()
    ours = activation(name).forward(Z)
    assert np.allclose(ours, a.detach().numpy(), rtol=1e-15, atol=1e-307)
    assert np.allclose(activation(name).derivative(Z, ours), z.grad.numpy(), rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("name", sorted(CRITERIA))
@pytest.mark.parametrize("wanted", [0.0, 1.0, 0.3])
def test_losses_and_their_gradients(name: str, wanted: float) -> None:
    values = [-800.0, -30.0, -1.0, 0.0, 1e-12, 2.0, 800.0]
    if name == "BCELoss":
        values = [0.0, 5e-324, 1e-200, 1e-13, 0.3, 0.5, 1.0 - 1e-13, np.nextafter(1.0, 0.0), 1.0]
    prediction = np.array(values)[:, np.newaxis]
    target = np.full_like(prediction, wanted)
    theirs = torch.tensor(prediction, requires_grad=True)
    value = CRITERIA[name]()(theirs, torch.tensor(target))
    value.backward()
    loss = loss_function(name)
    assert float(loss.value(prediction, target)) == pytest.approx(value.item(), rel=1e-14)
    assert np.allclose(loss.gradient(prediction, target), theirs.grad.numpy(), rtol=1e-14, atol=0.0)


def test_every_loss_of_pytorchs_is_compared() -> None:
    assert set(CRITERIA) | {"HalfSquaredError"} == set(LOSSES)
