"""From the document's events to actions: one listener a kind of event for the whole page.

Markup says what a control means (``data-click="reset"``), so that controls written by the build work the moment
Python is ready, and those that a patch puts in need no wiring.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Send: TypeAlias = Callable[[str, str], None]
"""Called with an action and a value."""

_ARROWS = frozenset({"ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Escape"})


class Events:
    """Listens on the document and sends what the marked elements say."""

    def __init__(
        self, document: Any, send: Send, open_file: Callable[[Any], None], proxy: Callable[[Any], Any]
    ) -> None:
        """``open_file`` is called with a file that was chosen.

        ``proxy`` keeps a Python function alive in JavaScript (``pyodide.ffi.create_proxy``).
        """
        self._document = document
        self._send = send
        self._open_file = open_file
        for kind, handler in (
            ("click", self._on_click),
            ("input", self._on_input),
            ("change", self._on_change),
            ("keydown", self._on_key),
            ("pointermove", self._on_pointer),
            ("pointerout", self._on_pointer_out),
            ("pointerdown", self._on_drag),
            ("pointermove", self._on_drag),
        ):
            document.addEventListener(kind, proxy(handler))

    def _on_click(self, event: Any) -> None:
        self._close_menus(event.target)
        marked = _closest(event, "data-click")
        if marked and not marked.hasAttribute("disabled"):
            self._send(str(marked.getAttribute("data-click")), "")

    def _close_menus(self, clicked: Any) -> None:
        """Close the menus that were not clicked, which would hide what lies under them; a focus inside moves out."""
        menus = self._document.querySelectorAll("details.more[open]")
        for menu in (menus.item(k) for k in range(menus.length)):
            if clicked is None or not menu.contains(clicked):
                if clicked is None and menu.contains(self._document.activeElement):
                    menu.querySelector("summary").focus()
                menu.open = False

    def _on_input(self, event: Any) -> None:
        marked = _closest(event, "data-input")
        if marked:
            self._send(str(marked.getAttribute("data-input")), str(marked.value))

    def _on_change(self, event: Any) -> None:
        chooser = _closest(event, "data-file")
        if chooser and chooser.files.length:
            self._open_file(chooser.files.item(0))
            chooser.value = ""  # or the same file could not be chosen again
            return
        marked = _closest(event, "data-change")
        if marked:
            ticked = marked.localName == "input" and marked.type == "checkbox"
            value = ("on" if marked.checked else "off") if ticked else str(marked.value)
            self._send(str(marked.getAttribute("data-change")), value)
            if marked.localName == "input" and marked.type == "number":
                marked.value = marked.getAttribute("value")  # what was refused is not left standing as if it held

    def _on_key(self, event: Any) -> None:
        if event.ctrlKey or event.altKey or event.metaKey:
            return
        key = str(event.key)
        if key == "Escape":
            self._close_menus(None)
        if key in ("Enter", " "):
            marked = _closest(event, "data-click")
            if marked and marked.localName not in (
                "button",
                "a",
                "input",
                "summary",
            ):  # those click by themselves
                event.preventDefault()
                self._send(str(marked.getAttribute("data-click")), "")
        elif key in _ARROWS:
            marked = _closest(event, "data-keys")
            if marked:
                event.preventDefault()
                self._send(f"key:{marked.getAttribute('data-keys')}", key)

    def _on_pointer(self, event: Any) -> None:
        marked = _closest(event, "data-hover")
        if marked:
            box = marked.getBoundingClientRect()
            x, y = (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height
            self._send(f"hover:{marked.getAttribute('data-hover')}", f"{x:.4f} {y:.4f}")

    def _on_drag(self, event: Any) -> None:
        marked = _closest(event, "data-drag")
        if marked and event.buttons == 1:
            box = marked.getBoundingClientRect()
            x, y = (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height
            self._send(str(marked.getAttribute("data-drag")), f"{min(max(x, 0), 1):.4f} {min(max(y, 0), 1):.4f}")

    def _on_pointer_out(self, event: Any) -> None:
        marked = _closest(event, "data-hover")
        if marked and not marked.contains(event.relatedTarget):
            self._send(f"hover:{marked.getAttribute('data-hover')}", "")


def _closest(event: Any, attribute: str) -> Any:
    """The event's element or the nearest one around it that is marked, or None."""
    target = event.target
    return target.closest(f"[{attribute}]") if hasattr(target, "closest") else None
