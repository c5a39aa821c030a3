"""Handing a frame's moving parts to ``web/paint.js``: a few calls a frame, each with one array or one string."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from perceptorium.views.paint import Marks, Outline, Paint, Strokes, Texts, Values

_SEPARATOR = "\n"

MOST_COORDINATES = 512
"""Numbers in the longest outline; both sides keep one buffer of this size."""


class Painter:
    """Paints the slots of one panel.

    The script remembers what it painted and touches only what differs; `forget` must be called when the panel's
    elements were patched.
    """

    def __init__(self, canvas: Any) -> None:
        """``canvas`` is the script's painter of the panel (``perceptorium.painter(root)``)."""
        self._canvas = canvas
        self._marks: dict[tuple[str, str], tuple[Any, Any, Any]] = {}
        self._outlines: dict[str, tuple[Any, Any]] = {}
        self._strokes: dict[str, Any] = {}
        self._tenths = np.zeros(MOST_COORDINATES, dtype=np.int16)
        self._forgotten = False

    def forget(self) -> None:
        """The panel's elements are no longer the ones that were painted."""
        self._forgotten = True

    def paint(self, paints: Iterable[Paint]) -> None:
        """Bring the panel to this moment."""
        if self._forgotten:
            self._canvas.forget()
            self._marks.clear()
            self._outlines.clear()
            self._strokes.clear()
            self._forgotten = False
        for paint in paints:
            match paint:
                case Marks():
                    self._paint_marks(paint)
                case Texts():
                    self._canvas.texts(paint.slot, _SEPARATOR.join(paint.texts))
                case Values():
                    self._canvas.values(paint.slot, paint.attribute, _SEPARATOR.join(paint.values))
                case Outline():
                    self._paint_outline(paint)
                case Strokes():
                    self._paint_strokes(paint)

    def _paint_marks(self, marks: Marks) -> None:
        known = self._marks.get((marks.slot, marks.attribute))
        if known is None:
            channel = self._canvas.marks(marks.slot, marks.attribute, _SEPARATOR.join(marks.palette))
            known = self._marks[marks.slot, marks.attribute] = (
                channel,
                channel.indices.assign,
                channel.paint,
            )
        _, assign, paint = known
        assign(marks.indices)
        paint()

    def _paint_outline(self, outline: Outline) -> None:
        known = self._outlines.get(outline.slot)
        if known is None:
            channel = self._canvas.outline(outline.slot, MOST_COORDINATES)
            known = self._outlines[outline.slot] = (channel.tenths.assign, channel.paint)
        assign, paint = known
        size = len(outline.tenths)
        self._tenths[:size] = outline.tenths
        assign(self._tenths)
        paint(size)

    def _paint_strokes(self, strokes: Strokes) -> None:
        channel = self._strokes.get(strokes.slot)
        if channel is None:
            channel = self._strokes[strokes.slot] = self._canvas.strokes(strokes.slot)
        if len(strokes.tenths):
            channel.room(len(strokes.tenths)).assign(strokes.tenths)
        channel.paint(len(strokes.tenths), strokes.length)
