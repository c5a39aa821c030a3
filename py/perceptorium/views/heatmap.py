"""The decision boundary of the XOR playground: what the network says for every pair of inputs."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from functools import lru_cache

import numpy as np

from perceptorium.engine.program import Array
from perceptorium.session.playground import AXIS, CELLS, HIGH, LOW, Playground, dataset, outputs, table
from perceptorium.views.contour import contour
from perceptorium.views.markup import Element, h
from perceptorium.views.paint import Marks, Paint, Strokes, Texts, Values
from perceptorium.views.scales import Axis

SIZE = 360.0
LEFT, TOP, SIDE = 34.0, 8.0, 318.0
ACROSS = Axis(LOW, HIGH, LEFT, LEFT + SIDE)
UP = Axis(LOW, HIGH, TOP + SIDE, TOP)

LEVELS = 128
BLUE, RED = (29, 111, 235), (222, 45, 50)
STRONGEST = 0.86
"""Opacity of a prediction of 0 or 1; 0.5 is transparent, so the theme's own ground shows through."""

RIGHT_MARK = "M-7,0a7,7 0 1,1 14,0a7,7 0 1,1 -14,0z"
WRONG_MARK = "M0,-3L6,-9L9,-6L3,0L9,6L6,9L0,3L-6,9L-9,6L-3,0L-9,-6L-6,-9z"
MARKS = (WRONG_MARK, RIGHT_MARK)
VERDICTS = ("wrong", "right")


def heatmap(xor: Playground) -> Element:
    """The map with the line where the prediction is 0.5, and the four points."""
    return h(
        "svg",
        h("title", "Decision boundary"),
        h("desc", summary(xor), data_slot="xor-summary"),
        _picture(xor),
        h("path", d=boundary(xor).path, class_="boundary", data_slot="xor-boundary"),
        _axes(),
        h("g", *_points(xor)),
        h(
            "g",
            h("path", d="M-9,0H9M0,-9V9"),
            class_="probe",
            transform=_probe_at(xor),
            data_slot="xor-probe-mark",
        ),
        h("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="sensor", data_hover="xor"),
        viewBox=f"0 0 {SIZE:g} {SIZE:g}",
        class_="plane map",
        role="img",
        tabindex=0,
        aria_label="Decision boundary",
        aria_describedby="xor-map-summary xor-probe",
        data_keys="xor",
    )


def heatmap_paint(xor: Playground) -> tuple[Paint, ...]:
    """The moving parts of `heatmap`."""
    verdicts = table(xor)[1].astype(np.uint8)
    return (
        Values("xor-map", "href", (picture(outputs(xor)),)),
        boundary(xor),
        Marks("xor-point", "d", MARKS, verdicts),
        Marks("xor-point", "data-verdict", VERDICTS, verdicts),
        Values("xor-probe-mark", "transform", (_probe_at(xor),)),
        Texts("xor-summary", (summary(xor),) * 2),
        Texts("xor-probe", (probe_text(xor),)),
    )


def summary(xor: Playground) -> str:
    """The map in one sentence."""
    right = int(table(xor)[1].sum())
    return f"Blue where the network says 1, red where it says 0; {right} of 4 points are on the right side."


def probe_text(xor: Playground) -> str:
    """What the network says where the map is read."""
    if xor.probe is None:
        return "Point at the map to read a prediction there (or focus it and use the arrow keys)."
    prediction = float(xor.model.predict(np.array([xor.probe]))[0, 0])
    x1, x2 = (f"{value:.2f}".replace("-", "\N{MINUS SIGN}") for value in xor.probe)
    said = "1" if prediction > 0.5 else "0"
    return f"At x₁ = {x1}, x₂ = {x2} the network says {prediction:.4f}: class {said}."


def inputs_at(across: float, down: float) -> tuple[float, float]:
    """The inputs under a pointer at these shares (0 to 1) of the map's width and height."""
    return LOW + across * (HIGH - LOW), HIGH - down * (HIGH - LOW)


@lru_cache(maxsize=2)
def crossing(xor: Playground) -> Array:
    """The segments of the line where the prediction is 0.5, in inputs: ``(n, 2, 2)``."""
    return contour(outputs(xor), 0.5, AXIS, AXIS)


def boundary(xor: Playground) -> Strokes:
    """That line on the map."""
    ends = crossing(xor).reshape(-1, 2)
    return strokes("xor-boundary", np.stack([ACROSS(ends[:, 0]), UP(ends[:, 1])], axis=-1), 2)


def strokes(slot: str, places: Array, length: int) -> Strokes:
    """Polylines of ``length`` points through places ``(n, 2)`` in user units."""
    return Strokes(slot, np.rint(10 * places).astype(np.int16).ravel(), length)


def picture(values: Array) -> str:
    """A ``data:`` address of the map as an image, a pixel for each value (rows of ``values`` from bottom to top).

    PNG with a palette of colours and opacities (https://www.w3.org/TR/png-3/): small, made without a loop, and one
    image serves a light and a dark ground.
    """
    rows = np.zeros((CELLS, CELLS + 1), dtype=np.uint8)  # each row begins with its filter, none
    rows[:, 1:] = np.rint(values[::-1] * (LEVELS - 1))
    data = _HEAD + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 1)) + _END
    return "data:image/png;base64," + b64encode(data).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _palette() -> tuple[bytes, bytes]:
    """Colours and opacities from prediction 0 to 1."""
    shares = np.linspace(0.0, 1.0, LEVELS)
    colours = np.where(shares[:, np.newaxis] > 0.5, BLUE, RED).astype(np.uint8)
    opacities = np.rint(255 * STRONGEST * np.abs(2 * shares - 1)).astype(np.uint8)
    return colours.tobytes(), opacities.tobytes()


_COLOURS, _OPACITIES = _palette()
_HEAD = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", CELLS, CELLS, 8, 3, 0, 0, 0))
    + _chunk(b"PLTE", _COLOURS)
    + _chunk(b"tRNS", _OPACITIES)
)
_END = _chunk(b"IEND", b"")


def _picture(xor: Playground) -> Element:
    # A pixel's middle is where its value was computed, so the image reaches half a pixel beyond the axes.
    pixel = SIDE / (CELLS - 1)
    image = h(
        "image",
        href=picture(outputs(xor)),
        x=LEFT - pixel / 2,
        y=TOP - pixel / 2,
        width=SIDE + pixel,
        height=SIDE + pixel,
        preserveAspectRatio="none",
        data_slot="xor-map",
    )
    inside = f"{LEFT:g} {TOP:g} {SIDE:g} {SIDE:g}"
    return h("svg", image, x=LEFT, y=TOP, width=SIDE, height=SIDE, viewBox=inside)


def _axes() -> Element:
    ticks = [(value, f"{value:g}") for value in (0.0, 0.5, 1.0)]
    return h(
        "g",
        h("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="frame"),
        tuple(h("text", label, x=_at(ACROSS, value), y=TOP + SIDE + 14, class_="tick-x") for value, label in ticks),
        tuple(h("text", label, x=LEFT - 6, y=_at(UP, value), class_="tick-y") for value, label in ticks),
        h("text", "x₁", x=LEFT + SIDE, y=TOP + SIDE + 14, class_="end"),
        h("text", "x₂", x=LEFT - 6, y=TOP + 8, class_="end"),
        class_="axis",
    )


def _points(xor: Playground) -> list[Element]:
    data = dataset()
    shown = []
    for (x1, x2), (target,), right in zip(data.x.tolist(), data.y.tolist(), table(xor)[1].tolist(), strict=True):
        at = f"translate({_at(ACROSS, x1):g} {_at(UP, x2):g})"
        shown.append(h("g", point_mark(target, right, "xor-point"), point_label(x1, x2, target), transform=at))
    return shown


def point_mark(target: float, right: bool, slot: str) -> Element:
    """A disc for a point on its side of the line, a cross for one that is not, coloured by its target."""
    return h(
        "path",
        d=MARKS[right],
        class_="point",
        data_sign="+" if target > 0.5 else "-",
        data_verdict=VERDICTS[right],
        data_slot=slot,
    )


def point_label(x1: float, x2: float, target: float, lift: float = -14) -> Element:
    """Inputs and target, above the mark or (a positive ``lift``) below it."""
    return h("text", f"({x1:g}, {x2:g}) → {target:g}", y=lift, class_="point-label")


def _probe_at(xor: Playground) -> str:
    if xor.probe is None:
        return "translate(-99 -99)"
    return f"translate({_at(ACROSS, xor.probe[0]):g} {_at(UP, xor.probe[1]):g})"


def _at(axis: Axis, value: float) -> float:
    return round(float(axis(np.array(value))), 1)
