"""How the networks of one row are trained, and when one of them has learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from perceptorium.engine import ACTIVATIONS, INITIALISATIONS, LOSSES, MLP, SGD, Dataset, InvalidValue, xor
from perceptorium.engine.checks import number, one_of, whole_number

RATES = (0.001, 1.0)
"""Learning rates are those of the workbench, so that every network of the lab can be opened there."""
MOST_EPOCHS = 100_000
LARGEST_THRESHOLD = 0.5

SUCCESSES: Mapping[str, str] = MappingProxyType(
    {"MSE": "mean squared error of the four rows below the threshold", "accuracy": "all four rows right"}
)
#: Loss of the four rows per mean squared error: ½ Σ (ŷ − y)² is twice the mean of four squares, exactly, in float64.
_PER_MSE: Mapping[str, float] = MappingProxyType({"MSELoss": 1.0, "HalfSquaredError": 2.0})


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of an experiment on XOR. Every value is checked; a wrong one raises InvalidValue naming its field.

    Defaults are the paper's method as far as it says: He weights, zero biases, an update after each row by its
    eq. 8, the gradient of the half squared error. A network has learned when, at the end of an epoch, its `success`
    is reached: "MSE" below `threshold`, or "accuracy" of all rows. It has `epochs` epochs to do so.
    """

    hidden: tuple[int, ...] = (4,)
    activation: str = "ReLU"
    learning_rate: float = 0.3
    init: str = "kaiming_normal"
    loss: str = "HalfSquaredError"
    batch_size: int | None = 1
    success: str = "MSE"
    threshold: float = 0.01
    epochs: int = 2000

    def __post_init__(self) -> None:
        hidden = tuple(
            whole_number(f"hidden[{i}]", size, 1, "a layer needs at least 1 neuron")
            for i, size in enumerate(self.hidden)
        )
        object.__setattr__(self, "hidden", hidden)
        one_of("activation", self.activation, ACTIVATIONS)
        low, high = RATES
        if number("learning_rate", self.learning_rate, f"it has to be {low:g} to {high:g}", low) > high:
            raise InvalidValue(f"learning_rate is {self.learning_rate:g}; it has to be {low:g} to {high:g}")
        one_of("init", self.init, INITIALISATIONS)
        one_of("loss", self.loss, {name: LOSSES[name] for name in _PER_MSE})
        if self.batch_size not in (None, 1):
            raise InvalidValue(f"batch_size is {self.batch_size!r}; it has to be 1, or None for all rows")
        one_of("success", self.success, SUCCESSES)
        purpose = f"it has to be above 0 and at most {LARGEST_THRESHOLD:g}"
        if not 0 < number("threshold", self.threshold, purpose) <= LARGEST_THRESHOLD:
            raise InvalidValue(f"threshold is {self.threshold:g}; {purpose}")
        purpose = f"it has to be 1 to {MOST_EPOCHS}"
        if whole_number("epochs", self.epochs, 1, purpose) > MOST_EPOCHS:
            raise InvalidValue(f"epochs is {self.epochs}; {purpose}")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of every layer."""
        return (2, *self.hidden, 1)

    @property
    def stop_below(self) -> float | None:
        """The loss below which a network has learned; None if its accuracy decides."""
        return self.threshold * _PER_MSE[self.loss] if self.success == "MSE" else None

    @property
    def optimiser(self) -> SGD:
        """Plain gradient descent."""
        return SGD(lr=self.learning_rate)

    @property
    def data(self) -> Dataset:
        """The four rows, in the order 00, 01, 10, 11."""
        return xor()

    def networks(self, seeds: range) -> MLP:
        """The ensemble of these seeds before training."""
        return MLP.initialise(self.sizes, hidden=self.activation, init=self.init, seed=seeds)

    @property
    def label(self) -> str:
        """Hidden neurons and activation, such as ``"4-4 Tanh"``."""
        return f"{'-'.join(map(str, self.hidden))} {self.activation}"
