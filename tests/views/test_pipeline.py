"""The training pipeline on the page: what may be run, what it says when it may not, and what the figure lights."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from perceptorium import messages as m
from perceptorium.engine import InvalidValue
from perceptorium.experiment import Experiment
from perceptorium.session import State, initial_state, update
from perceptorium.session.pipeline import begin
from perceptorium.session.pipeline_code import STEPS, defines, run
from perceptorium.views.diff import diff
from perceptorium.views.markup import Element, text_content
from perceptorium.views.paint import apply_paint
from perceptorium.views.panels import PANELS
from perceptorium.views.pipeline_flow import NARROW, WIDE, Layout

PARTS = PANELS["pipeline-panel"]


def after(*messages: m.Message, experiment: Experiment | None = None) -> State:
    state = initial_state(experiment)
    for message in messages:
        state = update(state, message)
    return state


def finished(state: State) -> State:
    while state.pipeline.running:
        state = update(state, m.AdvancePipeline(1000))
    return state


def every(node: Element) -> list[Element]:
    return [node, *(e for child in node.children if isinstance(child, Element) for e in every(child))]


def touched(state: State) -> set[str]:
    boxes = [e for e in every(PARTS.view(state)) if "flow-box" in (e.get("class") or "")]
    return {text_content(box.children[1]) for box in boxes if "touched" in str(box.get("class"))}


def group(state: State, step: str) -> Element:
    return next(e for e in every(PARTS.view(state)) if e.get("aria-label") == STEPS[step])


def test_names_in_the_order_of_evaluation() -> None:
    assert run("a = b\n", frozenset()).missing == "b"
    assert run("b = 1\na = b\n", frozenset()) == run("a = b = 1\n", frozenset())
    assert run("for i in range(3):\n    print(i, x)\n", frozenset()).missing == "x"
    assert run("def f():\n    return x\n", frozenset()).missing is None
    assert run("print([k for k in y])\n", frozenset({"y"})).missing is None
    assert run("print([z for k in y])\n", frozenset({"y"})).missing == "z"
    outcome = run("first = 1\nsecond = first + third\n", frozenset())
    assert (outcome.missing, outcome.line, outcome.defined) == ("third", "second = first + third", frozenset({"first"}))
    assert defines("import a.b as c\nclass D(E): pass\nx = y\n") == {"c", "D", "x"}


def test_a_step_that_comes_too_early_says_what_is_missing() -> None:
    state = after(m.RunPipelineStep("loop"))
    text = text_content(group(state, "loop"))
    assert "NameError: name 'optimizer' is not defined" in text
    assert "The line “optimizer.zero_grad()” needs optimizer; the step Loss and optimizer makes it" in text
    assert (state.pipeline.done, touched(state)) == ((), set())
    state = update(state, m.RunPipelineStep("objective"))
    assert "the step Define the model makes it" in text_content(group(state, "objective"))
    for step in ("model", "objective", "loop"):
        state = update(state, m.RunPipelineStep(step))
    assert "NameError: name 'X' is not defined" in text_content(group(state, "loop"))
    state = finished(update(update(state, m.RunPipelineStep("data")), m.RunPipelineStep("loop")))
    assert "NameError" not in text_content(PARTS.view(state))
    assert state.pipeline.done == ("model", "objective", "data", "loop")


def test_the_figure_lights_what_the_step_touches() -> None:
    state = after()
    assert touched(state) == set()
    for step, lit in {
        "model": {"model"},
        "data": {"X", "y"},
        "objective": {"criterion", "optimizer"},
        "loop": {"X", "model", "output", "y", "criterion", "optimizer"},
        "evaluate": {"X", "model", "output", "y", "accuracy"},
    }.items():
        state = update(state, m.RunPipelineStep(step))
        assert touched(state) == lit
        state = finished(state)
    undefined = [e for e in every(PARTS.view(state)) if "undefined" in (e.get("class") or "")]
    assert undefined == []


@pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
def test_arrows_join_boxes_and_cross_none(layout: Layout) -> None:
    for (source, target), path in layout.arrows.items():
        for name, (x, y) in ((source, path[0]), (target, path[-1])):
            left, top, width, height = layout.boxes[name]
            assert left <= x <= left + width and top <= y <= top + height
            assert x in (left, left + width) or y in (top, top + height)
        for (x1, y1), (x2, y2) in pairwise(path):
            for left, top, width, height in layout.boxes.values():
                middle = ((x1 + x2) / 2, (y1 + y2) / 2)
                assert not (left < middle[0] < left + width and top < middle[1] < top + height)


def test_run_all_and_start_over() -> None:
    state = after(m.RunPipelineStep("data"), m.RunPipeline())
    assert state.pipeline.running and state.moving
    assert update(state, m.RunPipelineStep("evaluate")).pipeline is state.pipeline, "not while the loop trains"
    state = finished(state)
    assert set(state.pipeline.done) == set(STEPS)
    assert state.pipeline.printed["loop"].count("epoch ") == 11
    assert update(state, m.RunPipelineStep("model")).pipeline is state.pipeline, "a step runs once"
    state = update(state, m.RestartPipeline())
    assert (state.pipeline.done, dict(state.pipeline.printed), state.pipeline.loop) == ((), {}, None)
    with pytest.raises(InvalidValue, match="step is 'lunch'"):
        update(state, m.RunPipelineStep("lunch"))


def test_another_program_begins_anew() -> None:
    state = after(m.RunPipeline())
    changed = update(state, m.Configure((("learning_rate", 0.2),)))
    assert "lr=0.2" in text_content(group(changed, "objective"))
    assert "0 of 5 steps are done" in text_content(PARTS.view(changed))
    assert not update(changed, m.AdvancePipeline(10)).moving
    trained = update(update(state, m.ToggleTraining()), m.Advance(5))
    assert update(trained, m.AdvancePipeline(10)).pipeline.epoch == 10, "training the workbench changes no program"


def test_a_loop_that_diverges_ends_in_words() -> None:
    state = after(experiment=Experiment(loss="BCEWithLogitsLoss", learning_rate=1.0, epochs=40))
    huge = state.start.with_parameters([1e200 * weight for weight in state.start.weights], state.start.biases)
    state = replace(state, start=huge, pipeline=begin(state.experiment, huge))
    state = finished(update(state, m.RunPipeline()))
    assert "the loss is no finite number" in state.pipeline.printed["loop"]
    assert "loop" in state.pipeline.done


@pytest.mark.parametrize("narrow", [False, True])
def test_painting_is_the_view(narrow: bool) -> None:
    state = after(m.Viewport(narrow), m.RunPipeline())
    painted = 0
    while state.pipeline.running:
        new = update(state, m.AdvancePipeline(40))
        if PARTS.frame(state) == PARTS.frame(new):
            painted += 1
            assert list(diff(apply_paint(PARTS.paint(new), PARTS.view(state)), PARTS.view(new))) == []
        state = new
    assert painted > 10
