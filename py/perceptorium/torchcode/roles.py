"""What each top-level statement of a program is: the class, the optimizer, the loop, …"""

from __future__ import annotations

import ast

from perceptorium.torchcode.compare_loop import is_report
from perceptorium.torchcode.problems import Problem, Problems, code

_NAMES = ("model", "start", "criterion", "optimizer", "X", "y", "loader")
Roles = dict[str, ast.stmt]  # what each statement is, in the order of the text; imports are "import torch" and so on


def find_roles(tree: ast.Module, problems: Problems) -> Roles:
    """Each statement by its role; one that has none, or a second of a role, is a problem."""
    roles: Roles = {}
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            roles |= dict.fromkeys(_imports(statement), statement)
            continue
        role = _role(statement)
        if role is None:
            sentence = f"`{code(statement)}` is not part of this program, and what is not understood is not run"
            problems.append(Problem(statement.lineno, sentence))
        elif role in roles and role != "report":
            first = roles[role].lineno
            problems.append(Problem(statement.lineno, f"`{shown(role)}` is in line {first} already"))
        else:
            roles[role] = statement
    return roles


def _imports(statement: ast.Import | ast.ImportFrom) -> list[str]:
    """One role for each name, the same for `import torch.nn as nn` and `from torch import nn`."""
    found = []
    for alias in statement.names:
        owner, _, name = alias.name.rpartition(".")
        if isinstance(statement, ast.ImportFrom):
            found.append(code(ast.ImportFrom(statement.module, [alias], statement.level)))
        elif owner and alias.asname == name:
            found.append(f"from {owner} import {name}")
        else:
            found.append(code(ast.Import([alias])))
    return found


def _role(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.ClassDef):
        return "class"
    if isinstance(statement, ast.For):
        return "loop"
    if is_report(statement):
        return "report"
    if isinstance(statement, ast.Expr) and code(statement).startswith("model.load_state_dict("):
        return "load"
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return target.id if isinstance(target, ast.Name) and target.id in _NAMES else None
    return None


def shown(role: str) -> str:
    """How a message names a role."""
    special = {
        "class": "class …(nn.Module):",
        "loop": "for epoch in range(…):",
        "load": "model.load_state_dict(…)",
    }
    return f"{role} = …" if role in _NAMES else special.get(role, role)
