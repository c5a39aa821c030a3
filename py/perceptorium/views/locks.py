"""Controls that a link has locked are disabled, wherever in a tree they stand."""

from __future__ import annotations

from dataclasses import replace

from perceptorium.views.markup import Element

_FIELDS = {"neurons": "hidden", "add-layer": "hidden", "remove-layer": "hidden", "new-weights": "seed"}
_ACTIONS = ("data-click", "data-change", "data-input")


def locked(tree: Element, lock: tuple[str, ...]) -> Element:
    """The tree with every control disabled that changes one of the fields in ``lock``."""
    if not lock:
        return tree
    children = tuple(locked(child, lock) if isinstance(child, Element) else child for child in tree.children)
    attributes = tree.attributes
    if _field(tree) in lock and tree.get("disabled") is None:
        attributes = tuple(sorted((*attributes, ("disabled", ""))))
    return replace(tree, attributes=attributes, children=children)


def _field(element: Element) -> str | None:
    """The field of the experiment that a control changes, or None."""
    for name, action in element.attributes:
        if name in _ACTIONS:
            kind, _, rest = action.partition(":")
            return rest if kind == "field" else _FIELDS.get(kind)
    return None
