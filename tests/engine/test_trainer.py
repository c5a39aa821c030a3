"""Training: gradients, walking is running, what a run reports, and going back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perceptorium.engine import (
    ACTIVATIONS,
    LOSSES,
    MLP,
    SGD,
    Adam,
    InvalidValue,
    Phase,
    Trainer,
    from_arrays,
    loss_function,
    phases,
    row_order,
    xor,
)

OPTIMISERS = [SGD(0.3), SGD(0.1, 0.9), SGD(0.1, 0.9, 0.5), SGD(0.1, 0.9, nesterov=True), Adam(0.05)]
#: batch_size and shuffle
BATCHES = [(None, False), (3, False), (2, True), (1, False), (1, True)]


def same(a: MLP, b: MLP) -> bool:
    pairs = zip(a.weights + a.biases, b.weights + b.biases, strict=True)
    return all(np.array_equal(x, y) for x, y in pairs)


def model_for(loss: str, sizes: tuple[int, ...] = (2, 4, 1), hidden: str = "Tanh", seed: int = 1) -> MLP:
    return MLP.initialise(sizes, hidden, loss_function(loss).output or "Sigmoid", "linear_default", seed)


@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=5),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(sorted(LOSSES)),
    st.integers(0, 2**32),
)
@settings(max_examples=60, deadline=None)
def test_gradients_are_central_differences(sizes: list[int], hidden: str, loss: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    data = from_arrays(generator.normal(size=(3, sizes[0])), generator.integers(0, 2, (3, sizes[-1])))
    model = model_for(loss, tuple(sizes), hidden, seed)
    result = model.forward(data.x)
    snapshot = Trainer(model, data, loss).snapshot()
    step, f = 1e-6, loss_function(loss)
    if hidden == "ReLU" and min(np.abs(z).min() for z in result.z) < 1e-4:
        return  # at a kink the difference quotient is no slope

    for part, gradients in (("weights", snapshot.weight_grads), ("biases", snapshot.bias_grads)):
        for layer, gradient in enumerate(gradients):
            place = tuple(int(generator.integers(0, size)) for size in gradient.shape)
            values = []
            for sign in (1, -1):
                arrays = {"weights": list(model.weights), "biases": list(model.biases)}
                moved = arrays[part][layer].copy()
                moved[place] += sign * step
                arrays[part][layer] = moved
                values.append(float(f.value(model.with_parameters(**arrays).predict(data.x), data.y)))
            slope = (values[0] - values[1]) / (2 * step)
            assert gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-8), (
                f"∂loss/∂{part}[{layer}]{place} of {sizes} {hidden} {loss} is {gradient[place]}, "
                f"but moving it by ±{step} changes the loss with slope {slope}"
            )


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=str)
@pytest.mark.parametrize(("batch_size", "shuffle"), BATCHES)
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_walking_is_running(optimiser, batch_size, shuffle, loss) -> None:
    model = model_for(loss)
    runner, walker = (Trainer(model, xor(), loss, optimiser, batch_size, shuffle, seed=3) for _ in range(2))
    report = runner.run(7)
    while walker.epoch < 7:
        list(walker.walk())
    assert (report.epochs, report.reason) == (7, "done")
    assert same(runner.model, walker.model)
    assert runner.loss == walker.loss
    assert np.array_equal(runner.history.loss, walker.history.loss)


@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(OPTIMISERS),
    st.sampled_from([None, 1, 2, 5]),
    st.integers(0, 2**32),
)
@settings(max_examples=40, deadline=None)
def test_walking_is_running_for_any_network_and_data(sizes, hidden, optimiser, batch_size, seed) -> None:
    generator = np.random.default_rng(seed)
    data = from_arrays(generator.normal(size=(7, sizes[0])), generator.integers(0, 2, (7, sizes[-1])))
    model = MLP.initialise(sizes, hidden, init="linear_default", seed=seed)
    runner, walker = (Trainer(model, data, "BCELoss", optimiser, batch_size, True, seed) for _ in range(2))
    runner.run(3)
    while walker.epoch < 3:
        list(walker.walk())
    assert same(runner.model, walker.model)


def test_a_run_may_be_cut_in_pieces_and_mixed_with_walks() -> None:
    model = model_for("MSELoss")
    for batch_size in (None, 3):
        whole, pieces = (Trainer(model, xor(), optimiser=Adam(0.1), batch_size=batch_size) for _ in range(2))
        whole.run(20)
        pieces.run(5)
        list(pieces.walk())
        pieces.snapshot()
        assert pieces.run(20 - pieces.epoch).reason == "done"
        assert same(whole.model, pieces.model)


def test_the_phases_of_a_walk() -> None:
    trainer = Trainer(MLP.initialise((2, 4, 3, 1), seed=1), xor(), batch_size=3)
    before = trainer.model
    seen = list(trainer.walk())
    assert tuple(snapshot.phase for snapshot in seen) == phases(3)
    assert phases(2) == (
        Phase("zero_grad"),
        Phase("forward", 1),
        Phase("forward", 2),
        Phase("loss"),
        Phase("backward", 2),
        Phase("backward", 1),
        Phase("step"),
    )

    def known(arrays: tuple[object, ...]) -> list[int]:
        return [i for i, array in enumerate(arrays, start=1) if array is not None]

    assert [known(s.z) for s in seen] == [[], [1], [1, 2], [1, 2, 3], [1, 2, 3], *[[1, 2, 3]] * 4]
    assert [known(s.delta) for s in seen] == [[], [], [], [], [], [3], [2, 3], [1, 2, 3], [1, 2, 3]]
    assert [s.loss is None for s in seen] == [True] * 4 + [False] * 5
    assert all(s.model is before and s.before is None for s in seen[:-1])
    last = seen[-1]
    assert last.before is before
    assert np.array_equal(last.model.weights[0], before.weights[0] - 0.1 * last.weight_grads[0])
    assert np.array_equal(last.x, xor().x[:3])
    assert np.array_equal(last.y, xor().y[:3])
    assert last.delta[0].shape == (3, 4)
    with pytest.raises(ValueError, match="read-only"):
        last.z[0][0, 0] = 1.0


def test_a_snapshot_is_a_forward_and_backward_pass_and_changes_nothing() -> None:
    for loss in LOSSES:
        model = model_for(loss)
        trainer, other = Trainer(model, xor(), loss), Trainer(model, xor(), loss)
        trainer.run(3)
        other.run(3)
        snapshot = trainer.snapshot()
        result = trainer.model.forward(xor().x)
        for ours, theirs in zip(snapshot.z + snapshot.a, result.z + result.a[1:], strict=True):
            assert np.allclose(ours, theirs, rtol=0, atol=1e-14)
        assert snapshot.loss == pytest.approx(float(loss_function(loss).value(result.a[-1], xor().y)), abs=1e-14)
        assert snapshot.phase is None
        trainer.run(3)
        other.run(3)
        assert same(trainer.model, other.model)


def test_loss_and_accuracy_are_those_of_the_current_parameters() -> None:
    for batch_size in (None, 1):
        trainer = Trainer(MLP.initialise((2, 4, 4, 1), seed=15), xor(), batch_size=batch_size)
        for _ in range(3):
            prediction = trainer.model.predict(xor().x)
            assert trainer.loss == pytest.approx(float(((prediction - xor().y) ** 2).mean()), abs=1e-15)
            assert trainer.accuracy == ((prediction > 0.5) == xor().y).mean()
            trainer.run(40)


def test_the_default_network_learns_exclusive_or() -> None:
    trainer = Trainer(MLP.initialise((2, 4, 4, 1), seed=15), xor(), stop_below=0.01)
    report = trainer.run(1500)
    assert report.reason == "below_threshold"
    assert report.epochs == trainer.epoch == 534
    assert trainer.accuracy == 1.0
    assert trainer.loss < 0.01 <= trainer.history.loss[-2]
    # the stop is a pause: whoever runs on trains on, and stops again at once
    assert trainer.run(10) == type(report)(1, "below_threshold")
    trainer.stop_below = None
    assert trainer.run(10) == type(report)(10, "done")


def diverging(batch_size: int | None = None, optimiser: SGD | Adam | None = None) -> Trainer:
    data = from_arrays(np.linspace(1.0, 30.0, 12).reshape(6, 2), np.arange(6.0).reshape(6, 1))
    model = MLP.initialise((2, 3, 1), "Identity", "Identity", seed=2)
    return Trainer(model, data, "HalfSquaredError", optimiser or SGD(1.0), batch_size)


@pytest.mark.parametrize("batch_size", [None, 4])
@pytest.mark.parametrize("optimiser", [SGD(1.0), SGD(1.0, momentum=0.9)])
def test_divergence_ends_training_at_the_last_finite_state(batch_size, optimiser) -> None:
    trainer = diverging(batch_size, optimiser)
    report = trainer.run(500)
    assert report.reason == "diverged"
    assert 0 < report.epochs == trainer.epoch < 500
    assert np.isfinite(trainer.loss)
    assert all(np.isfinite(array).all() for array in trainer.model.weights + trainer.model.biases)
    again = diverging(batch_size, optimiser)
    again.run(report.epochs)
    assert same(trainer.model, again.model)
    assert trainer.checkpoint().moment.block == again.checkpoint().moment.block  # the optimiser's memory as well
    # trying again fails again, a smaller rate does not
    assert trainer.run(5) == type(report)(0, "diverged")
    assert trainer.diverged
    for _ in range(1 if batch_size is None else 2):
        list(trainer.walk())
    assert same(trainer.model, again.model)


def test_a_parameter_that_is_not_finite_is_divergence_even_behind_a_saturated_output() -> None:
    model = MLP((np.zeros((1, 1)),), (np.zeros(1),))
    trainer = Trainer(model, from_arrays([[-100.0]], [[1.0]]), "BCELoss", SGD(1e308))
    # the step makes the weight infinite, the output exactly 1 and the loss 0
    report = trainer.run(3)
    assert (report.epochs, report.reason) == (0, "diverged")
    assert same(trainer.model, model)


def test_a_new_rate_keeps_what_the_optimiser_remembers() -> None:
    model = model_for("MSELoss")
    trainer = Trainer(model, xor(), optimiser=SGD(0.1, momentum=0.9))
    trainer.run(5)
    memory = np.frombuffer(trainer.checkpoint().moment.block).reshape(2, -1)[1].copy()
    trainer.optimiser = SGD(0.2, momentum=0.9)
    assert np.array_equal(np.frombuffer(trainer.checkpoint().moment.block).reshape(2, -1)[1], memory)
    before = trainer.model
    gradient = trainer.snapshot().bias_grads[-1]
    trainer.run(1)
    expected = before.biases[-1] - 0.2 * (0.9 * memory[-1] + gradient)
    assert np.allclose(trainer.model.biases[-1], expected, rtol=0, atol=1e-15)
    trainer.optimiser = Adam(0.1)
    assert trainer.run(3).reason == "done"


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=str)
@pytest.mark.parametrize(("batch_size", "shuffle"), BATCHES)
def test_a_checkpoint_brings_everything_back(optimiser, batch_size, shuffle) -> None:
    trainer = Trainer(model_for("MSELoss"), xor(), "MSELoss", optimiser, batch_size, shuffle)
    trainer.run(30)
    list(trainer.walk())  # perhaps in the middle of an epoch
    checkpoint = trainer.checkpoint()
    shown = (trainer.epoch, trainer.loss, trainer.accuracy, trainer.history.loss.tolist(), trainer.model)
    trainer.run(600)
    first = trainer.model
    trainer.optimiser = Adam(0.5)
    trainer.run(3)
    trainer.restore(checkpoint)
    assert (trainer.epoch, trainer.loss, trainer.accuracy, trainer.history.loss.tolist()) == shown[:4]
    assert same(trainer.model, shown[4])
    assert same(trainer.model, checkpoint.model)
    trainer.run(600)
    assert same(trainer.model, first)


def test_a_checkpoint_of_another_network_is_refused() -> None:
    checkpoint = Trainer(MLP.initialise((2, 3, 1)), xor()).checkpoint()
    with pytest.raises(InvalidValue, match="checkpoint is of"):
        Trainer(MLP.initialise((2, 4, 1)), xor()).restore(checkpoint)


def test_taking_up_where_another_trainer_left_off() -> None:
    before = Trainer(MLP.initialise((2, 4, 4, 1), seed=1), xor(), optimiser=SGD(0.1, momentum=0.9))
    before.run(700)
    checkpoint = before.checkpoint()
    # another activation and rate: the parameters, the curve so far and the optimiser's memory go on
    after = Trainer(before.model.with_hidden("Tanh"), xor(), optimiser=SGD(0.3, momentum=0.9))
    after.take_up(checkpoint)
    assert (after.epoch, after.model.hidden) == (700, "Tanh")
    assert same(after.model, before.model)
    assert after.loss == Trainer(before.model.with_hidden("Tanh"), xor()).loss != before.loss
    assert after.history.epoch[-1] == 700
    assert np.array_equal(after.history.loss[:-1], before.history.loss[before.history.epoch < 700])
    memory = np.frombuffer(after.checkpoint().moment.block).reshape(2, -1)[1]
    assert np.array_equal(memory, np.frombuffer(checkpoint.moment.block).reshape(2, -1)[1])
    assert after.run(50) == type(after.run(0))(50, "done")
    # with other parameters and another optimiser
    other = Trainer(before.model, xor(), optimiser=Adam(0.1))
    moved = before.model.with_parameters([2 * w for w in before.model.weights], before.model.biases)
    other.take_up(checkpoint, moved)
    assert same(other.model, moved)
    assert not np.frombuffer(other.checkpoint().moment.block).reshape(3, -1)[1:].any()
    # at the very start there is no curve yet
    fresh = Trainer(MLP.initialise((2, 4, 4, 1), seed=1), xor())
    fresh.take_up(Trainer(MLP.initialise((2, 4, 4, 1), seed=9), xor()).checkpoint(), moved)
    assert fresh.history.epoch.tolist() == [0]
    assert fresh.history.loss[0] == Trainer(moved, xor()).loss
    with pytest.raises(InvalidValue, match=r"checkpoint or model is of \(\(2, 3, 1\), \(\)\)"):
        fresh.take_up(Trainer(MLP.initialise((2, 3, 1)), xor()).checkpoint())


def test_the_order_of_rows_is_a_function_of_seed_and_epoch() -> None:
    assert sorted(row_order(10, 3, 7)) == list(range(10))
    assert row_order(10, 3, 7).tolist() == row_order(10, 3, 7).tolist() != row_order(10, 3, 8).tolist()
    assert row_order(10, (4, 3), 7)[1].tolist() == row_order(10, 3, 7).tolist()


ONE = MLP.initialise((2, 3, 1))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: Trainer(ONE, xor(), batch_size=0),
            "batch_size is 0; a batch has at least 1 row, and None takes all rows",
        ),
        (lambda: Trainer(ONE, xor()).run(-1), "epochs is -1; it has to be 0 or more"),
        (lambda: Trainer(ONE, xor()).run(1.5), "epochs is 1.5; it has to be 0 or more"),
        (
            lambda: Trainer(ONE, xor(), "BCEWithLogitsLoss"),
            "loss is 'BCEWithLogitsLoss'; it needs the output 'Identity', and the model's is 'Sigmoid'",
        ),
        (
            lambda: Trainer(MLP.initialise((2, 1), output="Tanh"), xor(), "BCELoss"),
            "loss is 'BCELoss'; it needs the output 'Sigmoid', and the model's is 'Tanh'",
        ),
        (lambda: Trainer(MLP.initialise((3, 1)), xor()), "data.x has 2 columns; the network has 3 inputs"),
        (lambda: Trainer(MLP.initialise((2, 2)), xor()), "data.y has 1 columns; the network has 2 outputs"),
        (
            lambda: Trainer(ONE, from_arrays([[0, 0]], [[2]]), "BCELoss"),
            "target holds 2.0; BCELoss needs targets from 0 to 1",
        ),
        (lambda: Trainer(ONE, xor(), seed=[1]), "seed has 1 entries; the ensemble has the shape ()"),
        (lambda: Trainer(ONE, xor(), seed=-1), "seed is -1; a seed is a whole number, 0 or more"),
        (
            lambda: Trainer(ONE, xor(), stop_below=float("nan")),
            "stop_below is nan; it has to be a number, 0 or more, or None",
        ),
        (lambda: Trainer("net", xor()), "model is 'net'; it has to be an MLP"),
        (lambda: Trainer(ONE, [[0, 1]]), "data is [[0, 1]]; it has to be a Dataset"),
        (
            lambda: Trainer(ONE, xor(), optimiser="Adam"),
            "optimiser is 'Adam'; it has to be one such as SGD(lr=0.1) or Adam(lr=0.01)",
        ),
        (lambda: row_order(0, 1, 1), "rows is 0; it has to be 1 or more"),
        (lambda: row_order(4, 1, -1), "epoch is -1; it has to be 0 or more"),
        (lambda: phases(0), "layers is 0; a network has at least 1 Linear layer"),
        (lambda: SGD(0.0), "lr is 0.0; a learning rate has to be a number above 0"),
        (lambda: SGD("0.1"), "lr is '0.1'; a learning rate has to be a number above 0"),
        (lambda: SGD(0.1, momentum=1.0), "momentum is 1.0; it has to be from 0 to below 1"),
        (
            lambda: SGD(0.1, nesterov=True),
            "nesterov is True with momentum 0.0 and dampening 0.0; it needs a momentum above 0 and no dampening",
        ),
        (lambda: Adam(0.1, betas=(0.9, 1.0)), "betas[1] is 1.0; it has to be from 0 to below 1"),
        (lambda: Adam(0.1, betas=0.9), "betas is 0.9; it has to be a pair such as (0.9, 0.999)"),
    ],
)
def test_refusals_name_the_argument_and_the_value(call, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        call()
    assert str(caught.value) == sentence
