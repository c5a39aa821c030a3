"""Networks in a race, against networks trained one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perceptorium.engine import MLP, Trainer
from perceptorium.lab import Setting
from perceptorium.lab.outcomes import DIVERGED, LEARNED, RISE, STUCK
from perceptorium.lab.race import Race
from perceptorium.lab.training import CompiledEnsemble, Ensemble, NumpyEnsemble, wasmtime_compiler

SEEDS = range(5, 12)
CASES: list[dict[str, Any]] = [
    {},
    {"hidden": (2,), "epochs": 400},
    {"activation": "Tanh", "success": "accuracy"},
    {"batch_size": None, "loss": "MSELoss", "learning_rate": 1.0, "init": "linear_default", "threshold": 0.05},
    {"hidden": (3, 3), "activation": "Tanh", "learning_rate": 1.0},
]


def alone(setting: Setting, seed: int) -> tuple[int, int, int]:
    """(kind, epochs, rises) of one network, trained epoch by epoch."""
    trainer = Trainer(
        setting.networks(range(seed, seed + 1)).member(0),
        setting.data,
        setting.loss,
        setting.optimiser,
        setting.batch_size,
    )
    rises, last = 0, float(trainer.loss)
    for epoch in range(1, setting.epochs + 1):
        assert trainer.run(1).reason == "done"
        rises += float(trainer.loss) > (1 + RISE) * last
        last = float(trainer.loss)
        error = trainer.model.predict(setting.data.x) - setting.data.y
        mse, right = float((error * error).mean()), bool((abs(error) < 0.5).all())
        if right if setting.success == "accuracy" else mse < setting.threshold:
            return LEARNED, epoch, rises
    return STUCK, setting.epochs, rises


@pytest.mark.parametrize("case", CASES)
def test_each_network_trains_as_if_it_were_alone(case: dict[str, Any]) -> None:
    setting = Setting(**case)
    expected = [alone(setting, seed) for seed in SEEDS]
    assert len({kind for kind, *_ in expected}) >= 1
    for compiler, stretch in ((None, 50), (None, 333), (wasmtime_compiler(), 50), (wasmtime_compiler(), 7)):
        race = Race(setting, SEEDS, compiler)
        while not race.done:
            race.run(stretch)
        found = list(zip(*(column.tolist() for column in race.part.arrays()), strict=True))
        assert found == expected


@pytest.mark.parametrize("engine", ["NumPy", "compiled"])
def test_a_network_that_diverges_is_marked_and_disturbs_no_other(engine: str) -> None:
    setting = Setting(hidden=(4, 4), activation="Identity", loss="MSELoss", epochs=60)
    models = [setting.networks(range(seed, seed + 1)).member(0) for seed in (3, 4, 5)]
    huge = MLP(tuple(1e200 * w for w in models[1].weights), models[1].biases, "Identity")
    ensemble = MLP.stack([models[0], huge, models[2]])
    training: Ensemble = (
        NumpyEnsemble(setting, ensemble)
        if engine == "NumPy"
        else CompiledEnsemble(setting, ensemble, wasmtime_compiler())
    )
    record = training.run(20)
    assert not np.isfinite(record.loss[1:, 1]).any()
    assert np.isfinite(record.loss[:, [0, 2]]).all()
    undisturbed = NumpyEnsemble(setting, MLP.stack([models[0], models[2]])).run(20)
    np.testing.assert_allclose(record.loss[:, [0, 2]], undisturbed.loss, rtol=1e-12)


def test_divergence_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = Setting(hidden=(4, 4), activation="Identity", epochs=60)
    plain = Setting.networks

    def one_is_huge(self: Setting, seeds: range) -> MLP:
        members = [plain(self, range(seed, seed + 1)).member(0) for seed in seeds]
        members[1] = MLP(tuple(1e200 * w for w in members[1].weights), members[1].biases, "Identity")
        return MLP.stack(members)

    monkeypatch.setattr(Setting, "networks", one_is_huge)
    race = Race(setting, range(3))
    race.run(1000)
    assert race.done
    assert race.part.kind.tolist() == [STUCK, DIVERGED, STUCK]
    assert race.part.epochs.tolist() == [60, 0, 60]
