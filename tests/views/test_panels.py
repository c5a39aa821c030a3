"""The panels: what they paint is what they show, and how they look is kept as snapshots."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perceptorium import messages as m
from perceptorium.experiment import Experiment
from perceptorium.selection import Neuron, Weight
from perceptorium.session import State, initial_state, update
from perceptorium.views.diff import diff
from perceptorium.views.markup import Element, render
from perceptorium.views.paint import apply_paint
from perceptorium.views.panels import PANELS
from perceptorium.views.prerender import fragments

SNAPSHOTS = Path(__file__).parent / "snapshots"


def after(*messages: m.Message, experiment: Experiment | None = None) -> State:
    state = initial_state(experiment)
    for message in messages:
        state = update(state, message)
    return state


STATES = {
    "idle": after(),
    "trained": after(m.ToggleTraining(), m.Advance(300)),
    "all-rows": after(m.ShowRow(None)),
    "perceptron": after(m.RemoveLayer(), m.RemoveLayer()),
    "deep": after(experiment=Experiment(hidden=(3, 2, 2, 3), activation="Tanh")),
    "phone": after(m.Viewport(narrow=True)),
    "neuron": after(m.Select(Neuron(1, 2))),
    "weight": after(m.Select(Weight(2, 1, 3))),
    "dead-units": after(m.ToggleTraining(), m.Advance(900)),
    "forward-2": after(*[m.StepLine()] * 3),
    "backward-1": after(*[m.StepLine()] * 8),
}


SHOWN = [
    *[("diagram", name) for name in STATES],
    *[("charts", name) for name in ("idle", "trained")],
    *[("inspector", name) for name in ("idle", "neuron", "weight")],
    *[("diagnosis", name) for name in ("idle", "dead-units")],
    *[("controls", name) for name in ("idle", "trained", "perceptron")],
]


@pytest.mark.parametrize(("panel", "name"), SHOWN)
def test_snapshot(panel: str, name: str) -> None:
    path = SNAPSHOTS / f"{panel}-{name}.html"
    text = re.sub(r"(</g>|</text>|</div>|</figure>)", r"\1\n", render(PANELS[panel].view(STATES[name])))
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        pytest.fail(f"wrote {path.name}: look at it, and commit it if it is right")
    assert text == path.read_text()


@pytest.mark.parametrize("row", [2, None])
@pytest.mark.parametrize("hidden", [(), (4, 4), (8, 8, 8, 8)])
@pytest.mark.parametrize("panel", PANELS)
def test_painting_is_the_view(panel: str, hidden: tuple[int, ...], row: int | None) -> None:
    parts = PANELS[panel]
    state = update(initial_state(Experiment(hidden=hidden, activation="Tanh", stop_below=0.0)), m.ShowRow(row))
    state = update(state, m.ToggleTraining())
    painted = 0
    for epochs in (1, 3, 40, 200, 1, 1000, 1):
        new = update(state, m.Advance(epochs))
        if parts.frame(state) == parts.frame(new):
            painted += 1
            tree = apply_paint(parts.paint(new), parts.view(state))
            assert list(diff(tree, parts.view(new))) == []
        state = new
    assert painted >= 2 or panel not in ("controls", "diagram", "charts")


def test_the_build_writes_every_panel() -> None:
    assert set(fragments()) == set(PANELS)
    assert fragments()["diagram"] == render(PANELS["diagram"].view(initial_state()))


def names(tree: Element, role: str) -> list[str]:
    own = [str(tree.get("aria-label"))] if tree.get("role") == role else []
    return own + [name for child in tree.children if isinstance(child, Element) for name in names(child, role)]


def test_everything_in_the_diagram_has_its_name() -> None:
    found = names(PANELS["diagram"].view(after()), "button")
    assert {"Input 1", "Hidden 1 neuron 3", "Output 1", "Weight from Input 1 to Hidden 1 neuron 3"} <= set(found)
    assert len(found) == len(set(found)) == 2 * 4 + 4 * 4 + 4 * 1 + 11
