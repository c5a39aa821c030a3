"""Real PyTorch runs the pipeline's steps, in order and in every wrong order; all that it prints or says is compared."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Mapping

import pytest

from perceptorium import messages as m
from perceptorium.experiment import Experiment
from perceptorium.session import State, initial_state, update
from perceptorium.session.pipeline_code import STEPS

pytest.importorskip("torch")

# Runs pieces of programs, many in one process because importing torch takes seconds. A piece that misses a name ends
# there, as in a notebook, and the next one goes on with what was defined.
RUNNER = """
import contextlib, io, json, sys, traceback
import torch
torch.set_num_threads(1)
found = {}
for name, pieces in json.load(sys.stdin).items():
    namespace, found[name] = {"__name__": "__main__"}, []
    for code in pieces:
        printed, error = io.StringIO(), None
        with contextlib.redirect_stdout(printed):
            try:
                exec(compile(code, "<step>", "exec"), namespace)
            except NameError as problem:
                last = traceback.extract_tb(problem.__traceback__)[-1]
                error = [f"NameError: {problem}", code.splitlines()[last.lineno - 1].strip()]
        found[name].append([printed.getvalue(), error])
json.dump(found, sys.stdout)
"""

SHORT = Experiment(epochs=20)
IN_ORDER = {
    "the default": Experiment(),
    "no hidden layer": Experiment(hidden=(), epochs=50),
    "the largest": Experiment(hidden=(8, 8, 8, 8), activation="Tanh", epochs=40),
    "sigmoid, Adam, cross entropy": Experiment(activation="Sigmoid", optimiser="Adam", loss="BCELoss", epochs=60),
    "logits": Experiment(loss="BCEWithLogitsLoss", optimiser="SGD with momentum", momentum=0.8, epochs=60),
    "the paper's loss, row by row": Experiment(loss="HalfSquaredError", batch_size=1, epochs=55),
    "circles, shuffled": Experiment(dataset="Circles", rows=30, batch_size=4, shuffle=True, epochs=20),
    "moons, in order": Experiment(dataset="Moons", rows=50, batch_size=7, epochs=33, learning_rate=0.05),
}
ORDERS = {" ".join(order): order for order in itertools.permutations(STEPS)}


def ran(experiment: Experiment, order: tuple[str, ...]) -> State:
    state = initial_state(experiment)
    for step in order:
        state = update(state, m.RunPipelineStep(step))
        while state.pipeline.running:
            state = update(state, m.AdvancePipeline(17))
    return state


@pytest.fixture(scope="module")
def real() -> Mapping[str, list[tuple[str, list[str] | None]]]:
    programs = {}
    for name, experiment in IN_ORDER.items():
        code = initial_state(experiment).pipeline.code
        programs[name] = [code["libraries"], *(code[step] for step in STEPS)]
    code = initial_state(SHORT).pipeline.code
    for name, order in ORDERS.items():
        programs[name] = [code["libraries"], *(code[step] for step in order)]
    run = subprocess.run(
        [sys.executable, "-c", RUNNER], input=json.dumps(programs), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found: dict[str, list[tuple[str, list[str] | None]]] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize("name", IN_ORDER)
def test_every_step_prints_what_pytorch_prints(
    name: str, real: Mapping[str, list[tuple[str, list[str] | None]]]
) -> None:
    state = ran(IN_ORDER[name], tuple(STEPS))
    assert real[name][0] == ["", None], "the imports print nothing"
    for step, (printed, error) in zip(STEPS, real[name][1:], strict=True):
        assert error is None
        assert state.pipeline.printed[step] == printed, step
        assert printed


def test_every_wrong_order_fails_as_in_python(real: Mapping[str, list[tuple[str, list[str] | None]]]) -> None:
    failures = 0
    for name, order in ORDERS.items():
        pipeline = ran(SHORT, order).pipeline
        for step, (printed, error) in zip(order, real[name][1:], strict=True):
            missed = pipeline.missed.get(step)
            ours = [f"NameError: name '{missed[0]}' is not defined", missed[1]] if missed else None
            assert (pipeline.printed.get(step, ""), ours) == (printed, error), f"{step} in {name}"
            failures += error is not None
    assert failures > 150
