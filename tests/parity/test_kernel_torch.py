"""The compiled kernel against real PyTorch in float64: the same weights, the same rows, after many epochs.

The bounds are 1e-13 on XOR (full batch) and 1e-9 elsewhere. Only losses that PyTorch accepts with an output are paired
with it, and only its accuracy is left out, since PyTorch has none.
"""

import itertools

import numpy as np
import pytest

from perceptorium.engine.compiled.spec import KernelSpec
from tests.engine.compiled.support import CONSTANTS, XOR_X, XOR_Y, layers, parameters, train

torch = pytest.importorskip("torch")

HIDDEN = ("ReLU", "Sigmoid", "Tanh", "Identity")
LOSS_AND_OUTPUT = (
    ("MSELoss", "Sigmoid"),
    ("BCELoss", "Sigmoid"),
    ("BCEWithLogitsLoss", "Identity"),
    ("HalfSquaredError", "Tanh"),
)
OPTIMISERS = ("SGD", "momentum", "nesterov", "Adam")
SHAPES = ((2, 4, 1), (2, 1), (2, 3, 2, 5, 1), (2, 4, 4, 1))
LANES = ("rows", "one", "networks")


def torch_loss(name):
    if name == "HalfSquaredError":
        return lambda p, y: 0.5 * ((p - y) ** 2).sum()
    return getattr(torch.nn, name)()


def torch_optimiser(name, weights, lr):
    a, b, c = CONSTANTS[name]
    if name == "Adam":
        return torch.optim.Adam(weights, lr=lr, betas=(a, b), eps=c)
    if name == "SGD":
        return torch.optim.SGD(weights, lr=lr)
    return torch.optim.SGD(weights, lr=lr, momentum=a, dampening=b, nesterov=name == "nesterov")


def torch_training(spec, flat, x, y, batch, lr, epochs):
    """Flat parameters after `epochs` epochs, and the loss after 0, 1, … epochs."""
    x, y = torch.tensor(x), torch.tensor(y)
    modules = []
    for k, (weight, bias) in enumerate(layers(spec, flat)):
        linear = torch.nn.Linear(*weight.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(weight.T))
            linear.bias.copy_(torch.tensor(bias))
        modules += [linear, getattr(torch.nn, spec.activation(k))()]
    model = torch.nn.Sequential(*modules)
    loss_of, optimiser = torch_loss(spec.loss), torch_optimiser(spec.optimiser, model.parameters(), lr)
    losses = [loss_of(model(x), y).item()]
    for _ in range(epochs):
        for start in range(0, len(x), batch):
            optimiser.zero_grad()
            loss_of(model(x[start : start + batch]), y[start : start + batch]).backward()
            optimiser.step()
        losses.append(loss_of(model(x), y).item())
    trained = [part for m in modules[::2] for part in (m.weight.detach().numpy().T.ravel(), m.bias.detach().numpy())]
    return np.concatenate(trained), np.array(losses)


def check(spec, x, y, batch, lr, epochs, bound, seed):
    first = parameters(spec, seed)
    wanted, losses = torch_training(spec, first[0], x, y, batch, lr, epochs)
    assert np.isfinite(losses).all(), "a case that diverges proves nothing"
    for lanes in LANES:
        one = KernelSpec(spec.sizes, spec.hidden, spec.output, spec.loss, spec.optimiser, lanes)
        got = train(one, first, x, y, batch=batch, lr=lr, epochs=epochs)
        difference = np.abs(got.parameters[0] - wanted).max()
        assert difference <= bound, f"{lanes}: parameters differ by {difference:.1e}, more than {bound:.0e}"
        np.testing.assert_allclose(got.losses[:, 0], losses, rtol=0, atol=bound, err_msg=lanes)


GRID = list(itertools.product(HIDDEN, LOSS_AND_OUTPUT, OPTIMISERS))


@pytest.mark.parametrize(("hidden", "loss_and_output", "optimiser"), GRID)
def test_full_batch_xor_is_pytorch_within_1e_13(hidden, loss_and_output, optimiser):
    number = GRID.index((hidden, loss_and_output, optimiser))
    loss, output = loss_and_output
    spec = KernelSpec(SHAPES[number % 4], hidden, output, loss, optimiser)
    check(spec, XOR_X, XOR_Y, 4, 0.03, 60, 1e-13, number)


@pytest.mark.parametrize(("hidden", "loss_and_output", "optimiser"), GRID[::2])
def test_batches_of_a_cloud_of_points_are_pytorch_within_1e_9(hidden, loss_and_output, optimiser):
    number = GRID.index((hidden, loss_and_output, optimiser))
    loss, output = loss_and_output
    batch = (1, 4, 10, 21)[number // 2 % 4]  # 21 rows: the last batch is ragged, and often odd
    random = np.random.default_rng(number)
    x = random.normal(size=(21, 2))
    outputs = 1 + number // 4 % 2
    y = (x[:, :1] * x[:, 1:] > np.linspace(0, 0.3, outputs)).astype(float)
    spec = KernelSpec((*SHAPES[number // 2 % 3][:-1], outputs), hidden, output, loss, optimiser)
    check(spec, x, y, batch, 0.01, 20, 1e-9, number)


def test_the_largest_network_on_the_page_is_pytorch_within_1e_13():
    check(KernelSpec((2, 8, 8, 8, 8, 1)), XOR_X, XOR_Y, 4, 0.1, 300, 1e-13, seed=5)


def test_the_networks_of_the_paper_after_300_epochs():
    for spec in (KernelSpec((2, 4, 4, 1)), KernelSpec((2, 4, 4, 1), "Tanh")):
        check(spec, XOR_X, XOR_Y, 4, 0.1, 300, 1e-13, seed=2)
