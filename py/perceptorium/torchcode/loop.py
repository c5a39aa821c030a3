"""The training loop: the five calls of every PyTorch loop, and the report of the loss.

The loss printed for epoch e is the loss of the parameters after e epochs over all rows, which is what the
page shows at epoch e. In a loop over the whole batch that is `loss.item()` of iteration e (counted from 0),
because the loss is computed before the step. Over mini-batches no single loss says it, so it is computed at
the end of the epoch.
"""

from __future__ import annotations

from perceptorium.torchcode.program import Program
from perceptorium.torchcode.source import Line, Part, Section

DECIMALS = {False: 4, True: 8}  # by `exact`


def reports(program: Program, exact: bool) -> tuple[int, ...]:
    """The epochs whose loss is printed."""
    every = program.report_every
    if program.batch_size is not None:
        return tuple(range(every, program.epochs + 1, every))
    return (*range(0, program.epochs, every), *([program.epochs] if exact else []))


def batches(program: Program, exact: bool) -> Section | None:
    """The loader of mini-batches; None for the whole batch, and where the loop makes the page's own order."""
    if program.batch_size is None or (exact and program.shuffle):
        return None
    shuffle = ", shuffle=True" if program.shuffle else ""
    order = "in a new random order every epoch" if program.shuffle else "in the order of the table"
    return Section(
        title="Mini-batches",
        introduction="The weights change after every mini-batch, so several times in one epoch.",
        lines=(
            Line(
                f"loader = DataLoader(TensorDataset(X, y), batch_size={program.batch_size}{shuffle})",
                (Part("batches"),),
                f"Deals the rows out in mini-batches of {program.batch_size}, {order}.",
            ),
        ),
    )


def loop(program: Program, exact: bool) -> Section:
    """The loop over epochs."""
    body = _whole_batch(program, exact) if program.batch_size is None else _mini_batches(program, exact)
    return Section(
        title="The training loop",
        introduction=(
            "Each step clears the old gradients, computes outputs and loss, computes the gradients by "
            "backpropagation, and lets the optimizer change the weights."
        ),
        lines=(
            Line(
                f"for epoch in range({program.epochs}):",
                (Part("epochs"),),
                "An epoch is one pass over all training rows.",
            ),
            *body,
        ),
    )


def _whole_batch(program: Program, exact: bool) -> tuple[Line, ...]:
    final = (
        Line("with torch.no_grad():", (Part("report"),), "Outside training no gradients are needed."),
        _print(program, exact, "    ", "epoch + 1", "criterion(model(X), y)"),
    )
    return (
        *_step(program, "    ", "X", "y"),
        _condition(program, "epoch"),
        _print(program, exact, "        ", "epoch", "loss"),
        *([Line(""), *final] if exact else []),
    )


def _mini_batches(program: Program, exact: bool) -> tuple[Line, ...]:
    own_order = exact and program.shuffle
    over = (
        f"for rows in torch.from_numpy(order).split({program.batch_size}):"
        if own_order
        else "for inputs, targets in loader:"
    )
    inputs, targets = ("X[rows]", "y[rows]") if own_order else ("inputs", "targets")
    rows = program.batch_rows
    order = Line(
        f"    order = np.random.default_rng(({program.seed}, epoch)).permutation(len(X))",
        (Part("batches"),),
        "Shuffles the row numbers exactly as the page does in this epoch.",
        f"order: ({program.rows},)",
    )
    return (
        *([order] if own_order else []),
        Line(
            f"    {over}",
            (Part("batches"),),
            "The inner loop takes one mini-batch after the other.",
            f"{inputs}: ({rows}, {program.sizes[0]}), {targets}: ({rows}, {program.sizes[-1]})",
        ),
        *_step(program, "        ", inputs, targets),
        _condition(program, "(epoch + 1)"),
        Line("        with torch.no_grad():", (Part("report"),), "For the report no gradients are needed."),
        _print(program, exact, "            ", "epoch + 1", "criterion(model(X), y)"),
    )


def _step(program: Program, indent: str, inputs: str, targets: str) -> tuple[Line, ...]:
    half = " / 2" if program.loss == "HalfSquaredError" else ""
    rows, outputs = program.batch_rows, program.sizes[-1]
    return (
        Line(
            f"{indent}optimizer.zero_grad()",
            (Part("zero_grad"),),
            "Forgets the gradients of the step before, because backward() adds to what is there.",
        ),
        Line(
            f"{indent}output = model({inputs})",
            (Part("forward"),),
            "Runs forward() on all rows of the batch at once.",
            f"{inputs}: ({rows}, {program.sizes[0]}) → output: ({rows}, {outputs})",
        ),
        Line(
            f"{indent}loss = criterion(output, {targets}){half}",
            (Part("loss"),),
            "Compares outputs and targets: one number that says how wrong the network is.",
            f"output: ({rows}, {outputs}), {targets}: ({rows}, {outputs}) → loss: ()",
        ),
        Line(
            f"{indent}loss.backward()",
            (Part("backward"),),
            "Computes the gradient of the loss for every weight and bias, from the last layer to the first.",
        ),
        Line(
            f"{indent}optimizer.step()",
            (Part("step"),),
            "Changes every weight and bias by the optimizer's rule, using the gradients.",
        ),
    )


def _condition(program: Program, counted: str) -> Line:
    return Line(
        f"    if {counted} % {program.report_every} == 0:",
        (Part("report"),),
        f"Reports every {program.report_every} epochs." if program.report_every > 1 else "Reports every epoch.",
    )


def _print(program: Program, exact: bool, indent: str, epoch: str, value: str) -> Line:
    half = " / 2" if value != "loss" and program.loss == "HalfSquaredError" else ""
    return Line(
        f'{indent}print(f"epoch {{{epoch}}}: loss {{{value}.item(){half}:.{DECIMALS[exact]}f}}")',
        (Part("report"),),
        f"Prints the loss of the weights after so many epochs, with {DECIMALS[exact]} decimals.",
    )
