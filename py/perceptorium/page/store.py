"""The last set-up, kept in the browser between visits."""

from __future__ import annotations

from typing import Any

from perceptorium.link import read
from perceptorium.page.browser import JavaScriptError

_KEY = "perceptorium"
_SET_ASIDE = "perceptorium-damaged"


class Store:
    """A page's local storage; a browser that has none, or no room, is as good as an empty one."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._last = ""

    def recall(self) -> tuple[str, str]:
        """The fragment that was kept, or "", and what has to be said about it. A damaged one is set aside."""
        try:
            kept = str(self._window.localStorage.getItem(_KEY) or "")
            complaints = read(kept).complaints
            if not complaints:
                self._last = kept
                return kept, ""
            self._window.localStorage.setItem(_SET_ASIDE, kept)
            self._window.localStorage.removeItem(_KEY)
        except JavaScriptError:
            return "", ""
        return "", f"What was kept from the last visit is damaged and was set aside. {complaints[0]}"

    def keep(self, fragment: str) -> None:
        """Remember a fragment for the next visit."""
        if fragment == self._last:
            return
        self._last = fragment
        try:
            self._window.localStorage.setItem(_KEY, fragment)
        except JavaScriptError:
            return  # private windows and full disks: the page works all the same
