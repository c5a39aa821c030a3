"""The norms of the depth experiment, against networks trained one by one and NumPy's own functions."""

from __future__ import annotations

import numpy as np
import pytest

from perceptorium.engine import Trainer
from perceptorium.lab import GradientNorms, GradientRace, Setting
from perceptorium.lab.training import wasmtime_compiler

MOMENTS = (0, 3, 20)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("setting", [Setting((4, 4, 4), "Sigmoid"), Setting((3, 2), "ReLU", batch_size=None)])
def test_norms_are_those_of_each_network_alone(setting: Setting, compiled: bool) -> None:
    race = GradientRace(setting, range(2, 6), MOMENTS, wasmtime_compiler() if compiled else None)
    while not race.done:
        race.run(7)
    for position, seed in enumerate(range(2, 6)):
        model = setting.networks(range(seed, seed + 1)).member(0)
        trainer = Trainer(model, setting.data, setting.loss, setting.optimiser, setting.batch_size)
        for moment, epoch in enumerate(MOMENTS):
            trainer.run(epoch - trainer.epoch)
            expected = [
                np.linalg.norm(gradient) for gradient in trainer.snapshot().weight_grads if gradient is not None
            ]
            np.testing.assert_allclose(race.part.norms[position, moment], expected, rtol=1e-10, atol=1e-15)


def test_quartiles_leave_out_what_was_not_run() -> None:
    norms = np.random.default_rng(0).random((12, 2, 3))
    some = norms.copy()
    some[[1, 5, 8]] = np.nan
    expected = np.quantile(np.delete(norms, [1, 5, 8], axis=0)[:, 1], (0.25, 0.5, 0.75), axis=0)
    np.testing.assert_allclose(GradientNorms(some).quartiles(1), expected, rtol=1e-14)
    assert np.isnan(GradientNorms.none(3, 2, 4).quartiles(0)).all()
    assert (GradientNorms(some).done, GradientNorms.none(3, 2, 4).done) == (9, 0)
