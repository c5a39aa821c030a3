"""The five steps of the training pipeline as pieces of one program, and what Python would say of them."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from perceptorium.torchcode import Program, Source, generate
from perceptorium.torchcode.source import Line, Section

STEPS: Mapping[str, str] = {
    "model": "Define the model",
    "data": "Prepare the data",
    "objective": "Loss and optimizer",
    "loop": "Training loop",
    "evaluate": "Evaluate",
}
"""By id, in the order of a script: what a step is called."""

SHOWN_ROWS = 8
"""Rows whose predictions the last step prints."""

_STEP_OF = {
    "Libraries": "libraries",
    "The network": "model",
    "The model": "model",
    "The data": "data",
    "Mini-batches": "data",
    "Loss and optimizer": "objective",
    "The training loop": "loop",
}


@lru_cache(maxsize=2)
def step_code(program: Program) -> Mapping[str, str]:
    """The text of each step, and of the imports before them ("libraries"): the Exact program, cut into pieces.

    Each step prints something of what it made; otherwise its lines are the program's own.
    """
    source = _source(program)
    pieces: dict[str, list[str]] = {step: [] for step in ("libraries", *STEPS)}
    for section in source.sections:
        piece = pieces[_STEP_OF[_kind(section)]]
        piece += [*([""] * section.space if piece else []), *(line.text for line in section.lines)]
    for step, printed in _printed(program).items():
        pieces[step] += [*([""] if pieces[step] else []), *printed]
    return {step: "\n".join(lines) + "\n" for step, lines in pieces.items()}


def reports(program: Program) -> tuple[int, ...]:
    """The epochs whose loss the training loop prints."""
    return _source(program).reports


@lru_cache(maxsize=2)
def _source(program: Program) -> Source:
    return generate(program, "exact")


def _kind(section: Section) -> str:
    return next(title for title in _STEP_OF if section.title.startswith(title))


def _printed(program: Program) -> Mapping[str, tuple[str, ...]]:
    batches = any(line.text.startswith("loader =") for line in _lines(program))
    output = "torch.sigmoid(model(X))" if program.logits else "model(X)"
    return {
        "model": ("print(model)", 'print(sum(p.numel() for p in model.parameters()), "parameters")'),
        "data": (
            "print(X.shape, y.shape, X.dtype)",
            'print(f"{int(y.sum())} of {len(y)} rows are class 1")',
            *(('print(len(loader), "mini-batches")',) if batches else ()),
        ),
        "objective": ("print(criterion)", "print(optimizer)"),
        "evaluate": (
            "with torch.no_grad():",
            f"    output = {output}",
            f"for x, said in zip(X[:{SHOWN_ROWS}].tolist(), output.tolist()):",
            '    print(x, f"{said[0]:.4f}")',
            "right = (output > 0.5) == (y > 0.5)",
            'print(f"accuracy: {right.double().mean().item():.1%}")',
        ),
    }


def _lines(program: Program) -> tuple[Line, ...]:
    return _source(program).lines


@dataclass(frozen=True, slots=True)
class Run:
    """What running a piece of code does to the names: those it defines, and the first that it misses, with its line."""

    defined: frozenset[str]
    missing: str | None = None
    line: str = ""

    @property
    def error(self) -> str:
        """Python's own words for a missing name."""
        return f"NameError: name '{self.missing}' is not defined"


def run(code: str, names: frozenset[str]) -> Run:
    """Follow a piece of code in the order in which Python evaluates it, with some names defined before it.

    Function bodies are not run, and names of a comprehension are its own. What comes before a missing name is defined,
    as in Python.
    """
    defined, own = set(names | frozenset(dir(builtins))), set[str]()
    for node in _evaluated(ast.parse(code).body):
        name = _defined_by(node)
        if name is not None:
            own.add(name)
        elif isinstance(node, ast.Name) and node.id not in defined | own:
            return Run(names | own, node.id, code.splitlines()[node.lineno - 1].strip())
    return Run(names | own)


def defines(code: str) -> frozenset[str]:
    """The names that a piece of code defines, if it misses none."""
    return frozenset(filter(None, map(_defined_by, _evaluated(ast.parse(code).body))))


def _defined_by(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.ClassDef(name=name):
            return name
        case ast.alias(name=name, asname=alias):
            return alias or name
    return None


def _evaluated(nodes: list[ast.stmt] | list[ast.expr]) -> Iterator[ast.AST]:
    """Names, imports and classes in the order of evaluation; what a comprehension calls its own is left out."""
    for node in nodes:
        yield from _evaluate(node)


def _evaluate(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        return
    if isinstance(node, (ast.GeneratorExp, ast.ListComp, ast.DictComp, ast.SetComp)):
        own = {name.id for part in node.generators for name in ast.walk(part.target) if isinstance(name, ast.Name)}
        parts: list[ast.AST] = [part.iter for part in node.generators]
        parts += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.comprehension)]
        for part in parts:
            yield from (name for name in _evaluate(part) if not (isinstance(name, ast.Name) and name.id in own))
        return
    children = list(ast.iter_child_nodes(node))
    if isinstance(node, (ast.Assign, ast.For)):  # the right side, or what is iterated over, comes first
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        value = node.value if isinstance(node, ast.Assign) else node.iter
        children = [value, target, *(child for child in children if child not in (value, target))]
    for child in children:
        yield from _evaluate(child)
    if isinstance(node, (ast.Name, ast.alias, ast.ClassDef)):
        yield node
