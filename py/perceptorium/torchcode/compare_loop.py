"""Compares what may not be edited with the generated program, and says what is different in teaching words."""

from __future__ import annotations

import ast

from perceptorium.torchcode.problems import Problem, Problems, code, dotted, same

_WHY = {
    "optimizer.zero_grad()": "without it the gradients of all steps add up",
    "loss.backward()": "without it there are no gradients to step along",
    "optimizer.step()": "without it the weights never change",
}


_HARMLESS = ("print", "criterion", "model", "torch.no_grad", "len")


def is_report(node: ast.stmt) -> bool:
    """Whether a statement only prints, perhaps under an `if` or a `with`: how results are printed is free.

    What it calls must change nothing, or the network on the page would not be the one that is described.
    """
    return _prints(node) and all(_harmless(each) for each in ast.walk(node))


def _harmless(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        reads_number = isinstance(node.func, ast.Attribute) and node.func.attr == "item"
        return reads_number or dotted(node.func) in _HARMLESS
    return not isinstance(node, ast.NamedExpr)


def _prints(node: ast.stmt) -> bool:
    if isinstance(node, (ast.If, ast.With)):
        return all(map(_prints, node.body)) and not getattr(node, "orelse", [])
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"


def compare_loop(actual: ast.For, expected: ast.For, problems: Problems) -> None:
    """The statements of two loops, printing left out; the headers are compared only for loops inside."""
    ours = [each for each in actual.body if not is_report(each)]
    theirs = [each for each in expected.body if not is_report(each)]
    texts, wanted = [code(each) for each in ours], [code(each) for each in theirs]
    if len(ours) == len(theirs):
        if texts != wanted and sorted(texts) == sorted(wanted):
            _out_of_order(ours, wanted, problems)
        else:
            for mine, other in zip(ours, theirs, strict=True):
                _pair(mine, other, problems)
    else:
        _unequal(actual, ours, theirs, problems)
    if actual.orelse:
        problems.append(Problem(actual.orelse[0].lineno, "the loop has no else part here"))


def _pair(mine: ast.stmt, other: ast.stmt, problems: Problems) -> None:
    if isinstance(mine, ast.For) and isinstance(other, ast.For):
        if not (same(mine.target, other.target) and same(mine.iter, other.iter)):
            header = f"for {code(other.target).strip('()')} in {code(other.iter)}:"
            problems.append(Problem(mine.lineno, f"this must read `{header}`"))
        compare_loop(mine, other, problems)
    elif not same(mine, other):
        problems.append(Problem(mine.lineno, f"this must read `{code(other)}`"))


def _out_of_order(ours: list[ast.stmt], wanted: list[str], problems: Problems) -> None:
    for mine, right in zip(ours, wanted, strict=True):
        if code(mine) != right:
            problems.append(Problem(mine.lineno, f"`{code(mine)}` stands where `{right}` belongs"))
            return


def _unequal(loop: ast.For, ours: list[ast.stmt], theirs: list[ast.stmt], problems: Problems) -> None:
    texts, wanted = [code(each) for each in ours], [code(each) for each in theirs]
    for text in wanted:
        if texts.count(text) < wanted.count(text):
            reason = f"; {_WHY[text]}" if text in _WHY else ""
            problems.append(Problem(loop.lineno, f"`{text}` is missing from this loop{reason}"))
    for position, mine in enumerate(ours):
        if texts[position] not in wanted:
            problems.append(Problem(mine.lineno, f"`{texts[position]}` is not part of this loop"))
        elif texts.index(texts[position]) < position:
            problems.append(Problem(mine.lineno, f"`{texts[position]}` stands in this loop twice"))
