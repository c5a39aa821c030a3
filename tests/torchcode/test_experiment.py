"""The field table: every value is checked, and comes back from JSON and from its short text."""

from __future__ import annotations

import json
import random

import pytest

from perceptorium.engine import InvalidValue
from perceptorium.experiment import DEFAULTS, FIELDS, Experiment
from tests.torchcode.random_experiments import random_experiment

WRONG = [
    ("hidden", (4, 0), "hidden[1] is 0; it must be a whole number from 1 to 8"),
    ("hidden", (9,), "hidden[0] is 9; it must be a whole number from 1 to 8"),
    ("hidden", (1, 1, 1, 1, 1), "hidden has 5 layers; at most 4 hidden layers are allowed"),
    ("hidden", 4, "hidden is 4; it must be the hidden layers' sizes, such as (4, 4)"),
    ("activation", "relu", "activation is 'relu'; it must be one of ReLU, Sigmoid, Tanh"),
    ("learning_rate", 2, "learning_rate is 2; it must be a number from 0.001 to 1"),
    ("learning_rate", float("nan"), "learning_rate is nan; it must be a number from 0.001 to 1"),
    ("learning_rate", "0.1", "learning_rate is '0.1'; it must be a number from 0.001 to 1"),
    ("seed", True, "seed is True; it must be a whole number from 0 to 4294967295"),
    ("batch_size", 0, "batch_size is 0; it must be a whole number from 1 to 1000, or None for all"),
    ("shuffle", 1, "shuffle is 1; it must be True or False"),
    ("epochs", None, "epochs is None; it must be a whole number from 1 to 100000"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_a_wrong_value_is_named(name: str, value: object, sentence: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        Experiment().with_(**{name: value})
    assert str(raised.value) == sentence


def test_unknown_fields_are_named() -> None:
    with pytest.raises(InvalidValue, match=r"^lr is not a field of an experiment; the fields are hidden, "):
        Experiment().with_(lr=0.1)
    with pytest.raises(InvalidValue, match=r"^lr is not a field"):
        Experiment.from_json('{"lr": 0.1}')


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "3", '{"hidden": "4"}', '{"seed": 1e999}', "[" * 100_000, "[" * 3000, " " * 5000 + "{}"]
)
def test_damaged_json_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidValue):
        Experiment.from_json(text)


def test_json_and_short_text_come_back() -> None:
    choose = random.Random(10)
    for _ in range(500):
        experiment = random_experiment(choose)
        assert Experiment.from_json(experiment.to_json()) == experiment
        texts = {name: kind.write(getattr(experiment, name)) for name, kind in FIELDS.items()}
        assert Experiment(**{name: FIELDS[name].read(name, text) for name, text in texts.items()}) == experiment
        assert all(
            set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
            for text in texts.values()
        )


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("text", ["", "x", "-1", "1e999", "nan", "9" * 400, "4--4", "<b>", "٣"])
def test_damaged_short_text_is_refused_in_words(name: str, text: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        FIELDS[name].read(name, text)
    assert str(raised.value).startswith(name)
    assert len(str(raised.value)) < 200


def test_every_default_is_allowed_and_json_is_by_field_name() -> None:
    assert Experiment().to_dict() == DEFAULTS
    assert set(json.loads(Experiment().to_json())) == set(FIELDS)
    assert Experiment.from_json("{}") == Experiment()


def test_what_keeps_the_weights() -> None:
    experiment = Experiment()
    assert experiment.same_weights(experiment.with_(activation="Tanh", learning_rate=0.3, dataset="AND"))
    assert not experiment.same_weights(experiment.with_(hidden=(4, 5)))
    assert not experiment.same_weights(experiment.with_(seed=99))
    assert experiment.same_data(experiment.with_(rows=30, noise=0.5))
    assert not experiment.same_data(experiment.with_(dataset="OR"))
    circles = experiment.with_(dataset="Circles")
    assert not circles.same_data(circles.with_(noise=0.5))


def test_the_same_seed_makes_the_same_network_and_activations_do_not_change_it() -> None:
    experiment = Experiment(hidden=(3, 2), seed=7)
    first, second = experiment.model(), experiment.with_(activation="Sigmoid").model()
    assert all((a == b).all() for a, b in zip(first.weights, second.weights, strict=True))
    assert (first.hidden, second.hidden) == ("ReLU", "Sigmoid")
    assert experiment.with_(loss="BCEWithLogitsLoss").model().output == "Identity"


def test_trainer_takes_weights_and_the_experiments_activation() -> None:
    model = Experiment(seed=5).model()
    trainer = Experiment(activation="Tanh").trainer(model)
    assert trainer.model.hidden == "Tanh"
    assert (trainer.model.weights[0] == model.weights[0]).all()
