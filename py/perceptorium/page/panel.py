"""Keeping one panel of the page in step with the state."""

from __future__ import annotations

from perceptorium.page.dom import Dom
from perceptorium.page.painter import Painter
from perceptorium.session import State
from perceptorium.views.diff import diff
from perceptorium.views.markup import Element
from perceptorium.views.panels import Parts


class Panel:
    """Keeps the document in step with the state, by painting where that is enough."""

    def __init__(self, parts: Parts, dom: Dom, painter: Painter, state: State) -> None:
        """The document already shows ``state``: the build wrote it."""
        self._parts = parts
        self._dom = dom
        self._painter = painter
        self._tree: Element | None = parts.view(state)

    def show(self, old: State, new: State) -> None:
        """Bring the document from the one state to the other."""
        if self._parts.frame(old) == self._parts.frame(new):
            self._painter.paint(self._parts.paint(new))
            self._tree = None
            return
        # After painting, the tree that the document shows is the view of the state that was painted.
        before = self._tree or self._parts.view(old)
        self._tree = self._parts.view(new)
        self._dom.patch(diff(before, self._tree))
        self._painter.forget()
