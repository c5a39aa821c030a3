"""A concept's controls; their action names the concept and the field."""

from __future__ import annotations

from perceptorium.views.controls import radios, selection
from perceptorium.views.markup import Element, h


def action(concept: str, field: str) -> str:
    """What a control of this field sends."""
    return f"concept:{concept}:{field}"


def dial(name: str, value: float, low: float, high: float, step: float, sends: str) -> Element:
    """A number to type, and a slider for the same number below it."""
    return h(
        "div",
        h("span", name, class_="label", aria_hidden="true"),
        whole(name, value, low, high, sends, step=step, shown=False),
        h(
            "input",
            type="range",
            aria_label=name,
            value=f"{value:g}",
            min=f"{low:g}",
            max=f"{high:g}",
            step=f"{step:g}",
            data_input=sends,
            autocomplete="off",
        ),
        class_="dial",
    )


def whole(
    name: str, value: float, low: float, high: float, sends: str, *, step: float = 1, shown: bool = True
) -> Element:
    """A number to type or step, with its name in front where it is ``shown``."""
    box = h(
        "input",
        type="number",
        aria_label=name,
        value=f"{value:g}",
        min=f"{low:g}",
        max=f"{high:g}",
        step=f"{step:g}",
        data_change=sends,
        autocomplete="off",
    )
    return h("label", h("span", name, class_="label"), box, class_="field") if shown else box


def pick(name: str, options: tuple[tuple[str, str], ...], chosen: str, concept: str, field: str) -> Element:
    """One of a few, all in sight."""
    return h(
        "div",
        h("span", name, class_="label", aria_hidden="true"),
        radios(name, f"{concept}-{field}", options, chosen, action(concept, field)),
        class_="group",
    )


def choice(name: str, options: tuple[tuple[str, str], ...], chosen: str, concept: str, field: str) -> Element:
    """One of many."""
    return selection(name, options, chosen, action(concept, field))
