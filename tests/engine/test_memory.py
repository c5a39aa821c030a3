"""Once warm, training allocates nothing: not per epoch, and not per row."""

import tracemalloc

import numpy as np
import pytest

from perceptorium.engine import MLP, SGD, Adam, Trainer, circles, loss_function, xor


def peak_of(trainer: Trainer, epochs: int) -> tuple[int, int]:
    """Return how many bytes stay after so many epochs, and how many more there were in between."""
    tracemalloc.start()
    try:
        start = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        trainer.run(epochs)
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return now - start, peak - start


@pytest.mark.parametrize("optimiser", [SGD(0.1), SGD(0.1, 0.9), Adam(0.01)], ids=str)
@pytest.mark.parametrize(
    ("hidden", "loss"), [("ReLU", "MSELoss"), ("Tanh", "BCELoss"), ("Sigmoid", "BCEWithLogitsLoss")]
)
def test_the_visible_network(hidden: str, loss: str, optimiser) -> None:
    model = MLP.initialise((2, 8, 8, 8, 8, 1), hidden, loss_function(loss).output or "Sigmoid", seed=3)
    trainer = Trainer(model, xor(), loss, optimiser)
    # the history is noted at ever fewer epochs: between 4,096 and 4,224 no point is due but those of a new lowest loss
    trainer.run(4100)
    stays, peak = peak_of(trainer, 100)
    assert stays < 1_000  # the report, the last point
    assert peak < 6_000  # one of the arrays of a point; a hundred epochs of one temporary of 8 numbers would be 6,400


def test_large_batches() -> None:
    data = circles(5000, seed=1)
    trainer = Trainer(MLP.initialise((2, 8, 1), "ReLU", seed=1), data, batch_size=1000)
    trainer.run(2)
    row = 5000 * 8  # bytes of a temporary with one number for each row
    trainer._recorder.note = lambda epoch, level: None  # the accuracy of a noted epoch is reckoned with temporaries
    stays, peak = peak_of(trainer, 20)
    assert stays < 10_000
    assert peak < row


def test_the_history_does_not_grow() -> None:
    trainer = Trainer(MLP.initialise((2, 4, 4, 1), seed=15), xor())
    trainer.run(70_000)
    stays, _ = peak_of(trainer, 30_000)
    assert stays < 60_000  # no more than one exchange of the arrays of 512 points
    assert trainer.epoch == 100_000
    assert np.isfinite(trainer.loss)
