"""The network diagram of the workbench with its key, and the choice of the row that it shows."""

from __future__ import annotations

from perceptorium.session import State
from perceptorium.views.caption import caption
from perceptorium.views.controls import selection
from perceptorium.views.markup import Element, h
from perceptorium.views.moment import SIDE_BY_SIDE, dataset, flagged, scene
from perceptorium.views.network import network, network_paint
from perceptorium.views.paint import Paint


def diagram(state: State) -> Element:
    """The diagram and what its marks mean."""
    return h("div", h("p", caption(state), class_="caption", role="status"), network(scene(state)), _legend(state))


def diagram_paint(state: State) -> tuple[Paint, ...]:
    """The diagram's moving parts."""
    return network_paint(scene(state))


def diagram_frame(state: State) -> tuple[object, ...]:
    """All else that it shows."""
    shown = state.experiment, state.playback, state.row, state.selection, state.narrow
    return *shown, state.note, state.running, flagged(state)


def _legend(state: State) -> Element:
    data = dataset(state.experiment)
    rows = tuple(
        (str(index), f"x = ({', '.join(f'{value:g}' for value in x)}), y = {y[0]:g}")
        for index, (x, y) in enumerate(zip(data.x[:SIDE_BY_SIDE], data.y, strict=False))
    )
    return h(
        "div",
        selection("Row", (*rows, ("all", "all four rows")), "all" if state.row is None else str(state.row), "row"),
        h("span", h("span", class_="swatch positive"), "positive weight", class_="key"),
        h("span", h("span", class_="swatch negative"), "negative weight", class_="key"),
        h("span", "width: |w|", class_="key"),
        class_="legend",
    )
