"""What the lab's experiments can be asked to do differently."""

from __future__ import annotations

from perceptorium.lab.setting import SUCCESSES
from perceptorium.session.lab import LIMITS, Lab
from perceptorium.views.controls import selection, spin
from perceptorium.views.markup import Element, h
from perceptorium.views.settings import INITIALISATIONS

UPDATES = (("1", "after each row"), ("all", "after all rows"))
LOSSES = (("HalfSquaredError", "half squared error: the paper's eq. 8"), ("MSELoss", "MSE: nn.MSELoss"))
ACTIVATIONS = tuple((name, name) for name in ("ReLU", "Sigmoid", "Tanh"))


def lab_settings(lab: Lab) -> Element:
    """Networks a row, then the method; only what the chosen experiment uses."""
    method, sweep, depth = lab.method, lab.name == "learning-rate", lab.name == "depth"
    return h(
        "div",
        h(
            "div",
            _spin("Networks per row", lab.networks, "networks"),
            _spin("First seed", lab.first_seed, "first_seed"),
            None if sweep else _spin("Learning rate η", method.learning_rate, "learning_rate", step=0.001),
            selection("Activation", ACTIVATIONS, method.activation, "lab-set:activation") if sweep else None,
            None if depth else _spin("Epochs at most", method.epochs, "epochs"),
            class_="group",
        ),
        h(
            "div",
            None if depth else selection("A network has learned when", _successes(), method.success, "lab-set:success"),
            _spin("Threshold", method.threshold, "threshold", step=0.001)
            if not depth and method.success == "MSE"
            else None,
            selection("Weights change", UPDATES, "all" if method.batch_size is None else "1", "lab-set:batch_size"),
            selection("Gradient of", LOSSES, method.loss, "lab-set:loss"),
            selection("First weights", tuple(INITIALISATIONS.items()), method.init, "lab-set:init"),
            class_="group",
        ),
        class_="lab-settings",
    )


def _spin(name: str, value: float, field: str, step: float = 1) -> Element:
    low, high = LIMITS[field]
    return spin(name, value, low, high, f"lab-set:{field}", step=step)


def _successes() -> tuple[tuple[str, str], ...]:
    short = {"MSE": "its MSE is below the threshold", "accuracy": "it gets all four rows right"}
    return tuple((name, short[name]) for name in SUCCESSES)
