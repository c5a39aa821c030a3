"""Imports go one way: engine <- torchcode, lab <- experiment, session <- views <- page, app, preparation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "py"
LEVELS = {
    "engine": 0,
    "torchcode": 1,
    "lab": 1,
    "fields": 2,
    "experiment": 2,
    "link": 2,
    "selection": 2,
    "messages": 2,
    "actions": 2,
    "session": 2,
    "views": 3,
    "page": 4,
    "app": 5,
    "preparation": 6,
}
SIDEWAYS = {("torchcode", "lab"), ("lab", "torchcode")}
BROWSER = {"js", "pyscript", "pyodide"}


def modules() -> list[Path]:
    return sorted(ROOT.glob("perceptorium/**/*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level < 2, f"{path.name}: two dots hide which way an arrow points"
            if node.level == 1:
                continue  # within its own folder
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(dotted: str) -> str | None:
    pieces = dotted.split(".")
    return pieces[1] if pieces[0] == "perceptorium" and len(pieces) > 1 and pieces[1] in LEVELS else None


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_the_right_way(path: Path) -> None:
    own = part(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own is None:
        return
    for name in imported(path):
        other = part(name)
        if other is None or other == own:
            continue
        assert LEVELS[other] <= LEVELS[own] and (own, other) not in SIDEWAYS, f"{own} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_page_imports_the_browser(path: Path) -> None:
    outside = {name.split(".")[0] for name in imported(path)} & BROWSER
    assert not outside or path.parent.name == "page"


def test_every_part_has_a_level() -> None:
    parts = {path.relative_to(ROOT / "perceptorium").parts[0].removesuffix(".py") for path in modules()}
    assert parts - {"__init__", "__main__"} <= set(LEVELS)
