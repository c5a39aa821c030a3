"""What leaves the page as a file: notebook and safetensors, read by the libraries that own the formats."""

from __future__ import annotations

import json
import random

import nbformat
import numpy as np
import pytest
from safetensors.numpy import load

from perceptorium.engine import to_safetensors
from perceptorium.experiment import Experiment
from perceptorium.torchcode import Form, generate
from perceptorium.torchcode.notebook import notebook
from perceptorium.torchcode.weights import loader
from tests.torchcode.random_experiments import random_experiment

FORMS: tuple[Form, ...] = ("listing", "exact")


@pytest.mark.parametrize("form", FORMS)
def test_notebook_is_valid_and_holds_the_program(form: Form) -> None:
    choose = random.Random(8)
    for _ in range(20):
        program = random_experiment(choose).program()
        text = notebook(program, form)
        document = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(document)
        assert (document.nbformat, document.nbformat_minor) == (4, 5)
        code = "\n".join(cell.source for cell in document.cells if cell.cell_type == "code")
        statements = [line for line in code.splitlines() if line]
        program_lines = [line.text for line in generate(program, form).lines if line.text]
        assert statements[: len(program_lines)] == program_lines
        kinds = [cell.cell_type for cell in document.cells]
        assert kinds == ["markdown", *["markdown", "code"] * (len(kinds) // 2)]
        assert json.loads(text)["metadata"]["kernelspec"]["name"] == "python3"


def test_safetensors_holds_every_digit_under_pytorchs_names() -> None:
    choose = random.Random(9)
    for _ in range(20):
        model = random_experiment(choose).model()
        state = load(to_safetensors(model.state_dict()))
        expected = model.state_dict()
        assert set(state) == set(expected)
        for name, values in expected.items():
            assert state[name].dtype == np.float64
            assert np.array_equal(state[name], values)


def test_safetensors_header_is_aligned_and_the_loader_is_two_lines() -> None:
    data = to_safetensors(Experiment().model().state_dict())
    assert int.from_bytes(data[:8], "little") % 8 == 0
    assert loader("a.safetensors").splitlines() == [
        "from safetensors.torch import load_file",
        'model.load_state_dict(load_file("a.safetensors"))',
    ]
