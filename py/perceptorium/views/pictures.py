"""The pictures of the page that can be saved, by the stem of their file's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perceptorium.views.controls import button
from perceptorium.views.markup import Element, h

CHOICE = "picture"
"""Id of the control that chooses one."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture is called, and the selector of its svg; an experiment of the lab may have several."""

    name: str
    selector: str


PICTURES: Mapping[str, Picture] = {
    "network": Picture("Network diagram", "#diagram svg.network"),
    "loss": Picture("Loss", "#charts svg.loss"),
    "accuracy": Picture("Accuracy", "#charts svg.accuracy"),
    "decision_boundary": Picture("Decision boundary", "#xor-panel svg.map"),
    "hidden_space": Picture("Hidden space", "#xor-panel svg[aria-label='Hidden space']"),
    "linear_layer": Picture("Linear layer", "#concept-linear svg[role=img]"),
    "activation": Picture("Activation and its slope", "#concept-activations svg[aria-label$='slope']"),
    "two_layers": Picture("Two layers", "#concept-activations svg[aria-label^='Two layers']"),
    "computation_graph": Picture("Computation graph", "#concept-backprop svg[role=img]"),
    "loss_surface": Picture("Loss surface", "#concept-optimizers svg.surface"),
    "loss_by_prediction": Picture("Loss by prediction", "#concept-losses svg[aria-label^='Loss']"),
    "gradient_by_score": Picture("Gradient by score", "#concept-losses svg[aria-label^='Gradient']"),
    "data_flow": Picture("Data flow", "#pipeline-panel svg.flow"),
    "learning_rate": Picture("Learning rate (lab)", "#lab-panel svg.rates"),
    "gradient_norms": Picture("Gradient norms (lab)", "#lab-panel svg.gradient"),
}


def picture_form() -> Element:
    """Which picture, and as what. The page looks the choice up when it is to be saved."""
    return h(
        "div",
        h("label", h("span", "Picture", class_="label"),
          h("select", tuple(h("option", picture.name, value=stem) for stem, picture in PICTURES.items()), id=CHOICE,
            aria_label="Picture", autocomplete="off"),
          class_="field"),
        button("Save as SVG", "save-picture:svg"),
        button("Save as PNG", "save-picture:png"),
        class_="group",
        role="group",
        aria_label="Save a picture",
    )  # fmt: skip
