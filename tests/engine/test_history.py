"""The history stays small, keeps the points that matter, and can be gone back in."""

import sys

import numpy as np
import pytest

from perceptorium.engine import MLP, SGD, InvalidValue, Trainer, xor
from perceptorium.engine.history import KEPT, POINTS


def trainer_of(seed: int = 15, rate: float = 0.1, **options) -> Trainer:
    return Trainer(MLP.initialise((2, 4, 4, 1), seed=seed), xor(), optimiser=SGD(rate), **options)


def test_every_epoch_is_there_at_first() -> None:
    trainer = trainer_of()
    trainer.run(300)
    history = trainer.history
    assert history.epoch.tolist() == list(range(301))
    slow = trainer_of()
    for epoch in range(301):
        assert (history.loss[epoch], history.accuracy[epoch]) == (slow.loss, slow.accuracy)
        slow.run(1)


@pytest.mark.parametrize("epochs", [511, 512, 513, 5000])
def test_it_is_bounded_and_has_the_first_the_last_and_the_extreme_points(epochs: int) -> None:
    # this rate overshoots, so that the loss is lowest somewhere in the middle
    trainer = trainer_of(rate=6.0)
    losses = [trainer.loss]
    watcher = trainer_of(rate=6.0)
    trainer.run(epochs)
    for _ in range(epochs):
        watcher.run(1)
        losses.append(watcher.loss)
    assert 0 < losses.index(min(losses)) < epochs
    for history in (trainer.history, watcher.history):
        assert len(history.epoch) <= POINTS + 3
        assert history.epoch[0] == 0
        assert history.epoch[-1] == epochs
        assert np.all(np.diff(history.epoch) > 0)
        assert np.array_equal(history.loss, np.array(losses)[history.epoch])
        assert history.loss.min() == min(losses)
        assert history.loss.max() == max(losses)
        assert len(history.kept_epochs) <= KEPT
        with pytest.raises(ValueError, match="read-only"):
            history.loss[0] = 0.0
    accuracies = [0.0] * len(trainer.history.epoch)
    again = trainer_of(rate=6.0)
    for i, epoch in enumerate(trainer.history.epoch):
        again.run(int(epoch) - again.epoch)
        accuracies[i] = again.accuracy
    assert trainer.history.accuracy.tolist() == accuracies


def test_an_ensemble_has_a_history_of_its_mean() -> None:
    trainer = Trainer(MLP.initialise((2, 3, 1), seed=range(4)), xor(), optimiser=SGD(2.0))
    means = [trainer.loss.mean()]
    for _ in range(700):
        trainer.run(1)
        means.append(trainer.loss.mean())
    history = trainer.history
    assert history.loss.shape == history.accuracy.shape == (len(history.epoch), 4)
    assert np.array_equal(history.loss.mean(axis=1), np.array(means)[history.epoch])
    assert history.loss.mean(axis=1).min() == min(means)
    assert history.kept == ()


def test_going_back_to_a_kept_epoch_and_on_again() -> None:
    trainer = trainer_of()
    trainer.run(1000)
    kept = trainer.history.kept_epochs
    assert kept[0] == 0
    assert kept[-1] > 900
    assert len(kept) > KEPT // 3
    target = kept[5]
    model = trainer.history.model_at(target + 1)
    again = trainer_of()
    again.run(target)
    assert np.array_equal(model.weights[1], again.model.weights[1])
    trainer.rewind(target)
    assert (trainer.epoch, trainer.loss) == (target, again.loss)
    assert trainer.history.epoch[-1] == target
    assert trainer.history.kept_epochs[-1] == target
    assert trainer.history.loss.max() == again.history.loss.max()
    trainer.run(300)
    again.run(300)
    assert np.array_equal(trainer.model.weights[1], again.model.weights[1])
    with pytest.raises(InvalidValue, match="epoch is -1"):
        trainer.rewind(-1)
    with pytest.raises(InvalidValue, match="epoch is -1; kept are the epochs"):
        trainer.history.model_at(-1)


def test_a_checkpoint_every_frame_shares_what_does_not_change() -> None:
    trainer = trainer_of()
    trainer.run(2000)
    first, second = trainer.checkpoint(), trainer.checkpoint()
    assert first.records.losses.base is second.records.losses.base
    assert all(a is b for a, b in zip(first.records.kept, second.records.kept, strict=True))
    assert sys.getsizeof(first.moment.block) < 500  # 33 numbers


def test_old_checkpoints_do_not_see_what_is_noted_later() -> None:
    trainer = trainer_of()
    trainer.run(100)
    checkpoint = trainer.checkpoint()
    losses = checkpoint.records.losses.copy()
    trainer.run(50)
    later = trainer.checkpoint()
    trainer.restore(checkpoint)
    trainer.optimiser = SGD(5.0)
    trainer.run(2000)  # another future, thinned several times
    assert np.array_equal(checkpoint.records.losses, losses)
    trainer.restore(later)
    assert trainer.history.epoch[-1] == 150
    plain = trainer_of()
    plain.run(150)
    assert np.array_equal(trainer.history.loss, plain.history.loss)


def test_epochs_that_were_trained_elsewhere_make_the_same_history() -> None:
    trainer, taught = trainer_of(), trainer_of()
    for chunk in (1, 70, 200, 200, 529):
        losses, accuracies = np.empty(chunk), np.empty(chunk)
        for i in range(chunk):
            trainer.run(1)
            losses[i], accuracies[i] = trainer.loss, trainer.accuracy
        state = np.frombuffer(trainer.checkpoint().moment.block).reshape(1, -1)
        taught._adopt(state, 0, losses, accuracies, "done")
    for name in ("epoch", "loss", "accuracy"):
        assert np.array_equal(getattr(trainer.history, name), getattr(taught.history, name))
    assert (taught.epoch, taught.loss) == (trainer.epoch, trainer.loss)
    taught._adopt(state, 0, losses[:0], accuracies[:0], "diverged")
    assert taught.diverged
    assert taught.finished_at == 1000
