"""From a Program to its PyTorch source, in one of two forms.

*Listing* is what a textbook prints: float32, PyTorch's own random start. It trains the same network in the
same way, but from other weights, so its numbers differ from run to run and from the page's.

*Exact* is the network on screen: float64, the weights it started from, the same batches in the same order. Its printed
losses have eight decimals and are the page's. Bit for bit is not promised: NumPy and PyTorch may add the products of
one neuron in different orders, which changes about the sixteenth digit. Where training is chaotic (a high learning
rate; Adam on noisy rows even at 0.05) that difference grows from epoch to epoch until it shows. Of 200 random
experiments over 200 epochs, 196 agreed in every printed digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from perceptorium.engine import InvalidValue
from perceptorium.torchcode import preparation
from perceptorium.torchcode.architecture import architecture
from perceptorium.torchcode.loop import batches, loop, reports
from perceptorium.torchcode.program import Program
from perceptorium.torchcode.source import Line, Part, Section, Source

Form = Literal["listing", "exact"]

PROMISES: Mapping[Form, str] = {
    "listing": "Its starting weights are PyTorch's own random ones, so its numbers differ from run to run.",
    "exact": (
        "It starts from the weights that the network on the page started from, and prints the page's losses for the "
        "same epochs, to eight decimals. (Some training is chaotic, above all with a high learning rate; then "
        "differences in the sixteenth digit, which every library rounds in its own way, grow until they show.)"
    ),
}
"""What each form promises, in words for a reader."""


def generate(program: Program, form: Form = "listing") -> Source:
    """The whole program. Raises InvalidValue for an unknown form, or "exact" without starting weights."""
    if form not in ("listing", "exact"):
        raise InvalidValue(f"form is {form!r}; it must be listing or exact")
    exact = form == "exact"
    if exact and program.start is None:
        raise InvalidValue("start is None; the exact form needs the weights that training started from")
    sections = (
        _imports(program, exact),
        architecture(program),
        preparation.model(program, exact),
        preparation.objective(program, exact),
        preparation.data(program, exact),
        batches(program, exact),
        loop(program, exact),
    )
    return Source(tuple(section for section in sections if section), reports(program, exact))


def _imports(program: Program, exact: bool) -> Section:
    mini_batches = program.batch_size is not None
    own_order = exact and program.shuffle
    about = (Part("library"),)
    return Section(
        title="Libraries",
        introduction="PyTorch, and its two parts for networks and for optimizers.",
        lines=(
            *([Line("import numpy as np", about, "NumPy shuffles the rows.")] if mini_batches and own_order else []),
            Line("import torch", about, "PyTorch: tensors, and gradients of what is computed with them."),
            Line("from torch import nn, optim", about, "Layers, activations and losses; optimizers."),
            *(
                [
                    Line(
                        "from torch.utils.data import DataLoader, TensorDataset",
                        about,
                        "What deals the rows out in mini-batches.",
                    )
                ]
                if mini_batches and not own_order
                else []
            ),
        ),
    )
