"""Every program of the six concepts, run by real PyTorch: it prints what the page shows beside it, to the character."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perceptorium.session.concepts import Activations, Backprop, Concept, Concepts, Linear, Losses, Optimizers, Tensors
from perceptorium.session.concepts.linear import PLACES
from perceptorium.session.concepts.tensors import OPERATIONS

RUNNER = Path(__file__).parents[1] / "torchcode" / "run_programs.py"
CATCH = """
import traceback, torch
torch.set_default_dtype(torch.float32)  # some programs set another
try:
    exec(compile({text!r}, "<program>", "exec"), {{}})
except Exception as error:
    print(*traceback.format_exception_only(error), sep="", end="")
"""
QUARTERS = [quarter / 4 for quarter in range(-8, 9)]


def tensors() -> Iterator[Tensors]:
    sizes, dtypes = (1, 2, 3, 4), ("float32", "float64", "int64")
    for operation, dtype, (rows, columns) in itertools.product(OPERATIONS, dtypes, itertools.product(sizes, sizes)):
        shown = Tensors(operation, dtype, rows, columns)
        match operation:
            case "add" | "matmul":
                others = itertools.product(sizes, sizes) if dtype == "float32" else [(columns, 2), (1, columns)]
                yield from (replace(shown, rows_b=r, columns_b=c) for r, c in others)
            case "row" | "entry" | "column":
                yield from (replace(shown, i=i, j=j) for i, j in ((0, 0), (-2, 3), (1, -5), (4, 1), (-5, -1)))
            case "reshape":
                shapes = [(-1, 1), (1, -1), (2, -1), (-1, -1), (0, 3), (-1, 0), (3, 2), (16, 1), (columns, rows)]
                yield from (replace(shown, new_rows=r, new_columns=c) for r, c in shapes)
            case _:
                yield shown


def linears() -> Iterator[Linear]:
    chosen = random.Random(1)
    for inputs, outputs, _ in itertools.product((1, 2, 3), (1, 2, 3), range(12)):
        steps = chosen.choice(([-1, 0, 1], QUARTERS))
        yield Linear(inputs, outputs, tuple(float(chosen.choice(steps)) for _ in PLACES))


def graphs() -> Iterator[Backprop]:
    chosen = random.Random(2)
    for nudged, _ in itertools.product("xwby", range(40)):
        yield Backprop(*(chosen.choice(QUARTERS) for _ in "xwby"), nudged=nudged)
    yield Backprop(0.0, 0.0, 0.0, 0.0)
    yield Backprop(2.0, 2.0, 2.0, 1.0)


def races() -> Iterator[Optimizers]:
    starts = ((-1.6, 1.2), (0.0, 0.0), (2.0, -2.0), (0.45, 0.05))
    for surface, (x, y), lr in itertools.product(("ravine", "valleys"), starts, (0.001, 0.02, 0.1, 0.26, 0.3)):
        yield from (Optimizers(surface, x, y, lr, steps) for steps in (0, 1, 30))
    for surface, x in itertools.product(("ravine", "valleys"), (-2.0, 1.0, 2.0)):
        yield Optimizers(surface, x, 1.5, 0.3, 100)


def outputs(programs: Iterable[str]) -> dict[str, str]:
    wanted = {text: [CATCH.format(text=text)] for text in programs}
    command = [sys.executable, str(RUNNER)]
    done = subprocess.run(command, input=json.dumps(wanted), capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


KINDS: dict[str, list[Concept]] = {
    "tensors": list(tensors()),
    "linear": list(linears()),
    "activations": [
        Activations(function, quarter / 4)
        for function, quarter in itertools.product(("ReLU", "Sigmoid", "Tanh", "Identity"), range(-32, 33))
    ],
    "backprop": list(graphs()),
    "optimizers": list(races()),
    "losses": [Losses(quarter / 4, target) for quarter, target in itertools.product(range(-32, 33), (0, 1))],
}


@pytest.fixture(scope="module")
def real() -> dict[str, str]:
    return outputs({settings.code() for many in KINDS.values() for settings in many})


@pytest.mark.parametrize("concept", KINDS)
def test_pytorch_prints_what_the_page_shows(concept: str, real: dict[str, str]) -> None:
    assert getattr(Concepts(), concept) is not None and KINDS[concept]
    for settings in KINDS[concept]:
        assert f"{settings.printed()}\n" == real[settings.code()], settings
