"""Reads the nn.Module of an edited program: from its text to layer sizes and activation.

The class is understood, not compared: the class, its layers and x may have any names.
"""

from __future__ import annotations

import ast

from perceptorium.torchcode.problems import Problem, Problems, code, dotted, whole, without_docstring
from perceptorium.torchcode.program import FUNCTIONS, Program
from perceptorium.torchcode.read_forward import ALLOWED, Linear, Module, check_chain, fitted, read_forward

_MODULES = {f"nn.{name}": name for name in FUNCTIONS}


def read_class(node: ast.ClassDef, program: Program, problems: Problems) -> Module | None:
    """The network that the class describes, or None after adding to `problems`."""
    known = len(problems)
    methods = _methods(node, problems)
    if len(problems) > known:
        return None
    made = _constructor(methods["__init__"], problems)
    if len(problems) > known:
        return None
    applied = read_forward(methods["forward"], made, problems)
    if len(problems) > known:
        return None
    linears = [each.what for each in applied if isinstance(each.what, Linear)]
    for name, what in made.items():
        if isinstance(what, Linear) and what not in linears:
            problems.append(Problem(what.line, f"self.{name} is made, but forward() does not use it"))
    module = Module(node.name, lines=[linear.line for linear in linears])
    check_chain(applied, module, problems)
    if len(problems) == known:
        module.hidden = fitted(linears, program, problems)
    return module if len(problems) == known else None


def _methods(node: ast.ClassDef, problems: Problems) -> dict[str, ast.FunctionDef]:
    if [dotted(base) for base in node.bases] != ["nn.Module"] or node.keywords or node.decorator_list:
        problems.append(Problem(node.lineno, f"the network must be `class {node.name}(nn.Module):`"))
    methods: dict[str, ast.FunctionDef] = {}
    for statement in without_docstring(node.body):
        if not isinstance(statement, ast.FunctionDef) or statement.name not in ("__init__", "forward"):
            problems.append(
                Problem(statement.lineno, "the class has only __init__ and forward; this page cannot show more")
            )
        elif statement.name in methods:
            problems.append(Problem(statement.lineno, f"{statement.name} is defined twice"))
        else:
            methods[statement.name] = statement
    for name, arguments in (("__init__", 1), ("forward", 2)):
        if name not in methods:
            problems.append(Problem(node.lineno, f"the class has no {name} method"))
        elif not _plain_arguments(methods[name], arguments):
            wanted = "self" if arguments == 1 else "self, x"
            problems.append(Problem(methods[name].lineno, f"this must be `def {name}({wanted}):`"))
    return methods


def _plain_arguments(method: ast.FunctionDef, count: int) -> bool:
    given = method.args
    special = (given.vararg, given.kwarg, *given.kwonlyargs, *given.posonlyargs, *given.defaults)
    names = [argument.arg for argument in given.args]
    return len(names) == count and names[0] == "self" and not any(special) and not method.decorator_list


def _constructor(method: ast.FunctionDef, problems: Problems) -> dict[str, Linear | str]:
    """What each attribute is: a Linear or the name of an activation."""
    made: dict[str, Linear | str] = {}
    ready = False
    for statement in without_docstring(method.body):
        if isinstance(statement, ast.Expr) and _is_super_init(statement.value):
            ready = True
            continue
        name = _attribute_set(statement)
        if name is None or not isinstance(statement, ast.Assign):
            problems.append(
                Problem(statement.lineno, f"`{code(statement)}` is not understood; write self.name = nn.Linear(…)")
            )
            continue
        if not ready:
            problems.append(Problem(statement.lineno, "super().__init__() must come first in __init__"))
            ready = True
        if name in made:
            problems.append(Problem(statement.lineno, f"self.{name} is set twice; the first one would be lost"))
        what = _made(name, statement.value, problems)
        if what is not None:
            made[name] = what
    return made


def _is_super_init(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and not node.args
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "__init__"
        and isinstance(node.func.value, ast.Call)
        and dotted(node.func.value.func) == "super"
    )


def _attribute_set(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        name = dotted(statement.targets[0])
        if name.startswith("self.") and name.count(".") == 1:
            return name.removeprefix("self.")
    return None


def _made(name: str, value: ast.expr, problems: Problems) -> Linear | str | None:
    called = dotted(value.func) if isinstance(value, ast.Call) else ""
    if not isinstance(value, ast.Call) or not called:
        problems.append(Problem(value.lineno, f"self.{name} is `{code(value)}`; {ALLOWED}"))
        return None
    if called in _MODULES:
        if value.args or value.keywords:
            problems.append(Problem(value.lineno, f"{called} takes no arguments here; write {called}()"))
        return _MODULES[called]
    if called == "nn.Linear":
        return _linear(name, value, problems)
    problems.append(Problem(value.lineno, f"{called} is not on this page; {ALLOWED}"))
    return None


def _linear(name: str, call: ast.Call, problems: Problems) -> Linear | None:
    given: dict[str, ast.expr] = dict(zip(("in_features", "out_features", "more"), call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg not in ("in_features", "out_features"):
            sentence = f"nn.Linear's argument {keyword.arg} is not on this page; every neuron here has a bias"
            problems.append(Problem(call.lineno, sentence))
            return None
        given[keyword.arg] = keyword.value
    if set(given) != {"in_features", "out_features"} or len(call.args) + len(call.keywords) != 2:
        problems.append(Problem(call.lineno, f"`{code(call)}` needs two numbers: nn.Linear(inputs, outputs)"))
        return None
    inputs = whole(given["in_features"], f"the number of inputs of {name}", problems)
    outputs = whole(given["out_features"], f"the number of outputs of {name}", problems)
    return None if inputs is None or outputs is None else Linear(name, inputs, outputs, call.lineno)
