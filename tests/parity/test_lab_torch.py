"""One row of table 3 in real PyTorch, network by network: the same epoch of convergence for each."""

from __future__ import annotations

import torch

from perceptorium.lab import Setting, run_unit, table3
from perceptorium.lab.outcomes import LEARNED, Outcomes
from perceptorium.lab.training import EngineName
from perceptorium.lab.work import Unit

SEEDS, EPOCHS, ROW = 20, 300, 2  # 4 ReLU: in its first 20 seeds some learn within 300 epochs, and some do not


def epochs_in_torch(setting: Setting, seed: int) -> int | None:
    """The paper's method in plain PyTorch: after which epoch the network has learned, or None."""
    fc1, fc2 = torch.nn.Linear(2, 4, dtype=torch.float64), torch.nn.Linear(4, 1, dtype=torch.float64)
    start = setting.networks(range(seed, seed + 1)).member(0).state_dict()
    model = torch.nn.Sequential(fc1, torch.nn.ReLU(), fc2, torch.nn.Sigmoid())
    names = {"0.weight": "fc1.weight", "0.bias": "fc1.bias", "2.weight": "fc2.weight", "2.bias": "fc2.bias"}
    model.load_state_dict({name: torch.tensor(start[ours]) for name, ours in names.items()})
    optimiser = torch.optim.SGD(model.parameters(), lr=setting.learning_rate, foreach=False)
    x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
    y = torch.tensor([[0], [1], [1], [0]], dtype=torch.float64)
    for epoch in range(1, setting.epochs + 1):
        for row in range(4):
            optimiser.zero_grad()
            loss = 0.5 * (model(x[row]) - y[row]).square().sum()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            if torch.nn.functional.mse_loss(model(x), y) < setting.threshold:
                return epoch
    return None


def test_every_network_converges_at_pytorchs_epoch() -> None:
    plan = table3(SEEDS, epochs=EPOCHS)
    assert plan.settings[ROW].label == "4 ReLU"
    expected = [epochs_in_torch(plan.settings[ROW], seed) for seed in range(SEEDS)]
    assert 5 <= expected.count(None) <= 15
    engines: tuple[EngineName, ...] = ("NumPy", "compiled")
    for engine in engines:
        row = run_unit(plan, Unit(ROW, 0, SEEDS), engine)
        assert isinstance(row, Outcomes)
        ours = [int(epoch) if kind == LEARNED else None for kind, epoch in zip(row.kind, row.epochs, strict=True)]
        assert ours == expected
