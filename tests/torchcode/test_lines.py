"""Lines know what they mean: links in both directions, the running line of every phase, shapes, explanations."""

from __future__ import annotations

import random
import re

import pytest

from perceptorium.engine import Phase, phases
from perceptorium.experiment import Experiment
from perceptorium.torchcode import Form, Part, generate
from tests.torchcode.random_experiments import random_experiment

FORMS: tuple[Form, ...] = ("listing", "exact")
SOURCE = generate(Experiment().program())


def text_of(part: Part) -> list[str]:
    return [SOURCE.lines[number - 1].text.strip() for number in SOURCE.numbers(part)]


LINKS = [
    (Part("layer", 2), ["self.fc2 = nn.Linear(4, 4)"]),
    (Part("forward", 1), ["x = self.relu(self.fc1(x))"]),
    (Part("forward", 3), ["return torch.sigmoid(self.fc3(x))"]),
    (Part("activation"), ["self.relu = nn.ReLU()", "x = self.relu(self.fc1(x))", "x = self.relu(self.fc2(x))"]),
    (Part("learning_rate"), ["lr=0.1,"]),
    (Part("criterion"), ["criterion = nn.MSELoss()"]),
    (Part("optimiser"), ["optimizer = optim.SGD(", "model.parameters(),", ")"]),
    (Part("inputs"), ["X = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32)"]),
    (Part("epochs"), ["for epoch in range(1000):"]),
    (Part("step"), ["optimizer.step()"]),
    (Part("layer"), ["self.fc1 = nn.Linear(2, 4)", "self.fc2 = nn.Linear(4, 4)", "self.fc3 = nn.Linear(4, 1)"]),
]


@pytest.mark.parametrize(("part", "texts"), LINKS)
def test_parts_lead_to_lines(part: Part, texts: list[str]) -> None:
    assert text_of(part) == texts


def test_the_running_line_of_each_phase_of_a_step() -> None:
    running = [[SOURCE.lines[number - 1].text.strip() for number in SOURCE.running(phase)] for phase in phases(3)]
    call = "output = model(X)"
    assert running == [
        ["optimizer.zero_grad()"],
        [call, "x = self.relu(self.fc1(x))"],
        [call, "x = self.relu(self.fc2(x))"],
        [call, "return torch.sigmoid(self.fc3(x))"],
        ["loss = criterion(output, y)"],
        ["loss.backward()"],
        ["loss.backward()"],
        ["loss.backward()"],
        ["optimizer.step()"],
    ]


def test_shapes_are_live() -> None:
    shapes = {line.text.strip(): line.shapes for line in SOURCE.lines}
    assert shapes["x = self.relu(self.fc1(x))"] == "x: (4, 2) → fc1(x): (4, 4)"
    assert shapes["return torch.sigmoid(self.fc3(x))"] == "x: (4, 4) → fc3(x): (4, 1)"
    assert shapes["self.fc3 = nn.Linear(4, 1)"] == "fc3.weight: (1, 4), fc3.bias: (1,)"
    one_row = generate(Experiment(batch_size=1, hidden=(3,)).program())
    shapes = {line.text.strip(): line.shapes for line in one_row.lines}
    assert shapes["x = self.relu(self.fc1(x))"] == "x: (1, 2) → fc1(x): (1, 3)"


def test_each_neurons_starting_weights_are_linked_and_are_its_weights() -> None:
    experiment = Experiment(hidden=(3, 5))
    model, source = experiment.model(), generate(experiment.program(), "exact")
    for layer, weight in enumerate(model.weights, start=1):
        for neuron, incoming in enumerate(weight.T, start=1):
            (number,) = source.numbers(Part("weights", layer, neuron))
            assert [float(text) for text in re.findall(r"[-\d.e]+", source.lines[number - 1].text)] == incoming.tolist()


@pytest.mark.parametrize("form", FORMS)
def test_every_phase_has_one_running_line_and_every_statement_an_explanation(form: Form) -> None:
    choose = random.Random(5)
    for _ in range(60):
        experiment = random_experiment(choose)
        source = generate(experiment.program(), form)
        for phase in phases(len(experiment.sizes) - 1):
            assert len(source.running(phase)) == (2 if phase.kind == "forward" else 1)
        for line in source.lines:
            if re.search(r"\w", line.text) and line.text != "# fmt: on":
                assert line.explanation.endswith("."), line.text
        assert source.text.count("\n") == len(source.lines)


def test_a_phase_of_a_layer_that_is_not_there_has_no_line_of_its_own() -> None:
    assert SOURCE.running(Phase("forward", 9)) == SOURCE.running(Phase("forward", 1))[:1]
