"""The training pipeline: five steps with their code and what they print, and the figure of what flows where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from perceptorium.session import State
from perceptorium.session.pipeline import Pipeline, current
from perceptorium.session.pipeline_code import STEPS
from perceptorium.torchcode.highlight import Span, highlight
from perceptorium.views.controls import button
from perceptorium.views.markup import Element, h
from perceptorium.views.paint import Paint, Texts
from perceptorium.views.pipeline_flow import flow, loss_words

LONGEST_COLOURED = 120
"""Lines; a longer table of data is left plain, because colouring it would delay the page."""

MEANINGS = {
    "model": "A class that inherits from nn.Module: layers in __init__, the way through them in forward.",
    "data": "Inputs X and targets y as tensors, one row for each example.",
    "objective": "What is to become small, and who makes it small: the optimizer holds the model's parameters.",
    "loop": "Forget the gradients, predict, compare, backpropagate, step; again and again.",
    "evaluate": "Predict without gradients, and count the rows that are right.",
}


def pipeline(state: State) -> Element:
    """All five steps."""
    now = pipeline_of(state)
    return h(
        "div",
        h(
            "div",
            button("Run all", "pipeline-all", kind="primary", disabled=now.running or len(now.done) == len(STEPS)),
            button("Start over", "pipeline-restart", disabled=now.running or now.touched is None),
            h("span", _news(now), class_="hint", role="status"),
            h("span", _epoch(now), class_="hint number", data_slot="pipeline-epoch"),
            class_="bar",
        ),
        h("p", "The program is the workbench's, in its Exact form.", class_="hint"),
        flow(now, state.narrow),
        _imports(now.code["libraries"], state.highlighting),
        *(_step(_Shown.of(now, step, state.highlighting)) for step in STEPS),
        class_="pipeline",
    )


def pipeline_frame(state: State) -> tuple[object, ...]:
    """All but the numbers that the loop moves."""
    now = pipeline_of(state)
    seen = now.experiment, now.start, now.done, now.printed, now.missed, now.touched
    return *seen, now.running, now.loop is None, state.narrow, state.highlighting


def pipeline_paint(state: State) -> tuple[Paint, ...]:
    """The epoch and the loss of a loop that is under way."""
    now = pipeline_of(state)
    return Texts("pipeline-epoch", (_epoch(now),)), Texts("pipeline-loss", (loss_words(now),))


def pipeline_of(state: State) -> Pipeline:
    """The pipeline of the workbench's program, which begins anew when that changes."""
    return current(state.pipeline, state.experiment, state.start)


def _news(now: Pipeline) -> str:
    """What is read aloud: it changes with the steps, not with the epochs."""
    if now.running:
        return "Training:"
    counted = f"{len(now.done)} of {len(STEPS)} steps are done."
    step = now.touched
    if step is None:
        return counted
    if step in now.missed:
        return f"{STEPS[step]} stops: {_error(now.missed[step][0])}. {counted}"
    result = now.printed[step].splitlines()[-1] if step in ("loop", "evaluate") else ""
    return f"{STEPS[step]} is done{result and ': '}{result}. {counted}"


def _error(name: str) -> str:
    return f"NameError: name '{name}' is not defined"


def _epoch(now: Pipeline) -> str:
    return f"epoch {now.epoch} of {now.experiment.epochs}" if now.running else ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """All that one step shows. Equal ones are the same tree, so that a change of one step costs one step."""

    step: str
    code: str
    printed: str
    missed: tuple[str, str] | None
    reason: str
    done: bool
    running: bool
    busy: bool
    highlighting: bool

    @classmethod
    def of(cls, now: Pipeline, step: str, highlighting: bool) -> _Shown:
        """A step of the pipeline as it is."""
        missed = now.missed.get(step)
        return cls(
            step,
            now.code[step],
            now.printed.get(step, ""),
            missed,
            _reason(now, *missed) if missed else "",
            step in now.done,
            now.running and step == "loop",
            now.running,
            highlighting,
        )


@lru_cache(maxsize=4)
def _imports(text: str, highlighting: bool) -> Element:
    return h(
        "div",
        h("h3", "Before the first step"),
        _code("imports", text, None, highlighting),
        class_="pipeline-step imports",
    )


@lru_cache(maxsize=16)
def _step(shown: _Shown) -> Element:
    step, number = shown.step, list(STEPS).index(shown.step) + 1
    state = "done" if shown.done else "missed" if shown.missed else "running" if shown.running else ""
    return h(
        "div",
        h(
            "div",
            h("h3", f"{number}. {STEPS[step]}"),
            button(f"Run step {number}", f"pipeline-step:{step}", disabled=shown.done or shown.busy),
            h("span", "done" if shown.done else "", class_="hint"),
            class_="group",
        ),
        h("p", MEANINGS[step], class_="hint"),
        h(
            "div",
            _code(STEPS[step], shown.code, shown.missed, shown.highlighting),
            _output(shown),
            class_="pipeline-panes",
        ),
        role="group",
        aria_label=STEPS[step],
        class_=f"pipeline-step {state}".rstrip(),
    )


def _code(name: str, text: str, missed: tuple[str, str] | None, highlighting: bool) -> Element:
    lines = text.splitlines()
    coloured = highlighting and len(lines) <= LONGEST_COLOURED
    pieces = highlight(text) if coloured else tuple((Span("plain", line),) for line in lines)
    return h(
        "pre",
        h(
            "code",
            *(
                h(
                    "span",
                    *(
                        span.text if span.kind == "plain" else h("span", span.text, class_=f"py-{span.kind}")
                        for span in spans
                    ),
                    "\n",
                    class_="code-line running" if missed and line.strip() == missed[1] else "code-line",
                )
                for line, spans in zip(lines, pieces, strict=True)
            ),
        ),
        tabindex=0,
        role="group",
        aria_label=f"Code: {name}",
    )


def _output(shown: _Shown) -> Element:
    error = f"{_error(shown.missed[0])}\n" if shown.missed else ""
    return h(
        "div",
        h(
            "pre",
            h("code", error or shown.printed),
            tabindex=0,
            role="log",
            aria_live="off",  # the status above says once what a step came to
            aria_label=f"Output: {STEPS[shown.step]}",
        ),
        h("p", shown.reason, class_="reason") if shown.reason else None,
    )


def _reason(now: Pipeline, name: str, line: str) -> str:
    maker = now.defined_in(name)
    where = f"the step {STEPS[maker]} makes it, and that has not been run" if maker else "no step makes it"
    return f"The line “{line}” needs {name}; {where}."
