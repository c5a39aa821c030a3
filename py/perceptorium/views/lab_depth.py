"""The depth experiment: the gradient of each layer, for 1 to 4 hidden layers and each activation."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from perceptorium.engine.program import Array
from perceptorium.lab import DepthPlan, GradientNorms, Results
from perceptorium.views.controls import radios
from perceptorium.views.lab_table import scrolled
from perceptorium.views.markup import Element, h
from perceptorium.views.numbers import short
from perceptorium.views.scales import Axis

WIDTH, HEIGHT = 260.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 20.0, 24.0, 32.0
LOW, HIGH = 1e-5, 1.0
DASHES = (None, "6 3", "2 3", "8 3 2 3")
"""One for each number of hidden layers, so that lines are told apart without colour."""
VANISHED = 0.1
"""A gradient has vanished where less than this share of it arrives."""

Row: TypeAlias = tuple[str, int, Array]
"""Activation, number of hidden layers, and quartiles of the gradient norms (3, layers)."""


def depth_results(results: Results, plan: DepthPlan, moment: int) -> Element:
    """A chart for each activation at the chosen epoch, and the table of its values."""
    rows = rows_of(results, plan, moment)
    activations = list(dict.fromkeys(activation for activation, *_ in rows))
    moments = ("at the start" if epoch == 0 else f"after {epoch} epochs" for epoch in plan.moments)
    choices = tuple((str(position), text) for position, text in enumerate(moments))
    return h(
        "div",
        h("div", radios("Epoch", "lab-moment", choices, str(moment), "lab-set:moment"), class_="bar"),
        h(
            "div",
            tuple(_chart(name, [(n, q[1]) for activation, n, q in rows if activation == name]) for name in activations),
            class_="charts three",
        ),
        h("p", _finding(rows, plan.moments[moment]), class_="finding"),
        scrolled(_table(rows)),
        h("p", "Norm of ∂loss/∂W over the four rows: median of the networks (lower to upper quartile).", class_="hint"),
    )


def rows_of(results: Results, plan: DepthPlan, moment: int) -> list[Row]:
    """What was measured at a moment."""
    return [
        (setting.activation, len(setting.hidden), row.quartiles(moment))
        for setting, row in zip(plan.settings, results.rows, strict=True)
        if isinstance(row, GradientNorms)
    ]


def first_layer_shares(rows: list[Row]) -> dict[str, float]:
    """By activation, how many times the last layer's gradient the first layer gets through four hidden layers."""
    return {
        activation: float(quartiles[1, 0] / quartiles[1, -1])
        for activation, layers, quartiles in rows
        if layers == 4 and quartiles[1, -1] > 0 and np.isfinite(quartiles[1]).all()
    }


def _finding(rows: list[Row], epoch: int) -> str:
    """What four hidden layers do to the gradient on its way back to the first."""
    shares = first_layer_shares(rows)
    if len(shares) < 3:
        return "Run experiment measures the gradient of every layer of every network, four times during its training."
    when = "At the start" if epoch == 0 else f"After {epoch} epochs"
    listed = "; ".join(f"{name} {short(share, 2)}" for name, share in shares.items())
    vanishes = shares["Sigmoid"] < VANISHED <= min(shares["ReLU"], shares["Tanh"])
    return (
        f"{when}, with 4 hidden layers, the first layer's gradient is this many times the last layer's: {listed}. "
        "The paper: “sigmoid exhibits vanishing gradient effects in deeper configurations”. "
        + (
            "That is so: the slope of a sigmoid is at most ¼, so the gradient loses most of its size in every layer."
            if vanishes
            else "Here that is not what sets Sigmoid apart."
        )
    )


def _table(rows: list[Row]) -> Element:
    layers = max(quartiles.shape[1] for *_, quartiles in rows)
    return h(
        "table",
        h(
            "thead",
            h(
                "tr",
                h("th", "Activation", scope="col"),
                h("th", "Hidden layers", scope="col"),
                tuple(h("th", f"fc{layer}", scope="col") for layer in range(1, layers + 1)),
            ),
        ),
        h(
            "tbody",
            tuple(
                h(
                    "tr",
                    h("th", activation, scope="row"),
                    h("td", number, class_="figure"),
                    tuple(
                        h("td", _norm(quartiles[:, layer]) if layer < quartiles.shape[1] else "", class_="figure")
                        for layer in range(layers)
                    ),
                )
                for activation, number, quartiles in rows
            ),
        ),
        class_="lab-table",
        aria_label="Gradient norms",
    )


def _norm(quartiles: Array) -> str:
    low, middle, high = (float(value) for value in quartiles)
    return "–" if np.isnan(middle) else f"{short(middle, 2)} ({short(low, 1)} to {short(high, 1)})"


def _chart(activation: str, lines: list[tuple[int, Array]]) -> Element:
    most = max(len(values) for _, values in lines)
    x = Axis(1.0, float(most), LEFT, WIDTH - RIGHT)
    y = Axis(LOW, HIGH, HEIGHT - BOTTOM, TOP, log=True)
    known = [(number, values) for number, values in lines if not np.isnan(values).any()]
    summary = "Not measured yet." if not known else _in_words(known)
    foot = HEIGHT - BOTTOM
    return h(
        "figure",
        h(
            "svg",
            h("desc", summary),
            h(
                "g",
                tuple(
                    (
                        h("line", x1=LEFT, x2=WIDTH - RIGHT, y1=at, y2=at, class_="grid"),
                        h("text", label, x=LEFT - 6, y=at, class_="tick-y"),
                    )
                    for at, label in y.ticks(lambda value: f"{value:.0e}".replace("e-0", "e−").replace("e+00", ""))
                ),
                tuple(
                    h("text", f"fc{layer}", x=x(np.array(float(layer))).item(), y=foot + 14, class_="tick-x")
                    for layer in range(1, most + 1)
                ),
                h("text", f"{activation}: gradient norm", x=LEFT, y=TOP - 10, class_="unit"),
                class_="axis",
            ),
            tuple(_line(number, values, x, y) for number, values in known),
            viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
            class_="chart gradient",
            role="img",
            aria_label=f"Gradient norm by layer, {activation}. {summary}",
        ),
        h("figcaption", f"{summary} Each line is a number of hidden layers."),
        class_="chart-figure",
    )


def _in_words(known: list[tuple[int, Array]]) -> str:
    number, values = known[-1]
    word = "layer" if number == 1 else "layers"
    return f"{number} hidden {word}: {short(values[0], 2)} in fc1, {short(values[-1], 2)} in fc{len(values)}."


def _line(number: int, values: Array, x: Axis, y: Axis) -> Element:
    across = np.round(x(np.arange(1.0, len(values) + 1)), 1).tolist()
    down = np.round(y(values), 1).tolist()
    places = tuple(zip(across, down, strict=True))
    word = "layer" if number == 1 else "layers"
    return h(
        "g",
        h("title", f"{number} hidden {word}: " + ", ".join(f"fc{i + 1} {v:.2e}" for i, v in enumerate(values))),
        h("polyline", points=" ".join(f"{a:g},{b:g}" for a, b in places), stroke_dasharray=DASHES[number - 1]),
        tuple(h("circle", cx=a, cy=b, r=2.5) for a, b in places),
        h("text", number, x=across[-1] + 8, y=down[-1] - 6, class_="unit"),
        class_="line-of-depth",
    )
