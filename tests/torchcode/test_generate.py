"""The text of a program: the paper's Listing 1, the committed Exact form, and what a formatter and a linter say."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from pathlib import Path

import pytest

from perceptorium.engine import InvalidValue
from perceptorium.experiment import Experiment
from perceptorium.torchcode import Form, generate
from tests.torchcode.paper import PAPER
from tests.torchcode.random_experiments import options, random_experiment

HERE = Path(__file__).parent
FORMS: tuple[Form, ...] = ("listing", "exact")


def test_listing_has_the_structure_of_the_papers_listing_1() -> None:
    """The same program, statement for statement, but for today's imports and super(), and the report of the loss."""
    imports = "import torch.nn as nn\nimport torch.optim as optim"
    paper = ast.parse(PAPER.replace("super(XORNet, self)", "super()").replace(imports, "from torch import nn, optim"))
    ours = ast.parse(generate(Experiment().program()).text)
    loop = ours.body[-1]
    assert isinstance(loop, ast.For)
    report = loop.body.pop()
    assert "print(" in ast.unparse(report)
    assert ast.unparse(ours) == ast.unparse(paper)


@pytest.mark.parametrize("form", FORMS)
def test_committed_program(form: Form) -> None:
    """One program of each form, to read and to notice any change of; write it anew with UPDATE below."""
    experiment = Experiment() if form == "listing" else Experiment(batch_size=2, shuffle=True, activation="Tanh")
    assert generate(experiment.program(), form).text == (HERE / f"{form}.txt").read_text(encoding="utf-8")


def test_ruff_neither_complains_nor_reformats(tmp_path: Path) -> None:
    choose = random.Random(26)
    experiments = [random_experiment(choose, loss=loss) for loss in options("loss") for _ in range(8)]
    experiments += [Experiment(hidden=(8, 8, 8, 8)), Experiment(hidden=()), Experiment(batch_size=1)]
    for number, experiment in enumerate(experiments):
        for form in FORMS:
            path = tmp_path / f"{form}_{number}.py"
            path.write_text(generate(experiment.program(), form).text, encoding="utf-8")
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)]
        run = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr


def test_every_change_of_the_experiment_shows_in_the_text() -> None:
    experiment = Experiment()
    changes = [
        {"hidden": (4,)},
        {"activation": "Tanh"},
        {"learning_rate": 0.2},
        {"loss": "BCELoss"},
        {"loss": "HalfSquaredError"},
        {"optimiser": "Adam"},
        {"optimiser": "SGD with momentum"},
        {"optimiser": "SGD with momentum", "momentum": 0.5},
        {"batch_size": 1},
        {"batch_size": 1, "shuffle": True},
        {"dataset": "AND"},
        {"epochs": 10},
    ]
    texts = {generate(each.program()).text for each in (experiment, *(experiment.with_(**each) for each in changes))}
    assert len(texts) == len(changes) + 1


def test_what_cannot_be_generated_is_said() -> None:
    program = Experiment().program()
    with pytest.raises(InvalidValue, match=r"^form is 'Exact'; it must be listing or exact$"):
        generate(program, "Exact")  # type: ignore[arg-type]


def test_file_names_and_class_names() -> None:
    assert Experiment().program().stem == "xor_2_4_4_1"
    assert Experiment().program().class_name == "XORNet"
