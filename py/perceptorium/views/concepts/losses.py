"""Losses of one prediction, their gradients, and what a confident wrong answer costs."""

from __future__ import annotations

from functools import partial

import numpy as np

from perceptorium.engine.program import Array
from perceptorium.session import State
from perceptorium.session.concepts import Losses
from perceptorium.session.concepts.losses import MOST
from perceptorium.views.concepts.fields import action, dial, pick
from perceptorium.views.concepts.frame import frame_of, panel
from perceptorium.views.concepts.plot import POINTS, Curve, Plot, plot
from perceptorium.views.markup import Element, h
from perceptorium.views.mathml import formula
from perceptorium.views.numbers import short

WORDS = (
    "A loss says in one number how wrong a prediction is; its gradient says how hard to push. The network gives a "
    "score z, the sigmoid makes it a probability p = σ(z) of class 1. Make it confident and wrong."
)
KINDS = {"MSELoss": ("first", "MSE"), "BCELoss": ("second", "BCE and cross entropy")}
TICKS = (-8.0, -4.0, 0.0, 4.0, 8.0)
CERTAIN = 0.9


losses_frame = partial(frame_of, concept="losses")


def losses(state: State) -> Element:
    """The panel."""
    settings = state.concepts.losses
    return panel(
        state,
        "losses",
        "Loss functions",
        words=WORDS,
        body=(
            h(
                "div",
                pick("True class", (("0", "0"), ("1", "1")), str(settings.target), "losses", "target"),
                dial("Score z", settings.z, -MOST, MOST, 0.25, action("losses", "z")),
                h("span", f"p = {settings.p:.4f}", class_="number"),
                class_="group concept-controls",
            ),
            _by_prediction(settings),
            _gradients(settings),
            h("p", _verdict(settings), class_="hint", role="status"),
            formula("mse"),
            formula("bce"),
            formula("cross-entropy"),
            h("p", CROSS, class_="hint"),
        ),
    )


CROSS = (
    "nn.CrossEntropyLoss takes the scores of all classes and applies the softmax itself. With two classes of scores "
    "0 and z it is BCE of σ(z) to the digit, so the two share a curve here."
)


def _by_prediction(settings: Losses) -> Element:
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    spec = Plot("Loss by prediction", "prediction p", (0.0, 1.0), (0.0, 8.0), shares, (0, 2, 4, 6, 8))
    # σ(MOST) is as near to 1 as the score's slider comes.
    edge = 1 / (1 + np.exp(MOST))
    p = np.linspace(edge, 1 - edge, POINTS)
    score = np.log(p / (1 - p))
    curves = _curves(settings, score, 0)
    told = " and ".join(f"{curve.name} {curve.at:.4f}" for curve in curves)
    return plot(spec, curves, settings.p, f"At p = {settings.p:.4f} the loss is {told}.")


def _gradients(settings: Losses) -> Element:
    spec = Plot("Gradient by score", "score z", (-MOST, MOST), (-1.1, 1.1), TICKS, (-1.0, -0.5, 0.0, 0.5, 1.0),
                action("losses", "at"))  # fmt: skip
    curves = _curves(settings, spec.grid(), 1)
    told = " and ".join(f"of {curve.name} {short(curve.at)}" for curve in curves)
    return plot(spec, curves, settings.z, f"At z = {short(settings.z)} the gradient by the score is {told}.")


def _curves(settings: Losses, scores: Array, which: int) -> tuple[Curve, ...]:
    """Both losses at many scores (``which`` 0), or their gradients (1)."""
    here = np.array([settings.z])
    return tuple(
        Curve(kind, name, settings.curve(loss, scores)[which], settings.curve(loss, here)[which].item())
        for loss, (kind, name) in KINDS.items()
    )


def _verdict(settings: Losses) -> str:
    given = settings.p if settings.target else 1 - settings.p
    mse, bce = (abs(settings.curve(loss, np.array([settings.z]))[1].item()) for loss in KINDS)
    ratio = f"cross entropy pushes {bce / mse:,.0f} times as hard as MSE." if mse else ""
    if given < 1 - CERTAIN:
        return (
            f"Confident and wrong: the true class gets only {given:.4f}. Through the flat sigmoid MSE's gradient is a "
            f"mere {short(mse)}, so it hardly learns from its worst mistake; {ratio}"
        )
    if given > CERTAIN:
        return f"Confident and right: the true class gets {given:.4f}, and both losses leave it nearly alone."
    return f"Undecided: the true class gets {given:.4f}, and both losses push towards it."
