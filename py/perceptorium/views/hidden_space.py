"""The hidden space of the XOR playground: the four points where the hidden layer puts them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from perceptorium.engine.program import Array
from perceptorium.session.playground import HIGH, LOW, Playground, dataset, table
from perceptorium.views.heatmap import (
    LEFT,
    MARKS,
    SIDE,
    SIZE,
    TOP,
    VERDICTS,
    crossing,
    point_label,
    point_mark,
    strokes,
)
from perceptorium.views.markup import Element, h
from perceptorium.views.paint import Marks, Paint, Strokes, Texts, Values
from perceptorium.views.projection import Plane, extent, plane

STEPS = np.linspace(0.0, 1.0, 13)
LINES = np.linspace(0.0, 1.0, 5)
MESH = np.concatenate(
    [
        np.stack(np.broadcast_arrays(LINES[:, np.newaxis], STEPS), axis=-1),
        np.stack(np.broadcast_arrays(STEPS, LINES[:, np.newaxis]), axis=-1),
    ]
).reshape(-1, 2)
"""A net over the unit square of the inputs, 10 lines of 13 points: one sees how the hidden layer folds it."""

LIFTS = (22, -12, -25, 35)
"""Heights of the four labels: a hidden layer often puts two points into one place."""

FAR = 1200.0
"""User units, more than the picture has: where lines that its edge cuts off may end."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What the picture is made of; all places are (n, 2) in user units.

    Attributes:
        points: the four rows of XOR.
        mesh: the net.
        bent: the decision boundary of the input space, two points a segment.
        line: two far points of the line where the output is 0.5; none on the way to the hidden space, and where the
            output does not depend on the place.
        side: a far rectangle over the half of the plane where the output is above 0.5.
    """

    points: Array
    mesh: Array
    bent: Array
    line: Array
    side: Array


@lru_cache(maxsize=2)
def setting(xor: Playground) -> tuple[Plane, float, float]:
    """The plane that is shown, and the ends of both its axes; the hidden layer has at least two units."""
    hidden = xor.model.forward(dataset().x).a[1]
    seen = plane(xor.model, hidden, xor.span)
    return seen, *extent(seen(hidden))


@lru_cache(maxsize=2)
def stage(xor: Playground) -> Stage:
    """Everything in its place, from one pass through the hidden layer."""
    seen, low, high = setting(xor)
    curve = crossing(xor).reshape(-1, 2)
    inputs = np.concatenate([dataset().x, MESH, curve])
    there = seen(xor.model.forward(inputs).a[1])
    share = xor.morph
    mixed = (1 - share) * (inputs - LOW) / (HIGH - LOW) + share * (there - low) / (high - low)
    places = np.clip(_place(mixed), -FAR, FAR)
    points, mesh, bent = places[:4], places[4 : 4 + len(MESH)], places[4 + len(MESH) :]
    line, side = _cut(xor, seen, low, high) if share == 1 else (np.empty((0, 2)), np.empty((0, 2)))
    return Stage(points, mesh, bent, line, side)


def _place(shares: Array) -> Array:
    """User units of shares (0 to 1) of both axes."""
    return np.stack([LEFT + SIDE * shares[:, 0], TOP + SIDE * (1 - shares[:, 1])], axis=-1)


def _cut(xor: Playground, seen: Plane, low: float, high: float) -> tuple[Array, Array]:
    """Where the output's line cuts the plane, and the half that lies above it."""
    slopes, offset = seen.output_line(xor.model)
    along_x, along_y = slopes.tolist()
    steepness = math.hypot(along_x, along_y)
    if steepness == 0:
        return np.empty((0, 2)), np.empty((0, 2))
    rise = np.array([along_x, -along_y]) / steepness  # user units count downwards
    foot = _place((-offset / steepness**2 * slopes[np.newaxis] - low) / (high - low))[0]
    run = np.array([-rise[1], rise[0]])
    # The foot may be far away where the line does not cross the picture; the nearest point to the middle is not.
    middle = np.array([LEFT, TOP]) + SIDE / 2
    foot = foot + ((middle - foot) @ run) * run
    away = float((foot - middle) @ rise)
    foot = foot + (min(max(away, -FAR / 2), FAR / 2) - away) * rise
    ends = np.stack([foot - FAR * run, foot + FAR * run])
    return ends, np.concatenate([ends, ends[::-1] + 1.5 * FAR * rise, ends[:1]])


def hidden_space(xor: Playground) -> Element:
    """The points, the net, and the line where the output is 0.5."""
    at = stage(xor)
    paths = {"xor-side": "side", "xor-mesh": "mesh", "xor-bent": "boundary", "xor-line": "output-line"}
    drawn = zip(_strokes(at), paths.items(), strict=True)
    return h(
        "svg",
        h("title", "Hidden space"),
        h("desc", hidden_summary(xor), data_slot="xor-hidden-summary"),
        h(
            "svg",
            *(h("path", d=stroke.path, class_=name, data_slot=slot) for stroke, (slot, name) in drawn),
            x=LEFT,
            y=TOP,
            width=SIDE,
            height=SIDE,
            viewBox=f"{LEFT:g} {TOP:g} {SIDE:g} {SIDE:g}",
        ),
        _axes(xor),
        _points(xor, at),
        viewBox=f"0 0 {SIZE:g} {SIZE:g}",
        class_="plane",
        role="img",
        aria_label="Hidden space",
        aria_describedby="xor-hidden-summary",
    )


def hidden_space_paint(xor: Playground) -> tuple[Paint, ...]:
    """The moving parts of `hidden_space`."""
    at = stage(xor)
    verdicts = table(xor)[1].astype(np.uint8)
    return (
        *_strokes(at),
        Values("xor-place", "transform", _places(at) * 2),
        Marks("xor-hidden-point", "d", MARKS, verdicts),
        Marks("xor-hidden-point", "data-verdict", VERDICTS, verdicts),
        Texts("xor-hidden-summary", (hidden_summary(xor),) * 2),
    )


def hidden_space_frame(xor: Playground) -> tuple[object, ...]:
    """All else that it shows."""
    seen, low, high = setting(xor)
    return low, high, seen.names


def hidden_summary(xor: Playground) -> str:
    """The picture in one sentence."""
    if xor.morph < 1:
        return "The same four points on their way from the inputs to what the hidden layer makes of them."
    if xor.hidden == 2:
        return "The dashed line is straight: the output can do no more than cut this plane in two."
    share = f"This plane shows {100 * setting(xor)[0].share:.0f} % of how the points differ."
    if xor.span == "output":
        return f"{share} On the dashed line, a straight cut, the output is 0.5."
    return f"{share} A point off the plane can seem to be on the wrong side of the line."


def _strokes(at: Stage) -> tuple[Strokes, ...]:
    return (
        strokes("xor-side", at.side, 5),
        strokes("xor-mesh", at.mesh, len(STEPS)),
        strokes("xor-bent", at.bent, 2),
        strokes("xor-line", at.line, 2),
    )


def _axes(xor: Playground) -> Element:
    seen, lowest, highest = setting(xor)
    frame = h("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="frame")
    if 0 < xor.morph < 1:
        return h("g", frame, class_="axis")
    low, high = (LOW, HIGH) if xor.morph == 0 else (lowest, highest)
    names = ("x₁", "x₂") if xor.morph == 0 else seen.names
    ends = -low / (high - low), (0.8 * high - low) / (high - low)
    ticks = [(SIDE * share, f"{low + share * (high - low):.2g}") for share in ends]
    return h(
        "g",
        frame,
        *(h("text", label, x=round(LEFT + at, 1), y=TOP + SIDE + 14, class_="tick-x") for at, label in ticks),
        *(h("text", label, x=LEFT - 6, y=round(TOP + SIDE - at, 1), class_="tick-y") for at, label in ticks),
        h("text", names[0], x=LEFT + SIDE - 5, y=TOP + SIDE - 6, class_="end"),
        h("text", names[1], x=LEFT + 5, y=TOP + 14),
        class_="axis",
    )


def _points(xor: Playground, at: Stage) -> Element:
    """The marks, and over all of them the labels."""
    data, right, places = dataset(), table(xor)[1].tolist(), _places(at)
    marks, labels = [], []
    for (x1, x2), (target,), verdict, place, lift in zip(
        data.x.tolist(), data.y.tolist(), right, places, LIFTS, strict=True
    ):
        placed = {"transform": place, "data_slot": "xor-place"}
        marks.append(h("g", point_mark(target, verdict, "xor-hidden-point"), **placed))
        labels.append(h("g", point_label(x1, x2, target, lift), **placed))
    return h("g", *marks, *labels)


def _places(at: Stage) -> tuple[str, ...]:
    return tuple(f"translate({x:.1f} {y:.1f})" for x, y in at.points.tolist())
