"""Animation frames: how many epochs fit into one, and the beat of a pass that is being played."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FRAME_BUDGET_MS = 4.5
"""Training's share of a frame of 16.7 ms; the rest is for painting and for the user."""

MOST_EPOCHS = 20_000


class Pace:
    """Chooses the epochs of the next frame from what the last ones cost."""

    def __init__(self, budget_ms: float = FRAME_BUDGET_MS) -> None:
        self._budget_ms = budget_ms
        self._epochs = 1.0

    @property
    def epochs(self) -> int:
        """Epochs to run in the next frame."""
        return int(self._epochs)

    def learn(self, epochs: int, cost_ms: float) -> None:
        """Note that ``epochs`` took ``cost_ms``. One slow frame does little harm: a change is at most a doubling."""
        if epochs < self.epochs:
            return  # training stopped within the frame: its cost says nothing about a full one
        aim = self._epochs * self._budget_ms / max(cost_ms, 1e-3)
        self._epochs = min(max(aim, self._epochs / 2, 1.0), self._epochs * 2, float(MOST_EPOCHS))


class Clock:
    """Calls ``tick(now_ms)`` once an animation frame for as long as it answers True."""

    def __init__(self, window: Any, tick: Callable[[float], bool | None], proxy: Callable[[Any], Any]) -> None:
        """``proxy`` keeps a Python function alive in JavaScript (``pyodide.ffi.create_proxy``)."""
        self._window = window
        self._tick = tick
        self._frame = proxy(self._on_frame)
        self._going = False

    def start(self) -> None:
        """Begin, unless it is going."""
        if not self._going:
            self._going = True
            self._window.requestAnimationFrame(self._frame)

    def now(self) -> float:
        """Milliseconds since the page was opened."""
        return float(self._window.performance.now())

    def _on_frame(self, now_ms: float) -> None:
        self._going = False
        if self._tick(now_ms):
            self.start()
