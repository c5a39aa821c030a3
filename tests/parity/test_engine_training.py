"""The engine against real PyTorch in float64: the same weights, the same rows, the same numbers.

Each case trains one network with both libraries and compares gradients before and after (1e-12) and all parameters at
the end (1e-9). Cases on the whole batch, and all of 2-4-4-1, train 300 epochs; the others train 200 steps, because
PyTorch needs a third of a millisecond for a step of any size. PARITY_EPOCHS=300 trains 300 epochs everywhere, which
passes too: no case is so chaotic that a difference in the last digit grows beyond the tolerance.
"""

import os
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
import torch

from perceptorium.engine import MLP, SGD, Adam, Dataset, Trainer, from_arrays, moons, row_order, xor
from perceptorium.engine.optimisers import Optimiser

torch.set_num_threads(1)

GRADIENT, PARAMETER = 1e-12, 1e-9
SHAPES = [(2, 1), (2, 4, 1), (2, 4, 4, 1), (2, 8, 8, 8, 8, 1), (3, 5, 2)]
HIDDEN = {"ReLU": torch.relu, "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Identity": lambda z: z}
BATCHES = {"full": None, "mini": 3, "per-sample": 1}
OPTIMISERS: dict[str, Optimiser] = {
    "SGD": SGD(0.1),
    "momentum": SGD(0.02, momentum=0.9),
    "dampening": SGD(0.05, momentum=0.8, dampening=0.5),
    "Nesterov": SGD(0.02, momentum=0.9, nesterov=True),
    "Adam": Adam(0.01),
}
LOSSES = {
    "MSELoss": ("Sigmoid", torch.nn.functional.mse_loss),
    "BCELoss": ("Sigmoid", torch.nn.functional.binary_cross_entropy),
    "BCEWithLogitsLoss": ("Identity", torch.nn.functional.binary_cross_entropy_with_logits),
    "HalfSquaredError": ("Sigmoid", lambda p, y: 0.5 * ((p - y) ** 2).sum()),
}


@dataclass(frozen=True)
class Case:
    sizes: tuple[int, ...]
    hidden: str
    loss: str
    optimiser: str
    batch: str

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.sizes))} {self.hidden} {self.loss} {self.optimiser} {self.batch}"

    @property
    def epochs(self) -> int:
        if "PARITY_EPOCHS" in os.environ:
            return int(os.environ["PARITY_EPOCHS"])
        if self.batch == "full" or self.sizes == (2, 4, 4, 1):
            return 300
        return 100 if self.batch == "mini" else 50


CASES = [
    Case(*values)
    for values in product(SHAPES, HIDDEN, LOSSES, OPTIMISERS, BATCHES)
    if values[0] != (2, 1) or values[1] == "ReLU"  # without a hidden layer its activation makes no difference
]


def data_of(case: Case) -> Dataset:
    """XOR; with three inputs two targets: their parity and their majority, of which four rows are enough."""
    if case.sizes[0] == 2:
        return xor()
    return from_arrays([[0, 0, 1], [0, 1, 1], [1, 0, 0], [1, 1, 1]], [[1, 0], [0, 1], [1, 0], [1, 1]])


def batches_of(case: Case, rows: int, epoch: int) -> list[npt.NDArray[np.intp]]:
    if case.batch == "full":
        return [np.arange(rows)]
    order = row_order(rows, 5, epoch) if case.batch == "mini" else np.arange(rows)
    return np.split(order, range(BATCHES[case.batch], rows, BATCHES[case.batch]))


class Reference:
    """The same network in PyTorch: plain tensors under autograd, and PyTorch's own optimisers."""

    def __init__(self, model: MLP, case: Case) -> None:
        self.parameters = [torch.tensor(array, requires_grad=True) for array in model.state_dict().values()]
        self.hidden = HIDDEN[case.hidden]
        output, self.loss = LOSSES[case.loss]
        self.output = HIDDEN[output]
        options = OPTIMISERS[case.optimiser]
        if isinstance(options, Adam):
            self.optimiser = torch.optim.Adam(self.parameters, lr=options.lr, foreach=False)
        else:
            self.optimiser = torch.optim.SGD(
                self.parameters,
                lr=options.lr,
                momentum=options.momentum,
                dampening=options.dampening,
                nesterov=options.nesterov,
                foreach=False,
            )

    def backward(self, x: torch.Tensor, y: torch.Tensor) -> float:
        for parameter in self.parameters:
            parameter.grad = None
        for weight, bias in zip(self.parameters[:-2:2], self.parameters[1:-2:2], strict=True):
            x = self.hidden(torch.nn.functional.linear(x, weight, bias))
        prediction = self.output(torch.nn.functional.linear(x, self.parameters[-2], self.parameters[-1]))
        loss = self.loss(prediction, y)
        loss.backward()
        return loss.item()

    def train(self, case: Case, x: torch.Tensor, y: torch.Tensor) -> None:
        for epoch in range(case.epochs):
            for rows in batches_of(case, len(x), epoch):
                self.backward(x[rows], y[rows])
                self.optimiser.step()


def farthest(ours: list[npt.NDArray[np.float64]], theirs: list[torch.Tensor]) -> float:
    return max(float(np.abs(a - b.detach().numpy()).max()) for a, b in zip(ours, theirs, strict=True))


def gradients_apart(trainer: Trainer, reference: Reference, x: torch.Tensor, y: torch.Tensor) -> float:
    """Compare loss and gradients of both libraries at the engine's parameters."""
    snapshot = trainer.snapshot()
    with torch.no_grad():
        for parameter, array in zip(reference.parameters, trainer.model.state_dict().values(), strict=True):
            parameter.copy_(torch.tensor(array))
    loss = reference.backward(x, y)
    ours = []
    for weight, bias in zip(snapshot.weight_grads, snapshot.bias_grads, strict=True):
        ours += [weight.T, bias]
    gap = farthest(ours, [parameter.grad for parameter in reference.parameters])
    return max(gap, abs(loss - snapshot.loss))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_training_is_pytorchs(case: Case) -> None:
    data = data_of(case)
    x, y = torch.tensor(data.x), torch.tensor(data.y)
    model = MLP.initialise(case.sizes, case.hidden, LOSSES[case.loss][0], "linear_default", seed=7)
    trainer = Trainer(
        model, data, case.loss, OPTIMISERS[case.optimiser], BATCHES[case.batch], case.batch == "mini", seed=5
    )
    reference = Reference(model, case)
    assert gradients_apart(trainer, reference, x, y) < GRADIENT

    reference.train(case, x, y)
    report = trainer.run(case.epochs)
    assert (report.epochs, report.reason) == (case.epochs, "done")
    assert farthest(list(trainer.model.state_dict().values()), reference.parameters) < PARAMETER
    assert gradients_apart(trainer, reference, x, y) < GRADIENT


@pytest.mark.parametrize("output", ["Identity", "ReLU", "Tanh"])
@pytest.mark.parametrize("hidden", list(HIDDEN))
def test_any_output_with_the_squared_error(monkeypatch: pytest.MonkeyPatch, hidden: str, output: str) -> None:
    monkeypatch.setitem(LOSSES, "MSELoss", (output, torch.nn.functional.mse_loss))
    test_training_is_pytorchs(Case((3, 5, 2), hidden, "MSELoss", "SGD", "full"))


@pytest.mark.parametrize("optimiser", ["SGD", "Adam"])
def test_two_hundred_rows_in_shuffled_batches(optimiser: str) -> None:
    data = moons(200, seed=1)
    model = MLP.initialise((2, 8, 8, 1), "Tanh", init="linear_default", seed=3)
    trainer = Trainer(model, data, "BCELoss", OPTIMISERS[optimiser], 15, True, seed=4)
    reference = Reference(model, Case((2, 8, 8, 1), "Tanh", "BCELoss", optimiser, "mini"))
    x, y = torch.tensor(data.x), torch.tensor(data.y)
    for epoch in range(20):
        for rows in np.split(row_order(200, 4, epoch), range(15, 200, 15)):
            reference.backward(x[rows], y[rows])
            reference.optimiser.step()
    trainer.run(20)
    assert farthest(list(trainer.model.state_dict().values()), reference.parameters) < PARAMETER
