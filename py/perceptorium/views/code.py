"""The region *PyTorch code*: the program of the experiment on screen."""

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
    return h(
        "div",
        h("h3", "PyTorch code"),
        h("pre", h("code", source(state.experiment).text), tabindex=0, aria_label="Program"),
        role="region",
        aria_label="PyTorch code",
        class_="code",
    )


def code_frame(state: State) -> tuple[object, ...]:
    """The program depends on nothing else."""
    return (state.experiment,)
