"""What PyTorch prints in each step of the pipeline, computed with the engine."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from perceptorium.engine import MLP
from perceptorium.session.pipeline_code import SHOWN_ROWS
from perceptorium.torchcode import Program

_CRITERIA = {"HalfSquaredError": "MSELoss"}
"""The loop halves a sum of squares, so the criterion is an ``nn.MSELoss``; elsewhere names are PyTorch's."""


def printed_model(program: Program) -> str:
    """``print(model)``, and the number of parameters."""
    sizes = program.sizes
    layers = [
        f"  (fc{layer}): Linear(in_features={sizes[layer - 1]}, out_features={sizes[layer]}, bias=True)"
        for layer in range(1, len(sizes))
    ]
    if program.hidden:
        layers.append(f"  ({program.activation.lower()}): {program.activation}()")
    count = sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(sizes))
    return _lines([f"{program.class_name}(", *layers, ")", f"{count} parameters"])


def printed_data(program: Program) -> str:
    """Shapes, dtype, the share of class 1, and how many mini-batches an epoch has."""
    x, y = program.data.x, program.data.y
    lines = [
        f"torch.Size([{x.shape[0]}, {x.shape[1]}]) torch.Size([{y.shape[0]}, {y.shape[1]}]) torch.float64",
        f"{int(y.sum())} of {len(y)} rows are class 1",
    ]
    if program.batch_size is not None and not program.shuffle:
        lines.append(f"{-(-program.rows // program.batch_size)} mini-batches")
    return _lines(lines)


def printed_objective(program: Program) -> str:
    """``print(criterion)`` and ``print(optimizer)``, with all that PyTorch says of the latter."""
    criterion = f"{_CRITERIA.get(program.loss, program.loss)}()"
    momentum = f"{program.momentum!r}" if program.optimiser == "SGD with momentum" else "0"
    shared = {"differentiable": "False", "foreach": "None", "fused": "None", "lr": repr(program.learning_rate)}
    shared |= {"maximize": "False", "weight_decay": "0"}
    if program.optimiser == "Adam":
        name = "Adam"
        settings = {"amsgrad": "False", "betas": "(0.9, 0.999)", "capturable": "False"}
        settings |= {"decoupled_weight_decay": "False", "eps": "1e-08"}
    else:
        name = "SGD"
        settings = {"dampening": "0", "momentum": momentum, "nesterov": "False"}
    lines = [f"    {key}: {value}" for key, value in sorted((shared | settings).items())]
    return _lines([criterion, f"{name} (", "Parameter Group 0", *lines, ")"])


def printed_loss(epoch: int, loss: float) -> str:
    """One line of the training loop."""
    return f"epoch {epoch}: loss {loss:.8f}\n"


def printed_evaluation(program: Program, model: MLP) -> str:
    """Predictions of the first rows, and the accuracy over all."""
    x, y = program.data.x, program.data.y
    output = model.predict(x)
    if program.logits:
        output = 1 / (1 + np.exp(-output))
    rows = zip(x[:SHOWN_ROWS].tolist(), output[:, 0].tolist(), strict=False)
    right = (output > 0.5) == (y > 0.5)
    return _lines([*(f"{inputs} {said:.4f}" for inputs, said in rows), f"accuracy: {right.mean():.1%}"])


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
