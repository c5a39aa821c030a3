"""What the state says of the page around the panels: its theme, and which sections it shows."""

from __future__ import annotations

from typing import Any

from perceptorium.link import SECTIONS
from perceptorium.session import State


class Surroundings:
    """Keeps the document's root and its sections in step with the state."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._shown: tuple[object, ...] = ("system", ())

    def show(self, state: State) -> None:
        """Bring the page to a state."""
        wanted = (state.theme, state.hide)
        if wanted == self._shown:
            return
        self._shown = wanted
        self._document.documentElement.setAttribute("data-theme", state.theme)
        for name in SECTIONS:
            for part in (f"#{name}", f'nav a[href="#{name}"]'):
                element = self._document.querySelector(part)
                if element:
                    element.hidden = name in state.hide
