"""The region *PyTorch code*: the program of the experiment on screen, with the running line marked."""

from __future__ import annotations

from functools import lru_cache

from perceptorium.experiment import Experiment
from perceptorium.session import State
from perceptorium.torchcode import Source, generate
from perceptorium.views.markup import Element, h


@lru_cache(maxsize=4)
def source(experiment: Experiment) -> Source:
    """The program's lines; the same object for the same experiment."""
    return generate(experiment.program())


def code(state: State) -> Element:
    """The program as it would be copied."""
    running = _running(state)
    lines = (
        h("span", f"{line.text}\n", class_="code-line running" if number in running else "code-line", data_line=number,
          aria_current="step" if number in running[-1:] else None)
        for number, line in enumerate(source(state.experiment).lines, start=1)
    )  # fmt: skip
    return h(
        "div",
        h("h3", "PyTorch code"),
        h("pre", h("code", *lines), tabindex=0, aria_label="Program"),
        role="region",
        aria_label="PyTorch code",
        class_="code",
    )


def code_frame(state: State) -> tuple[object, ...]:
    """The program, and the line that the step on screen stands at."""
    return state.experiment, _running(state)


def _running(state: State) -> tuple[int, ...]:
    if state.playback is None or state.playback.frame.phase is None:
        return ()
    return source(state.experiment).running(state.playback.frame.phase)
