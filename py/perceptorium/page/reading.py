"""Keys and pointer on things that are read rather than pressed: charts, and the neurons of the diagram."""

from __future__ import annotations

from typing import Any

import numpy as np

from perceptorium.messages import MoveXorProbe, ProbeXor, ReadChart
from perceptorium.session import State
from perceptorium.views.chart import Chart, epoch_at
from perceptorium.views.curves import accuracy_chart, loss_chart

_CHARTS = {"loss": loss_chart, "accuracy": accuracy_chart}


def read_chart(state: State, name: str, share: str) -> ReadChart:
    """What a pointer at ``share`` of the chart's width reads; an empty share is a pointer that has left."""
    return ReadChart(name, epoch_at(_CHARTS[name](state), float(share)) if share else None)


def read_chart_by_key(state: State, name: str, key: str) -> ReadChart:
    """What an arrow key reads next: kept points from left to right, Home and End the ends, Escape none."""
    if key == "Escape":
        return ReadChart(name, None)
    chart: Chart = _CHARTS[name](state)
    epochs = chart.series.epoch
    now = len(epochs) - 1 if chart.cursor is None else int(np.abs(epochs - chart.cursor).argmin())
    stride = max(1, len(epochs) // 100)
    steps = {
        "ArrowLeft": -stride,
        "ArrowDown": -stride,
        "ArrowRight": stride,
        "ArrowUp": stride,
        "Home": -len(epochs),
        "End": len(epochs),
    }
    return ReadChart(name, float(epochs[min(max(now + steps[key], 0), len(epochs) - 1)]))


def probe_by_key(key: str) -> MoveXorProbe | ProbeXor | None:
    """Where an arrow key moves what is read of the XOR playground's map; Escape ends the reading."""
    if key == "Escape":
        return ProbeXor(None)
    steps = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowDown": (0, -1), "ArrowUp": (0, 1)}
    return MoveXorProbe(*steps[key]) if key in steps else None


def move_focus(document: Any, sizes: tuple[int, ...], key: str) -> None:
    """Move the focus from the neuron that has it: left and right to the next layer, up and down within one."""
    action = str(document.activeElement.getAttribute("data-click") or "").split(":")
    if len(action) != 3:
        return
    layer, index = int(action[1]), int(action[2])
    match key:
        case "ArrowLeft" | "ArrowRight":
            layer = min(max(layer + (1 if key == "ArrowRight" else -1), 0), len(sizes) - 1)
            index = min(index, sizes[layer] - 1)
        case "ArrowUp" | "ArrowDown":
            index = min(max(index + (1 if key == "ArrowDown" else -1), 0), sizes[layer] - 1)
        case "Home" | "End":
            index = 0 if key == "Home" else sizes[layer] - 1
    neighbour = document.querySelector(f'[data-click="select:{layer}:{index}"]')
    if neighbour:
        neighbour.focus()


def move_line(document: Any, key: str) -> None:
    """Move the focus from the line of the program that has it to the one above or below."""
    here = document.activeElement
    panel = here.closest("pre")
    lines = panel.querySelectorAll("[data-line]")
    now = int(here.getAttribute("data-line")) - 1
    last = lines.length - 1
    there = {"ArrowUp": now - 1, "ArrowDown": now + 1, "Home": 0, "End": last}.get(key, now)
    lines.item(min(max(there, 0), last)).focus()
