"""From an edited program back to what it sets: parsed with `ast`, never executed.

What may be edited is read (architecture, activation, loss, optimiser and its numbers, mini-batches, epochs,
the table of a fixed data set). Everything else is compared with the program generated from what was read,
statement by statement, so that no edit is silently ignored. Comments, spacing and the printing lines are
free.
"""

from __future__ import annotations

import ast
import dataclasses
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from perceptorium.engine import and_, or_, xor
from perceptorium.torchcode.compare_program import compare
from perceptorium.torchcode.depth import too_deep
from perceptorium.torchcode.generate import Form, generate
from perceptorium.torchcode.preparation import data
from perceptorium.torchcode.problems import Problem, Problems, code, same
from perceptorium.torchcode.program import Program
from perceptorium.torchcode.read_class import read_class
from perceptorium.torchcode.read_forward import Module
from perceptorium.torchcode.read_training import (
    Found,
    read_criterion,
    read_epochs,
    read_loader,
    read_optimizer,
    read_own_order,
)
from perceptorium.torchcode.roles import Roles, find_roles, shown

_FIXED_DATA = {"XOR": xor, "AND": and_, "OR": or_}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: either `problems`, or `changes` and the lines that say them.

    changes: values by the experiment's field names. lines: the line each was read from; for the size of a hidden
    layer also under "hidden[0]", "hidden[1]", … as in the experiment's own messages.
    """

    changes: Mapping[str, Any]
    lines: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


def read(text: str, program: Program, form: Form = "listing") -> Reading:
    """What `text`, an edit of generate(program, form).text, sets. Raises nothing for any text."""
    try:
        return _read(text, program, form)
    except RecursionError:
        return Reading({}, {}, (Problem(1, "the text is nested too deeply to be read"),))


def _read(text: str, program: Program, form: Form) -> Reading:
    problems: Problems = []
    tree = _parse(text, problems)
    if tree is None:
        return Reading({}, {}, tuple(problems))
    roles = find_roles(tree, problems)
    found, module = _settings(roles, program, problems)
    if not problems:
        edited = dataclasses.replace(program, **{name: value for name, (value, _) in found.items()})
        compare(roles, ast.parse(generate(edited, form).text), module, problems)
    if problems:
        return Reading({}, {}, tuple(sorted(problems, key=lambda problem: problem.line)))
    lines = {name: line for name, (_, line) in found.items()}
    if module is not None:
        lines |= {f"hidden[{position}]": line for position, line in enumerate(module.lines[:-1])}
    return Reading({name: value for name, (value, _) in found.items() if name != "data"}, lines)


def _parse(text: str, problems: Problems) -> ast.Module | None:
    if line := too_deep(text):
        problems.append(Problem(line, "this is nested too deeply to be read"))
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an invalid escape in a string: it is only read
            return ast.parse(text)
    except SyntaxError as error:
        problems.append(Problem(error.lineno or 1, f"this is not Python: {error.msg}"))
    except (ValueError, MemoryError) as error:
        problems.append(Problem(1, f"this is not Python: {error}"))
    return None


def _settings(roles: Roles, program: Program, problems: Problems) -> tuple[dict[str, Any], Module | None]:
    """Everything that may be edited, as far as it is there."""
    found: dict[str, Any] = {}
    module = None
    for role in ("class", "criterion", "optimizer", "loop"):
        if role not in roles:
            problems.append(Problem(1, f"`{shown(role)}` is missing"))
    for statement in roles.values():
        if isinstance(statement, ast.ClassDef):
            module = read_class(statement, program, problems)
        elif isinstance(statement, ast.For):
            found |= _loop(statement, roles, problems)
        elif isinstance(statement, ast.Assign):
            found |= _assigned(statement, problems)
    found |= _dataset(roles, program)
    if module is not None:
        found["hidden"] = (module.hidden, module.lines[0])
        if module.activation is not None:
            found["activation"] = (module.activation, module.activation_line)
        _output_fits(module, found, problems)
    return found, module


def _loop(loop: ast.For, roles: Roles, problems: Problems) -> Found:
    found = read_epochs(loop, problems)
    if "loader" in roles:
        return found
    if any(code(statement).startswith("order = ") for statement in loop.body):
        return found | read_own_order(loop, problems)
    return found | {"batch_size": (None, loop.lineno)}


def _assigned(statement: ast.Assign, problems: Problems) -> Found:
    readers = {"criterion": read_criterion, "optimizer": read_optimizer, "loader": read_loader}
    reader = readers.get(code(statement.targets[0]))
    return reader(statement.value, problems) if reader else {}


def _output_fits(module: Module, found: Mapping[str, Any], problems: Problems) -> None:
    if "loss" not in found:
        return
    loss, line = found["loss"]
    if loss == "BCEWithLogitsLoss" and not module.logits:
        sentence = "nn.BCEWithLogitsLoss applies the sigmoid itself; return without torch.sigmoid in line "
        problems.append(Problem(line, f"{sentence}{module.output_line}, or use nn.BCELoss()"))
    if loss != "BCEWithLogitsLoss" and module.logits:
        sentence = "the output has no sigmoid, which only nn.BCEWithLogitsLoss wants; return torch.sigmoid(…)"
        problems.append(Problem(module.output_line, sentence))


def _dataset(roles: Roles, program: Program) -> dict[str, Any]:
    """Another of the fixed data sets, if the table of targets has become that one's."""
    if program.dataset not in _FIXED_DATA or "y" not in roles:
        return {}
    statement = roles["y"]
    for name, make in _FIXED_DATA.items():
        other = dataclasses.replace(program, dataset=name, data=make())
        for exact in (False, True):
            texts = [line.text for line in data(other, exact).lines]
            if same(statement, ast.parse("\n".join(texts)).body[1]):
                return {"dataset": (name, statement.lineno), "data": (other.data, statement.lineno)}
    return {}
