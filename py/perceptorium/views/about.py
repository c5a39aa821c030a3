"""*About the method*: equations with their code, what differs from the paper, proofs, and what is shipped.

The build writes this section; the browser never changes it, so it is no panel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perceptorium.torchcode.highlight import highlight
from perceptorium.views.about_text import DIFFERENCES, EQUATIONS, PARITY, Equation, Quotation
from perceptorium.views.markup import Child, Element, h
from perceptorium.views.mathml import formula


@dataclass(frozen=True, slots=True)
class Shipped:
    """A part of the page that others made: its version, its licence's SPDX name, and where it is at home."""

    name: str
    version: str
    licence: str
    home: str


def about(code: Mapping[Quotation, str], shipped: Sequence[Shipped]) -> Element:
    """The section below its heading; ``code`` has the lines of every quotation."""
    return h(
        "div",
        h(
            "p",
            "Everything on this page is computed in it: by Python and NumPy, compiled to WebAssembly, from the "
            "equations below. Nothing is sent anywhere. Numbers have 64 bits, as float64 in NumPy and PyTorch.",
        ),
        h("h3", "The paper's equations, and the code that computes them"),
        h("ol", [_equation(equation, code[equation.code]) for equation in EQUATIONS], class_="equations"),
        h("h3", "What differs from the paper"),
        h("dl", [(h("dt", name), h("dd", text)) for name, text in DIFFERENCES]),
        h("h3", "How we know that it is what PyTorch computes"),
        h("ul", [h("li", sentence) for sentence in PARITY]),
        h("h3", "What the page is made of"),
        _shipped(shipped),
        h(
            "p",
            "The licences in full, with the notices of what these parts contain, are in ",
            h("a", "licences.txt", href="./licences.txt"),
            ".",
        ),
        h("h3", "Credits"),
        h(
            "p",
            "The page follows Romin Urismanto, ",
            h("cite", "Interactive Neural Network Simulation for PyTorch Education"),
            " (",
            h("a", "arXiv:2602.09847", href="https://arxiv.org/abs/2602.09847"),
            "). Backpropagation as it is done here goes back to Rumelhart, Hinton and Williams (1986), the "
            "initialisation to He, Zhang, Ren and Sun (2015), and Adam to Kingma and Ba (2015).",
        ),
        class_="about",
    )


def _equation(equation: Equation, code: str) -> Element:
    lines = highlight(code)
    name = f"Equation {equation.number}"
    return h(
        "li",
        h("div", formula(f"paper-{equation.number}"), class_="equation"),
        h("p", equation.says),
        h(
            "details",
            h("summary", "Code: ", h("code", equation.code.file), class_="quoted"),
            h(
                "pre",
                h("code", [([h("span", s.text, class_=f"py-{s.kind}") for s in line], "\n") for line in lines]),
                tabindex=0,
                role="group",
                aria_label=f"{name}: code",
            ),
        ),
        value=equation.number,
        aria_label=name,
    )


def _shipped(shipped: Sequence[Shipped]) -> Element:
    head = h("tr", [h("th", name, scope="col") for name in ("Part", "Version", "Licence")])
    rows: list[Child] = [
        h("tr", h("th", h("a", part.name, href=part.home), scope="row"), h("td", part.version), h("td", part.licence))
        for part in shipped
    ]
    return h("table", h("thead", head), h("tbody", rows), aria_label="Parts of the page")
