"""The diagnosis in words, with a button that does what it suggests."""

from __future__ import annotations

from perceptorium.engine import Finding
from perceptorium.session import State, findings
from perceptorium.views.controls import button
from perceptorium.views.markup import Element, h

MOST_FINDINGS = 2
"""The worst ones; the others usually follow from them."""


def doctor(state: State) -> Element:
    """What is wrong with this training, or nothing; of what needs no remedy, one finding is enough."""
    found = tuple(enumerate(findings(state)))
    shown = [pair for pair in found if pair[1].remedy][:MOST_FINDINGS] or found[:1]
    return h(
        "div",
        *(_finding(finding, position) for position, finding in shown),
        role="region",
        aria_label="Diagnosis",
        class_="diagnosis",
        hidden=not shown,
    )


def doctor_frame(state: State) -> tuple[object, ...]:
    """Every epoch can change the diagnosis."""
    return state.experiment, state.standing


def _finding(finding: Finding, position: int) -> Element:
    remedy = button(finding.suggestion.rstrip("."), f"remedy:{position}", kind="remedy") if finding.remedy else (
        h("span", finding.suggestion))  # fmt: skip
    return h("p", finding.sentence + " ", remedy)
