"""What moves in every frame, as plain arrays.

Building and comparing trees costs milliseconds; a training network changes only widths, signs, fills and a few
texts. A view therefore also names its moving parts: elements that carry ``data-slot`` with the slot's name, in
document order. ``paint`` says the same of a state as the view does (a test applies it to a tree and compares), and the
page hands each part to the document in one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from perceptorium.views.markup import Element, Node


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """One attribute of every element in a slot: element ``k`` gets ``palette[indices[k]]``."""

    slot: str
    attribute: str
    palette: tuple[str, ...]
    indices: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Texts:
    """The text of every element in a slot."""

    slot: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """One attribute of every element in a slot, written out: for paths and pictures, which no palette holds."""

    slot: str
    attribute: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The ``points`` of the one element in a slot: x, y, x, y, … in tenths of a user unit."""

    slot: str
    tenths: NDArray[np.int16]

    @property
    def points(self) -> str:
        """The attribute's text, as the page's script writes it too."""
        values = (self.tenths / 10).tolist()
        return " ".join(f"{x:g},{y:g}" for x, y in zip(values[::2], values[1::2], strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """The ``d`` of the one path in a slot: polylines of ``length`` points each, x, y, x, y, … in tenths of a unit."""

    slot: str
    tenths: NDArray[np.int16]
    length: int

    @property
    def path(self) -> str:
        """The attribute's text, as the page's script writes it too."""
        values = (self.tenths / 10).tolist()
        points = [f"{x:g} {y:g}" for x, y in zip(values[::2], values[1::2], strict=True)]
        return "".join(f"{'L' if number % self.length else 'M'}{point}" for number, point in enumerate(points))


Paint: TypeAlias = Marks | Texts | Values | Outline | Strokes


def apply_paint(paints: Iterable[Paint], tree: Element) -> Element:
    """The tree after painting, for tests and for nothing else: the page paints the document."""
    for paint in paints:
        match paint:
            case Marks():
                values: Iterator[Any] = (paint.palette[index] for index in paint.indices.tolist())
                tree = _fill(tree, paint.slot, paint.attribute, values)
            case Texts():
                tree = _fill(tree, paint.slot, None, iter(paint.texts))
            case Values():
                tree = _fill(tree, paint.slot, paint.attribute, iter(paint.values))
            case Outline():
                tree = _fill(tree, paint.slot, "points", iter((paint.points,)))
            case Strokes():
                tree = _fill(tree, paint.slot, "d", iter((paint.path,)))
    return tree


def _fill(node: Element, slot: str, attribute: str | None, values: Iterator[str]) -> Element:
    if slot in (node.get("data-slot") or "").split():
        value = next(values)
        if attribute is None:
            return replace(node, children=(value,) if value else ())
        pairs = {**dict(node.attributes), attribute: value}
        node = replace(node, attributes=tuple(sorted(pairs.items())))
    children: list[Node] = [
        _fill(child, slot, attribute, values) if isinstance(child, Element) else child for child in node.children
    ]
    return replace(node, children=tuple(children))
