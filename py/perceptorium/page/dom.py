"""Applying the changes between two Element trees to a real document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from perceptorium.views.diff import Change, Insert, Path, Remove, Replace, SetAttribute
from perceptorium.views.markup import Node

_NAMESPACES = {"svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}
_HTML = "http://www.w3.org/1999/xhtml"
_PROPERTIES = frozenset({"checked", "disabled", "selected"})


class Dom:
    """A panel of the page, which shows one Element tree."""

    def __init__(self, document: Any, root: Any) -> None:
        """``root`` is the panel's element; its only child shows the tree."""
        self._document = document
        self._root = root

    def patch(self, changes: Iterable[Change]) -> None:
        """Apply the changes in their order."""
        found: dict[Path, Any] = {}
        here: Any
        for change in changes:
            if isinstance(change, SetAttribute):
                _set(self._node(change.path, found), change.name, change.value)
                continue
            parent = self._root if not change.path else self._node(change.path[:-1], found)
            position = change.path[-1] if change.path else 0
            here = parent.childNodes[position] if position < parent.childNodes.length else None
            match change:
                case Remove():
                    here.remove()
                case Replace():
                    parent.replaceChild(self._create(change.node, _namespace_inside(parent)), here)
                case Insert():
                    parent.insertBefore(self._create(change.node, _namespace_inside(parent)), here)
            found.clear()

    def clear(self) -> None:
        """Leave nothing in the panel."""
        self._root.replaceChildren()

    def bring_into_view(self, selector: str) -> None:
        """Scroll the box around what is marked, and only that box, so that it can be seen."""
        marked = self._root.querySelector(selector)
        if not marked:  # JavaScript's null is no None
            return
        box = marked.closest("pre")
        above = marked.offsetTop - box.offsetTop
        if not box.scrollTop <= above <= box.scrollTop + box.clientHeight - 2 * marked.offsetHeight:
            box.scrollTop = above - box.clientHeight / 2

    def _node(self, path: Path, found: dict[Path, Any]) -> Any:
        if not path:
            return self._root.firstChild
        if path not in found:
            found[path] = self._node(path[:-1], found).childNodes[path[-1]]
        return found[path]

    def _create(self, node: Node, namespace: str) -> Any:
        if isinstance(node, str):
            return self._document.createTextNode(node)
        namespace = _NAMESPACES.get(node.tag, namespace)
        made = self._document.createElementNS(namespace, node.tag)
        for name, value in node.attributes:
            made.setAttribute(name, value)
        for child in node.children:
            made.appendChild(self._create(child, namespace))
        return made


def _set(element: Any, name: str, value: str | None) -> None:
    if value is None:
        element.removeAttribute(name)
    else:
        element.setAttribute(name, value)
    # A control that a user has touched no longer follows its attributes, only its properties.
    if name in _PROPERTIES:
        setattr(element, name, value is not None)
    elif name == "value":
        element.value = value or ""


def _namespace_inside(parent: Any) -> str:
    return _HTML if parent.localName == "foreignObject" else str(parent.namespaceURI)
