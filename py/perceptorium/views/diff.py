"""The changes between two trees, and a pure way to apply them.

``apply(diff(old, new), old) == new`` for any two trees. The page applies the same changes to the real document
(`perceptorium.page.dom`), so a mistake in the diff shows in a test without a browser.

A path is the sequence of child positions from the root. Changes are in an order that keeps later paths right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from perceptorium.views.markup import Element, Node

Path: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Set an attribute of the element at ``path``; None removes it."""

    path: Path
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Replace:
    """Put ``node`` where the node at ``path`` is (the way text changes, too)."""

    path: Path
    node: Node


@dataclass(frozen=True, slots=True)
class Insert:
    """Insert ``node`` so that it comes to stand at ``path``."""

    path: Path
    node: Node


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away the node at ``path``."""

    path: Path


Change: TypeAlias = SetAttribute | Replace | Insert | Remove


def diff(old: Node, new: Node, path: Path = ()) -> Iterator[Change]:
    """Changes that turn ``old`` into ``new``; subtrees that are the same object are not looked into."""
    if old is new:
        return
    if isinstance(old, str) or isinstance(new, str):
        if old != new:
            yield Replace(path, new)
        return
    if (old.tag, old.key) != (new.tag, new.key):
        yield Replace(path, new)
        return
    if old.attributes != new.attributes:
        before, after = dict(old.attributes), dict(new.attributes)
        yield from (SetAttribute(path, name, None) for name in before if name not in after)
        yield from (SetAttribute(path, name, value) for name, value in after.items() if before.get(name) != value)
    yield from _diff_children(old, new, path)


def apply(changes: Iterable[Change], tree: Node) -> Node:
    """The tree after the changes."""
    for change in changes:
        tree = _apply(change, change.path, tree)
    return tree


def _keys(children: tuple[Node, ...]) -> list[str] | None:
    """The children's keys, or None when one has none or two share one."""
    keys = [child.key for child in children if isinstance(child, Element) and child.key is not None]
    return keys if len(keys) == len(children) == len(set(keys)) else None


def _diff_children(old: Element, new: Element, path: Path) -> Iterator[Change]:
    old_keys, new_keys = _keys(old.children), _keys(new.children)
    if old_keys is None or new_keys is None:
        yield from _diff_by_position(old.children, new.children, path)
        return
    kept = set(old_keys) & set(new_keys)
    if [key for key in old_keys if key in kept] != [key for key in new_keys if key in kept]:
        yield Replace(path, new)  # a reordering: rare here, and a move would lose focus and scrolling just the same
        return
    for position in reversed(range(len(old_keys))):
        if old_keys[position] not in kept:
            yield Remove((*path, position))
    by_key = dict(zip(old_keys, old.children, strict=True))
    for position, (key, child) in enumerate(zip(new_keys, new.children, strict=True)):
        if key in kept:
            yield from diff(by_key[key], child, (*path, position))
        else:
            yield Insert((*path, position), child)


def _diff_by_position(old: tuple[Node, ...], new: tuple[Node, ...], path: Path) -> Iterator[Change]:
    for position in reversed(range(len(new), len(old))):
        yield Remove((*path, position))
    for position, child in enumerate(new):
        if position < len(old):
            yield from diff(old[position], child, (*path, position))
        else:
            yield Insert((*path, position), child)


def _apply(change: Change, path: Path, tree: Node) -> Node:
    if not path:
        if isinstance(change, Replace):
            return change.node
        assert isinstance(change, SetAttribute) and isinstance(tree, Element)
        attributes = {name: value for name, value in tree.attributes if name != change.name}
        if change.value is not None:
            attributes[change.name] = change.value
        return replace(tree, attributes=tuple(sorted(attributes.items())))
    assert isinstance(tree, Element)
    first, rest = path[0], path[1:]
    children = list(tree.children)
    if not rest and isinstance(change, Insert):
        children.insert(first, change.node)
    elif not rest and isinstance(change, Remove):
        del children[first]
    else:
        children[first] = _apply(change, rest, children[first])
    return replace(tree, children=tuple(children))
