"""The XOR playground: controls, the map, the hidden space, and the truth table."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from perceptorium.engine import Finding
from perceptorium.session import State
from perceptorium.session.playground import SIZES, Playground, dataset, table, why_not
from perceptorium.views.controls import button, output, radios, selection
from perceptorium.views.heatmap import heatmap, heatmap_paint, probe_text, summary
from perceptorium.views.hidden_space import hidden_space, hidden_space_frame, hidden_space_paint, hidden_summary
from perceptorium.views.markup import Element, h
from perceptorium.views.numbers import loss_text
from perceptorium.views.paint import Marks, Paint, Texts
from perceptorium.views.perceptron import perceptron, perceptron_paint

ACTIVATIONS = tuple((name, name) for name in ("ReLU", "Sigmoid", "Tanh"))


def playground(state: State) -> Element:
    """The whole playground."""
    xor = state.xor
    return h(
        "div",
        _controls(xor),
        h("p", xor.note, class_="caption", role="status"),
        h(
            "div",
            h(
                "div",
                h(
                    "figure",
                    h("h3", "Decision boundary"),
                    heatmap(xor),
                    h("figcaption", summary(xor), id="xor-map-summary", data_slot="xor-summary"),
                ),
                h(
                    "p",
                    probe_text(xor),
                    id="xor-probe",
                    class_="probe-text",
                    role="status",
                    aria_live="off" if xor.running else None,
                    data_slot="xor-probe",
                ),
            ),
            _inside(xor) if xor.hidden else perceptron(xor),
            h("div", h("h3", "Truth table"), _truth_table(xor), _legend(xor), class_="xor-table"),
            class_="xor-figures",
        ),
        class_="playground",
    )


def playground_frame(state: State) -> tuple[object, ...]:
    """All but the moving parts."""
    xor = state.xor
    inside = hidden_space_frame(xor) if xor.hidden else ()
    return xor.experiment, xor.running, xor.span, xor.morph, xor.note, *inside


def playground_paint(state: State) -> tuple[Paint, ...]:
    """Readings, map, hidden space and table."""
    xor = state.xor
    predictions, right = table(xor)
    return (
        *(Texts(slot, (text,)) for slot, text in _readings(xor).items()),
        *heatmap_paint(xor),
        *(hidden_space_paint(xor) if xor.hidden else perceptron_paint(xor)),
        Texts("xor-prediction", tuple(f"{value:.4f}" for value in predictions.tolist())),
        Texts("xor-verdict", tuple("right" if each else "wrong" for each in right.tolist())),
        Marks("xor-row", "data-verdict", ("wrong", "right"), right.astype(np.uint8)),
    )


def playground_doctor(state: State) -> Element:
    """Why the playground's network does not learn, with a button that does what helps."""
    found = tuple(enumerate(why_not(state.xor)))
    shown = [pair for pair in found if pair[1].remedy][:1]
    return h(
        "div",
        *(_finding(finding, position) for position, finding in shown),
        role="region",
        aria_label="XOR diagnosis",
        class_="diagnosis",
        hidden=not shown,
    )


def playground_doctor_frame(state: State) -> tuple[object, ...]:
    """Every epoch can change the diagnosis."""
    return state.xor.experiment, state.xor.standing


def _finding(finding: Finding, position: int) -> Element:
    return h(
        "p", finding.sentence + " ", button(finding.suggestion.rstrip("."), f"xor-remedy:{position}", kind="remedy")
    )


def _readings(xor: Playground) -> dict[str, str]:
    return {"xor-epoch": str(xor.standing.epoch), "xor-loss": loss_text(xor.standing.loss)}


def _controls(xor: Playground) -> Element:
    readings = _readings(xor)
    sizes = tuple((str(size), str(size)) for size in SIZES)
    return h(
        "div",
        h(
            "div",
            button("Pause" if xor.running else "Train", "xor-train", kind="primary"),
            button("Reset", "xor-reset"),
            button("New weights", "xor-new-weights"),
            class_="group",
            role="group",
            aria_label="XOR training",
        ),
        selection("Hidden neurons", sizes, str(xor.hidden), "xor-hidden"),
        radios("XOR activation", "xor-activation", ACTIVATIONS, xor.experiment.activation, "xor-activation")
        if xor.hidden
        else None,
        h("a", "Take it to the workbench", href="#simulation", class_="button", data_click="xor-take"),
        h(
            "div",
            output("Epoch", readings["xor-epoch"], slot="xor-epoch"),
            output("Loss", readings["xor-loss"], slot="xor-loss"),
            class_="group readings",
        ),
        class_="bar",
    )


def _inside(xor: Playground) -> Element:
    pairs = tuple((f"{i},{j}", f"units {i + 1} and {j + 1}") for i, j in combinations(range(xor.hidden), 2))
    others = ("output", "the output's direction"), ("components", "principal components")
    chosen = ",".join(map(str, xor.span)) if isinstance(xor.span, tuple) else xor.span
    return h(
        "div",
        h(
            "figure",
            h("h3", "Hidden space"),
            hidden_space(xor),
            h("figcaption", hidden_summary(xor), id="xor-hidden-summary", data_slot="xor-hidden-summary"),
        ),
        h(
            "div",
            h(
                "label",
                h("span", "Input space", class_="label"),
                h(
                    "input",
                    type="range",
                    aria_label="From input space to hidden space",
                    min="0",
                    max="1",
                    step="0.02",
                    value=f"{xor.morph:g}",
                    data_input="xor-morph",
                    autocomplete="off",
                ),
                h("span", "hidden space", class_="label"),
                class_="field",
            ),
            selection("Seen by", (*others, *pairs), chosen, "xor-span"),
            class_="group",
        ),
    )


def _truth_table(xor: Playground) -> Element:
    data = dataset()
    predictions, right = table(xor)
    head = h("tr", *(h("th", name, scope="col") for name in ("x₁", "x₂", "target", "prediction", "verdict")))
    rows = (
        h(
            "tr",
            h("td", f"{x1:g}"),
            h("td", f"{x2:g}"),
            h("td", f"{target:g}"),
            h("td", f"{prediction:.4f}", data_slot="xor-prediction"),
            h("td", verdict, data_slot="xor-verdict"),
            data_slot="xor-row",
            data_verdict=verdict,
        )
        for (x1, x2), (target,), prediction, verdict in zip(
            data.x.tolist(),
            data.y.tolist(),
            predictions.tolist(),
            ("right" if each else "wrong" for each in right.tolist()),
            strict=True,
        )
    )
    return h("table", h("thead", head), h("tbody", *rows), aria_label="Truth table", class_="truth-table")


def _legend(xor: Playground) -> Element:
    return h(
        "p",
        f"Full-batch SGD on MSELoss with η = {xor.experiment.learning_rate:g}. A prediction above 0.5 means class 1. ",
        "On the pictures, a disc is a point on the right side, a cross one on the wrong side; blue points are to ",
        "become 1, red ones 0.",
        class_="hint",
    )
