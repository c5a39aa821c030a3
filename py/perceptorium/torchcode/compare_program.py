"""Compares the parts of an edited program that may not be edited with those of the generated one."""

from __future__ import annotations

import ast

from perceptorium.torchcode.compare_loop import compare_loop
from perceptorium.torchcode.problems import Problem, Problems, code, same
from perceptorium.torchcode.read_forward import Module
from perceptorium.torchcode.roles import Roles, find_roles, shown

_CLOSED = {
    "X": "the inputs cannot be edited here; choose the data on the page",
    "y": "the targets must be those of XOR, AND or OR, or stay as they are; choose other data on the page",
    "start": "the starting weights cannot be edited here; change a weight in the network",
    "load": "this line must stay as generated; it copies the starting weights into the model",
}


def compare(roles: Roles, expected: ast.Module, module: Module | None, problems: Problems) -> None:
    """Adds a problem for each statement that is missing, not needed, out of order or changed."""
    wanted = find_roles(expected, [])
    _missing_or_extra(roles, wanted, problems)
    present = [role for role in roles if role in wanted and role != "report"]
    ordered = [role for role in wanted if role in present]
    late = next((pair for pair in zip(present, ordered, strict=True) if pair[0] != pair[1]), None)
    if late and not problems:
        sentence = f"`{shown(late[0])}` stands before `{shown(late[1])}`; keep the order of the generated program"
        problems.append(Problem(roles[late[0]].lineno, sentence))
    for role in ordered:
        mine, other = roles[role], wanted[role]
        if isinstance(mine, ast.For) and isinstance(other, ast.For):
            compare_loop(mine, other, problems)
        elif role == "model":
            _model(mine, other, module, problems)
        elif role in _CLOSED and not same(mine, other):
            problems.append(Problem(mine.lineno, _CLOSED[role]))


def _missing_or_extra(roles: Roles, wanted: Roles, problems: Problems) -> None:
    line = 1
    for role in wanted:
        if role in roles:
            line = roles[role].end_lineno or line
        elif role != "report":
            problems.append(Problem(line, f"`{shown(role)}` is missing after this line"))
    for role, statement in roles.items():
        if role not in wanted and role != "report":
            problems.append(Problem(statement.lineno, f"`{shown(role)}` is not needed in this program"))


def _model(mine: ast.stmt, other: ast.stmt, module: Module | None, problems: Problems) -> None:
    """The class may have been renamed; then the model must be made from that name."""
    for node in ast.walk(other):
        if isinstance(node, ast.Name) and node.id != "model" and module is not None:
            node.id = module.name
    if not same(mine, other):
        problems.append(Problem(mine.lineno, f"this must read `{code(other)}`"))
