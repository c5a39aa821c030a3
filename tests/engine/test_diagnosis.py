"""What the diagnosis says about trainings that are really stuck, and that following it really helps."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from perceptorium.engine import (
    DATASETS,
    MLP,
    SGD,
    Adam,
    Finding,
    InvalidValue,
    Trainer,
    diagnose,
    from_arrays,
    moons,
    xor,
)


@dataclass(frozen=True)
class Setup:
    """As much of an experiment as a remedy can change."""

    hidden: tuple[int, ...] = (4, 4)
    activation: str = "ReLU"
    learning_rate: float = 0.1
    seed: int = 0
    dataset: str = "XOR"
    loss: str = "MSELoss"
    adam: bool = False
    output: str = "Sigmoid"

    def model(self, scale: float = 1.0) -> MLP:
        model = MLP.initialise((2, *self.hidden, 1), self.activation, self.output, seed=self.seed)
        return model.with_parameters([scale * w for w in model.weights], model.biases)

    def trainer(self, model: MLP) -> Trainer:
        optimiser = (Adam if self.adam else SGD)(self.learning_rate)
        data = MANY if self.dataset == "Sums" else DATASETS[self.dataset]()
        return Trainer(model, data, self.loss, optimiser, stop_below=0.01)

    def follow(self, remedy: dict, model: MLP) -> "tuple[Setup, MLP]":
        """Do what the page does: new weights for a new seed or architecture, else training goes on from where it is."""
        changes = dict(remedy)
        if changes.get("seed") == "next":
            changes["seed"] = self.seed + 1
        after = replace(self, **changes)
        fresh = "seed" in changes or "hidden" in changes
        return after, after.model() if fresh else model.with_hidden(after.activation)


MANY = from_arrays(
    np.linspace(-3, 3, 60).reshape(30, 2), np.linspace(-3, 3, 60).reshape(30, 2).sum(axis=1, keepdims=True)
)


def findings_of(setup: Setup, trainer: Trainer, diverged: bool = False) -> tuple[Finding, ...]:
    return diagnose(trainer.snapshot(), trainer.history, setup.learning_rate, diverged)


def cured(setup: Setup, kind: str, epochs: int, scale: float = 1.0, advice: int = 3, more: int = 3000) -> bool | None:
    """Train until stuck; None if it is not, or not for this reason. Then follow the advice: does it learn now?"""
    model = setup.model(scale)
    trainer = setup.trainer(model)
    diverged = trainer.run(epochs).reason == "diverged"
    findings = findings_of(setup, trainer, diverged)
    if kind not in [finding.kind for finding in findings]:
        return None
    remedy = next(finding.remedy for finding in findings if finding.kind == kind)
    for _ in range(advice):
        setup, model = setup.follow(remedy, trainer.model)
        trainer = setup.trainer(model)
        report = trainer.run(more)
        if report.reason == "below_threshold":
            return True
        findings = findings_of(setup, trainer, report.reason == "diverged")
        remedy = findings[0].remedy if findings else {}
    return trainer.accuracy == 1.0


@pytest.mark.parametrize(
    ("kind", "setup", "epochs", "scale", "advice"),
    [
        pytest.param("dead_units", Setup(), 1500, 1.0, 1, id="dead ReLU units"),
        pytest.param("plateau", Setup(activation="Sigmoid"), 1500, 1.0, 1, id="plateau of Sigmoid"),
        pytest.param("plateau", Setup(activation="Tanh", learning_rate=0.001), 250, 1.0, 3, id="plateau: rate too low"),
        pytest.param("plateau", Setup(hidden=(), learning_rate=0.3), 600, 1.0, 3, id="plateau of a perceptron"),
        pytest.param(
            "vanishing_gradient", Setup(hidden=(8, 8, 8, 8), activation="Sigmoid"), 300, 1.0, 1, id="vanishing gradient"
        ),
        pytest.param(
            "exploding_gradient",
            Setup(hidden=(8, 8, 8, 8), output="Identity", learning_rate=0.01),
            0,
            4.0,
            1,
            id="exploding gradient",
        ),
        pytest.param("saturated_units", Setup(activation="Tanh"), 100, 40.0, 1, id="saturated Tanh, weights too large"),
        pytest.param(
            "saturated_units",
            Setup(activation="Tanh", learning_rate=1.0, adam=True),
            300,
            1.0,
            2,
            id="saturated Tanh, Adam",
        ),
        pytest.param(
            "saturated_units",
            Setup(activation="Sigmoid", learning_rate=1.0, adam=True),
            300,
            1.0,
            2,
            id="saturated Sigmoid",
        ),
        pytest.param(
            "divergence",
            Setup(dataset="Sums", output="Identity", activation="Identity", learning_rate=1.0),
            200,
            1.0,
            3,
            id="divergence",
        ),
    ],
)
def test_following_the_advice_helps(kind: str, setup: Setup, epochs: int, scale: float, advice: int) -> None:
    results = [cured(replace(setup, seed=seed), kind, epochs, scale, advice) for seed in range(12)]
    stuck = [result for result in results if result is not None]
    assert len(stuck) >= 3, f"only {len(stuck)} of 12 trainings were stuck for this reason"
    assert np.mean(stuck) >= 0.8, f"the advice helped {sum(stuck)} of {len(stuck)}"


@pytest.mark.parametrize(
    ("kind", "setup", "epochs"),
    [
        pytest.param("oscillation", Setup((8, 8), "Tanh", 3.0, dataset="Moons"), 250, id="oscillation of Tanh"),
        pytest.param("oscillation", Setup((8, 8), "ReLU", 3.0, dataset="Moons"), 250, id="oscillation of ReLU"),
        pytest.param("plateau", Setup((4, 4), "ReLU", 0.2, dataset="Spiral"), 400, id="plateau of ReLU"),
    ],
)
def test_who_follows_the_advice_does_better_than_who_does_not(kind: str, setup: Setup, epochs: int) -> None:
    """Training may recover by itself, so both go on for as long again, and the mean loss on the way is compared."""
    better, gone = [], []
    for seed in range(24):
        setup = replace(setup, seed=seed)
        trainer = setup.trainer(setup.model())
        trainer.run(epochs)
        found = [finding for finding in findings_of(setup, trainer) if finding.kind == kind]
        if not found:
            continue
        after, model = setup.follow(found[0].remedy, trainer.model)
        advised, stubborn = after.trainer(model), setup.trainer(trainer.model)
        advised.run(epochs)
        stubborn.run(epochs)
        better.append(advised.history.loss.mean() < stubborn.history.loss.mean())
        gone.append(kind not in [finding.kind for finding in findings_of(after, advised)])
    assert len(better) >= 5
    assert np.mean(better) >= 0.8
    assert kind != "oscillation" or np.mean(gone) >= 0.8


def test_dead_units_are_named() -> None:
    weights = (np.array([[1.0, -1.0, 1.0], [1.0, -1.0, -1.0]]), np.array([[1.0], [-1.0], [2.0]]))
    model = MLP(weights, (np.array([0.0, -0.5, -3.0]), np.zeros(1)))
    (finding,) = diagnose(*seen(Trainer(model, xor())))
    assert (finding.kind, finding.layer, finding.units) == ("dead_units", 1, (2, 3))
    assert finding.remedy == {"activation": "Tanh"}
    assert finding.sentence == (
        "Neurons 2 and 3 of hidden layer 1 are dead: for every row z is negative, ReLU gives 0, and no gradient comes "
        "back."
    )


def test_a_dead_layer_says_so_and_nothing_else_repeats_it() -> None:
    model = MLP((np.full((2, 3), -1.0), np.ones((3, 1))), (np.full(3, -1.0), np.zeros(1)))
    trainer = Trainer(model, xor())
    trainer.run(500)
    (finding,) = diagnose(*seen(trainer))
    assert finding.units == (1, 2, 3)
    assert finding.sentence.startswith("Every neuron of hidden layer 1 is dead")


def test_a_network_that_has_learned_needs_nothing() -> None:
    for activation, seed in (("ReLU", 2), ("ReLU", 15), ("Tanh", 1)):
        trainer = Trainer(MLP.initialise((2, 4, 4, 1), activation, seed=seed), xor(), optimiser=SGD(0.3))
        trainer.run(2000)
        assert trainer.accuracy == 1.0
        assert all(not finding.remedy for finding in diagnose(*seen(trainer)))
    dead = diagnose(*seen(Trainer(MLP.initialise((2, 4, 4, 1), seed=15), xor())))
    assert all(finding.kind == "dead_units" for finding in dead)


def test_a_healthy_training_under_way_is_left_in_peace() -> None:
    trainer = Trainer(MLP.initialise((2, 4, 4, 1), seed=15), xor())
    for _ in range(20):
        trainer.run(25)
        assert diagnose(*seen(trainer)) == ()
    data = moons(200, seed=1)
    trainer = Trainer(
        MLP.initialise((2, 8, 8, 1), "Tanh", seed=1), data, "BCELoss", SGD(0.3), batch_size=20, shuffle=True
    )
    for _ in range(8):
        trainer.run(10)
        assert [finding.kind for finding in diagnose(*seen(trainer), 0.3)] == []


def test_saturated_units_are_named() -> None:
    model = MLP(
        (np.array([[60.0, 1.0], [60.0, 1.0]]), np.ones((2, 1))), (np.array([-30.0, 0.0]), np.zeros(1)), "Sigmoid"
    )
    found = diagnose(*seen(Trainer(model, xor())))
    assert [(f.kind, f.layer, f.units) for f in found] == [("saturated_units", 1, (1,))]
    assert found[0].remedy == {"seed": "next"}


def test_the_error_signal_is_followed_layer_by_layer() -> None:
    small = MLP.initialise((2, 4, 4, 1), "Tanh", seed=3)
    faint = small.with_parameters([small.weights[0], 1e-3 * small.weights[1], small.weights[2]], small.biases)
    found = diagnose(*seen(Trainer(faint, xor())))
    assert [(f.kind, f.layer) for f in found] == [("vanishing_gradient", 1)]
    loud = small.with_parameters([small.weights[0], small.weights[1], 1e3 * small.weights[2]], small.biases)
    snapshot, history = seen(Trainer(loud, from_arrays([[0.1, 0.0], [0.0, 0.1]], [[1], [0]])))
    if not np.allclose(snapshot.delta[-1], 0):
        assert "exploding_gradient" in [f.kind for f in diagnose(snapshot, history)]


def test_rates_stay_on_the_slider() -> None:
    trainer = Trainer(MLP.initialise((2, 4, 4, 1), seed=1), xor())
    (finding,) = diagnose(*seen(trainer), learning_rate=0.002, diverged=True)
    assert finding.remedy == {"learning_rate": 0.001, "seed": "next"}


def test_it_is_about_one_network_and_all_rows() -> None:
    ensemble = Trainer(MLP.initialise((2, 3, 1), seed=[1, 2]), xor())
    with pytest.raises(InvalidValue, match=r"snapshot is of an ensemble \(2,\)"):
        diagnose(ensemble.snapshot(), ensemble.history)
    trainer = Trainer(MLP.initialise((2, 3, 1)), xor())
    with pytest.raises(InvalidValue, match=r"learning_rate is 0\.0; it has to be a number above 0"):
        diagnose(*seen(trainer), learning_rate=0.0)
    with pytest.raises(InvalidValue, match="snapshot is of the phase"):
        diagnose(next(trainer.walk()), trainer.history)


def seen(trainer: Trainer):
    return trainer.snapshot(), trainer.history
