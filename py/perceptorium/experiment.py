"""What the user has set up, as one frozen, validated value.

The dataclass *is* the table: every field carries its kind, and the kind knows the limits, the check, and the
short text form. Controls read their minimum and maximum from it, JSON and the URL are read and written by it,
so no second list of limits exists anywhere.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perceptorium.engine import (
    MLP,
    SGD,
    Adam,
    Dataset,
    InvalidValue,
    Trainer,
    and_,
    circles,
    continuous_xor,
    gaussians,
    moons,
    or_,
    spiral,
    xor,
)
from perceptorium.fields import Choice, Flag, Kind, LayerSizes, Number, Whole
from perceptorium.torchcode import Form, Program

if TYPE_CHECKING:
    from perceptorium.torchcode.problems import Problem


_TRUTH_TABLES = {"XOR": xor, "AND": and_, "OR": or_}
_DRAWN = {
    "Circles": circles,
    "Gaussians": gaussians,
    "Moons": moons,
    "Spiral": spiral,
    "Continuous XOR": continuous_xor,
}
_DRAWN_BY = frozenset({"rows", "noise", "test_share", "data_seed"})  # the fields that say how; truth tables ignore them

_LONGEST_JSON = 4000  # about ten times what is needed; far longer text, deeply nested, overflows the browser's stack


def _field(default: Any, kind: Kind) -> Any:
    return dataclasses.field(default=default, metadata={"kind": kind})


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment. Every value is checked; a wrong one raises InvalidValue naming its field."""

    hidden: tuple[int, ...] = _field((4, 4), LayerSizes(layers=4, neurons=8))
    activation: str = _field("ReLU", Choice(("ReLU", "Sigmoid", "Tanh")))
    learning_rate: float = _field(0.1, Number(0.001, 1.0))
    init: str = _field(
        "kaiming_normal",
        Choice(("kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform", "linear_default")),
    )
    seed: int = _field(2, Whole(0, 2**32 - 1))
    loss: str = _field("MSELoss", Choice(("MSELoss", "BCELoss", "BCEWithLogitsLoss", "HalfSquaredError")))
    optimiser: str = _field("SGD", Choice(("SGD", "SGD with momentum", "Adam")))
    momentum: float = _field(0.9, Number(0.0, 0.99))  # read by "SGD with momentum" only
    batch_size: int | None = _field(None, Whole(1, 1000, none="all"))
    shuffle: bool = _field(False, Flag())
    dataset: str = _field("XOR", Choice((*_TRUTH_TABLES, *_DRAWN)))
    rows: int = _field(200, Whole(10, 1000))
    noise: float = _field(0.1, Number(0.0, 1.0))
    test_share: float = _field(0.0, Number(0.0, 0.9))
    data_seed: int = _field(0, Whole(0, 2**32 - 1))
    stop_below: float = _field(0.01, Number(0.0, 1.0))
    epochs: int = _field(1000, Whole(1, 100_000))

    def __post_init__(self) -> None:
        for name, kind in FIELDS.items():
            object.__setattr__(self, name, kind.check(name, getattr(self, name)))

    @property
    def output(self) -> str:
        """The output activation: none for BCEWithLogitsLoss, which holds its own sigmoid and takes logits."""
        return "Identity" if self.loss == "BCEWithLogitsLoss" else "Sigmoid"

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of every layer; all data sets on the page have 2 inputs and 1 output."""
        return (2, *self.hidden, 1)

    def with_(self, **changes: Any) -> Experiment:
        """A copy with some fields changed, checked like a new one."""
        return Experiment(**{**self.to_dict(), **_known(changes)})

    def changed(self, other: Experiment) -> frozenset[str]:
        """Names of the fields in which the two differ."""
        return frozenset(name for name in FIELDS if getattr(self, name) != getattr(other, name))

    def same_weights(self, other: Experiment) -> bool:
        """Whether both start from the same initial weights, so that a network in training may be kept."""
        return not self.changed(other) & {"hidden", "init", "seed"}

    def same_data(self, other: Experiment) -> bool:
        """Whether both train on the same rows; a fixed data set ignores the fields of the generated ones."""
        differs = self.changed(other)
        return "dataset" not in differs and (self.dataset in _TRUTH_TABLES or not differs & _DRAWN_BY)

    def data(self) -> Dataset:
        """The rows to train on, and the held-back ones."""
        if self.dataset in _TRUTH_TABLES:
            return _TRUTH_TABLES[self.dataset]()
        draw = _DRAWN[self.dataset]
        return draw(self.rows, noise=self.noise, test_share=self.test_share, seed=self.data_seed)

    def model(self) -> MLP:
        """The network before training: the same one for the same sizes, init and seed."""
        return MLP.initialise(self.sizes, hidden=self.activation, output=self.output, init=self.init, seed=self.seed)

    def optimiser_object(self) -> SGD | Adam:
        """The engine's optimiser with this learning rate."""
        if self.optimiser == "Adam":
            return Adam(lr=self.learning_rate)
        return SGD(lr=self.learning_rate, momentum=self.momentum if self.optimiser == "SGD with momentum" else 0.0)

    def trainer(self, model: MLP | None = None, make: Callable[..., Trainer] = Trainer) -> Trainer:
        """A trainer at epoch 0, from new weights or from `model`'s with this experiment's activations.

        `make` is the kind of trainer: the reference, or one that compiles.
        """
        if model is not None:
            model = MLP(model.weights, model.biases, hidden=self.activation, output=self.output)
        return make(
            self.model() if model is None else model,
            self.data(),
            loss=self.loss,
            optimiser=self.optimiser_object(),
            batch_size=self.batch_size,
            shuffle=self.shuffle,
            seed=self.seed,
            stop_below=self.stop_below,
        )

    def program(self, start: MLP | None = None) -> Program:
        """What the PyTorch code says; `start` is the network that training started from, by default a new one."""
        names = {field.name for field in dataclasses.fields(Program)}
        shared = {name: value for name, value in self.to_dict().items() if name in names}
        return Program(**shared, data=self.data(), start=self.model() if start is None else start)

    def edited(self, text: str, form: Form = "listing", start: MLP | None = None) -> Edited:
        """What an edit of the program's text makes of this experiment; see torchcode.edit. Raises nothing."""
        from perceptorium.torchcode.edit import read
        from perceptorium.torchcode.problems import Problem

        reading = read(text, self.program(start), form)
        changes, problems = dict(reading.changes), list(reading.problems)
        for name, value in reading.changes.items():
            try:
                changes[name] = FIELDS[name].check(name, value)
            except InvalidValue as error:
                # For one hidden layer the message begins with hidden[1], and so does a key of the lines.
                exact = str(error).partition(" ")[0]
                problems.append(Problem(reading.lines.get(exact, reading.lines[name]), str(error)))
        return Edited(self if problems else self.with_(**changes), tuple(problems))

    def to_dict(self) -> dict[str, Any]:
        """Every field by name."""
        return {name: getattr(self, name) for name in FIELDS}

    def to_json(self) -> str:
        """A JSON object of every field, by name."""
        return json.dumps(self.to_dict(), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Experiment:
        """The inverse of `to_json`; absent fields take their defaults, wrong ones raise InvalidValue."""
        if len(text) > _LONGEST_JSON:
            raise InvalidValue(
                f"the experiment is {len(text)} characters long; it must be JSON of at most {_LONGEST_JSON}"
            )
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InvalidValue(f"the experiment is not JSON: {error}; it must be one JSON object of fields") from None
        if not isinstance(values, dict):
            raise InvalidValue(
                f"the experiment is a JSON {type(values).__name__}; it must be one JSON object of fields"
            )
        return cls(**_known(values))


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited program understood: the new experiment, or the old one and the problems that the edit has."""

    experiment: Experiment
    problems: tuple[Problem, ...]


FIELDS: Mapping[str, Kind] = {field.name: field.metadata["kind"] for field in dataclasses.fields(Experiment)}
DEFAULTS: Mapping[str, Any] = {field.name: field.default for field in dataclasses.fields(Experiment)}


def _known(values: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in values:
        if name not in FIELDS:
            raise InvalidValue(f"{name} is not a field of an experiment; the fields are {', '.join(FIELDS)}")
    return values
