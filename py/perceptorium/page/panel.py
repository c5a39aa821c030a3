"""Keeping one panel of the page in step with the state."""

from __future__ import annotations

from dataclasses import replace

from perceptorium.page.dom import Dom
from perceptorium.page.painter import Painter
from perceptorium.session import State
from perceptorium.views.diff import Insert, Replace, diff
from perceptorium.views.markup import Element
from perceptorium.views.panels import Parts


class Panel:
    """Shows states one after the other, by painting where that is enough."""

    def __init__(self, parts: Parts, dom: Dom, painter: Painter, state: State) -> None:
        """The document already shows ``state``: the build wrote it."""
        self._parts = parts
        self._dom = dom
        self._painter = painter
        self._shown = state
        self._frame = parts.frame(state)
        self._tree: Element | None = None  # the view of what is shown, made when a change needs it
        self._known = not parts.richer_at_first
        self._due_ms = 0.0

    def rebuild(self, state: State, now_ms: float) -> None:
        """Build the panel anew, whatever the document shows: a failure may have left anything there."""
        self._dom.clear()
        tree = self._parts.view(state)
        self._dom.patch([Insert((), tree)])
        self._painter.forget()
        self._shown, self._frame, self._tree, self._known = state, self._parts.frame(state), tree, True
        self._due_ms = now_ms

    def show(self, state: State, now_ms: float) -> None:
        """Bring the document to a state; while training runs, a panel with a pause may leave it for later."""
        if state.highlighting and not self._known:
            self._recognise()
        if (state.moving and now_ms < self._due_ms) or self._parts.unchanged(self._shown, state):
            return
        self._due_ms = now_ms + self._parts.pause_ms
        frame = self._parts.frame(state)
        if frame == self._frame:
            self._painter.paint(self._parts.paint(state))
            self._tree = None
        else:
            # After painting, the tree that the document shows is the view of the state that was painted.
            after = self._parts.view(state)
            if self._known:
                self._dom.patch(diff(self._tree or self._parts.view(self._shown), after))
            else:
                self._dom.patch([Replace((), after)])
            self._tree, self._known = after, True
            self._painter.forget()
            self._dom.bring_into_view('[aria-current="step"]')
        self._shown, self._frame = state, frame

    def _recognise(self) -> None:
        """The build had what has now been loaded, so the document already shows the view that needs it."""
        self._shown = replace(self._shown, highlighting=True)
        self._frame, self._known = self._parts.frame(self._shown), True
