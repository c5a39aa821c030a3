"""What the reader of an edited program says when it does not understand, and how it reads numbers."""

from __future__ import annotations

import ast
from dataclasses import dataclass

LARGEST = 1_000_000  # above any limit on the page; keeps absurd numbers out of messages


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be understood; `line` counts from 1."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


Problems = list[Problem]


def code(node: ast.AST) -> str:
    """The node as source, shortened to what fits in a sentence."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 72 else text[:69] + "..."


def same(first: ast.AST, second: ast.AST) -> bool:
    """Whether two pieces of source mean the same, however they are spaced and wrapped."""
    return ast.dump(first) == ast.dump(second)


def dotted(node: ast.AST) -> str:
    """`nn.Linear` for the expression nn.Linear; "" for anything but names joined by dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a class or function after its docstring."""
    first = body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if documented else body


def whole(node: ast.expr, what: str, problems: Problems) -> int | None:
    """A literal whole number from 1 to LARGEST."""
    if isinstance(node, ast.Constant) and type(node.value) is int and 1 <= node.value <= LARGEST:
        return node.value
    problems.append(Problem(node.lineno, f"{what} is `{code(node)}`; write a whole number, 1 or more"))
    return None


def number(node: ast.expr, what: str, problems: Problems) -> float | None:
    """A literal finite number; a minus sign is read, so that the limits can be explained."""
    sign, value = 1.0, node
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        sign, value = -1.0, value.operand
    literal = value.value if isinstance(value, ast.Constant) else None
    if isinstance(literal, (int, float)) and not isinstance(literal, bool) and abs(literal) <= LARGEST:
        return sign * float(literal)
    problems.append(Problem(node.lineno, f"{what} is `{code(node)}`; write a number such as 0.1"))
    return None


def flag(node: ast.expr, what: str, problems: Problems) -> bool | None:
    """True or False."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return node.value
    problems.append(Problem(node.lineno, f"{what} is `{code(node)}`; write True or False"))
    return None
