"""Formulas as MathML, which browsers set and screen readers speak."""

from __future__ import annotations

from functools import cache
from typing import Any

from perceptorium.views.markup import Element
from perceptorium.views.mathml_data import FORMULAS


@cache
def formula(name: str) -> Element:
    """The formula with a name of ``sitebuild/formulas.py``, on a line of its own."""
    return _element(*FORMULAS[name])


def _element(tag: str, attributes: tuple[tuple[str, str], ...], children: tuple[Any, ...]) -> Element:
    return Element(tag, attributes, tuple(child if isinstance(child, str) else _element(*child) for child in children))
