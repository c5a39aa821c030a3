"""An ensemble is its networks: trained together or one by one, whoever else is there, the numbers are the same.

Bit for bit, because the same operations run in the same order for every network, and NumPy multiplies the matrices of
a batch one by one, with the same BLAS call as for a single network (in WebAssembly with a loop of its own).
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perceptorium.engine import LOSSES, MLP, SGD, Adam, Trainer, circles, from_arrays, loss_function, xor

SEEDS = list(range(12))


def members_apart(ensemble: MLP, i: int, single: MLP) -> float:
    member = ensemble.member(i)
    pairs = zip(member.weights + member.biases, single.weights + single.biases, strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


@pytest.mark.parametrize("optimiser", [SGD(0.3), SGD(0.1, 0.9, nesterov=True), Adam(0.05)], ids=str)
@pytest.mark.parametrize("batch_size", [None, 3, 1])
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_a_member_is_the_single_network(optimiser, batch_size, loss) -> None:
    output = loss_function(loss).output or "Sigmoid"
    together = Trainer(
        MLP.initialise((2, 4, 3, 1), "ReLU", output, seed=SEEDS), xor(), loss, optimiser, batch_size, True, SEEDS
    )
    together.run(60)
    for i, seed in enumerate(SEEDS):
        model = MLP.initialise((2, 4, 3, 1), "ReLU", output, seed=seed)
        alone = Trainer(model, xor(), loss, optimiser, batch_size, True, seed)
        alone.run(60)
        assert members_apart(together.model, i, alone.model) == 0.0
        assert together.loss[i] == alone.loss
        assert together.accuracy[i] == alone.accuracy


@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=5).map(tuple),
    st.integers(1, 30),
    st.sampled_from([None, 4]),
    st.integers(0, 2**32),
)
@settings(max_examples=40, deadline=None)
def test_a_member_is_the_single_network_for_any_network_and_data(sizes, rows, batch_size, seed) -> None:
    generator = np.random.default_rng(seed)
    data = from_arrays(generator.normal(size=(rows, sizes[0])), generator.integers(0, 2, (rows, sizes[-1])))
    models = MLP.initialise(sizes, "Tanh", init="linear_default", seed=[seed, seed + 1, 7])
    together = Trainer(models, data, "MSELoss", SGD(0.2, 0.5), batch_size)
    together.run(5)
    for i in range(3):
        alone = Trainer(models.member(i), data, "MSELoss", SGD(0.2, 0.5), batch_size)
        alone.run(5)
        assert members_apart(together.model, i, alone.model) == 0.0


def test_networks_stop_each_at_their_own_epoch() -> None:
    models = MLP.initialise((2, 4, 1), "Tanh", seed=SEEDS)
    together = Trainer(models, xor(), "MSELoss", SGD(0.2), stop_below=0.02)
    for _ in range(7):  # the pieces in which it runs make no difference
        together.run(90)
    reached = 0
    for i in range(len(SEEDS)):
        alone = Trainer(models.member(i), xor(), "MSELoss", SGD(0.2), stop_below=0.02)
        report = alone.run(630)
        assert together.finished_at[i] == (alone.epoch if report.reason == "below_threshold" else -1)
        assert members_apart(together.model, i, alone.model) == 0.0
        reached += report.reason == "below_threshold"
    assert 0 < reached < len(SEEDS)


def test_a_network_that_diverges_leaves_the_others_alone() -> None:
    calm = MLP.initialise((2, 3, 1), "Identity", "Identity", seed=1)
    wild = calm.with_parameters([1e50 * w for w in calm.weights], calm.biases)
    data = circles(20, seed=1)
    together = Trainer(MLP.stack([calm, wild, calm]), data, "MSELoss", SGD(0.5))
    report = together.run(50)
    assert (report.epochs, report.reason) == (50, "done")
    assert together.diverged.tolist() == [False, True, False]
    for i, model in enumerate((calm, wild, calm)):
        alone = Trainer(model, data, "MSELoss", SGD(0.5))
        alone.run(50)
        assert members_apart(together.model, i, alone.model) == 0.0
    assert np.isfinite(together.loss).all()


def test_the_run_ends_when_every_network_rests() -> None:
    models = MLP.stack([MLP.initialise((2, 4, 4, 1), seed=seed) for seed in (15, 12)])
    trainer = Trainer(models, xor(), stop_below=0.01)
    report = trainer.run(3000)
    assert (report.epochs, report.reason) == (534, "below_threshold")
    assert trainer.finished_at.tolist() == [534, 448]
    assert trainer.run(5) == type(report)(0, "below_threshold")
    checkpoint = trainer.checkpoint()
    trainer.stop_below = None  # wakes them
    assert trainer.run(5) == type(report)(5, "done")
    trainer.restore(checkpoint)
    assert trainer.finished_at.tolist() == [534, 448]


def test_ensembles_of_ensembles() -> None:
    grid = MLP.stack([MLP.initialise((2, 3, 1), seed=[1, 2, 3]), MLP.initialise((2, 3, 1), seed=[4, 5, 6])])
    trainer = Trainer(grid, xor(), optimiser=Adam(0.05), batch_size=3)
    trainer.run(20)
    alone = Trainer(MLP.initialise((2, 3, 1), seed=6), xor(), optimiser=Adam(0.05), batch_size=3)
    alone.run(20)
    assert trainer.loss.shape == (2, 3)
    assert members_apart(trainer.model, (1, 2), alone.model) == 0.0


def test_a_snapshot_of_an_ensemble_has_its_axes() -> None:
    trainer = Trainer(MLP.initialise((2, 3, 1), seed=[1, 2]), xor())
    snapshot = trainer.snapshot()
    assert snapshot.z[0].shape == (2, 4, 3)
    assert snapshot.weight_grads[1].shape == (2, 3, 1)
    assert snapshot.loss.shape == snapshot.accuracy.shape == (2,)
    walked = list(trainer.walk())[-2]
    assert np.array_equal(walked.weight_grads[0], snapshot.weight_grads[0])
