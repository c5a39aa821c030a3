"""Immutable trees of HTML, SVG and MathML, and the one place that writes them as text.

A view returns an `Element`; the build renders it with `render`, the browser applies the changes that `diff` finds
between two of them. Everything is escaped. What could run code (``on…`` handlers) or would break the page's
Content-Security-Policy (``style``) cannot be expressed: behaviour is named by ``data-click`` and the like, and
looks by classes and SVG presentation attributes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from perceptorium.engine.errors import InvalidValue

Node: TypeAlias = "Element | str"
Child: TypeAlias = "Element | str | int | tuple[Child, ...] | list[Child] | None"
Attribute: TypeAlias = str | int | float | bool | None

_NAME = re.compile(r"[A-Za-z][-A-Za-z0-9:.]*\Z")
_FORBIDDEN = re.compile(r"(on.*|style|srcdoc)\Z", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass(frozen=True, slots=True)
class Element:
    """A tag with attributes and children, ready to be compared, hashed and written.

    Attributes are sorted by name, so that equal elements compare equal however they came about. ``key`` names a child
    among its siblings, so that a diff can tell "a layer was removed" from "every layer changed".
    Children hold no empty and no adjacent strings, because a parser would merge those into one text node.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Node, ...] = ()
    key: str | None = None

    def get(self, name: str) -> str | None:
        """Value of an attribute, or None."""
        return dict(self.attributes).get(name)


def h(tag: str, *children: Child, key: str | None = None, **attributes: Attribute) -> Element:
    """Build an Element.

    Attribute names are written with underscores (``aria_label``, ``class_``); None and False leave an attribute
    out, True writes it empty, floats are written with six significant digits. Children may be nested in tuples;
    None and empty strings are dropped.

    Raises:
        InvalidValue: a tag or attribute name that HTML does not know, or one that could run code.
    """
    if not _NAME.match(tag) or tag == "script":
        raise InvalidValue(f"tag is {tag!r}; a view can make any element but a script")
    pairs = sorted(
        (_attribute_name(name), _text(value))
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    nodes: list[Node] = []
    _collect(children, nodes)
    return Element(tag, tuple(pairs), tuple(nodes), key)


def render(node: Node) -> str:
    """HTML text of a tree, everything escaped."""
    parts: list[str] = []
    _write(node, parts)
    return "".join(parts)


def text_content(node: Node) -> str:
    """The text that a reader of the tree would copy."""
    return node if isinstance(node, str) else "".join(map(text_content, node.children))


def _attribute_name(name: str) -> str:
    written = name.rstrip("_").replace("_", "-")
    if not _NAME.match(written) or _FORBIDDEN.match(written):
        raise InvalidValue(f"attribute is {written!r}; handlers and inline styles are named by data-… and class")
    return written


def _text(value: Attribute) -> str:
    if value is True:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _collect(children: tuple[Child, ...] | list[Child], into: list[Node]) -> None:
    for child in children:
        if child is None or child == "":
            continue
        if isinstance(child, Element):
            into.append(child)
        elif isinstance(child, (tuple, list)):
            _collect(child, into)
        elif into and isinstance(into[-1], str):
            into[-1] += str(child)
        else:
            into.append(str(child))


def _write(node: Node, parts: list[str]) -> None:
    if isinstance(node, str):
        parts.append(escape(node, quote=False))
        return
    parts.append(f"<{node.tag}")
    parts.extend(f' {name}="{escape(value)}"' for name, value in node.attributes)
    parts.append(">")
    if node.tag in _VOID:
        return
    for child in node.children:
        _write(child, parts)
    parts.append(f"</{node.tag}>")
