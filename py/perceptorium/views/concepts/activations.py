"""Activation functions: curve and slope, where they are flat, and what two layers are without one."""

from __future__ import annotations

from functools import partial

import numpy as np

from perceptorium.engine import ACTIVATIONS
from perceptorium.engine.program import Array
from perceptorium.session import State
from perceptorium.session.concepts import Activations
from perceptorium.session.concepts.activations import FLAT, MOST
from perceptorium.views.concepts.fields import action, dial, pick
from perceptorium.views.concepts.frame import frame_of, panel
from perceptorium.views.concepts.plot import Curve, Plot, band, plot
from perceptorium.views.markup import Child, Element, h
from perceptorium.views.mathml import formula
from perceptorium.views.numbers import short

WORDS = (
    "An activation function bends what a linear layer gives. Its slope is what backpropagation multiplies by: where "
    "the curve is flat (shaded), next to nothing passes and the layers before it hardly learn."
)
DRAG = action("activations", "at")
SHAPES = {
    "ReLU": ((-1.0, 8.0), (0.0, 2.0, 4.0, 6.0, 8.0)),
    "Sigmoid": ((-0.2, 1.2), (0.0, 0.5, 1.0)),
    "Tanh": ((-1.2, 1.2), (-1.0, 0.0, 1.0)),
    "Identity": ((-8.0, 8.0), (-8.0, -4.0, 0.0, 4.0, 8.0)),
}
OUTPUTS = {"ReLU": ((-4.0, 14.0), (-4.0, 0.0, 4.0, 8.0, 12.0)), "": ((-4.0, 6.0), (-4.0, -2.0, 0.0, 2.0, 4.0, 6.0))}
"""The two layers' outputs reach so far."""


activations_frame = partial(frame_of, concept="activations")


def activations(state: State) -> Element:
    """The panel."""
    settings = state.concepts.activations
    name, options = settings.function, tuple((name, name) for name in ACTIVATIONS)
    return panel(
        state,
        "activations",
        "Activation functions",
        words=WORDS,
        body=(
            h(
                "div",
                pick("Function", options, name, "activations", "function"),
                dial("x", settings.x, -MOST, MOST, 0.25, action("activations", "x")),
                class_="group concept-controls",
            ),
            _curve(settings),
            formula(name.lower()),
            h("h4", "Why there must be one"),
            h("p", _why(settings), class_="hint"),
            _layers(settings),
            formula("collapse"),
        ),
    )


def _curve(settings: Activations) -> Element:
    y_range, y_ticks = SHAPES[settings.function]
    spec = Plot(f"{settings.function} and its slope", "x", (-MOST, MOST), y_range, (-8, -4, 0, 4, 8), y_ticks, DRAG)
    y, slope = settings.curve(spec.grid())
    here, here_slope = (array.item() for array in settings.curve(np.array([settings.x])))
    state = (
        f"flat here: less than {FLAT:.0%} of a gradient passes" if abs(here_slope) < FLAT else "a gradient passes here"
    )
    summary = f"At x = {short(settings.x)}: f(x) = {short(here)}, slope {short(here_slope)}; {state}."
    curves = (Curve("first", "f(x)", y, here), Curve("second", "slope f′(x)", slope, here_slope))
    return plot(spec, curves, settings.x, summary, _flat_parts(spec, slope))


def _flat_parts(spec: Plot, slope: Array) -> list[Child]:
    """A band for each stretch where the slope is below FLAT."""
    flat = np.concatenate(([False], np.abs(slope) < FLAT, [False]))
    turns = np.flatnonzero(flat[1:] != flat[:-1])
    x = spec.grid()
    ends = x[np.minimum(turns, len(x) - 1)].tolist()
    return [band(spec, start, end) for start, end in zip(ends[::2], ends[1::2], strict=True)]


def _why(settings: Activations) -> str:
    slope, intercept = settings.collapsed()
    x = np.array([settings.x])
    without = settings.two_layers("Identity", x).item()
    return (
        "Two linear layers with nothing between them are one linear layer. With the weights in the program, "
        f"(x W1ᵀ + b1) W2ᵀ + b2 is {short(slope)}·x + {short(intercept)} for every x: at x = {short(settings.x)} both "
        f"give {short(without)}. However many layers there are, the line stays straight."
    )


def _layers(settings: Activations) -> Element:
    y_range, y_ticks = OUTPUTS["ReLU" if settings.function == "ReLU" else ""]
    name = "Two layers with and without a function between"
    spec = Plot(name, "x", (-MOST, MOST), y_range, (-8, -4, 0, 4, 8), y_ticks, DRAG)
    x = np.array([settings.x])
    names = {"third": "Identity", "first": settings.function}
    words = {"third": "no function between", "first": f"{settings.function} between"}
    curves = tuple(
        Curve(kind, words[kind], settings.two_layers(between, spec.grid()), settings.two_layers(between, x).item())
        for kind, between in names.items()
    )
    told = "; ".join(f"{curve.name} gives {short(curve.at)}" for curve in curves)
    return plot(spec, curves, settings.x, f"At x = {short(settings.x)}: {told}.")
