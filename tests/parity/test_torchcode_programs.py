"""Real PyTorch runs the generated programs; what they print is compared with the engine, digit for digit."""

from __future__ import annotations

import itertools
import json
import math
import random
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
import numpy as np
import pytest

from perceptorium.engine import to_safetensors
from perceptorium.experiment import Experiment
from perceptorium.torchcode import generate
from perceptorium.torchcode.notebook import notebook
from perceptorium.torchcode.weights import loader
from tests.torchcode.random_experiments import options, random_experiment

pytest.importorskip("torch")

RUNNER = Path(__file__).parents[1] / "torchcode" / "run_programs.py"
ACTIVATIONS = options("activation")
LAYERS = range(5)  # hidden layers, so 2 to 6 layers in all


def _exact_experiments() -> dict[str, Experiment]:
    """Every combination of loss, optimiser and batches, with the rest drawn; and long runs of the default network.

    Learning rates and noise are moderate, and runs of Adam short: chaotic training would test how two libraries round
    (see torchcode.generate).
    """
    choose = random.Random(606)
    batches = [(None, False), (1, False), (2, True)]
    combinations = itertools.product(options("loss"), options("optimiser"), batches)
    found = {
        f"exact {number}: {loss}, {optimiser}, {size}, {shuffle}": random_experiment(
            choose,
            loss=loss,
            optimiser=optimiser,
            batch_size=size,
            shuffle=shuffle,
            learning_rate=choose.choice((0.01, 0.1, 0.2) if optimiser == "SGD" else (0.01, 0.05)),
            momentum=choose.choice((0.5, 0.8, 0.9)),
            noise=choose.choice((0.0, 0.1, 0.2)),
            epochs=choose.randint(20, 30) if optimiser == "Adam" else choose.randint(50, 150),
        )
        for number, (loss, optimiser, (size, shuffle)) in enumerate(combinations)
    }
    for activation in ACTIVATIONS:
        found[f"exact, {activation}, 1000 epochs"] = Experiment(activation=activation)
    found["exact, per sample, 300 epochs"] = Experiment(batch_size=1, loss="HalfSquaredError", epochs=300)
    found["exact, no hidden layer"] = Experiment(hidden=(), epochs=100)
    found["exact, the largest"] = Experiment(hidden=(8, 8, 8, 8), activation="Tanh", epochs=100)
    return found


EXACT = _exact_experiments()
LISTING = {
    f"listing, {activation}, {hidden + 2} layers": Experiment(hidden=(4,) * hidden, activation=activation, epochs=50)
    for activation in ACTIVATIONS
    for hidden in LAYERS
}
LISTING |= {
    f"listing, {loss}, {optimiser}, {batch_size}": Experiment(
        loss=loss, optimiser=optimiser, batch_size=batch_size, shuffle=True, epochs=20
    )
    for loss in options("loss")
    for optimiser in options("optimiser")
    for batch_size in (None, 2)
}
NOTEBOOK = Experiment(loss="BCEWithLogitsLoss", batch_size=2, shuffle=True, epochs=30)
TRAINED = Experiment(hidden=(3, 5), activation="Tanh", epochs=40)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    trainer = TRAINED.with_(stop_below=0.0).trainer()
    trainer.run(25)
    path = tmp_path_factory.mktemp("weights") / "trained.safetensors"
    path.write_bytes(to_safetensors(trainer.model.state_dict()))
    return path


@pytest.fixture(scope="module")
def printed(weights: Path) -> Mapping[str, str]:
    programs = {name: [generate(each.program(), "exact").text] for name, each in EXACT.items()}
    programs |= {name: [generate(each.program()).text] for name, each in LISTING.items()}
    cells = nbformat.reads(notebook(NOTEBOOK.program(), "exact"), as_version=4).cells
    programs["notebook"] = [cell.source for cell in cells if cell.cell_type == "code"]
    programs["weights"] = [
        generate(TRAINED.program(), "exact").text,
        loader(str(weights)),
        "print('outputs', model(X).tolist())",
    ]
    run = subprocess.run(
        [sys.executable, str(RUNNER)], input=json.dumps(programs), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    result: Mapping[str, str] = json.loads(run.stdout)
    return result


def engine_losses(experiment: Experiment, epochs: tuple[int, ...]) -> list[str]:
    """The lines that the engine would print, in the Exact form's words."""
    trainer = experiment.with_(stop_below=0.0).trainer()
    lines = []
    for epoch in epochs:
        trainer.run(epoch - trainer.epoch)
        assert trainer.epoch == epoch
        lines.append(f"epoch {epoch}: loss {float(trainer.loss):.8f}")
    return lines


@pytest.mark.parametrize("name", EXACT)
def test_exact_prints_the_engines_losses_digit_for_digit(name: str, printed: Mapping[str, str]) -> None:
    experiment = EXACT[name]
    reports = generate(experiment.program(), "exact").reports
    assert len(reports) >= 10
    assert printed[name].splitlines() == engine_losses(experiment, reports)


@pytest.mark.parametrize("name", LISTING)
def test_listing_prints_finite_losses(name: str, printed: Mapping[str, str]) -> None:
    reports = generate(LISTING[name].program()).reports
    lines = [re.fullmatch(r"epoch (\d+): loss ([\d.]+)", line) for line in printed[name].splitlines()]
    assert [int(line[1]) if line else None for line in lines] == list(reports)
    assert all(line and math.isfinite(float(line[2])) for line in lines)


def test_notebook_cells_run_in_order_and_print_the_engines_losses(printed: Mapping[str, str]) -> None:
    reports = generate(NOTEBOOK.program(), "exact").reports
    losses = [line for line in printed["notebook"].splitlines() if line.startswith("epoch ")]
    assert losses == engine_losses(NOTEBOOK, reports)
    assert "tensor([[" in printed["notebook"]


def test_safetensors_gives_the_same_outputs(printed: Mapping[str, str]) -> None:
    trainer = TRAINED.with_(stop_below=0.0).trainer()
    trainer.run(25)
    outputs = json.loads(printed["weights"].rpartition("outputs ")[2])
    np.testing.assert_allclose(outputs, trainer.model.predict(TRAINED.data().x), rtol=0, atol=1e-14)


def test_the_downloaded_file_runs_as_a_plain_script(tmp_path: Path) -> None:
    experiment = Experiment(dataset="AND", hidden=(2,), epochs=20)
    path = tmp_path / f"{experiment.program().stem}.py"
    source = generate(experiment.program(), "exact")
    path.write_text(source.text, encoding="utf-8")
    run = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run.stdout.splitlines() == engine_losses(experiment, source.reports)
