"""Reads the training part of an edited program: loss, optimiser with its numbers, mini-batches, epochs."""

from __future__ import annotations

import ast

from perceptorium.torchcode.problems import Problem, Problems, code, dotted, flag, number, whole

Found = dict[str, tuple[object, int]]  # an experiment's field, its value and the line that says so

_LOSSES = ("MSELoss", "BCELoss", "BCEWithLogitsLoss")


def read_criterion(value: ast.expr, problems: Problems) -> Found:
    """`criterion = nn.MSELoss()` and its kin; the half squared error is the summed one, halved in the loop."""
    call = value if isinstance(value, ast.Call) else None
    name = dotted(call.func) if call else ""
    if call is None or name.removeprefix("nn.") not in _LOSSES or not name.startswith("nn."):
        losses = ", ".join(f"nn.{loss}()" for loss in _LOSSES)
        problems.append(Problem(value.lineno, f"the loss `{code(value)}` is not on this page; use one of {losses}"))
        return {}
    if not call.args and not call.keywords:
        return {"loss": (name.removeprefix("nn."), call.lineno)}
    if name == "nn.MSELoss" and ast.unparse(call).endswith("(reduction='sum')"):
        return {"loss": ("HalfSquaredError", call.lineno)}
    problems.append(Problem(value.lineno, f"{name} takes no arguments here; write {name}()"))
    return {}


def read_optimizer(value: ast.expr, problems: Problems) -> Found:
    """`optim.SGD(model.parameters(), lr=0.1, momentum=0.9)` or `optim.Adam(model.parameters(), lr=0.1)`."""
    call = value if isinstance(value, ast.Call) else None
    name = dotted(call.func) if call else ""
    if call is None or name not in ("optim.SGD", "optim.Adam"):
        sentence = f"the optimizer `{code(value)}` is not on this page; use optim.SGD or optim.Adam"
        problems.append(Problem(value.lineno, sentence))
        return {}
    if not call.args or code(call.args[0]) != "model.parameters()":
        problems.append(Problem(call.lineno, f"the first argument of {name} must be model.parameters()"))
        return {}
    given = dict(zip(("lr", "more"), call.args[1:], strict=False))
    for keyword in call.keywords:
        given[keyword.arg or "**"] = keyword.value
    return _optimizer(name, call.lineno, given, problems)


def _optimizer(name: str, line: int, given: dict[str, ast.expr], problems: Problems) -> Found:
    found: Found = {"optimiser": ("Adam" if name == "optim.Adam" else "SGD", line)}
    allowed = ("lr", "momentum") if name == "optim.SGD" else ("lr",)
    for argument, value in given.items():
        if argument not in allowed:
            sentence = f"{name} has no argument {argument} on this page; it takes {' and '.join(allowed)}"
            problems.append(Problem(value.lineno, sentence))
            continue
        read = number(value, argument, problems)
        if read is None:
            continue
        found["learning_rate" if argument == "lr" else argument] = (read, value.lineno)
        if argument == "momentum":
            found["optimiser"] = ("SGD with momentum", line)
    if "lr" not in given:
        problems.append(Problem(line, f"{name} has no learning rate; add lr=0.1"))
    return found


def read_loader(value: ast.expr, problems: Problems) -> Found:
    """`DataLoader(TensorDataset(X, y), batch_size=2, shuffle=True)`."""
    call = value if isinstance(value, ast.Call) else None
    if (
        call is None
        or dotted(call.func) != "DataLoader"
        or [code(each) for each in call.args] != ["TensorDataset(X, y)"]
    ):
        sentence = "the loader must be `DataLoader(TensorDataset(X, y), batch_size=…)`"
        problems.append(Problem(value.lineno, sentence))
        return {}
    found: Found = {"shuffle": (False, call.lineno)}
    for keyword in call.keywords:
        if keyword.arg == "batch_size":
            found["batch_size"] = (whole(keyword.value, "batch_size", problems), keyword.value.lineno)
        elif keyword.arg == "shuffle":
            found["shuffle"] = (flag(keyword.value, "shuffle", problems), keyword.value.lineno)
        else:
            sentence = f"DataLoader's argument {keyword.arg} is not on this page; it takes batch_size and shuffle"
            problems.append(Problem(call.lineno, sentence))
    if "batch_size" not in found:
        problems.append(Problem(call.lineno, "DataLoader has no batch_size; add batch_size=1"))
    return found


def read_epochs(loop: ast.For, problems: Problems) -> Found:
    """`for epoch in range(1000):`."""
    call = loop.iter
    if (
        not isinstance(call, ast.Call)
        or dotted(call.func) != "range"
        or len(call.args) != 1
        or call.keywords
        or dotted(loop.target) != "epoch"
    ):
        problems.append(Problem(loop.lineno, "the loop must be `for epoch in range(…):` with the number of epochs"))
        return {}
    return {"epochs": (whole(call.args[0], "the number of epochs", problems), call.args[0].lineno)}


def read_own_order(loop: ast.For, problems: Problems) -> Found:
    """The Exact form's shuffled mini-batches: `for rows in torch.from_numpy(order).split(2):`."""
    for statement in loop.body:
        if not isinstance(statement, ast.For):
            continue
        call = statement.iter
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and len(call.args) == 1:
            size = whole(call.args[0], "the number of rows in a mini-batch", problems)
            return {"batch_size": (size, statement.lineno), "shuffle": (True, statement.lineno)}
    problems.append(Problem(loop.lineno, "the loop over mini-batches, `for rows in …:`, is missing"))
    return {}
