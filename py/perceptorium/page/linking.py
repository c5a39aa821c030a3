"""Lighting what belongs together: a line of the program and the parts of the page that it means, both ways.

A line says what it is about (``data-parts``); a thing on the page says which parts it belongs to (``data-part``) and,
where it lights fewer lines than light it, ``data-lights``. The light is an attribute that no view sets, so it goes
around the trees.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_LIT = "data-pointed"


class Linking:
    """Follows the pointer and the focus."""

    def __init__(self, document: Any, read_line: Callable[[int], None], proxy: Callable[[Any], Any]) -> None:
        """``read_line`` is called with the number of the line that is pointed at."""
        self._document = document
        self._read_line = read_line
        self._source: Any = None
        self._lit: list[Any] = []
        # pointermove, not pointerover: that comes also when lines scroll below a pointer that rests, as they do when
        # the keyboard moves on
        for kind in ("pointermove", "focusin"):
            document.addEventListener(kind, proxy(self._on_point))

    def _on_point(self, event: Any) -> None:
        target = event.target
        source = target.closest("[data-parts], [data-part], [data-line]") if hasattr(target, "closest") else None
        if source and self._source and source.isSameNode(self._source):
            return
        for element in self._lit:
            element.removeAttribute(_LIT)
        self._lit, self._source = [], source
        if not source:
            return
        line = source.getAttribute("data-line")
        if line:
            self._read_line(int(line))
            self._light(str(source.getAttribute("data-parts") or ""), "data-part")
        else:
            self._light(str(source.getAttribute("data-lights") or source.getAttribute("data-part")), "data-parts")

    def _light(self, parts: str, attribute: str) -> None:
        if not parts:
            return
        selector = ", ".join(f'[{attribute}~="{part}"]' for part in parts.split())
        found = self._document.querySelectorAll(selector)
        self._lit = [found.item(position) for position in range(found.length)]
        for element in self._lit:
            element.setAttribute(_LIT, "")
