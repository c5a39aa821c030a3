"""The six concepts without a browser: their numbers against other ways to them, what they refuse, how they look."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from perceptorium import messages as m
from perceptorium.actions import parse
from perceptorium.engine import InvalidValue
from perceptorium.session import State, initial_state, update
from perceptorium.session.concepts import Activations, Backprop, Concepts, Linear, Losses, Optimizers, Tensors
from perceptorium.session.concepts.optimizers import NAMES, SURFACES
from perceptorium.session.concepts.reprs import tensor_repr
from perceptorium.views.diff import apply, diff
from perceptorium.views.markup import Element, render, text_content
from perceptorium.views.mathml import formula
from perceptorium.views.mathml_data import FORMULAS
from perceptorium.views.panels import PANELS
from sitebuild import formulas

SNAPSHOTS = Path(__file__).parent / "snapshots"
CONCEPTS = [field.name for field in fields(Concepts) if field.name != "refusal"]
WIDEST_LINE = 76
"""Characters of a program that fit beside a figure at 1280 pixels."""


def after(*actions: tuple[str, str]) -> State:
    state = initial_state()
    for action, value in actions:
        state = update(state, parse(action, value))
    return state


def view(state: State, concept: str) -> Element:
    return PANELS[f"concept-{concept}"].view(state)


SHOWN = {
    "tensors-matmul": ("tensors", ()),
    "tensors-misfit": ("tensors", (("concept:tensors:operation", "add"), ("concept:tensors:rows_b", "2"))),
    "tensors-index": ("tensors", (("concept:tensors:operation", "entry"),)),
    "linear": ("linear", ()),
    "backprop-half": ("backprop", (("concept-set:backprop:position:8", ""),)),
}


@pytest.mark.parametrize("name", SHOWN)
def test_snapshot(name: str) -> None:
    concept, actions = SHOWN[name]
    path = SNAPSHOTS / f"concept-{name}.html"
    text = re.sub(r"(</g>|</tr>|</div>|</pre>)", r"\1\n", render(view(after(*actions), concept)))
    if not path.exists():
        path.write_text(text)
        pytest.fail(f"wrote {path.name}: look at it, and commit it if it is right")
    assert text == path.read_text()


@pytest.mark.parametrize("concept", CONCEPTS)
def test_a_panel_holds_its_program_and_what_it_prints(concept: str) -> None:
    settings = getattr(initial_state().concepts, concept)
    words = text_content(view(initial_state(), concept))
    assert settings.code() in words and settings.printed() in words
    assert max(map(len, settings.code().splitlines())) <= WIDEST_LINE
    assert render(view(replace(initial_state(), highlighting=True), concept)).count('class="py-') > 5


def test_a_change_is_seen_by_its_panel_alone() -> None:
    before = after()
    now = update(before, parse("concept:losses:z", "-2"))
    changed = [name for name, parts in PANELS.items() if parts.frame(before) != parts.frame(now)]
    assert changed == ["concept-losses"]
    tree = view(before, "losses")
    assert apply(diff(tree, view(now, "losses")), tree) == view(now, "losses")


@pytest.mark.parametrize(
    ("action", "value", "sentence"),
    [
        ("concept:tensors:rows", "9", "rows is '9'; it must be a number from 1 to 4"),
        ("concept:linear:W:0:1", "x", "W[0, 1] is 'x'; it must be a number from -2 to 2"),
        ("concept:activations:function", "GELU", "function is 'GELU'"),
        ("concept:optimizers:lr", "0", "lr is '0'; it must be a number from 0.001 to 0.3"),
        ("concept:losses:target", "nan", "target is 'nan'"),
    ],
)
def test_what_cannot_be_is_said_in_the_panel(action: str, value: str, sentence: str) -> None:
    concept = action.split(":")[1]
    state = after((action, value))
    assert getattr(state.concepts, concept) == getattr(Concepts(), concept)
    assert sentence in text_content(view(state, concept))
    better = update(state, parse(action, {"activations": "Tanh", "optimizers": "0.3"}.get(concept, "1")))
    assert better.concepts.refusal is None


def test_numbers_between_two_steps_become_the_nearer() -> None:
    assert Linear().with_field("x:0", "0.6").x[0, 0] == 0.5
    assert Losses().with_field("z", "-0.1").printed() == Losses(z=0.0).printed()


@pytest.mark.parametrize("x", np.linspace(-2, 2, 9).tolist())
def test_gradients_against_nudges(x: float) -> None:
    for leaf in "xwby":
        graph = Backprop(x=x, w=-0.75, b=0.25, y=0.5, nudged=leaf)
        assert graph.nudge()[2] == pytest.approx(graph.gradients[leaf], abs=2e-3)


def test_one_node_at_a_time() -> None:
    stages = [Backprop(position=position) for position in range(15)]
    for earlier, later in pairwise(stages):
        assert len(later.known - earlier.known) + len(later.derived - earlier.derived) == 1
    assert stages[0].current is None and len(stages[-1].derived) == 9


@pytest.mark.parametrize("function", ["ReLU", "Sigmoid", "Tanh", "Identity"])
def test_two_layers_without_a_function_are_one(function: str) -> None:
    x = np.linspace(-8, 8, 33)
    slope, intercept = Activations.collapsed()
    settings = Activations(function)
    assert np.allclose(settings.two_layers("Identity", x), slope * x + intercept, atol=1e-12)
    assert np.allclose(settings.two_layers(function, x), slope * x + intercept) == (function == "Identity")
    y, derivative = settings.curve(x + 0.1)
    assert np.allclose(derivative, (settings.curve(x + 0.1 + 1e-6)[0] - y) / 1e-6, atol=1e-5)


@pytest.mark.parametrize("surface", SURFACES)
def test_surfaces_have_the_gradients_they_say(surface: str) -> None:
    spec, x, y = SURFACES[surface], np.array([-1.3, 0.2, 1.7]), np.array([0.4, -1.1, 0.9])
    dx, dy = spec.gradient(x, y)
    assert np.allclose(dx, (spec.value(x + 1e-6, y) - spec.value(x - 1e-6, y)) / 2e-6, atol=1e-6)
    assert np.allclose(dy, (spec.value(x, y + 1e-6) - spec.value(x, y - 1e-6)) / 2e-6, atol=1e-6)


def test_the_start_moves_by_pointer_and_by_key() -> None:
    race = Optimizers().with_field("at", "0.75 0.25")
    assert (race.x, race.y) == (1.0, 1.0)
    race = race.with_field("move", "ArrowLeft").with_field("move", "ArrowDown")
    assert (race.x, race.y) == (0.9, 0.9)
    assert all(race.path(name)[0].tolist() == [0.9, 0.9] for name in NAMES)
    assert Optimizers(x=2.0).with_field("move", "ArrowRight").x == 2.0
    assert Activations().with_field("at", "0.5 0.9").x == 0.0
    assert Losses().with_field("at", "1 0").z == 8.0


def test_a_race_that_leaves_the_picture_says_so() -> None:
    fields = {"surface": "valleys", "x": "2", "lr": "0.3", "steps": "100"}
    state = after(*((f"concept:optimizers:{name}", value) for name, value in fields.items()))
    tree = view(state, "optimizers")
    assert "SGD with momentum: x = nan" in text_content(tree) and "(outside the picture)" in text_content(tree)
    drawn = re.findall(r'(?:points|transform)="([^"]*)"', render(tree))
    assert len(drawn) == 7 and not any("nan" in points for points in drawn)


def test_a_confident_wrong_answer_is_named() -> None:
    sentences = {z: text_content(view(after(("concept:losses:z", str(z))), "losses")) for z in (6, 0, -6)}
    assert "Confident and wrong" in sentences[6] and "Undecided" in sentences[0] and "and right" in sentences[-6]


def test_reprs() -> None:
    rows = np.array([[0.5, 0.0], [-1.0, 2.0]], np.float32)
    assert tensor_repr(rows) == "tensor([[ 0.5000,  0.0000],\n        [-1.0000,  2.0000]])"
    assert tensor_repr(np.array([True, False])) == "tensor([ True, False])"
    assert tensor_repr(np.zeros((0,), np.int64)) == "tensor([])"
    with pytest.raises(InvalidValue, match="powers of ten"):
        tensor_repr(np.array([1e-5], np.float32))


def test_formulas_are_those_of_the_latex() -> None:
    assert formulas.TARGET.read_text() == formulas.source(), "run `python -m sitebuild formulas`"
    assert set(FORMULAS) == set(formulas.LATEX)
    assert render(formula("sgd")).startswith('<math display="block">')


def test_messages_know_their_concept() -> None:
    assert parse("concept:linear:W:0:1", "2") == m.SetConcept("linear", "W:0:1", "2")
    assert parse("concept-set:backprop:position:3") == m.SetConcept("backprop", "position", "3")
    assert Tensors().with_field("i", "-2").i == -2
