"""Reads forward(): the chain of operations that x goes through, and whether this page can show such a chain.

It must be linear, activation, linear, ..., linear, and perhaps a last sigmoid; on one line or on several.
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass, field

from perceptorium.torchcode.problems import Problem, Problems, code, dotted, without_docstring
from perceptorium.torchcode.program import FUNCTIONS, Program

_FUNCTIONS = {f"torch.{function}": name for name, function in FUNCTIONS.items()}
ALLOWED = "layers here are nn.Linear, activations nn.ReLU, nn.Sigmoid and nn.Tanh"


@dataclass(frozen=True, slots=True)
class Linear:
    """One `self.<name> = nn.Linear(inputs, outputs)`."""

    name: str
    inputs: int
    outputs: int
    line: int

    def __str__(self) -> str:
        return f"nn.Linear({self.inputs}, {self.outputs})"


@dataclass(frozen=True, slots=True)
class Applied:
    """One operation in forward(): a Linear, or the name of an activation."""

    what: Linear | str
    line: int


@dataclass(slots=True)
class Module:
    """What the class says. `activation` is None when there is no hidden layer to apply one."""

    name: str
    hidden: tuple[int, ...] = ()
    activation: str | None = None
    activation_line: int = 0
    logits: bool = False
    output_line: int = 0
    lines: list[int] = field(default_factory=list)  # of each Linear, in the order of use


def read_forward(method: ast.FunctionDef, made: dict[str, Linear | str], problems: Problems) -> list[Applied]:
    """The operations in the order in which x goes through them."""
    variable = method.args.args[1].arg
    applied: list[Applied] = []
    returned = False
    for statement in without_docstring(method.body):
        if returned:
            problems.append(Problem(statement.lineno, "forward() has returned already; this line never runs"))
            break
        value = _flow(statement, variable)
        if value is None:
            sentence = f"`{code(statement)}` is not understood; write {variable} = … or return …"
            problems.append(Problem(statement.lineno, sentence))
            break
        _unfold(value, variable, made, applied, problems)
        returned = isinstance(statement, ast.Return)
    else:
        if not returned:
            problems.append(Problem(method.lineno, "forward() does not return its result"))
    return applied


def _flow(statement: ast.stmt, variable: str) -> ast.expr | None:
    if isinstance(statement, ast.Return):
        return statement.value
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and dotted(statement.targets[0]) == variable:
        return statement.value
    return None


def _unfold(
    value: ast.expr, variable: str, made: dict[str, Linear | str], applied: list[Applied], problems: Problems
) -> None:
    """`f(g(x))` applies g, then f."""
    calls: list[ast.Call] = []
    while isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords:
        calls.append(value)
        value = value.args[0]
    if dotted(value) != variable:
        problems.append(Problem(value.lineno, f"`{code(value)}` is not understood; layers are applied to {variable}"))
        return
    for call in reversed(calls):
        name = dotted(call.func)
        what = made.get(name.removeprefix("self.")) if name.startswith("self.") else _FUNCTIONS.get(name)
        if what is not None:
            applied.append(Applied(what, call.lineno))
        elif name.startswith("self."):
            problems.append(Problem(call.lineno, f"{name} is not made in __init__"))
        else:
            problems.append(Problem(call.lineno, f"`{code(call.func)}` is not on this page; {ALLOWED}"))


def check_chain(applied: list[Applied], module: Module, problems: Problems) -> None:
    """Checks the order of the chain and notes its activations in `module`."""
    hidden: list[Applied] = []
    previous: Applied | None = None
    seen: set[str] = set()
    for each in applied:
        if isinstance(each.what, Linear):
            if each.what.name in seen:
                problems.append(Problem(each.line, f"self.{each.what.name} is used twice; make a layer of its own"))
            seen.add(each.what.name)
            if previous is not None and isinstance(previous.what, Linear):
                sentence = f"there is no activation between {previous.what.name} and {each.what.name}; "
                problems.append(Problem(each.line, sentence + "without one the two are a single linear layer"))
            if previous is not None and not isinstance(previous.what, Linear):
                hidden.append(previous)
        elif previous is None or not isinstance(previous.what, Linear):
            problems.append(Problem(each.line, f"{each.what} must follow a linear layer"))
        previous = each
    _output(previous, module, problems)
    _one_activation(hidden, module, problems)


def _output(last: Applied | None, module: Module, problems: Problems) -> None:
    if last is None:
        problems.append(Problem(module.lines[0] if module.lines else 1, "forward() applies no layer to x"))
        return
    module.logits = isinstance(last.what, Linear)
    module.output_line = last.line
    if not module.logits and last.what != "Sigmoid":
        sentence = f"the output goes through {last.what}; here it goes through torch.sigmoid"
        problems.append(Problem(last.line, f"{sentence}, or through nothing with nn.BCEWithLogitsLoss"))


def _one_activation(hidden: list[Applied], module: Module, problems: Problems) -> None:
    for each in hidden:
        if module.activation is None and isinstance(each.what, str):
            module.activation, module.activation_line = each.what, each.line
        elif each.what != module.activation:
            sentence = f"{each.what} here but {module.activation} in line {module.activation_line}; "
            problems.append(Problem(each.line, sentence + "all hidden layers of this page use one activation"))


def fitted(linears: list[Linear], program: Program, problems: Problems) -> tuple[int, ...]:
    """The hidden sizes, if each layer's inputs are the outputs of the layer before.

    Someone who makes a layer wider edits one number; the next layer's inputs, still as they were generated,
    follow.
    """
    sizes = program.sizes
    same_depth = len(linears) == program.layers
    first, last = linears[0], linears[-1]
    if first.inputs != sizes[0]:
        problems.append(Problem(first.line, f"{first} does not fit the {sizes[0]} inputs of {program.dataset}"))
    if last.outputs != sizes[-1]:
        sentence = f"{last} has {last.outputs} outputs; the targets of {program.dataset} have {sizes[-1]}"
        problems.append(Problem(last.line, sentence))
    for position, (before, after) in enumerate(itertools.pairwise(linears), start=1):
        untouched = same_depth and after.inputs == sizes[position] != before.outputs
        if after.inputs != before.outputs and not untouched:
            problems.append(Problem(after.line, f"{after} does not fit the {before.outputs} outputs of {before.name}"))
    return tuple(linear.outputs for linear in linears[:-1])
