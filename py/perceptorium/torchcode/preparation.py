"""What comes between the class and the loop: the model, its loss and optimiser, and the data as tensors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perceptorium.engine import MLP
from perceptorium.torchcode import literals
from perceptorium.torchcode.program import Program
from perceptorium.torchcode.source import Line, Part, Section

_LOSSES = {
    "MSELoss": (
        "nn.MSELoss()",
        "The mean squared error: the mean over all outputs of (output - target) squared.",
    ),
    "BCELoss": (
        "nn.BCELoss()",
        "The binary cross entropy of probabilities: -log of what the right class was given.",
    ),
    "BCEWithLogitsLoss": (
        "nn.BCEWithLogitsLoss()",
        "The binary cross entropy of logits: sigmoid and cross entropy in one step that cannot overflow.",
    ),
    "HalfSquaredError": (
        'nn.MSELoss(reduction="sum")',
        "The sum of the squared errors; the loop halves it, which makes the gradient simply output - target.",
    ),
}


def model(program: Program, exact: bool) -> Section:
    """The network itself; in Exact form with the weights that the network on screen started from."""
    made = Line(
        f"model = {program.class_name}()" + (".double()" if exact else ""),
        (Part("model"),),
        "Makes the network in float64, the precision of this page."
        if exact
        else "Makes the network, with PyTorch's own random starting weights.",
    )
    loading = _start(program.start) if exact and program.start is not None else ()
    return Section(
        title="The model" + (" and its starting weights" if loading else ""),
        introduction=(
            "The weights that the network on the page started from, with all their digits."
            if loading
            else "One object of that class. Its weights are random and differ from run to run."
        ),
        lines=(made, *loading),
        space=2,
    )


def _start(start: MLP) -> tuple[Line, ...]:
    lines = [
        Line("# fmt: off", explanation="Asks formatters to keep one neuron's weights on one line."),
        Line("start = {", (Part("weights"),), "The starting weights and biases, by PyTorch's names."),
    ]
    for layer in range(1, len(start.weights) + 1):
        weight, bias = start.weights[layer - 1].T, start.biases[layer - 1]
        whole = (Part("weights", layer),)
        lines.append(
            Line(
                f'    "fc{layer}.weight": [',
                whole,
                _one_row_each(layer),
                f"({weight.shape[0]}, {weight.shape[1]})",
            )
        )
        for neuron, incoming in enumerate(weight, start=1):
            lines.append(
                Line(
                    f"        {literals.row(incoming, exact=True)},",
                    (Part("weights", layer, neuron),),
                    f"The weights into neuron {neuron} of layer {layer}, one for each of its inputs.",
                    f"({len(incoming)},)",
                )
            )
        lines.append(Line("    ],", whole))
        lines.append(
            Line(
                f'    "fc{layer}.bias": {literals.row(bias, exact=True)},',
                whole,
                f"The biases of layer {layer}, one for each neuron.",
                f"({len(bias)},)",
            )
        )
    load = "Copies these numbers into the model's parameters; float64 keeps every digit."
    return (
        *lines,
        Line("}", (Part("weights"),)),
        Line("# fmt: on"),
        Line("model.load_state_dict(", (Part("weights"),), load),
        Line(
            "    {name: torch.tensor(value, dtype=torch.float64) for name, value in start.items()}",
            (Part("weights"),),
            load,
        ),
        Line(")", (Part("weights"),), load),
    )


def _one_row_each(layer: int) -> str:
    return f"The weights of layer {layer}: PyTorch keeps one row for each neuron of the layer."


def objective(program: Program, exact: bool) -> Section:
    """Loss and optimiser."""
    text, meaning = _LOSSES[program.loss]
    return Section(
        title="Loss and optimizer",
        introduction="The loss measures how wrong the outputs are; the optimizer makes it smaller.",
        lines=(Line(f"criterion = {text}", (Part("criterion"),), meaning), *_optimiser(program)),
        space=1 if exact else 0,
    )


def _optimiser(program: Program) -> tuple[Line, ...]:
    name = "Adam" if program.optimiser == "Adam" else "SGD"
    rate = literals.number(program.learning_rate, exact=True)
    meaning = {
        "SGD": "Plain gradient descent: each step moves every weight against its gradient.",
        "SGD with momentum": "Gradient descent that keeps part of its speed from step to step.",
        "Adam": "Adam: gradient descent with a step length of its own for every weight.",
    }[program.optimiser]
    momentum = literals.number(program.momentum, exact=True)
    return (
        Line(f"optimizer = optim.{name}(", (Part("optimiser"),), meaning),
        Line(
            "    model.parameters(),",
            (Part("optimiser"),),
            "The optimizer changes these: all weights and biases of the model.",
        ),
        Line(
            f"    lr={rate},",
            (Part("learning_rate"),),
            f"The learning rate: each step is {rate} times the direction.",
        ),
        *(
            [
                Line(
                    f"    momentum={momentum},",
                    (Part("momentum"),),
                    f"Each step keeps {momentum} of the step before it.",
                )
            ]
            if program.optimiser == "SGD with momentum"
            else []
        ),
        Line(")", (Part("optimiser"),)),
    )


def data(program: Program, exact: bool) -> Section:
    """Training rows and targets as tensors."""
    shown = "" if exact else " in float32, PyTorch's usual precision"
    lines = (
        *_tensor("X", "inputs", program.data.x, exact, f"The inputs, one row for each example{shown}."),
        *_tensor("y", "targets", program.data.y, exact, "The targets: what the output should be for each row."),
    )
    if len(lines) > 2:
        asking = "Asks formatters to keep many rows on one line."
        lines = (Line("# fmt: off", explanation=asking), *lines, Line("# fmt: on"))
    return Section(
        title="The data",
        introduction=f"{program.dataset}: {program.rows} rows of inputs `X` with their targets `y`.",
        lines=lines,
    )


def _tensor(name: str, kind: str, values: NDArray[np.float64], exact: bool, meaning: str) -> tuple[Line, ...]:
    dtype = "torch.float64" if exact else "torch.float32"
    shape = f"{name}: ({values.shape[0]}, {values.shape[1]})"
    return tuple(Line(text, (Part(kind),), meaning, shape) for text in literals.assignment(name, values, dtype, exact))
